"""Who reported when: the units that owe, those that are silent, and units against periods on either map."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import BoolOr, JSONBAgg
from django.db.models import Case, Count, Min, Q, QuerySet, Value, When, Window
from django.db.models.functions import JSONArray
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.scoping import scope_of
from reporting.dashboard.asked import Asked, kind_name
from reporting.dashboard.block import Block, Entry
from reporting.figures import MapBasis, is_silent
from reporting.models import Obligation, ObligationState
from reporting.obligations import OPEN_STATES, Standing
from reporting.templatetags.humane import period_name
from territory.models import Area, Level

#: Units and periods of the table; who reads obligations finds all of them in its own page.
UNITS_SHOWN = 30
PERIODS_SHOWN = 8
#: Silent units that a page and a file name; what is beyond them is counted.
NAMED = 8
MOST_SILENT = 1_000

_REASON = "the dashboard tells which units reported, not what"

#: First and last day of a period as JSON has them, and its code.
Span = tuple[str, str, str]


def _unit(agency: str, area: str, short: str) -> str:
    """The agency, with its area where the agency's name does not tell it."""
    return agency if short in agency else f"{agency} ({area})"


class Silent(NamedTuple):
    """What a unit owes that has not reported; ``silent`` units there are in all, the first of them by ``first_due``."""

    pk: int
    agency_code: str
    agency_name: str
    area: int
    area_name: str
    area_short_name: str
    due_on: dt.date
    silent: int
    first_due: dt.date

    @property
    def unit(self) -> str:
        return _unit(self.agency_name, self.area_name, self.area_short_name)


class Owing(NamedTuple):
    """A unit and what it owes; ``is_silent`` where it still owes the period. There are ``units`` in all."""

    agency: int
    agency_name: str
    kind: int
    area: int
    district: int | None
    province: int | None
    area_name: str
    area_short_name: str
    held: list[Any]
    is_silent: bool
    units: int

    @property
    def unit(self) -> str:
        return _unit(self.agency_name, self.area_name, self.area_short_name)

    @property
    def owed(self) -> "list[Owed]":
        return [Owed(*each) for each in self.held]


class Owed(NamedTuple):
    """What a unit owes for a period, and how it stands."""

    pk: int
    period_start: str
    period_end: str
    period_code: str
    stands: str
    is_late: bool
    is_nil: bool | None

    @property
    def span(self) -> Span:
        return self.period_start, self.period_end, self.period_code

    @property
    def standing(self) -> Standing:
        return Standing(self.stands, bool(self.is_nil), self.is_late)


class Counted(NamedTuple):
    """How many units of a province owe a report of a period, and how many of them still do."""

    province: int | None
    period_start: dt.date
    period_end: dt.date
    period_code: str
    expected: int
    still_open: int
    missing: int

    @property
    def span(self) -> Span:
        return self.period_start.isoformat(), self.period_end.isoformat(), self.period_code


def silent_rows(asked: Asked, *, most: int) -> QuerySet[Any]:
    """What the first units owe that have not reported, in alphabetical order.

    None for who sees only the own agency's.
    """
    silent = _every(asked).filter(is_silent(asked.ground, asked.period))
    if asked.is_own:
        silent = silent.none()
    found: QuerySet[Any] = (
        silent.annotate(silent=Window(Count("*")), first_due=Window(Min("due_on")))
        .order_by("area__sort_key", "agency__sort_key", "due_on", "pk")
        .values_list(
            *("pk", "agency__code", "agency__name", "area", "area__name", "area__short_name"),
            *("due_on", "silent", "first_due"),
        )[:most]
    )
    return found


