"""The pivot: every figure of an answer in its row and column, and sums where the rule of the indicator allows one."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise, product
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.scoping import Grant, scope_of
from reporting.dashboard.block import Entry
from reporting.dashboard.wording import change_in_words, name_of, printed, unit_of
from reporting.explore.look import Dimension, Look
from reporting.figure_links import FigureLinks
from reporting.models import Indicator
from reporting.statistics import Row, Table, answer_question
from reporting.templatetags.humane import period_name
from territory.figure import Cell, Direction, Figure, Status, sum_figures
from territory.models import Area
from territory.period import Period

#: The key of the sum in the dimensions that may have one.
TOTAL = "total"


class Member(NamedTuple):
    """One thing a figure is told apart by: what it goes by in its dimension, and its name."""

    key: str
    name: str
    note: str = ""


class Head(NamedTuple):
    """A heading over ``span`` rows or columns; ``is_last`` where nothing stands between it and the figures."""

    member: Member
    span: int
    is_last: bool


@dataclass(frozen=True)
class Square:
    """One cell: the figure or why there is none, how it changed, and what must be known of it besides.

    ``is_word`` where words stand in the place of a figure.
    """

    entry: Entry
    is_word: bool = True
    before: str = ""
    change: Entry | None = None
    notes: tuple[str, ...] = ()
    is_total: bool = False
    row: Row | None = None


class Line(NamedTuple):
    """A row of the table: the headings that begin here, and its cells."""

    heads: list[Head]
    squares: list[Square]


Key = tuple[str, str, str, str]
_DIMENSIONS = tuple(Dimension)
_NIL = Figure.exact(0)


class Pivot:
    """An answer as the address wants it laid out. Dimensions with one member are told above the table."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.table: Table = answer_question(look.question, look.reader)
        self._rows: dict[Key, Row] = {_key(row): row for row in self.table.rows}

    # --- what stands in rows and columns

    @cached_property
    def members(self) -> dict[Dimension, list[Member]]:
        question = self.look.question
        latest = {row.code: row for row in question.indicators}
        found = {
            Dimension.INDICATOR: [
                Member(code, name_of(latest[code]), unit_of(latest[code])) for code in question.codes
            ],
            Dimension.AREA: self._areas(),
            Dimension.PERIOD: [Member(each.code, period_name(each.code)) for each in question.periods],
            Dimension.PART: [
                Member("", pgettext("of a figure", "Whole")),
                *(Member(part, str(label)) for part, (_name, label) in question.parts.items()),
            ],
        }
        for dimension, name in (
            (Dimension.AREA, _("Sum of these areas")),
            (Dimension.PERIOD, _("Sum of these periods")),
        ):
            if self._may_have_total(dimension):
                found[dimension].append(Member(TOTAL, name))
        return found

    def _areas(self) -> list[Member]:
        """The areas; of those that share a name, the ones that are no more with their last day."""
        areas = self.look.question.areas
        shared = {name for name, times in Counter(area.name for area in areas).items() if times > 1}
        return [Member(str(area.pk), area_name(area) if area.name in shared else area.name) for area in areas]

    def _may_have_total(self, dimension: Dimension) -> bool:
        """Whether the address wants sums, and any indicator may be added over members that do not overlap."""
        question = self.look.question
        if not self.look.has_totals or not any(adds_up(row, dimension) for row in question.indicators):
            return False
        if dimension is Dimension.AREA:
            return are_apart(question.areas)
        return are_apart_in_time(question.periods)

    @cached_property
    def fixed(self) -> list[tuple[str, Member]]:
        """What holds for the whole table: the dimensions with one member, but for breakdowns."""
        varied = (*self.rows, *self.columns)
        return [
            (each.label, self.members[each][0])
            for each in (Dimension.INDICATOR, Dimension.AREA, Dimension.PERIOD)
            if each not in varied
        ]

    @cached_property
    def rows(self) -> tuple[Dimension, ...]:
        """The dimensions that tell rows apart; where none does, one that names the only row."""
        found = tuple(each for each in self.look.rows if len(self.members[each]) > 1)
        return found or tuple(each for each in Dimension if each not in self.columns)[:1]

    @cached_property
    def columns(self) -> tuple[Dimension, ...]:
        return tuple(each for each in self.look.columns if len(self.members[each]) > 1)

    @property
    def row_names(self) -> list[str]:
        return [each.label for each in self.rows] or [_("Figure")]

    @cached_property
    def column_heads(self) -> list[list[Head]]:
        """The lines of headings over the figures, the outermost first; one heading where nothing tells them apart."""
        if not self.columns:
            return [[_unnamed()]]
        spread = list(product(*(self.members[each] for each in self.columns)))
        return [
            [
                Head(path[-1], len(list(group)), level == len(self.columns) - 1)
                for path, group in groupby(spread, key=lambda place: place[: level + 1])
            ]
            for level in range(len(self.columns))
        ]

    @cached_property
    def lines(self) -> list[Line]:
        """The rows of the table with their cells."""
        across = list(product(*(self.members[each] for each in self.columns)))
        down = list(product(*(self.members[each] for each in self.rows)))
        spans = Counter(place[: level + 1] for place in down for level in range(len(self.rows)))
        found = []
        before: tuple[Member, ...] = ()
        for place in down:
            heads = []
            for level in range(len(self.rows)):
                if place[: level + 1] == before[: level + 1]:
                    continue
                is_last = level == len(self.rows) - 1
                heads.append(Head(place[level], spans[place[: level + 1]], is_last))
            squares = [
                self.at(dict(zip((*self.rows, *self.columns), (*place, *over), strict=True)))
                for over in across
            ]
            found.append(Line(heads or ([] if self.rows else [_unnamed()]), squares))
            before = place
        return found

    # --- one cell

    def at(self, place: dict[Dimension, Member]) -> Square:
        """The cell where these members meet; of a dimension that is not named, its only one."""
        key = self._key_at(place)
        if TOTAL in (key[1], key[2]):
            return self._total(key)
        row = self._rows.get(key)
        return Square(Entry(_("no such area then"))) if row is None else self.square(row)

    def row_at(self, place: dict[Dimension, Member]) -> Row | None:
        """The figure itself that stands in this cell; None in that of a sum, and where there was no such area."""
        return self._rows.get(self._key_at(place))

    def _key_at(self, place: dict[Dimension, Member]) -> Key:
        code, area, period, part = (
            (place[each] if each in place else self.members[each][0]).key for each in _DIMENSIONS
        )
        return code, area, period, part

    def square(self, row: Row) -> Square:
        """The cell of one figure."""
        shown = row.shown
        entry = Entry.of(shown.answer, "" if shown.is_outside else self.source_of(row))
        is_word = shown.status is not Status.REPORTED
        if self._is_of_own_area(row):
            return Square(Entry(_("all units, not shown")), row=row)
        if row.before is None or row.change is None:
            return Square(entry, is_word, notes=notes_on(row), row=row)
        change = None
        if row.change.direction is not Direction.NOT_COMPARABLE:
            shape = {Direction.UP: "up", Direction.DOWN: "down"}.get(row.change.direction, "")
            change = Entry(change_in_words(row.change, unit_of(row.indicator)), shape=shape)
        before = printed(row.before.answer, with_unit=False)
        return Square(entry, is_word, before, change, notes_on(row), row=row)

    def source_of(self, row: Row) -> str:
        """Where a figure is told in full to who may know."""
        return self._links.of(row.indicator.code, area=row.area, period=row.period, part=row.part)

    @cached_property
    def _links(self) -> FigureLinks:
        return FigureLinks(self.look.question.basis)

    def _total(self, key: Key) -> Square:
        code, area, period, _part = key
        over = [each for each, name in ((Dimension.AREA, area), (Dimension.PERIOD, period)) if name == TOTAL]
        if not all(self._adding[each, code] for each in over):
            return Square(Entry(_("not added up")), is_total=True)
        rows = self._summed.get(key)
        if not rows:
            return Square(Entry(_("no such area then")), is_total=True)
        known = sum(row.shown.figure is not None for row in rows)
        notes = (
            (_("%(known)d of %(all)d figures") % {"known": known, "all": len(rows)},)
            if known < len(rows) and not any(row.shown.is_protected for row in rows)
            else ()
        )
        cell = total_of(rows)
        return Square(Entry.of_cell(cell), cell.status is not Status.REPORTED, notes=notes, is_total=True)

    @cached_property
    def _adding(self) -> dict[tuple[Dimension, str], bool]:
        """Whether the figures of each indicator may be added over areas, and over periods."""
        rules = self.look.question.indicators
        return {
            (over, code): all(adds_up(rule, over) for rule in rules if rule.code == code)
            for over in (Dimension.AREA, Dimension.PERIOD)
            for code in self.look.question.codes
        }

    @cached_property
    def _summed(self) -> dict[Key, list[Row]]:
        """The figures of each sum, by where it stands."""
        found: dict[Key, list[Row]] = {}
        for (code, area, period, part), row in self._rows.items():
            for over in ((TOTAL, period), (area, TOTAL), (TOTAL, TOTAL)):
                found.setdefault((code, *over, part), []).append(row)
        return found

    # --- what is told beside the table

    @property
    def left_out(self) -> dict[str, int]:
        """How many figures the reader is shown rounded, and how many not at all, since they lie outside the scope."""
        done = [row.disclosure for row in self.table.rows]
        return {"rounded": done.count("rounded"), "withheld": done.count("withheld") - self.of_own_area}

    @cached_property
    def of_own_area(self) -> int:
        """How many of the withheld figures are sums over all units of an area in which the reader has one of them."""
        return sum(self._is_of_own_area(row) for row in self.table.rows)

    def _is_of_own_area(self, row: Row) -> bool:
        return row.disclosure == "withheld" and any(grant.area.contains(row.area) for grant in self._reports)

    @cached_property
    def _reports(self) -> list[Grant]:
        """The memberships by which the reader reports for a unit."""
        return list(scope_of(self.look.reader).having("submission.write"))

    @cached_property
    def coverage(self) -> list[tuple[Area, list[tuple[Period, int, int, int | None]]]]:
        """By area, in each period that anybody owed a report of: how many units owed, sent, and confirmed nil."""
        first = self.look.question.codes[0]
        rows = [row for row in self.table.rows if row.indicator.code == first and not row.part]
        found: dict[int, tuple[Area, list[tuple[Period, int, int, int | None]]]] = {}
        for row in rows:
            expected, reported = row.shown.expected, row.shown.reported
            if expected and reported is not None:
                held = found.setdefault(row.area.pk, (row.area, []))
                held[1].append((row.period, expected, reported, row.shown.nil))
        return list(found.values())


