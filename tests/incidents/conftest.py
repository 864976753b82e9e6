"""The investigators of the tests."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.incidents.records import Investigators, make_investigators


@pytest.fixture
def who(cast: Cast) -> Investigators:
    return make_investigators(cast)