def owed_rows(asked: Asked) -> QuerySet[Any]:
    """What units owed in the period and in earlier ones of the same forms: as `Owing`, of the nation as `Counted`.

    Units that owe a report of the period now come first. Only those are read that the table shows, save on today's
    map, where units are put together.
    """
    on_ground = _every(asked).filter(asked.ground.owed)
    forms = on_ground.filter(period_start=asked.period.start, period_end=asked.period.end).order_by()
    rows = on_ground.filter(
        form__in=forms.values("form"), period_start__gte=_since(asked), period_end__lte=asked.period.end
    ).with_state()
    still_open = Q(stands__in=[state.value for state in OPEN_STATES])
    found: QuerySet[Any]
    if asked.area.level == Level.NATION:
        found = (
            rows.owed()
            .order_by()
            .values_list("area__province", "period_start", "period_end", "period_code")
            .annotate(
                expected=Count("pk"),
                still_open=Count("pk", filter=still_open),
                missing=Count("pk", filter=Q(stands=ObligationState.MISSING.value)),
            )
        )
        return found
    is_now = Q(period_start=asked.period.start, period_end=asked.period.end)
    found = (
        rows.order_by()
        .values_list(
            *("agency", "agency__name", "agency__kind", "area", "area__district", "area__province"),
            *("area__name", "area__short_name"),
        )
        .annotate(
            held=JSONBAgg(
                JSONArray(
                    *("pk", "period_start", "period_end", "period_code"),
                    *("stands", "is_late", "submission__is_nil"),
                ),
                order_by=("period_end", "due_on", "pk"),
            ),
            is_silent=BoolOr(Case(When(still_open & is_now, then=Value(True)), default=Value(False))),
            units=Window(Count("*")),
        )
        .order_by("-is_silent", "area__level", "area__sort_key", "agency__sort_key")
    )
    return found if asked.basis is MapBasis.NOW else found[:UNITS_SHOWN]


def _every(asked: Asked) -> Any:
    every = Obligation.objects.unscoped(_REASON)
    return every if asked.agencies is None else every.filter(agency__in=asked.agencies)


def _since(asked: Asked) -> dt.date:
    """The first day of the periods that the table can show, each as long as the one asked for."""
    longest = dt.timedelta(days=(PERIODS_SHOWN - 1) * (asked.period.days + 3))
    return max(asked.periods_over_time[0].start, asked.period.start - longest)


@dataclass
class _Line:
    """A row of the table: a unit, or on today's map what became one place of all units of a kind there."""

    name: str
    held: dict[Span, list[Owed]] = field(default_factory=lambda: defaultdict(list))
    is_silent: bool = False

    def add(self, row: Owing) -> None:
        self.is_silent |= row.is_silent
        for owed in row.owed:
            self.held[owed.span].append(owed)


def compliance(asked: Asked, rows: Sequence[Any]) -> Block:
    """Units against the periods of the same form, those that are silent now first; of the nation, its parts.

    On today's map the units of districts and provinces that are no more stand with the areas that took them over, as
    their figures do.
    """
    title = _("Who reported when")
    if not rows:
        return Block("compliance", title, [_("Unit")], [], empty=_("No report is asked for in this period."))
    reads = scope_of(asked.reader).may("obligation.read_all")
    if asked.area.level == Level.NATION:
        spans, made, notes = _by_parts(asked, [Counted(*row) for row in rows])
    else:
        spans, made, notes = _by_units(asked, [Owing(*row) for row in rows], reads=reads)
    if asked.basis is MapBasis.NOW:
        notes.append(
            _(
                "Units stand where they are today: what a district's units owed stands with the commune that most of"
                " its communes went to."
            )
        )
    links = []
    if reads:
        links.append(
            Entry(_("All units and periods"), f"{reverse('obligation_heatmap')}?area={asked.area.pk}")
        )
    columns = [_("Unit"), *(period_name(code) for _start, _end, code in spans)]
    return Block("compliance", title, columns, made, note=" ".join(notes), is_table=True, links=links)


_Table = tuple[list[Span], list[list[Entry]], list[str]]


def _by_units(asked: Asked, rows: Sequence[Owing], *, reads: bool) -> _Table:
    """A row for each unit, or on today's map for the units of a kind in one place."""
    is_of_today = asked.basis is MapBasis.NOW
    lines = _on_todays_map(asked, rows) if is_of_today else _as_they_were(rows)
    spans = _spans(span for line in lines for span in line.held)
    lines.sort(key=lambda line: not line.is_silent)
    shown = lines[:UNITS_SHOWN]
    made = [
        [Entry(line.name), *(_entry(line.held.get(span, []), reads=reads) for span in spans)]
        for line in shown
    ]
    notes = [_key([owed for line in shown for held in line.held.values() for owed in held])]
    beyond = (len(lines) if is_of_today else rows[0].units) - len(shown)
    if beyond:
        notes.append(
            ngettext("and %(count)d more unit", "and %(count)d more units", beyond) % {"count": beyond}
        )
    return spans, made, notes


