"""Who reported when: the units that owe, those that are silent, and units against periods on either map."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.scoping import scope_of
from reporting.dashboard.asked import Asked, kind_name
from reporting.dashboard.block import Block, Entry
from reporting.figures import MapBasis, is_silent
from reporting.models import Obligation
from reporting.obligations import Standing
from reporting.templatetags.humane import period_name

#: Units and periods of the table; who reads obligations finds all of them in its own page.
UNITS_SHOWN = 30
PERIODS_SHOWN = 8

_REASON = "the dashboard tells which units reported, not what"

Span = tuple[dt.date, dt.date, str]


class Owed(NamedTuple):
    """What a unit owes for a period, and how it stands."""

    pk: int
    agency: int
    agency_code: str
    agency_name: str
    kind: int
    area: int
    district: int | None
    province: int | None
    area_name: str
    area_short_name: str
    area_sort_key: str
    agency_sort_key: str
    period_start: dt.date
    period_end: dt.date
    period_code: str
    due_on: dt.date
    stands: str
    is_late: bool
    is_nil: bool | None
    is_in_table: bool
    is_silent: bool

    @property
    def unit(self) -> str:
        """The agency, with its area where the agency's name does not tell it."""
        if self.area_short_name in self.agency_name:
            return self.agency_name
        return f"{self.agency_name} ({self.area_name})"

    @property
    def span(self) -> Span:
        return self.period_start, self.period_end, self.period_code

    @property
    def standing(self) -> Standing:
        return Standing(self.stands, bool(self.is_nil), self.is_late)


def owed_rows(asked: Asked) -> QuerySet[Any]:
    """What units owed in the period and in earlier ones of the same forms, and what silent units owe, as `Owed`."""
    every = Obligation.objects.unscoped(_REASON)
    if asked.agencies is not None:
        every = every.filter(agency__in=asked.agencies)
    on_ground = every.filter(asked.ground.owed)
    forms = on_ground.filter(period_start=asked.period.start, period_end=asked.period.end).order_by()
    since = asked.periods_over_time[0].start
    in_table = asked.ground.owed & Q(
        form__in=forms.values("form"), period_start__gte=since, period_end__lte=asked.period.end
    )
    silent = is_silent(asked.ground, asked.period)
    rows = every.filter(in_table | silent).with_state()
    return (
        rows.annotate(is_in_table=_holds(in_table), is_silent=_holds(silent))
        .order_by("area__level", "area__sort_key", "agency__sort_key", "period_end", "due_on", "pk")
        .values_list(
            *("pk", "agency", "agency__code", "agency__name", "agency__kind"),
            *("area", "area__district", "area__province", "area__name", "area__short_name"),
            *("area__sort_key", "agency__sort_key"),
            *("period_start", "period_end", "period_code", "due_on"),
            *("stands", "is_late", "submission__is_nil", "is_in_table", "is_silent"),
        )
    )


