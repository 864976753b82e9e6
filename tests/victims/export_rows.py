"""The rows of the permission matrix for exports of case data, and the exports they speak of.

The coordinator asked for "own_export"; "far_export" is of another province. See tests/permission_rows.py.
"""

from __future__ import annotations

import uuid
from typing import Any

from accounts.models import Role
from tests.cast import Cast, person
from victims.services.export import ask_export

EXPORTS = """
                                                      anon file head case inve coor stee admi stra
GET  case_export_list               -                 in   403  403  403  403  200  403  403  403
POST case_export_list               -                 in   405  405  405  405  405  405  405  405
GET  case_export_new                -                 in   403  403  403  403  200  403  403  403
POST case_export_new                -                 in   403  403  403  403  422  403  403  403
GET  case_export_detail             own_export        in   404  404  404  404  200  404  404  404
GET  case_export_detail             far_export        in   404  404  404  404  404  404  404  404
GET  case_export_detail             no_export         in   404  404  404  404  404  404  404  404
POST case_export_detail             own_export        in   404  404  404  404  404  404  404  404
POST case_export_detail             far_export        in   404  404  404  404  404  404  404  404
GET  case_export_status             own_export        in   404  404  404  404  200  404  404  404
GET  case_export_status             far_export        in   404  404  404  404  404  404  404  404
POST case_export_status             own_export        in   405  405  405  405  405  405  405  405
GET  case_export_file               own_export        in   404  404  404  404  404  404  404  404
GET  case_export_file               far_export        in   404  404  404  404  404  404  404  404
POST case_export_file               own_export        in   405  405  405  405  405  405  405  405
"""


def make_exports(cast: Cast) -> dict[str, dict[str, Any]]:
    """What the address of each row needs."""
    far = person("ksor.h.linh@example.vn", (Role.COORDINATOR, cast.agencies.kon_tum_police))
    asked = {
        "own_export": (cast.people.coordinator, cast.map.lao_cai),
        "far_export": (far, cast.map.kon_tum),
    }
    kwargs: dict[str, dict[str, Any]] = {"no_export": {"key": uuid.UUID(int=7)}}
    for name, (actor, area) in asked.items():
        export = ask_export(
            actor=actor,
            standard="htcds",
            area=area,
            first_year=2023,
            last_year=2024,
            purpose="Nghiên cứu",
            recipient="Viện nghiên cứu",
            request_key=uuid.uuid4(),
        )
        kwargs[name] = {"key": export.key}
    return kwargs
