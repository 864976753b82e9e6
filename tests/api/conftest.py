"""Limits that begin anew with each test, and who writes incidents and victims' files."""

import pytest
from django.core.cache import caches
from django.test import Client

from tests.cast import Cast
from tests.conftest import SignedIn
from tests.incidents.records import Investigators, make_investigators


@pytest.fixture(autouse=True)
def counts_begin_anew() -> None:
    caches["counts"].clear()


@pytest.fixture
def who(cast: Cast) -> Investigators:
    return make_investigators(cast)


@pytest.fixture
def investigator(who: Investigators, signed_in: SignedIn) -> Client:
    return signed_in(who.own)


@pytest.fixture
def worker(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.people.case_worker)
