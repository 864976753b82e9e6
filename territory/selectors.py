"""Questions asked of the map and of its agencies. Each takes a fixed number of queries, named in its text."""

import datetime as dt
from typing import NamedTuple

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from territory.models import Agency, Area, Duty, Level
from territory.models.area import AreaQuerySet
from territory.replica import connection_to_read


class AreaUnknown(LookupError):
    """No area has this code on this day, or the area did not exist yet on it."""


class Successor(NamedTuple):
    """An area that holds territory of an earlier one.

    Figures of the earlier area go to the default. They are estimates where it was divided, at whichever step.
    """

    area: Area
    is_default: bool
    is_estimated: bool


def area_on(code: str, day: dt.date, level: Level | None = None) -> Area:
    """The area that has ``code`` on ``day``. One query.

    Raises AreaUnknown. Codes are reused: 15 was Yên Bái until 30 June 2025 and is Lào Cai since.
    """
    try:
        if not code.isalnum():
            raise Area.DoesNotExist
        return Area.objects.find(code, day, level)
    except Area.DoesNotExist:
        what = level.value if level else "area"
        raise AreaUnknown(f"No {what} has the code “{code[:20]}” on {day:%Y-%m-%d}.") from None


def held_within(area: Area) -> Q:
    """The condition for rows that lie in an area, of a table whose rows name their area, district and province.

    Asks the row's own columns where it can, so that a list needs no look at the map.
    """
    match area.level:
        case Level.NATION:
            return ~Q(pk__in=[])  # every row
        case Level.PROVINCE:
            return Q(province=area.pk)
        case Level.DISTRICT:
            return Q(district=area.pk)
    return Q(area__path__startswith=area.path)


def standing_agency(area: Area, day: dt.date) -> Agency | None:
    """The standing agency (cơ quan thường trực) of the area's programme on ``day``, if any. One query."""
    return agency_with_duty(area, Duty.STANDING, day)


def agency_with_duty(area: Area, duty: Duty, day: dt.date) -> Agency | None:
    """The agency of this very area that holds ``duty`` on ``day``; of several, the one that took it up last.

    One query.
    """
    holders = Agency.objects.valid_on(day).filter(area=area)
    return holders.filter(_duty_held_on(duty, day)).order_by("-duties__valid_from", "-pk").first()


def _duty_held_on(duty: Duty, day: dt.date) -> Q:
    still = Q(duties__valid_to__isnull=True) | Q(duties__valid_to__gte=day)
    return Q(duties__duty=duty, duties__valid_from__lte=day) & still


def descendants(area: Area, day: dt.date) -> AreaQuerySet:
    """The areas inside ``area`` on ``day``, of every level, without itself. One query when read."""
    return Area.objects.within(area, itself=False).valid_on(day)


def children(area: Area, day: dt.date) -> QuerySet[Area]:
    """The direct parts of ``area`` on ``day``, each with ``part_count``, the number of its own. One query."""
    parts = Area.objects.valid_on(day).filter(parent=OuterRef("pk")).order_by().values("parent")
    return (
        Area.objects.valid_on(day)
        .filter(parent=area)
        .annotate(part_count=Coalesce(Subquery(parts.annotate(n=Count("pk")).values("n")), 0))
    )


def count_descendants(area: Area, day: dt.date) -> dict[Level, int]:
    """How many areas of each level lie in ``area`` on ``day``; levels without any are missing. One query."""
    rows = descendants(area, day).order_by().values_list("level").annotate(n=Count("pk"))
    return {Level(level): n for level, n in rows}


def successors(area: Area, day: dt.date) -> list[Area]:
    """The areas that hold the territory of ``area`` on ``day``, in alphabetical order; itself while valid.

    A district has no successor of its own level: its communes do. Two queries at most. Raises AreaUnknown for
    a day before the area's first.
    """
    return [successor.area for successor in carry_forward(area, day)]


_TRAIL = """
WITH RECURSIVE trail AS (
    SELECT id AS origin, id AS area_id, valid_to, TRUE AS is_default, FALSE AS is_divided
    FROM territory_area
    WHERE id = %(area)s OR (district_id = %(area)s AND valid_from <= %(last_day)s AND
                            (valid_to IS NULL OR valid_to >= %(last_day)s))
    UNION
    SELECT trail.origin, link.successor_id, successor.valid_to,
           trail.is_default AND link.is_default, trail.is_divided OR link.is_divided
    FROM trail
    JOIN territory_areasuccession link ON link.predecessor_id = trail.area_id
    JOIN territory_area successor ON successor.id = link.successor_id
    WHERE trail.valid_to < %(day)s
)
SELECT area_id, count(DISTINCT origin) FILTER (WHERE is_default), bool_or(is_divided)
FROM trail
WHERE valid_to IS NULL OR valid_to >= %(day)s
GROUP BY area_id
"""


def carry_forward(area: Area, day: dt.date | None = None) -> list[Successor]:
    """Where figures of ``area`` go on the map of ``day`` (today unless given), in alphabetical order.

    Links are followed over any number of reforms. Exactly one entry is the default, unless the list is empty
    because no successor is known. A district's default is the commune that most of its communes went to, and
    is an estimate where they went to several. Two queries at most. Raises AreaUnknown for a day before the
    area's first.
    """
    day = day or timezone.localdate()
    if area.held_on(day):
        return [Successor(area, is_default=True, is_estimated=False)]
    if day < area.valid_from:
        raise AreaUnknown(
            f"{area.name} ({area.code}) did not exist on {day:%Y-%m-%d}, only from {area.valid_from}."
        )
    with connection_to_read().cursor() as cursor:
        cursor.execute(_TRAIL, {"area": area.pk, "day": day, "last_day": area.valid_to})
        shares = {pk: (origins, is_divided) for pk, origins, is_divided in cursor.fetchall()}
    areas = sorted(Area.objects.filter(pk__in=shares), key=lambda found: (found.sort_key, found.code))
    if not areas:
        return []
    default = max(areas, key=lambda found: shares[found.pk][0])
    several = len(areas) > 1
    return [Successor(found, found == default, shares[found.pk][1] or several) for found in areas]
