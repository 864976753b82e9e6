"""Charts as PNG pictures, for files that hold no SVG."""

from __future__ import annotations

import io

from reporting.charts import Chart, draw
from reporting.rendering.pdf import make_fetcher, require_font

#: Pixels for each unit of a chart; 3 gives about 250 to the inch at the width of a page.
SCALE = 3.0


def draw_pngs(charts: list[Chart]) -> list[bytes]:
    """The charts as PNG files, in order. Raises FontMissing.

    They are set as the pages of one PDF, in the font of the report, and drawn from there by PDFium.
    """
    import pypdfium2
    from PIL import Image
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    if not charts:
        return []
    require_font()
    pages, rules = [], []
    for at, chart in enumerate(charts):
        picture = draw(chart, for_print=True)
        width, height = _size(picture)
        rules.append(f"@page p{at} {{ size: {width}px {height}px; margin: 0 }} .p{at} {{ page: p{at} }}")
        pages.append(f'<div class="p{at}">{picture}</div>')
    style = f"<style>{''.join(rules)} svg {{ display: block }} body {{ margin: 0 }}</style>"
    html = f'<html lang="vi"><head>{style}</head><body>{"".join(pages)}</body></html>'
    content = HTML(string=html, url_fetcher=make_fetcher()).write_pdf(font_config=FontConfiguration())
    found = []
    with pypdfium2.PdfDocument(content) as document:
        for page in document:
            file = io.BytesIO()
            # 72 points of the page are 96 of its units.
            image = page.render(scale=SCALE * 96 / 72).to_pil()
            image.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(file, "PNG")
            found.append(file.getvalue())
    return found


def _size(picture: str) -> tuple[str, str]:
    """Width and height that the picture names."""
    head = picture[: picture.index(">")]
    return head.split(' width="')[1].split('"')[0], head.split(' height="')[1].split('"')[0]
