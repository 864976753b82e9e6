"""Rules of indicators as a person chooses and reads them: no JSON typed, no JSON shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reporting.breakdowns import BREAKDOWNS, parts_of
from reporting.measures import MEASURES, told_by

SUM, STOCK, RATIO, REPORTED = "sum", "stock", "ratio", "reported"
WAYS: list[tuple[str, Any]] = [
    (SUM, gettext_lazy("what records say happened in the period, added up")),
    (STOCK, gettext_lazy("a state at the end of the period, from records")),
    (RATIO, gettext_lazy("a percentage of two indicators")),
    (REPORTED, gettext_lazy("only what units report")),
]
MILLION = 1_000_000


def way_of(rule: Mapping[str, Any]) -> str:
    return next((way for way in (RATIO, STOCK, SUM) if way in rule), REPORTED)


def rule_of(
    *,
    way: str,
    measures: Sequence[str] = (),
    stock: str = "",
    part: str = "",
    of: str = "",
    over: str = "",
    is_in_millions: bool = False,
    is_reported: bool = False,
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The rule that a person chose. What no form shows of the rule ``before`` (the base of a stock) stays."""
    if way == RATIO:
        return {"ratio": {"of": of, "over": over}}
    rule: dict[str, Any] = {}
    if way == SUM:
        rule["sum"] = list(measures)
    elif way == STOCK:
        rule["stock"] = {"in": [f"{stock}.in"], "out": [f"{stock}.out"]}
        if before and before.get("stock") == rule["stock"] and "base" in before:
            rule["base"] = before["base"]
    if way != REPORTED and part:
        rule["part"] = part
    if way == SUM and is_in_millions:
        rule["per"] = MILLION
    if is_reported or way == REPORTED:
        rule["reported"] = True
    return rule


def choices_of(rule: Mapping[str, Any]) -> dict[str, Any]:
    """What a person would choose to get this rule: the opposite of `rule_of`."""
    ratio = rule.get("ratio", {})
    stock = rule.get("stock", {}).get("in", [""])[0]
    return {
        "way": way_of(rule),
        "measures": list(rule.get("sum", ())),
        "stock": stock.removesuffix(".in"),
        "part": rule.get("part", ""),
        "of": ratio.get("of", "") if isinstance(ratio.get("of"), str) else "",
        "over": ratio.get("over", "") if isinstance(ratio.get("over"), str) else "",
        "is_in_millions": rule.get("per") == MILLION,
        "is_reported": bool(rule.get("reported")),
    }


def measure_choices(*, stocks: bool) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """What may be added up, or whose state may be told, in groups."""
    groups: dict[str, list[tuple[str, Any]]] = {}
    for told in MEASURES.values():
        if told.is_stock == stocks:
            groups.setdefault(str(told.group), []).append((told.code, told.name))
    return list(groups.items())


def part_choices() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """The parts of every breakdown. One query."""
    return [(each.label, list(each.parts().items())) for each in BREAKDOWNS.values()]


def in_words(rule: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    """A rule as sentences. ``names`` are those of indicators by code, for a percentage."""
    told: list[str] = []
    way = way_of(rule)
    if way == RATIO:
        sides = [rule["ratio"][side] for side in ("of", "over")]
        of, over = (names.get(side, side) if isinstance(side, str) else _named(side) for side in sides)
        told.append(_("Percentage: “%(of)s” of “%(over)s”.") % {"of": of, "over": over})
        told.append(_("It is made anew for every area and period and never added."))
        return told
    if way == SUM:
        told.append(_("Sum over the period of: %(measures)s.") % {"measures": _named(rule["sum"])})
    elif way == STOCK:
        told.append(
            _("State at the end of the period: %(measures)s.") % {"measures": _named(rule["stock"]["in"])}
        )
    if part := rule.get("part"):
        name = parts_of(list(BREAKDOWNS)).get(part, part)
        told.append(_("Only this part of it: %(part)s.") % {"part": name})
    if rule.get("per") == MILLION:
        told.append(_("Told in millions."))
    if way == REPORTED:
        told.append(_("No record tells it: only what units report counts."))
    elif rule.get("reported"):
        told.append(_("Units may report it too; where both differ, both are shown and a person decides."))
    return told


def _named(measures: Sequence[str]) -> str:
    found = [told_by(measure) for measure in measures]
    return "; ".join(str(told.label) if told else code for told, code in zip(found, measures, strict=True))
