"""Saving what a unit types into its submission: figures, notes, texts, explanations."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.together import Kept, read_together
from reporting.models import (
    FindingExplanation,
    ReportedFigure,
    SectionNarrative,
    Submission,
    ValidationRule,
)
from reporting.services.submissions.asked import AskedSection, asked_by, sections_of
from reporting.services.submissions.checking import by_key, explanations_in, figures_in, texts_in
from reporting.services.submissions.locking import writing
from reporting.services.submissions.nil import refuse_with_nil
from reporting.services.submissions.opening import figure_of_records
from reporting.services.submissions.storing import ExplanationWrites, FigureWrites, TextWrites
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
        figures, held_texts, held_words, rules = read_together(
            *(each(current.pk) for each in (figures_in, texts_in, explanations_in)),
            _rule_codes(),
        )
        rows, writes = by_key(figures), FigureWrites()
        for key in dict.fromkeys([*typed.figures, *notes, *origins]):
            row = rows.get(key) or ReportedFigure(
                submission=current, indicator=known[key], part=key.partition("/")[2]
            )
            _put(row, key, typed.figures, notes, origins, writes)
        writes.store()
        _put_texts(current, held_texts, sections_of(obligation.form, asked), texts)
        _put_explanations(current, held_words, actor, words, {code for (code,) in rules})
    return current


_rule_codes = Kept(lambda: ValidationRule.objects.values_list("code"))


def _put(
    row: ReportedFigure,
    key: str,
    figures: Mapping[str, Figure | None],
    notes: Mapping[str, str],
    origins: Mapping[str, str],
    writes: FigureWrites,
) -> None:
    """Bring the row of a figure, which may be a new one, in line with what was typed."""
    is_held = row.pk is not None
    figure = figures.get(key, row.figure if is_held else None)
    note, taken_from = notes.get(key, row.note), origins.get(key, row.taken_from)
    from_records = figure_of_records(row)
    figure = from_records if figure is None else figure
    if figure is None:
        if is_held:
            writes.take_out(row)
        return
    source = Source.RECORDS if figure == from_records else Source.REPORTED
    if is_held and (row.figure, row.note, row.taken_from, row.source) == (figure, note, taken_from, source):
        return
    if is_held and row.figure != figure:
        row.stands, row.decided_by, row.decided_at, row.decision_note = "", None, None, ""
    for column, value in ReportedFigure.columns(figure).items():
        setattr(row, column, value)
    row.note, row.taken_from, row.source = note, taken_from, source
    writes.put(row)


def _put_texts(
    submission: Submission,
    held: Iterable[SectionNarrative],
    sections: list[AskedSection],
    texts: Mapping[str, str],
) -> None:
    rows, writes = {each.section: each for each in held}, TextWrites()
    for order, each in enumerate(sections, start=1):
        if each.section not in texts:
            continue
        row, text = rows.get(each.section), texts[each.section]
        if row is None and text:
            writes.put(SectionNarrative(submission=submission, section=each.section, order=order, text=text))
        elif row is not None and not text:
            writes.take_out(row)
        elif row is not None and row.text != text:
            row.text = text
            writes.put(row)
    writes.store()


def _put_explanations(
    submission: Submission,
    held: Iterable[FindingExplanation],
    actor: User,
    words: Mapping[tuple[str, str], str],
    rules: Collection[str],
) -> None:
    rows, writes = {(each.rule, each.subject): each for each in held}, ExplanationWrites()
    for (rule, subject), text in words.items():
        row = rows.get((rule, subject))
        if not text:
            if row is not None:
                writes.take_out(row)
        elif rule in rules and (row is None or row.text != text):
            row = row or FindingExplanation(submission=submission, rule=rule, subject=subject)
            row.text, row.by, row.at = text, actor, timezone.now()
            writes.put(row)
    writes.store()


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
