"""Facilities with their places, and the register of people's requests about their own data."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import ReadEvent
from accounts.reading import record_reads
from accounts.row_scope import protected_rows, system_scope
from accounts.scoping import scope_of
from victims.forms.steps import CapacityForm, DataAnswerForm, DataRequestForm, FacilityForm
from victims.models import DataRequest, Facility
from victims.selectors.victim import find_own, person, units_of
from victims.services.keeping import (
    answer_data_request,
    open_facility,
    receive_data_request,
    set_capacity,
)
from victims.views.told import crumbs, show_errors

_READ_AND_SEND = ["GET", "HEAD", "POST"]


@require_safe
@protected_rows
def facility_list(request: HttpRequest) -> HttpResponse:
    """Facilities of the reader's provinces with their places and how many are taken: numbers, no people."""
    reader = person(request)
    today = timezone.localdate()
    staying = Q(stays__valid_from__lte=today) & (
        Q(stays__valid_to__isnull=True) | Q(stays__valid_to__gte=today)
    )
    with system_scope("a number of people in a place names nobody"):
        rows = list(
            _facilities(reader)
            .valid_on(today)
            .annotate(taken=Count("stays", filter=staying))
            .select_related("agency", "area")
            .order_by("area__sort_key", "name")
        )
    units = {agency.pk for agency, _area in units_of(reader)}
    context = {
        "facilities": rows,
        "own": units,
        "may_write": bool(units),
        "today": today,
        "crumbs": crumbs(_("Facilities")),
    }
    return render(request, "victims/facility_list.html", context)


@require_http_methods(_READ_AND_SEND)
@protected_rows
def facility_new(request: HttpRequest) -> HttpResponse:
    """Enter a facility that own agency runs."""
    writer = person(request, verb="victim.write")
    units = {f"{agency.pk}-{area.pk}": (agency, area) for agency, area in units_of(writer)}
    form: Any = FacilityForm(request.POST if request.method == "POST" else None)
    form.fields["unit"].choices = [(key, f"{agency} · {area}") for key, (agency, area) in units.items()]
    if form.is_valid():
        given = dict(form.cleaned_data)
        agency, area = units[given.pop("unit")]
        try:
            open_facility(actor=writer, agency=agency, area=area, **given)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("The facility is entered."))
            return redirect("facility_list")
    title = _("New facility")
    context = {"form": form, "title": title, "crumbs": crumbs(title)}
    return render(request, "victims/step.html", context, status=422 if form.errors else 200)


@require_http_methods(_READ_AND_SEND)
@protected_rows
def facility_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how many places a facility of own agency has."""
    facility = _own_facility(request, pk)
    writer = person(request)
    form = CapacityForm(
        request.POST if request.method == "POST" else None, initial={"capacity": facility.capacity}
    )
    if form.is_valid():
        set_capacity(actor=writer, facility=facility, capacity=form.cleaned_data["capacity"])
        messages.success(request, _("Your changes are saved."))
        return redirect("facility_list")
    context = {"form": form, "title": facility.name, "crumbs": crumbs(facility.name)}
    return render(request, "victims/step.html", context, status=422 if form.errors else 200)


def _own_facility(request: HttpRequest, pk: int) -> Facility:
    """A facility that own agency runs. Raises Http404."""
    own = [agency.pk for agency, _area in units_of(request.user)]
    facility: Facility | None = (
        _facilities(request.user).filter(pk=pk, agency__in=own).select_related("agency", "area").first()
    )
    if facility is None:
        raise Http404
    return facility


def _facilities(reader: Any) -> Any:
    areas = Q(pk__in=[])
    for grant in scope_of(reader).having("victim.read"):
        areas |= Q(area__province_id=grant.area.province_id)
    return Facility.objects.filter(areas)


@require_safe
@protected_rows
def data_request_list(request: HttpRequest) -> HttpResponse:
    """Requests of people about their own data, the next one due first, open ones before answered ones."""
    reader = person(request)
    rows = DataRequest.objects.visible_to(reader).select_related("victim", "answered_by")
    page = Paginator(rows.order_by(F("answered_on").desc(nulls_first=True), "due_on", "id"), 25).get_page(
        request.GET.get("page")
    )
    victims = {row.victim_id: row.victim for row in page if row.victim}
    record_reads(actor=reader, records=[*page, *victims.values()], how=ReadEvent.How.LIST)
    context = {
        "page_obj": page,
        "query_string": "",
        "today": timezone.localdate(),
        "may_write": scope_of(reader).may("victim.write"),
        "crumbs": crumbs(_("Requests about own data")),
    }
    return render(request, "victims/data_request_list.html", context)


@require_http_methods(_READ_AND_SEND)
@protected_rows
def data_request_new(request: HttpRequest) -> HttpResponse:
    """Enter a request; the clock of two working days runs from the day it came in."""
    writer = person(request, verb="victim.write")
    units = {f"{agency.pk}-{area.pk}": (agency, area) for agency, area in units_of(writer)}
    form = DataRequestForm(request.POST if request.method == "POST" else None)
    unit: Any = form.fields["unit"]
    unit.choices = [(key, f"{agency} · {area}") for key, (agency, area) in units.items()]
    if form.is_valid():
        given = form.cleaned_data
        victim = find_own(writer, given["code"]) if given["code"] else None
        agency, area = units[given["unit"]]
        if given["code"] and victim is None:
            form.add_error("code", _("Your unit has no victim of this code in its care."))
        else:
            try:
                made = receive_data_request(
                    actor=writer,
                    agency=agency,
                    area=area,
                    kind=given["kind"],
                    received_on=given["received_on"],
                    victim=victim,
                )
            except ValidationError as error:
                show_errors(form, error, {"victim": "code"})
            else:
                messages.success(
                    request, _("Entered. The answer is due on %(day)s.") % {"day": f"{made.due_on:%d/%m/%Y}"}
                )
                return redirect("data_request_list")
    title = _("New request")
    context = {"form": form, "title": title, "crumbs": crumbs(title)}
    return render(request, "victims/step.html", context, status=422 if form.errors else 200)


@require_http_methods(_READ_AND_SEND)
@protected_rows
def data_request_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what was answered."""
    asked = _open_request(request, pk)
    writer = person(request)
    record_reads(actor=writer, records=filter(None, (asked, asked.victim)), how=ReadEvent.How.PAGE)
    form = DataAnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            answer_data_request(
                actor=writer,
                request=asked,
                state=form.cleaned_data["state"],
                answer=form.cleaned_data["answer"],
            )
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("data_request_list")
    title = str(asked)
    context = {"form": form, "title": title, "crumbs": crumbs(title)}
    return render(request, "victims/step.html", context, status=422 if form.errors else 200)


def _open_request(request: HttpRequest, pk: int) -> DataRequest:
    """A request to own unit that waits for an answer. Raises Http404."""
    own = scope_of(request.user).rows(own="victim.write")
    rows = DataRequest.objects.visible_to(request.user).filter(own, pk=pk, state=DataRequest.State.OPEN)
    asked: DataRequest | None = rows.select_related("victim").first()
    if asked is None:
        raise Http404
    return asked
