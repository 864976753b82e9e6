"""The report snapshot: everything a printed report needs, as plain JSON.

A snapshot is made once, when a draft is built or a report is issued, and is then enough to print the
report again: no database is asked. The types below say what it holds; `check_snapshot` refuses one that
does not fit and names the place.

Text is printed as it stands. Whoever builds the snapshot decides how a figure reads ("01 vụ", "hàng trăm
tin, bài"); nothing is counted or rounded here.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Literal, NoReturn, NotRequired, TypedDict, cast

SCHEMA = 1


class TemplateRef(TypedDict):
    """The report template that chose the sections, and its version."""

    code: str
    version: int


class Area(TypedDict):
    """The area reported on, as it was named when the snapshot was made."""

    code: str
    level: str
    name: str


class Period(TypedDict):
    """The reporting period. `start` and `end` are ISO dates, both included."""

    code: str
    start: str
    end: str
    rule: str
    printed: str


class Signer(TypedDict):
    """Who signs. `authority` is the "TM. BAN CHỈ ĐẠO" line; an empty `name` leaves room for one."""

    authority: str
    position: str
    name: str


class Document(TypedDict):
    """The administrative frame of Decree 30/2020: who issues what to whom.

    `number` and `date` are None until the report is registered. `recipients` are printed in order and
    followed by "Lưu: <archive>". A demonstration report says so at the foot of every page.
    """

    parent_body: str | None
    body: str
    number: int | str | None
    symbol: str
    place: str
    date: str | None
    title: str
    subject: str
    opening: list[str]
    closing: list[str]
    signer: Signer
    recipients: list[str]
    archive: str
    is_demo: bool
    state: Literal["draft", "issued"]


class HeadingBlock(TypedDict):
    """A numbered heading within a section. Level 3 prints "1. ...", level 4 prints "a) ..."."""

    type: Literal["heading"]
    number: str
    text: str
    level: NotRequired[Literal[3, 4]]


class Paragraph(TypedDict):
    """A paragraph and the ids of the figures its words rest on."""

    text: str
    figures: list[str]


class ParagraphsBlock(TypedDict):
    """Running text."""

    type: Literal["paragraphs"]
    paragraphs: list[Paragraph]


class BulletsBlock(TypedDict):
    """A list of points, each printed after a dash."""

    type: Literal["bullets"]
    items: list[str]


class Column(TypedDict):
    """A table column. `is_header` marks the column whose cells name their rows."""

    title: str
    align: Literal["left", "right", "center"]
    is_header: bool


class Row(TypedDict):
    """A table row: one cell for each column."""

    cells: list[str]
    is_total: bool


class TableBlock(TypedDict):
    """A table of figures, or a comparison of periods: the same shape, told apart by `type`."""

    type: Literal["table", "comparison"]
    caption: str
    columns: list[Column]
    rows: list[Row]
    notes: list[str]


class SilentUnitsBlock(TypedDict):
    """How many units were to report, how many did, and which ones said nothing."""

    type: Literal["silent_units"]
    period: str
    expected: int
    reported: int
    nil: int
    missing: list[str]
    text: str


class CitedDocument(TypedDict):
    """A document issued in the period; `printed` is its full citation (see `citation`)."""

    printed: str
    kind: NotRequired[str]
    number: NotRequired[str]
    date: NotRequired[str | None]
    issuer: NotRequired[str]
    subject: NotRequired[str]


class DocumentsBlock(TypedDict):
    """A list of documents issued in the period, under a short lead-in (may be empty)."""

    type: Literal["documents"]
    lead: str
    documents: list[CitedDocument]


Block = HeadingBlock | ParagraphsBlock | BulletsBlock | TableBlock | SilentUnitsBlock | DocumentsBlock


class Section(TypedDict):
    """A section of the report: "I. TÌNH HÌNH ..."."""

    number: str
    title: str
    blocks: list[Block]


class Coverage(TypedDict):
    """Units that were to report, that reported, and that reported nil."""

    expected: int
    reported: int
    nil: int


class Figure(TypedDict):
    """A figure with its provenance. `low` and `high` are decimals written as text; None is open-ended."""

    indicator: str
    name: str
    unit: str
    area: str
    period: str
    by: dict[str, str]
    status: str
    qualifier: str | None
    low: str | None
    high: str | None
    words: str | None
    printed: str
    coverage: Coverage | None
    source: str | None
    records: list[str]


class Snapshot(TypedDict):
    """A whole report. `map` says whether areas are those of the period ("then") or of today ("now")."""

    schema: int
    template: TemplateRef
    generated_at: str
    area: Area
    period: Period
    map: Literal["then", "now"]
    document: Document
    sections: list[Section]
    figures: dict[str, Figure]


FIGURE_STATUSES = ("reported", "confirmed_nil", "missing", "not_due", "suppressed", "not_comparable")


class SnapshotError(ValueError):
    """The snapshot cannot be printed; `path` is the place, such as ``sections[0].blocks[2].rows[1]``."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path or 'snapshot'}: {reason}")
        self.path = path
        self.reason = reason


