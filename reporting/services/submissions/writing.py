"""Saving what a unit types into its submission: figures, notes, texts, explanations."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from reporting.models import (
    FindingExplanation,
    Indicator,
    ReportedFigure,
    SectionNarrative,
    Submission,
    ValidationRule,
)
from reporting.services.submissions.asked import AskedSection, asked_by, sections_of
from reporting.services.submissions.checking import figures_of
from reporting.services.submissions.locking import writing
from reporting.services.submissions.nil import refuse_with_nil
from reporting.services.submissions.opening import figure_of_records
from territory.figure import Figure
from territory.text import control_characters, normalise

LONGEST_NARRATIVE = 20_000
LONGEST_NOTE = 300
LONGEST_TAKEN_FROM = 200
LONGEST_EXPLANATION = 500

Source = ReportedFigure.Source


@dataclass(frozen=True)
class Typed:
    """What was typed, by "code" or "code/part", by section, and by rule and subject. What is absent stays.

    A figure of None takes the unit's word back: where records speak, they do so again. ``taken_from`` names the
    paper or register a figure stands in.
    """

    figures: Mapping[str, Figure | None] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    narratives: Mapping[str, str] = field(default_factory=dict)
    explanations: Mapping[tuple[str, str], str] = field(default_factory=dict)
    taken_from: Mapping[str, str] = field(default_factory=dict)


def save_submission(*, submission: Submission, actor: User, version: int, typed: Typed) -> Submission:
    """Store what was typed.

    Raises PermissionDenied, Locked, TransitionNotAllowed, ChangedMeanwhile, NilContradicted, and ValidationError
    for a figure the form does not ask for, or a text that is too long.
    """
    texts = {section: _judged(text, LONGEST_NARRATIVE) for section, text in typed.narratives.items()}
    notes = {key: _judged(text, LONGEST_NOTE) for key, text in typed.notes.items()}
    origins = {key: _judged(text, LONGEST_TAKEN_FROM) for key, text in typed.taken_from.items()}
    words = {key: _judged(text, LONGEST_EXPLANATION) for key, text in typed.explanations.items()}
    with writing(submission, actor, version) as current:
        obligation = current.obligation
        asked = asked_by(obligation.form, obligation)
        known = {key: each.indicator for each in asked for key in each.keys}
        if not known.keys() >= {*typed.figures, *notes, *origins}:
            raise ValidationError(_("The form does not ask for one of these figures."), code="not_asked")
        refuse_with_nil(
            current,
            [(known[key], figure) for key, figure in typed.figures.items() if figure is not None],
        )
        rows = figures_of(current)
        for key in dict.fromkeys([*typed.figures, *notes, *origins]):
            _put(current, known[key], key, rows.get(key), typed.figures, notes, origins)
        _put_texts(current, sections_of(obligation.form, asked), texts)
        _put_explanations(current, actor, words)
    return current


def _put(
    submission: Submission,
    indicator: Indicator,
    key: str,
    row: ReportedFigure | None,
    figures: Mapping[str, Figure | None],
    notes: Mapping[str, str],
    origins: Mapping[str, str],
) -> None:
    figure = figures.get(key, row.figure if row else None)
    note = notes.get(key, row.note if row else "")
    taken_from = origins.get(key, row.taken_from if row else "")
    from_records = figure_of_records(row) if row else None
    figure = from_records if figure is None else figure
    if figure is None:
        if row is not None:
            row.delete()
        return
    source = Source.RECORDS if figure == from_records else Source.REPORTED
    held = (row.figure, row.note, row.taken_from, row.source) if row is not None else None
    if held == (figure, note, taken_from, source):
        return
    row = row or ReportedFigure(submission=submission, indicator=indicator, part=key.partition("/")[2])
    if row.pk is not None and row.figure != figure:
        row.stands, row.decided_by, row.decided_at, row.decision_note = "", None, None, ""
    for column, value in ReportedFigure.columns(figure).items():
        setattr(row, column, value)
    row.note, row.taken_from, row.source = note, taken_from, source
    row.save()


def _put_texts(submission: Submission, sections: list[AskedSection], texts: Mapping[str, str]) -> None:
    held = {each.section: each for each in submission.narratives.all()}
    for order, each in enumerate(sections, start=1):
        if each.section not in texts:
            continue
        row, text = held.get(each.section), texts[each.section]
        if row is None and text:
            SectionNarrative.objects.create(
                submission=submission, section=each.section, order=order, text=text
            )
        elif row is not None and not text:
            row.delete()
        elif row is not None and row.text != text:
            row.text = text
            row.save()


def _put_explanations(submission: Submission, actor: User, words: Mapping[tuple[str, str], str]) -> None:
    rules = set(ValidationRule.objects.values_list("code", flat=True)) if words else set()
    for (rule, subject), text in words.items():
        held = FindingExplanation.objects.filter(submission=submission, rule=rule, subject=subject)
        if not text:
            held.delete()
        elif rule in rules and not held.filter(text=text).exists():
            FindingExplanation.objects.update_or_create(
                submission=submission, rule=rule, subject=subject, defaults={"text": text, "by": actor}
            )


def _judged(text: str, most: int) -> str:
    text = normalise(text.replace("\r\n", "\n")).strip()
    if len(text) > most:
        raise ValidationError(
            _("A text has %(count)d characters; at most %(limit)d fit. Shorten it."),
            code="too_long",
            params={"count": len(text), "limit": most},
        )
    if control_characters(text):
        raise ValidationError(_("The text holds an invisible control character."), code="control_characters")
    return text
