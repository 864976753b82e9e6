"""The read log of documents. Those of the nation are for everybody inside; of all others it is kept who opened them."""

from django.db import transaction

from accounts.models import ReadEvent, User
from accounts.reading import record_reads
from programs.models import Document
from territory.models import Level


def note_document_read(*, actor: User, document: Document, how: ReadEvent.How) -> None:
    """Note that the document, or a file of it, is shown to this person. Call it before anything is shown."""
    if document.area.level == Level.NATION:
        return
    with transaction.atomic():
        record_reads(actor=actor, records=[document], how=how)
