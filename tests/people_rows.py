"""The rows of the permission matrix for people, roles and the condition of the portal; see ``permission_rows.py``.

The administrator is of Lào Cai; "stranger" and "far_role" are of Kon Tum.
"""

import datetime as dt
from typing import Any

from accounts.models import Membership, Role, RoleRequest
from tests.cast import Cast

PEOPLE = """
                                                      anon file head case inve coor stee admi stra
GET  people                         -                 in   403  403  403  403  403  403  200  403
POST people                         -                 in   405  405  405  405  405  405  405  405
GET  person_new                     -                 in   403  403  403  403  403  403  200  403
POST person_new                     -                 in   403  403  403  403  403  403  422  403
GET  person_detail                  an_officer        in   403  403  403  403  403  403  200  403
GET  person_detail                  far_officer       in   403  403  403  403  403  403  404  403
POST person_detail                  an_officer        in   405  405  405  405  405  405  405  405
GET  person_account                 an_officer        in   405  405  405  405  405  405  405  405
POST person_account                 an_officer        in   403  403  403  403  403  403  302  403
POST person_account                 far_officer       in   403  403  403  403  403  403  404  403
GET  role_new                       an_officer        in   403  403  403  403  403  403  200  403
GET  role_new                       keeper_self       in   403  403  403  403  403  403  403  403
POST role_new                       an_officer        in   403  403  403  403  403  403  422  403
POST role_new                       far_officer       in   403  403  403  403  403  403  404  403
GET  role_end                       a_role            in   403  403  403  403  403  403  200  403
GET  role_end                       far_role          in   403  403  403  403  403  403  404  403
POST role_end                       a_role            in   403  403  403  403  403  403  422  403
GET  role_request                   a_role_request    in   403  403  403  403  403  403  200  403
GET  role_request                   far_role_request  in   403  403  403  403  403  403  404  403
POST role_request                   a_role_request    in   403  403  403  403  403  403  403  403
GET  role_reach                     -                 in   403  403  403  403  403  403  422  403
POST role_reach                     -                 in   405  405  405  405  405  405  405  405
GET  condition                      -                 in   403  403  403  403  403  403  200  403
POST condition                      -                 in   405  405  405  405  405  405  405  405
"""

#: What is sent along with a POST about a record.
SENT: dict[str, dict[str, Any]] = {
    "an_officer": {"action": "open"},
    "far_officer": {"action": "open"},
    "a_role_request": {"action": "agree"},
}


def make_people_records(cast: Cast) -> dict[str, dict[str, Any]]:
    """What the table is about: people, their roles, and roles asked for by the administrator himself."""
    today, people = dt.date.today(), cast.people

    def request(person: Any, agency: Any) -> RoleRequest:
        asked: RoleRequest = RoleRequest.objects.create(
            user=person,
            role=Role.CASE_WORKER,
            agency=agency,
            area=agency.area,
            valid_from=today,
            reason="Thay người nghỉ hưu",
            asked_by=people.administrator,
        )
        return asked

    def role(person: Any) -> Membership:
        held: Membership = person.memberships.get()
        return held

    return {
        "an_officer": {"pk": people.filing_officer.pk},
        "far_officer": {"pk": people.stranger.pk},
        "keeper_self": {"pk": people.administrator.pk},
        "a_role": {"pk": role(people.filing_officer).pk},
        "far_role": {"pk": role(people.stranger).pk},
        "a_role_request": {"pk": request(people.filing_officer, cast.agencies.lao_cai_labour).pk},
        "far_role_request": {"pk": request(people.stranger, cast.agencies.kon_tum_labour).pk},
    }
