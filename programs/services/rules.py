"""What must be true of an activity, whichever way it comes in: form, file or API."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from programs.models.activity import MEASURES_OF_PERSONS
from programs.selectors.quantity import PARTS, Quantity
from territory.text import control_characters

#: The longest time that counts as one activity of one half-year, in days.
LONGEST_DAYS = 184
EARLIEST_DAY = dt.date(2000, 1, 1)

REPEATED_MEASURE = _("This was counted in a row above already. Each thing is counted once an activity.")

Broken = dict[str, list[ValidationError]]


def day(value: dt.date) -> str:
    """A date as people here type it: 05/03/2020."""
    return f"{value:%d/%m/%Y}"


def broken_rules(fields: Mapping[str, Any], *, today: dt.date) -> Broken:
    """The rules that these fields of an activity break, each with a message, by name of the field.

    Fields that are absent are not judged, so a form can ask about what it could read.
    """
    broken: Broken = {}

    def refuse(field: str, message: Any, code: str, **params: object) -> None:
        broken.setdefault(field, []).append(ValidationError(message, code=code, params=params))

    _judge_days(fields, today, refuse)
    area, ended_on = fields.get("area"), fields.get("ended_on")
    if area and ended_on and not area.held_on(ended_on):
        refuse(
            "area",
            _(
                "%(area)s was not a unit on %(day)s."
                " Choose the unit as it was on the last day of the activity."
            ),
            "area_not_valid",
            area=area.name,
            day=day(ended_on),
        )
    for partner in fields.get("partner_agencies") or ():
        if ended_on and not partner.held_on(ended_on):
            refuse(
                "partner_agencies",
                _("%(agency)s did not exist under this name on %(day)s."),
                "agency_not_valid",
                agency=partner.name,
                day=day(ended_on),
            )
    if "narrative" in fields and "quantities" in fields and not (fields["narrative"] or fields["quantities"]):
        refuse(
            "narrative",
            _("Give at least one figure above, or describe here what was done."),
            "nothing_told",
        )
    for name in ("title", "integrated_with", "other_partners", "narrative"):
        if control_characters(fields.get(name) or ""):
            refuse(name, _("The text holds an invisible control character."), "control_characters")
    return broken


def _judge_days(fields: Mapping[str, Any], today: dt.date, refuse: Any) -> None:
    started_on, ended_on = fields.get("started_on"), fields.get("ended_on")
    tomorrow = today + dt.timedelta(days=1)
    for name, value in (("started_on", started_on), ("ended_on", ended_on)):
        if value and value < EARLIEST_DAY:
            refuse(name, _("The date lies before %(day)s."), "too_early", day=day(EARLIEST_DAY))
        if value and value > tomorrow:
            refuse(
                name,
                _("The date lies in the future. File an activity once it has taken place."),
                "in_future",
            )
    if not (started_on and ended_on):
        return
    if ended_on < started_on:
        refuse(
            "ended_on",
            _("The last day (%(last)s) lies before the first day (%(first)s)."),
            "ends_before_start",
            first=day(started_on),
            last=day(ended_on),
        )
    elif (ended_on - started_on).days > LONGEST_DAYS and not fields.get("is_cumulative"):
        refuse(
            "is_cumulative",
            _(
                "The activity lasts longer than half a year (%(days)d days), so its figures would all be"
                " counted in the one half-year in which it ended. Tick this when they are figures of the"
                " whole time, or file it in shorter parts."
            ),
            "too_long",
            days=(ended_on - started_on).days + 1,
        )


def broken_parts(quantity: Quantity) -> Broken:
    """What is wrong with the parts (women, children, ethnic minority) of a quantity, by name of the part."""
    broken: Broken = {}
    for part in PARTS:
        value = getattr(quantity, part)
        if value is None:
            continue
        if quantity.measure not in MEASURES_OF_PERSONS:
            broken[part] = [
                ValidationError(
                    _("Only people and attendances can be told apart. Leave this empty."), "not_persons"
                )
            ]
        elif quantity.bound is not None and value > quantity.bound:
            broken[part] = [
                ValidationError(
                    _("A part cannot be larger than the whole (%(whole)s)."),
                    "part_above_whole",
                    {"whole": str(quantity)},
                )
            ]
    return broken


def repeated_measures(quantities: Iterable[Quantity]) -> set[str]:
    """Measures that are given more than once."""
    seen: set[str] = set()
    return {q.measure for q in quantities if q.measure in seen or seen.add(q.measure)}  # type: ignore[func-returns-value]
