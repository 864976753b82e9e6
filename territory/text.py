"""Typed text: stored as NFC, without control characters."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

#: Longest text of one narrative field, in characters.
NARRATIVE_LIMIT = 20_000

_ALLOWED_CONTROLS = frozenset("\n\t")


def normalise(text: str) -> str:
    """Return ``text`` in NFC, with one kind of line end."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")


def typed_key(typed: str) -> int | None:
    """A key of the database as a form or an address sends it; None for anything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None


def control_characters(text: str) -> list[str]:
    """The characters of ``text`` that no officer types: controls, surrogates and the like, in order."""
    return [c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in _ALLOWED_CONTROLS]


class TextField(forms.CharField):
    """A text field of a form: normalised to NFC before its length is judged, and free of control characters."""

    def to_python(self, value: object) -> str:
        text = normalise(super().to_python(value) or "")
        found = control_characters(text)
        if found:
            raise ValidationError(
                _(
                    "The text holds an invisible control character (U+%(code)s). Remove it, or type the text anew."
                ),
                code="control_characters",
                params={"code": f"{ord(found[0]):04X}"},
            )
        return text


class NarrativeField(TextField):
    """A longer text of several lines."""

    def __init__(self, *, rows: int = 6, **kwargs: object) -> None:
        kwargs.setdefault("max_length", NARRATIVE_LIMIT)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)  # type: ignore[arg-type]
