"""Keeping the register of a training class or seminar."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NotRequired, TypedDict, Unpack

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.changing import ChangedMeanwhile
from accounts.models import User
from programs.models import Activity, TrainingPlaces, TrainingRegister
from programs.models.training import BEST_MARK
from programs.selectors.training import has_register, key_of_name, may_keep_register
from territory.models import Agency
from territory.text import control_characters, normalise

#: Most agencies of one register, and most people of one row.
MOST_PLACES = 100
MOST_PEOPLE = 1_000_000
MOST_DAYS = 366

#: The texts, and how many characters each holds.
_TEXTS = {"topic": 300, "trainers": 1000, "materials": 1000}
_NUMBERS = ("offered", "attended", "attended_women", "certificates", "certificates_women")
#: A part, the whole it does not exceed, and what to say when it does.
_PARTS = (
    ("attended_women", "attended", _("More women than people attended.")),
    ("certificates", "attended", _("More certificates than people attended.")),
    ("certificates_women", "certificates", _("More certificates to women than certificates.")),
    ("certificates_women", "attended_women", _("More certificates to women than women attended.")),
)
REPEATED_UNIT = _("This agency has a row above already. Each agency has one row.")

Broken = dict[str, list[ValidationError]]


class RegisterFields(TypedDict):
    """What is typed about a training besides its rows. Counts are people, averages are marks from 0 to 10."""

    topic: NotRequired[str]
    trainers: NotRequired[str]
    materials: NotRequired[str]
    days: NotRequired[int | None]
    taken_before: NotRequired[int | None]
    passed_before: NotRequired[int | None]
    average_before: NotRequired[Decimal | None]
    taken_after: NotRequired[int | None]
    passed_after: NotRequired[int | None]
    average_after: NotRequired[Decimal | None]


_COLUMNS = tuple(sorted(RegisterFields.__optional_keys__))


@dataclass(frozen=True)
class Places:
    """The places of one agency, or of a unit the portal does not know. Counts are people; None was not told."""

    agency: Agency | None
    other: str
    attended: int
    offered: int | None = None
    attended_women: int | None = None
    certificates: int | None = None
    certificates_women: int | None = None

    @property
    def key(self) -> tuple[int | None, str]:
        """Whose row it is; two of one register differ in it."""
        return (self.agency.pk if self.agency else None, "" if self.agency else key_of_name(self.other))

    def as_columns(self) -> dict[str, Any]:
        return {"agency_id": self.agency.pk if self.agency else None, "other": self.other, **self.numbers}

    @property
    def numbers(self) -> dict[str, int | None]:
        return {name: getattr(self, name) for name in _NUMBERS}

    @classmethod
    def of(cls, row: TrainingPlaces) -> "Places":
        return cls(row.agency, row.other, **{name: getattr(row, name) for name in _NUMBERS})


def keep_register(
    *,
    actor: User,
    activity: Activity,
    version: int,
    places: Sequence[Places] = (),
    **fields: Unpack[RegisterFields],
) -> TrainingRegister:
    """Put what was typed in the place of what the register holds; the first time, begin it.

    ``version`` is the one that was opened, 0 where there was none. Where nothing differs nothing is written, so a
    second click is no second change. Raises PermissionDenied when ``actor`` may not change the activity;
    ChangedMeanwhile; ValidationError, by field ("places" for the rows), also for an activity that is no
    training.
    """
    columns = _judged(fields, places)
    with transaction.atomic(), pghistory.context(user=actor.pk):
        found = Activity.objects.unscoped("locked here and checked in the next lines")
        held: Activity = (
            found.select_related("agency", "area").select_for_update(of=("self",)).get(pk=activity.pk)
        )
        if not may_keep_register(actor, held):
            raise PermissionDenied("the actor does not change this activity")
        if not has_register(held):
            raise ValidationError(_("Only a training class or a seminar has a register."), code="no_training")
        _refuse_agencies_of_another_day(places, held.ended_on)
        register = TrainingRegister.objects.filter(activity=held).first()
        if register is None:
            register = TrainingRegister.objects.create(activity=held, **columns)
        else:
            if _content(register) == (columns, {row.key: row for row in places}):
                return register
            if version != register.version:
                raise ChangedMeanwhile.since(register)
            for column, value in columns.items():
                setattr(register, column, value)
            register.version += 1
            register.save()
        _write_places(register, places)
    return register


def broken_places(places: Places) -> Broken:
    """The rules a row breaks, each with a message, by name of the column."""
    broken: Broken = {}
    for name, value in places.numbers.items():
        if value is not None and not 0 <= value <= MOST_PEOPLE:
            message = _("The number must lie between 0 and %(most)d.")
            error = ValidationError(message, code="out_of_range", params={"most": MOST_PEOPLE})
            broken.setdefault(name, []).append(error)
    for part, whole, message in _PARTS:
        told, most = getattr(places, part), getattr(places, whole)
        if told is not None and most is not None and told > most:
            broken.setdefault(part, []).append(ValidationError(message, code="part_exceeds"))
    return broken


def broken_tests(fields: RegisterFields) -> Broken:
    """The rules the tests before and after break, by name of the field. Absent fields are not judged."""
    given: dict[str, Any] = dict(fields)
    broken: Broken = {}
    for when in ("before", "after"):
        taken, passed, average = (given.get(f"{name}_{when}") for name in ("taken", "passed", "average"))
        if passed is not None and taken is None:
            message = _("Say also how many took this test.")
            broken.setdefault(f"taken_{when}", []).append(ValidationError(message, code="required"))
        elif passed is not None and passed > taken:
            message = _("More passed than took the test.")
            broken.setdefault(f"passed_{when}", []).append(ValidationError(message, code="part_exceeds"))
        if average is not None and not 0 <= average <= BEST_MARK:
            message = _("A mark lies between 0 and 10.")
            broken.setdefault(f"average_{when}", []).append(ValidationError(message, code="out_of_range"))
    return broken


def _judged(fields: RegisterFields, places: Sequence[Places]) -> dict[str, Any]:
    """The columns as they will be stored. Raises ValidationError, by field, when a rule is broken."""
    given: dict[str, Any] = {name: "" if name in _TEXTS else None for name in _COLUMNS} | dict(fields)
    broken = broken_tests(fields)
    for name, limit in _TEXTS.items():
        given[name] = normalise(given[name]).strip()
        if len(given[name]) > limit:
            message = _("The text has %(count)d characters; at most %(limit)d fit. Shorten it.")
            params = {"count": len(given[name]), "limit": limit}
            broken.setdefault(name, []).append(ValidationError(message, code="max_length", params=params))
        if control_characters(given[name]):
            message = _("The text holds an invisible control character.")
            broken.setdefault(name, []).append(ValidationError(message, code="control_characters"))
    if given["days"] is not None and not 1 <= given["days"] <= MOST_DAYS:
        message = _("A training takes from 1 to %(most)d days.")
        broken["days"] = [ValidationError(message, code="out_of_range", params={"most": MOST_DAYS})]
    rows = _broken_rows(places)
    if rows:
        broken["places"] = rows
    if broken:
        raise ValidationError(broken)
    return given


def _broken_rows(places: Sequence[Places]) -> list[ValidationError]:
    found = [error for row in places for errors in broken_places(row).values() for error in errors]
    if len(places) > MOST_PLACES:
        message = _("A register has at most %(most)d agencies.")
        found.append(ValidationError(message, code="too_many", params={"most": MOST_PLACES}))
    if len({row.key for row in places}) < len(places):
        found.append(ValidationError(REPEATED_UNIT, code="repeated"))
    if any((row.agency is None) == (not row.other.strip()) for row in places):
        message = _("Each row names one agency.")
        found.append(ValidationError(message, code="unit"))
    if any(control_characters(row.other) or len(row.other) > 200 for row in places):
        message = _("The name of a unit has at most 200 characters, none of them invisible.")
        found.append(ValidationError(message, code="unit_name"))
    return found


def _refuse_agencies_of_another_day(places: Sequence[Places], day: dt.date) -> None:
    for row in places:
        if row.agency is not None and not row.agency.held_on(day):
            message = _("%(agency)s did not exist under this name on %(day)s.")
            params = {"agency": row.agency.name, "day": f"{day:%d/%m/%Y}"}
            raise ValidationError({"places": ValidationError(message, code="not_valid", params=params)})


def _content(register: TrainingRegister) -> tuple[dict[str, Any], dict[tuple[int | None, str], Places]]:
    rows = (Places.of(row) for row in register.places.select_related("agency"))
    return {name: getattr(register, name) for name in _COLUMNS}, {row.key: row for row in rows}


def _write_places(register: TrainingRegister, places: Sequence[Places]) -> None:
    """Bring the rows in line with what was typed, touching only what differs."""
    wanted = {row.key: row for row in places}
    for stored in register.places.select_related("agency"):
        row = wanted.pop(Places.of(stored).key, None)
        if row is None:
            stored.delete()
        elif row != Places.of(stored):
            for column, value in row.as_columns().items():
                setattr(stored, column, value)
            stored.save()
    for row in wanted.values():
        TrainingPlaces.objects.create(register=register, **row.as_columns())
