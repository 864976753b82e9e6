"""The form of a submission: what is typed for each figure, note, section and warning, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programs.forms.fields import FigureField
from reporting.models import ReportedFigure, Submission
from reporting.services.submissions.asked import Asked, AskedSection, asked_by, sections_of
from reporting.services.submissions.checking import findings_of, said_in
from reporting.services.submissions.nil import name_of
from reporting.services.submissions.opening import figure_of_records
from reporting.services.submissions.writing import LONGEST_NARRATIVE, LONGEST_NOTE, Typed
from reporting.services.validation import Finding
from territory.figure import print_figure_vi

FIGURE, NOTE, TEXT, WORD, OPEN = "figure:", "note:", "text:", "word:", "open_parts"


def field_id(key: str) -> str:
    """The id of the field of a figure, by its key."""
    return "f-" + key.replace("/", "-").replace(":", "-")


@dataclass
class FigureRow:
    """One figure as the page shows it: what records say, what is typed, what is wrong, what was decided."""

    key: str
    name: str
    unit: str
    typed: str
    note: str
    stored: ReportedFigure | None
    error: str = ""
    findings: list[Finding] = field(default_factory=list)
    parts: list["FigureRow"] = field(default_factory=list)
    has_parts: bool = False
    is_open: bool = False
    told_parts: int = 0

    @property
    def code(self) -> str:
        return self.key.partition("/")[0]

    @property
    def part(self) -> str:
        return self.key.partition("/")[2]

    @property
    def field_id(self) -> str:
        return field_id(self.key)

    @cached_property
    def records(self) -> str:
        """What the records say, as it is printed; nothing where they say nothing."""
        said = figure_of_records(self.stored) if self.stored else None
        return print_figure_vi(said, pad=False) if said else ""

    @property
    def record_count(self) -> int:
        kept = self.stored.from_records if self.stored else None
        return int(kept.get("count", 0)) if kept else 0

    @property
    def differs(self) -> bool:
        """Whether the unit's word differs from its records."""
        stored = self.stored
        return stored is not None and stored.source == ReportedFigure.Source.REPORTED and bool(self.records)


@dataclass
class SectionPart:
    """A section as the page shows it."""

    section: str
    title: str
    needs_text: bool
    rows: list[FigureRow]
    text: str
    before: str = ""
    error: str = ""
    findings: list[Finding] = field(default_factory=list)
    returned: list[Any] = field(default_factory=list)


