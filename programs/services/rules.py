"""What must be true of an activity, whichever way it comes in: form, file or API."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from programs.models.activity import MEASURES_OF_PERSONS
from programs.selectors.occurrence import MOST_OCCURRENCES, Occurrence, OccurrenceSums
from programs.selectors.quantity import PARTS, Quantity, print_number
from territory.figure import Qualifier
from territory.text import control_characters

#: The longest time that counts as one activity of one half-year, in days.
LONGEST_DAYS = 184
EARLIEST_DAY = dt.date(2000, 1, 1)
MOST_PLACES = 200
LONGEST_VENUE = 200

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
    _judge_places(fields, refuse)
    _judge_occurrences(fields, refuse)
    for task in fields.get("assignments") or ():
        if fields.get("agency") and task.agency_id != fields["agency"].pk:
            refuse("assignments", _("This is a task of another unit: %(task)s"), "foreign", task=str(task))
    for partner in fields.get("partner_agencies") or ():
        if ended_on and not partner.held_on(ended_on):
            refuse(
                "partner_agencies",
                _("%(agency)s did not exist under this name on %(day)s."),
                "agency_not_valid",
                agency=partner.name,
                day=day(ended_on),
            )
    if "narrative" in fields and "quantities" in fields and not _tells_something(fields):
        refuse(
            "narrative",
            _("Give at least one figure above, or describe here what was done."),
            "nothing_told",
        )
    for name in ("title", "integrated_with", "other_partners", "narrative"):
        if control_characters(fields.get(name) or ""):
            refuse(name, _("The text holds an invisible control character."), "control_characters")
    return broken


def _tells_something(fields: Mapping[str, Any]) -> bool:
    return bool(fields["narrative"] or fields["quantities"] or fields.get("occurrences"))


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


def _judge_places(fields: Mapping[str, Any], refuse: Any) -> None:
    area, ended_on = fields.get("area"), fields.get("ended_on")
    places = fields.get("places") or ()
    if len(places) > MOST_PLACES:
        refuse("places", _("Name at most %(limit)d places."), "too_many", limit=MOST_PLACES)
    for place in places:
        if ended_on and not place.held_on(ended_on):
            message = _("%(area)s was not a unit on %(day)s.")
            refuse("places", message, "area_not_valid", area=place.name, day=day(ended_on))
        if area and not (area.contains(place) and area.pk != place.pk):
            message = _("%(place)s does not lie within %(area)s. Choose the area that holds all places.")
            refuse("places", message, "outside", place=place.name, area=area.name)


def _judge_occurrences(fields: Mapping[str, Any], refuse: Any) -> None:
    occurrences = fields.get("occurrences") or ()
    if len(occurrences) > MOST_OCCURRENCES:
        message = _("There are %(count)d lines; at most %(limit)d fit. File the rest as another activity.")
        refuse("occurrences", message, "too_many", count=len(occurrences), limit=MOST_OCCURRENCES)
        return
    for line, occurrence in enumerate(occurrences, start=1):
        _judge_occurrence(line, occurrence, fields, refuse)
    sums = OccurrenceSums.of(occurrences).by_measure
    for quantity in fields.get("quantities") or ():
        total, most = sums.get(str(quantity.measure)), _most(quantity)
        if total is not None and most is not None and most < total:
            refuse(
                "occurrences",
                _(
                    "The lines add up to %(sum)s %(measure)s, but the figure above says only %(quantity)s."
                    " Correct one of the two."
                ),
                "below_sum",
                sum=print_number(total),
                measure=quantity.unit,
                quantity=str(quantity),
            )


def _judge_occurrence(line: int, occurrence: Occurrence, fields: Mapping[str, Any], refuse: Any) -> None:
    first, last, area = (fields.get(name) for name in ("started_on", "ended_on", "area"))

    def refuse_line(message: Any, code: str, **params: object) -> None:
        refuse("occurrences", message, code, line=line, **params)

    if not occurrence.venue or set(occurrence.venue) & set(";\n\t"):
        refuse_line(_("Line %(line)d: say where it was, in words without a semicolon."), "no_venue")
    elif len(occurrence.venue) > LONGEST_VENUE:
        refuse_line(
            _("Line %(line)d: the venue has more than %(limit)d characters."),
            "venue_too_long",
            limit=LONGEST_VENUE,
        )
    if control_characters(occurrence.venue):
        refuse_line(_("Line %(line)d: the text holds an invisible control character."), "control_characters")
    held_on = occurrence.held_on
    if held_on and first and last and not first <= held_on <= last:
        refuse_line(
            _("Line %(line)d: %(held)s lies outside the days of the activity (%(first)s – %(last)s)."),
            "day_outside",
            held=day(held_on),
            first=day(first),
            last=day(last),
        )
    if occurrence.area and area and not area.contains(occurrence.area):
        refuse_line(
            _("Line %(line)d: %(place)s does not lie within %(area)s."),
            "outside",
            place=occurrence.area.name,
            area=area.name,
        )
    women, attendances = occurrence.women, occurrence.attendances
    if women is not None and women > (attendances or 0):
        refuse_line(
            _("Line %(line)d: %(women)d women are more than all who attended."), "women_above", women=women
        )


def _most(quantity: Quantity) -> Decimal | None:
    """What a quantity says at most; None where it leaves that open ("hơn 40", "khoảng 40", in words)."""
    is_open = quantity.figure.qualifier in (Qualifier.OVER, Qualifier.ABOUT, Qualifier.WORDS)
    return None if is_open else quantity.bound


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
