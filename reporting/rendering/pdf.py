"""A snapshot as a tagged PDF/A-3a that is PDF/UA-1 as well. The same snapshot gives the same bytes.

Nothing is fetched while a report is made: no file, no network. The one style sheet is read here and
handed over; the fonts come from fontconfig. The snapshot travels within the file, so that its figures can be
read by a program.

What prints (WeasyPrint), signs (pyHanko) and writes Word files is imported by the functions that use it: web processes
know this package and seldom print, and would hold 60 MB of it each.
"""

from __future__ import annotations

import copy
import datetime
import functools
import gc
import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from reporting.rendering.html import TEMPLATES, render_html
from reporting.rendering.snapshot import Snapshot
from reporting.rendering.tagging import complete_tags
from reporting.rendering.widths import width_rules

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

FONT_FAMILY = "Liberation Serif"
VARIANT = "pdf/a-3a"
SNAPSHOT_NAME = "snapshot.json"

#: Across every page of a draft. Drawn as a background, so that it is no part of the text read aloud.
DRAFT_STYLE = """@page { background: no-repeat center/100% url('data:image/svg+xml,\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297">\
<text x="105" y="150" transform="rotate(-50 105 150)" text-anchor="middle" font-family="Liberation Serif" \
font-size="38" font-weight="bold" fill="%23e8e8e8">DỰ THẢO</text></svg>'); }"""


class FontMissing(RuntimeError):
    """The font that stands for Times New Roman is not installed on this machine."""

    def __init__(self) -> None:
        super().__init__(
            f"The font '{FONT_FAMILY}' (version 2, with Vietnamese) is not installed; reports are set in it. "
            "On Debian: apt-get install fonts-liberation2 fontconfig"
        )


def make_fetcher() -> URLFetcher:
    """A fetcher that opens ``data:`` addresses and refuses all others, redirects included."""
    from weasyprint.urls import URLFetcher

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
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    def tell(percent: int) -> None:
        if progress is not None:
            progress(percent)

    tell(0)
    require_font()
    page = render_html(snapshot)
    tell(10)
    fetcher = make_fetcher()
    fonts = FontConfiguration()
    checked = cast(Snapshot, snapshot)
    sheets = [style_sheet()] + ([DRAFT_STYLE] if checked["document"]["state"] == "draft" else [])
    styles = [CSS(string=sheet, url_fetcher=fetcher, font_config=fonts) for sheet in sheets]
    with collecting_later():
        document = HTML(string=page, url_fetcher=fetcher).render(
            stylesheets=styles, font_config=fonts, pdf_variant=VARIANT, pdf_tags=True
        )
        document.metadata.attachments.append(_attachment(checked))
        tell(70)
        content: bytes = document.write_pdf(
            finisher=complete_tags, pdf_variant=VARIANT, pdf_tags=True, pdf_identifier=_identifier(snapshot)
        )
    if not any(FONT_FAMILY in font.family for font in document.fonts.values()):
        raise FontMissing
    pages = len(document.pages)
    # Boxes of a page know each other in circles, which only a collection frees.
    del document
    gc.collect()
    tell(100)
    return Printed(content, pages)


@contextmanager
def collecting_later() -> Iterator[None]:
    """Look for unused objects once at the end, not again and again among millions that are all in use.

    A third of the time of a long report went there.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def public_snapshot(snapshot: Snapshot) -> Snapshot:
    """The snapshot as it travels with the file: without the records behind a figure, and without a number where
    none is shown."""
    shown = copy.deepcopy(snapshot)
    for figure in shown["figures"].values():
        figure["records"] = []
        if figure["status"] in ("missing", "not_due", "suppressed"):
            figure["low"] = figure["high"] = figure["words"] = None
    return shown


def _attachment(snapshot: Snapshot) -> Any:
    from weasyprint import Attachment

    written = json.dumps(public_snapshot(snapshot), ensure_ascii=False, sort_keys=True, indent=1)
    moment = datetime.datetime.fromisoformat(snapshot["generated_at"]).astimezone(datetime.UTC)
    return Attachment(
        string=written,
        name=SNAPSHOT_NAME,
        description="Số liệu và nội dung của báo cáo",
        created=moment,
        modified=moment,
        relationship="Source",
    )


def style_sheet() -> str:
    """The rules of a printed report."""
    return (TEMPLATES / "report.css").read_text(encoding="utf-8") + width_rules()


def _identifier(snapshot: object) -> bytes:
    """The file's permanent identifier: a hash of the snapshot, whatever the order of its keys."""
    written = json.dumps(snapshot, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:32].encode()
