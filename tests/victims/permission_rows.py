"""The rows of the permission matrix for victims' files, and the records they speak of.

"own" is in the care of the case worker's unit, "headed" in that of the head's, "sister" of another unit of the
province, "far" of another province. See tests/permission_rows.py.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from accounts.models import Role
from accounts.row_scope import row_scope
from territory.models import SpecialDay
from tests.cast import Cast, person
from tests.victims.files import file_of
from victims.models import DataRequest, Facility, RetentionRule, Victim
from victims.services.keeping import receive_data_request
from victims.services.support import add_goal, open_support
from victims.services.transfer import ask_transfer

VICTIMS = """
                                                      anon file head case inve coor stee admi stra
GET  victim_list                    -                 in   403  200  200  200  403  403  403  403
POST victim_list                    -                 in   405  405  405  405  405  405  405  405
GET  victim_new                     -                 in   403  403  200  403  403  403  403  403
POST victim_new                     -                 in   403  403  422  403  403  403  403  403
GET  victim_caseload                -                 in   403  403  200  403  403  403  403  403
POST victim_caseload                -                 in   405  405  405  405  405  405  405  405
GET  victim_search                  -                 in   403  403  200  403  403  403  403  403
POST victim_search                  -                 in   403  403  422  403  403  403  403  403
GET  victim_detail                  own_victim        in   404  404  200  404  404  404  404  404
GET  victim_detail                  headed_victim     in   404  200  404  404  404  404  404  404
GET  victim_detail                  sister_victim     in   404  404  404  404  404  404  404  404
GET  victim_detail                  far_victim        in   404  404  404  404  404  404  404  404
GET  victim_detail                  no_victim         in   404  404  404  404  404  404  404  404
POST victim_detail                  own_victim        in   405  405  405  405  405  405  405  405
GET  victim_edit                    own_victim        in   404  404  200  404  404  404  404  404
GET  victim_edit                    headed_victim     in   404  404  404  404  404  404  404  404
GET  victim_edit                    far_victim        in   404  404  404  404  404  404  404  404
POST victim_edit                    own_victim        in   404  404  422  404  404  404  404  404
POST victim_edit                    sister_victim     in   404  404  404  404  404  404  404  404
GET  victim_log                     own_victim        in   404  404  200  404  404  404  404  404
GET  victim_log                     headed_victim     in   404  200  404  404  404  404  404  404
GET  victim_log                     far_victim        in   404  404  404  404  404  404  404  404
POST victim_log                     own_victim        in   405  405  405  405  405  405  405  405
GET  victim_identity                own_victim        in   404  404  200  404  404  404  404  404
GET  victim_identity                headed_victim     in   404  404  404  404  404  404  404  404
GET  victim_identity                sister_victim     in   404  404  404  404  404  404  404  404
GET  victim_identity                far_victim        in   404  404  404  404  404  404  404  404
POST victim_identity                own_victim        in   404  404  422  404  404  404  404  404
POST victim_identity                far_victim        in   404  404  404  404  404  404  404  404
GET  victim_identity_edit           own_victim        in   404  404  200  404  404  404  404  404
GET  victim_identity_edit           headed_victim     in   404  404  404  404  404  404  404  404
GET  victim_identity_edit           far_victim        in   404  404  404  404  404  404  404  404
POST victim_identity_edit           own_victim        in   404  404  422  404  404  404  404  404
POST victim_identity_edit           far_victim        in   404  404  404  404  404  404  404  404
GET  victim_step                    own_goal          in   404  404  200  404  404  404  404  404
GET  victim_step                    own_account       in   404  404  200  404  404  404  404  404
GET  victim_step                    own_no_step       in   404  404  404  404  404  404  404  404
GET  victim_step                    headed_goal       in   404  404  404  404  404  404  404  404
GET  victim_step                    headed_account    in   404  404  404  404  404  404  404  404
GET  victim_step                    headed_return     in   404  200  404  404  404  404  404  404
GET  victim_step                    far_goal          in   404  404  404  404  404  404  404  404
POST victim_step                    own_goal          in   404  404  422  404  404  404  404  404
POST victim_step                    own_return        in   404  404  404  404  404  404  404  404
POST victim_step                    headed_return     in   404  422  404  404  404  404  404  404
POST victim_step                    far_goal          in   404  404  404  404  404  404  404  404
GET  victim_settle                  own_reached       in   405  405  405  405  405  405  405  405
POST victim_settle                  own_reached       in   404  404  302  404  404  404  404  404
POST victim_settle                  own_unknown       in   404  404  404  404  404  404  404  404
POST victim_settle                  own_closure       in   404  404  404  404  404  404  404  404
POST victim_settle                  headed_closure    in   404  302  404  404  404  404  404  404
POST victim_settle                  far_closure       in   404  404  404  404  404  404  404  404

