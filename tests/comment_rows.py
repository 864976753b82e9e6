"""Comments for the permission matrix: its rows, and the records they speak of."""

import uuid
from typing import Any

from accounts.models import User
from programs.models import Activity, Assignment, Comment, Document, Pilot
from programs.selectors.comment import Record
from programs.services.comment import write_comment
from tests.cast import Cast

COMMENTS = """
                                                      anon file head case inve coor stee admi stra
GET  comment_list                   on_plan           in   200  200  200  200  200  200  404  404
GET  comment_list                   on_own            in   200  200  404  404  200  404  404  404
GET  comment_list                   on_own_draft      in   200  200  404  404  404  404  404  404
GET  comment_list                   on_sister         in   404  404  404  404  200  404  404  404
GET  comment_list                   on_own_task       in   200  200  404  404  200  200  404  404
GET  comment_list                   on_sister_task    in   404  404  404  404  200  200  404  404
GET  comment_list                   on_task           in   200  200  404  404  200  200  404  200
GET  comment_list                   on_pilot          in   200  200  200  200  200  200  404  404
GET  comment_list                   on_far_pilot      in   404  404  404  404  404  404  404  200
GET  comment_list                   on_nothing        in   404  404  404  404  404  404  404  404
POST comment_list                   on_plan           in   302  302  302  302  302  302  404  404
POST comment_list                   on_own            in   302  302  404  404  302  404  404  404
POST comment_list                   on_own_draft      in   302  302  404  404  404  404  404  404
POST comment_list                   on_sister_task    in   404  404  404  404  302  302  404  404
POST comment_list                   on_task           in   302  302  404  404  302  302  404  302
POST comment_list                   on_far_pilot      in   404  404  404  404  404  404  404  302
GET  comment_edit                   comment           in   200  404  404  404  404  404  404  404
GET  comment_edit                   no_comment        in   404  404  404  404  404  404  404  404
POST comment_edit                   comment           in   302  404  404  404  404  404  404  404
GET  comment_remove                 comment           in   200  404  404  404  404  404  404  404
GET  comment_remove                 far_comment       in   404  404  404  404  404  404  404  200
POST comment_remove                 comment           in   302  404  404  404  404  404  404  404
POST comment_remove                 far_comment       in   404  404  404  404  404  404  404  302
GET  comment_people                 about_plan        in   200  200  200  200  200  200  404  404
GET  comment_people                 about_own         in   200  200  404  404  200  404  404  404
GET  comment_people                 about_own_draft   in   200  200  404  404  404  404  404  404
GET  comment_people                 about_nothing     in   404  404  404  404  404  404  404  404
POST comment_people                 about_plan        in   405  405  405  405  405  405  405  405
"""


def _written(actor: User, record: Record) -> Comment:
    return write_comment(actor=actor, record=record, text="Xin bổ sung.", submission_key=uuid.uuid4()).comment


def make_comments(
    cast: Cast, activities: dict[str, Activity], register: dict[str, int]
) -> dict[str, dict[str, Any]]:
    """What the addresses of the rows need, by the names the rows use."""
    assignment = Assignment.objects.unscoped("made for the rows").get(pk=register["own_task"])
    on: dict[str, tuple[str, int]] = {
        **{name: ("activity", activities[name].pk) for name in ("own", "own_draft", "sister")},
        "plan": ("document", register["plan"]),
        **{name: ("assignment", register[name]) for name in ("own_task", "sister_task")},
        **{name: ("pilot", register[name]) for name in ("pilot", "far_pilot")},
        "task": ("task", assignment.task_id),
        "nothing": ("activity", 10**9),
    }
    plan = Document.objects.unscoped("made for the rows").get(pk=register["plan"])
    far = Pilot.objects.unscoped("made for the rows").get(pk=register["far_pilot"])
    return {
        **{f"on_{name}": {"kind": kind, "pk": pk} for name, (kind, pk) in on.items()},
        "comment": {"pk": _written(cast.people.filing_officer, plan).pk},
        "far_comment": {"pk": _written(cast.people.stranger, far).pk},
        "no_comment": {"pk": 10**9},
    }


def sent_about(about: str, comments: dict[str, dict[str, Any]]) -> dict[str, str]:
    """What a row about a comment sends: the record that names are asked about, or a comment."""
    if about.startswith("about_"):
        of = comments[f"on_{about.removeprefix('about_')}"]
        return {"about": f"{of['kind']}-{of['pk']}", "q": "a"}
    return {"submission_key": str(uuid.uuid4()), "text": "Xin bổ sung số liệu."}
