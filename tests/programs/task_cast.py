"""Tasks for the tests: documents they are cut from, the units that have them, and what a browser sends."""

import datetime as dt
import uuid
from typing import Any

from accounts.models import User
from programs.models import Activity, ActivityKind, Assignment, Document, DocumentKind
from programs.selectors.approval import heads_of
from programs.services import approve_activity, file_activity
from programs.services.task import CutTask, Unit, cut_tasks
from tests.cast import Cast

PAST, FUTURE = dt.date(2022, 6, 30), dt.date(2090, 6, 30)


def document_of(play: Cast, number: str, **changed: Any) -> Document:
    fields = {
        "kind": DocumentKind.PLAN,
        "number": number,
        "issued_on": dt.date(2021, 5, 10),
        "year": 2021,
        "issuer": play.agencies.lao_cai_police,
        "area": play.map.lao_cai,
        "subject": "Thí điểm phòng, chống mua bán người",
    }
    made: Document = Document.objects.create(**(fields | changed))
    return made


def districts(play: Cast) -> list[Unit]:
    return [Unit(of, of.area) for of in (play.agencies.bat_xat_police, play.agencies.si_ma_cai_police)]


def everything() -> Any:
    return Assignment.objects.unscoped("the test looks at the table")


def of_unit(unit: Any, number: str = "1") -> Assignment:
    found: Assignment = everything().get(agency=unit, task__number=number)
    return found


def activity_of(actor: User, of: Any, **changed: Any) -> Activity:
    fields: dict[str, Any] = {
        "kind": ActivityKind.COMMUNICATION,
        "title": "Nói chuyện ở bản",
        "agency": of,
        "area": of.area,
        "started_on": dt.date(2021, 9, 1),
        "ended_on": dt.date(2021, 9, 1),
        "narrative": "Ở nhà văn hóa.",
    }
    made = file_activity(actor=actor, submission_key=uuid.uuid4(), **(fields | changed))
    if made.state == Activity.State.SUBMITTED:
        head = heads_of(made.agency_id, made.area)[0]
        return approve_activity(activity=made, actor=head, version=made.version)
    return made


def note_form(**changed: Any) -> dict[str, Any]:
    typed = {"submission_key": str(uuid.uuid4()), "state": "in_progress", "text": "Đã làm một nửa."}
    return typed | changed


def give_two(play: Cast, plan: Document) -> Document:
    """Two tasks at two districts: the first is late, the second is not due."""
    tasks = [CutTask("1", "Rà soát tình hình", due_on=PAST), CutTask("2a", "Truyền thông", due_on=FUTURE)]
    cut_tasks(actor=play.people.coordinator, document=plan, tasks=tasks, units=districts(play))
    return plan
