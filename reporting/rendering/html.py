"""A snapshot as an HTML page laid out after Decree 30/2020.

The template engine is our own: templates from one folder, escaping always on, no context processors and
no request, so that a report looks the same whatever the settings of the portal.
"""

from __future__ import annotations

import copy
import datetime
import functools
import unicodedata
from pathlib import Path
from typing import TypedDict, cast

from django.template import Context, Engine
from django.utils.safestring import mark_safe

from reporting.rendering.qr import qr_svg
from reporting.rendering.snapshot import (
    AnnexBlock,
    Block,
    Document,
    Section,
    Signer,
    Snapshot,
    check_snapshot,
    printed_day,
)

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "reports"
DEMO_LINE = "DỮ LIỆU TRÌNH DIỄN – không phải văn bản chính thức"
END_MARK = "./."
GENERATOR = "PCMBN report renderer"

# Control, format, surrogate, private and unassigned characters: none of them can be printed, and some
# (bidirectional overrides) make a line read differently from what it says.
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_BREAKS = str.maketrans({"\r": "\n", "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n", "\t": " "})


class Proof(TypedDict):
    """How to tell that the report is genuine, ready to be printed beside its QR code."""

    code: str
    url: str
    page: str
    hash: str
    qr: str


class Frame(TypedDict):
    """The ready-made lines around the text: header, metadata and recipients."""

    number_line: str
    date_line: str
    recipients: list[str]
    demo_line: str
    is_draft: bool
    signer: Signer
    proof: Proof | None
    revision_line: str
    annex_line: str


class Metadata(TypedDict):
    """What the file says about itself. `created` is the snapshot's time, never the clock's."""

    title: str
    author: str
    description: str
    keywords: list[str]
    generator: str
    created: str


class ReportContext(TypedDict):
    """What the report's templates show, for print and for the portal's page alike."""

    document: Document
    frame: Frame
    metadata: Metadata
    sections: list[Section]
    annexes: list[AnnexBlock]
    ends_apart: bool


def clean(text: str) -> str:
    """The text without unprintable characters, in NFC. Line breaks of any kind become newlines."""
    if not text.isprintable():
        text = text.replace("\r\n", "\n").translate(_BREAKS)
        text = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in UNPRINTABLE)
    return unicodedata.normalize("NFC", text)


def report_context(snapshot: object) -> ReportContext:
    """The snapshot checked, cleaned and set out for the templates. The snapshot itself is not changed.

    Raises SnapshotError when the snapshot does not fit the schema.
    """
    checked = cast(Snapshot, _cleaned(check_snapshot(snapshot)))
    document = checked["document"]
    document["opening"] = _lines(document["opening"])
    document["closing"] = _lines(document["closing"])
    for section in checked["sections"]:
        for block in section["blocks"]:
            if block["type"] == "paragraphs":
                block["paragraphs"] = [
                    {"text": line, "figures": paragraph["figures"]}
                    for paragraph in block["paragraphs"]
                    for line in _lines([paragraph["text"]])
                ]
    sections, annexes = _set_apart(checked["sections"])
    return {
        "document": document,
        "frame": _frame(checked),
        "metadata": _metadata(checked),
        "sections": sections,
        "annexes": annexes,
        "ends_apart": not _put_end_mark(document, sections),
    }


def render_html(snapshot: object) -> str:
    """The report as one HTML page, without its style sheet. Raises SnapshotError."""
    return _engine().get_template("report.html").render(Context(dict(report_context(snapshot))))


@functools.cache
def _engine() -> Engine:
    libraries = {"report_blocks": "reporting.templatetags.report_blocks"}
    return Engine(dirs=[str(TEMPLATES)], autoescape=True, context_processors=[], libraries=libraries)


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _cleaned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    return copy.copy(value)


def _set_apart(sections: list[Section]) -> tuple[list[Section], list[AnnexBlock]]:
    """The sections without their annexes, and the annexes in order. A section of nothing else is left out."""
    annexes: list[AnnexBlock] = []
    kept: list[Section] = []
    for section in sections:
        own: list[Block] = []
        for block in section["blocks"]:
            if block["type"] == "annex":
                annexes.append(block)
            else:
                own.append(block)
        if own or not section["blocks"]:
            kept.append({"number": section["number"], "title": section["title"], "blocks": own})
    return kept, annexes


def _lines(texts: list[str]) -> list[str]:
    """Each line of an officer's text is a paragraph of its own."""
    return [line.strip() for text in texts for line in text.split("\n") if line.strip()]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _frame(snapshot: Snapshot) -> Frame:
    document = snapshot["document"]
    return {
        "number_line": _number_line(document["number"], document["symbol"]),
        "date_line": _date_line(document["place"], document["date"], snapshot["period"]["end"]),
        "recipients": _recipient_lines(document["recipients"], document["archive"]),
        "demo_line": DEMO_LINE if document["is_demo"] else "",
        "is_draft": document["state"] == "draft",
        "signer": document["signer"],
        "proof": _proof(document),
        "revision_line": _revision_line(document),
        "annex_line": _annex_line(document, snapshot["period"]["end"]),
    }