def _by_parts(asked: Asked, rows: Sequence[Counted]) -> _Table:
    """A row for each part of the nation, and one for the units that answer for all of it."""
    places, spans = _places(asked), _spans(row.span for row in rows)
    counted: dict[int, dict[Span, list[Counted]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        place = places.get(row.province, asked.area) if row.province else asked.area
        counted[place.pk][row.span].append(row)
    made = [
        [Entry(area.name), *(_counts(counted[area.pk].get(span, [])) for span in spans)]
        for area in (asked.area, *asked.parts)
        if area.pk in counted
    ]
    return spans, made, []


def _counts(rows: Sequence[Counted]) -> Entry:
    """How many of the units reported."""
    expected, still_open = sum(row.expected for row in rows), sum(row.still_open for row in rows)
    if not expected:
        return Entry("")
    shape = ObligationState.MISSING if any(row.missing for row in rows) else ObligationState.NOT_DUE
    return _so_many(expected - still_open, expected, str(shape if still_open else ObligationState.ACCEPTED))


def _so_many(reported: int, expected: int, shape: str) -> Entry:
    told = _("%(reported)s of %(expected)s units reported") % {"reported": reported, "expected": expected}
    return Entry(told, shape=shape, letter=f"{reported}/{expected}")


def _spans(every: Iterable[Span]) -> list[Span]:
    """The periods of the table, the latest ones."""
    return sorted(set(every), key=lambda span: span[1])[-PERIODS_SHOWN:]


def _key(shown: Iterable[Owed]) -> str:
    """What the letters of the table stand for, as far as they occur."""
    standings = list(dict.fromkeys(owed.standing for owed in shown))
    words = {str(standing.letter): str(standing.word) for standing in standings if standing.shape != "nil"}
    words |= {
        str(standing.letter): _("nothing to report") for standing in standings if standing.shape == "nil"
    }
    if any(standing.is_late for standing in standings):
        words["▲"] = _("late")
    return "; ".join(f"{letter}: {word}" for letter, word in words.items()) + "."


def _as_they_were(rows: Sequence[Owing]) -> list[_Line]:
    lines = []
    for row in rows:
        line = _Line(row.unit)
        line.add(row)
        lines.append(line)
    return lines


def _places(asked: Asked) -> dict[int, Area]:
    """The parts of the area by the areas they are made of."""
    return {
        member.area: part
        for part in asked.parts
        for member in asked.grounds[part.pk].members
        if member.column
    }


def _on_todays_map(asked: Asked, rows: Sequence[Owing]) -> list[_Line]:
    """The units of a kind that lie in one area of today together, the area itself first."""
    places = _places(asked)
    kinds = {kind.pk: kind_name(kind) for kind in asked.offered.kinds}
    units: dict[tuple[int, int], _Line] = {}
    for row in rows:
        around = (row.area, row.district, row.province)
        place = next((places[pk] for pk in around if pk in places), asked.area)
        name = f"{place.name}: {kinds[row.kind]}"
        units.setdefault((place.pk, row.kind), _Line(name)).add(row)
    order = {area.pk: number for number, area in enumerate([asked.area, *asked.parts])}
    return [units[key] for key in sorted(units, key=lambda key: order[key[0]])]


def _entry(held: Sequence[Owed], *, reads: bool) -> Entry:
    """How the reports of a line stand in a period: its own word for one, else how many of them are in."""
    if not held:
        return Entry("")
    if len(held) > 1:
        said = [owed for owed in held if not owed.standing.is_open]
        worst = next((owed for owed in held if owed.standing.is_open), held[0])
        return _so_many(len(said), len(held), worst.standing.shape)
    standing = held[0].standing
    word = f"{standing.word}, {_('late')}" if standing.is_late else str(standing.word)
    url = reverse("obligation_detail", args=[held[0].pk]) if reads else ""
    letter = f"{standing.letter}{'▲' if standing.is_late else ''}"
    return Entry(word, url, shape=standing.shape, letter=letter)
