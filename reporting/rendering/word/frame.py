"""What stands around the text: the national header, the title, recipients and signature."""

from __future__ import annotations

import io
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from reporting.rendering.html import Proof, ReportContext
from reporting.rendering.qr import qr_png
from reporting.rendering.word import marks

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"


def add_header(document: Any, report: ReportContext) -> None:
    """Issuing body and number on the left, the nation, place and date on the right."""
    own, around = report["document"], report["frame"]
    # An empty paragraph would stand above the table; the document's first one is taken for it.
    table = document.add_table(2, 2)
    marks.set_columns(table, (75, 90))
    left, right = table.rows[0].cells
    if own["parent_body"]:
        _line(left, own["parent_body"].upper(), size=12)
    _line(left, own["body"].upper(), size=12, bold=True)
    _rule(left, side=26)
    _line(right, NATION, size=12, bold=True)
    _line(right, MOTTO, size=13, bold=True)
    _rule(right, side=16)
    left, right = table.rows[1].cells
    _line(left, around["number_line"], size=13)
    if around["is_draft"]:
        _line(left, "DỰ THẢO", size=13, bold=True)
    _line(right, around["date_line"], size=13, italic=True)
    if around["proof"]:
        _add_proof(left, around["proof"])


def _add_proof(cell: Any, proof: Proof) -> None:
    table = cell.add_table(1, 2)
    marks.set_columns(table, (22, 50))
    code, words = table.rows[0].cells
    code.paragraphs[0].paragraph_format.space_before = Pt(6)
    picture = code.paragraphs[0].add_run().add_picture(io.BytesIO(qr_png(proof["url"])), width=Mm(20))
    marks.describe_picture(picture._inline, f"Mã QR tra cứu văn bản: {proof['url']}")
    lines = [f"Mã tra cứu: {proof['code']}", f"Tra cứu tại: {proof['page']}"]
    if proof["hash"]:
        lines.append(f"SHA-256: {proof['hash'][:16]}…")
    for at, text in enumerate(lines):
        _line(words, text, size=9, bold=at == 0, align=WD_ALIGN_PARAGRAPH.LEFT)
    for line in words.paragraphs:
        line.paragraph_format.left_indent = Mm(2)
    words.paragraphs[0].paragraph_format.space_before = Pt(8)
    # Word wants a paragraph after a table within a cell.
    cell.add_paragraph().paragraph_format.line_spacing = Pt(2)


def add_title(document: Any, report: ReportContext) -> None:
    """Kind and subject, with the line below them."""
    own = report["document"]
    title = document.add_paragraph(style="Title")
    title.paragraph_format.space_before = Pt(18)
    title.add_run(own["title"].upper()).add_break()
    title.add_run(own["subject"])
    ruled = document.add_paragraph()
    _thin(ruled, side=64)
    if report["frame"]["revision_line"]:
        line = document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = line.add_run(report["frame"]["revision_line"])
        run.italic, run.font.size = True, Pt(13)
    document.add_paragraph().paragraph_format.line_spacing = Pt(12)


def add_signature(document: Any, report: ReportContext) -> None:
    """Recipients on the left, the signature on the right, on one page."""
    around = report["frame"]
    table = document.add_table(1, 2)
    marks.set_columns(table, (79, 86))
    marks.keep_together(table)
    left, right = table.rows[0].cells
    _line(left, "Nơi nhận:", size=12, bold=True, italic=True, align=WD_ALIGN_PARAGRAPH.LEFT)
    for text in around["recipients"]:
        _line(left, text, size=11, align=WD_ALIGN_PARAGRAPH.LEFT)
    signer = around["signer"]
    for text in (signer["authority"], signer["position"]):
        for part in text.split("\n"):
            if part.strip():
                _line(right, part.upper(), size=14, bold=True)
    for _ in range(4):
        _line(right, "", size=14)
    _line(right, signer["name"], size=14, bold=True)


def _line(
    cell: Any,
    text: str,
    *,
    size: float,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.CENTER,
) -> None:
    """A line of its own in a cell; the first takes the paragraph that each cell begins with."""
    paragraph = cell.paragraphs[0]
    if len(cell.paragraphs) > 1 or paragraph.runs:
        paragraph = cell.add_paragraph()
    paragraph.alignment = align
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic


def _rule(cell: Any, side: float) -> None:
    _thin(cell.add_paragraph(), side)


def _thin(paragraph: Any, side: float) -> None:
    """A low, empty paragraph with a line below it, `side` millimetres in from both edges."""
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm(side)
    layout.line_spacing, layout.space_after = Pt(3), Pt(6)
    marks.add_rule(paragraph)
