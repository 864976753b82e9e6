"""The list of activities, its export, and the page of one activity."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import AuditEvent, User
from accounts.scoping import scope_of
from accounts.services import record_event
from programs.exporting import activities_workbook
from programs.models import Audience
from programs.selectors.activity import get_activity, may_read_activities, person
from programs.selectors.attachment import attachments_of
from programs.selectors.history import activity_history
from programs.selectors.quantity import Quantity
from programs.selectors.training import has_register, training_of
from programs.tables import ActivityListing
from territory.collation import fold

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _reader(request: HttpRequest) -> User:
    """Who asks for a list. Raises PermissionDenied for a role that reads no activities anywhere."""
    reader = person(request)
    if not may_read_activities(reader):
        raise PermissionDenied
    return reader


@require_safe
def activity_list(request: HttpRequest) -> HttpResponse:
    """Activities the reader may see; HTMX gets only the part below the filters."""
    reader = _reader(request)
    listing = ActivityListing(request.GET, reader=reader)
    is_part = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    context = {
        "listing": listing,
        "rows": list(listing.activity_rows()),
        "may_write": scope_of(reader).may("activity.write"),
        "page_sizes": settings.PAGE_SIZE_CHOICES,
        "crumbs": _crumbs(),
    }
    template = "programs/_activity_results.html" if is_part else "programs/activity_list.html"
    return render(request, template, context)


@require_safe
def activity_export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows, over all its pages, as an Excel file. Leaves a row in the trail."""
    reader = _reader(request)
    listing = ActivityListing(request.GET, reader=reader)
    page = f"{reverse('activity_list')}?{listing.query()}"
    if not listing.filter.is_usable:
        messages.error(request, _("Nothing was exported: correct the filters first."))
        return redirect(page)
    if listing.totals.count > settings.EXPORT_MAX_ROWS:
        message = _("The list has %(count)d activities; a file holds at most %(limit)d. Narrow the filters.")
        messages.error(request, message % {"count": listing.totals.count, "limit": settings.EXPORT_MAX_ROWS})
        return redirect(page)
    file = activities_workbook(listing, reader=reader, address=request.build_absolute_uri(page))
    detail = {
        "rows": listing.totals.count,
        "filters": sorted(name for name in request.GET if request.GET[name]),
    }
    record_event(actor=reader, kind=AuditEvent.Kind.EXPORTED, about="programs.activity:list", detail=detail)
    name = f"{slugify(fold(_('Activities')))}-{timezone.localtime():%Y%m%d-%H%M}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@require_safe
def activity_detail(request: HttpRequest, pk: int) -> HttpResponse:
    activity = get_activity(request, pk)
    grants = scope_of(person(request)).having("activity.write")
    context = {
        "activity": activity,
        "quantities": [Quantity.of(row) for row in activity.quantities.all()],
        "costs": activity.costs.all(),
        "attachments": attachments_of(activity),
        "has_register": has_register(activity),
        "training": training_of(activity),
        "partners": activity.partner_agencies.all(),
        "audience": [Audience(each).label for each in activity.audience],
        "history": activity_history(activity),
        "may_write": any(grant.reaches(activity.agency_id, activity.area) for grant in grants),
        "crumbs": [*_crumbs(), {"label": activity.title}],
    }
    return render(request, "programs/activity_detail.html", context)


def _crumbs() -> list[dict[str, str]]:
    return [
        {"label": _("My work"), "url": reverse("home")},
        {"label": _("Activities"), "url": reverse("activity_list")},
    ]
