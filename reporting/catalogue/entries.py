"""How an entry of the catalogue is written."""

from typing import Any

from reporting.models import Section

#: See ``reporting.models.Indicator.rule``.
Rule = dict[str, Any]
Entry = dict[str, Any]

PEOPLE = {"about": "people"}
STOCK = {"about": "people", "over_periods": "last"}


def entry(
    code: str, section: Section, name: str, name_en: str, unit: str, unit_en: str, *, rule: Rule, **more: Any
) -> Entry:
    """An indicator as `load_catalogue` writes it."""
    written = {
        "code": code,
        "section": section.value,
        "name": name,
        "name_en": name_en,
        "unit": unit,
        "unit_en": unit_en,
    }
    return {**written, "rule": rule, **more}


def sum_of(*measures: str, **more: Any) -> Rule:
    """What happened in a period."""
    return {"sum": list(measures), **more}


def stock_of(stem: str, **more: Any) -> Rule:
    """A state at the end of a period."""
    return {"stock": {"in": [f"{stem}.in"], "out": [f"{stem}.out"]}, **more}
