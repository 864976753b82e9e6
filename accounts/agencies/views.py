"""Pages on which administrators keep agencies, and look at the map."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.agencies import services
from accounts.agencies.forms import (
    AgencyForm,
    AgencySearchForm,
    ClosingForm,
    CorrectionForm,
    MergingForm,
    RenamingForm,
)
from accounts.agencies.services import MANAGE, agencies_kept_by
from accounts.confirming import confirmation_needed
from accounts.contacts import WRITE
from accounts.models import AuditEvent, Contact, Membership, User
from accounts.queries import query_without
from accounts.scoping import scope_of
from territory.collation import fold
from territory.days import read_day
from territory.models import Agency, AgencyDuty, AgencySuccession, Area, AreaSuccession, Level

PAGE = 50
#: How many events of the trail, and how many areas beside one, a page shows.
SHOWN = 20
AREAS_SHOWN = 200


def _keeper(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    if not scope_of(request.user).may(MANAGE):
        raise PermissionDenied
    return request.user


def _agency(actor: User, pk: int) -> Agency:
    found: Agency | None = agencies_kept_by(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
def agency_list(request: HttpRequest) -> HttpResponse:
    """The agencies of the administrator's areas.

    Where none of what is asked for exists today, as in a province that a reform ended, those that ended are shown.
    """
    actor = _keeper(request)
    form = AgencySearchForm(request.GET, actor=actor)
    today = timezone.localdate()
    asked = form.cleaned_data if form.is_valid() else {}
    rows = agencies_kept_by(actor).order_by("area__path", "kind__order", "sort_key", "-valid_from")
    if typed := asked.get("q", "").strip():
        rows = rows.filter(Q(search_text__contains=fold(typed)) | Q(code__startswith=typed))
    if asked.get("kind"):
        rows = rows.filter(kind=asked["kind"])
    if asked.get("area"):
        rows = rows.filter(area__path__startswith=asked["area"].path)
    ended = rows.filter(valid_to__lt=today)
    state = asked.get("state", "")
    pages = Paginator({"": rows.valid_on(today), "ended": ended}.get(state, rows), PAGE)
    if none_exists := state == "" and pages.count == 0:
        pages = Paginator(ended, PAGE)
    context = {
        "form": form,
        "only_ended": none_exists and pages.count > 0,
        "page_obj": pages.get_page(request.GET.get("page")),
        "query_string": query_without(request, "page"),
        "crumbs": _crumbs(_("Agencies")),
    }
    return render(request, "accounts/agencies.html", context)


@require_safe
def agency_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One agency: since when, with which duties, before and after which others, and what was done about it."""
    actor = _keeper(request)
    agency = _agency(actor, pk)
    today = timezone.localdate()
    is_over = _has_ended(agency, today)
    links = AgencySuccession.objects.select_related("predecessor__area", "successor__area")
    events = AuditEvent.objects.filter(about=f"territory.agency:{agency.pk}").select_related("user")
    context = {
        "agency": agency,
        "is_over": is_over,
        "steps": [] if is_over else [(name, step.label) for name, step in STEPS.items()],
        "duties": AgencyDuty.objects.filter(agency=agency).order_by("-valid_from", "duty"),
        "before": links.filter(successor=agency).order_by("predecessor__valid_from", "pk"),
        "after": links.filter(predecessor=agency).order_by("successor__valid_from", "pk"),
        "people": Membership.objects.valid_on(today).filter(agency=agency).values("user").distinct().count(),
        "events": events.order_by("-pk")[:SHOWN],
        "crumbs": _crumbs(agency.name),
    }
    return render(request, "accounts/agency.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmation_needed
def agency_new(request: HttpRequest) -> HttpResponse:
    """Add an agency that succeeds none."""
    actor = _keeper(request)
    form = AgencyForm(
        request.POST if request.method == "POST" else None, actor=actor, initial={"on": timezone.localdate()}
    )
    made = _done(form, lambda: services.open_agency(actor=actor, **form.cleaned_data))
    if made is not None:
        messages.success(request, _("The agency is added. Give people roles there next."))
        return redirect("agency_detail", pk=made.pk)
    return _form_page(request, form, _("New agency"), reverse("agency_list"), _crumbs(_("New agency")))


@dataclass(frozen=True)
class Step:
    """What can be done with an agency: its label, its form, and how a valid form is carried out."""

    label: Any
    form: Callable[[Any, User, Agency], forms.Form]
    do: Callable[[User, Agency, dict[str, Any]], Agency]


STEPS: dict[str, Step] = {
    "correct": Step(
        gettext_lazy("Correct the name"),
        lambda sent, _actor, agency: CorrectionForm(
            sent, initial={"name": agency.name, "symbol": agency.symbol}
        ),
        lambda actor, agency, given: services.correct_agency(actor=actor, agency=agency, **given),
    ),
    "rename": Step(
        gettext_lazy("Rename from a day on"),
        lambda sent, _actor, agency: RenamingForm(sent, initial={"name": agency.name}),
        lambda actor, agency, given: services.rename_agency(actor=actor, agency=agency, **given),
    ),
    "merge": Step(
        gettext_lazy("Merge into another"),
        lambda sent, actor, agency: MergingForm(sent, actor=actor, agency=agency),
        lambda actor, agency, given: services.merge_into(actor=actor, agency=agency, **given),
    ),
    "close": Step(
        gettext_lazy("Close"),
        lambda sent, _actor, _agency: ClosingForm(sent),
        lambda actor, agency, given: services.close_agency(actor=actor, agency=agency, last_day=given["on"]),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@confirmation_needed
def agency_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Correct, rename, merge or close an agency that has not ended."""
    actor = _keeper(request)
    agency = _agency(actor, pk)
    found = STEPS.get(step)
    if found is None or _has_ended(agency, timezone.localdate()):
        raise Http404
    form = found.form(request.POST if request.method == "POST" else None, actor, agency)
    left = _done(form, lambda: found.do(actor, agency, form.cleaned_data))
    if left is not None:
        messages.success(request, _("Your changes are saved."))
        return redirect("agency_detail", pk=left.pk)
    address = reverse("agency_detail", args=[agency.pk])
    crumbs = _crumbs(str(found.label))
    crumbs.insert(-1, {"label": agency.name, "url": address})
    return _form_page(request, form, f"{agency.name}: {found.label}", address, crumbs)


@require_safe
def area_list(request: HttpRequest) -> HttpResponse:
    """Areas by name or code, as they stand on a day: provinces until something is asked."""
    _keeper(request)
    asked = (request.GET.get(name, "") for name in ("q", "level", "day"))
    typed, level, day = (each[:80].replace("\0", "").strip() for each in asked)
    on = read_day(day) or timezone.localdate()
    rows = Area.objects.valid_on(on).select_related("parent").order_by("path")
    if typed:
        rows = rows.filter(Q(search_text__contains=fold(typed)) | Q(code=typed))
    if level in Level.values:
        rows = rows.filter(level=level)
    elif not typed:
        rows = rows.filter(level__in=[Level.NATION, Level.PROVINCE])
    context = {
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "query_string": query_without(request, "page"),
        "typed": typed,
        "level": level,
        "levels": Level.choices,
        "day": on,
        "crumbs": [
            {"label": _("My work"), "url": reverse("home")},
            {"label": _("Areas")},
        ],
    }
    return render(request, "accounts/areas.html", context)


@require_safe
def area_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One area: its days, what it lies in and consists of, where its territory came from and went, and its agencies."""
    actor = _keeper(request)
    area = Area.objects.select_related("parent").filter(pk=pk).first()
    if area is None:
        raise Http404
    today = timezone.localdate()
    day = area.valid_to if area.valid_to is not None and area.valid_to < today else today
    links = AreaSuccession.objects.select_related("predecessor", "successor")
    agencies = Agency.objects.valid_on(day).filter(area=area).select_related("kind")
    context = {
        "area": area,
        "day": day,
        "is_over": day != today,
        "parts": Area.objects.valid_on(day).filter(parent=area).order_by("sort_key")[:AREAS_SHOWN],
        "before": links.filter(successor=area).order_by("predecessor__sort_key")[:AREAS_SHOWN],
        "after": links.filter(predecessor=area).order_by("-is_default", "successor__sort_key")[:AREAS_SHOWN],
        "agencies": agencies.order_by("kind__order", "sort_key")[:AREAS_SHOWN],
        "keeps_agencies": scope_of(actor).may_in(MANAGE, area),
        "contact": Contact.objects.filter(area=area).first(),
        "may_write_contact": scope_of(actor).may_in(WRITE, area),
        "crumbs": [
            {"label": _("My work"), "url": reverse("home")},
            {"label": _("Areas"), "url": reverse("area_list")},
            {"label": area.name},
        ],
    }
    return render(request, "accounts/area.html", context)


def _has_ended(agency: Agency, today: dt.date) -> bool:
    return agency.valid_to is not None and agency.valid_to < today


def _done(form: forms.Form, do: Callable[[], Agency]) -> Agency | None:
    """The agency that a valid form led to; None when it was not sent or is not valid. A refusal stands at its field."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return do()
    except ValidationError as error:
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
        return None


def _form_page(
    request: HttpRequest, form: forms.Form, title: str, back: str, crumbs: list[dict[str, str]]
) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "crumbs": crumbs}
    return render(request, "accounts/agency_form.html", context, status=422 if form.errors else 200)


def _crumbs(last: str) -> list[dict[str, str]]:
    way = [{"label": _("My work"), "url": reverse("home")}]
    if last != _("Agencies"):
        way.append({"label": _("Agencies"), "url": reverse("agency_list")})
    return [*way, {"label": last}]
