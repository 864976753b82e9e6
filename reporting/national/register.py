"""The register: a plan of each province and year with its tasks and who has them, and twenty thousand other papers."""

import datetime as dt
import random
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from accounts.models import Role
from programs.models import Assignment, Document, DocumentKind, Task
from reporting.national.copying import Table
from reporting.national.units import Nation, Place, Unit

if TYPE_CHECKING:
    from reporting.national.filling import Plan

DOCUMENTS = 20_000

_TASKS = (
    "Tổ chức tuyên truyền phòng, chống mua bán người tại địa bàn trọng điểm.",
    "Rà soát, quản lý đối tượng và người có nguy cơ cao.",
    "Tiếp nhận, hỗ trợ nạn nhân trở về hòa nhập cộng đồng.",
    "Tập huấn nghiệp vụ cho cán bộ cấp cơ sở.",
    "Báo cáo kết quả thực hiện theo quy định.",
)
_RECEIVING = ("district_police", "district_committee", "border_guard", "womens_union", "education")


def write_register(nation: Nation, plan: "Plan") -> list[Table]:
    """Write them. Returns the tables."""
    return _Writer(nation, plan).write()


class _Writer:
    def __init__(self, nation: Nation, plan: "Plan") -> None:
        self.nation = nation
        self.plan = plan
        self.dice = random.Random(f"{plan.seed} register")  # noqa: S311 - nothing secret is thrown
        self.documents: list[tuple[Any, ...]] = []
        self.tasks: list[tuple[Any, ...]] = []
        self.assignments: list[tuple[Any, ...]] = []

    def write(self) -> list[Table]:
        for province, year in self._plans():
            self._plan_of(province, year)
        for number in range(self.plan.rows(DOCUMENTS)):
            self._letter(number)
        tables = (
            (
                Table(
                    Document,
                    *("id", "kind", "number", "issued_on", "year", "issuer_id", "area_id", "subject"),
                    *("entered_by_id", "is_demo"),
                ),
                self.documents,
            ),
            (Table(Task, "id", "document_id", "order", "number", "text", "due_on"), self.tasks),
            (
                Table(Assignment, "id", "task_id", "agency_id", "area_id", "state", "due_on", "done_on"),
                self.assignments,
            ),
        )
        for table, rows in tables:
            table.copy((number, *row) for number, row in enumerate(rows, start=1))
        return [table for table, _ in tables]

    def _plans(self) -> Iterator[tuple[Place, int]]:
        for year in range(self.plan.first_day.year + 1, self.plan.last_day.year + 1):
            for province in self.nation.provinces:
                first = dt.date(year, 1, 15)
                if province.valid_from <= first and (province.valid_to is None or first <= province.valid_to):
                    yield province, year

    def _plan_of(self, province: Place, year: int) -> None:
        here = self.nation.by_province[province.id]
        issuer = next(unit for unit in here if unit.kind == "provincial_committee")
        issued, due = dt.date(year, 1, 15), dt.date(year, 12, 14)
        subject = f"Kế hoạch phòng, chống mua bán người năm {year} của {province.name}"
        self.documents.append(self._row(DocumentKind.PLAN, "01/KH-UBND", issued, issuer, subject))
        document = len(self.documents)
        receiving = [unit for unit in here if unit.kind in _RECEIVING and unit.held_on(issued)]
        for order, text in enumerate(_TASKS, start=1):
            self.tasks.append((document, order, str(order), text, due))
            task = len(self.tasks)
            self.assignments += [(task, unit.id, unit.place.id, *self._stands(due)) for unit in receiving]

    def _stands(self, due: dt.date) -> tuple[str, dt.date, dt.date | None]:
        is_over = due <= self.plan.last_day
        if self.dice.random() < (0.9 if is_over else 0.3):
            done = min(due, self.plan.last_day) - dt.timedelta(days=int(self.dice.random() * 90))
            return Assignment.State.DONE.value, due, done
        return Assignment.State.IN_PROGRESS.value, due, None

    def _letter(self, number: int) -> None:
        days = (self.plan.last_day - self.plan.first_day).days + 1
        issued = self.plan.first_day + dt.timedelta(days=int(self.dice.random() * days))
        units = self.nation.units
        issuer = next(
            unit
            for unit in iter(lambda: units[int(self.dice.random() * len(units))], None)
            if unit.held_on(issued)
        )
        subject = f"Về việc phối hợp phòng, chống mua bán người tại {issuer.place.name}"
        of_year = f"{100 + number}/CV"
        self.documents.append(self._row(DocumentKind.OFFICIAL_LETTER, of_year, issued, issuer, subject))

    def _row(
        self, kind: DocumentKind, number: str, issued: dt.date, issuer: Unit, subject: str
    ) -> tuple[Any, ...]:
        entered_by = self.nation.person(issuer, Role.FILING_OFFICER)
        return kind.value, number, issued, issued.year, issuer.id, issuer.place.id, subject, entered_by, True
