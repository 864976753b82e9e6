"""What is inside the PDF: PDF/A-3a and PDF/UA-1 as far as pikepdf can tell, and the snapshot that travels with it.

veraPDF is a Java program that neither Debian nor PyPI has; these are the points of it that the portal can break.
"""

import io
import json
from collections import Counter
from collections.abc import Iterator

import pikepdf
import pypdf
import pytest

from reporting.rendering import render_pdf
from tests.reporting.pictures import every_chart
from tests.reporting.snapshots import full_report, kon_tum


@pytest.fixture(scope="module")
def content() -> bytes:
    return render_pdf(full_report(*(chart.as_block() for chart in every_chart()))).content


@pytest.fixture
def pdf(content: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(content)) as opened:
        yield opened


def elements(pdf: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    """Every element of the structure tree, from its root down."""
    found = []
    waiting = [pdf.Root.StructTreeRoot]
    while waiting:
        one = waiting.pop()
        if "/S" in one:
            found.append(one)
        kids = one.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                waiting.append(kid)
    return found


def conforms(content: bytes) -> None:
    """The points of PDF/A-3a and PDF/UA-1 that hold for the whole file."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root = pdf.Root
        assert not pdf.is_encrypted
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "vi"
        assert root.ViewerPreferences.DisplayDocTitle
        assert "/StructTreeRoot" in root
        intent = root.OutputIntents[0]
        assert intent.S == "/GTS_PDFA1"
        assert intent.DestOutputProfile.N == 3
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"]
        written = root.Metadata.read_bytes()
        assert b"pdfaExtension:schemas" in written
        assert written.count(b"<rdf:RDF") == 1
        for page in pdf.pages:
            assert page.obj.Tabs == "/S"
            assert "/StructParents" in page.obj
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font":
                assert item.get("/Subtype") == "/Type0" or "/FontFile2" in item.FontDescriptor, item
                assert item.get("/Subtype") != "/Type0" or "/ToUnicode" in item
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Action":
                assert item.S not in ("/JavaScript", "/Launch")
        assert "/JavaScript" not in root.get("/Names", {})


def test_the_file_claims_and_keeps_pdf_a_and_pdf_ua(content: bytes) -> None:
    conforms(content)


def test_every_picture_has_words_for_those_who_do_not_see_it(pdf: pikepdf.Pdf) -> None:
    figures = [element for element in elements(pdf) if element.S == "/Figure"]
    told = [str(figure.Alt) for figure in figures]
    assert len(told) == len(every_chart()) + 1
    assert any("https://portal.example/verify/KTU7-4QX2-9MLA" in text for text in told)
    assert any("Thành phố Kon Tum" in text and "chưa báo cáo" in text for text in told)
    assert all(len(figure.A.BBox) == 4 for figure in figures)


def test_every_table_header_says_what_it_heads(pdf: pikepdf.Pdf) -> None:
    headers = [element for element in elements(pdf) if element.S == "/TH"]
    scopes = Counter(str(header.A.Scope) for header in headers)
    assert set(scopes) == {"/Column", "/Row"}
    assert min(scopes.values()) > 20
    spanning = [header for header in headers if "/ColSpan" in header.A]
    assert {int(header.A.ColSpan) for header in spanning} == {2}


def test_headings_come_in_their_order(pdf: pikepdf.Pdf) -> None:
    tags = Counter(str(element.S) for element in elements(pdf))
    assert tags["/H1"] == 1
    assert tags["/H2"] == 5  # four sections and the annex; a section of nothing but an annex has no heading
    assert tags["/H3"]
    assert tags["/Caption"]


def test_sections_are_bookmarks(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        (title,) = outline.root
        sections = [entry.title for entry in title.children]
    assert "BÁO CÁO" in title.title
    assert sections[0].startswith("I. ")
    assert sections[-1].startswith("Phụ lục I")


def test_the_head_of_an_annex_is_on_each_of_its_pages(content: bytes) -> None:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    wide = [page for page in pages if page.mediabox.width > page.mediabox.height]
    assert len(wide) >= 2
    for page in wide:
        text = page.extract_text()
        assert "Nạn nhân" in text
        assert "Tuyên truyền" in text
    assert "(Kèm theo Báo cáo số 15/BC-BCĐ ngày 15 tháng 6 năm 2020" in " ".join(
        wide[0].extract_text().split()
    )


def test_the_snapshot_travels_within_the_file(pdf: pikepdf.Pdf) -> None:
    attached = pdf.attachments["snapshot.json"]
    travelling = json.loads(attached.get_file().read_bytes())
    sent = full_report(*(chart.as_block() for chart in every_chart()))
    assert travelling["sections"] == json.loads(json.dumps(sent["sections"]))
    assert attached.relationship == "/Source"
    assert len(pdf.Root.AF) == 1


def test_what_travels_names_no_record_and_no_hidden_number() -> None:
    snapshot = kon_tum()
    assert snapshot["figures"]["f1"]["records"]
    snapshot["figures"]["f8"] |= {"status": "suppressed", "printed": "không công bố", "low": "3", "high": "3"}
    with pikepdf.open(io.BytesIO(render_pdf(snapshot).content)) as pdf:
        travelling = json.loads(pdf.attachments["snapshot.json"].get_file().read_bytes())
    assert travelling["figures"]["f1"]["records"] == []
    assert (travelling["figures"]["f8"]["low"], travelling["figures"]["f8"]["high"]) == (None, None)
    assert snapshot["figures"]["f1"]["records"], "the snapshot itself is not changed"


def test_the_same_snapshot_gives_the_same_file(content: bytes) -> None:
    assert render_pdf(full_report(*(chart.as_block() for chart in every_chart()))).content == content


def test_the_code_and_the_revision_stand_on_the_first_page(content: bytes) -> None:
    text = " ".join(pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text().split())
    assert "KTU7-4QX2-9MLA" in text
    assert "portal.example/verify" in text
    assert "(Bản sửa đổi lần 1, thay thế Báo cáo số 12/BC-BCĐ ngày 15 tháng 6 năm 2020)" in text


def test_a_draft_says_so_across_every_page_and_no_issued_report_does(content: bytes) -> None:
    draft = render_pdf(full_report(state="draft"))
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(draft.content)).pages]
    assert all("DỰ THẢO" in page for page in pages)
    conforms(draft.content)
    issued = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    assert "DỰ THẢO" not in issued
