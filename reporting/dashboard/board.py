"""A dashboard: what stands on its first screen, its key figures, and its blocks."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.scoping import scope_of
from programs.models import Target
from reporting.charts import Category, Chart, Series, draw
from reporting.dashboard.answers import KEY, Answers
from reporting.dashboard.asked import Asked
from reporting.dashboard.block import Block, Entry, span_of
from reporting.dashboard.blocks import (
    area_map,
    coverage_in_words,
    pipeline,
    ranking,
    reach,
    reach_by_agency,
    services,
    trends,
    victims,
)
from reporting.dashboard.owed import NAMED, Silent, compliance
from reporting.dashboard.rows import Rows
from reporting.dashboard.wording import (
    change_in_words,
    changed,
    chart_words,
    name_of,
    print_target,
    short_value,
    unit_of,
)
from reporting.dashboard.work import questions, statements, tasks
from reporting.figures import Answer
from reporting.models import Indicator, Section
from territory.figure import Coverage

#: The figure that the first screen answers for: did victims go up.
VICTIMS = "victims_received"


@dataclass(frozen=True)
class KeyFigure:
    """One figure beside the same period, the target and the coverage, with its line over time."""

    code: str
    name: str
    now: Entry
    before: Entry
    change: str
    direction: str
    target: str
    coverage: str
    notes: list[str]
    line: Chart | None
    explore: str

    @property
    def picture(self) -> SafeString:
        # Every text in it was escaped when it was drawn.
        return mark_safe(draw(self.line, chart_words())) if self.line else mark_safe("")  # noqa: S308


class Dashboard:
    """All blocks of one look. The number of statements depends on the reader's rights, not on how much there is.

    ``is_file`` where the silent units are listed, of very many the first, and not only a few of them named.
    """

    def __init__(self, asked: Asked, *, is_file: bool = False) -> None:
        self.asked = asked
        self.answers = Answers(asked, is_file=is_file)

    @property
    def rows(self) -> Rows:
        return self.answers.rows

    # --- the first screen

    @cached_property
    def coverage(self) -> Coverage | None:
        found = self.answers.at(VICTIMS) if self.answers.indicator(VICTIMS) else None
        return found.cell.coverage if found else None

    @property
    def silent(self) -> list[Silent]:
        """What the first silent units owe; nothing for who sees only the own agency."""
        return self.rows.silent

    @property
    def is_not_due(self) -> bool:
        """Whether the units that are silent still have time."""
        return bool(self.silent) and self.silent[0].first_due >= timezone.localdate()

    @property
    def silent_units(self) -> list[Entry]:
        """The first of them by name, each with what the reader can do about it: look at what it owes, or ask."""
        scope = scope_of(self.asked.reader)
        reads, asks = scope.may("obligation.read_all"), scope.may_in("question.ask", self.asked.area)
        found = []
        for owed in self.silent[:NAMED]:
            url = self.asked.address("question_new", agency=owed.agency_code) if asks else ""
            found.append(Entry(owed.unit, reverse("obligation_detail", args=[owed.pk]) if reads else url))
        return found

    @property
    def silent_beyond(self) -> int:
        return max(0, self.silent[0].silent - NAMED) if self.silent else 0

    @cached_property
    def victims(self) -> KeyFigure | None:
        return next((figure for figure in self.figures if figure.code == VICTIMS), None)

    # --- key figures

    @cached_property
    def figures(self) -> list[KeyFigure]:
        return [self._figure(each) for each in self.answers.chosen(KEY)]

    @cached_property
    def _targets(self) -> dict[tuple[str, str], Target]:
        """The targets of the programme for the year, by indicator and by what it is a percentage of."""
        year = self.asked.period.end.year
        return {(row.indicator, row.out_of): row for row in self.rows.targets if row.year in (None, year)}

    @property
    def key_block(self) -> Block:
        """The key figures as a table, for files."""
        columns = [
            *(_("Indicator"), _("This period"), _("Same period"), pgettext("figures", "Change")),
            *(pgettext("figures", "Target"), _("Coverage"), _("Notes")),
        ]
        rows = [
            [
                *(Entry(each.name), each.now, each.before, Entry(each.change)),
                *(Entry(each.target), Entry(each.coverage), Entry(" ".join(each.notes))),
            ]
            for each in self.figures
        ]
        return Block("figures", _("Key figures"), columns, rows, is_table=True)

    @property
    def silent_block(self) -> Block:
        """The units that have not reported."""
        rows = [
            [Entry(owed.unit), Entry(owed.area_name), Entry(f"{owed.due_on:%d/%m/%Y}")]
            for owed in self.silent
        ]
        columns = [_("Unit"), _("Area"), _("Due")]
        beyond = self.silent[0].silent - len(rows) if self.silent else 0
        note = ngettext("and %(count)d more unit", "and %(count)d more units", beyond) % {"count": beyond}
        return Block(
            "silent",
            _("Units that have not reported"),
            columns,
            rows,
            note=note if beyond else "",
            is_table=True,
            empty=_("Every unit has reported."),
        )

    def _figure(self, indicator: Indicator) -> KeyFigure:
        asked, code = self.asked, indicator.code
        now, before = self.answers.at(code), self.answers.before(code)
        change = changed(now, before)
        return KeyFigure(
            code,
            name_of(indicator),
            Entry.of(now, asked.figure_url(code), with_unit=True),
            Entry.of(before, asked.figure_url(code, period=asked.before), with_unit=True),
            change_in_words(change, unit_of(indicator)),
            change.direction.value,
            self._target(indicator),
            coverage_in_words(now),
            _notes(now),
            self._line(indicator),
            asked.explore_url(code),
        )

    def _target(self, indicator: Indicator) -> str:
        ratio = indicator.rule.get("ratio", {})
        key = (ratio.get("of"), ratio.get("over")) if ratio else (indicator.code, "")
        target = self._targets.get(key)
        return print_target(target) if target else ""

    def _line(self, indicator: Indicator) -> Chart | None:
        periods = self.asked.periods_over_time
        values = tuple(short_value(each) for each in self.answers.over_time(indicator.code))
        if sum(each.number is not None for each in values) < 2:
            return None
        return Chart(
            kind="spark",
            title=name_of(indicator),
            unit=unit_of(indicator),
            period=span_of(periods),
            source=_("records and reports of units"),
            categories=tuple(Category(period.code) for period in periods),
            series=(Series("", values),),
        )

    # --- blocks

    @cached_property
    def blocks(self) -> list[Block]:
        """Every block, in the order of the page."""
        made = [compliance(self.asked, self.rows.owed)] if not self.asked.is_own else []
        made += trends(self.answers)
        made.append(pipeline(self.answers, self.rows.days))
        made += victims(self.answers)
        made += [services(self.answers), reach(self.answers), reach_by_agency(self.answers, self.rows.done)]
        if not self.asked.is_own:
            made += [ranking(self.answers), area_map(self.answers)]
        given = tasks(self.asked, self.rows.tasks)
        made += [given] if given else []
        made += statements(self.asked, self.rows.difficulties, self.rows.recommendations)
        asked = questions(self.asked, self.rows.questions)
        return made + ([asked] if asked else [])

    @property
    def shown(self) -> list[Block]:
        return [block for block in self.blocks if block.rows]

    @property
    def empty(self) -> list[Block]:
        """The blocks that have nothing to show, to be told in one line each."""
        return [block for block in self.blocks if not block.rows]

    @cached_property
    def measures(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What map and ranking can show, by section."""
        grouped: dict[str, list[tuple[str, str]]] = {}
        for code, row in self.asked.indicators.items():
            grouped.setdefault(row.section, []).append((code, name_of(row)))
        return [(str(Section(section).label), indicators) for section, indicators in grouped.items()]


def _notes(found: Answer) -> list[str]:
    """What a reader must know of a figure besides."""
    notes = []
    if found.also_reported is not None:
        notes.append(_("Records and reports differ; somebody has to decide."))
    if found.is_estimated:
        notes.append(_("Estimated: a divided unit is counted with one of its successors."))
    if found.left_out:
        notes.append(_("Figures gathered over a longer time are left out."))
    return notes
