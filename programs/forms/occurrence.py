"""Occurrences typed as lines: venue; date; sessions; attendances; women; area."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from programs.forms.fields import WholeNumberField
from programs.forms.place import NamedAreas
from programs.selectors.occurrence import MOST_OCCURRENCES, Occurrence
from territory.days import read_day
from territory.text import NarrativeField

_LONGEST = 120_000
_LARGEST = 2_147_483_647
_MOST_ERRORS = 20
_PARTS = 6
_NUMBER = WholeNumberField(required=False, most=_LARGEST)


@dataclass(frozen=True)
class TypedOccurrence:
    """One line as it was read; the area is still a name."""

    line: int
    occurrence: Occurrence
    area_name: str = ""


class OccurrencesField(NarrativeField):
    """Lines, one an occurrence, parted by semicolons or, pasted from a sheet, by tabs.

    Cleans to TypedOccurrences. Lines are counted without empty ones. Raises ValidationError naming the lines.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=_LONGEST, **kwargs)

    def clean(self, value: Any) -> Any:
        lines = [line for line in super().clean(value).split("\n") if line.strip(" \t;")]
        if len(lines) > MOST_OCCURRENCES:
            message = _(
                "There are %(count)d lines; at most %(limit)d fit. File the rest as another activity."
            )
            params = {"count": len(lines), "limit": MOST_OCCURRENCES}
            raise ValidationError(message, code="too_many", params=params)
        read: list[TypedOccurrence] = []
        errors: list[ValidationError] = []
        for number, line in enumerate(lines, start=1):
            try:
                read.append(_read(number, line))
            except ValidationError as error:
                errors.append(error)
        if errors:
            raise ValidationError(errors[:_MOST_ERRORS])
        return read


def with_areas(
    typed: Iterable[TypedOccurrence], named: NamedAreas, **where: Any
) -> tuple[list[Occurrence], list[ValidationError]]:
    """The occurrences with the areas their lines name, and an error for each line whose area is not found."""
    found: list[Occurrence] = []
    errors: list[ValidationError] = []
    for each in typed:
        occurrence = each.occurrence
        if each.area_name:
            try:
                occurrence = replace(occurrence, area=named.find(each.area_name, **where))
            except ValidationError as error:
                errors.append(_in_line(each.line, error))
        found.append(occurrence)
    return found, errors[:_MOST_ERRORS]


def as_lines(occurrences: Iterable[Occurrence], named: NamedAreas) -> str:
    """The text that reads as these occurrences."""
    return "\n".join(_line(occurrence, named) for occurrence in occurrences)


def _line(occurrence: Occurrence, named: NamedAreas) -> str:
    numbers = (occurrence.sessions, occurrence.attendances, occurrence.women)
    parts = [
        occurrence.venue,
        f"{occurrence.held_on:%d/%m/%Y}" if occurrence.held_on else "",
        *("" if number is None else str(_NUMBER.prepare_value(number)) for number in numbers),
        named.name_of(occurrence.area) if occurrence.area else "",
    ]
    while parts and not parts[-1]:
        parts.pop()
    return "; ".join(parts)


def _read(number: int, line: str) -> TypedOccurrence:
    parts = [part.strip() for part in line.split("\t" if "\t" in line else ";")]
    while len(parts) > _PARTS and not parts[-1]:
        parts.pop()
    if len(parts) > _PARTS:
        message = _("Line %(line)d: there are %(count)d parts; at most six fit.")
        raise ValidationError(message, code="too_many_parts", params={"line": number, "count": len(parts)})
    parts += [""] * (_PARTS - len(parts))
    venue, day, *counts, area_name = ("" if part in ("-", "–") else part for part in parts)
    held_on = read_day(day) if day else None
    if day and held_on is None:
        message = _("Line %(line)d: “%(day)s” is not a date. Type it as 05/03/2020.")
        raise ValidationError(message, code="invalid_day", params={"line": number, "day": day[:40]})
    try:
        sessions, attendances, women = (_NUMBER.clean(count) for count in counts)
    except ValidationError as error:
        raise _in_line(number, error) from error
    return TypedOccurrence(number, Occurrence(venue, held_on, sessions, attendances, women), area_name)


def _in_line(number: int, error: ValidationError) -> ValidationError:
    params = {"line": number, "message": " ".join(error.messages)}
    return ValidationError(_("Line %(line)d: %(message)s"), code="in_line", params=params)