def _proof(document: Document) -> Proof | None:
    verification = document.get("verification")
    if not verification:
        return None
    url = verification["url"].strip()
    return {
        "code": verification["code"].strip(),
        "url": url,
        # The page without the code, which stands above it; easier to type than the whole address.
        "page": url.removesuffix(verification["code"].strip()).rstrip("/?=").split("://", 1)[-1] or url,
        "hash": verification["hash"].strip(),
        "qr": mark_safe(qr_svg(url, f"Mã QR tra cứu văn bản: {url}")),  # noqa: S308 - escaped where it is drawn
    }


def _revision_line(document: Document) -> str:
    """ "(Bản sửa đổi lần 1, thay thế Báo cáo số 15/BC-BCĐ ...)"; empty for a first issue."""
    revision = document.get("revision")
    if not revision:
        return ""
    return f"(Bản sửa đổi lần {revision['number']}, thay thế {_one_line(revision['of'])})"


def _annex_line(document: Document, period_end: str) -> str:
    """What ties an annex to its report: "(Kèm theo Báo cáo số 15/BC-BCĐ ngày ... của ...)"."""
    number = _number_line(document["number"], document["symbol"]).removeprefix("Số: ")
    date = document["date"]
    day = (
        f"ngày   tháng   năm {period_end[:4]}"
        if date is None
        else printed_day(datetime.date.fromisoformat(date))
    )
    kind = _one_line(document["title"]).capitalize()
    return f"(Kèm theo {kind} số {number} {day} của {_one_line(document['body'])})"


def _number_line(number: int | str | None, symbol: str) -> str:
    """ "Số: 05/BC-BCĐ"; room to write the number in while there is none."""
    if number is None:
        return f"Số:      /{symbol}"
    printed = str(number).strip()
    return f"Số: {printed.zfill(2) if printed.isdecimal() else printed}/{symbol}"


def _date_line(place: str, date: str | None, period_end: str) -> str:
    """The place and date; while there is no date, the year is that of the period's end."""
    if date is None:
        return f"{place}, ngày   tháng   năm {period_end[:4]}"
    return f"{place}, {printed_day(datetime.date.fromisoformat(date))}"


def _recipient_lines(recipients: list[str], archive: str) -> list[str]:
    named = [_one_line(recipient).strip(" -;.") for recipient in recipients]
    lines = [f"- {name}" for name in named if name]
    if archive.strip():
        lines.append(f"- Lưu: {_one_line(archive).strip(' -;.')}")
    return [f"{line}{'.' if index == len(lines) else ';'}" for index, line in enumerate(lines, start=1)]


def _metadata(snapshot: Snapshot) -> Metadata:
    document = snapshot["document"]
    keywords = [snapshot["template"]["code"], snapshot["area"]["name"], snapshot["period"]["code"]]
    if document["state"] == "draft":
        keywords.append("dự thảo")
    if document["is_demo"]:
        keywords.append(DEMO_LINE)
    moment = datetime.datetime.fromisoformat(snapshot["generated_at"])
    return {
        "title": _one_line(f"{document['title']} – {document['subject']}"),
        "author": _one_line(document["body"]),
        "description": _one_line(f"{snapshot['area']['name']}, {snapshot['period']['printed']}"),
        "keywords": keywords,
        "generator": f"{GENERATOR} ({snapshot['template']['code']}, {snapshot['template']['version']})",
        "created": moment.isoformat(timespec="seconds"),
    }


def _put_end_mark(document: Document, sections: list[Section]) -> bool:
    """Close the last sentence of the body with "./."; False when the body does not end in a sentence."""
    if document["closing"]:
        document["closing"][-1] = _ended(document["closing"][-1])
        return True
    blocks = sections[-1]["blocks"] if sections else []
    if not blocks:
        if not sections and document["opening"]:
            document["opening"][-1] = _ended(document["opening"][-1])
            return True
        return False
    return _end_block(blocks[-1])


def _end_block(block: Block) -> bool:
    if block["type"] == "paragraphs" and block["paragraphs"]:
        block["paragraphs"][-1]["text"] = _ended(block["paragraphs"][-1]["text"])
        return True
    if block["type"] == "bullets" and block["items"]:
        block["items"][-1] = _ended(block["items"][-1])
        return True
    if block["type"] == "documents" and block["documents"]:
        block["documents"][-1]["printed"] = _ended(block["documents"][-1]["printed"])
        return True
    return False


def _ended(text: str) -> str:
    return text.rstrip(" ./;") + END_MARK
