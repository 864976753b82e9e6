"""The report snapshot: everything a printed report needs, as plain JSON.

A snapshot is made once, when a draft is built or a report is issued, and is then enough to print the
report again: no database is asked. The types below say what it holds; `check_snapshot` refuses one that
does not fit and names the place.

Text is printed as it stands. Whoever builds the snapshot decides how a figure reads ("01 vụ", "hàng trăm
tin, bài"); nothing is counted or rounded here.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

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


class Verification(TypedDict):
    """How a reader tells a genuine report: printed beside a QR code on the first page.

    `code` is what is typed on the public page, `url` the address of that page with the code (http or https;
    it is what the QR code holds), `hash` the SHA-256 of the content in hexadecimal (may be empty).
    """

    code: str
    url: str
    hash: str


class Revision(TypedDict):
    """Which issue of the report this is: `number` 1 for the first correction, `of` what it takes the place of
    ("Báo cáo số 15/BC-BCĐ ngày 15 tháng 6 năm 2020"). What differs is told by a block `differences`.
    """

    number: int
    of: str


class Document(TypedDict):
    """The administrative frame of Decree 30/2020: who issues what to whom.

    `number` and `date` are None until the report is registered. `recipients` are printed in order and
    followed by "Lưu: <archive>". A demonstration report says so at the foot of every page; a draft says
    "DỰ THẢO" below its number and across every page. `verification` and `revision` may be left out or None.
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
    verification: NotRequired[Verification | None]
    revision: NotRequired[Revision | None]


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


class ChartCategory(TypedDict):
    """What a chart's values are about. Places of a map carry their position in degrees, as decimal text."""

    label: str
    latitude: NotRequired[str | None]
    longitude: NotRequired[str | None]


class ChartValue(TypedDict):
    """One value: `number` (decimal text) is drawn, `printed` stands beside it.

    `number` is None where the status is missing, not_due or suppressed, and for figures in words. `qualifier` is
    one of territory.figure.Qualifier (left out: exact). `state` is for heat maps of filings: one of
    reporting.charts.STATES (left out or empty: none).
    """

    number: str | None
    printed: str
    status: str
    qualifier: NotRequired[str | None]
    state: NotRequired[str | None]


class ChartSeries(TypedDict):
    """Values of one name, one for each category of the chart."""

    name: str
    values: list[ChartValue]


class ChartBlock(TypedDict):
    """A chart; `reporting.charts.Chart.as_block` makes one, `KINDS` there says what each kind asks.

    `title` is printed above ("Biểu đồ 1. ..."), `unit`, `period` and `source` below; `source` may be empty.
    `alt` replaces the alternative text made of the values; leave it empty unless the words say more than they do.
    """

    type: Literal["chart"]
    kind: str
    title: str
    unit: str
    period: str
    source: str
    categories: list[ChartCategory]
    series: list[ChartSeries]
    alt: str


class ColumnGroup(TypedDict):
    """A heading over some columns side by side; an empty `title` leaves them without one."""

    title: str
    span: int


class AnnexBlock(TypedDict):
    """A table by unit on pages of its own after the signature, in landscape, its head repeated on each page.

    Wherever it stands among the blocks, it is printed at the end, in order; a section of nothing else is not
    printed. `number` prints "Phụ lục I". `groups`, when not empty, is a second line of headings over the
    columns, their spans adding up to them. `title` is printed in capitals, `caption` below it ("Đơn vị tính:
    người"; may be empty).
    """

    type: Literal["annex"]
    number: str
    title: str
    caption: str
    groups: list[ColumnGroup]
    columns: list[Column]
    rows: list[Row]
    notes: list[str]


class Approval(TypedDict):
    """A step on the way to issue: what was done, by whom, and when. All printed as they stand; may be empty."""

    step: str
    name: str
    position: str
    date: str


class ApprovalsBlock(TypedDict):
    """Who drafted, reviewed and signed, as a small table."""

    type: Literal["approvals"]
    caption: str
    steps: list[Approval]


class Difference(TypedDict):
    """One thing in which a revision differs, as printed before and now. An empty side was or is not there."""

    what: str
    before: str
    after: str


class DifferencesBlock(TypedDict):
    """In what a revision differs from the issue it takes the place of."""

    type: Literal["differences"]
    caption: str
    differences: list[Difference]


Block = (
    HeadingBlock
    | ParagraphsBlock
    | BulletsBlock
    | TableBlock
    | SilentUnitsBlock
    | DocumentsBlock
    | ChartBlock
    | AnnexBlock
    | ApprovalsBlock
    | DifferencesBlock
)


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
