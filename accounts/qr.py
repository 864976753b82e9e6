"""QR codes as SVG, drawn on the server: no picture is fetched and no style is needed."""

from html import escape

import segno

#: Light modules around the code, which a reader's camera needs. The standard asks for four; on white paper two do.
BORDER = 2


def qr_code(text: str) -> segno.QRCode:
    """The code, of which about a seventh may be unreadable."""
    return segno.make_qr(text, error="m", boost_error=False)


def qr_svg(text: str, title: str, *, css_class: str) -> str:
    """The code as an SVG element; ``title`` is its alternative text."""
    rows = [bytes(row) for row in qr_code(text).matrix]
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
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" class="{css_class}" viewBox="0 0 {side} {side}">'
        f'<title>{escape(title)}</title><rect width="{side}" height="{side}" fill="#ffffff"/>'
        f'<path d="{"".join(drawn)}" fill="#000000"/></svg>'
    )
