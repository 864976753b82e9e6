"""Calendar days as people here type them, in every form."""

import datetime as dt
import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

_TYPED_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)


def read_day(text: str) -> dt.date | None:
    """A day typed as 05/03/2020 (also with dots or dashes) or sent by a date input as 2020-03-05."""
    text = text.strip()
    match = _TYPED_DAY.fullmatch(text)
    try:
        if match:
            return dt.date(int(match[3]), int(match[2]), int(match[1]))
        return parse_date(text)
    except ValueError:
        return None


def start_of(day: dt.date) -> dt.datetime:
    """The moment a day begins, in the portal's time."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


class DayInput(forms.DateInput):
    """A date input of the browser; a text box while it holds something a date input would not show."""

    input_type = "date"

    def format_value(self, value: Any) -> str | None:
        return value.isoformat() if isinstance(value, dt.date) else value or None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"] or ""
        if shown and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", shown):
            context["widget"]["type"] = "text"
        return context


class DayField(forms.Field):
    """A calendar day. A program sends it as ``json_schema`` says."""

    json_schema: ClassVar[dict[str, Any]] = {
        "type": "string",
        "format": "date",
        "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    }
    widget = DayInput
    default_error_messages = {
        "invalid": _("Type the date as day/month/year, for example 05/03/2020."),
        "required": _("Give the date, for example 05/03/2020."),
    }

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values:
            return None
        day = value if isinstance(value, dt.date) else read_day(str(value))
        if day is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day
