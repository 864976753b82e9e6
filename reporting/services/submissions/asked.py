"""What a form asks for on a day: its sections, indicators and parts."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.together import Kept, Relations, prefetch_together
from reporting.breakdowns import parts_of
from reporting.models import Form, FormIndicator, FormSection, Indicator, Obligation


@dataclass(frozen=True)
class Asked:
    """An indicator that a form asks for, and the parts it is to be told apart by."""

    indicator: Indicator
    parts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.indicator.code

    @property
    def keys(self) -> list[str]:
        """The names of its figures: the code, and "code/part" for each part."""
        return [self.code, *(f"{self.code}/{part}" for part in self.parts)]


@dataclass(frozen=True)
class AskedSection:
    """A section of a form with the indicators in it."""

    section: str
    title: str
    needs_text: bool
    rows: list[Asked]


def asked_by(form: Form, obligation: Obligation) -> list[Asked]:
    """The indicators of a form as they are valid at the end of the period, in the form's order.

    One query the first time a form is asked; it then keeps its sections and indicators, as if they were prefetched.
    """
    known = {indicator.code: indicator for indicator in _valid_on(form, obligation.period_end)}
    wanted = form.indicators.all()
    return [Asked(known[row.indicator], parts_of(row.breakdowns)) for row in wanted if row.indicator in known]


def _valid_on(form: Form, day: dt.date) -> list[Indicator]:
    kept: dict[dt.date, list[Indicator]] = form.__dict__.setdefault("_valid_on", {})
    if day not in kept:
        (kept[day],) = prefetch_together(form, _parts_of_form, _asked_indicators(day, form.pk))
    return kept[day]


_parts_of_form = Relations(Form, indicators=FormIndicator.objects.all(), sections=FormSection.objects.all())
_asked_indicators = Kept(
    lambda day, form: Indicator.objects.valid_on(day).filter(
        code__in=FormIndicator.objects.filter(form=form).order_by().values("indicator")
    )
)


def share_asked(known: Form, again: Form) -> None:
    """Let a form that was read again within a request have what it asks for, where the one read before knows it."""
    if known.pk == again.pk and "_valid_on" in known.__dict__:
        for name in ("_valid_on", "_prefetched_objects_cache"):
            again.__dict__[name] = known.__dict__[name]


def sections_of(form: Form, asked: list[Asked]) -> list[AskedSection]:
    """The sections of a form in order; those of its indicators that it does not name come last."""
    named: list[FormSection] = list(form.sections.all())
    rows: dict[str, list[Asked]] = {}
    for each in asked:
        rows.setdefault(each.indicator.section, []).append(each)
    found = [
        AskedSection(each.section, str(each), each.is_narrative_required, rows.pop(each.section, []))
        for each in named
    ]
    found += [
        AskedSection(section, str(left[0].indicator.get_section_display()), False, left)
        for section, left in rows.items()
    ]
    return found
