"""What units said of a form for a period, put together for the area they lie in, beside what the records say."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.together import read_together
from programs.selectors.area import areas_within
from programs.selectors.quantity import print_figure
from reporting.figures import SAID, Answer, answer
from reporting.models import Form, Indicator, Obligation, ReportedFigure, Section, SubmissionState
from reporting.obligations import Standing, forms_of, read_areas, visible_obligations
from reporting.templatetags.humane import period_name
from territory.figure import Figure, Total
from territory.models import AgencyDuty, Area, Duty
from territory.period import Period
from territory.selectors import children

#: Parts of the area that stand beside each other on one page.
PARTS_A_PAGE = 8


@dataclass(frozen=True)
class Said:
    """One figure of one unit; ``is_total`` where the standing agency speaks for its whole area."""

    indicator: str
    path: str
    state: str
    is_total: bool
    figure: Figure


@dataclass(frozen=True)
class Gathered:
    """How many units within a part owe, have said something, and of these confirmed nil."""

    owed: int = 0
    reported: int = 0
    nil: int = 0
    waiting: int = 0

    @classmethod
    def of(cls, obligations: Iterable[Any]) -> "Gathered":
        owed = [each for each in obligations if each.excused_at is None]
        said = [each for each in owed if each.stands in SAID]
        return cls(
            len(owed),
            len(said),
            sum(each.submission.is_nil for each in said),
            sum(each.stands == SubmissionState.SUBMITTED for each in said),
        )

    def __str__(self) -> str:
        return _("%(reported)d of %(owed)d units, %(nil)d with nothing to report") % vars(self)


@dataclass(frozen=True)
class PartCell:
    """What one part of the area says of an indicator: a figure, or in words why there is none."""

    part: "Part"
    figure: str = ""
    word: str = ""
    shape: str = ""
    is_waiting: bool = False


@dataclass(frozen=True)
class Part:
    """A part of the area, or (without ``area``) the units that answer for the whole of it."""

    area: Area | None
    name: str
    gathered: Gathered


@dataclass(frozen=True)
class ConsolidatedRow:
    """One indicator. Figures are printed; an empty one is not known."""

    indicator: Indicator
    name: str
    unit: str
    accepted: str
    waiting: str
    own: str
    records: str
    disagrees: bool
    cells: list[PartCell]


class Consolidation:
    """One form, period and area as far as the reader may see it. The number of queries does not grow.

    What the area's own standing agency reports is the total that is made here: it stands beside the others' sum and
    is not part of it. Within a smaller area its standing agency's figure takes the place of the units' there.
    """

    def __init__(
        self, *, reader: User, form: str = "", period: str = "", area: str = "", page: str = "1"
    ) -> None:
        self.reader = reader
        self._form, self._period, self._area, self._page = form, period, area, page

    # --- what is asked

    @cached_property
    def forms(self) -> list[Form]:
        return forms_of(self.reader)

    @cached_property
    def form(self) -> Form | None:
        by_code = {form.code: form for form in self.forms}
        return by_code.get(self._form) or by_code.get("six_month") or next(iter(self.forms), None)

    @cached_property
    def periods(self) -> list[tuple[str, str]]:
        """Codes and names of the periods of the form, the latest first."""
        return [(owed.period_code, period_name(owed.period_code)) for owed in self._spans]

    @cached_property
    def _spans(self) -> list[Obligation]:
        rows = Obligation.objects.visible_to(self.reader).filter(
            form__code=self.form.code if self.form else ""
        )
        kept = ("period_code", "period_rule", "period_start", "period_end")
        latest = rows.order_by("-period_end", "-period_start", "period_code").distinct(
            "period_end", "period_start", "period_code"
        )
        return list(latest.only(*kept))

    @cached_property
    def period(self) -> Period | None:
        """The one asked for, else the latest that has ended or is due soonest."""
        chosen = next((owed for owed in self._spans if owed.period_code == self._period), None)
        chosen = chosen or next(iter(self._spans), None)
        return chosen.period if chosen else None

    @cached_property
    def areas(self) -> list[Area]:
        """The areas to choose from."""
        return areas_within(read_areas(self.reader))

    @cached_property
    def area(self) -> Area | None:
        """The one asked for; without a choice the widest. None where the one asked for is not the reader's."""
        if not self._area:
            return next(iter(self.areas), None)
        return next((area for area in self.areas if str(area.pk) == self._area), None)

    # --- what is known

    @cached_property
    def obligations(self) -> list[Any]:
        """What units within the area owe, save the area's own standing agency, in alphabetical order."""
        assert self.form and self.period and self.area
        rows = visible_obligations(self.reader).filter(
            form__code=self.form.code,
            area__path__startswith=self.area.path,
            period_start=self.period.start,
            period_end=self.period.end,
        )
        rows = rows.annotate(is_standing=_is_standing("agency"))
        found = rows.order_by("area__sort_key", "agency__sort_key", "pk")
        return [each for each in found if not (each.is_standing and each.area_id == self.area.pk)]

    @property
    def gathered(self) -> Gathered:
        return Gathered.of(self.obligations)

    @property
    def silent(self) -> list[tuple[Any, Standing]]:
        """The units that said nothing yet, by name."""
        owed = (each for each in self.obligations if each.excused_at is None and each.stands not in SAID)
        return [(each, Standing.of(each)) for each in owed]

    @property
    def excused(self) -> list[Any]:
        return [each for each in self.obligations if each.excused_at is not None]

    @cached_property
    def page(self) -> Page[Part]:
        return Paginator(self.parts, PARTS_A_PAGE).get_page(self._page)

    @cached_property
    def parts(self) -> list[Part]:
        """The parts of the area as they were when the period ended."""
        assert self.period and self.area
        within: dict[int | None, list[Any]] = defaultdict(list)
        parts = list(children(self.area, self.period.end))
        for each in self.obligations:
            home = next((part.pk for part in parts if part.contains(each.area)), None)
            within[home].append(each)
        shown = [Part(part, part.name, Gathered.of(within[part.pk])) for part in parts if within.get(part.pk)]
        if within.get(None):
            shown.insert(0, Part(None, _("Units of the whole area"), Gathered.of(within[None])))
        return shown

    @cached_property
    def _said(self) -> dict[str, list[Said]]:
        """What units said, by indicator."""
        assert self.form and self.period and self.area
        owed = Obligation.objects.visible_to(self.reader).owed()
        rows = ReportedFigure.objects.filter(
            part="",
            submission__state__in=SAID,
            submission__obligation__in=owed.filter(
                form__code=self.form.code,
                area__path__startswith=self.area.path,
                period_start=self.period.start,
                period_end=self.period.end,
            )
            .order_by()
            .values("pk"),
        ).annotate(
            code=F("indicator__code"),
            path=F("submission__obligation__area__path"),
            state=F("submission__state"),
            is_total=_is_standing("submission__obligation__agency"),
        )
        found: dict[str, list[Said]] = defaultdict(list)
        for row in rows:
            found[row.code].append(Said(row.code, row.path, row.state, row.is_total, row.standing))
        return found

    @cached_property
    def indicators(self) -> list[tuple[str, list[Indicator]]]:
        """The indicators the form asks for, in the order and under the names of its sections. One query."""
        assert self.form and self.period
        order = self.form.indicators.values_list("indicator")
        begun = Indicator.objects.filter(valid_from__lte=self.period.end)
        codes, rows, sections = read_together(
            order, begun.filter(code__in=order.order_by()).order_by("valid_from"), self.form.sections.all()
        )
        newest = {row.code: row for row in rows}
        grouped: dict[str, list[Indicator]] = defaultdict(list)
        for (code,) in codes:
            if code in newest:
                grouped[newest[code].section].append(newest[code])
        return [
            (section.title or str(Section(section.section).label), grouped[section.section])
            for section in sections
            if grouped.get(section.section)
        ]

    @cached_property
    def sections(self) -> list[tuple[str, list[ConsolidatedRow]]]:
        """The table, section by section."""
        assert self.period and self.area
        every = [indicator for _name, indicators in self.indicators for indicator in indicators]
        answers = (
            answer(every, area=self.area, period=self.period, keeps=True, remembers=True) if every else {}
        )
        return [
            (name, [self._row(indicator, answers[indicator.code]) for indicator in indicators])
            for name, indicators in self.indicators
        ]

    @property
    def has_own(self) -> bool:
        """Whether the area's own standing agency reported as well."""
        return any(row.own for _name, rows in self.sections for row in rows)

    @property
    def columns(self) -> int:
        """How many columns the table has beside the names of the indicators."""
        return 3 + self.has_own + len(self.page)

    @property
    def disagreements(self) -> int:
        return sum(row.disagrees for _name, rows in self.sections for row in rows)

    def _row(self, indicator: Indicator, known: Answer) -> ConsolidatedRow:
        assert self.area
        said = self._said.get(indicator.code, [])
        counted = list(_counted(said, self.area.path))
        total = _total(counted)
        own = _total(each for each in said if each.is_total and each.path == self.area.path)
        counts = known.figure if known.recorded is not None else None
        return ConsolidatedRow(
            indicator,
            _in_language(indicator.name, indicator.name_en),
            _in_language(indicator.unit, indicator.unit_en),
            _printed(_total(each for each in counted if each.state == SubmissionState.ACCEPTED)),
            _printed(_total(each for each in counted if each.state == SubmissionState.SUBMITTED)),
            _printed(own),
            print_figure(known.recorded) if known.recorded is not None else "",
            any(counts is not None and one.parts and one.figure() != counts for one in (total, own)),
            [self._cell(part, indicator, counted) for part in self.page],
        )

    def _cell(self, part: Part, indicator: Indicator, counted: list[Said]) -> PartCell:
        assert self.area
        if part.area is not None:
            within = [each for each in counted if each.path.startswith(part.area.path)]
        else:
            below = [other.area.path for other in self.parts if other.area is not None]
            within = [each for each in counted if not each.path.startswith(tuple(below))]
        if within:
            is_waiting = any(each.state == SubmissionState.SUBMITTED for each in within)
            return PartCell(part, _printed(_total(within)), is_waiting=is_waiting)
        if part.gathered.nil and indicator.about == Indicator.About.PEOPLE:
            shape = "nil"
        else:
            shape = "not_due" if part.gathered.reported else "missing"
        return PartCell(part, word=self._words[shape], shape=shape)

    @cached_property
    def _words(self) -> dict[str, str]:
        """Why a part has no figure, by the shape that shows it."""
        return {"nil": _("nothing to report"), "not_due": _("not stated"), "missing": _("not reported")}


def _is_standing(agency: str) -> Exists:
    return Exists(AgencyDuty.objects.filter(agency=OuterRef(agency), duty=Duty.STANDING))


def _counted(said: Iterable[Said], path: str) -> Iterator[Said]:
    """What adds up within an area: not its own total, nor what a total of a smaller area holds already."""
    said = list(said)
    totals = {each.path for each in said if each.is_total and each.path != path}
    for each in said:
        if each.is_total and each.path == path:
            continue
        around = {total for total in totals if each.path.startswith(total)}
        if each.is_total:
            around.discard(each.path)
        if not around:
            yield each


def _total(said: Iterable[Said]) -> Total:
    return sum((Total.of(each.figure) for each in said), Total.empty())


def _printed(total: Total) -> str:
    return print_figure(total.figure()) if total.parts else ""


def _in_language(name: str, name_en: str) -> str:
    return name_en if (get_language() or "vi").startswith("en") and name_en else name
