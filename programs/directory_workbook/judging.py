"""What the judging of people and of agencies has in common: reading the cells of a row, each fault beside its cell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from programs.workbook.columns import Layout
from programs.workbook.naming import Named
from programs.workbook.reading import RawRow, told_problem
from territory.models import Area


@dataclass
class Judged:
    """A row as it was understood; ``errors`` and ``warnings`` hold messages by key of the column."""

    number: int
    texts: Mapping[str, str]
    given: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    warnings: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, key: str, message: Any) -> None:
        self.errors.setdefault(key, []).append(str(message))

    def refuse_all(self, error: ValidationError, *, at: str) -> None:
        """Say what a service refuses, at its field, or at the column ``at`` where it names none."""
        if hasattr(error, "error_dict"):
            for key, messages in error.message_dict.items():
                for message in messages:
                    self.refuse(key, message)
        else:
            self.refuse(at, " ".join(error.messages))

    def in_order_of(self, layout: Layout) -> "Judged":
        """The row with its faults in the order of the columns."""
        self.errors = {key: self.errors[key] for key in layout.by_key if key in self.errors}
        return self

    def take(self, key: str, clean: Callable[[str], Any]) -> None:
        """Read a cell as a field of a form reads what was typed."""
        if key not in self.errors:
            try:
                self.given[key] = clean(self.texts.get(key, ""))
            except ValidationError as error:
                self.refuse(key, " ".join(error.messages))


def begun(raw: RawRow, layout: Layout) -> Judged:
    """The row before its cells are read: what Excel could not show, and what is needed and missing."""
    row = Judged(raw.number, raw.values)
    for key, problem in raw.problems.items():
        row.refuse(key, told_problem(problem, raw.values.get(key, "")))
    for key in layout.required:
        if not raw.values.get(key) and key not in row.errors:
            row.refuse(key, _("This cell is empty, and it is needed."))
    return row


def areas_by_name(areas: QuerySet[Area]) -> Named[Area]:
    """The areas that may be chosen; those of one name are told apart by what they lie in."""
    return Named(areas.select_related("parent"), within=lambda area: area.parent.name if area.parent else "")
