"""The investigators of the tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils.translation import override

from tests.cast import Cast
from tests.incidents.records import Investigators, make_investigators


@pytest.fixture
def who(cast: Cast) -> Investigators:
    return make_investigators(cast)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """What services refuse with is read in English, whatever language the page before was in."""
    with override("en"):
        yield
