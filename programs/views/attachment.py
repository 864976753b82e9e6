"""Serving the files of activities."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.models import AuditEvent
from accounts.services import record_event
from programs.models import Attachment
from programs.selectors.activity import get_activity, person


@require_safe
def attachment_download(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """A file to save, never to show: the browser is told nothing of its type. Leaves a row in the trail."""
    attachment = Attachment.objects.filter(key=key).first()
    if attachment is None:
        raise Http404
    activity = get_activity(request, attachment.activity_id)
    try:
        file = attachment.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    record_event(
        actor=person(request),
        kind=AuditEvent.Kind.EXPORTED,
        about=f"programs.attachment:{attachment.pk}",
        detail={"activity": activity.pk},
    )
    response = FileResponse(
        file, as_attachment=True, filename=attachment.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
