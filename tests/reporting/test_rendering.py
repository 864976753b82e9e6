"""What the printed report looks like: Decree 30 layout, tagged PDF/A, nothing fetched, the same bytes each time."""

import base64
import io
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pikepdf
import pypdf
import pytest

from reporting.rendering import SnapshotError, check_snapshot, render_html, render_pdf
from reporting.rendering.page import render_page
from reporting.rendering.pdf import make_fetcher
from tests.reporting.snapshots import kon_tum

MM = 72 / 25.4


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


@pytest.fixture(scope="module")
def printed() -> bytes:
    return render_pdf(kon_tum()).content


@pytest.fixture
def reader(printed: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(printed))


def test_every_figure_of_the_snapshot_is_printed_as_it_stands(printed: bytes) -> None:
    text = text_of(printed)
    assert unicodedata.is_normalized("NFC", text)
    for expected in ("01 vụ", "0 bị can", "hàng trăm", "Ia H'Drai"):
        assert expected in text, expected


def test_the_frame_follows_the_decree(printed: bytes) -> None:
    text = text_of(printed)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "Độc lập - Tự do - Hạnh phúc" in text
    assert "Nơi nhận:" in text
    assert "./." in text
    assert text.index("BÁO CÁO") < text.index("TÌNH HÌNH") < text.index("Nơi nhận:")


def test_pages_are_a4_and_numbered_from_the_second(reader: pypdf.PdfReader) -> None:
    assert len(reader.pages) > 1
    for page in reader.pages:
        assert abs(float(page.mediabox.width) - 210 * MM) < 1
        assert abs(float(page.mediabox.height) - 297 * MM) < 1
    assert numbers_in_the_middle_of_the_top_margin(reader.pages[0]) == []
    assert numbers_in_the_middle_of_the_top_margin(reader.pages[1]) == ["2"]


def numbers_in_the_middle_of_the_top_margin(page: pypdf.PageObject) -> list[str]:
    found: list[str] = []
    middle = (30 + 165 / 2) * MM

    def visit(text: str, cm: list[float], tm: list[float], *font: object) -> None:
        x, y = (float(part) for part in (tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]))
        from_top = float(page.mediabox.height) - y
        if text.strip().isdigit() and from_top < 20 * MM and abs(x - middle) < 8:
            found.append(text.strip())

    page.extract_text(visitor_text=visit)
    return found


def test_the_file_is_tagged_pdf_a_with_title_and_language(printed: bytes) -> None:
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == "vi"
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        with pdf.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "3"
            assert "mua bán người" in metadata["dc:title"]


