"""Pieces of WordprocessingML that python-docx has no words for: tables, fields, rules, page set-up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from reporting.rendering.heads import Head
from reporting.rendering.snapshot import Column, Row

FONT = "Times New Roman"
LANGUAGE = "vi-VN"

_ALIGN = {"left": "left", "right": "right", "center": "center"}


def set_font(properties: Any) -> None:
    """Name the report's font for every script, so that no letter falls back to another."""
    fonts = properties.get_or_add_rFonts()
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{name}"), FONT)
    for name in ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)


def set_language(properties: Any) -> None:
    """Mark text as Vietnamese, for spelling and for reading aloud."""
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    language = OxmlElement("w:lang")
    for name in ("val", "eastAsia", "bidi"):
        language.set(qn(f"w:{name}"), LANGUAGE)
    properties.append(language)


def add_page_number(paragraph: Any) -> None:
    """The number of the page, kept by Word."""
    paragraph._p.append(
        parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>2</w:t></w:r></w:fldSimple>')
    )


def add_rule(paragraph: Any) -> None:
    """A solid line below the paragraph, as wide as its indents leave."""
    properties = paragraph._p.get_or_add_pPr()
    border = (
        f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>'
    )
    properties.insert_element_before(
        parse_xml(border), "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def describe_picture(inline: Any, text: str) -> None:
    """Give a picture its alternative text, and no room around it."""
    inline.docPr.set("descr", text)
    for side in ("distT", "distB", "distL", "distR"):
        inline.set(side, "0")


def set_columns(table: Any, widths: Iterable[float]) -> None:
    """Fixed widths in millimetres for a table without borders, and no room beside its texts."""
    table.autofit = False
    table._tbl.tblPr.append(
        parse_xml(
            f'<w:tblCellMar {nsdecls("w")}><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
            "</w:tblCellMar>"
        )
    )
    for column, width in zip(table.columns, widths, strict=True):
        column.width = twips(width) * 635
        for cell in column.cells:
            cell.width = twips(width) * 635


def twips(millimetres: float) -> int:
    return round(millimetres * 1440 / 25.4)


def keep_together(table: Any) -> None:
    """No row is divided between pages, and rows stay together."""
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def table_of(
    heads: list[list[Head]],
    columns: list[Column],
    rows: list[Row],
    *,
    width: float,
    size: float,
    caption: str,
) -> Any:
    """A table with borders, as one element: its head lines are repeated on each page, no row is divided.

    Made as text and read once: a table of thousands of rows takes python-docx minutes cell by cell.
    `width` is in millimetres, `size` in points. `caption` is the table's alternative title.
    """
    widths = _widths(columns, rows, width)
    written = [
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
        '<w:tblLook w:val="00A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0"'
        f' w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="{escape(caption)}"/></w:tblPr><w:tblGrid>'
    ]
    written += [f'<w:gridCol w:w="{one}"/>' for one in widths]
    written.append("</w:tblGrid>")
    written += _head(heads, widths, size)
    for row in rows:
        written.append("<w:tr><w:trPr><w:cantSplit/></w:trPr>")
        for cell, column, one in zip(row["cells"], columns, widths, strict=True):
            written.append(_cell(cell, one, _ALIGN[column["align"]], size, bold=row["is_total"]))
        written.append("</w:tr>")
    written.append("</w:tbl>")
    return parse_xml("".join(written))


def _head(heads: list[list[Head]], widths: list[int], size: float) -> list[str]:
    """The lines of the head. A cell that reaches through both lines is said again, empty, in the second."""
    written = []
    tall = [head for head in heads[0] if head.down > 1]
    for at, line in enumerate(heads):
        written.append("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>")
        cells = sorted([*line, *(tall if at else [])], key=lambda head: head.column)
        for head in cells:
            one = sum(widths[head.column : head.column + head.across])
            span = f'<w:gridSpan w:val="{head.across}"/>' if head.across > 1 else ""
            merge = ""
            if head.down > 1:
                merge = "<w:vMerge/>" if at else '<w:vMerge w:val="restart"/>'
            title = "" if at and head.down > 1 else head.title
            written.append(_cell(title, one, "center", size, bold=True, more=span + merge))
        written.append("</w:tr>")
    return written


def _cell(text: str, width: int, align: str, size: float, *, bold: bool, more: str = "") -> str:
    look = f'<w:rPr>{"<w:b/>" if bold else ""}<w:sz w:val="{round(size * 2)}"/></w:rPr>'
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line, quote=False)}</w:t>' for line in text.split("\n")
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{more}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="ReportCell"/><w:jc w:val="{align}"/></w:pPr>'
        f"<w:r>{look}{lines}</w:r></w:p></w:tc>"
    )


def _widths(columns: list[Column], rows: list[Row], width: float) -> list[int]:
    """Widths in twentieths of a point: by the longest word and the usual length of each column's texts."""
    weights = []
    for at, column in enumerate(columns):
        texts = [column["title"], *(row["cells"][at] for row in rows[:200])]
        word = max((len(word) for text in texts for word in text.split()), default=1)
        usual = max((len(text) for text in texts[1:]), default=1)
        weights.append(max(word + 1.5, min(usual, 40) * 0.8, 3.5))
    total = sum(weights)
    return [round(twips(width) * weight / total) for weight in weights]


def as_columns(titles: Iterable[str], aligns: Iterable[str]) -> list[Column]:
    """Columns of a table the report itself makes; the first names its rows."""
    made: list[Column] = []
    for title, align in zip(titles, aligns, strict=True):
        column: Mapping[str, Any] = {"title": title, "align": align, "is_header": not made}
        made.append(column)  # type: ignore[arg-type]
    return made
