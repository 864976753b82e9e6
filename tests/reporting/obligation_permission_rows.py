"""Rows of the permission matrix: what units owe, forms, and putting it together. See tests/permission_rows.py."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast
from tests.reporting.records import obligation

#: "owed_own" is of Bát Xát, "owed_sister" of Si Ma Cai in the same province, "owed_far" of another province.
OBLIGATIONS = """
                                                      anon file head case inve coor stee admi stra
GET  obligation_list                -                 in   200  200  403  403  200  403  403  200
POST obligation_list                -                 in   405  405  405  405  405  405  405  405
GET  obligation_export              -                 in   200  200  403  403  200  403  403  200
POST obligation_export              -                 in   405  405  405  405  405  405  405  405
GET  obligation_export_csv          -                 in   200  200  403  403  200  403  403  200
POST obligation_export_csv          -                 in   405  405  405  405  405  405  405  405
GET  obligation_heatmap             -                 in   200  200  403  403  200  403  403  200
POST obligation_heatmap             -                 in   405  405  405  405  405  405  405  405
GET  period_open                    -                 in   403  403  403  403  200  403  403  403
POST period_open                    owed_open         in   403  403  403  403  302  403  403  403
POST period_open                    owed_open_far     in   403  403  403  403  422  403  403  403
GET  obligation_act                 -                 in   405  405  405  405  405  405  405  405
POST obligation_act                 owed_act_own      in   403  403  403  403  302  403  403  403
POST obligation_act                 owed_act_far      in   403  403  403  403  404  403  403  403
GET  obligation_detail              owed_own          in   200  200  404  404  200  404  404  404
GET  obligation_detail              owed_sister       in   404  404  404  404  200  404  404  404
GET  obligation_detail              owed_far          in   404  404  404  404  404  404  404  200
GET  obligation_detail              nothing           in   404  404  404  404  404  404  404  404
POST obligation_detail              owed_own          in   405  405  405  405  405  405  405  405
GET  obligation_step                owed_extend       in   405  405  405  405  405  405  405  405
POST obligation_step                owed_extend       in   404  404  404  404  302  404  404  404
POST obligation_step                owed_excuse       in   404  404  404  404  302  404  404  404
POST obligation_step                owed_end          in   404  404  404  404  302  404  404  404
POST obligation_step                owed_remind       in   404  404  404  404  302  404  404  404
POST obligation_step                owed_far_extend   in   404  404  404  404  404  404  404  404
POST obligation_step                owed_far_remind   in   404  404  404  404  404  404  404  404
POST obligation_step                owed_unknown      in   404  404  404  404  404  404  404  404
GET  consolidation                  -                 in   200  200  403  403  200  403  403  200
GET  consolidation                  owed_far_area     in   404  404  403  403  404  403  403  200
POST consolidation                  -                 in   405  405  405  405  405  405  405  405
GET  form_list                      -                 in   200  200  403  403  200  403  200  200
POST form_list                      -                 in   405  405  405  405  405  405  405  405
GET  form_detail                    owed_form         in   200  200  403  403  200  403  200  200
GET  form_detail                    owed_no_form      in   404  404  403  403  404  403  404  404
POST form_detail                    owed_form         in   405  405  405  405  405  405  405  405
GET  form_new                       -                 in   403  403  403  403  403  403  200  403
POST form_new                       -                 in   403  403  403  403  403  403  422  403
GET  form_edit                      owed_form         in   403  403  403  403  403  403  200  403
POST form_edit                      owed_form         in   403  403  403  403  403  403  422  403
"""


def make_owed(cast: Cast) -> dict[str, dict[str, Any]]:
    """The records of these rows, by name: what the address of each needs."""
    of, here = cast.agencies, cast.map
    own = obligation(of.bat_xat_police, here.bat_xat).pk
    sister = obligation(of.si_ma_cai_police, here.si_ma_cai).pk
    far = obligation(of.dak_ha_police, here.dak_ha).pk
    return {
        "owed_own": {"pk": own},
        "owed_sister": {"pk": sister},
        "owed_far": {"pk": far},
        "owed_extend": {"pk": own, "step": "extend"},
        "owed_excuse": {"pk": own, "step": "excuse"},
        "owed_end": {"pk": own, "step": "end-excuse"},
        "owed_remind": {"pk": own, "step": "remind"},
        "owed_far_extend": {"pk": far, "step": "extend"},
        "owed_far_remind": {"pk": far, "step": "remind"},
        "owed_unknown": {"pk": own, "step": "accept"},
        "owed_form": {"code": "six_month"},
        "owed_no_form": {"code": "no-such-form"},
        "owed_open": {},
        "owed_open_far": {},
        "owed_act_own": {},
        "owed_act_far": {},
        "owed_far_area": {},
    }


def owed_sent(about: str, cast: Cast, owed: dict[str, dict[str, Any]]) -> dict[str, str]:
    """What a form of a row sends."""
    period = {"form_code": "six_month", "period": "2020-H2"}
    later = {"due_on": "2020-07-01", "reason": "Lũ lụt", "version": "1"}
    sent: dict[str, dict[str, str]] = {
        "owed_open": {**period, "area": str(cast.map.lao_cai.pk)},
        "owed_open_far": {**period, "area": str(cast.map.kon_tum.pk)},
        "owed_act_own": {"chosen": f"{owed['owed_own']['pk']}:1", "act": "extend", **later},
        "owed_act_far": {"chosen": f"{owed['owed_far']['pk']}:1", "act": "extend", **later},
        "owed_extend": later,
        "owed_far_extend": later,
        "owed_excuse": {"reason": "Giải thể", "version": "1"},
        "owed_far_area": {"area": str(cast.map.dak_ha.pk)},
    }
    return sent.get(about, {})
