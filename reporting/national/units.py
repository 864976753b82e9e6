"""Who files in the nation: agencies of twelve kinds on both maps, and a handful of people in each province."""

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from accounts.models import Membership, Role, User
from reporting.national.copying import Table
from territory.agencies import REORGANISED_ON
from territory.dataset import TWO_LEVELS_FROM
from territory.models import Agency, AgencyDuty, AgencyKind, Area, Duty, Level

_SINCE = dt.date(2004, 1, 1)
_EVE_OF_REORGANISING = REORGANISED_ON - dt.timedelta(days=1)

#: Kind, name before that of the area, level, first and last day where they differ from the area's.
_KINDS: tuple[tuple[str, str, Level, dt.date | None, dt.date | None], ...] = (
    ("provincial_police", "Công an", Level.PROVINCE, None, None),
    ("border_guard", "Bộ Chỉ huy Bộ đội Biên phòng", Level.PROVINCE, None, None),
    ("labour", "Sở Lao động - Thương binh và Xã hội", Level.PROVINCE, None, _EVE_OF_REORGANISING),
    ("health", "Sở Y tế", Level.PROVINCE, REORGANISED_ON, None),
    ("education", "Sở Giáo dục và Đào tạo", Level.PROVINCE, None, None),
    ("womens_union", "Hội Liên hiệp Phụ nữ", Level.PROVINCE, None, None),
    ("procuracy", "Viện kiểm sát nhân dân", Level.PROVINCE, None, None),
    ("court", "Tòa án nhân dân", Level.PROVINCE, None, None),
    ("provincial_committee", "Ủy ban nhân dân", Level.PROVINCE, None, None),
    ("district_police", "Công an", Level.DISTRICT, None, _EVE_OF_REORGANISING),
    ("district_committee", "Ủy ban nhân dân", Level.DISTRICT, None, None),
    ("commune_police", "Công an", Level.COMMUNE, TWO_LEVELS_FROM, None),
)
_DUTIES = {
    "provincial_police": Duty.STANDING,
    "border_guard": Duty.BORDER,
    "labour": Duty.VICTIM_SUPPORT,
    "health": Duty.VICTIM_SUPPORT,
}
#: Role, and the kinds of agency it may be held in; the first that the province has is taken.
_ROLES: tuple[tuple[Role, tuple[str, ...]], ...] = (
    (Role.COORDINATOR, ("provincial_police",)),
    (Role.FILING_OFFICER, ("provincial_police",)),
    (Role.HEAD_OF_UNIT, ("provincial_police",)),
    (Role.INVESTIGATOR, ("provincial_police",)),
    (Role.CASE_WORKER, ("labour", "health")),
)
DOMAIN = "national.example"


@dataclass(frozen=True)
class Place:
    """An area as records name it: with its district and province."""

    id: int
    code: str
    level: str
    name: str
    province_id: int | None
    district_id: int | None
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True)
class Unit:
    """An agency in its area between two days."""

    id: int
    kind: str
    place: Place
    valid_from: dt.date
    valid_to: dt.date | None

    def held_on(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Nation:
    """The map as it is in the database, its units, and the people of each province by role."""

    def __init__(self) -> None:
        columns = ("id", "code", "level", "name", "province_id", "district_id", "valid_from", "valid_to")
        rows = Area.objects.order_by("path").values_list(*columns)
        self.places = [Place(*row) for row in rows]
        self.nation = next(place for place in self.places if place.level == Level.NATION)
        self.units = [Unit(number, *told) for number, told in enumerate(_units_of(self.places), start=1)]
        #: (province, role): the person. The officer of the nation is that of no province.
        self.people: dict[tuple[int, str], int] = {}

    @cached_property
    def communes(self) -> Mapping[int, list[Place]]:
        """The communes of each district, or of each province that has no districts."""
        found: dict[int, list[Place]] = {}
        for place in self.places:
            above = place.district_id or place.province_id
            if place.level == Level.COMMUNE and above is not None:
                found.setdefault(above, []).append(place)
        return found

    @cached_property
    def by_province(self) -> Mapping[int, list[Unit]]:
        found: dict[int, list[Unit]] = {}
        for unit in self.units:
            if unit.place.province_id is not None:
                found.setdefault(unit.place.province_id, []).append(unit)
        return found

    @property
    def provinces(self) -> list[Place]:
        return [place for place in self.places if place.level == Level.PROVINCE]

    def person(self, unit: Unit, role: Role) -> int:
        assert unit.place.province_id is not None
        return self.people[unit.place.province_id, role]

    def scene(self, unit: Unit, dice: random.Random) -> Place:
        """Where a record of the unit lies: a district's as often in one of its communes as in the district."""
        communes = self.communes.get(unit.place.id)
        if communes is None or unit.place.level == Level.PROVINCE or dice.random() < 0.5:
            return unit.place
        return dice.choice(communes)

    def write(self) -> list[Table]:
        """Write agencies, duties, people and memberships. Returns the tables."""
        kinds = dict(AgencyKind.objects.values_list("code", "id"))
        agencies = Table(Agency, "id", "code", "kind_id", "area_id", "name", "valid_from", "valid_to")
        agencies.copy(
            (
                unit.id,
                f"{unit.place.code}-{unit.kind}",
                kinds[unit.kind],
                unit.place.id,
                self._name(unit),
                unit.valid_from,
                unit.valid_to,
            )
            for unit in self.units
        )
        held = [unit for unit in self.units if unit.kind in _DUTIES]
        duties = Table(AgencyDuty, "id", "agency_id", "duty", "valid_from", "valid_to")
        duties.copy(
            (number, unit.id, _DUTIES[unit.kind].value, unit.valid_from, unit.valid_to)
            for number, unit in enumerate(held, start=1)
        )
        users = Table(User, "id", "email", "full_name", "password")
        memberships = Table(Membership, "id", "user_id", "agency_id", "role", "area_id", "valid_from")
        holders = list(self._holders())
        users.copy(
            (
                number,
                _email(role, place),
                f"{role.value} {place.name}",
                "!",
            )
            for number, (role, place, _) in enumerate(holders, start=1)
        )
        memberships.copy(
            (number, number, unit.id, role.value, place.id, unit.valid_from)
            for number, (role, place, unit) in enumerate(holders, start=1)
        )
        self.people |= {
            (place.id, role.value): number for number, (role, place, _) in enumerate(holders, start=1)
        }
        return [agencies, duties, users, memberships]

    def _holders(self) -> Iterator[tuple[Role, Place, Unit]]:
        for province in self.provinces:
            here = {unit.kind: unit for unit in self.by_province[province.id] if unit.place == province}
            for role, kinds in _ROLES:
                yield role, province, next(here[kind] for kind in kinds if kind in here)
        for role in (Role.COORDINATOR, Role.ADMINISTRATOR):
            yield role, self.nation, self.units[0]

    @staticmethod
    def _name(unit: Unit) -> str:
        words = next(words for kind, words, *_ in _KINDS if kind == unit.kind)
        return f"{words} {unit.place.name[:1].lower()}{unit.place.name[1:]}"


def _email(role: Role, place: Place) -> str:
    return f"{role.value}.{place.code}.{place.valid_from:%Y}@{DOMAIN}".lower()


def _units_of(places: list[Place]) -> Iterator[tuple[str, Place, dt.date, dt.date | None]]:
    for place in places:
        for kind, _words, level, since, until in _KINDS:
            if place.level != level:
                continue
            first = max(place.valid_from, _SINCE, since or _SINCE)
            last = min((day for day in (place.valid_to, until) if day is not None), default=None)
            if last is None or first <= last:
                yield kind, place, first, last
