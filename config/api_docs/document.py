"""The OpenAPI document as plain values, in a language. It follows from the code alone, so it is made once a process."""

import json
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

Document = dict[str, Any]


def document() -> Document:
    """The document in the language of the reader."""
    return _document_in(get_language() or "vi")


@lru_cache(maxsize=4)
def _document_in(language: str) -> Document:
    with override(language):
        described = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
        plain: Document = json.loads(OpenApiJsonRenderer().render(described))  # type: ignore[no-untyped-call]
    return plain
