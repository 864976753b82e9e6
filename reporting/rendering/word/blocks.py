"""The blocks of a report as Word writes them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any, cast

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Mm, Pt

from reporting.charts import Chart, describe, split
from reporting.rendering.heads import Head, head_rows
from reporting.rendering.snapshot import (
    AnnexBlock,
    ApprovalsBlock,
    Block,
    BulletsBlock,
    ChartBlock,
    Column,
    DifferencesBlock,
    DocumentsBlock,
    HeadingBlock,
    ParagraphsBlock,
    Row,
    SilentUnitsBlock,
    TableBlock,
)
from reporting.rendering.word import marks

#: Room between the margins, in millimetres.
PORTRAIT = 165.0
LANDSCAPE = 252.0

#: A column more than these and the letters get smaller, as in the PDF.
DENSE = 7
NOTHING = "(không có)"


class Writer:
    """Adds blocks at the end of a document. `pictures` are the report's charts in their order."""

    def __init__(self, document: Any, pictures: Iterator[bytes]) -> None:
        self.document = document
        self.pictures = pictures

    def block(self, block: Block) -> None:
        """Add one block."""
        cast(Callable[[Writer, Block], None], _WRITERS[block["type"]])(self, block)

    def paragraph(self, text: str, *, keep: bool = False) -> Any:
        paragraph = self.document.add_paragraph(text, style="Body Text")
        paragraph.paragraph_format.keep_with_next = keep
        return paragraph

    def line(
        self, text: str, *, size: float, bold: bool = False, italic: bool = False, align: str = "left"
    ) -> Any:
        """A line of its own outside the running text: captions and notes."""
        paragraph = self.document.add_paragraph()
        paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align.upper())
        run = paragraph.add_run(text)
        run.font.size, run.bold, run.italic = Pt(size), bold, italic
        return paragraph

    def annex(self, block: AnnexBlock, line: str, *, on_new_page: bool) -> None:
        """An annex on landscape pages; the first begins with its part, the others break the page."""
        head = self.document.add_paragraph(style="Heading 1")
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        head.paragraph_format.first_line_indent = Mm(0)
        if on_new_page:
            head.paragraph_format.page_break_before = True
        if block["number"]:
            head.add_run(f"Phụ lục {block['number']}").add_break(WD_BREAK.LINE)
        head.add_run(block["title"].upper())
        self.line(line, size=14, italic=True, align="center").paragraph_format.space_after = Pt(6)
        if block["caption"]:
            self.line(
                block["caption"], size=11, italic=True, align="right"
            ).paragraph_format.keep_with_next = True
        self._table(
            head_rows(block),
            block["columns"],
            block["rows"],
            width=LANDSCAPE,
            size=10,
            caption=block["title"],
        )
        self._notes(block["notes"])

    def heading(self, block: HeadingBlock) -> None:
        level, close = (3, ")") if block.get("level") == 4 else (2, ".")
        number = f"{block['number']}{close} " if block["number"] else ""
        self.document.add_paragraph(f"{number}{block['text']}", style=f"Heading {level}")

    def paragraphs(self, block: ParagraphsBlock) -> None:
        for paragraph in block["paragraphs"]:
            self.paragraph(paragraph["text"])

    def bullets(self, block: BulletsBlock) -> None:
        for item in block["items"]:
            self.paragraph(f"- {item}")

    def documents(self, block: DocumentsBlock) -> None:
        if block["lead"]:
            self.paragraph(block["lead"], keep=True)
        for document in block["documents"]:
            self.paragraph(f"- {document['printed']}")

    def silent_units(self, block: SilentUnitsBlock) -> None:
        text = block["text"] or (
            f"{block['period']}: {block['reported']}/{block['expected']} đơn vị đã báo cáo, trong đó "
            f"{block['nil']} đơn vị báo cáo không phát sinh."
        )
        self.paragraph(text, keep=bool(block["missing"]))
        if block["missing"]:
            paragraph = self.paragraph("")
            paragraph.add_run("Chưa báo cáo:").bold = True
            paragraph.add_run(f" {', '.join(block['missing'])}.")

    def table(self, block: TableBlock) -> None:
        self._caption(block["caption"])
        columns = block["columns"]
        heads = [[Head(column["title"], 1, 1, at) for at, column in enumerate(columns)]]
        size = 10.5 if len(columns) > DENSE else 12
        self._table(heads, columns, block["rows"], width=PORTRAIT, size=size, caption=block["caption"])
        self._notes(block["notes"])

    def approvals(self, block: ApprovalsBlock) -> None:
        if block["steps"]:
            rows = [[step["step"], step["name"], step["position"], step["date"]] for step in block["steps"]]
            titles = ("Bước", "Người thực hiện", "Chức vụ", "Ngày")
            self._listed(block["caption"], titles, ("left", "left", "left", "center"), rows)

    def differences(self, block: DifferencesBlock) -> None:
        if block["differences"]:
            rows = [
                [one["what"], one["before"] or NOTHING, one["after"] or NOTHING]
                for one in block["differences"]
            ]
            self._listed(block["caption"], ("Nội dung", "Bản trước", "Bản này"), ("left",) * 3, rows)

    def chart(self, block: ChartBlock) -> None:
        self._caption(block["title"])
        chart = Chart.of_block(block)
        for one in split(chart):
            place = self.document.add_paragraph()
            place.paragraph_format.keep_with_next = True
            width = Mm(50) if chart.kind == "spark" else Mm(PORTRAIT - 1)
            picture = place.add_run().add_picture(io.BytesIO(next(self.pictures)), width=width)
            marks.describe_picture(picture._inline, describe(one))
        unit = f"Đơn vị tính: {block['unit']}. " if block["unit"] else ""
        source = f" Nguồn: {block['source']}." if block["source"] else ""
        line = self.line(f"{unit}Kỳ số liệu: {block['period']}.{source}", size=11, italic=True)
        line.paragraph_format.space_after = Pt(10)

    def _listed(
        self, caption: str, titles: tuple[str, ...], aligns: tuple[str, ...], rows: list[list[str]]
    ) -> None:
        """A small table of the report's own making."""
        self._caption(caption)
        columns = marks.as_columns(titles, aligns)
        heads = [[Head(title, 1, 1, at) for at, title in enumerate(titles)]]
        lines: list[Row] = [{"cells": cells, "is_total": False} for cells in rows]
        self._table(heads, columns, lines, width=PORTRAIT, size=12, caption=caption)
        self._notes([])

    def _table(
        self,
        heads: list[list[Head]],
        columns: list[Column],
        rows: list[Row],
        *,
        width: float,
        size: float,
        caption: str,
    ) -> None:
        made = marks.table_of(heads, columns, rows, width=width, size=size, caption=caption)
        body = self.document.element.body
        body.insert(len(body) - 1, made)

    def _caption(self, text: str) -> None:
        if text:
            paragraph = self.line(text, size=13, bold=True, align="center")
            paragraph.paragraph_format.keep_with_next = True
            paragraph.paragraph_format.space_before = Pt(6)
            paragraph.paragraph_format.space_after = Pt(3)

    def _notes(self, notes: list[str]) -> None:
        """Notes below a table, and the room after it."""
        for note in notes:
            self.line(note, size=11, italic=True)
        room = self.document.add_paragraph()
        room.paragraph_format.line_spacing = Pt(8)


_WRITERS: dict[str, Callable[[Writer, Any], None]] = {
    "heading": Writer.heading,
    "paragraphs": Writer.paragraphs,
    "bullets": Writer.bullets,
    "table": Writer.table,
    "comparison": Writer.table,
    "silent_units": Writer.silent_units,
    "documents": Writer.documents,
    "chart": Writer.chart,
    "approvals": Writer.approvals,
    "differences": Writer.differences,
}
