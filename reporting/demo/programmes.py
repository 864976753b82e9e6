"""What the documents of the demonstration share: national issuers, documents, relations, tasks and their states.

The programmes themselves are no demonstration: `load_programmes` writes them.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from programs.models import Assignment, Document, DocumentKind, DocumentRelation, ProgressNote, Relation, Task
from reporting.demo.cast import EARLY_2025, SINCE
from reporting.demo.rows import key_of
from territory.models import Agency, AgencyKind, Area, Level

_LOADS = "loads demonstration data"

#: Code, name, symbol, last day of the national and foreign bodies that issued the documents.
ISSUERS = (
    ("party", "Bộ Chính trị", "TW", None),
    ("steering_committee", "Ban Chỉ đạo 138/CP", "BCĐ", None),
    ("public_security", "Bộ Công an", "BCA", None),
    ("defence", "Bộ Quốc phòng", "BQP", None),
    ("labour_ministry", "Bộ Lao động - Thương binh và Xã hội", "LĐTBXH", EARLY_2025),
    ("foreign_affairs", "Bộ Ngoại giao", "BNG", None),
    ("foreign_body", "Bộ Ngoại giao Hoa Kỳ", "", None),
)

#: Kinds of agency that only these issuers are of.
_KINDS = {"party": ("Cơ quan Đảng", "Party body"), "foreign_body": ("Cơ quan nước ngoài", "Foreign body")}


@dataclass(frozen=True)
class Standing:
    """How one unit stands with one task: invented, and said to be so where a person would read it."""

    agency: Agency
    area: Area
    state: Assignment.State
    done_on: dt.date | None = None
    told_by: User | None = None


def load_issuers() -> dict[str, Agency]:
    """The national and foreign issuers by the code of their kind."""
    nation = Area.objects.get(level=Level.NATION)
    issuers = {}
    for code, name, symbol, ends in ISSUERS:
        if code in _KINDS:
            vi, en = _KINDS[code]
            AgencyKind.objects.get_or_create(
                code=code, defaults={"name": vi, "name_en": en, "order": 500, "valid_from": SINCE}
            )
        values = {
            "kind": AgencyKind.objects.get(code=code),
            "area": nation,
            "name": name,
            "symbol": symbol,
            "valid_to": ends,
        }
        issuers[code], _made = Agency.objects.get_or_create(
            code=f"VN-{code}" if code != "foreign_body" else "US-state_department",
            valid_from=SINCE,
            defaults=values,
        )
    return issuers


def add_document(
    *, issuer: Agency, kind: DocumentKind, year: int | None, subject: str, number: str = "", **more: Any
) -> Document:
    """A document of the sources. One without a number is known by issuer, kind and year."""
    known: dict[str, Any] = {"issuer": issuer, "number": number, "year": year}
    if not number:
        known |= {"kind": kind, "is_demo": True}
    found, _made = Document.objects.unscoped(_LOADS).get_or_create(
        **known, defaults={"kind": kind, "subject": subject, "area": issuer.area, "is_demo": True, **more}
    )
    document: Document = found
    return document


def relate(document: Document, rests_on: Document, kind: Relation) -> None:
    """Say how one document stands to another, once."""
    DocumentRelation.objects.get_or_create(document=document, rests_on=rests_on, kind=kind)


def add_tasks(document: Document, texts: Sequence[str], **more: Any) -> list[Task]:
    """The tasks of a document, numbered from 1."""
    return [
        Task.objects.get_or_create(
            document=document, order=order, defaults={"number": str(order), "text": text, **more}
        )[0]
        for order, text in enumerate(texts, start=1)
    ]


def stand(fact: str, task: Task, standings: Iterable[Standing]) -> None:
    """Give a task to units, each with its state. What a person has changed since stays."""
    for standing in standings:
        does_not_apply = standing.state == Assignment.State.NOT_APPLICABLE
        assignment, is_new = Assignment.objects.unscoped(_LOADS).get_or_create(
            task=task,
            agency=standing.agency,
            area=standing.area,
            defaults={
                "state": standing.state,
                "reason": "Ví dụ trình diễn: nội dung này do cấp tỉnh thực hiện." if does_not_apply else "",
                "due_on": task.due_on,
                "done_on": standing.done_on if standing.state == Assignment.State.DONE else None,
            },
        )
        if is_new and standing.told_by and standing.state != Assignment.State.NOT_STARTED:
            _note(f"{fact}:{task.order}:{standing.agency.code}", assignment, standing.told_by)


_NOTES = {
    Assignment.State.IN_PROGRESS: "Ví dụ trình diễn: đơn vị đang thực hiện, chưa có kết quả cuối cùng.",
    Assignment.State.DONE: "Ví dụ trình diễn: đơn vị đã thực hiện xong và gửi kết quả lên cấp trên.",
    Assignment.State.NOT_APPLICABLE: "Ví dụ trình diễn: đơn vị đề nghị không giao nội dung này.",
}


def _note(fact: str, assignment: Assignment, by: User) -> None:
    key: uuid.UUID = key_of(fact)
    state = Assignment.State(assignment.state)
    ProgressNote.objects.get_or_create(
        submission_key=key,
        defaults={"assignment": assignment, "state": state, "text": _NOTES[state], "by": by},
    )
