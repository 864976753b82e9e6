"""Files are kept under names made by the server; those of a write that failed are taken away again."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from accounts.files.checking import CheckedFile
from accounts.files.storing import WrittenFiles, forget_when_certain, refuse_unscanned, written
from accounts.models import User
from programs.models import Activity, Attachment, Document, ProgressNote
from programs.models.attachment import stored_name, thumbnail_name


class StoredFiles(WrittenFiles):
    """The files of records put into storage by one write."""

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
        attachment.file.name = self.write(stored_name(attachment, file.name), file.content)
        if file.thumbnail:
            attachment.thumbnail.name = self.write(thumbnail_name(attachment, file.name), file.thumbnail)
        attachment.save()
        return attachment


@contextmanager
def stored_files() -> Iterator[StoredFiles]:
    """Files stored within are removed when the block fails. Open it around the transaction."""
    with written(StoredFiles()) as files:
        yield files


def take_off(attachment: Attachment) -> None:
    """Take an attachment off; its history row stays, its bytes go once that is certain."""
    names = (attachment.file.name, attachment.thumbnail.name)
    attachment.delete()
    forget_when_certain(names)


def not_held_yet(checked: Iterable[CheckedFile], held: Iterable[Attachment]) -> list[CheckedFile]:
    """The files whose content is not there already, each once: a second click stores nothing twice."""
    known = {attachment.sha256 for attachment in held}
    return list({file.sha256: file for file in checked if file.sha256 not in known}.values())
