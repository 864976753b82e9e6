"""The blocks that are made of figures: over time, from tip to verdict, victims, services, reach, areas."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.scoping import scope_of
from programs.selectors.quantity import print_figure
from reporting.charts import Category, Chart, Series, Value
from reporting.dashboard.answers import (
    PIPELINE,
    REACH,
    REACH_BY_AGENCY,
    STATUS,
    TRENDS,
    VICTIMS_BY,
    Answers,
)
from reporting.dashboard.asked import Asked
from reporting.dashboard.block import Block, Entry, drawn, span_of
from reporting.dashboard.stage_days import StageDays
from reporting.dashboard.wording import (
    change_in_words,
    changed,
    name_of,
    printed,
    short_period,
    unit_of,
    value,
)
from reporting.figures import Answer
from reporting.figures.by_agency import Done
from reporting.templatetags.humane import period_name
from territory.figure import Direction, Status
from territory.models import Area

#: Stands in a column of numbers where there is none.
_UNTOLD = Entry("–", is_figure=True)


def trends(answers: Answers) -> list[Block]:
    """The line of victims and that of cases over the phase."""
    asked = answers.asked
    periods = asked.periods_over_time
    titles = (_("Victims over time"), _("Cases over time"))
    made = []
    for number, (codes, title) in enumerate(zip(TRENDS, titles, strict=True)):
        chosen = answers.chosen(codes)
        lines = [(name_of(each), answers.over_time(each.code)) for each in chosen]
        chart = drawn(
            asked,
            "trend",
            title,
            unit_of(chosen[0]) if chosen else "",
            [Category(short_period(period.code)) for period in periods],
            lines,
            period=span_of(periods),
        )
        rows = [
            [
                Entry(period_name(period.code)),
                *(
                    Entry.of(answers.at(each.code, period), asked.figure_url(each.code, period=period))
                    for each in chosen
                ),
            ]
            for period in periods
        ]
        columns = [_("Period"), *(name_of(each) for each in chosen)]
        made.append(Block(f"trend-{number + 1}", title, columns, rows, chart, empty=_nothing()))
    return made


def pipeline(answers: Answers, days: Mapping[str, StageDays]) -> Block:
    """How many reached each stage from the tip to the verdict, and the days from one to the next."""
    asked = answers.asked
    chosen = answers.chosen(PIPELINE)
    title = _("From tip to verdict")
    told = [answers.at(each.code) for each in chosen]
    chart = None
    if any(value(each).number for each in told):
        counts = tuple(value(each, with_unit=True) for each in told)
        series = [Series(_("Number"), counts)]
        if days:
            series.append(Series(_("Median days"), tuple(_days(days.get(each.code)) for each in chosen)))
        chart = Chart(
            kind="pipeline",
            title=f"{title}: {asked.area.name}",
            unit="",
            period=period_name(asked.period.code),
            source=_("records and reports of units"),
            categories=tuple(Category(name_of(each)) for each in chosen),
            series=tuple(series),
        )
    rows = []
    behind = _steps_url(asked)
    for each, found in zip(chosen, told, strict=True):
        step = days.get(each.code)
        rows.append(
            [
                Entry(name_of(each)),
                Entry.of(found, asked.figure_url(each.code), with_unit=True),
                Entry(number_format(Decimal(f"{step.median:g}")), behind, Decimal(str(step.median)))
                if step
                else _UNTOLD,
                Entry(str(step.count), behind, Decimal(step.count)) if step else _UNTOLD,
            ]
        )
    columns = [_("Stage"), _("Number"), _("Median days since the stage before"), _("Counted over")]
    return Block("pipeline", title, columns, rows, chart, empty=_nothing())


def _steps_url(asked: Asked) -> str:
    """Where the steps are told of the cases the reader may see; nothing for who reads none."""
    if not scope_of(asked.reader).may("case.read"):
        return ""
    days = {"from": f"{asked.period.start:%d/%m/%Y}", "to": f"{asked.period.end:%d/%m/%Y}"}
    return f"{reverse('incident_pipeline')}?{urlencode(days)}"


def _days(step: object) -> Value:
    median = getattr(step, "median", None)
    if median is None:
        return Value(None, "–", Status.NOT_COMPARABLE)
    days = ngettext("%(count)s day", "%(count)s days", round(median)) % {"count": round(median)}
    return Value(Decimal(str(median)), days)


def victims(answers: Answers) -> list[Block]:
    """Victims by where they stand, and those received by route, purpose, sex and age."""
    asked = answers.asked
    chosen = answers.chosen(STATUS)
    told = [answers.at(each.code) for each in chosen]
    rows = [
        [Entry(name_of(each)), Entry.of(found, asked.figure_url(each.code)), *_beside(answers, found)]
        for each, found in zip(chosen, told, strict=True)
    ]
    title = _("Victims by status")
    unit = unit_of(chosen[0]) if chosen else ""
    lines = [(_("This period"), told), (_("Same period"), [answers.before(each.code) for each in chosen])]
    chart = drawn(asked, "bars", title, unit, [Category(name_of(each)) for each in chosen], lines)
    columns = [_("Status"), _("This period"), _("Same period"), pgettext("figures", "Change")]
    made = [Block("victims-status", title, columns, rows, chart, empty=_nothing())]
    titles = {
        "route": _("Victims received by route"),
        "purpose": _("Victims received by purpose of exploitation"),
        "sex": _("Victims received by sex"),
        "age_group": _("Victims received by age"),
    }
    made += [_by_part(answers, "victims_received", code, titles[code]) for code in VICTIMS_BY]
    return made


def services(answers: Answers) -> Block:
    return _by_part(answers, "services_given", "service", _("Services given to victims"))


def _by_part(answers: Answers, indicator: str, breakdown: str, title: str) -> Block:
    """One indicator told apart by one breakdown; parts of which nothing is known are left out."""
    asked = answers.asked
    known = answers.indicator(indicator)
    columns = [_("Part"), unit_of(known) if known else ""]
    if known is None:
        return Block(f"{indicator}-{breakdown}", title, columns, [], empty=_nothing())
    told = [
        (part, str(name), answers.part(indicator, part)) for part, name in answers.parts[breakdown].items()
    ]
    shown = [each for each in told if _says(each[2])]
    rows = [
        [Entry(name), Entry.of(found, asked.figure_url(indicator, part=part))] for part, name, found in shown
    ]
    categories = [Category(name) for _part, name, _found in shown]
    chart = drawn(asked, "bars", title, unit_of(known), categories, [("", [each[2] for each in shown])])
    whole = answers.at(indicator)
    note = _("In all: %(figure)s. What is not known of a record stands in no part.") % {
        "figure": printed(whole)
    }
    return Block(f"{indicator}-{breakdown}", title, columns, rows, chart, note=note, empty=_nothing())


def _says(found: Answer) -> bool:
    return found.figure is not None and not found.figure.is_zero


def reach(answers: Answers) -> Block:
    """Communication and training by kind, beside the same period."""
    asked = answers.asked
    rows = []
    for each in answers.chosen(REACH):
        found = answers.at(each.code)
        if not _says(found) and not _says(answers.before(each.code)):
            continue
        rows.append(
            [
                Entry(name_of(each)),
                Entry.of(found, asked.figure_url(each.code), with_unit=True),
                *_beside(answers, found),
            ]
        )
    columns = [_("Kind"), _("This period"), _("Same period"), pgettext("figures", "Change")]
    title = _("Communication and training")
    return Block("reach", title, columns, rows, is_table=True, empty=_nothing())


#: Agencies that are named.
AGENCIES_SHOWN = 15


def reach_by_agency(answers: Answers, found: Sequence[Done]) -> Block:
    """Who reached how many: the agencies whose records tell of communication or training."""
    asked = answers.asked
    chosen = answers.chosen(REACH_BY_AGENCY)
    columns = [_("Agency"), *(f"{name_of(each)} ({unit_of(each)})" for each in chosen)]
    title = _("Communication and training by agency")
    rows = []
    for done in found[:AGENCIES_SHOWN]:
        cells = [Entry(done.name)]
        for each in chosen:
            figure = done.figure(each.code)
            url = asked.figure_url(each.code, agency=done.code)
            cells.append(Entry(print_figure(figure), url, is_figure=True) if figure else _UNTOLD)
        rows.append(cells)
    beyond = (found[0].agencies if found else 0) - AGENCIES_SHOWN
    note = ngettext("and %(count)d more agency", "and %(count)d more agencies", beyond) % {"count": beyond}
    return Block(
        "reach-agency", title, columns, rows, note=note if beyond > 0 else "", is_table=True, empty=_nothing()
    )


def _beside(answers: Answers, found: Answer) -> list[Entry]:
    """The same period's figure of an answer, and the change."""
    before = answers.before(found.indicator.code)
    url = answers.asked.figure_url(found.indicator.code, period=answers.asked.before)
    return [Entry.of(before, url), Entry(change_in_words(changed(found, before), unit_of(found.indicator)))]


