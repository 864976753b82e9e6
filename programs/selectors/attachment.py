"""Files a person may have: those of a record that the person may see."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from programs.models import Activity, Assignment, Attachment, Document
from programs.selectors.activity import get_activity
from programs.selectors.document import get_document
from programs.selectors.task import get_assignment


def attachments_of(record: Activity | Document) -> "QuerySet[Attachment]":
    """The files of a record, in the order in which they came, with who added them."""
    files: QuerySet[Attachment] = record.attachments.select_related("added_by")
    return files


def files_of_notes(assignment: Assignment) -> "QuerySet[Attachment]":
    """The files of what a unit told of its task, with who added them. The caller has let the reader in."""
    return Attachment.objects.filter(progress_note__assignment=assignment).select_related("added_by")


def get_attachment(request: HttpRequest, key: UUID) -> Attachment:
    """The attachment, found and allowed: its owner is a record the person may see.

    Raises Http404 when there is none, and when the person may not see the record it belongs to.
    """
    attachment = Attachment.objects.select_related("progress_note", "document__area").filter(key=key).first()
    if attachment is None:
        raise Http404
    if attachment.activity_id is not None:
        get_activity(request, attachment.activity_id)
    elif attachment.document_id is not None:
        get_document(request, attachment.document_id)
    else:
        assert attachment.progress_note is not None
        get_assignment(request, attachment.progress_note.assignment_id)
    return attachment


def owner_of(attachment: Attachment) -> dict[str, Any]:
    """Whose file it is, as the trail notes it: {"document": 12}."""
    owners = ("activity", "document", "progress_note")
    return {name: key for name in owners if (key := getattr(attachment, f"{name}_id")) is not None}
