"""A snapshot as a tagged PDF/A-3u. The same snapshot gives the same bytes.

Nothing is fetched while a report is made: no file, no network. The one style sheet is read here and
handed over; the fonts come from fontconfig.
"""

from __future__ import annotations

import functools
import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from typing import NamedTuple

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from reporting.rendering.html import TEMPLATES, render_html

FONT_FAMILY = "Liberation Serif"
VARIANT = "pdf/a-3u"


class FontMissing(RuntimeError):
    """The font that stands for Times New Roman is not installed on this machine."""

    def __init__(self) -> None:
        super().__init__(
            f"The font '{FONT_FAMILY}' (version 2, with Vietnamese) is not installed; reports are set in it. "
            "On Debian: apt-get install fonts-liberation2 fontconfig"
        )


def make_fetcher() -> URLFetcher:
    """A fetcher that opens ``data:`` addresses and refuses all others, redirects included."""
    return URLFetcher(allowed_protocols=["data"], allow_redirects=False)


@functools.cache
def require_font() -> None:
    """Raise FontMissing unless fontconfig knows the report's font with all Vietnamese letters. Asked once a process.

    Version 1 of the font lacks most of them, and a page would mix two fonts within a word. Without the `fc-list`
    program the question stays open here and is answered by the finished document.
    """
    program = shutil.which("fc-list")
    if program is None:
        return
    wanted = f":family={FONT_FAMILY}:lang=vi"
    answer = subprocess.run([program, wanted], capture_output=True, text=True, timeout=30, check=False)
    if not answer.stdout.strip():
        raise FontMissing


class Printed(NamedTuple):
    """A finished file and its number of pages."""

    content: bytes
    pages: int


def render_pdf(snapshot: object, progress: Callable[[int], None] | None = None) -> Printed:
    """The report as a PDF file.

    `progress` is told the share of the work done, in per cent, rising to 100. Raises SnapshotError when
    the snapshot does not fit the schema, FontMissing when the report's font is not installed.
    """

    def tell(percent: int) -> None:
        if progress is not None:
            progress(percent)

    tell(0)
    require_font()
    page = render_html(snapshot)
    tell(10)
    fetcher = make_fetcher()
    fonts = FontConfiguration()
    style = CSS(string=_style_sheet(), url_fetcher=fetcher, font_config=fonts)
    document = HTML(string=page, url_fetcher=fetcher).render(
        stylesheets=[style], font_config=fonts, pdf_variant=VARIANT, pdf_tags=True
    )
    tell(70)
    content: bytes = document.write_pdf(
        pdf_variant=VARIANT, pdf_tags=True, pdf_identifier=_identifier(snapshot)
    )
    if not any(FONT_FAMILY in font.family for font in document.fonts.values()):
        raise FontMissing
    tell(100)
    return Printed(content, len(document.pages))


def _style_sheet() -> str:
    return (TEMPLATES / "report.css").read_text(encoding="utf-8")


def _identifier(snapshot: object) -> bytes:
    """The file's permanent identifier: a hash of the snapshot, whatever the order of its keys."""
    written = json.dumps(snapshot, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:32].encode()
