"""The rows of the permission matrix for parts of victims' files and transfers over the API.

See tests/permission_rows.py for the columns, and tests/victims/permission_rows.py for the records. The case worker's
own transfer goes to another province; the one to the head's agency is a sister agency's.
"""

from __future__ import annotations

from typing import Any

VICTIM_PARTS = """
                                                      anon file head case inve coor stee admi stra
GET  api-victim-route               own_victim          401  403  404  200  404  403  403  403  403
GET  api-victim-route               headed_victim       401  403  200  404  404  403  403  403  403
GET  api-victim-route               sister_victim       401  403  404  404  404  403  403  403  403
GET  api-victim-route               far_victim          401  403  404  404  404  403  403  403  403
POST api-victim-route               own_victim          401  405  405  405  405  405  405  405  405
GET  api-victim-link-person         own_victim          401  403  404  200  404  403  403  403  403
GET  api-victim-link-person         headed_victim       401  403  200  404  404  403  403  403  403
GET  api-victim-link-person         far_victim          401  403  404  404  404  403  403  403  403
POST api-victim-link-person         own_victim          401  403  404  400  403  403  403  403  403
POST api-victim-link-person         headed_victim       401  403  404  404  403  403  403  403  403
POST api-victim-link-person         far_victim          401  403  404  404  403  403  403  403  403
GET  api-victim-unlink-person       no_part_of_own      401  405  405  405  405  405  405  405  405
POST api-victim-unlink-person       no_part_of_own      401  405  405  405  405  405  405  405  405
GET  api-victim-reach-goal          goal_of_own         401  405  405  405  405  405  405  405  405
POST api-victim-reach-goal          goal_of_own         401  403  404  200  403  403  403  403  403
POST api-victim-reach-goal          goal_of_headed      401  403  404  404  403  403  403  403  403
POST api-victim-reach-goal          goal_of_sister      401  403  404  404  403  403  403  403  403
POST api-victim-reach-goal          goal_of_far         401  403  404  404  403  403  403  403  403
POST api-victim-reach-goal          no_part_of_own      401  403  404  404  403  403  403  403  403
GET  api-victim-drop-goal           goal_of_own         401  405  405  405  405  405  405  405  405
POST api-victim-drop-goal           goal_of_own         401  403  404  200  403  403  403  403  403
POST api-victim-drop-goal           goal_of_headed      401  403  404  404  403  403  403  403  403
POST api-victim-drop-goal           goal_of_sister      401  403  404  404  403  403  403  403  403
POST api-victim-drop-goal           goal_of_far         401  403  404  404  403  403  403  403  403
POST api-victim-drop-goal           no_part_of_own      401  403  404  404  403  403  403  403  403
GET  api-victim-end-stay            no_part_of_own      401  405  405  405  405  405  405  405  405
POST api-victim-end-stay            no_part_of_own      401  403  404  404  403  403  403  403  403
POST api-victim-end-stay            goal_of_far         401  403  404  404  403  403  403  403  403
GET  api-victim-finish-follow-up    no_part_of_own      401  405  405  405  405  405  405  405  405
POST api-victim-finish-follow-up    no_part_of_own      401  403  404  404  403  403  403  403  403
POST api-victim-finish-follow-up    goal_of_far         401  403  404  404  403  403  403  403  403
GET  api-victim-withdraw-consent    no_part_of_own      401  405  405  405  405  405  405  405  405
POST api-victim-withdraw-consent    no_part_of_own      401  403  404  404  403  403  403  403  403
POST api-victim-withdraw-consent    goal_of_far         401  403  404  404  403  403  403  403  403
GET  api-transfer-list              -                   401  403  200  200  200  403  403  403  403
POST api-transfer-list              -                   401  403  403  404  403  403  403  403  403
GET  api-transfer-detail            own_transfer        401  403  404  200  404  403  403  403  403
GET  api-transfer-detail            to_head_transfer    401  403  200  404  404  403  403  403  403
GET  api-transfer-detail            no_transfer         401  403  404  404  404  403  403  403  403
POST api-transfer-detail            own_transfer        401  405  405  405  405  405  405  405  405
GET  api-transfer-accept            own_transfer        401  405  405  405  405  405  405  405  405
POST api-transfer-accept            own_transfer        401  403  403  404  403  403  403  403  403
POST api-transfer-accept            to_head_transfer    401  403  403  404  403  403  403  403  403
POST api-transfer-accept            no_transfer         401  403  403  404  403  403  403  403  403
GET  api-transfer-refuse            own_transfer        401  405  405  405  405  405  405  405  405
POST api-transfer-refuse            own_transfer        401  403  403  404  403  403  403  403  403
POST api-transfer-refuse            to_head_transfer    401  403  403  404  403  403  403  403  403
POST api-transfer-refuse            no_transfer         401  403  403  404  403  403  403  403  403
GET  api-transfer-withdraw          own_transfer        401  405  405  405  405  405  405  405  405
POST api-transfer-withdraw          own_transfer        401  403  403  200  403  403  403  403  403
POST api-transfer-withdraw          to_head_transfer    401  403  403  404  403  403  403  403  403
POST api-transfer-withdraw          no_transfer         401  403  403  404  403  403  403  403  403
"""


def victim_parts(victims: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the address of each row needs besides the victims'."""
    goals = {
        f"goal_of_{whose}": {"code": address["code"], "part": address["pk"]}
        for whose in ("own", "headed", "sister", "far")
        if (address := victims[f"{whose}_reached"])
    }
    return {**goals, "no_part_of_own": {**victims["own_victim"], "part": 10**9}}