class SubmissionForm:
    """The fields of a submission, filled from what is stored or from what was ``typed``."""

    def __init__(self, submission: Submission, typed: Mapping[str, Sequence[str]] | None = None) -> None:
        self.submission = submission
        self.typed = typed
        self.errors: list[tuple[str, str]] = []
        self._faults: dict[str, str] = {}
        obligation = submission.obligation
        self.said = said_in(submission)
        self.stored = self.said.figures
        self.asked = asked_by(obligation.form, obligation)
        self._open = set((typed or {}).get(OPEN, ()))
        self._texts = self.said.texts
        self.version = self._value("version", str(submission.version))

    @cached_property
    def findings(self) -> list[Finding]:
        """What the rules find in what is stored."""
        return findings_of(self.submission, self.said)

    @cached_property
    def _by_subject(self) -> dict[str, list[Finding]]:
        found: dict[str, list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(finding.subject, []).append(finding)
        return found

    @cached_property
    def _asked_sections(self) -> list[AskedSection]:
        return sections_of(self.submission.obligation.form, self.asked)

    @cached_property
    def sections(self) -> list[SectionPart]:
        """What the page shows, with what `read` found wrong where it was read first."""
        return [self._section(each) for each in self._asked_sections]

    def open_parts(self, code: str) -> None:
        """Show the fields of the parts of one indicator as well."""
        self._open.add(code)

    @property
    def open_codes(self) -> list[str]:
        return sorted(self._open)

    def read(self) -> Typed | None:
        """What was typed, where all of it can be read; otherwise the sections hold their errors."""
        figures: dict[str, Any] = {}
        notes: dict[str, str] = {}
        typed: Mapping[str, Sequence[str]] = self.typed or {}
        asked = (
            (each, key) for section in self._asked_sections for each in section.rows for key in each.keys
        )
        for of, key in asked:
            if FIGURE + key not in typed:
                continue
            stored, note = self.stored.get(key), self._note(key)
            reader = FigureField(required=False)
            reader.stored = stored.figure if stored else None
            try:
                figure = reader.clean(self._value(FIGURE + key, ""))
            except ValidationError as error:
                self._fault(of, key, " ".join(error.messages))
                continue
            if note and figure is None and not (stored and figure_of_records(stored)):
                self._fault(of, key, _("Type the figure that the note is about, or remove the note."))
            elif len(note) > LONGEST_NOTE:
                too_long = _("The note has more than %(limit)d characters. Shorten it.")
                self._fault(of, key, too_long % {"limit": LONGEST_NOTE})
            figures[key], notes[key] = figure, note
        texts = {each.section: self._text(each.section) for each in self._asked_sections}
        for each in self._asked_sections:
            if len(texts[each.section]) > LONGEST_NARRATIVE:
                message = _("The text has more than %(limit)d characters. Shorten it.")
                message %= {"limit": LONGEST_NARRATIVE}
                self._faults[TEXT + each.section] = message
                self.errors.append((f"t-{each.section}", f"{each.title}: {message}"))
        return None if self.errors else Typed(figures, notes, texts, self._words())

    def _words(self) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for name, values in (self.typed or {}).items():
            if name.startswith(WORD) and values:
                rule, _dot, subject = name.removeprefix(WORD).partition(".")
                found[rule, subject] = values[-1]
        return found

    def _fault(self, of: Asked, key: str, message: str) -> None:
        self._faults[key] = message
        part = key.partition("/")[2]
        name = str(of.parts[part]) if part else name_of(of.indicator)
        self.errors.append((field_id(key), f"{name}: {message}"))

    def _value(self, name: str, stored: str) -> str:
        values = (self.typed or {}).get(name)
        return values[-1] if values else stored

    def _text(self, section: str) -> str:
        return self._value(TEXT + section, self._texts.get(section, ""))

    def _note(self, key: str) -> str:
        stored = self.stored.get(key)
        return self._value(NOTE + key, stored.note if stored else "").strip()

    def _section(self, of: AskedSection) -> SectionPart:
        return SectionPart(
            of.section,
            of.title,
            of.needs_text,
            [self._row(each) for each in of.rows],
            self._text(of.section),
            error=self._faults.get(TEXT + of.section, ""),
            findings=self._by_subject.get(of.section, []),
        )

    def _row(self, of: Asked) -> FigureRow:
        row = self._figure(of.code, name_of(of.indicator), _unit(of))
        row.has_parts = bool(of.parts)
        part_keys = of.keys[1:]
        is_told = any(key in self._by_subject or key in self._faults for key in part_keys)
        row.is_open = of.code in self._open or is_told
        row.told_parts = sum(key in self.stored for key in part_keys)
        if row.is_open:
            row.parts = [
                self._figure(key, str(name), "")
                for key, name in zip(part_keys, of.parts.values(), strict=True)
            ]
        return row

    def _figure(self, key: str, name: str, unit: str) -> FigureRow:
        stored = self.stored.get(key)
        shown = print_figure_vi(stored.figure, pad=False) if stored else ""
        return FigureRow(
            key,
            name,
            unit,
            self._value(FIGURE + key, shown),
            self._note(key),
            stored,
            self._faults.get(key, ""),
            findings=self._by_subject.get(key, []),
        )


def _unit(of: Asked) -> str:
    return of.indicator.unit_en if get_language() == "en" else of.indicator.unit
