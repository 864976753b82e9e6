"""Serving the files of records, and the small pictures of those that are pictures."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.models import AuditEvent, ReadEvent
from accounts.services import record_event
from programs.document_reads import note_document_read
from programs.models import Attachment
from programs.selectors.activity import person
from programs.selectors.attachment import get_attachment, owner_of

_KEPT_SECONDS = 3600


@require_safe
def attachment_download(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """A file to save, never to show: the browser is told nothing of its type. Leaves a row in the trail."""
    return handed_out(request, get_attachment(request, key))


def handed_out(request: HttpRequest, attachment: Attachment) -> FileResponse:
    """The file of an attachment the reader may have. Raises Http404 where its bytes are gone."""
    try:
        file = attachment.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    reader = person(request)
    if attachment.document is not None:
        note_document_read(actor=reader, document=attachment.document, how=ReadEvent.How.EXPORT)
    record_event(
        actor=reader,
        kind=AuditEvent.Kind.EXPORTED,
        about=f"programs.attachment:{attachment.pk}",
        detail=owner_of(attachment),
    )
    response = FileResponse(
        file, as_attachment=True, filename=attachment.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def attachment_thumbnail(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The small picture of a picture, written by the portal itself. Part of the page, so it leaves no row."""
    attachment = get_attachment(request, key)
    if not attachment.thumbnail:
        raise Http404
    try:
        file = attachment.thumbnail.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type="image/jpeg")
    response["Cache-Control"] = f"private, max-age={_KEPT_SECONDS}"
    response["X-Content-Type-Options"] = "nosniff"
    patch_vary_headers(response, ["Cookie"])  # the next person at this machine asks anew
    return response
