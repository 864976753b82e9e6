"""The Word file says what the PDF says, can be edited, and is read by other programs."""

import io
import unicodedata
import zipfile

import docx
import pypdf
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm

from reporting.rendering import render_pdf
from reporting.rendering.word import render_docx
from tests.reporting.pictures import every_chart
from tests.reporting.snapshots import annex, full_report, kon_tum


@pytest.fixture(scope="module")
def content() -> bytes:
    return render_docx(full_report(*(chart.as_block() for chart in every_chart())))


@pytest.fixture
def document(content: bytes):
    return docx.Document(io.BytesIO(content))


def all_text(document) -> str:
    """The text of body, tables and nested tables in order, without more than one space."""
    pieces = []
    for element in document.element.body.iter(qn("w:t"), qn("w:br"), qn("w:p")):
        pieces.append(element.text or "" if element.tag == qn("w:t") else " ")
    return " ".join("".join(pieces).split())


def test_every_figure_of_the_snapshot_stands_in_both_files() -> None:
    snapshot = full_report()
    pages = pypdf.PdfReader(io.BytesIO(render_pdf(snapshot).content)).pages
    printed = " ".join(" ".join(page.extract_text().split()) for page in pages)
    written = all_text(docx.Document(io.BytesIO(render_docx(snapshot))))
    for figure in snapshot["figures"].values():
        assert figure["printed"] in printed, figure["printed"]
        assert figure["printed"] in written, figure["printed"]
    cells = [
        cell
        for section in snapshot["sections"]
        for block in section["blocks"]
        if block["type"] in ("table", "comparison", "annex")
        for row in block["rows"]
        for cell in row["cells"]
    ]
    assert len(cells) > 300
    for cell in cells:
        assert cell in written
        assert cell in printed
    assert unicodedata.is_normalized("NFC", written)


def test_the_frame_follows_the_decree(document) -> None:
    text = all_text(document)
    for expected in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 15/BC-BCĐ",
        "Kon Tum, ngày 15 tháng 6 năm 2020",
        "Nơi nhận:",
        "KT. TRƯỞNG BAN",
        "Người Ký Thử",
        "./.",
        "Mã tra cứu: KTU7-4QX2-9MLA",
        "(Bản sửa đổi lần 1, thay thế Báo cáo số 12/BC-BCĐ ngày 15 tháng 6 năm 2020)",
    ):
        assert expected in text, expected
    assert text.index("BÁO CÁO") < text.index("TÌNH HÌNH") < text.index("Nơi nhận:") < text.index("Phụ lục I")


def test_pages_have_the_margins_of_the_decree_and_the_annex_lies_across(document) -> None:
    first, annexes = document.sections
    assert abs(first.page_width - Mm(210)) < 1000
    margins = [first.left_margin, first.right_margin, first.top_margin, first.bottom_margin]
    assert [round(margin / Mm(1)) for margin in margins] == [30, 15, 20, 20]
    assert annexes.orientation == WD_ORIENT.LANDSCAPE
    assert annexes.page_width > annexes.page_height


def test_pages_are_numbered_in_the_middle_from_the_second(document) -> None:
    first, annexes = document.sections
    assert first.different_first_page_header_footer
    assert not first.first_page_header.paragraphs[0].text
    assert 'w:instr="PAGE"' in first.header._element.xml
    assert annexes.header.is_linked_to_previous
    assert not annexes.different_first_page_header_footer


def test_headings_are_headings(document) -> None:
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    assert styles.count("Title") == 1
    assert styles.count("Heading 1") == 5
    assert "Heading 2" in styles
    assert "Heading 3" in styles


def test_tables_repeat_their_head_and_divide_no_row(document) -> None:
    tables = [table for table in document.tables if table.style.name == "Table Grid"]
    assert len(tables) == 5
    for table in tables:
        heads = table._tbl.findall(f".//{qn('w:tblHeader')}")
        assert len(heads) == (2 if table is tables[-1] else 1)
        assert len(table._tbl.findall(f".//{qn('w:cantSplit')}")) == len(table._tbl.tr_lst)


def test_pictures_have_words_for_those_who_do_not_see_them(document) -> None:
    told = [picture.get("descr") for picture in document.element.body.iter(qn("wp:docPr"))]
    assert len(told) == len(every_chart()) + 1
    assert all(told)
    assert "https://portal.example/verify/KTU7-4QX2-9MLA" in told[0]


def test_the_language_is_vietnamese_and_the_file_has_a_title(document) -> None:
    language = document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    assert language.get(qn("w:val")) == "vi-VN"
    about = document.core_properties
    assert "mua bán người" in about.title
    assert about.language == "vi-VN"
    assert about.author == "Ban Chỉ đạo 138 tỉnh"
    assert about.created.isoformat().startswith("2026-11-21T12:00:00")


def test_the_same_snapshot_gives_the_same_bytes(content: bytes) -> None:
    assert render_docx(full_report(*(chart.as_block() for chart in every_chart()))) == content


def test_nothing_in_the_file_points_outside_it(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert not [name for name in archive.namelist() if "thumbnail" in name or "vba" in name.lower()]
        for name in archive.namelist():
            if name.endswith(".rels"):
                assert b'TargetMode="External"' not in archive.read(name)


def test_markup_and_control_characters_in_a_text_are_only_text() -> None:
    snapshot = full_report()
    hostile = "<w:p>]]>&amp; \x00\x0b\u202eabc"
    snapshot["document"]["signer"]["name"] = hostile
    snapshot["sections"][4]["blocks"][0]["rows"][0]["cells"][1] = hostile
    text = all_text(docx.Document(io.BytesIO(render_docx(snapshot))))
    assert text.count("<w:p>]]>&amp; abc") == 2


def test_a_draft_says_so_on_every_page() -> None:
    document = docx.Document(io.BytesIO(render_docx(full_report(state="draft"))))
    first = document.sections[0]
    assert "DỰ THẢO" in first.footer.paragraphs[0].text
    assert "DỰ THẢO" in first.first_page_footer.paragraphs[0].text
    assert "DỰ THẢO" in all_text(document)


def test_a_report_without_charts_code_or_annex_is_written_too() -> None:
    document = docx.Document(io.BytesIO(render_docx(kon_tum())))
    assert len(document.sections) == 1
    assert not list(document.element.body.iter(qn("wp:docPr")))


def test_two_annexes_begin_a_page_each() -> None:
    snapshot = full_report()
    snapshot["sections"][4]["blocks"].append(annex(3, number="II"))
    document = docx.Document(io.BytesIO(render_docx(snapshot)))
    heads = [paragraph for paragraph in document.paragraphs if paragraph.text.startswith("Phụ lục")]
    assert [head.text.split("\n")[0] for head in heads] == ["Phụ lục I", "Phụ lục II"]
    assert [bool(head.paragraph_format.page_break_before) for head in heads] == [False, True]


def test_progress_rises_to_a_hundred() -> None:
    told: list[int] = []
    render_docx(kon_tum(), progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 100
