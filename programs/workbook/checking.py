"""Which workbooks are taken, and the check of all their rows."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.files.office import office_kind, refuse_unsafe_office
from accounts.leases import LeaseLost
from programs.models import Activity, UploadRow, WorkbookRow
from programs.workbook.cells import FileRefused, Workbook
from programs.workbook.choices import Choices
from programs.workbook.columns import Layout
from programs.workbook.leases import UploadKeeper, UploadLease, leases_on
from programs.workbook.reading import RawRow, raw_sheet
from programs.workbook.rows import ParsedRow, RowReader
from territory.text import control_characters, normalise

NAME_LIMIT = 120
_BATCH = 500
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Parts of a workbook that fetch or hold something else, besides those that no attachment may have.
_FOREIGN_PARTS = ("/embeddings/", "/connections.xml", "/querytables/", "/webextensions/", "/customdata/")


@dataclass(frozen=True)
class TakenFile:
    """A workbook that was looked into from outside: its archive is sound and holds nothing that acts."""

    name: str
    content: bytes
    sha256: str


def taken_file(upload: "UploadedFile[Any]") -> TakenFile:
    """Look into an uploaded workbook without opening its sheets. Raises ValidationError that says what is wrong."""
    name = _tidy_name(upload.name or "")
    params = {"name": name, "limit": settings.UPLOAD_MAX_BYTES // 1024 // 1024}
    if (upload.size or 0) > settings.UPLOAD_MAX_BYTES:
        raise ValidationError(
            _("“%(name)s” is too large: a workbook may have at most %(limit)d MB. Upload it in parts."),
            "too_large",
            params,
        )
    upload.seek(0)
    content = upload.read(settings.UPLOAD_MAX_BYTES + 1)
    if not content:
        raise ValidationError(_("“%(name)s” is empty."), "empty", params)
    if content.startswith(_OLD_OFFICE):
        raise ValidationError(
            _(
                "“%(name)s” is protected by a password or saved in an old Excel format."
                " Save it as xlsx without a password."
            ),
            "encrypted",
            params,
        )
    if PurePosixPath(name).suffix.lower() != ".xlsx" or office_kind(content) != "xlsx":
        raise ValidationError(
            _("“%(name)s” is no Excel workbook. Fill in the template and save it as xlsx."),
            "not_xlsx",
            params,
        )
    refuse_unsafe_office(content, name=name)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        paths = [f"/{member.lower()}" for member in archive.namelist()]
    if any(part in path for path in paths for part in _FOREIGN_PARTS):
        raise ValidationError(
            _(
                "“%(name)s” holds embedded objects or connections to other data."
                " Copy the rows into a fresh template."
            ),
            "embedded",
            params,
        )
    return TakenFile(name, content, hashlib.sha256(content).hexdigest())


def _tidy_name(name: str) -> str:
    """The file's name as it is shown, its end kept when it is shortened."""
    base = normalise(name).replace("\\", "/").rsplit("/", 1)[-1]
    refused = set(control_characters(base)) | {"\n", "\t"}
    shown = "".join(c for c in base if c not in refused).strip() or "file"
    return shown if len(shown) <= NAME_LIMIT else f"{shown[: NAME_LIMIT - 10]}…{shown[-9:]}"