#: Areas that a ranking names; the table of the map holds all.
RANKED = 30


def ranking(answers: Answers) -> Block:
    """The parts of the area by the chosen indicator, the largest first, each with its difference."""
    asked = answers.asked
    known = answers.indicator(asked.measure)
    title = _("Ranking: %(indicator)s") % {"indicator": name_of(known) if known else asked.measure}
    columns = [
        _("Area"),
        _("Rank"),
        _("This period"),
        _("Same period"),
        pgettext("figures", "Change"),
        _("Units reported"),
    ]
    if known is None or not asked.parts:
        return Block("ranking", title, columns, [], empty=_("The area has no parts to compare."))
    told = [(area, answers.within(area)) for area in asked.parts]
    ordered = sorted(told, key=lambda each: -_size(each[1]))
    rows, rank, last = [], 0, Decimal(-1)
    for place, (area, found) in enumerate(ordered[:RANKED], start=1):
        size = _size(found)
        rank, last = (rank, last) if size == last else (place, size)
        before = answers.within(area, asked.before)
        is_ranked = found.figure is not None
        rows.append(
            [
                Entry(area.name, asked.address(area=area.code, agency="")),
                Entry(str(rank), number=Decimal(rank)) if is_ranked else _UNTOLD,
                Entry.of(found, asked.figure_url(known.code, area=area)),
                Entry.of(before, asked.figure_url(known.code, area=area, period=asked.before)),
                Entry(
                    change_in_words(changed(found, before), unit_of(known)),
                    shape=_arrow(found, before),
                ),
                Entry(coverage_in_words(found) or "–", asked.figure_url(known.code, area=area)),
            ]
        )
    beyond = len(ordered) - RANKED
    note = ngettext("and %(count)d more area", "and %(count)d more areas", beyond) % {"count": beyond}
    return Block("ranking", title, columns, rows, note=note if beyond > 0 else "", is_table=True)


