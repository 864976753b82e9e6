"""Pilots: the list, its export, the page of one, and what its coordinator does with it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent, User
from accounts.services import record_event
from accounts.together import prefetch_together
from programs.forms.pilot import (
    AssessmentForm,
    PilotForm,
    PlanForPilotForm,
    ReplicationForm,
    StopPilotForm,
    add_errors,
    figure_rows,
)
from programs.models import Occasion, Pilot, PilotAssessment, PilotFigure
from programs.pilot_exporting import pilots_workbook
from programs.pilot_filters import PilotListing
from programs.selectors.activity import person
from programs.selectors.pilot import (
    OCCASIONS,
    asked_of_progress,
    compared_figures,
    get_pilot,
    get_plan,
    may_read_pilots,
    may_start_pilots,
    origin_of,
    origin_of_plan,
    plans_to_pilot,
    progress_among,
    repetitions_of,
)
from programs.selectors.rights import may_run_pilot
from programs.services.pilot import (
    assess,
    change_pilot,
    open_tasks_of,
    replicate,
    set_figures,
    start_pilot,
    stop_pilot,
)
from territory.collation import fold
from territory.excel import XLSX
from territory.models import Agency, Area
from territory.text import typed_key

#: How many plans are offered to make a pilot of before one has to type a number.
PLANS_SHOWN = 20

_READ_AND_SEND = ["GET", "HEAD", "POST"]


def _reader(request: HttpRequest) -> User:
    """Who asks for a list. Raises PermissionDenied for a role that reads no pilots anywhere."""
    reader = person(request)
    if not may_read_pilots(reader):
        raise PermissionDenied
    return reader


@require_safe
def pilot_list(request: HttpRequest) -> HttpResponse:
    """Pilots of the reader's areas, the newest first; HTMX gets only the part below the filters."""
    reader = _reader(request)
    listing = PilotListing(request.GET, reader=reader)
    is_part = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    context = {
        "listing": listing,
        "pilots": list(listing.page) if listing.totals.count else [],
        "page_sizes": settings.PAGE_SIZE_CHOICES,
        "today": timezone.localdate(),
        "may_start": may_start_pilots(reader),
        "crumbs": _crumbs()[:1] + [{"label": _("Pilots")}],
    }
    template = "programs/_pilot_results.html" if is_part else "programs/pilot_list.html"
    return render(request, template, context)


@require_safe
def pilot_export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows, over all its pages, as an Excel file. Leaves a row in the trail."""
    reader = _reader(request)
    listing = PilotListing(request.GET, reader=reader)
    page = f"{reverse('pilot_list')}?{listing.query()}"
    if not listing.filter.is_usable:
        messages.error(request, _("Nothing was exported: correct the filters first."))
        return redirect(page)
    if listing.totals.count > settings.EXPORT_MAX_ROWS:
        message = _("The list has %(count)d rows; a file holds at most %(limit)d. Narrow the filters.")
        messages.error(request, message % {"count": listing.totals.count, "limit": settings.EXPORT_MAX_ROWS})
        return redirect(page)
    file = pilots_workbook(listing, reader=reader, address=request.build_absolute_uri(page))
    detail = {
        "rows": listing.totals.count,
        "filters": sorted(name for name in request.GET if request.GET[name]),
    }
    record_event(actor=reader, kind=AuditEvent.Kind.EXPORTED, about="programs.pilot:list", detail=detail)
    name = f"{slugify(fold(_('Pilots')))}-{timezone.localtime():%Y%m%d-%H%M}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@require_safe
def pilot_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One pilot: who, where and when, how its tasks stand, its figures, and what was made of it."""
    pilot = get_pilot(request, pk)
    reader = person(request)
    tasks, assignments = prefetch_together(
        pilot,
        {
            "areas": Area.objects.order_by("sort_key"),
            "partners": Agency.objects.order_by("kind__order", "sort_key"),
            "figures": PilotFigure.objects.all(),
            "assessments": PilotAssessment.objects.select_related("by"),
        },
        *asked_of_progress(pilot, reader),
    )
    context = {
        "pilot": pilot,
        "areas": pilot.areas.all(),
        "partners": pilot.partners.all(),
        "progress": progress_among(tasks, assignments, today=timezone.localdate()),
        "figures": compared_figures(pilot),
        "assessments": pilot.assessments.all(),
        "repetitions": repetitions_of(pilot, reader),
        "origin": origin_of(pilot, reader),
        "may_write": may_run_pilot(reader, pilot.document),
        "is_stopped": pilot.decision == Pilot.Decision.STOP,
        "crumbs": [*_crumbs(), {"label": pilot.name}],
    }
    return render(request, "programs/pilot_detail.html", context)