GET  transfer_list                  -                 in   403  200  200  200  403  403  403  403
POST transfer_list                  -                 in   405  405  405  405  405  405  405  405
GET  transfer_detail                own_transfer      in   404  404  200  404  404  404  404  404
GET  transfer_detail                to_head_transfer  in   404  200  404  404  404  404  404  404
GET  transfer_detail                no_transfer       in   404  404  404  404  404  404  404  404
POST transfer_detail                own_transfer      in   404  404  422  404  404  404  404  404
POST transfer_detail                to_head_transfer  in   404  404  404  404  404  404  404  404
GET  facility_list                  -                 in   403  200  200  200  403  403  403  403
POST facility_list                  -                 in   405  405  405  405  405  405  405  405
GET  facility_new                   -                 in   403  403  200  403  403  403  403  403
POST facility_new                   -                 in   403  403  422  403  403  403  403  403
GET  retention_rules                -                 in   403  403  403  403  403  403  200  403
POST retention_rules                -                 in   405  405  405  405  405  405  405  405
GET  retention_rule                 identity_rule     in   403  403  403  403  403  403  200  403
GET  retention_rule                 no_rule           in   403  403  403  403  403  403  404  403
POST retention_rule                 identity_rule     in   403  403  403  403  403  403  422  403
POST retention_rule                 no_rule           in   403  403  403  403  403  403  404  403
GET  special_days                   -                 in   403  403  403  403  403  403  200  403
POST special_days                   -                 in   405  405  405  405  405  405  405  405
GET  special_day_new                -                 in   403  403  403  403  403  403  200  403
POST special_day_new                -                 in   403  403  403  403  403  403  422  403
GET  special_day                    a_holiday         in   403  403  403  403  403  403  200  403
GET  special_day                    no_rule           in   403  403  403  403  403  403  404  403
POST special_day                    a_holiday         in   403  403  403  403  403  403  422  403
POST special_day                    no_rule           in   403  403  403  403  403  403  404  403
GET  own_reads                      -                 in   403  200  200  200  403  403  403  403
POST own_reads                      -                 in   405  405  405  405  405  405  405  405
GET  reads_of_person                of_her_officer    in   404  200  404  404  404  404  404  404
GET  reads_of_person                of_sister_worker  in   404  404  404  404  404  404  404  404
GET  reads_of_person                of_far_worker     in   404  404  404  404  404  404  404  404
GET  reads_of_person                of_the_head       in   404  404  404  404  404  404  404  404
POST reads_of_person                of_her_officer    in   405  405  405  405  405  405  405  405
GET  facility_edit                  own_facility      in   404  404  200  404  404  404  404  404
GET  facility_edit                  far_facility      in   404  404  404  404  404  404  404  404
POST facility_edit                  own_facility      in   404  404  302  404  404  404  404  404
POST facility_edit                  far_facility      in   404  404  404  404  404  404  404  404
GET  data_request_list              -                 in   403  200  200  200  403  403  403  403
POST data_request_list              -                 in   405  405  405  405  405  405  405  405
GET  data_request_new               -                 in   403  403  200  403  403  403  403  403
POST data_request_new               -                 in   403  403  422  403  403  403  403  403
GET  data_request_answer            own_request       in   404  404  200  404  404  404  404  404
GET  data_request_answer            far_request       in   404  404  404  404  404  404  404  404
POST data_request_answer            own_request       in   404  404  422  404  404  404  404  404
POST data_request_answer            far_request       in   404  404  404  404  404  404  404  404
"""

#: What a row's record is asked for: the step, or the button.
_STEPS = ("goal", "account", "return", "no-step")


def make_victims(cast: Cast) -> dict[str, dict[str, Any]]:
    """What the address of each row needs."""
    of = cast.agencies
    workers = {
        "own": cast.people.case_worker,
        "headed": person("pao.worker@example.vn", (Role.CASE_WORKER, of.bat_xat_police)),
        "sister": person("si.ma.cai.worker@example.vn", (Role.CASE_WORKER, of.si_ma_cai_police)),
        "far": person("kon.tum.worker@example.vn", (Role.CASE_WORKER, of.kon_tum_labour)),
    }
    kwargs: dict[str, dict[str, Any]] = {
        "no_victim": {"code": "NN-222222"},
        "no_transfer": {"key": uuid.UUID(int=7)},
        "identity_rule": {
            "pk": RetentionRule.objects.get_or_create(kind="identity", defaults={"months": 60})[0].pk
        },
        "no_rule": {"pk": 10**9},
        "a_holiday": {
            "pk": SpecialDay.objects.create(
                day=dt.date(2026, 11, 24), kind="off", name="Ngày lễ", basis="Luật"
            ).pk
        },
        "of_her_officer": {"pk": cast.people.filing_officer.pk},
        "of_the_head": {"pk": cast.people.head_of_unit.pk},
        "of_sister_worker": {"pk": workers["sister"].pk},
        "of_far_worker": {"pk": workers["far"].pk},
    }
    victims: dict[str, Victim] = {}
    for whose, worker in workers.items():
        victim = victims[whose] = file_of(worker)
        with row_scope(worker):
            support = open_support(actor=worker, victim=victim, needs=["medical"])
            goal = add_goal(actor=worker, victim=victim, text="Có việc làm")
            asked = receive_data_request(
                actor=worker,
                agency=victim.agency,
                area=victim.area,
                kind="access",
                received_on=victim.arrived_on,
            )
        kwargs |= _addresses(whose, victim, goal.pk, support.pk, asked)
    for whose in ("own", "far"):
        place = Facility.objects.create(
            name=f"Cơ sở {whose}",
            agency=victims[whose].agency,
            area=victims[whose].area,
            valid_from=dt.date(2020, 1, 1),
        )
        kwargs[f"{whose}_facility"] = {"pk": place.pk}
    for name, whose, to in (
        ("own_transfer", "own", of.kon_tum_labour),
        ("to_head_transfer", "sister", of.bat_xat_police),
    ):
        with row_scope(workers[whose]):
            transfer = ask_transfer(
                actor=workers[whose],
                victim=victims[whose],
                to_agency=to,
                reason="Về gần nhà",
                urgent_reason="Đang bị đe dọa",
            )
        kwargs[name] = {"key": transfer.key}
    return kwargs


def _addresses(
    whose: str, victim: Victim, goal: int, support: int, asked: DataRequest
) -> dict[str, dict[str, Any]]:
    code = {"code": victim.code}
    return {
        f"{whose}_victim": code,
        **{f"{whose}_{step.replace('-', '_')}": {**code, "step": step} for step in _STEPS},
        f"{whose}_reached": {**code, "what": "goal-reached", "pk": goal},
        f"{whose}_unknown": {**code, "what": "identity-opened", "pk": goal},
        f"{whose}_closure": {**code, "what": "closure-approved", "pk": support},
        f"{whose}_request": {"pk": asked.pk},
    }
