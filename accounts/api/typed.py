"""Bodies that the form of a page judges: the same fields, choices and messages, typed as JSON.

What the form carries for itself, the version and the key of a submission, a request says in its headers.
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from territory.days import DayField

#: Fields that a page hides in its form, and a request says in If-Match and Idempotency-Key.
IN_HEADERS = frozenset({"version", "submission_key"})
_DAY = re.compile(DayField.json_schema["pattern"], re.ASCII)
_UNKNOWN = _("This field is not known here.")
#: Half a character: it can be sent in JSON, and neither stored nor told back.
_SURROGATE = re.compile("[\ud800-\udfff]")
_LARGEST = 2**63 - 1
_RECORD = {"type": "integer", "minimum": 1, "maximum": _LARGEST}


def body_of(
    form: type[forms.Form],
    *,
    without: Collection[str] = (),
    more: Mapping[str, forms.Field] | None = None,
) -> dict[str, Any]:
    """The description of a body that the form judges. ``more``: fields that it gets when it is made."""
    left_out = {*IN_HEADERS, *without}
    fields = {**form.base_fields, **(more or {})}
    told = {name: _described(field) for name, field in fields.items() if name not in left_out}
    needed = [name for name in told if fields[name].required]
    schema = {"type": "object", "properties": told, "additionalProperties": False}
    return {"application/json": {**schema, "required": needed} if needed else schema}


def object_sent(request: Request) -> dict[str, Any]:
    """The body of a request. Raises ValidationError for one that is no object."""
    if not isinstance(request.data, dict):
        raise ValidationError(_("Send an object."))
    return dict(request.data)


def judged(body: Mapping[str, Any], make: Callable[[dict[str, Any]], Any], **hidden: Any) -> Any:
    """The form that ``make`` makes of a body and of what headers said, found good. Raises ValidationError by field."""
    form = make({**body, **hidden})
    open_fields = {name: field for name, field in form.fields.items() if name not in IN_HEADERS}
    wrong = {
        name: message
        for name in body
        if (message := _wrong(open_fields[name], body[name]) if name in open_fields else _UNKNOWN)
    }
    if wrong:
        raise ValidationError(wrong)
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    return form


def _described(field: forms.Field) -> dict[str, Any]:
    """The schema of one field; what need not be given may be null."""
    schema = dict(_schema(field))
    if not field.required and "type" in schema and schema["type"] not in ("array", "boolean"):
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    if field.label:
        schema["description"] = str(field.label)
    return schema


def _schema(field: forms.Field) -> Mapping[str, Any]:
    """The schema of a field's value: what a field of our own says of itself, or what its kind takes."""
    told: Mapping[str, Any] | None = getattr(field, "json_schema", None)
    if told is not None:
        return told
    match field:
        case forms.BooleanField():
            # What must be confirmed is true, and nothing else is taken.
            return {"type": "boolean", **({"enum": [True]} if field.required else {})}
        case forms.ModelMultipleChoiceField():
            return {"type": "array", "items": _RECORD, **({"minItems": 1} if field.required else {})}
        case forms.MultipleChoiceField():
            return {"type": "array", "items": {"type": "string", "enum": _values(field)}}
        case forms.ModelChoiceField():
            return _RECORD
        case forms.ChoiceField():
            values = _values(field) + ([] if field.required else [""])
            return {"type": "string", **({"enum": values} if _values(field) else {})}
        case forms.TimeField():
            return {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"}
        case forms.DecimalField():
            return {"type": "number", **_limits(field)}
        case forms.IntegerField():
            return {"type": "integer", **_limits(field)}
        case forms.CharField():
            least = {"minLength": 1} if field.required else {}
            return {
                "type": "string",
                **({"maxLength": field.max_length} if field.max_length else {}),
                **least,
            }
    raise NotImplementedError(type(field).__name__)


def _limits(field: forms.IntegerField) -> dict[str, Any]:
    limits = {"minimum": field.min_value, "maximum": field.max_value}
    return {name: limit for name, limit in limits.items() if limit is not None}


def _values(field: Any) -> list[str]:
    return [value for value, _label in field.choices if value]


def _wrong(field: forms.Field, value: Any) -> Any:
    """What to send instead, where the value has not the type of the field; else nothing."""
    kind = _schema(field)["type"]
    if value is None:
        is_fit = not field.required and kind not in ("array", "boolean")
    elif kind == "array":
        wanted = _schema(field)["items"]["type"]
        is_fit = isinstance(value, list) and all(_is(wanted, each) for each in value)
    else:
        is_fit = _is(kind, value)
    if is_fit and isinstance(field, DayField) and value is not None:
        is_fit = bool(_DAY.fullmatch(value))
        kind = "date"
    return "" if is_fit else _TOLD[kind]


def _is(kind: str, value: Any) -> bool:
    match kind:
        case "string":
            return isinstance(value, str) and not _SURROGATE.search(value)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, int | float) and not isinstance(value, bool)


_TOLD: dict[str, Any] = {
    "string": _("Send a text."),
    "boolean": _("Send true or false."),
    "integer": _("Send a whole number."),
    "number": _("Send a number."),
    "array": _("Send a list."),
    "date": _("Send a day as 2020-03-05."),
}
