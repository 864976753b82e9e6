"""Rows that are over go some at a time."""

from __future__ import annotations

import pytest
from django.db import DatabaseError

from accounts.lots import remove_in_lots
from accounts.models import CheckRun


@pytest.fixture
def runs(db: None) -> list[CheckRun]:
    return [CheckRun.objects.create() for _ in range(6)]


def test_each_lot_is_told_of_while_it_is_there_and_what_is_not_over_stays(runs: list[CheckRun]) -> None:
    told: list[int] = []

    def first(keys: object) -> None:
        told.append(CheckRun.objects.filter(pk__in=keys).count())

    assert remove_in_lots(CheckRun.objects.exclude(pk=runs[0].pk), size=2, first=first) == 5

    assert told == [2, 2, 1]
    assert list(CheckRun.objects.all()) == [runs[0]]


def test_a_lot_that_fails_stays_whole_and_those_before_it_are_gone(runs: list[CheckRun]) -> None:
    def first(keys: list[int]) -> None:
        if CheckRun.objects.count() < len(runs):
            raise DatabaseError

    with pytest.raises(DatabaseError):
        remove_in_lots(CheckRun.objects.all(), size=2, first=first)

    assert CheckRun.objects.count() == 4
