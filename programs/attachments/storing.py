"""Files are kept under names made by the server; those of a write that failed are taken away again."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.core.files.base import ContentFile

from accounts.models import User
from programs.attachments.checking import CheckedFile
from programs.models import Activity, Attachment
from programs.models.attachment import stored_name


class StoredFiles:
    """The files put into storage by one write."""

    def __init__(self) -> None:
        self._storage = Attachment._meta.get_field("file").storage
        self._names: list[str] = []

    def attach(self, *, activity: Activity, actor: User, checked: Iterable[CheckedFile]) -> list[Attachment]:
        """Store checked files and add their rows."""
        return [self._attach(activity, actor, file) for file in checked]

    def _attach(self, activity: Activity, actor: User, file: CheckedFile) -> Attachment:
        attachment = Attachment(
            activity=activity,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
            added_by=actor,
        )
        name = stored_name(attachment, file.name)
        self._names.append(name)
        attachment.file.name = self._storage.save(name, ContentFile(file.content))
        attachment.save()
        return attachment

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
