"""The OpenAPI document in a language. It follows from the code alone, so it is made once in each process."""

import json
from functools import lru_cache
from threading import Lock
from typing import Any

from django.utils.translation import get_language, override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

Document = dict[str, Any]

#: The generator of drf-spectacular shares what it writes between threads, and fails where two make a document at once.
_ONE_AT_A_TIME = Lock()


def document() -> Document:
    """The document in the language of the reader."""
    with _ONE_AT_A_TIME:
        return _document_in(get_language() or "vi")


@lru_cache(maxsize=4)
def _document_in(language: str) -> Document:
    with override(language):
        described = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
        plain: Document = json.loads(OpenApiJsonRenderer().render(described))
    return plain


class DocumentView(SpectacularAPIView):
    """The document for programs, as YAML or JSON."""

    def _get_schema_response(self, request: Request) -> Response:
        return Response(document())