@require_http_methods(_READ_AND_SEND)
def pilot_new(request: HttpRequest) -> HttpResponse:
    """Choose a plan by its number, then say where, when and who tries it."""
    writer = person(request)
    if not may_start_pilots(writer):
        raise PermissionDenied
    asked = request.GET.get("document", "")
    if not asked:
        return _plan_choice(request, writer)
    key = typed_key(asked)
    if key is None:
        raise Http404
    document = get_plan(writer, key)
    existing = Pilot.objects.visible_to(writer).filter(document=document).first()
    if existing is not None:
        return redirect("pilot_detail", pk=existing.pk)
    form = PilotForm(request.POST if request.method == "POST" else None, document=document)
    if form.is_valid():
        try:
            pilot = start_pilot(
                actor=writer, document=document, replicated_from=origin_of_plan(document), **form.pilot_fields
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The pilot is made. Its tasks are those of its plan."))
            return redirect("pilot_detail", pk=pilot.pk)
    return _form_page(request, "programs/pilot_new.html", form, _("New pilot"), document=document)


def _plan_choice(request: HttpRequest, writer: User) -> HttpResponse:
    plans = plans_to_pilot(writer)
    form = PlanForPilotForm(request.POST if request.method == "POST" else None, among=plans)
    if form.is_valid() and form.plan is not None:
        return redirect(f"{reverse('pilot_new')}?document={form.plan.pk}")
    return _form_page(request, "programs/pilot_plan.html", form, _("New pilot"), plans=plans[:PLANS_SHOWN])


@require_http_methods(_READ_AND_SEND)
def pilot_assess(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down the mid-term or the final assessment."""
    pilot = get_pilot(request, pk, needs="write")
    if request.method == "POST":
        form = AssessmentForm(request.POST)
    else:
        form = AssessmentForm(initial=_stored_assessment(pilot, request.GET.get("occasion", "")))
    if form.is_valid():
        given = form.cleaned_data
        try:
            assess(
                actor=person(request),
                pilot=pilot,
                occasion=Occasion(given["occasion"]),
                assessed_on=given["assessed_on"],
                text=given["text"],
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The assessment is saved."))
            return redirect("pilot_detail", pk=pilot.pk)
    return _form_page(request, "programs/pilot_assess.html", form, _("Assess"), pilot=pilot)


def _stored_assessment(pilot: Pilot, occasion: str) -> dict[str, Any]:
    stored = pilot.assessments.filter(occasion=occasion).first()
    if stored is None:
        return {"occasion": occasion} if occasion in Occasion.values else {}
    return {"occasion": stored.occasion, "assessed_on": stored.assessed_on, "text": stored.text}


@require_http_methods(_READ_AND_SEND)
def pilot_figures(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures before, half-way and at the end, in one table."""
    pilot = get_pilot(request, pk, needs="write")
    rows = figure_rows(pilot, request.POST if request.method == "POST" else None)
    if rows.is_bound and rows.is_valid():
        with transaction.atomic():
            for occasion in OCCASIONS:
                set_figures(
                    actor=person(request),
                    pilot=pilot,
                    occasion=occasion,
                    figures=rows.of(occasion),
                    removed=rows.removed(occasion),
                )
        messages.success(request, _("The figures are saved."))
        return redirect("pilot_detail", pk=pilot.pk)
    context = {
        "pilot": pilot,
        "rows": rows,
        "crumbs": [*_crumbs(pilot), {"label": _("Figures")}],
    }
    return render(request, "programs/pilot_figures.html", context, status=422 if rows.is_bound else 200)


@require_http_methods(_READ_AND_SEND)
def pilot_replicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide that a pilot is worth repeating, and make its tasks anew under another plan."""
    pilot = get_pilot(request, pk, needs="write")
    writer = person(request)
    form = ReplicationForm(request.POST if request.method == "POST" else None, pilot=pilot, actor=writer)
    if form.is_valid() and form.document is not None:
        try:
            made = replicate(
                actor=writer,
                pilot=pilot,
                document=form.document,
                units=form.units,
                starts_on=form.cleaned_data["starts_on"],
                due_on=form.cleaned_data["due_on"],
            )
        except ValidationError as error:
            add_errors(form, error)
        except PermissionDenied:
            form.add_error("areas", _("You give no tasks to one of these units."))
        else:
            messages.success(
                request,
                _("%(tasks)d tasks were made anew and given to %(units)d units.")
                % {"tasks": len(made), "units": len(form.units)},
            )
            return redirect("pilot_detail", pk=pilot.pk)
    return _form_page(request, "programs/pilot_replicate.html", form, _("Replicate"), pilot=pilot)


@require_http_methods(_READ_AND_SEND)
def pilot_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change name, window, areas, lead and partners. Refuses to overwrite what somebody else changed meanwhile."""
    pilot = get_pilot(request, pk, needs="write")
    if pilot.decision == Pilot.Decision.STOP:
        messages.info(request, _("The pilot was stopped, so it stays as it is."))
        return redirect("pilot_detail", pk=pk)
    sent = request.POST if request.method == "POST" else None
    form = PilotForm(sent, document=pilot.document, pilot=pilot)
    status = None
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            change_pilot(actor=person(request), pilot=pilot, version=version, **form.pilot_fields)
        except ChangedMeanwhile as changed:
            form.add_error(None, _told(changed))
            form.put("version", changed.version)
            status = 409
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Your changes are saved."))
            return redirect("pilot_detail", pk=pk)
    return _form_page(request, "programs/pilot_edit.html", form, _("Change"), pilot=pilot, status=status)


def _told(changed: ChangedMeanwhile) -> ValidationError:
    message = _(
        "%(who)s changed this on %(when)s, after you had opened it. Yours is not saved yet: compare the two, and"
        " save again to put yours in the place of theirs."
    )
    return changed.as_error(message)


@require_http_methods(_READ_AND_SEND)
def pilot_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide that a pilot goes no further, once it is said how many open tasks that closes."""
    pilot = get_pilot(request, pk, needs="write")
    if pilot.decision == Pilot.Decision.STOP:
        messages.info(request, _("The pilot was stopped already."))
        return redirect("pilot_detail", pk=pk)
    is_assessed = pilot.assessments.filter(occasion=Occasion.FINAL).exists()
    waiting = open_tasks_of(pilot).count()
    sent = request.POST if request.method == "POST" else None
    form = StopPilotForm(sent, open_tasks=waiting, is_assessed=is_assessed)
    if form.is_valid():
        given = form.cleaned_data
        told = given["open_tasks"]
        try:
            stop_pilot(
                actor=person(request),
                pilot=pilot,
                decided_on=given["decided_on"],
                reason=given["reason"],
                open_tasks=-1 if told is None else told,
                unassessed_reason=given.get("unassessed_reason", ""),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The pilot is stopped."))
            return redirect("pilot_detail", pk=pk)
    if sent is not None:
        form.put("open_tasks", waiting)
    context = {"waiting": waiting, "is_assessed": is_assessed}
    return _form_page(request, "programs/pilot_stop.html", form, _("Stop"), pilot=pilot, **context)


def _form_page(
    request: HttpRequest,
    template: str,
    form: Any,
    here: str,
    *,
    pilot: Pilot | None = None,
    status: int | None = None,
    **context: Any,
) -> HttpResponse:
    crumbs = [*_crumbs(pilot), {"label": here}]
    shown = {"form": form, "pilot": pilot, "crumbs": crumbs, **context}
    return render(request, template, shown, status=status or (422 if form.errors else 200))


def _crumbs(pilot: Pilot | None = None) -> list[dict[str, str]]:
    crumbs = [
        {"label": _("My work"), "url": reverse("home")},
        {"label": _("Pilots"), "url": reverse("pilot_list")},
    ]
    if pilot is not None:
        crumbs.append({"label": pilot.name, "url": reverse("pilot_detail", args=[pilot.pk])})
    return crumbs