def _holds(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


@dataclass(frozen=True)
class _Line:
    """A row of the table: a unit, or on today's map what became one place of all units of a kind there."""

    name: str
    held: dict[Span, list[Owed]]

    def is_silent_in(self, span: Span) -> bool:
        return any(owed.standing.is_open for owed in self.held.get(span, ()))


def compliance(asked: Asked, rows: Iterable[Owed]) -> Block:
    """Units against the periods of the same form, those that are silent now first.

    On today's map the units of districts and provinces that are no more stand with the areas that took them over, as
    their figures do.
    """
    columns, title = [_("Unit")], _("Who reported when")
    found = [owed for owed in rows if owed.is_in_table]
    if not found:
        return Block("compliance", title, columns, [], empty=_("No report is asked for in this period."))
    spans = sorted({owed.span for owed in found}, key=lambda span: span[1])[-PERIODS_SHOWN:]
    is_of_today = asked.basis is MapBasis.NOW
    lines = _on_todays_map(asked, found) if is_of_today else _as_they_were(found)
    lines.sort(key=lambda line: not line.is_silent_in(spans[-1]))
    reads = scope_of(asked.reader).may("obligation.read_all")
    made = [
        [Entry(line.name), *(_entry(line.held.get(span, []), reads=reads) for span in spans)]
        for line in lines[:UNITS_SHOWN]
    ]
    notes = [_key([owed for line in lines[:UNITS_SHOWN] for held in line.held.values() for owed in held])]
    if is_of_today:
        notes.append(
            _(
                "Units stand where they are today: what a district's units owed stands with the commune that most of"
                " its communes went to."
            )
        )
    if len(lines) > UNITS_SHOWN:
        beyond = len(lines) - UNITS_SHOWN
        notes.append(
            ngettext("and %(count)d more unit", "and %(count)d more units", beyond) % {"count": beyond}
        )
    links = []
    if reads:
        links.append(
            Entry(_("All units and periods"), f"{reverse('obligation_heatmap')}?area={asked.area.pk}")
        )
    columns += [period_name(code) for _start, _end, code in spans]
    return Block("compliance", title, columns, made, note=" ".join(notes), is_table=True, links=links)


def _key(shown: Iterable[Owed]) -> str:
    """What the letters of the table stand for, as far as they occur."""
    standings = [owed.standing for owed in shown]
    words = {str(standing.letter): str(standing.word) for standing in standings if standing.shape != "nil"}
    words |= {
        str(standing.letter): _("nothing to report") for standing in standings if standing.shape == "nil"
    }
    if any(standing.is_late for standing in standings):
        words["▲"] = _("late")
    return "; ".join(f"{letter}: {word}" for letter, word in words.items()) + "."


def _as_they_were(rows: Sequence[Owed]) -> list[_Line]:
    units: dict[tuple[int, int], _Line] = {}
    for owed in rows:
        line = units.setdefault((owed.agency, owed.area), _Line(owed.unit, defaultdict(list)))
        line.held[owed.span].append(owed)
    return list(units.values())


def _on_todays_map(asked: Asked, rows: Sequence[Owed]) -> list[_Line]:
    """The units of a kind that lie in one area of today together, the area itself first."""
    places = {
        member.area: part
        for part in asked.parts
        for member in asked.grounds[part.pk].members
        if member.column
    }
    kinds = {kind.pk: kind_name(kind) for kind in asked.lists.kinds}
    units: dict[tuple[int, int], _Line] = {}
    for owed in rows:
        around = (owed.area, owed.district, owed.province)
        place = next((places[pk] for pk in around if pk in places), asked.area)
        name = f"{place.name}: {kinds[owed.kind]}"
        line = units.setdefault((place.pk, owed.kind), _Line(name, defaultdict(list)))
        line.held[owed.span].append(owed)
    order = {area.pk: number for number, area in enumerate([asked.area, *asked.parts])}
    return [units[key] for key in sorted(units, key=lambda key: order[key[0]])]


def _entry(held: Sequence[Owed], *, reads: bool) -> Entry:
    """How the reports of a line stand in a period: its own word for one, else how many of them are in."""
    if not held:
        return Entry("")
    if len(held) > 1:
        said = [owed for owed in held if not owed.standing.is_open]
        told = _("%(reported)s of %(expected)s units reported") % {
            "reported": len(said),
            "expected": len(held),
        }
        worst = next((owed for owed in held if owed.standing.is_open), held[0])
        return Entry(told, shape=worst.standing.shape, letter=f"{len(said)}/{len(held)}")
    standing = held[0].standing
    word = f"{standing.word}, {_('late')}" if standing.is_late else str(standing.word)
    url = reverse("obligation_detail", args=[held[0].pk]) if reads else ""
    letter = f"{standing.letter}{'▲' if standing.is_late else ''}"
    return Entry(word, url, shape=standing.shape, letter=letter)
