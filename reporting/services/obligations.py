"""What units owe: opening a period for a form, extending a due date, excusing a unit, reminding it.

An obligation is made from the form as it is on that day; changing the form later changes none that is made.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent, User
from accounts.scoping import scope_of
from reporting.models import CutOffRule, Form, FormKind, Obligation, SubmissionState
from reporting.reminders import ask_for_report
from territory.models import Agency, Area
from territory.period import (
    FIRST_YEAR,
    LAST_YEAR,
    CutOff,
    Period,
    PeriodKind,
    due_date,
    propose,
)
from territory.text import control_characters, normalise

#: A period is opened at most so many days before it begins.
MOST_AHEAD = 366
#: A due date lies at most so many days after the period.
MOST_DUE_AFTER = 366
#: Characters of the reason of an extension or an excuse.
LONGEST_REASON = 500
#: How many obligations are extended or reminded in one go.
MOST_AT_ONCE = 500

#: The kinds of period a form of this kind is about. Two dates are always possible: "to this day" is asked for often.
_FITTING = {
    FormKind.SIX_MONTH: PeriodKind.HALF_YEAR,
    FormKind.ANNUAL: PeriodKind.YEAR,
    FormKind.PHASE: PeriodKind.PHASE,
}
#: States in which a unit has said what it owes: nothing is put off or forgiven any more.
_SAID = (SubmissionState.SUBMITTED, SubmissionState.ACCEPTED)


@transaction.atomic
def open_period(
    *,
    form: Form,
    period: Period,
    actor: User | None = None,
    within: Sequence[Area] = (),
    due_on: dt.date | None = None,
    today: dt.date | None = None,
) -> int:
    """Make what every unit owes that must file the form and exists on the last day of the period. Returns how many.

    Run again, also at the same moment, it makes only what is missing. ``actor`` is None when the clock opens, for
    the whole nation; a person names the areas (``within``). ``due_on`` takes the place of the form's own rule. What
    was due before it was opened is history: nobody is reminded of it.

    Raises PermissionDenied when the actor does not manage obligations in one of the areas; ValidationError, by
    field, when the period does not fit the form or the due date the period.
    """
    day = today or timezone.localdate()
    if actor is not None and not (within and all(may_manage(actor, area) for area in within)):
        raise PermissionDenied("the actor does not open periods in this area")
    # Whoever opens the same form at this moment waits here, and then finds the rows of the first.
    form = Form.objects.select_for_update().get(pk=form.pk)
    _require_fit(form, period, day)
    due = due_on or due_date(period, form.due_after_days)
    _require_due(period, due)
    owed = Obligation.objects.unscoped("who owes it already").filter(
        form=form, period_start=period.start, period_end=period.end
    )
    known = set(owed.values_list("agency_id", "area_id"))
    missing = [unit for unit in units_that_file(form, period.end, within) if unit not in known]
    if not missing:
        return 0
    with pghistory.context(**({"user": actor.pk} if actor else {})):
        Obligation.objects.bulk_create(
            (
                Obligation(
                    form=form,
                    agency_id=agency,
                    area_id=area,
                    period_code=period.code,
                    period_start=period.start,
                    period_end=period.end,
                    period_rule=period.rule.value,
                    due_on=due,
                    opened_by=actor,
                    is_historical=due < day,
                )
                for agency, area in missing
            ),
            batch_size=1000,
            ignore_conflicts=True,
        )
    AuditEvent.objects.create(
        kind=AuditEvent.Kind.PERIOD_OPENED,
        user=actor,
        about=f"reporting.form:{form.pk}",
        detail={"period": period.code, "areas": [area.code for area in within], "units": len(missing)},
    )
    return len(missing)


def units_that_file(form: Form, day: dt.date, within: Sequence[Area] = ()) -> list[tuple[int, int]]:
    """The agencies that must file a form, each with its area, as they are on a day. Two queries."""
    who = Q(pk__in=[])
    for kind, level in form.filers.values_list("agency_kind", "level"):
        who |= Q(kind=kind, area__level=level)
    agencies = Agency.objects.valid_on(day).filter(
        who, Q(area__valid_to__isnull=True) | Q(area__valid_to__gte=day), area__valid_from__lte=day
    )
    if within:
        inside = Q(pk__in=[])
        for area in within:
            inside |= Q(area__path__startswith=area.path)
        agencies = agencies.filter(inside)
    return list(agencies.order_by("pk").values_list("pk", "area_id"))


def open_due_periods(*, today: dt.date) -> dict[str, int]:
    """Open for the whole nation what the clock opens: forms with ``is_scheduled``, ahead of the end of a period.

    A period stays open to be made until it is due, so a day on which the portal was down is made up for, and a unit
    that is new before the period ends gets its own. Returns how many obligations were made, by form and period.
    """
    made = {}
    for form in Form.objects.valid_on(today).filter(is_scheduled=True):
        for period in scheduled_periods(form, today):
            made[f"{form.code} {period.code}"] = open_period(form=form, period=period, today=today)
    return {name: count for name, count in made.items() if count}


def scheduled_periods(form: Form, today: dt.date) -> Iterator[Period]:
    """The half-years or years that are open for a form on a day: near their end, or past it and not due yet."""
    kind = _FITTING.get(FormKind(form.kind))
    if kind not in (PeriodKind.HALF_YEAR, PeriodKind.YEAR) or form.cut_off == CutOffRule.EXPLICIT:
        return
    halves = (1, 2) if kind is PeriodKind.HALF_YEAR else (None,)
    for year in range(max(FIRST_YEAR, today.year - 1), min(LAST_YEAR, today.year + 1) + 1):
        for half in halves:
            period = propose(kind, year, half, CutOff(form.cut_off))
            opens_on = period.end - dt.timedelta(days=form.opens_before_days)
            if opens_on <= today <= due_date(period, form.due_after_days) and form.held_on(period.end):
                yield period


def extend_due_date(
    *, actor: User, obligation: Obligation, version: int, due_on: dt.date, reason: str
) -> Obligation:
    """Give a unit more time, and say why. The first due date is kept.

    Raises PermissionDenied, ChangedMeanwhile, or ValidationError by field: also when the unit is excused or has
    reported.
    """
    reason = _required_reason(reason)
    with transaction.atomic():
        held = _lock(actor, obligation.pk, version)
        _require_open(held)
        _extend(actor, held, due_on, reason)
    return held


def extend_many(*, actor: User, chosen: Mapping[int, int], due_on: dt.date, reason: str) -> tuple[int, int]:
    """Give several units more time. ``chosen`` are versions by key. Returns how many were extended, and left out.

    Left out are those that changed meanwhile, are excused, have reported, or are due later already. Raises
    PermissionDenied when one of them is not the actor's to manage, ValidationError for the reason or too many.
    """
    reason = _required_reason(reason)
    _require_few(chosen)
    with transaction.atomic():
        rows = _lock_many(actor, chosen)
        extended = 0
        for held in rows:
            if held.version != chosen[held.pk]:
                continue
            try:
                _require_open(held)
                _extend(actor, held, due_on, reason)
            except ValidationError:
                continue
            extended += 1
    return extended, len(chosen) - extended


@transaction.atomic
def excuse(*, actor: User, obligation: Obligation, version: int, reason: str) -> Obligation:
    """Excuse a unit from one report: it is kept, counts in no coverage and is reminded of nothing.

    Raises PermissionDenied, ChangedMeanwhile, ValidationError when it has reported or is excused already.
    """
    reason = _required_reason(reason)
    held = _lock(actor, obligation.pk, version)
    _require_open(held)
    held.excused_at, held.excused_by, held.excuse_reason = timezone.now(), actor, reason
    _save(actor, held, AuditEvent.Kind.UNIT_EXCUSED, {})
    return held


@transaction.atomic
def end_excuse(*, actor: User, obligation: Obligation, version: int) -> Obligation:
    """Let a unit owe its report again. The reason it was excused for stays in the history.

    Raises PermissionDenied, ChangedMeanwhile, ValidationError when it is not excused.
    """
    held = _lock(actor, obligation.pk, version)
    if held.excused_at is None:
        raise ValidationError(_("The unit is not excused."), code="not_excused")
    held.excused_at, held.excused_by, held.excuse_reason = None, None, ""
    _save(actor, held, AuditEvent.Kind.EXCUSE_ENDED, {})
    return held


@transaction.atomic
def remind_now(*, actor: User, obligation: Obligation, today: dt.date | None = None) -> int:
    """Ask a unit for its report, at most once a day. Returns how many people got the notice.

    Raises PermissionDenied; ValidationError when nothing is owed, nobody files there, or it was asked today.
    """
    held = _lock(actor, obligation.pk)
    _require_open(held)
    return _remind(actor, held, today or timezone.localdate())


def remind_many(*, actor: User, chosen: Sequence[int], today: dt.date | None = None) -> tuple[int, int]:
    """Ask several units. Returns how many were asked, and how many left out.

    Raises PermissionDenied when one of them is not the actor's to manage, ValidationError for too many.
    """
    _require_few(chosen)
    asked = 0
    with transaction.atomic():
        for held in _lock_many(actor, chosen):
            try:
                _require_open(held)
                _remind(actor, held, today or timezone.localdate())
            except ValidationError:
                continue
            asked += 1
    return asked, len(chosen) - asked


def may_manage(person: User, area: Area) -> bool:
    """Whether the person opens periods, extends and excuses in an area."""
    return scope_of(person).may_in("obligation.manage", area)


def _remind(actor: User, held: Obligation, today: dt.date) -> int:
    given = ask_for_report(held, today)
    if given is None:
        raise ValidationError(_("Nobody files for this unit yet."), code="nobody")
    if not given:
        raise ValidationError(_("The unit was reminded today already."), code="reminded_today")
    _record(actor, held, AuditEvent.Kind.UNIT_REMINDED, {"people": given})
    return given


def _extend(actor: User, held: Obligation, due_on: dt.date, reason: str) -> None:
    if due_on <= held.due_on:
        raise ValidationError(
            {"due_on": ValidationError(_("Choose a day after the present due date."), code="not_later")}
        )
    _require_due(held.period, due_on)
    before = held.due_on
    if held.first_due_on is None:
        held.first_due_on = before
    held.due_on, held.extension_reason = due_on, reason
    detail = {"from": f"{before:%Y-%m-%d}", "to": f"{due_on:%Y-%m-%d}"}
    _save(actor, held, AuditEvent.Kind.DUE_EXTENDED, detail)


def _lock(actor: User, key: int, version: int | None = None) -> Obligation:
    """The obligation, locked. Raises PermissionDenied, and ChangedMeanwhile where a version is given."""
    held = _lock_many(actor, [key])[0]
    if version is not None and held.version != version:
        raise ChangedMeanwhile.since(held)
    return held


def _lock_many(actor: User, keys: Any) -> list[Obligation]:
    """The obligations, locked in one order. Raises PermissionDenied unless all are the actor's to manage."""
    rows = Obligation.objects.unscoped("whether the actor manages them is judged here")
    found = list(
        rows.select_for_update(of=["self"])
        .select_related("form", "agency", "area", "submission")
        .filter(pk__in=list(keys))
        .order_by("pk")
    )
    if len(found) != len(set(keys)) or not all(may_manage(actor, held.area) for held in found):
        raise PermissionDenied("the actor does not manage this obligation")
    return found


