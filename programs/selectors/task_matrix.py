"""The tasks of a document against the units that have them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import User
from programs.models import Assignment, Document, Task
from programs.selectors.task import Standing, is_late_on

#: Columns a page; more units are on further pages.
UNITS_A_PAGE = 30


@dataclass(frozen=True)
class Progress:
    """How many units or tasks are done, of those to whom or which it applies."""

    total: int = 0
    done: int = 0
    late: int = 0
    not_applicable: int = 0

    @classmethod
    def of(cls, counts: dict[str, Any]) -> "Progress":
        return cls(*(counts[name] for name in ("total", "done", "late", "not_applicable")))

    @property
    def expected(self) -> int:
        return self.total - self.not_applicable

    def __str__(self) -> str:
        if not self.total:
            return _("given to nobody")
        parts = [_("%(done)d of %(expected)d done") % {"done": self.done, "expected": self.expected}]
        if self.late:
            parts.append(_("%(count)d late") % {"count": self.late})
        if self.not_applicable:
            parts.append(_("%(count)d not applicable") % {"count": self.not_applicable})
        return ", ".join(parts)


@dataclass(frozen=True)
class MatrixUnit:
    """A column: an agency in an area. ``place`` is empty where the agency's name tells it."""

    key: tuple[int, int]
    name: str
    place: str
    progress: Progress


@dataclass(frozen=True)
class MatrixCell:
    """A task at a unit; ``pk`` is of the assignment, none where the unit was not given the task."""

    unit: MatrixUnit
    pk: int | None = None
    standing: Standing | None = None


@dataclass(frozen=True)
class MatrixRow:
    task: Task
    progress: Progress
    cells: list[MatrixCell]


class TaskMatrix:
    """Tasks and units of a document as far as the reader may see them. The number of queries does not grow."""

    def __init__(self, document: Document, *, reader: User, today: dt.date, page: str = "1") -> None:
        self.document = document
        self.today = today
        self._asked_page = page
        self._visible = Assignment.objects.visible_to(reader).filter(task__document=document).order_by()

    def _counted(self, *columns: str) -> Any:
        return self._visible.values(*columns).annotate(
            total=Count("pk"),
            done=Count("pk", filter=Q(state=Assignment.State.DONE)),
            late=Count("pk", filter=is_late_on(self.today)),
            not_applicable=Count("pk", filter=Q(state=Assignment.State.NOT_APPLICABLE)),
        )

    @cached_property
    def page(self) -> Page[MatrixUnit]:
        """The columns: units of larger areas first, then by the names of areas and agencies."""
        names = ("agency__name", "agency__sort_key", "area__name", "area__short_name")
        ranks = ("area__path", "area__sort_key")
        rows = sorted(
            self._counted("agency_id", "area_id", *names, *ranks),
            key=lambda row: (row["area__path"].count("/"), row["area__sort_key"], row["agency__sort_key"]),
        )
        units = [
            MatrixUnit(
                (row["agency_id"], row["area_id"]),
                row["agency__name"],
                "" if row["area__short_name"] in row["agency__name"] else row["area__name"],
                Progress.of(row),
            )
            for row in rows
        ]
        return Paginator(units, UNITS_A_PAGE).get_page(self._asked_page)

    @cached_property
    def units(self) -> list[MatrixUnit]:
        return list(self.page)

    @cached_property
    def rows(self) -> list[MatrixRow]:
        return list(self._rows())

    def _rows(self) -> Iterator[MatrixRow]:
        progress = {row["task_id"]: Progress.of(row) for row in self._counted("task_id")}
        given: dict[tuple[int, int, int], Assignment] = {}
        if self.units:
            shown = self._visible.filter(
                agency__in={unit.key[0] for unit in self.units}, area__in={unit.key[1] for unit in self.units}
            )
            for assignment in shown.only("task_id", "agency_id", "area_id", "state", "due_on"):
                given[assignment.task_id, assignment.agency_id, assignment.area_id] = assignment
        for task in self.document.tasks.select_related("lead"):
            cells = [self._cell(unit, given.get((task.pk, *unit.key))) for unit in self.units]
            yield MatrixRow(task, progress.get(task.pk, Progress()), cells)

    def _cell(self, unit: MatrixUnit, assignment: Assignment | None) -> MatrixCell:
        if assignment is None:
            return MatrixCell(unit)
        is_late = assignment.is_late(self.today)
        return MatrixCell(unit, assignment.pk, Standing.of(assignment.state, is_late=is_late))

    @cached_property
    def progress(self) -> Progress:
        """Over all units, also those of other pages."""
        parts = [row.progress for row in self.rows]
        return Progress(
            *(
                sum(getattr(part, name) for part in parts)
                for name in ("total", "done", "late", "not_applicable")
            )
        )
