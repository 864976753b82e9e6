"""The QR code on the first page, as SVG for the PDF and as PNG for Word."""

from __future__ import annotations

import io
from html import escape

import segno

#: Light modules around the code, which a reader's camera needs. The standard asks for four; on white paper two do.
BORDER = 2


def _made(address: str) -> segno.QRCode:
    return segno.make_qr(address, error="m", boost_error=False)


def qr_svg(address: str, title: str) -> str:
    """The code as an SVG element; `title` is its alternative text."""
    rows = [bytes(row) for row in _made(address).matrix]
    drawn = []
    for y, row in enumerate(rows, start=BORDER):
        x = 0
        while x < len(row):
            run = x
            while run < len(row) and row[run]:
                run += 1
            if run > x:
                drawn.append(f"M{x + BORDER} {y}h{run - x}v1h-{run - x}z")
            x = run + 1
    side = len(rows) + 2 * BORDER
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" class="rp-qr" viewBox="0 0 {side} {side}">'
        f'<title>{escape(title)}</title><rect width="{side}" height="{side}" fill="#ffffff"/>'
        f'<path d="{"".join(drawn)}" fill="#000000"/></svg>'
    )


def qr_png(address: str) -> bytes:
    """The code as a PNG file."""
    file = io.BytesIO()
    _made(address).save(file, kind="png", scale=8, border=BORDER)
    return file.getvalue()
