"""The QR code on the first page, as SVG for the PDF and as PNG for Word."""

from __future__ import annotations

import io

from accounts import qr
from accounts.qr import BORDER, qr_code


def qr_svg(address: str, title: str) -> str:
    """The code as an SVG element; `title` is its alternative text."""
    return qr.qr_svg(address, title, css_class="rp-qr")


def qr_png(address: str) -> bytes:
    """The code as a PNG file."""
    file = io.BytesIO()
    qr_code(address).save(file, kind="png", scale=8, border=BORDER)
    return file.getvalue()
