"""Files that go with a submission: checked like every attachment, kept under names made by the server."""

from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.models import User
from programs.attachments import CheckedFile, refuse_too_many_files, refuse_unscanned
from reporting.models import Submission, SubmissionFile
from reporting.models.submission import stored_submission_file
from reporting.services.submissions.locking import writing


def add_files(
    *, submission: Submission, actor: User, version: int, checked: Iterable[CheckedFile]
) -> Submission:
    """Keep checked files with a submission; one whose content is there already is not kept twice.

    Raises ValidationError when there would be too many, PermissionDenied, Locked, TransitionNotAllowed,
    ChangedMeanwhile; UnscannedFile when a scanner is set up and one of them did not come past it.
    """
    files = list(checked)
    refuse_unscanned(files)
    storage = SubmissionFile._meta.get_field("file").storage
    stored: list[str] = []
    try:
        with writing(submission, actor, version) as current:
            held = {each.sha256 for each in current.files.all()}
            fresh = {file.sha256: file for file in files if file.sha256 not in held}
            refuse_too_many_files(kept=len(held), added=len(fresh))
            for file in fresh.values():
                row = SubmissionFile(
                    submission=current,
                    name=file.name,
                    media_type=file.media_type,
                    size=file.size,
                    sha256=file.sha256,
                    scanned=file.scanned,
                    added_by=actor,
                )
                name = storage.save(stored_submission_file(row, file.name), ContentFile(file.content))
                stored.append(name)
                row.file.name = name
                row.save()
    except BaseException:
        for name in stored:
            storage.delete(name)
        raise
    return current


def remove_file(*, submission: Submission, actor: User, version: int, file: int) -> Submission:
    """Take a file off. Raises PermissionDenied, Locked, TransitionNotAllowed, ChangedMeanwhile."""
    with writing(submission, actor, version) as current:
        row = current.files.filter(pk=file).first()
        if row is not None:
            storage, name = row.file.storage, str(row.file.name)
            row.delete()
            transaction.on_commit(lambda: storage.delete(name))
    return current
