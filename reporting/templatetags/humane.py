"""Names for codes in pages."""

from django import template
from django.urls import reverse
from django.utils.text import Truncator
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


#: The pages on which a draft is taken up again, by the first word of its form: a new record's, and a stored one's.
_PAGES = {
    "activity": ("activity_new", "activity_edit"),
    "document": ("document_new", "document_edit"),
    "statement": ("statement_new", "statement_edit"),
    "model": ("model_new", "model_edit"),
}


@register.filter
def draft_url(form: str) -> str:
    """Where a half-filled form is taken up again: "activity:12", "statement:difficulty:new"."""
    name, *kind, key = form.split(":")
    if name == "activity" and key.startswith("copy-"):
        return reverse("activity_copy", args=[key.removeprefix("copy-")])
    if name == "submission":
        return reverse("submission_edit", args=[key])
    if name == "report":
        return reverse("draft_edit", args=[key])
    new, edit = _PAGES.get(name, _PAGES["activity"])
    return reverse(edit, args=[*kind, key]) if key.isdigit() else reverse(new, args=kind)


@register.filter
def draft_title(fields: dict[str, list[str]]) -> str:
    """The first words of what was typed into a form: its title, name, subject or text."""
    names = ["title", "name", "subject", "text", *(name for name in fields if name.startswith("text:"))]
    typed = (fields.get(name) or [""] for name in names)
    return Truncator(next((values[0] for values in typed if values[0]), "")).words(14)
