"""What is done with a recommendation that was sent, and the page of all that a unit states for a period."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.scoping import scope_of
from programs.forms.pilot import add_errors
from programs.forms.statement import AnswerForm
from programs.models import Recommendation
from programs.selectors.activity import person
from programs.selectors.period import period_before, period_name, period_of, typed_period
from programs.selectors.statement import (
    StatedUnit,
    get_statement,
    may_read_statements,
    newest_period,
    stated_units,
    statements_of,
)
from programs.services.recommendation import (
    ANSWERS,
    TRANSITIONS,
    TransitionNotAllowed,
    answer_recommendation,
    steps_of,
    take_step,
)
from programs.services.statement import carry_over
from programs.views.statement import crumbs
from territory.period import CutOff, Period, PeriodError, parse_period

_STEPS = frozenset(step for steps in TRANSITIONS.values() for step in steps) - set(ANSWERS)


@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a recommendation, or record the answer that came on paper."""
    recommendation = get_statement(request, "recommendation", pk)
    actor = person(request)
    if not _may_ever_answer(actor, recommendation):
        raise Http404
    if not any(step in ANSWERS for step in steps_of(actor, recommendation)):
        messages.info(request, _("This recommendation has its answer, or was withdrawn."))
        return _to(recommendation)
    is_on_paper = not _is_asked(actor, recommendation)
    sent = request.POST if request.method == "POST" else None
    form = AnswerForm(sent, actor=actor, recommendation=recommendation, is_on_paper=is_on_paper)
    if form.is_valid():
        try:
            answer_recommendation(actor=actor, recommendation=recommendation, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        except TransitionNotAllowed:
            messages.warning(request, _("Somebody else was faster: this recommendation has its answer."))
            return _to(recommendation)
        else:
            messages.success(request, _("The answer is saved, and the unit is told."))
            return _to(recommendation)
    address = reverse("statement_detail", kwargs={"kind": "recommendation", "pk": pk})
    context = {
        "form": form,
        "statement": recommendation,
        "is_on_paper": is_on_paper,
        "period": period_name(recommendation.period_start, recommendation.period_end),
        "crumbs": [
            *crumbs(),
            {"label": _("Recommendation"), "url": address},
            {"label": _("Answer")},
        ],
    }
    return render(request, "programs/recommendation_answer.html", context, status=422 if form.errors else 200)


@require_POST
def recommendation_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Receive, consider or withdraw a recommendation."""
    recommendation = get_statement(request, "recommendation", pk)
    if step not in _STEPS:
        raise Http404
    try:
        take_step(actor=person(request), recommendation=recommendation, step=step)
    except PermissionDenied:
        raise Http404 from None
    except TransitionNotAllowed:
        messages.warning(request, _("This cannot be done any more: see its state below."))
    else:
        messages.success(request, _("It is noted."))
    return _to(recommendation)


def _is_asked(actor: User, recommendation: Recommendation) -> bool:
    asked = recommendation.addressed_to_id
    return asked is not None and any(
        grant.membership.agency_id == asked for grant in scope_of(actor).having("statement.answer")
    )


def _may_ever_answer(actor: User, recommendation: Recommendation) -> bool:
    """Whether the person answers this recommendation while it is open; whoever may only read it learns nothing."""
    may_record = scope_of(actor).may_in("statement.record_answer", recommendation.area)
    closed = not TRANSITIONS[recommendation.state]
    if _is_asked(actor, recommendation):
        return True
    return may_record and (closed or any(step in ANSWERS for step in steps_of(actor, recommendation)))


def _to(recommendation: Recommendation) -> HttpResponse:
    return redirect("statement_detail", kind="recommendation", pk=recommendation.pk)


# --- all of a period ---


@require_safe
def statement_period(request: HttpRequest) -> HttpResponse:
    """Difficulties, recommendations and directions of one unit for one period, side by side."""
    reader = person(request)
    if not may_read_statements(reader):
        raise PermissionDenied
    units = stated_units(reader)
    unit = _unit(units, request.GET.get("unit", ""))
    period, error = _period(request.GET.get("period", ""), reader, unit)
    before = period_before(period) if period else None
    stated = statements_of(reader, unit, period) if unit and period else {}
    earlier = statements_of(reader, unit, before) if unit and before else {}
    is_own = unit is not None and _writes_for(reader, unit)
    context = {
        "units": units,
        "unit": unit,
        "period": period,
        "typed": request.GET.get("period", "") or (typed_period(period.start, period.end) if period else ""),
        "period_error": error,
        "name": period_name(period.start, period.end) if period else "",
        "is_named": period is not None and period.rule is not CutOff.EXPLICIT,
        "groups": [{"kind": kind, "title": _titles()[kind], "rows": rows} for kind, rows in stated.items()],
        "before_name": period_name(before.start, before.end) if before else "",
        "before_code": typed_period(before.start, before.end) if before else "",
        "before_count": sum(map(len, earlier.values())),
        "may_write": is_own,
        "crumbs": [*crumbs(), {"label": _("By period")}],
    }
    return render(request, "programs/statement_period.html", context)


@require_POST
def statement_carry(request: HttpRequest) -> HttpResponse:
    """Repeat what a unit stated for the period before."""
    writer = person(request)
    if not scope_of(writer).may("statement.write"):
        raise PermissionDenied
    unit = _unit(stated_units(writer), request.POST.get("unit", ""))
    period, _error = _period(request.POST.get("period", ""), writer, None)
    if unit is None or period is None or not _writes_for(writer, unit):
        raise Http404
    address = f"{reverse('statement_period')}?unit={unit.key}&period={typed_period(period.start, period.end)}"
    before = period_before(period)
    if before is None:
        messages.error(request, _("No period is next to this one. Choose a half-year or a year."))
        return redirect(address)
    try:
        carried = carry_over(actor=writer, agency=unit.agency, area=unit.area, source=before, to=period)
    except ValidationError as error:
        messages.error(request, " ".join(map(str, error.messages)))
        return redirect(address)
    count = len(carried.made)
    if count:
        text = ngettext(
            "%(count)d statement was carried over. Change what is different now.",
            "%(count)d statements were carried over. Change what is different now.",
            count,
        )
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("There was nothing to carry over that is not here already."))
    return redirect(address)


def _titles() -> dict[str, str]:
    return {
        "difficulty": _("Difficulties"),
        "recommendation": _("Recommendations"),
        "direction": _("Directions"),
    }


def _unit(units: list[StatedUnit], key: str) -> StatedUnit | None:
    """The unit asked for; the only one, where there is but one."""
    chosen = next((unit for unit in units if unit.key == key), None)
    return chosen or (units[0] if len(units) == 1 and not key else None)


def _period(typed: str, reader: User, unit: StatedUnit | None) -> tuple[Period | None, Any]:
    """The period asked for, or the newest for which the unit stated something; with what is wrong with it."""
    if not typed:
        found = newest_period(reader, unit) if unit else None
        return (period_of(*found) if found else None), ""
    text = typed.strip().upper()
    try:
        period = parse_period(text)
    except PeriodError:
        return None, _("This is not a period. Type 2020-H1, 2020-H2, 2020 or two dates.")
    return period, ""


def _writes_for(person: User, unit: StatedUnit) -> bool:
    grants = scope_of(person).having("statement.write")
    return any(grant.reaches(unit.agency.pk, unit.area) for grant in grants)
