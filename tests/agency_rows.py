"""The rows of the permission matrix for agencies, areas and who saw a record; see ``permission_rows.py``.

The administrator is of Lào Cai; "far_agency" is of Kon Tum. The map is everybody's, and read by administrators.
"""

from typing import Any

from tests.cast import Cast

AGENCIES = """
                                                      anon file head case inve coor stee admi stra
GET  agency_list                    -                 in   403  403  403  403  403  403  200  403
POST agency_list                    -                 in   405  405  405  405  405  405  405  405
GET  agency_new                     -                 in   403  403  403  403  403  403  200  403
POST agency_new                     -                 in   403  403  403  403  403  403  422  403
GET  agency_detail                  an_agency         in   403  403  403  403  403  403  200  403
GET  agency_detail                  far_agency        in   403  403  403  403  403  403  404  403
POST agency_detail                  an_agency         in   405  405  405  405  405  405  405  405
GET  agency_step                    an_ended_agency   in   403  403  403  403  403  403  404  403
GET  agency_step                    far_agency_step   in   403  403  403  403  403  403  404  403
POST agency_step                    an_ended_agency   in   403  403  403  403  403  403  404  403
GET  area_list                      -                 in   403  403  403  403  403  403  200  403
POST area_list                      -                 in   405  405  405  405  405  405  405  405
GET  area_detail                    an_area           in   403  403  403  403  403  403  200  403
POST area_detail                    an_area           in   405  405  405  405  405  405  405  405
GET  record_seen                    -                 in   403  403  403  403  403  403  200  403
POST record_seen                    -                 in   405  405  405  405  405  405  405  405
GET  record_seen_export             -                 in   403  403  403  403  403  403  404  403
POST record_seen_export             -                 in   405  405  405  405  405  405  405  405
GET  own_data                       -                 in   200  200  200  200  200  200  200  200
POST own_data                       -                 in   200  200  200  200  200  200  200  200
"""


def make_agency_records(cast: Cast) -> dict[str, dict[str, Any]]:
    """What the table is about. The cast's agencies ended with June 2025, so no step of theirs is open."""
    near, far = cast.agencies.bat_xat_police.pk, cast.agencies.kon_tum_labour.pk
    return {
        "an_agency": {"pk": near},
        "far_agency": {"pk": far},
        "an_ended_agency": {"pk": near, "step": "rename"},
        "far_agency_step": {"pk": far, "step": "rename"},
        "an_area": {"pk": cast.map.bat_xat.pk},
    }