def test_headings_and_table_headers_are_in_the_structure(printed: bytes) -> None:
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        tags = {str(item.S) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/S" in item}
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/P"} <= tags


def test_the_font_is_the_one_with_the_metrics_of_times(reader: pypdf.PdfReader) -> None:
    fonts = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            fonts.add(str(font.get_object()["/BaseFont"]))
    assert fonts
    assert all("Liberation-Serif" in name or "LiberationSerif" in name for name in fonts), fonts


def test_the_same_snapshot_gives_the_same_bytes(printed: bytes) -> None:
    assert render_pdf(kon_tum()).content == printed


def test_pages_are_counted(printed: bytes, reader: pypdf.PdfReader) -> None:
    assert render_pdf(kon_tum()).pages == len(reader.pages)


def with_text(text: str) -> dict:
    snapshot = kon_tum()
    snapshot["sections"][0]["blocks"].append(
        {"type": "paragraphs", "paragraphs": [{"text": text, "figures": []}]}
    )
    return snapshot


class _Counter(BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(204)
        self.end_headers()


@contextmanager
def _listening() -> Iterator[str]:
    """An address at which it would be noticed that somebody asks."""
    _Counter.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Counter)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/x.png"
    finally:
        server.shutdown()
        server.server_close()


def test_markup_in_a_text_is_printed_and_never_obeyed() -> None:
    with _listening() as address:
        hostile = (
            f'<script>alert(1)</script><img src="{address}"><img src="file:///etc/passwd">'
            f'<link rel=attachment href="file:///etc/passwd"><style>@import url({address})</style>'
        )
        content = render_pdf(with_text(hostile)).content
    assert _Counter.asked == []
    text = text_of(content)
    assert "<script>alert(1)</script>" in text
    assert "root:" not in text
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert list(pdf.attachments) == ["snapshot.json"]


def test_a_page_that_asks_for_other_things_gets_none_of_them(tmp_path: Path) -> None:
    """As if the escaping had failed: markup and styles of somebody else, and a picture that names other pictures."""
    secret = tmp_path / "secret.txt"
    secret.write_text(marker := "bi-mat-4711")
    with _listening() as address:
        near = f"file://{secret}"
        drawing = (
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">'
            f'<style>@import url("{address}");</style>'
            f'<image href="{address}" xlink:href="{near}" width="9" height="9"/>'
            f'<use xlink:href="{address}#a"/></svg>'
        )
        packed = "data:image/svg+xml;base64," + base64.b64encode(drawing.encode()).decode()
        styles = (
            f'@import url("{address}"); @font-face {{ font-family: F; src: url("{address}"), url("{near}") }}'
        )
        page = render_page(
            f'<html lang="vi"><head><title>Thử</title><base href="{address}">'
            f'<link rel="stylesheet" href="{address}"><link rel="attachment" href="{near}"></head>'
            f'<body style="background: url({address}); font-family: F">Chữ {drawing}<img src="{packed}" alt="a">'
            f'<img src="{near}" alt="b"><a rel="attachment" href="{near}">c</a><object data="{address}"></object>'
            f'<embed src="{near}"><p style="content: url({address})">d</p></body></html>',
            styles,
        )

    assert _Counter.asked == []
    assert marker.encode() not in page.content
    with pikepdf.open(io.BytesIO(page.content)) as pdf:
        assert not list(pdf.attachments)
        told = b"".join(each.read_bytes() for each in pdf.objects if isinstance(each, pikepdf.Stream))
    assert marker.encode() not in told


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://127.0.0.1:9/", "ftp://127.0.0.1/", "///etc/passwd"]
)
def test_the_fetcher_opens_no_file_and_no_address(address: str) -> None:
    with pytest.raises(Exception) as refused:
        make_fetcher().fetch(address)
    assert not isinstance(refused.value, (FileNotFoundError, ConnectionError))


def test_decomposed_text_is_printed_composed() -> None:
    text = text_of(render_pdf(with_text(unicodedata.normalize("NFD", "Huyện Đăk Hà có 07 lượt"))).content)
    assert "Huyện Đăk Hà có 07 lượt" in text


def test_control_characters_do_not_reach_the_page() -> None:
    assert "a\x00" not in render_html(with_text("a\x00\x1b\u202eb"))
    assert "ab" in text_of(render_pdf(with_text("a\x00\x1b\u202eb")).content)


def test_a_narrative_of_a_hundred_thousand_characters_is_printed_whole() -> None:
    printed = render_pdf(with_text("Từ ngữ rất dài. " * 6250 + "HẾT ĐOẠN"))
    assert "HẾT ĐOẠN" in text_of(printed.content)
    assert printed.pages > 20


def test_progress_rises_to_a_hundred() -> None:
    told: list[int] = []
    render_pdf(kon_tum(), progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 100


def test_a_snapshot_that_does_not_fit_names_the_place() -> None:
    snapshot = kon_tum()
    snapshot["sections"][1]["blocks"][0] = {"type": "heading", "number": "1"}
    with pytest.raises(SnapshotError) as refused:
        check_snapshot(snapshot)
    assert refused.value.path == "sections[1].blocks[0].text"


def test_a_demonstration_says_so_on_every_page(reader: pypdf.PdfReader) -> None:
    assert all("DỮ LIỆU TRÌNH DIỄN" in page.extract_text() for page in reader.pages)
