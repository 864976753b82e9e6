"""Checks of what a submission says, by rules that are data. Pure: what is read is handed in."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from reporting.models import ValidationRule
from territory.figure import Figure, print_figure_vi

Kind, Severity = ValidationRule.Kind, ValidationRule.Severity


@dataclass(frozen=True)
class Sheet:
    """What is checked: figures by "code" or "code/part", those of the same period before, texts by section.

    ``names`` gives the words for an indicator or a part, ``sections`` those of the form, ``needed`` the ones whose
    text the form requires.
    """

    figures: Mapping[str, Figure]
    before: Mapping[str, Figure] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)
    needed: frozenset[str] = frozenset()
    is_nil: bool = False

    def name(self, key: str) -> str:
        return self.names.get(key, key)


@dataclass(frozen=True)
class Finding:
    """What a rule found. ``subject`` is the figure ("code" or "code/part") or the section it is about."""

    rule: str
    severity: str
    subject: str
    message: str
    explanation: str = ""

    @property
    def place(self) -> str:
        """Where it stands on the page of the report."""
        return f"found-{self.rule}-{self.subject}"

    @property
    def is_error(self) -> bool:
        return self.severity == Severity.ERROR

    @property
    def blocks(self) -> bool:
        """Whether it keeps the submission from being sent: an error, or a warning without a word about it."""
        return self.is_error or not self.explanation


def check(
    rules: Iterable[ValidationRule],
    sheet: Sheet,
    explained: Mapping[tuple[str, str], str] | None = None,
) -> list[Finding]:
    """What the rules find, errors first. ``explained`` are the unit's words by rule and subject."""
    words = explained or {}
    found = [
        Finding(rule.code, rule.severity, subject, message, words.get((rule.code, subject), ""))
        for rule in rules
        if rule.is_active
        for subject, message in _CHECKS[rule.kind](rule.params, sheet)
    ]
    return sorted(found, key=lambda finding: not finding.is_error)


Told = Iterator[tuple[str, str]]


def _parts_over_total(params: Mapping[str, Any], sheet: Sheet) -> Told:
    only = params.get("indicator", "")
    for key, part in sheet.figures.items():
        code, slash, _part = key.partition("/")
        total = sheet.figures.get(code)
        if not slash or (only and code != only) or total is None:
            continue
        if total.high is not None and _least(part) > total.high:
            yield (
                key,
                _("%(part)s of “%(name)s” is %(value)s, more than the total of %(total)s.")
                % {
                    "part": sheet.name(key),
                    "name": sheet.name(code),
                    "value": print_figure_vi(part, pad=False),
                    "total": print_figure_vi(total, pad=False),
                },
            )


def _not_more_than(params: Mapping[str, Any], sheet: Sheet) -> Told:
    code, other = str(params.get("indicator", "")), str(params.get("limit", ""))
    figure, limit = sheet.figures.get(code), sheet.figures.get(other)
    if figure is None or limit is None or limit.high is None or _least(figure) <= limit.high:
        return
    yield (
        code,
        _("“%(name)s” (%(value)s) exceeds “%(limit)s” (%(most)s).")
        % {
            "name": sheet.name(code),
            "value": print_figure_vi(figure, pad=False),
            "limit": sheet.name(other),
            "most": print_figure_vi(limit, pad=False),
        },
    )


def _jump(params: Mapping[str, Any], sheet: Sheet) -> Told:
    percent, at_least = Decimal(str(params.get("percent", 50))), Decimal(str(params.get("at_least", 5)))
    wanted = params.get("indicators") or [key for key in sheet.figures if "/" not in key]
    for code in wanted:
        now, before = sheet.figures.get(code), sheet.before.get(code)
        if now is None or before is None or now.nominal is None or before.nominal is None:
            continue
        change = abs(now.nominal - before.nominal)
        if change >= at_least and change * 100 > percent * before.nominal:
            yield (
                code,
                _("“%(name)s” is %(value)s; in the same period before it was %(before)s.")
                % {
                    "name": sheet.name(code),
                    "value": print_figure_vi(now, pad=False),
                    "before": print_figure_vi(before, pad=False),
                },
            )


def _needs(params: Mapping[str, Any], sheet: Sheet) -> Told:
    code, other = str(params.get("indicator", "")), str(params.get("with", ""))
    figure, beside = sheet.figures.get(code), sheet.figures.get(other)
    if figure is None or not _least(figure) or (beside is not None and not beside.is_zero):
        return
    yield (
        code,
        _("“%(name)s” is %(value)s, but “%(other)s” is nil.")
        % {
            "name": sheet.name(code),
            "value": print_figure_vi(figure, pad=False),
            "other": sheet.name(other),
        },
    )


def _required_narrative(params: Mapping[str, Any], sheet: Sheet) -> Told:
    if sheet.is_nil:
        return
    for section in params.get("sections") or sorted(sheet.needed):
        if section in sheet.sections and not sheet.texts.get(section, "").strip():
            yield section, _("The section “%(section)s” needs a text.") % {"section": sheet.sections[section]}


_CHECKS: Mapping[str, Callable[[Mapping[str, Any], Sheet], Told]] = {
    Kind.PARTS_OVER_TOTAL: _parts_over_total,
    Kind.NOT_MORE_THAN: _not_more_than,
    Kind.JUMP: _jump,
    Kind.NEEDS: _needs,
    Kind.REQUIRED_NARRATIVE: _required_narrative,
}


def _least(figure: Figure) -> Decimal:
    return figure.low or Decimal(0)
