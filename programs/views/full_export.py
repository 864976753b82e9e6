"""The list of activities as a workbook that can be uploaded again, and as CSV."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import AuditEvent, User
from accounts.services import record_event
from programs.csv_exporting import activities_csv
from programs.selectors.activity import may_read_activities, person
from programs.tables import ActivityListing
from programs.workbook.exporting import full_export
from territory.collation import fold
from territory.excel import XLSX


@require_safe
def activity_export_full(request: HttpRequest) -> HttpResponseBase:
    """All fields of the activities of the list, in the format of the template. Leaves a row in the trail."""
    reader, listing = _asked(request)
    refusal = _refused(request, listing, settings.UPLOAD_MAX_ROWS)
    if refusal:
        return refusal
    file = full_export(listing, reader=reader)
    _record(request, reader, listing, "workbook")
    return FileResponse(file, as_attachment=True, filename=_name("xlsx"), content_type=XLSX)


@require_safe
def activity_export_csv(request: HttpRequest) -> HttpResponseBase:
    """What the list shows, over all its pages, as CSV; sent while it is read. Leaves a row in the trail."""
    reader, listing = _asked(request)
    refusal = _refused(request, listing, settings.EXPORT_MAX_ROWS)
    if refusal:
        return refusal
    _record(request, reader, listing, "csv")
    response = StreamingHttpResponse(activities_csv(listing), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_name("csv")}"'
    return response


def _asked(request: HttpRequest) -> tuple[User, ActivityListing]:
    """Who asks and for what. Raises PermissionDenied for a role that reads no activities anywhere."""
    reader = person(request)
    if not may_read_activities(reader):
        raise PermissionDenied
    return reader, ActivityListing(request.GET, reader=reader)


def _refused(request: HttpRequest, listing: ActivityListing, limit: int) -> HttpResponseBase | None:
    """The way back to the list when it cannot be exported as it is."""
    if not listing.filter.is_usable:
        messages.error(request, _("Nothing was exported: correct the filters first."))
    elif listing.count_of_all > limit:
        message = _("The list has %(count)d activities; a file holds at most %(limit)d. Narrow the filters.")
        messages.error(request, message % {"count": listing.count_of_all, "limit": limit})
    else:
        return None
    return redirect(f"{reverse('activity_list')}?{listing.query()}")


def _record(request: HttpRequest, reader: User, listing: ActivityListing, form: str) -> None:
    filters = sorted(name for name in request.GET if request.GET[name])
    detail = {"rows": listing.count_of_all, "filters": filters, "form": form}
    record_event(actor=reader, kind=AuditEvent.Kind.EXPORTED, about="programs.activity:list", detail=detail)


def _name(suffix: str) -> str:
    return f"{slugify(fold(_('Activities')))}-{timezone.localtime():%Y%m%d-%H%M}.{suffix}"
