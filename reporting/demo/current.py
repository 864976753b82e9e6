"""What units of today's Lào Cai owe now: of the half-year that ended, the running one, and last month. Invented.

The periods follow from the day of loading. A second loading in the same month adds nothing.
"""

import datetime as dt

from django.utils import timezone

from accounts.models import User
from reporting.demo.cast import COMMUNES_TODAY, PROVINCIAL_TODAY, TWO_LEVELS_SINCE, agency
from reporting.demo.rows import add_obligation
from reporting.models import FormKind, Submission, SubmissionState
from territory.models import Agency
from territory.period import Period, due_date, parse_period

#: By the place of the unit: how its report of the half-year that ended stands, the days it was late, and whether it
#: was nil. Units that are not named have said nothing, and are late.
_ENDED = {
    0: (SubmissionState.ACCEPTED, 0, False),
    1: (SubmissionState.ACCEPTED, 0, True),
    2: (SubmissionState.ACCEPTED, 4, False),
    3: (SubmissionState.ACCEPTED, 0, True),
    5: (SubmissionState.SUBMITTED, 0, True),
    6: (SubmissionState.SUBMITTED, 9, False),
    7: (SubmissionState.RETURNED, 0, False),
    8: (SubmissionState.DRAFT, 0, False),
}
#: Units that have begun with the running half-year.
_BEGUN = (0, 9)
#: Units that have answered for last month, the others have days left.
_SENT = (1, 10)


def load(people: dict[str, User]) -> None:
    today = timezone.localdate()
    units = _units()
    running = half_year_of(today)
    ended = half_year_of(running.start - dt.timedelta(days=1))
    month = _last_month(today)
    coordinator = people["dieu-phoi.laocai-moi@demo.example"]
    officer = people["xa-bat-xat@demo.example"]
    due = due_date(ended, 5)
    for place, unit in enumerate(units):
        owed = add_obligation(form=FormKind.SIX_MONTH, agency=unit, area=unit.area, period=ended, due_on=due)
        if place in _ENDED:
            state, days_late, is_nil = _ENDED[place]
            sent = _at(due, days_late or -1)
            _say(owed.pk, state, sent, officer, coordinator, is_nil=is_nil)
        owed = add_obligation(
            form=FormKind.SIX_MONTH, agency=unit, area=unit.area, period=running, due_on=due_date(running, 5)
        )
        if place in _BEGUN:
            _say(owed.pk, SubmissionState.DRAFT, _at(today, 0), officer, coordinator)
        owed = add_obligation(
            form=FormKind.THEMATIC,
            agency=unit,
            area=unit.area,
            period=month,
            due_on=today + dt.timedelta(days=3 + place % 4),
        )
        if place in _SENT:
            _say(owed.pk, SubmissionState.SUBMITTED, _at(today, -1), officer, coordinator, is_nil=True)


def _units() -> list[Agency]:
    codes = [f"15-{kind}" for kind, *_more in PROVINCIAL_TODAY]
    codes += [f"{code}-commune_police" for code in reversed(COMMUNES_TODAY)]
    return [agency(code, TWO_LEVELS_SINCE) for code in codes]


def half_year_of(day: dt.date) -> Period:
    """The half-year of Decree 09/2019 that holds a day."""
    years = (day.year, day.year + 1)
    halves = [parse_period(f"{year}-H{half}") for year in years for half in (1, 2)]
    return next(period for period in halves if period.contains(day))


def _last_month(today: dt.date) -> Period:
    last = today.replace(day=1) - dt.timedelta(days=1)
    return parse_period(f"{last.replace(day=1)}..{last}")


def _at(day: dt.date, after: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=after), dt.time(9, 30)))


def _say(
    obligation: int,
    state: SubmissionState,
    at: dt.datetime,
    by: User,
    coordinator: User,
    *,
    is_nil: bool = False,
) -> None:
    is_sent = state is not SubmissionState.DRAFT
    is_returned, is_accepted = state is SubmissionState.RETURNED, state is SubmissionState.ACCEPTED
    Submission.objects.get_or_create(
        obligation_id=obligation,
        defaults={
            "state": state,
            "is_nil": is_nil,
            "nil_confirmed_by": by if is_nil else None,
            "nil_confirmed_at": at if is_nil else None,
            "opened_by": by,
            "first_submitted_at": at if is_sent else None,
            "submitted_by": by if is_sent else None,
            "submitted_at": at if is_sent else None,
            "returned_by": coordinator if is_returned else None,
            "returned_at": at + dt.timedelta(days=1) if is_returned else None,
            "accepted_by": coordinator if is_accepted else None,
            "accepted_at": at + dt.timedelta(days=2) if is_accepted else None,
            "sent": 1 if is_sent else 0,
        },
    )