def _size(found: Answer) -> Decimal:
    nominal = found.figure.nominal if found.figure is not None else None
    return nominal if nominal is not None else Decimal(-1)


def _arrow(found: Answer, before: Answer) -> str:
    direction = changed(found, before).direction
    return {Direction.UP: "up", Direction.DOWN: "down"}.get(direction, "")


def area_map(answers: Answers) -> Block:
    """The parts of the area as tiles, north above and west at the left, by the chosen indicator."""
    asked = answers.asked
    known = answers.indicator(asked.measure)
    title = _("Map: %(indicator)s") % {"indicator": name_of(known) if known else asked.measure}
    placed = [area for area in asked.parts if area.latitude is not None and area.longitude is not None]
    chart = None
    if known is not None and placed:
        chart = Chart(
            kind="map",
            title=f"{title}: {asked.area.name}",
            unit=unit_of(known),
            period=period_name(asked.period.code),
            source=_("records and reports of units"),
            categories=tuple(Category(area.short_name, area.latitude, area.longitude) for area in placed),
            series=(Series(name_of(known), tuple(value(answers.within(area)) for area in placed)),),
        )
    rows = [_on_map(answers, area) for area in asked.parts] if known else []
    unplaced = len(asked.parts) - len(placed)
    note = _("Tiles keep the order of the areas, not their shapes.")
    if unplaced:
        note += " " + ngettext(
            "%(count)d area has no place on the map and stands in the table only.",
            "%(count)d areas have no place on the map and stand in the table only.",
            unplaced,
        ) % {"count": unplaced}
    return Block(
        "map", title, [_("Area"), unit_of(known) if known else ""], rows, chart, note, empty=_nothing()
    )


def _on_map(answers: Answers, area: Area) -> Sequence[Entry]:
    found = answers.within(area)
    return [Entry(area.name), Entry.of(found, answers.asked.figure_url(answers.asked.measure, area=area))]


def coverage_in_words(found: Answer) -> str:
    """ "9 of 10 units, 8 nil"; nothing where nobody owes a report."""
    coverage = found.cell.coverage
    if coverage is None:
        return ""
    told = {"reported": coverage.reported, "expected": coverage.expected, "nil": coverage.nil}
    if coverage.nil:
        return _("%(reported)d of %(expected)d units, %(nil)d nil") % told
    return _("%(reported)d of %(expected)d units") % told


def _nothing() -> str:
    return _("Nothing was reported for this period.")
