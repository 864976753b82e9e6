"""The list of activities, its export, and the page of one activity."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import AuditEvent, User
from accounts.scoping import scope_of
from accounts.services import record_event
from accounts.together import Relations, prefetch_together
from programs.exporting import activities_workbook
from programs.forms.approval import ReturnForm
from programs.models import (
    Activity,
    ActivityCost,
    ActivityOccurrence,
    ActivityQuantity,
    Attachment,
    Audience,
)
from programs.selectors.activity import get_activity, may_read_activities, person
from programs.selectors.approval import heads_among, held_by_heads, steps_for
from programs.selectors.linking import tasks_served
from programs.selectors.occurrence import Occurrence, OccurrenceSums
from programs.selectors.quantity import Quantity
from programs.selectors.queue import may_approve_somewhere
from programs.selectors.training import RegisterSummary, asked_of_register, has_register, register_among
from programs.tables import ActivityListing
from territory.collation import fold
from territory.excel import XLSX
from territory.models import Agency, Area

#: What belongs to an activity and stands on its page.
_PARTS = Relations(
    Activity,
    quantities=ActivityQuantity.objects.all(),
    costs=ActivityCost.objects.all(),
    occurrences=ActivityOccurrence.objects.select_related("area"),
    places=Area.objects.all(),
    partner_agencies=Agency.objects.all(),
    attachments=Attachment.objects.select_related("added_by"),
)


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
    if not is_part:
        listing.filter.read_offers()
    context = {
        "listing": listing,
        "rows": list(listing.activity_rows()),
        "may_write": scope_of(reader).may("activity.write"),
        "may_approve": may_approve_somewhere(reader),
        "page_sizes": settings.PAGE_SIZE_CHOICES,
        "crumbs": activity_crumbs(),
    }
    template = "programs/_activity_results.html" if is_part else "programs/activity_list.html"
    return render(request, template, context)


@require_safe
def activity_totals(request: HttpRequest) -> HttpResponse:
    """The totals of a list that is too long to have them on its page; HTMX gets only the foot of the table."""
    listing = ActivityListing(request.GET, reader=_reader(request))
    template = "programs/_activity_totals.html" if request.htmx else "programs/activity_totals.html"  # type: ignore[attr-defined]
    crumbs = [*activity_crumbs(), {"label": _("Totals of the list")}]
    return render(request, template, {"listing": listing, "crumbs": crumbs})


@require_safe
def activity_export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows, over all its pages, as an Excel file, sent while it is read. Leaves a row in the trail."""
    reader = _reader(request)
    listing = ActivityListing(request.GET, reader=reader)
    page = f"{reverse('activity_list')}?{listing.query()}"
    if not listing.filter.is_usable:
        messages.error(request, _("Nothing was exported: correct the filters first."))
        return redirect(page)
    if listing.count_of_all > settings.EXPORT_MAX_ROWS:
        message = _("The list has %(count)d activities; a file holds at most %(limit)d. Narrow the filters.")
        messages.error(request, message % {"count": listing.count_of_all, "limit": settings.EXPORT_MAX_ROWS})
        return redirect(page)
    file = activities_workbook(listing, reader=reader, address=request.build_absolute_uri(page))
    detail = {
        "rows": listing.count_of_all,
        "filters": sorted(name for name in request.GET if request.GET[name]),
    }
    record_event(actor=reader, kind=AuditEvent.Kind.EXPORTED, about="programs.activity:list", detail=detail)
    name = f"{slugify(fold(_('Activities')))}-{timezone.localtime():%Y%m%d-%H%M}.xlsx"
    response = StreamingHttpResponse(file, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def activity_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return detail_page(request, get_activity(request, pk))


def detail_page(
    request: HttpRequest, activity: Activity, *, return_form: ReturnForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of an activity, with the form in which a head returns it as it was typed."""
    reader = person(request)
    tasks, held, registers, register_rows = prefetch_together(
        activity,
        _PARTS,
        tasks_served(activity, reader),
        held_by_heads(activity.agency_id, activity.area),
        *asked_of_register(activity),
    )
    register = register_among(registers, register_rows) if has_register(activity) else None
    occurrences = [Occurrence.of(row) for row in activity.occurrences.all()]
    steps = steps_for(reader, activity, heads_among(held))
    context = {
        "activity": activity,
        "steps": steps,
        "return_form": return_form or ReturnForm(initial={"version": activity.version}),
        "quantities": [Quantity.of(row) for row in activity.quantities.all()],
        "costs": activity.costs.all(),
        "places": activity.places.all(),
        "attachments": activity.attachments.all(),
        "has_register": has_register(activity),
        "training": RegisterSummary(register, activity) if register else None,
        "partners": activity.partner_agencies.all(),
        "audience": [Audience(each).label for each in activity.audience],
        "tasks": tasks,
        "occurrences": occurrences,
        "sums": OccurrenceSums.of(occurrences),
        "crumbs": [*activity_crumbs(), {"label": activity.title}],
    }
    return render(request, "programs/activity_detail.html", context, status=status)


def activity_crumbs() -> list[dict[str, str]]:
    return [
        {"label": _("My work"), "url": reverse("home")},
        {"label": _("Activities"), "url": reverse("activity_list")},
    ]
