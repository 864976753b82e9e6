"""Files are kept under names made by the server; those of a write that failed are taken away again."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.models import User
from programs.attachments.checking import CheckedFile
from programs.attachments.scanning import is_scanning
from programs.models import Activity, Attachment, Document, ProgressNote
from programs.models.attachment import stored_name, thumbnail_name


class UnscannedFile(RuntimeError):
    """A file was about to be stored that no scanner saw, though one is set up."""


def refuse_unscanned(files: Iterable[CheckedFile]) -> None:
    """Raise UnscannedFile when a scanner is set up and one of the files did not come past it."""
    if is_scanning() and any(file.scanned != Attachment.Scanned.CLEAN for file in files):
        raise UnscannedFile


class StoredFiles:
    """The files put into storage by one write."""

    def __init__(self) -> None:
        self._storage = Attachment._meta.get_field("file").storage
        self._names: list[str] = []

    def attach(
        self,
        *,
        actor: User,
        checked: Iterable[CheckedFile],
        activity: Activity | None = None,
        document: Document | None = None,
        progress_note: ProgressNote | None = None,
    ) -> list[Attachment]:
        """Store checked files and add their rows, owned by the one record that is given.

        Raises UnscannedFile when a scanner is set up and one of them did not come past it.
        """
        files = list(checked)
        refuse_unscanned(files)
        return [
            self._attach(
                Attachment(
                    activity=activity,
                    document=document,
                    progress_note=progress_note,
                    name=file.name,
                    media_type=file.media_type,
                    size=file.size,
                    sha256=file.sha256,
                    scanned=file.scanned,
                    added_by=actor,
                ),
                file,
            )
            for file in files
        ]

    def _attach(self, attachment: Attachment, file: CheckedFile) -> Attachment:
        attachment.file.name = self._store(stored_name(attachment, file.name), file.content)
        if file.thumbnail:
            attachment.thumbnail.name = self._store(thumbnail_name(attachment, file.name), file.thumbnail)
        attachment.save()
        return attachment

    def _store(self, name: str, content: bytes) -> str:
        self._names.append(name)
        return self._storage.save(name, ContentFile(content))

    def take_away(self) -> None:
        for name in self._names:
            self._storage.delete(name)


@contextmanager
def stored_files() -> Iterator[StoredFiles]:
    """Files stored within are removed when the block fails. Open it around the transaction."""
    files = StoredFiles()
    try:
        yield files
    except BaseException:
        files.take_away()
        raise


def take_off(attachment: Attachment) -> None:
    """Take an attachment off; its history row stays, its bytes go once that is certain."""
    storage = attachment.file.storage
    names = [name for name in (attachment.file.name, attachment.thumbnail.name) if name]
    attachment.delete()
    for name in names:
        transaction.on_commit(lambda name=name: storage.delete(name))  # type: ignore[misc]


def not_held_yet(checked: Iterable[CheckedFile], held: Iterable[Attachment]) -> list[CheckedFile]:
    """The files whose content is not there already, each once: a second click stores nothing twice."""
    known = {attachment.sha256 for attachment in held}
    return list({file.sha256: file for file in checked if file.sha256 not in known}.values())