class _At:
    """A value in the snapshot together with its path, so that a complaint can name the place."""

    def __init__(self, value: object, path: str = "") -> None:
        self.value = value
        self.path = path

    def fail(self, reason: str) -> NoReturn:
        raise SnapshotError(self.path, reason)

    def __getitem__(self, key: str) -> _At:
        path = f"{self.path}.{key}" if self.path else key
        if not isinstance(self.value, Mapping):
            self.fail(f"must be an object, not {type(self.value).__name__}")
        if key not in self.value:
            raise SnapshotError(path, "is missing")
        return _At(self.value[key], path)

    def get(self, key: str) -> _At | None:
        """The field, or None when the object does not have it."""
        return self[key] if isinstance(self.value, Mapping) and key in self.value else None

    def items(self) -> list[_At]:
        if not isinstance(self.value, list):
            self.fail(f"must be a list, not {type(self.value).__name__}")
        return [_At(item, f"{self.path}[{index}]") for index, item in enumerate(self.value)]

    def entries(self) -> list[_At]:
        """The values of an object whose keys are names of the sender's choosing."""
        if not isinstance(self.value, dict):
            self.fail(f"must be an object, not {type(self.value).__name__}")
        return [_At(item, f"{self.path}.{key}") for key, item in self.value.items()]

    def text(self) -> str:
        if not isinstance(self.value, str):
            self.fail(f"must be text, not {type(self.value).__name__}")
        return self.value

    def filled(self) -> str:
        if not self.text().strip():
            self.fail("must not be empty")
        return self.text()

    def text_or_none(self) -> str | None:
        return None if self.value is None else self.text()

    def count(self, least: int = 0) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.fail(f"must be a whole number, not {type(self.value).__name__}")
        if self.value < least:
            self.fail(f"must be at least {least}")
        return self.value

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            self.fail(f"must be true or false, not {type(self.value).__name__}")
        return self.value

    def choice(self, *allowed: object) -> None:
        if self.value not in allowed:
            self.fail(f"must be one of {', '.join(map(str, allowed))}")

    def day(self) -> datetime.date:
        try:
            return datetime.date.fromisoformat(self.text())
        except ValueError:
            self.fail("must be a date such as 2020-06-15")

    def texts(self) -> None:
        for item in self.items():
            item.text()


def check_snapshot(snapshot: object) -> Snapshot:
    """Return the snapshot when it fits the schema.

    Raises SnapshotError, which names the first place that does not fit. Keys not known here are let through.
    """
    root = _At(snapshot)
    root["schema"].choice(SCHEMA)
    root["template"]["code"].filled()
    root["template"]["version"].count(1)
    generated_at = root["generated_at"]
    try:
        moment = datetime.datetime.fromisoformat(generated_at.text())
    except ValueError:
        generated_at.fail("must be a time such as 2026-11-21T12:00:00+00:00")
    if moment.tzinfo is None:
        generated_at.fail("must say its time zone")
    for key in ("code", "level", "name"):
        root["area"][key].filled()
    _check_period(root["period"])
    root["map"].choice("then", "now")
    _check_document(root["document"])
    figures = root["figures"]
    known = {entry.path.removeprefix("figures.") for entry in figures.entries()}
    for entry in figures.entries():
        _check_figure(entry)
    for section in root["sections"].items():
        section["number"].text()
        section["title"].filled()
        for block in section["blocks"].items():
            _check_block(block, known)
    return cast(Snapshot, snapshot)


