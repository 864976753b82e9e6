"""What units owe: the list, one obligation with what became of it, the heat map, and what a coordinator does."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent, User
from accounts.scoping import scope_of
from accounts.services import record_event
from programs.selectors.area import areas_within, grouped_choices
from reporting.heat_map import HeatMap
from reporting.obligation_exporting import obligations_csv, obligations_workbook
from reporting.obligation_forms import ExcuseForm, ExtensionForm, PeriodOpenForm
from reporting.obligation_history import obligation_history, steps_of
from reporting.obligation_listing import ObligationListing, ObligationRow
from reporting.obligations import (
    files_for,
    get_obligation,
    legend,
    may_read_obligations,
    read_areas,
)
from reporting.services.obligations import (
    end_excuse,
    excuse,
    extend_due_date,
    extend_many,
    may_manage,
    open_period,
    remind_many,
    remind_now,
)
from territory.collation import fold
from territory.excel import XLSX
from territory.text import typed_key

_CHANGED = _("%(who)s changed it on %(when)s. Look at it as it is now, then do it again.")
_STEPS = ("extend", "excuse", "end-excuse", "remind")


def reader_of(request: HttpRequest) -> User:
    """Who asks. Raises PermissionDenied for a role that reads no obligations anywhere."""
    assert isinstance(request.user, User)
    if not may_read_obligations(request.user):
        raise PermissionDenied
    return request.user


@require_safe
def obligation_list(request: HttpRequest) -> HttpResponse:
    """What units owe, as far as the reader may see it; HTMX gets only the part below the filters."""
    reader = reader_of(request)
    listing = ObligationListing(request.GET, reader=reader)
    is_part = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    context = {
        "listing": listing,
        "rows": list(listing.obligation_rows()),
        "page_sizes": settings.PAGE_SIZE_CHOICES,
        "manages": scope_of(reader).may("obligation.manage"),
        "extension": ExtensionForm(auto_id="many_%s"),
        "crumbs": crumbs()[:1] + [{"label": _("Reports owed")}],
    }
    template = "reporting/_obligation_results.html" if is_part else "reporting/obligation_list.html"
    return render(request, template, context)


@require_safe
def obligation_export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows, over all its pages, as an Excel file. Leaves a row in the trail."""
    reader = reader_of(request)
    listing = ObligationListing(request.GET, reader=reader)
    page = f"{reverse('obligation_list')}?{listing.query()}"
    refused = _refuse_export(request, listing, page)
    if refused is not None:
        return refused
    file = obligations_workbook(listing, reader=reader, address=request.build_absolute_uri(page))
    return FileResponse(file, as_attachment=True, filename=_file_name("xlsx"), content_type=XLSX)


@require_safe
def obligation_export_csv(request: HttpRequest) -> HttpResponseBase:
    """The same as CSV."""
    listing = ObligationListing(request.GET, reader=reader_of(request))
    refused = _refuse_export(request, listing, f"{reverse('obligation_list')}?{listing.query()}")
    if refused is not None:
        return refused
    response = StreamingHttpResponse(obligations_csv(listing), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_file_name("csv")}"'
    return response


def _refuse_export(request: HttpRequest, listing: ObligationListing, page: str) -> HttpResponse | None:
    """Why there is no file, on the page of the list; None where there is one, and a row in the trail."""
    assert isinstance(request.user, User)
    if not listing.filter.is_usable:
        messages.error(request, _("Nothing was exported: correct the filters first."))
        return redirect(page)
    if listing.totals.count > settings.EXPORT_MAX_ROWS:
        message = _("The list has %(count)d rows; a file holds at most %(limit)d. Narrow the filters.")
        messages.error(request, message % {"count": listing.totals.count, "limit": settings.EXPORT_MAX_ROWS})
        return redirect(page)
    detail = {
        "rows": listing.totals.count,
        "filters": sorted(name for name in request.GET if request.GET[name]),
    }
    record_event(
        actor=request.user, kind=AuditEvent.Kind.EXPORTED, about="reporting.obligation:list", detail=detail
    )
    return None


def _file_name(suffix: str) -> str:
    return f"{slugify(fold(_('Reports owed')))}-{timezone.localtime():%Y%m%d-%H%M}.{suffix}"


