"""Any page of the portal that is made for paper, as a tagged PDF; for reports there is `reporting.rendering.pdf`."""

from reporting.rendering.pdf import Printed, collecting_later, make_fetcher, require_font
from reporting.rendering.tagging import complete_tags

VARIANT = "pdf/a-3a"


def render_page(html: str, style: str) -> Printed:
    """A whole HTML page with its style sheet as a PDF file. Nothing is fetched while it is made.

    Raises FontMissing when the font of reports is not installed.
    """
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    require_font()
    fetcher, fonts = make_fetcher(), FontConfiguration()
    sheet = CSS(string=style, url_fetcher=fetcher, font_config=fonts)
    with collecting_later():
        document = HTML(string=html, url_fetcher=fetcher).render(
            stylesheets=[sheet], font_config=fonts, pdf_variant=VARIANT, pdf_tags=True
        )
        content: bytes = document.write_pdf(finisher=complete_tags, pdf_variant=VARIANT, pdf_tags=True)
    return Printed(content, len(document.pages))
