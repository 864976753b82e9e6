"""The records behind a figure, by name: "app.model:id". Whoever shows them asks first who may read them."""

from collections.abc import Collection, Iterable

from django.db.models import Q

from reporting.figures.answers import Answer
from reporting.figures.asked import Whose, part_of
from reporting.figures.grounds import Ground, MapBasis, grounds_of
from reporting.figures.words import Unit, Way
from reporting.measures import source_of
from reporting.models import Indicator, MeasureRow
from territory.models import AgencyKind, Area, Level
from territory.period import Period


def records_of(
    indicator: Indicator,
    *,
    area: Area,
    period: Period,
    part: str = "",
    agency: Whose = None,
    basis: MapBasis = MapBasis.THEN,
    without: Collection[Unit] = (),
) -> list[str]:
    """The records behind an indicator's figure, in order; of a percentage, those of both its sides.

    Records of the units named by ``without`` are left out: what these reported stands in their place.
    """
    ground = grounds_of([area], basis)[0]
    if not indicator.is_ratio:
        return sorted(_behind(indicator, ground, period, part, agency, without))
    found: set[str] = set()
    for side in indicator.rule["ratio"].values():
        if isinstance(side, str):
            for row in Indicator.objects.valid_on(period.end).filter(code=side):
                found |= _behind(row, ground, period, part, agency)
        else:
            found |= _behind(Indicator(rule={"sum": side}), ground, period, part, agency)
    return sorted(found)


def records_counted(found: Answer, *, agency: Whose = None, basis: MapBasis = MapBasis.THEN) -> list[str]:
    """The records that an answer counts, in order; of a percentage, those that either of its sides counts.

    ``agency`` and ``basis`` are those the answer was asked with.
    """
    if found.made_of:
        return sorted(
            {record for side in found.made_of for record in records_counted(side, agency=agency, basis=basis)}
        )
    return records_of(
        found.indicator,
        area=found.area,
        period=found.period,
        part=found.part,
        agency=agency,
        basis=basis,
        without=units_replaced(found),
    )


def units_replaced(found: Answer) -> set[Unit]:
    """The units whose report stands in the place of their records, in an answer or a side of a percentage."""
    heard = (hearing for each in (found, *found.made_of) for hearing in each.hearings)
    return {hearing.word.unit for hearing in heard if hearing.way is Way.INSTEAD}


def _behind(
    indicator: Indicator,
    ground: Ground,
    period: Period,
    part: str,
    agency: Whose,
    without: Collection[Unit] = (),
) -> set[str]:
    rule = indicator.rule
    if "stock" in rule:
        since, into, out = None, rule["stock"]["in"], rule["stock"]["out"]
    else:
        since, into, out = period.start, rule.get("sum", ()), ()
    held = Q()
    for member in ground.members:
        if not member.column:
            held = Q()
            break
        held |= Q(**{member.column: member.area})

    def records(measures: Iterable[str]) -> set[str]:
        names = list(measures)
        if not names:
            return set()
        rows = MeasureRow.objects.filter(held, measure__in=names, part=part_of(indicator, part))
        rows = rows.filter(source__in={source_of(name) for name in names}, day__lte=period.end)
        if since is not None:
            rows = rows.filter(day__gte=since, from_day__gte=since)
        if isinstance(agency, AgencyKind):
            rows = rows.filter(agency__kind=agency)
        elif agency is not None:
            rows = rows.filter(agency=agency)
        for unit in without:
            rows = rows.exclude(_of_unit(unit, is_stock="stock" in rule))
        return set(rows.values_list("record", flat=True))

    return records(into) - records(out)


def _of_unit(unit: Unit, *, is_stock: bool) -> Q:
    """The records that a unit's figure speaks for."""
    found = Q()
    if unit.level != Level.NATION:
        found = Q(area=unit.area) | Q(district=unit.area) | Q(province=unit.area)
    if unit.agency is not None:
        found &= Q(agency=unit.agency)
    if not is_stock:
        found &= Q(from_day__gte=unit.days[0], day__lte=unit.days[1])
    return found