def _unnamed() -> Head:
    """The heading of the only row or column of a table."""
    return Head(Member("", _("Figure")), 1, True)


def _key(row: Row) -> Key:
    return row.indicator.code, str(row.area.pk), row.period.code, row.part


def notes_on(row: Row) -> tuple[str, ...]:
    """What must be known of one figure: that units are silent, that it was rounded, that it is estimated."""
    shown, found = row.shown, []
    if shown.expected and shown.reported is not None and shown.reported < shown.expected:
        told = {"reported": shown.reported, "expected": shown.expected}
        found.append(_("%(reported)d of %(expected)d units") % told)
    if row.disclosure == "rounded":
        found.append(_("rounded to 10"))
    if shown.answer.is_estimated:
        found.append(_("estimated"))
    return tuple(found)


def adds_up(indicator: Indicator, over: Dimension) -> bool:
    """Whether figures of the indicator may be added over a dimension. Breakdowns and indicators are never added."""
    rules: dict[Dimension, Callable[[Indicator], bool]] = {
        Dimension.AREA: lambda each: each.adds_up_over_areas,
        Dimension.PERIOD: lambda each: each.adds_up_over_periods,
    }
    return over in rules and rules[over](indicator)


def are_apart(areas: Sequence[Area]) -> bool:
    """Whether there are several areas and none lies within another."""
    paths = sorted(area.path for area in areas)
    return len(paths) > 1 and not any(later.startswith(path) for path, later in pairwise(paths))


