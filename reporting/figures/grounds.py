"""The ground an answer is about: an area as it was, or an area of today with all that became part of it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils import timezone

from territory.models import Area, Level
from territory.models.area import AreaQuerySet
from territory.period import Period
from territory.replica import connection_to_read


class MapBasis(StrEnum):
    """Which map figures are told on: that of the period's end, or today's."""

    THEN = "then"
    NOW = "now"


@dataclass(frozen=True)
class Member:
    """An area whose figures are the ground's: with all that lies in it, or only what was filed for itself.

    The units of a district went to many communes, each its own way; what was filed for the district itself goes to
    the default one of them.
    """

    area: int
    province: int | None
    level: Level
    is_whole: bool = True

    @property
    def column(self) -> str:
        """The column of a record that names the member; empty for the nation, which holds every record."""
        if self.level == Level.NATION:
            return ""
        if self.is_whole and self.level in (Level.PROVINCE, Level.DISTRICT):
            return f"{self.level}_id"
        return "area_id"

    @property
    def has_facts(self) -> bool:
        return self.column != "area_id"


@dataclass(frozen=True)
class Ground:
    """An area asked for and the members it is made of; ``estimated_until`` the last day of a divided one's figures."""

    area: Area
    members: tuple[Member, ...]
    estimated_until: dt.date | None = None

    @property
    def owed(self) -> Q:
        """The condition for obligations, and for other rows that name their area alone, which lie on the ground."""
        keys = self._keys
        if "" in keys:
            return Q()
        held = Q(area__in=keys.get("area_id", []))
        for level in (Level.PROVINCE, Level.DISTRICT):
            held |= Q(**{f"area__{level}__in": keys.get(f"{level}_id", [])})
        return held

    def held(self, alias: str) -> tuple[str, dict[str, list[int]]]:
        """The condition for rows of a table that name their area, district and province, with its named values."""
        keys = self._keys
        if "" in keys:
            return "TRUE", {}
        held = " OR ".join(f"{alias}.{column} = ANY (%(of_{column})s)" for column in keys)
        return held, {f"of_{column}": areas for column, areas in keys.items()}

    @property
    def _keys(self) -> dict[str, list[int]]:
        """The areas that the ground is made of, by the column of a record that names them."""
        keys: dict[str, list[int]] = {}
        for member in self.members:
            keys.setdefault(member.column, []).append(member.area)
        return keys

    def is_estimated_in(self, period: Period) -> bool:
        return self.estimated_until is not None and self.estimated_until >= period.start


def areas_below(area: Area, level: Level, period: Period, basis: MapBasis = MapBasis.THEN) -> AreaQuerySet:
    """The areas of a level inside ``area``, as they were at the period's end or are today, in alphabetical order."""
    day = timezone.localdate() if basis is MapBasis.NOW else period.end
    found: AreaQuerySet = Area.objects.within(area, itself=False).level(level).valid_on(day)
    return found


def grounds_of(areas: Sequence[Area], basis: MapBasis = MapBasis.THEN) -> list[Ground]:
    """The ground of each area, in order. Two queries at most on today's map, none on that of the time.

    An area that ended before today has no predecessors to speak for; it answers for itself on either map.
    """
    today = timezone.localdate()
    asked = [
        area.pk
        for area in areas
        if basis is MapBasis.NOW and area.level != Level.NATION and area.held_on(today)
    ]
    before = _predecessors(asked, today) if asked else {}
    nothing = _Before([])
    return [
        Ground(area, (itself(area), *took.members), took.estimated_until)
        for area, took in ((area, before.get(area.pk, nothing)) for area in areas)
    ]


def itself(area: Area) -> Member:
    return Member(area.pk, area.province_id, Level(area.level))


@dataclass
class _Before:
    """What an area of today took over."""

    members: list[Member]
    estimated_until: dt.date | None = None

    def estimate_until(self, day: dt.date | None) -> None:
        if day is not None:
            self.estimated_until = max(day, self.estimated_until or day)


_BACK = """
WITH RECURSIVE trail AS (
    SELECT id AS asked, id AS area_id, TRUE AS is_default, FALSE AS is_divided
    FROM territory_area WHERE id = ANY (%s)
    UNION
    SELECT trail.asked, link.predecessor_id, trail.is_default AND link.is_default,
           trail.is_divided OR link.is_divided
    FROM trail JOIN territory_areasuccession link ON link.successor_id = trail.area_id
)
SELECT trail.asked, a.id, a.province_id, a.district_id, a.level, a.valid_to,
       bool_or(trail.is_default), bool_or(trail.is_divided)
FROM trail JOIN territory_area a ON a.id = trail.area_id
WHERE trail.area_id <> trail.asked
GROUP BY 1, 2 ORDER BY 1, 2
"""

#: As `territory.selectors.carry_forward` follows a district, for many districts at once.
_DISTRICTS = """
WITH RECURSIVE trail AS (
    SELECT d.id AS district, a.id AS origin, a.id AS area_id, a.valid_to, TRUE AS is_default, FALSE AS is_divided
    FROM territory_area d
    JOIN territory_area a ON a.district_id = d.id AND a.valid_from <= d.valid_to
         AND (a.valid_to IS NULL OR a.valid_to >= d.valid_to)
    WHERE d.id = ANY (%(districts)s)
    UNION
    SELECT trail.district, trail.origin, link.successor_id, successor.valid_to,
           trail.is_default AND link.is_default, trail.is_divided OR link.is_divided
    FROM trail
    JOIN territory_areasuccession link ON link.predecessor_id = trail.area_id
    JOIN territory_area successor ON successor.id = link.successor_id
    WHERE trail.valid_to < %(day)s
)
SELECT trail.district, d.province_id, d.valid_to, trail.area_id,
       count(DISTINCT trail.origin) FILTER (WHERE trail.is_default), bool_or(trail.is_divided)
FROM trail JOIN territory_area a ON a.id = trail.area_id JOIN territory_area d ON d.id = trail.district
WHERE trail.valid_to IS NULL OR trail.valid_to >= %(day)s
GROUP BY 1, 2, 3, 4, a.sort_key, a.code
ORDER BY 1, a.sort_key, a.code
"""


def _predecessors(asked: list[int], today: dt.date) -> dict[int, _Before]:
    """What each of today's areas took over, through any number of reforms."""
    found = {pk: _Before([]) for pk in asked}
    districts: set[int] = set()
    with connection_to_read().cursor() as cursor:
        cursor.execute(_BACK, [asked])
        for pk, area, province, district, level, until, is_default, is_divided in cursor.fetchall():
            before = found[pk]
            if is_divided:
                before.estimate_until(until)
            if level == Level.DISTRICT or (level == Level.COMMUNE and district is not None):
                districts.add(district)
            if is_default and level != Level.DISTRICT:
                before.members.append(Member(area, province, Level(level)))
        if districts:
            cursor.execute(_DISTRICTS, {"districts": sorted(districts), "day": today})
            _give_districts(found, cursor.fetchall())
    return found


def _give_districts(found: dict[int, _Before], rows: list[Any]) -> None:
    """Give what was filed for a district itself to the area that most of its communes went to."""
    shares: dict[int, list[Any]] = {}
    for row in rows:
        shares.setdefault(row[0], []).append(row)
    for district, heirs in shares.items():
        _, province, until, heir, _, is_divided = max(heirs, key=lambda row: row[4])
        if heir in found:
            found[heir].members.append(Member(district, province, Level.DISTRICT, is_whole=False))
            if len(heirs) > 1 or is_divided:
                found[heir].estimate_until(until)