@require_safe
def obligation_heatmap(request: HttpRequest) -> HttpResponse:
    """Units against periods."""
    reader = reader_of(request)
    areas = {str(area.pk): area for area in areas_within(read_areas(reader))}
    chosen = areas.get(request.GET.get("area", ""))
    heat_map = HeatMap(
        reader=reader,
        form=request.GET.get("form", ""),
        area_path=chosen.path if chosen else "",
        page=request.GET.get("page", "1"),
    )
    kept = {"form": heat_map.form.code if heat_map.form else "", "area": str(chosen.pk) if chosen else ""}
    context = {
        "map": heat_map,
        "legend": legend(),
        "area": chosen,
        "area_choices": grouped_choices(areas.values(), today=timezone.localdate()),
        "query": "&".join(f"{name}={value}" for name, value in kept.items() if value),
        "crumbs": [*crumbs(), {"label": _("Who reported when")}],
    }
    return render(request, "reporting/obligation_heatmap.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def period_open(request: HttpRequest) -> HttpResponse:
    """Open a period of a form by hand, for the units of an area."""
    actor = reader_of(request)
    if not scope_of(actor).may("obligation.manage"):
        raise PermissionDenied
    form = PeriodOpenForm(request.POST if request.method == "POST" else None, actor=actor)
    if form.is_valid():
        given = form.cleaned_data
        try:
            count = open_period(
                actor=actor,
                form=given["form_code"],
                period=given["period"],
                within=[given["area"]],
                due_on=given["due_on"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            said = ngettext(
                "%(count)d unit has this report to make now.",
                "%(count)d units have this report to make now.",
                count,
            )
            nothing = _("Nothing was added: every unit that must file has it already, or there is none.")
            messages.success(request, said % {"count": count} if count else nothing)
            query = f"form_code={given['form_code'].code}&period={given['period'].code}"
            return redirect(f"{reverse('obligation_list')}?{query}")
    context = {"form": form, "crumbs": [*crumbs(), {"label": _("Open a period")}]}
    return render(request, "reporting/period_open.html", context, status=422 if form.errors else 200)


@require_safe
def obligation_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One obligation: what is owed until when, where it stands, and who did what."""
    return _page(request, get_obligation(request, pk))


def _page(
    request: HttpRequest,
    obligation: Any,
    *,
    extension: ExtensionForm | None = None,
    excusing: ExcuseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    assert isinstance(request.user, User)
    row = ObligationRow.of(obligation, timezone.localdate())
    at_version = {"version": obligation.version}
    context = {
        "obligation": obligation,
        "row": row,
        "period": obligation.period,
        "manages": may_manage(request.user, obligation.area),
        "files": files_for(request.user, obligation),
        "steps": steps_of(obligation),
        "extension": extension or ExtensionForm(initial=at_version, auto_id="extend_%s"),
        "excusing": excusing or ExcuseForm(initial=at_version, auto_id="excuse_%s"),
        "is_extending": extension is not None,
        "is_excusing": excusing is not None,
        **obligation_history(obligation, request),
        "crumbs": [*crumbs(), {"label": f"{obligation.form.label}, {obligation.agency.name}"}],
    }
    return render(request, "reporting/obligation_detail.html", context, status=status)


@require_POST
def obligation_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Extend, excuse, end the excuse, or remind: what a coordinator does with one obligation."""
    if step not in _STEPS:
        raise Http404
    obligation = get_obligation(request, pk, needs="manage")
    assert isinstance(request.user, User)
    if step == "extend":
        return _extend(request, request.user, obligation)
    if step == "excuse":
        return _excuse(request, request.user, obligation)
    try:
        if step == "remind":
            count = remind_now(actor=request.user, obligation=obligation)
            said = ngettext("%(count)d person was reminded.", "%(count)d people were reminded.", count)
            messages.success(request, said % {"count": count})
        else:
            end_excuse(actor=request.user, obligation=obligation, version=_version(request))
            messages.success(request, _("The unit owes this report again."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except ChangedMeanwhile as changed:
        messages.error(request, _(_CHANGED) % changed.told)
    return redirect("obligation_detail", pk=pk)


def _extend(request: HttpRequest, actor: User, obligation: Any) -> HttpResponse:
    form = ExtensionForm(request.POST, auto_id="extend_%s")
    if form.is_valid():
        try:
            extend_due_date(
                actor=actor,
                obligation=obligation,
                version=form.cleaned_data["version"] or 0,
                due_on=form.cleaned_data["due_on"],
                reason=form.cleaned_data["reason"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        except ChangedMeanwhile as changed:
            form.add_error(None, changed.as_error(_(_CHANGED)))
            return _page(request, obligation, extension=form, status=409)
        else:
            messages.success(request, _("The due date is extended."))
            return redirect("obligation_detail", pk=obligation.pk)
    return _page(request, obligation, extension=form, status=422)


def _excuse(request: HttpRequest, actor: User, obligation: Any) -> HttpResponse:
    form = ExcuseForm(request.POST, auto_id="excuse_%s")
    if form.is_valid():
        try:
            excuse(
                actor=actor,
                obligation=obligation,
                version=form.cleaned_data["version"],
                reason=form.cleaned_data["reason"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        except ChangedMeanwhile as changed:
            form.add_error(None, changed.as_error(_(_CHANGED)))
            return _page(request, obligation, excusing=form, status=409)
        else:
            messages.success(request, _("The unit is excused from this report."))
            return redirect("obligation_detail", pk=obligation.pk)
    return _page(request, obligation, excusing=form, status=422)


@require_POST
def obligation_act(request: HttpRequest) -> HttpResponse:
    """Extend or remind several units that were ticked in the list."""
    actor = reader_of(request)
    if not scope_of(actor).may("obligation.manage"):
        raise PermissionDenied
    back = redirect(f"{reverse('obligation_list')}?{request.POST.get('back', '')[:2000]}")
    chosen = _chosen(request.POST.getlist("chosen"))
    try:
        if request.POST.get("act") == "remind":
            done, left_out = remind_many(actor=actor, chosen=list(chosen))
        else:
            form = ExtensionForm(request.POST)
            if not form.is_valid():
                raise ValidationError([error for errors in form.errors.values() for error in errors])
            done, left_out = extend_many(
                actor=actor,
                chosen=chosen,
                due_on=form.cleaned_data["due_on"],
                reason=form.cleaned_data["reason"],
            )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return back
    except PermissionDenied:
        raise Http404 from None
    told = _("%(done)d units done, %(left_out)d left out.") % {"done": done, "left_out": left_out}
    (messages.success if done else messages.warning)(request, told)
    return back


def _chosen(ticked: list[str]) -> dict[int, int]:
    """Versions by key of the rows that were ticked, each sent as "key:version"."""
    chosen: dict[int, int] = {}
    for row in ticked:
        key, version = map(typed_key, row.partition(":")[::2])
        if key is None or version is None:
            raise Http404
        chosen[key] = version
    return chosen


def _version(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def crumbs() -> list[dict[str, Any]]:
    return [
        {"label": _("My work"), "url": reverse("home")},
        {"label": _("Reports owed"), "url": reverse("obligation_list")},
    ]
