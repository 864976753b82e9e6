"""How a demonstration row is made once: its key follows from the fact it tells."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.models import User
from programs.models import Activity, ActivityKind, ActivityQuantity, Audience, Measure, PeriodStatement
from programs.selectors.approval import heads_of
from reporting.models import (
    FormKind,
    Indicator,
    Obligation,
    ReportedFigure,
    Section,
    SectionNarrative,
    Submission,
    SubmissionState,
)
from reporting.services.submissions.versions import keep_version
from territory.figure import Figure
from territory.models import Agency, Area
from territory.period import Period

_NAMESPACE = uuid.UUID("a2f1b6de-0138-4c30-9d7a-7300000138aa")


def key_of(fact: str) -> uuid.UUID:
    """The key of the row that tells a fact, the same at each loading."""
    return uuid.uuid5(_NAMESPACE, fact)


@dataclass(frozen=True)
class Standing:
    """Where an activity of the demonstration stands, and which head decided so."""

    state: Activity.State
    decided_by: User | None = None
    reason: str = ""

    def columns(self, filed_by: User, last_day: dt.date) -> dict[str, Any]:
        """The columns that say who submitted it and who decided, some days after its last one."""
        is_draft = self.state == Activity.State.DRAFT
        is_decided = self.state in (Activity.State.APPROVED, Activity.State.RETURNED)
        return {
            "state": self.state,
            "submitted_by": None if is_draft else filed_by,
            "submitted_at": None if is_draft else _at(last_day, 1),
            "decided_by": self.decided_by,
            "decided_at": _at(last_day, 2) if is_decided else None,
            "return_reason": self.reason,
        }


def _at(day: dt.date, after: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=after), dt.time(9, 0)))


def add_activity(
    fact: str,
    *,
    filed_by: User,
    kind: ActivityKind,
    title: str,
    agency: Agency,
    area: Area,
    days: tuple[dt.date, dt.date],
    quantities: dict[Measure, Figure] | None = None,
    partners: Iterable[Agency] = (),
    audience: Iterable[Audience] = (),
    standing: Standing | None = None,
    **more: Any,
) -> Activity:
    """An activity that tells one fact of the sources, with its quantities as reported.

    Without a ``standing`` it is approved, by the head of its unit where the cast has one.
    """
    stands = standing or Standing(Activity.State.APPROVED, next(iter(heads_of(agency.pk, area)), None))
    made, is_new = Activity.objects.unscoped("loads demonstration data").get_or_create(
        submission_key=key_of(fact),
        defaults={
            "kind": kind,
            "title": title,
            "agency": agency,
            "area": area,
            "started_on": days[0],
            "ended_on": days[1],
            "audience": [value.value for value in audience],
            "filed_by": filed_by,
            **stands.columns(filed_by, days[1]),
            "is_demo": True,
            **more,
        },
    )
    activity: Activity = made
    if is_new:
        activity.partner_agencies.set(partners)
        for measure, figure in (quantities or {}).items():
            ActivityQuantity.objects.create(
                activity=activity, measure=measure, **ActivityQuantity.columns(figure)
            )
    return activity


def add_obligation(
    *, form: FormKind, agency: Agency, area: Area, period: Period, due_on: dt.date
) -> Obligation:
    """What a unit owes for a period."""
    made, _ = Obligation.objects.unscoped("loads demonstration data").get_or_create(
        form_id=form.value,
        agency=agency,
        area=area,
        period_start=period.start,
        period_end=period.end,
        defaults={
            "period_code": period.code,
            "period_rule": period.rule.value,
            "due_on": due_on,
            "is_demo": True,
        },
    )
    obligation: Obligation = made
    return obligation


def add_submission(
    obligation: Obligation,
    *,
    by: User,
    on: dt.date,
    is_nil: bool = False,
    figures: dict[str, Figure] | None = None,
    narratives: dict[Section, list[str]] | None = None,
) -> Submission:
    """What the unit said: an accepted submission, a confirmed nil or with figures and texts."""
    at = timezone.make_aware(dt.datetime.combine(on, dt.time(9, 0)))
    submission, is_new = Submission.objects.get_or_create(
        obligation=obligation,
        defaults={
            "state": SubmissionState.ACCEPTED,
            "is_nil": is_nil,
            "nil_confirmed_by": by if is_nil else None,
            "nil_confirmed_at": at if is_nil else None,
            "submitted_by": by,
            "first_submitted_at": at,
            "submitted_at": at,
            "accepted_at": at,
            "sent": 1,
        },
    )
    if is_new:
        for code, figure in (figures or {}).items():
            indicator = Indicator.objects.valid_on(obligation.period_end).get(code=code)
            ReportedFigure.objects.create(
                submission=submission, indicator=indicator, **ReportedFigure.columns(figure)
            )
        for section, texts in (narratives or {}).items():
            SectionNarrative.objects.create(submission=submission, section=section, text="\n".join(texts))
        keep_version(submission, by)
    return submission


def add_statements(
    model: type[PeriodStatement],
    texts: Iterable[str],
    *,
    agency: Agency,
    area: Area,
    period: Period,
    **more: str,
) -> None:
    """Difficulties, directions or recommendations of a period, in order."""
    for order, text in enumerate(texts, start=1):
        model.objects.unscoped("loads demonstration data").get_or_create(
            agency=agency,
            area=area,
            period_start=period.start,
            period_end=period.end,
            order=order,
            defaults={"text": text, "is_demo": True, **more},
        )
