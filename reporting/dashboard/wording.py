"""How a dashboard writes what is known: the figure, or why there is none; and how it changed."""

from dataclasses import replace
from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from programs.models import Target
from programs.selectors.quantity import print_figure, print_number
from reporting.charts import EN, VI, Value, Words
from reporting.figures import Answer
from reporting.models import Indicator
from territory.figure import Cell, Figure, Status
from territory.figure.change import Change, Direction, change
from territory.figure.printing import print_count_vi

_WHY_NO_FIGURE = {
    Status.CONFIRMED_NIL: gettext_lazy("nothing, confirmed"),
    Status.MISSING: gettext_lazy("not reported"),
    Status.NOT_DUE: gettext_lazy("not due yet"),
    Status.NOT_COMPARABLE: gettext_lazy("cannot be compared"),
    Status.SUPPRESSED: gettext_lazy("not published"),
}


def reads_english() -> bool:
    return (get_language() or "vi").startswith("en")


def chart_words() -> Words:
    return EN if reads_english() else VI


def name_of(indicator: Indicator) -> str:
    return str((indicator.name_en if reads_english() else "") or indicator.name)


def unit_of(indicator: Indicator) -> str:
    return str((indicator.unit_en if reads_english() else "") or indicator.unit)


def short_period(code: str) -> str:
    """A period as the foot of a line names it: "2020", "H1 2020"."""
    year, _sep, half = code.partition("-")
    halves = {"H1": _("H1 %(year)s"), "H2": _("H2 %(year)s")}
    return halves[half] % {"year": year} if half in halves else code


def printed(found: Answer, *, with_unit: bool = True) -> str:
    """The figure, or in words why there is none: missing, nil and zero are three different words."""
    return printed_cell(found.cell, unit_of(found.indicator) if with_unit else "")


def printed_cell(cell: Cell, unit: str = "") -> str:
    """As ``printed``, of what stands behind a place in a table."""
    if cell.status is Status.REPORTED and cell.figure is not None:
        return print_figure(cell.figure, unit)
    return str(_WHY_NO_FIGURE.get(cell.status, "–"))


def value(found: Answer, *, with_unit: bool = False) -> Value:
    """What a chart draws of an answer."""
    shown = printed(found, with_unit=with_unit)
    if found.status is Status.CONFIRMED_NIL:
        return Value(Figure.exact(0).nominal, shown, found.status)
    if found.figure is None or found.status is not Status.REPORTED:
        return Value(None, shown, found.status)
    return Value(found.figure.nominal, shown, found.status, found.figure.qualifier)


def short_value(found: Answer) -> Value:
    """What a small line draws of an answer: its last number is printed, and no words."""
    full = value(found)
    nil = pgettext("figures", "nil") if found.status is Status.CONFIRMED_NIL else "–"
    return full if full.number else replace(full, printed=nil)


def changed(now: Answer, before: Answer) -> Change:
    return change(now.figure, before.figure)


def change_in_words(found: Change, unit: str) -> str:
    """ "up 3 (30%)", "down 1 (50%)", "the same", "cannot be compared"."""
    if found.direction is Direction.NOT_COMPARABLE:
        return _("cannot be compared")
    if found.direction is Direction.EQUAL:
        return pgettext("figures", "the same")
    is_up = found.direction is Direction.UP
    if found.difference is None:
        return pgettext("figures", "up") if is_up else pgettext("figures", "down")
    difference = found.difference.copy_abs()
    told: dict[str, Any] = {"by": _points(difference) if unit == "%" else _count(difference)}
    if found.percent and unit != "%":
        told["percent"] = print_number(found.percent.copy_abs())
        return _("up %(by)s (%(percent)s%%)") % told if is_up else _("down %(by)s (%(percent)s%%)") % told
    return _("up %(by)s") % told if is_up else _("down %(by)s") % told


def _count(number: Any) -> str:
    return print_number(number) if reads_english() else print_count_vi(number)


def _points(number: Any) -> str:
    return _("%(number)s percentage points") % {"number": print_number(number)}


def print_target(target: Target) -> str:
    """What is aimed at: "at least 90%"."""
    number = print_number(target.value) if target.value is not None else ""
    unit = "%" if target.unit == "%" else f" {target.unit}".rstrip()
    return f"{target.get_comparison_display()} {number}{unit}"
