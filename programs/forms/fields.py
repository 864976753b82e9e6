"""Form fields for figures, whole numbers and records, as officers type and choose them."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from territory.figure import Figure, FigureError, parse_figure, print_figure_vi, print_number_vi
from territory.text import TextField

M = TypeVar("M", bound=models.Model)

_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}(\.[0-9]{3})+")

FIGURE_MESSAGES = {
    "negative": _("A figure cannot be below zero."),
    "too_large": _("The figure is too large: at most 1.000.000.000.000 can be given."),
    "ends_below_start": _("The second number of a range must be larger than the first."),
    "words_too_long": _("A figure has at most 60 characters. Put explanations into the narrative."),
    "control_characters": _("The figure holds an invisible character. Type it anew."),
    "ambiguous_grouping": _(
        "This can be read as two numbers. A dot groups thousands and a comma starts decimals:"
        " type 6.770 for thousands, or 6,77 for a fraction."
    ),
}
FIGURE_MALFORMED = _(
    "This is not a figure. Type a number such as 6.770, or trên 6.770, gần 31.000, khoảng 500, 100 - 200,"
    " hàng trăm."
)


class FigureField(TextField):
    """A figure as it was reported: "6.770", "trên 6.770", "hàng trăm". Cleans to a Figure, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.stored: Figure | None = None

    def prepare_value(self, value: Any) -> Any:
        return print_figure_vi(value, pad=False) if isinstance(value, Figure) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        # A stored figure in words of somebody's own can be printed but not typed; left alone it stays.
        if self.stored is not None and text == self.prepare_value(self.stored):
            return self.stored
        try:
            return parse_figure(text)
        except FigureError as error:
            message = FIGURE_MESSAGES.get(error.reason, FIGURE_MALFORMED)
            raise ValidationError(message, code=error.reason) from error


class WholeNumberField(TextField):
    """A whole number, its thousands grouped by dots or not. Cleans to an int, or None when empty."""

    default_error_messages = {
        "invalid": _("Type a whole number, for example 1.250."),
        "negative": _("The number cannot be below zero."),
        "too_large": _("The number is too large: at most %(most)s."),
    }

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(**kwargs)
        self.most = most

    @property
    def json_schema(self) -> dict[str, Any]:
        """How a program sends it."""
        return {"type": "integer", "minimum": 0, "maximum": self.most}

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else print_number_vi(value)

    def clean(self, value: Any) -> Any:
        text = super().clean(value).lower().removesuffix("đồng").removesuffix("đ").strip()
        if not text:
            return None
        if re.fullmatch(r"[-−]\s*[0-9][0-9.,]*", text):
            raise ValidationError(self.error_messages["negative"], code="negative")
        if not _WHOLE.fullmatch(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        digits = text.replace(".", "").lstrip("0") or "0"
        if len(digits) > len(str(self.most)) or int(digits) > self.most:
            most = {"most": print_number_vi(self.most)}
            raise ValidationError(self.error_messages["too_large"], code="too_large", params=most)
        return int(digits)


class RecordField(forms.ChoiceField, Generic[M]):
    """One record out of those given; cleans to the record. A program sends its id."""

    json_schema: ClassVar[dict[str, Any]] = {"type": "integer", "minimum": 1}

    default_error_messages = {
        "invalid_choice": _("“%(value)s” is not one of those you may choose. Choose one from the list.")
    }

    def offer(self, records: Iterable[M], choices: Any) -> None:
        """Set what may be chosen, and how it is shown."""
        self.records = {str(record.pk): record for record in records}
        self.choices = choices

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return self.records[chosen] if chosen else None


class RecordsField(forms.MultipleChoiceField, Generic[M]):
    """Several records out of those given; cleans to a list of records."""

    default_error_messages = RecordField.default_error_messages

    def offer(self, records: Iterable[M]) -> None:
        self.records = {str(record.pk): record for record in records}
        self.choices = [(pk, str(record)) for pk, record in self.records.items()]

    def clean(self, value: Any) -> Any:
        return [self.records[chosen] for chosen in super().clean(value)]
