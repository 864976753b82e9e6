"""Rows that are read with a record as an array."""

from __future__ import annotations

import pytest
from django.db.models import F, OuterRef

from accounts.arrays import JSONRows
from accounts.models import Membership, User
from tests.cast import Cast

pytestmark = pytest.mark.django_db

HELD = JSONRows(
    User, Membership.objects.filter(user=OuterRef("pk")).order_by("pk"), role=F("role"), area=F("area__name")
)


def test_each_record_has_its_own_rows(cast: Cast) -> None:
    for person in User.objects.annotate(held=HELD):
        expected = [{"role": row.role, "area": row.area.name} for row in person.memberships.order_by("pk")]
        assert person.held == expected
    stranger = User.objects.annotate(held=HELD).get(pk=cast.people.stranger.pk)
    assert len(stranger.held) == 1


def test_rows_of_another_model_are_refused(cast: Cast) -> None:
    with pytest.raises(ValueError, match="accounts_user"):
        list(Membership.objects.annotate(held=HELD))