@dataclass
class Tally:
    """How many rows there were; ``more`` are columns of an upload of this kind."""

    rows: int = 0
    good: int = 0
    bad: int = 0
    warned: int = 0
    more: dict[str, Any] = field(default_factory=dict)

    def count(self, rows: Sequence[WorkbookRow]) -> None:
        """Count rows that were judged."""
        self.rows += len(rows)
        self.good += sum(row.is_good for row in rows)
        self.warned += sum(row.is_good and bool(row.warnings) for row in rows)
        self.bad = self.rows - self.good

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of the upload."""
        return {"rows": self.rows, "good": self.good, "bad": self.bad, "warned": self.warned, **self.more}


def check_rows(lease: UploadLease, keeper: UploadKeeper) -> Tally:
    """Read and judge all rows of an upload's file, and keep them beside it.

    Raises FileRefused when the file as a whole cannot be read, LeaseLost when another worker has taken over.
    """
    upload = lease.work
    tally, seen, agencies = Tally(), _Seen(), set[int]()
    replace_rows(lease, UploadRow, None)
    with upload.file.open("rb") as file, Workbook(file) as book:
        sheet = raw_sheet(book, most_rows=settings.UPLOAD_MAX_ROWS)
        reader = RowReader(Choices(upload.by))
        for batch in batches(sheet.rows):
            parsed = [(raw, reader.read(raw.values, raw.problems)) for raw in batch]
            warnings = seen.look(parsed)
            rows = [_kept(lease, raw, row, warnings.get(raw.number), sheet.letters) for raw, row in parsed]
            replace_rows(lease, UploadRow, rows)
            tally.count(rows)
            agencies |= {row.fields["agency"].pk for _raw, row in parsed if "agency" in row.fields}
            keeper.note(done=tally.rows)
    if not tally.rows:
        raise FileRefused("no_rows")
    tally.more["agency_id"] = next(iter(agencies)) if len(agencies) == 1 else None
    return tally


class Verdict(Protocol):
    """What was found wrong with a row, and what is to be noticed, by key of the column."""

    @property
    def errors(self) -> Mapping[str, Sequence[str]]: ...

    @property
    def warnings(self) -> Mapping[str, Sequence[str]]: ...


def check_sheet(
    lease: UploadLease,
    keeper: UploadKeeper,
    *,
    model: Any,
    layout: Layout,
    judge: Callable[[Sequence[RawRow]], Iterable[Verdict]],
    takes: Callable[[RawRow], bool] = lambda _row: True,
) -> Tally:
    """Read an upload's file by a layout, have its rows judged in order, and keep them beside it as rows of ``model``.

    Rows that ``takes`` does not take are passed over. Raises FileRefused when the file as a whole cannot be read,
    LeaseLost when another worker has taken over.
    """
    upload, tally = lease.work, Tally()
    replace_rows(lease, model, None)
    with upload.file.open("rb") as file, Workbook(file) as book:
        sheet = raw_sheet(book, most_rows=upload.most_rows, layout=layout)
        for batch in batches(filter(takes, sheet.rows)):
            rows = [
                model(
                    upload=upload,
                    number=raw.number,
                    values={key: storable(text) for key, text in raw.values.items()},
                    errors=all_placed(verdict.errors, raw.number, sheet.letters),
                    warnings=all_placed(verdict.warnings, raw.number, sheet.letters),
                    is_good=not verdict.errors,
                )
                for raw, verdict in zip(batch, judge(batch), strict=True)
            ]
            replace_rows(lease, model, rows)
            tally.count(rows)
            keeper.note(done=tally.rows)
    if not tally.rows:
        raise FileRefused("no_rows")
    return tally


def batches(rows: Iterator[RawRow]) -> Iterator[list[RawRow]]:
    batch: list[RawRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def replace_rows(lease: UploadLease, model: Any, rows: Sequence[WorkbookRow] | None) -> None:
    """Add rows of ``model`` to those kept; with None, forget those that a worker before left behind.

    Raises LeaseLost.
    """
    with transaction.atomic():
        if not leases_on(type(lease.work)).held(lease).select_for_update().exists():
            raise LeaseLost(f"upload {lease.work.pk}")
        if rows is None:
            model.objects.filter(upload=lease.work).delete()
        else:
            model.objects.bulk_create(rows)


def _kept(
    lease: UploadLease, raw: RawRow, row: ParsedRow, warning: str | None, letters: dict[str, str]
) -> UploadRow:
    return UploadRow(
        upload=lease.work,
        number=raw.number,
        values={key: storable(text) for key, text in raw.values.items()},
        errors=all_placed(row.errors, raw.number, letters),
        warnings=[placed("title", warning, raw.number, letters)] if warning else [],
        is_good=not row.errors,
    )


def all_placed(
    told: Mapping[str, Sequence[str]], number: int, letters: Mapping[str, str] = MappingProxyType({})
) -> list[dict[str, str]]:
    """Messages by key of the column, each with the cell it is about."""
    return [placed(key, message, number, letters) for key, messages in told.items() for message in messages]


def placed(key: str, message: str, number: int, letters: Mapping[str, str]) -> dict[str, str]:
    """A message with the cell it is about."""
    cell = f"{letters[key]}{number}" if key in letters else ""
    return {"key": key, "cell": cell, "message": storable(message)}


def storable(text: str) -> str:
    """The text without characters that JSON in PostgreSQL cannot hold; a row that has them is refused anyway."""
    refused = set(control_characters(text))
    return "".join("\ufffd" if c in refused else c for c in text) if refused else text


class _Seen:
    """Rows that look like one before, or like an activity that is there already."""

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {}

    def look(self, parsed: Iterable[tuple[RawRow, ParsedRow]]) -> dict[int, str]:
        """The warnings for these rows by number."""
        sound = [(raw, row.sameness) for raw, row in parsed if not row.errors]
        filed = _filed_like([sameness for _raw, sameness in sound])
        warnings: dict[int, str] = {}
        for raw, sameness in sound:
            before = self.numbers.setdefault(hash(sameness), raw.number)
            if before != raw.number:
                warnings[raw.number] = _(
                    "Row %(row)d has the same agency, area, kind, title and days. Store both only if both took place."
                ) % {"row": before}
            elif sameness in filed:
                warnings[raw.number] = _(
                    "An activity with the same agency, area, kind, title and days is in the portal already."
                )
        return warnings


def _filed_like(samenesses: list[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """Which of these are filed already."""
    if not samenesses:
        return set()
    agencies, _areas, _kinds, titles, starts, ends = (set(column) for column in zip(*samenesses, strict=True))
    filed = Activity.objects.unscoped("agencies for which the rows were judged to be the actor's").filter(
        agency__in=agencies,
        title__in=titles,
        ended_on__range=(min(ends), max(ends)),
        started_on__gte=min(starts),
    )
    columns = ("agency_id", "area_id", "kind", "title", "started_on", "ended_on")
    return set(filed.values_list(*columns)) & set(samenesses)
