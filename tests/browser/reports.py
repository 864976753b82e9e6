"""Reports that units of Kon Tum owe, for tests that fill them in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from reporting.models import Obligation, Submission
from territory.models import Agency

BORDER_GUARD = "bien-phong.kontum@demo.example"
FIRST, LAST = dt.date(2019, 12, 15), dt.date(2020, 6, 10)
FIGURE = "input[name='figure:lesson_attendances']"
SITUATION = "textarea[name='text:situation']"


def owed_by(kind: str) -> Iterator[Obligation]:
    """A report that a unit of Kon Tum owes for days in which it has records; gone again after the test."""
    unit: Agency = Agency.objects.valid_on(LAST).get(code=f"62-{kind}")
    made: Obligation = Obligation.objects.create(
        form_id="thematic",
        agency=unit,
        area=unit.area,
        period_code=f"{FIRST}..{LAST}",
        period_start=FIRST,
        period_end=LAST,
        period_rule="explicit",
        due_on=timezone.localdate() + dt.timedelta(days=5),
    )
    yield made
    made.delete()


def page_of(owed: Obligation) -> str:
    return f"/obligations/{owed.pk}/submission/"


def submission_of(owed: Obligation) -> Submission:
    return Submission.objects.get(obligation=owed)
