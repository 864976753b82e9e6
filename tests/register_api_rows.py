"""The rows of the permission matrix for comments and files over the API. See ``tests/permission_rows.py``.

Who reads a record reads its comments and its files, and comments on it; files are changed by who writes the record.
A change without If-Match is 428; the row then shows who is let in.
"""

from __future__ import annotations

import uuid
from typing import Any

from programs.models import Attachment

REGISTER_API = """
                                                      anon file head case inve coor stee admi stra
GET  api-document-comments          plan              401  200  200  200  200  200  200  403  404
GET  api-document-comments          own_plan          401  200  200  404  404  200  200  403  404
GET  api-document-comments          nothing           401  404  404  404  404  404  404  403  404
POST api-document-comments          plan              401  400  400  400  400  400  400  403  404
POST api-document-comments          own_plan          401  400  400  404  404  400  400  403  404
GET  api-document-comment           api_comment       401  405  405  405  405  405  405  405  405
POST api-document-comment           api_comment       401  405  405  405  405  405  405  405  405
GET  api-document-attachments       plan              401  200  200  200  200  200  200  403  404
GET  api-document-attachments       own_plan          401  200  200  404  404  200  200  403  404
POST api-document-attachments       plan              401  404  404  403  403  428  403  403  404
POST api-document-attachments       own_plan          401  428  428  403  403  428  403  403  404
GET  api-document-attachment        api_plan_file     401  200  200  200  200  200  200  403  404
GET  api-document-attachment        api_own_plan_file 401  200  200  404  404  200  200  403  404
GET  api-document-attachment        api_mixed_file    401  404  404  404  404  404  404  403  404
POST api-document-attachment        api_plan_file     401  405  405  405  405  405  405  405  405
GET  api-task-comments              task              401  200  200  403  403  200  200  403  200
GET  api-task-comments              nothing           401  404  404  403  403  404  404  403  404
POST api-task-comments              task              401  400  400  403  403  400  400  403  400
GET  api-task-comment               api_task_comment  401  405  405  405  405  405  405  405  405
POST api-task-comment               api_task_comment  401  405  405  405  405  405  405  405  405
GET  api-assignment-comments        own_task          401  200  200  403  403  200  200  403  404
GET  api-assignment-comments        sister_task       401  404  404  403  403  200  200  403  404
POST api-assignment-comments        own_task          401  400  400  403  403  400  400  403  404
POST api-assignment-comments        sister_task       401  404  404  403  403  400  400  403  404
GET  api-assignment-comment         api_given_comment 401  405  405  405  405  405  405  405  405
POST api-assignment-comment         api_given_comment 401  405  405  405  405  405  405  405  405
GET  api-assignment-attachments     own_task          401  200  200  403  403  200  200  403  404
GET  api-assignment-attachments     sister_task       401  404  404  403  403  200  200  403  404
POST api-assignment-attachments     own_task          401  405  405  405  405  405  405  405  405
GET  api-assignment-attachment      api_note_file     401  200  200  403  403  200  200  403  404
GET  api-assignment-attachment      api_sister_note   401  404  404  403  403  200  200  403  404
POST api-assignment-attachment      api_note_file     401  405  405  405  405  405  405  405  405
GET  api-activity-comments          own               401  200  200  404  404  200  403  403  404
GET  api-activity-comments          own_draft         401  200  200  404  404  404  403  403  404
GET  api-activity-comments          sister            401  404  404  404  404  200  403  403  404
POST api-activity-comments          own               401  400  400  404  404  400  403  403  404
POST api-activity-comments          sister_draft      401  404  404  404  404  404  403  403  404
GET  api-activity-comment           api_act_comment   401  405  405  405  405  405  405  405  405
POST api-activity-comment           api_act_comment   401  405  405  405  405  405  405  405  405
GET  api-activity-attachments       own               401  200  200  404  404  200  403  403  404
GET  api-activity-attachments       own_draft         401  200  200  404  404  404  403  403  404
GET  api-activity-attachments       far               401  404  404  404  404  404  403  403  200
POST api-activity-attachments       own               401  428  428  403  403  403  403  403  404
POST api-activity-attachments       sister            401  404  404  403  403  403  403  403  404
GET  api-activity-attachment        api_own_file      401  200  200  404  404  200  403  403  404
GET  api-activity-attachment        api_draft_file    401  200  200  404  404  404  403  403  404
GET  api-activity-attachment        api_far_file      401  404  404  404  404  404  403  403  200
POST api-activity-attachment        api_own_file      401  405  405  405  405  405  405  405  405
GET  api-pilot-comments             pilot             401  200  200  200  200  200  200  403  404
GET  api-pilot-comments             far_pilot         401  404  404  404  404  404  404  403  200
POST api-pilot-comments             pilot             401  400  400  400  400  400  400  403  404
POST api-pilot-comments             far_pilot         401  404  404  404  404  404  404  403  400
GET  api-pilot-comment              api_pilot_comment 401  405  405  405  405  405  405  405  405
POST api-pilot-comment              api_pilot_comment 401  405  405  405  405  405  405  405  405
"""

#: The file of a row, and the file of the pages' rows it is.
_FILES = {
    "api_plan_file": "plan_file",
    "api_own_plan_file": "own_plan_file",
    "api_own_file": "own_file",
    "api_draft_file": "draft_file",
    "api_far_file": "far_file",
    "api_note_file": "own_note_file",
    "api_sister_note": "sister_note_file",
}


def make_register_api(files: dict[str, Attachment]) -> dict[str, dict[str, Any]]:
    """What the address of each row needs."""
    made: dict[str, dict[str, Any]] = {}
    for name, of_page in _FILES.items():
        file = files[of_page]
        note = file.progress_note
        owner = file.activity_id or file.document_id or (note.assignment_id if note else None)
        made[name] = {"pk": owner, "key": file.key}
    plan = made["api_plan_file"]["pk"]
    comments = ("comment", "task_comment", "given_comment", "act_comment", "pilot_comment")
    return {
        **made,
        "api_mixed_file": {"pk": plan, "key": uuid.UUID(int=7)},
        **{f"api_{name}": {"pk": plan, "comment": 10**9} for name in comments},
    }
