"""Choosing from many."""

from html import escape
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe


class LongSelect(forms.Select):
    """A select of hundreds of areas or agencies, written at once: a template for each option takes longer than all
    else on the page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        lines = []
        for first, second in self.choices:
            if isinstance(second, list | tuple):
                lines.append(f'<optgroup label="{escape(str(first))}">')
                lines += [_option(key, label, chosen) for key, label in second]
                lines.append("</optgroup>")
            else:
                lines.append(_option(first, second, chosen))
        attributes = flatatt(self.build_attrs(self.attrs, attrs))
        options = "\n".join(lines)
        return mark_safe(f'<select name="{escape(name)}"{attributes}>{options}</select>')  # noqa: S308 - all is escaped


def _option(key: Any, label: Any, chosen: set[str]) -> str:
    value = "" if key is None else str(key)
    return f'<option value="{escape(value)}"{" selected" if value in chosen else ""}>{escape(str(label))}</option>'
