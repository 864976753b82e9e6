"""How descriptions of the API are shown: in paragraphs, with what stands in backquotes as code."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
_CODE = re.compile(r"`([^`\n]+)`")


@register.filter
def described(text: str) -> SafeString:
    """The text escaped, with code and paragraphs."""
    with_code = _CODE.sub(r"<code>\1</code>", escape(text))
    return mark_safe("<br>".join(part for part in with_code.split("\n\n") if part))  # noqa: S308 escaped above
