"""Uploads of activities: what is checked, and what storing them does."""

from accounts.models import User
from accounts.scoping import scope_of
from programs.models import ActivityUpload, UploadRow
from programs.workbook.checking import all_placed, check_rows
from programs.workbook.choices import Choices
from programs.workbook.kind import Kind
from programs.workbook.leases import UploadKeeper, UploadLease
from programs.workbook.rows import RowReader
from programs.workbook.storing import (
    Filing,
    file_activities,
    note_filed,
    submission_key,
    tell_heads_of_upload,
)

_BATCH = 1000


def _files_somewhere(user: User) -> bool:
    return scope_of(user).may("activity.write")


def _store_rows(lease: UploadLease, keeper: UploadKeeper, faulty: list[UploadRow]) -> int:
    upload = lease.work
    reader = RowReader(Choices(upload.by))
    stored, last = 0, 0
    while rows := list(
        UploadRow.objects.filter(upload=upload, is_good=True, number__gt=last).order_by("number")[:_BATCH]
    ):
        last = rows[-1].number
        parsed = [(row, reader.read(row.values)) for row in rows]
        for row, read in parsed:
            if read.errors:
                row.errors = all_placed(read.errors, row.number)
                faulty.append(row)
        if not faulty:
            filings = [Filing(submission_key(upload, row.number), read) for row, read in parsed]
            note_filed(rows, file_activities(actor=upload.by, filings=filings))
        stored += len(rows)
        keeper.note(done=stored)
    return stored


#: Activities, one a row.
ACTIVITIES = Kind(ActivityUpload, UploadRow, _files_somewhere, check_rows, _store_rows, tell_heads_of_upload)
