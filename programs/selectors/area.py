"""The areas a person may choose from, in groups by district."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from territory.models import Area, Level

Choices = list[tuple[str, list[tuple[str, str]]]]

_RANK = {Level.NATION: 0, Level.PROVINCE: 1, Level.DISTRICT: 2, Level.COMMUNE: 3}


def areas_within(wholes: Iterable[Area]) -> list[Area]:
    """These areas and all below them, of any day, larger before smaller, each level in alphabetical order.

    Of the nation only the provinces are given: ten thousand communes are no list to choose from.
    """
    return by_level(asked_within(wholes))


def by_level(areas: Iterable[Area]) -> list[Area]:
    """Larger areas before smaller ones, each level in the order given."""
    return sorted(areas, key=lambda area: _RANK[Level(area.level)])


def asked_within(wholes: Iterable[Area]) -> "QuerySet[Area]":
    """What reads the areas of ``areas_within``, not yet by level."""
    reach = Q(pk__in=[])
    for area in wholes:
        below = Q(path__startswith=area.path)
        if area.level == Level.NATION:
            below &= Q(level__in=[Level.NATION, Level.PROVINCE])
        reach |= below
    columns = ("name", "code", "level", "path", "province", "district", "valid_from", "valid_to", "sort_key")
    found: QuerySet[Area] = Area.objects.filter(reach).only(*columns).order_by("sort_key", "-valid_from")
    return found


def grouped_choices(areas: Iterable[Area], *, today: dt.date) -> Choices:
    """Choices in groups: nation and provinces alone first, then each district with its communes."""
    groups: dict[int | None, tuple[str, list[tuple[str, str]]]] = {}
    names: dict[int | None, str] = {area.pk: area.name for area in areas}
    ended, whole_units = _("%(area)s (until %(day)s)"), _("Whole units")
    for area in areas:
        head: Any = area.district_id or area.province_id
        group = groups.setdefault(head, (names.get(head) or whole_units, []))
        name = area.name
        if area.valid_to is not None and area.valid_to < today:
            name = ended % {"area": name, "day": f"{area.valid_to:%d/%m/%Y}"}
        group[1].append((str(area.pk), name))
    return list(groups.values())