def _save(actor: User, held: Obligation, kind: AuditEvent.Kind, detail: dict[str, Any]) -> None:
    held.version += 1
    with pghistory.context(user=actor.pk):
        held.save()
    _record(actor, held, kind, detail)


def _record(actor: User, held: Obligation, kind: AuditEvent.Kind, detail: dict[str, Any]) -> None:
    AuditEvent.objects.create(kind=kind, user=actor, about=f"reporting.obligation:{held.pk}", detail=detail)


def _require_open(held: Obligation) -> None:
    if held.excused_at is not None:
        raise ValidationError(_("The unit is excused from this report."), code="excused")
    submission = getattr(held, "submission", None)
    if submission is not None and submission.state in _SAID:
        raise ValidationError(_("The unit has sent this report already."), code="sent")


def _require_fit(form: Form, period: Period, today: dt.date) -> None:
    wanted = _FITTING.get(FormKind(form.kind))
    faults = {
        _("The form was not in use at the end of this period."): not form.held_on(period.end),
        _("A period of this kind does not fit the form."): wanted is not None
        and period.kind not in (wanted, PeriodKind.EXPLICIT),
        _("The period begins more than a year from now."): period.start
        > today + dt.timedelta(days=MOST_AHEAD),
        _("The cut-off of the form is another one."): period.kind is not PeriodKind.EXPLICIT
        and form.cut_off not in (period.rule.value, CutOffRule.EXPLICIT),
    }
    for message, is_wrong in faults.items():
        if is_wrong:
            raise ValidationError({"period": ValidationError(message, code="does_not_fit")})


def _require_due(period: Period, due_on: dt.date) -> None:
    if not period.end < due_on <= period.end + dt.timedelta(days=MOST_DUE_AFTER):
        message = _("The due date lies after the last day of the period, and at most a year after it.")
        raise ValidationError({"due_on": ValidationError(message, code="out_of_range")})


def _require_few(chosen: Any) -> None:
    if not chosen:
        raise ValidationError(_("Choose at least one unit."), code="none")
    if len(chosen) > MOST_AT_ONCE:
        raise ValidationError(
            _("Choose at most %(limit)d units at once."), code="too_many", params={"limit": MOST_AT_ONCE}
        )


def _required_reason(reason: str) -> str:
    reason = normalise(reason).strip()
    fault: Any = ""
    if not reason:
        fault = _("Say why.")
    elif len(reason) > LONGEST_REASON:
        fault = _("The reason is longer than 500 characters. Shorten it.")
    elif control_characters(reason):
        fault = _("The text holds an invisible control character.")
    if fault:
        raise ValidationError({"reason": ValidationError(fault, code="reason")})
    return reason
