"""Pages sent small, so that they are there in time on a bad line also where no proxy stands before the portal."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class PageCompressionMiddleware(GZipMiddleware):
    """Compresses pages and nothing else: files are small already, and what the API gives keeps its strong ETag.

    Tokens in forms are masked anew for each answer, and Django adds bytes of random length, so that the size of a
    page tells nothing of them.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_page = not response.streaming and response.get("Content-Type", "").startswith("text/html")
        return super().process_response(request, response) if is_page else response
