"""Each file, case and tip says until when what tells about a person is kept."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from accounts.row_scope import system_scope
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.victims.files import file_of
from victims.models import RetentionRule, SupportCase
from victims.selectors.retention import keeping_of
from victims.services.erasure import find_expired

pytestmark = pytest.mark.django_db

CLOSED_ON = dt.date(2021, 3, 31)


def _in_force(kind: str, months: int) -> None:
    RetentionRule.objects.update_or_create(kind=kind, defaults={"months": months, "is_active": True})


def test_a_file_tells_the_date_after_its_support_and_what_has_no_rule(
    cast: Cast, signed_in: SignedIn
) -> None:
    worker = cast.people.case_worker
    victim = file_of(worker)
    _in_force("identity", 60)
    address = reverse("victim_detail", args=[victim.code])

    running = signed_in(worker).get(address).content.decode()
    assert "60 months after the end, which has not come yet" in running
    assert "no rule is in force: kept permanently" in running

    with system_scope("the support of the test"):
        SupportCase.objects.create(
            victim=victim,
            worker=worker,
            opened_on=CLOSED_ON,
            state="closed",
            outcome="reintegrated",
            closed_on=CLOSED_ON,
        )
    assert "28/03/2026" in signed_in(worker).get(address).content.decode()


def test_the_date_told_is_the_day_from_which_erasure_takes_it(cast: Cast) -> None:
    victim = file_of(cast.people.case_worker)
    _in_force("words", 12)
    with system_scope("what the test looks at"):
        SupportCase.objects.create(
            victim=victim,
            worker=cast.people.case_worker,
            opened_on=CLOSED_ON,
            state="closed",
            outcome="reintegrated",
            closed_on=CLOSED_ON,
        )
        told = {kept.until for kept in keeping_of(victim)}
        before = [each.record for each in find_expired(dt.date(2022, 3, 28))]
    assert "28/03/2022" in told
    assert victim not in before
