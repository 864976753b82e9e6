"""Names for codes in pages."""

from django import template
from django.urls import reverse
from django.utils.translation import get_language

from territory.period import Period, PeriodError, PeriodKind, parse_period, print_period_vi

register = template.Library()


@register.filter
def period_name(code: str) -> str:
    """A period's name in the reader's language: "6 tháng đầu năm 2020", "first half of 2020"."""
    try:
        period = parse_period(code)
    except PeriodError:
        return code
    if (get_language() or "vi").startswith("vi"):
        return print_period_vi(period)
    return _english(period)


def _english(period: Period) -> str:
    if period.kind is PeriodKind.HALF_YEAR:
        half = "first" if period.code.endswith("1") else "second"
        return f"{half} half of {period.code[:4]}"
    if period.kind is PeriodKind.EXPLICIT:
        return f"{period.start:%d/%m/%Y} to {period.end:%d/%m/%Y}"
    return period.code.replace("..", "-")


@register.filter
def draft_url(form: str) -> str:
    """Where a half-filled form is taken up again."""
    _name, _sep, key = form.partition(":")
    if key.startswith("copy-"):
        return reverse("activity_copy", args=[key.removeprefix("copy-")])
    return reverse("activity_edit", args=[key]) if key.isdigit() else reverse("activity_new")
