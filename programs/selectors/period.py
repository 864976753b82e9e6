"""Periods as people type and read them."""

import datetime as dt

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from territory.period import CutOff, Period, PeriodError, PeriodKind, parse_period, print_period_vi


def period_of(start: dt.date, end: dt.date) -> Period:
    """The period with these days: a half-year or year of the decree or of the calendar, else the two dates."""
    for rule in (CutOff.ND09, CutOff.CALENDAR):
        for code in (f"{end.year}-H1", f"{end.year}-H2", f"{end.year}"):
            try:
                period = parse_period(code, rule)
            except PeriodError:
                continue
            if (period.start, period.end) == (start, end):
                return period
    return parse_period(f"{start.isoformat()}..{end.isoformat()}")


def typed_period(start: dt.date, end: dt.date) -> str:
    """What a person types to name the period with these days: its code where the decree's rule gives these days."""
    period = period_of(start, end)
    return period.code if period.rule is CutOff.ND09 else f"{start.isoformat()}..{end.isoformat()}"


def period_name(start: dt.date, end: dt.date) -> str:
    """The period in the reader's language: "6 tháng đầu năm 2020", "first half of 2020"."""
    period = period_of(start, end)
    if not (get_language() or "vi").startswith("en"):
        return print_period_vi(period)
    if period.kind is PeriodKind.HALF_YEAR:
        named = {"year": period.code[:4]}
        return (
            _("first half of %(year)s") % named
            if period.code.endswith("1")
            else _("second half of %(year)s") % named
        )
    if period.kind is PeriodKind.EXPLICIT:
        return f"{start:%d/%m/%Y} – {end:%d/%m/%Y}"
    return period.code


def period_before(period: Period) -> Period | None:
    """The period that a report takes up from: the half-year or year before. None where none is next to it."""
    year = period.code[:4]
    try:
        if period.kind is PeriodKind.HALF_YEAR:
            code = f"{year}-H1" if period.code.endswith("2") else f"{int(year) - 1}-H2"
        elif period.kind is PeriodKind.YEAR:
            code = str(int(year) - 1)
        else:
            return None
        return parse_period(code, period.rule)
    except PeriodError:
        return None