def are_apart_in_time(periods: Sequence[Period]) -> bool:
    """Whether there are several periods and no two share a day."""
    spans = sorted((each.start, each.end) for each in periods)
    return len(spans) > 1 and all(end < start for (_start, end), (start, _end) in pairwise(spans))


def total_of(rows: Sequence[Row]) -> Cell:
    """The sum of what is known. Of figures that the disclosure rule changed or withheld there is none."""
    if any(row.shown.is_protected for row in rows):
        return Cell(Status.SUPPRESSED, None)
    cells = [row.shown.answer.cell for row in rows]
    statuses = {cell.status for cell in cells}
    if Status.NOT_COMPARABLE in statuses:
        return Cell(Status.NOT_COMPARABLE, None)
    figures = [figure for cell in cells if (figure := _known(cell)) is not None]
    if not figures:
        return Cell(Status.NOT_DUE if statuses == {Status.NOT_DUE} else Status.MISSING, None)
    if statuses & {Status.REPORTED}:
        return Cell(Status.REPORTED, sum_figures(figures))
    return Cell(Status.CONFIRMED_NIL, _NIL)


def _known(cell: Cell) -> Figure | None:
    return _NIL if cell.status is Status.CONFIRMED_NIL else cell.figure


def area_name(area: Area) -> str:
    """The name, with the last day of an area that is no more."""
    if area.valid_to is None:
        return area.name
    day = date_format(area.valid_to, "d/m/Y")
    return _("%(area)s (until %(day)s)") % {"area": area.name, "day": day}
