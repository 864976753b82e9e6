"""Checking and storing an uploaded workbook of people or of agencies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.scoping import scope_of
from programs.directory_workbook.agencies import AgencyJudge, add
from programs.directory_workbook.judging import Judged
from programs.directory_workbook.layout import LAYOUTS
from programs.directory_workbook.people import PeopleJudge, invite
from programs.models import DirectoryUpload, DirectoryUploadRow
from programs.workbook.checking import Tally, all_placed, check_sheet
from programs.workbook.kind import Kind
from programs.workbook.leases import UploadKeeper, UploadLease
from programs.workbook.reading import RawRow
from programs.workbook.writing import Lists

Subject = DirectoryUpload.Subject


class DirectoryJudge(Protocol):
    """Who reads the rows of one workbook for one person."""

    def lists(self) -> Lists: ...

    def read(self, rows: Sequence[RawRow]) -> list[Judged]: ...


@dataclass(frozen=True)
class Way:
    """How a row of a subject is judged and stored, and the column at which a refusal without a field is said."""

    judge: Callable[[User], DirectoryJudge]
    store: Callable[[User, DirectoryUploadRow, Judged], None]
    names: str


WAYS = {
    Subject.PEOPLE: Way(PeopleJudge, invite, "email"),
    Subject.AGENCIES: Way(AgencyJudge, add, "name"),
}


def _keeps(subject: str, user: User) -> bool:
    return scope_of(user).may(DirectoryUpload.KEPT_BY[subject])


def _check(subject: Subject, lease: UploadLease, keeper: UploadKeeper) -> Tally:
    layout, judge = LAYOUTS[subject], WAYS[subject].judge(lease.work.by)
    return check_sheet(
        lease,
        keeper,
        model=DirectoryUploadRow,
        layout=layout,
        judge=lambda rows: [row.in_order_of(layout) for row in judge.read(rows)],
    )


def _store(subject: Subject, lease: UploadLease, keeper: UploadKeeper, faulty: list[Any]) -> int:
    """Store the good rows one by one, within the caller's transaction; returns how many."""
    upload, way = lease.work, WAYS[subject]
    rows = list(DirectoryUploadRow.objects.filter(upload=upload, is_good=True).order_by("number"))
    judged = way.judge(upload.by).read([RawRow(row.number, row.values) for row in rows])
    for done, (row, read) in enumerate(zip(rows, judged, strict=True), start=1):
        if not read.errors:
            _store_row(way, upload.by, row, read)
        if read.errors:
            row.errors = all_placed(read.errors, row.number)
            faulty.append(row)
        keeper.note(done=done)
    if not faulty:
        DirectoryUploadRow.objects.bulk_update(rows, ["person", "agency"], batch_size=500)
    return len(rows)


def _store_row(way: Way, actor: User, row: DirectoryUploadRow, read: Judged) -> None:
    """Store one row, or say in it why not."""
    try:
        with transaction.atomic():
            way.store(actor, row, read)
    except ValidationError as refused:
        read.refuse_all(refused, at=way.names)
    except PermissionDenied:
        read.refuse(way.names, _("Your role no longer reaches this. Ask an administrator of the area above."))
    except IntegrityError:
        read.refuse(
            way.names, _("Somebody entered the same at this moment. Look it up, then remove the row.")
        )


def _kind(subject: Subject) -> Kind:
    return Kind(
        DirectoryUpload,
        DirectoryUploadRow,
        partial(_keeps, subject),
        partial(_check, subject),
        partial(_store, subject),
    )


#: People with their roles, and agencies, one a row.
KINDS = {str(subject): _kind(subject) for subject in Subject}
