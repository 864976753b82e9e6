"""Statements are tested in English."""

from collections.abc import Iterator

import pytest
from django.utils.translation import override


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """What services refuse with is read in English, whatever language the page before was in."""
    with override("en"):
        yield
