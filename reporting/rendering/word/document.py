"""The Word file put together: page, styles, frame, blocks, signature, annexes."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from reporting.charts import Chart, split
from reporting.rendering.html import ReportContext, report_context
from reporting.rendering.pictures import draw_pngs
from reporting.rendering.word import frame, marks
from reporting.rendering.word.blocks import Writer

MARGINS = {"top_margin": Mm(20), "bottom_margin": Mm(20), "left_margin": Mm(30), "right_margin": Mm(15)}

#: The time that files within the archive carry; the report's own time stands in its properties.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def write_document(snapshot: object, progress: Callable[[int], None] | None = None) -> bytes:
    """What `render_docx` of this package tells."""

    def tell(percent: int) -> None:
        if progress is not None:
            progress(percent)

    tell(0)
    report = report_context(snapshot)
    pictures = iter(draw_pngs(_charts(report)))
    tell(50)
    document = docx.Document()
    _set_up(document, report)
    writer = Writer(document, pictures)
    frame.add_header(document, report)
    frame.add_title(document, report)
    for line in report["document"]["opening"]:
        writer.paragraph(line)
    for section in report["sections"]:
        number = f"{section['number']}. " if section["number"] else ""
        document.add_paragraph(f"{number}{section['title']}".upper(), style="Heading 1")
        for block in section["blocks"]:
            writer.block(block)
    for line in report["document"]["closing"]:
        writer.paragraph(line)
    if report["ends_apart"]:
        document.add_paragraph("./.").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    frame.add_signature(document, report)
    if report["annexes"]:
        _turn(document)
        for at, annex in enumerate(report["annexes"]):
            writer.annex(annex, report["frame"]["annex_line"], on_new_page=at > 0)
    tell(90)
    content = _written(document)
    tell(100)
    return content


def _charts(report: ReportContext) -> list[Chart]:
    """Every picture of the report, in the order in which it is printed."""
    return [
        chart
        for section in report["sections"]
        for block in section["blocks"]
        if block["type"] == "chart"
        for chart in split(Chart.of_block(block))
    ]


def _set_up(document: Any, report: ReportContext) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for name, margin in MARGINS.items():
        setattr(section, name, margin)
    section.header_distance = section.footer_distance = Mm(9)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.style, number.alignment = document.styles["Normal"], WD_ALIGN_PARAGRAPH.CENTER
    marks.add_page_number(number)
    said = report["frame"]["demo_line"]
    if report["frame"]["is_draft"]:
        said = " · ".join(filter(None, ["DỰ THẢO", said]))
    for footer in (section.footer, section.first_page_footer):
        line = footer.paragraphs[0]
        line.style, line.alignment = document.styles["Normal"], WD_ALIGN_PARAGRAPH.CENTER
        line.add_run(said).font.size = Pt(9)
    # A first page without a header of its own would take the number of the others.
    section.first_page_header.is_linked_to_previous = False
    _set_styles(document)
    _set_properties(document, report)
    _drop_preview(document)


def _set_styles(document: Any) -> None:
    defaults = document.styles.element.find(
        "w:docDefaults/w:rPrDefault/w:rPr", namespaces=document.styles.element.nsmap
    )
    marks.set_font(defaults)
    marks.set_language(defaults)
    normal = document.styles["Normal"]
    normal.font.size = Pt(14)
    marks.set_font(normal.element.get_or_add_rPr())
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    body = document.styles["Body Text"]
    body.paragraph_format.first_line_indent = Mm(12.7)
    body.paragraph_format.space_after = Pt(6)
    body.paragraph_format.line_spacing = 1.15
    body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    body.paragraph_format.widow_control = True
    cell = document.styles.add_style("ReportCell", WD_STYLE_TYPE.PARAGRAPH)
    cell.base_style = normal
    cell.paragraph_format.space_before = cell.paragraph_format.space_after = Pt(1)
    for name, italic in (("Title", False), ("Heading 1", False), ("Heading 2", False), ("Heading 3", True)):
        style = document.styles[name]
        properties = style.element.get_or_add_rPr()
        marks.set_font(properties)
        style.font.size, style.font.bold, style.font.italic = Pt(14), True, italic
        style.font.color.rgb = RGBColor(0, 0, 0)
        for old in [*properties.findall(qn("w:spacing")), *properties.findall(qn("w:kern"))]:
            properties.remove(old)
        for old in style.element.findall(".//{*}pBdr"):
            old.getparent().remove(old)
        layout = style.paragraph_format
        layout.space_before, layout.space_after = Pt(0 if name == "Title" else 6), Pt(6)
        if name == "Title":
            layout.alignment, layout.space_after = WD_ALIGN_PARAGRAPH.CENTER, Pt(0)
        else:
            layout.first_line_indent = Mm(12.7)
            layout.keep_with_next = True


def _drop_preview(document: Any) -> None:
    """Leave out the small picture of another document that python-docx begins with."""
    related = document.part.package.rels
    for key in [key for key, one in related.items() if one.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        related.pop(key)


def _set_properties(document: Any, report: ReportContext) -> None:
    about = document.core_properties
    metadata = report["metadata"]
    about.title, about.author = metadata["title"][:255], metadata["author"][:255]
    about.subject, about.keywords = metadata["description"][:255], ", ".join(metadata["keywords"])[:255]
    about.language, about.comments = marks.LANGUAGE, ""
    about.last_modified_by = metadata["author"][:255]
    moment = datetime.datetime.fromisoformat(metadata["created"]).astimezone(datetime.UTC)
    about.created = about.modified = moment.replace(tzinfo=None)


def _turn(document: Any) -> None:
    """Begin a part in landscape, numbered on."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.different_first_page_header_footer = False


def _written(document: Any) -> bytes:
    """The file, without the clock in it."""
    made, settled = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return settled.getvalue()
