"""Parts of a figure within the whole: held by the database too, on new rows and on those there were."""

from __future__ import annotations

from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from programs.models import Activity, ActivityQuantity
from programs.sanity import parts_are_within_their_whole
from tests.programs.cast import Cast, filed, quantity

pytestmark = pytest.mark.django_db

CONSTRAINT = "programs_quantity_parts_within_whole"


@pytest.fixture
def activity(cast: Cast) -> Activity:
    return filed(cast)


def _stored(activity: Activity, **columns: Any) -> ActivityQuantity:
    made: ActivityQuantity = ActivityQuantity.objects.create(
        activity=activity, measure="people", low=Decimal(10), high=Decimal(10), **columns
    )
    return made


@pytest.mark.parametrize("part", ["women", "children", "ethnic_minority"])
def test_the_database_refuses_a_part_above_an_exact_whole(part: str, activity: Activity) -> None:
    with pytest.raises(IntegrityError, match=CONSTRAINT), transaction.atomic():
        _stored(activity, **{part: 11})
    held = _stored(activity, **{part: 10})
    with pytest.raises(IntegrityError, match=CONSTRAINT), transaction.atomic():
        ActivityQuantity.objects.filter(pk=held.pk).update(low=9, high=9)


@pytest.mark.parametrize("typed", ["trên 10", "khoảng 10", "hàng chục", "10 - 20"])
def test_a_figure_that_is_not_exact_may_have_more_parts_than_its_lower_bound(typed: str, cast: Cast) -> None:
    held = filed(cast, quantity("people", typed)).quantities.get()
    ActivityQuantity.objects.filter(pk=held.pk).update(women=15)
    held.refresh_from_db()
    assert held.women == 15


def test_rows_from_before_are_named_and_keep_the_rule_from_being_validated(activity: Activity) -> None:
    before = import_module("programs.migrations.0017_parts_validated")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE programs_activityquantity DROP CONSTRAINT {CONSTRAINT}")
        _stored(activity, women=11)
        cursor.execute(
            f"ALTER TABLE programs_activityquantity ADD CONSTRAINT {CONSTRAINT} CHECK (women <= low) NOT VALID"
        )
        assert [finding.where for finding in parts_are_within_their_whole()] == [
            f"programs.activity:{activity.pk}"
        ]
        cursor.execute(before.VALIDATE)
        assert not _is_validated(cursor)
        ActivityQuantity.objects.update(women=10)
        cursor.execute(before.VALIDATE)
        assert _is_validated(cursor)
    assert list(parts_are_within_their_whole()) == []


def _is_validated(cursor: Any) -> bool:
    cursor.execute("SELECT convalidated FROM pg_constraint WHERE conname = %s", [CONSTRAINT])
    return bool(cursor.fetchone()[0])
