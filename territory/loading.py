"""Bring the areas and their successor links into the database, and keep them as the package has them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from territory.dataset import (
    LEGACY_FROM,
    NATION_FROM,
    TWO_LEVELS_FROM,
    Dataset,
    Link,
    Unit,
    UnitKey,
    read_dataset,
)
from territory.models import Area, AreaSuccession, Level

_BATCH = 2_000
_FOLLOWS_PACKAGE = ("kind", "name", "short_name", "latitude", "longitude", "parent_id")


@dataclass(frozen=True, slots=True)
class LoadSummary:
    """What a load did. ``unlinked`` names the former units for which no successor is known."""

    areas: int
    links: int
    areas_created: int
    areas_updated: int
    links_created: int
    links_removed: int
    pieces_left_out: int
    unlinked: tuple[str, ...]

    @property
    def changed(self) -> bool:
        return any((self.areas_created, self.areas_updated, self.links_created, self.links_removed))


@transaction.atomic
def load_areas(dataset: Dataset | None = None) -> LoadSummary:
    """Make the areas and links of the package exist. Repeating it changes nothing.

    Known areas (by level, code and first day) keep their primary key and their last day; name, kind, parent
    and coordinates follow the package. Areas that the package does not know are left alone.

    Raises DatasetMissing when the package is not installed.
    """
    dataset = dataset or read_dataset()
    known = {
        UnitKey(Level(area.level), area.code, area.valid_from): area
        for area in Area.objects.filter(valid_from__in=[NATION_FROM, LEGACY_FROM, TWO_LEVELS_FROM]).defer(
            "path", "search_text", "sort_key"
        )
    }
    created = updated = 0
    for level in Level:
        units = [unit for unit in dataset.units if unit.key.level == level]
        updated += _update(units, known)
        created += _create(units, known)
    ids = {key: area.pk for key, area in known.items()}
    links_created, links_removed = _replace_links(dataset.links, ids)
    return LoadSummary(
        areas=len(dataset.units),
        links=len(dataset.links),
        areas_created=created,
        areas_updated=updated,
        links_created=links_created,
        links_removed=links_removed,
        pieces_left_out=dataset.left_out,
        unlinked=tuple(f"{unit.key.code} {unit.name}" for unit in dataset.unlinked),
    )


def _create(units: Iterable[Unit], known: dict[UnitKey, Area]) -> int:
    """Insert the units that are not ``known`` yet, one level at a time: a trigger reads the parent's path."""
    missing = [unit for unit in units if unit.key not in known]
    made = Area.objects.bulk_create(
        [
            Area(
                level=unit.key.level,
                code=unit.key.code,
                valid_from=unit.key.valid_from,
                valid_to=unit.valid_to,
                **_package_values(unit, known),
            )
            for unit in missing
        ],
        batch_size=_BATCH,
    )
    known |= {unit.key: area for unit, area in zip(missing, made, strict=True)}
    return len(made)


def _update(units: Iterable[Unit], known: dict[UnitKey, Area]) -> int:
    changed = []
    for unit in units:
        area = known.get(unit.key)
        if area is None:
            continue
        values = _package_values(unit, known)
        if any(getattr(area, field) != value for field, value in values.items()):
            for field, value in values.items():
                setattr(area, field, value)
            changed.append(area)
    fields = [field.removesuffix("_id") for field in _FOLLOWS_PACKAGE]
    return Area.objects.bulk_update(changed, fields, batch_size=_BATCH) if changed else 0


def _package_values(unit: Unit, known: dict[UnitKey, Area]) -> dict[str, object]:
    parent_id = known[unit.parent].pk if unit.parent else None
    values = (unit.kind, unit.name, unit.short_name, unit.latitude, unit.longitude, parent_id)
    return dict(zip(_FOLLOWS_PACKAGE, values, strict=True))


def _replace_links(links: Iterable[Link], ids: dict[UnitKey, int]) -> tuple[int, int]:
    """Make the links of these predecessors what they should be; return how many came and how many went."""
    wanted = {
        (ids[link.predecessor], ids[link.successor], link.is_default, link.is_divided) for link in links
    }
    predecessors = {predecessor for predecessor, *_ in wanted}
    rows = AreaSuccession.objects.filter(successor__valid_from=TWO_LEVELS_FROM).values_list(
        "predecessor_id", "successor_id", "is_default", "is_divided", "pk"
    )
    present = {tuple(values): pk for *values, pk in rows if values[0] in predecessors}
    outdated = [pk for values, pk in present.items() if values not in wanted]
    removed = AreaSuccession.objects.filter(pk__in=outdated).delete()[0] if outdated else 0
    made = AreaSuccession.objects.bulk_create(
        [
            AreaSuccession(
                predecessor_id=predecessor,
                successor_id=successor,
                is_default=is_default,
                is_divided=is_divided,
            )
            for predecessor, successor, is_default, is_divided in sorted(wanted - present.keys())
        ],
        batch_size=_BATCH,
    )
    return len(made), removed