def _check_period(period: _At) -> None:
    for key in ("code", "rule", "printed"):
        period[key].filled()
    if period["start"].day() > period["end"].day():
        period["end"].fail("must not be before the start")


def _check_document(document: _At) -> None:
    document["parent_body"].text_or_none()
    for key in ("body", "symbol", "place", "title", "subject"):
        document[key].filled()
    number = document["number"]
    if isinstance(number.value, str):
        number.filled()
    elif number.value is not None:
        number.count(1)
    if document["date"].value is not None:
        document["date"].day()
    for key in ("opening", "closing", "recipients"):
        document[key].texts()
    for key in ("authority", "position", "name"):
        document["signer"][key].text()
    document["archive"].text()
    document["is_demo"].flag()
    document["state"].choice("draft", "issued")


def _check_figure(figure: _At) -> None:
    for key in ("indicator", "name", "unit", "area", "period", "printed"):
        figure[key].text()
    figure["status"].choice(*FIGURE_STATUSES)
    for key in ("qualifier", "low", "high", "words", "source"):
        figure[key].text_or_none()
    for value in figure["by"].entries():
        value.text()
    if figure["coverage"].value is not None:
        for key in ("expected", "reported", "nil"):
            figure["coverage"][key].count()
    figure["records"].texts()


def _check_block(block: _At, figures: set[str]) -> None:
    kind = block["type"].text()
    if kind == "paragraphs":
        for paragraph in block["paragraphs"].items():
            paragraph["text"].text()
            for figure in paragraph["figures"].items():
                if figure.text() not in figures:
                    figure.fail(f"names the figure {figure.value}, which the snapshot does not hold")
        return
    if kind not in _BLOCK_CHECKS:
        block["type"].fail(f"must be one of {', '.join(sorted([*_BLOCK_CHECKS, 'paragraphs']))}")
    _BLOCK_CHECKS[kind](block)


def _check_heading(block: _At) -> None:
    block["number"].text()
    block["text"].filled()
    if level := block.get("level"):
        level.choice(3, 4)


def _check_bullets(block: _At) -> None:
    block["items"].texts()


def _check_table(block: _At) -> None:
    block["caption"].text()
    columns = block["columns"].items()
    if not columns:
        block["columns"].fail("must hold at least one column")
    for column in columns:
        column["title"].text()
        column["align"].choice("left", "right", "center")
        column["is_header"].flag()
    for row in block["rows"].items():
        cells = row["cells"].items()
        row["cells"].texts()
        row["is_total"].flag()
        if len(cells) != len(columns):
            row["cells"].fail(f"holds {len(cells)} cells for {len(columns)} columns")
    block["notes"].texts()


def _check_silent_units(block: _At) -> None:
    block["period"].text()
    for key in ("expected", "reported", "nil"):
        block[key].count()
    block["missing"].texts()
    block["text"].text()


def _check_documents(block: _At) -> None:
    block["lead"].text()
    for document in block["documents"].items():
        document["printed"].filled()


_BLOCK_CHECKS: dict[str, Callable[[_At], None]] = {
    "heading": _check_heading,
    "bullets": _check_bullets,
    "table": _check_table,
    "comparison": _check_table,
    "silent_units": _check_silent_units,
    "documents": _check_documents,
}


def printed_day(day: datetime.date) -> str:
    """A date as Decree 30/2020 writes it: "ngày 05 tháng 02 năm 2020", "ngày 15 tháng 6 năm 2020".

    Days below 10 and the months January and February take a leading zero.
    """
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def citation(*, kind: str, number: str, day: datetime.date | None, issuer: str, subject: str) -> str:
    """The first citation of a document under Decree 30/2020: kind, number, date, issuer, subject."""
    parts = [kind]
    if number:
        parts.append(f"số {number}")
    if day is not None:
        parts.append(printed_day(day))
    if issuer:
        parts.append(f"của {issuer}")
    if subject:
        parts.append(subject)
    return " ".join(parts)
