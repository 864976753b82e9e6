"""The rows of the permission matrix for parts of cases over the API, and what their addresses need.

See tests/permission_rows.py for the columns, and tests/incidents/world.py for the records.
"""

from __future__ import annotations

from typing import Any

CASE_PARTS = """
                                                      anon file head case inve coor stee admi stra
GET  api-case-person-list           of_case_own         401  403  404  403  200  403  403  403  403
GET  api-case-person-list           of_case_hers        401  403  200  403  404  403  403  403  403
GET  api-case-person-list           of_case_sealed      401  403  404  403  404  403  403  403  403
GET  api-case-person-list           of_case_far         401  403  404  403  404  403  403  403  403
POST api-case-person-list           of_case_own         401  403  403  403  400  403  403  403  403
POST api-case-person-list           of_case_hers        401  403  403  403  404  403  403  403  403
POST api-case-person-list           of_case_sealed      401  403  403  403  404  403  403  403  403
POST api-case-person-list           of_case_far         401  403  403  403  404  403  403  403  403
GET  api-case-person-detail         person_in_own       401  403  404  403  200  403  403  403  403
GET  api-case-person-detail         person_in_hers      401  403  200  403  404  403  403  403  403
GET  api-case-person-detail         person_in_sealed    401  403  404  403  404  403  403  403  403
GET  api-case-person-detail         person_in_far       401  403  404  403  404  403  403  403  403
GET  api-case-person-detail         person_of_other     401  403  404  403  404  403  403  403  403
POST api-case-person-detail         person_in_own       401  405  405  405  405  405  405  405  405
GET  api-case-place-list            of_case_own         401  403  404  403  200  403  403  403  403
GET  api-case-place-list            of_case_hers        401  403  200  403  404  403  403  403  403
GET  api-case-place-list            of_case_sealed      401  403  404  403  404  403  403  403  403
GET  api-case-place-list            of_case_far         401  403  404  403  404  403  403  403  403
POST api-case-place-list            of_case_own         401  403  403  403  400  403  403  403  403
POST api-case-place-list            of_case_hers        401  403  403  403  404  403  403  403  403
POST api-case-place-list            of_case_sealed      401  403  403  403  404  403  403  403  403
POST api-case-place-list            of_case_far         401  403  403  403  404  403  403  403  403
GET  api-case-place-detail          place_in_own        401  403  404  403  200  403  403  403  403
GET  api-case-place-detail          place_in_hers       401  403  200  403  404  403  403  403  403
GET  api-case-place-detail          place_in_sealed     401  403  404  403  404  403  403  403  403
GET  api-case-place-detail          place_in_far        401  403  404  403  404  403  403  403  403
GET  api-case-place-detail          place_of_other      401  403  404  403  404  403  403  403  403
POST api-case-place-detail          place_in_own        401  405  405  405  405  405  405  405  405
GET  api-case-item-list             of_case_own         401  403  404  403  200  403  403  403  403
GET  api-case-item-list             of_case_hers        401  403  200  403  404  403  403  403  403
GET  api-case-item-list             of_case_sealed      401  403  404  403  404  403  403  403  403
GET  api-case-item-list             of_case_far         401  403  404  403  404  403  403  403  403
POST api-case-item-list             of_case_own         401  403  403  403  400  403  403  403  403
POST api-case-item-list             of_case_hers        401  403  403  403  404  403  403  403  403
POST api-case-item-list             of_case_sealed      401  403  403  403  404  403  403  403  403
POST api-case-item-list             of_case_far         401  403  403  403  404  403  403  403  403
GET  api-case-item-detail           item_in_own         401  403  404  403  200  403  403  403  403
GET  api-case-item-detail           item_in_hers        401  403  200  403  404  403  403  403  403
GET  api-case-item-detail           item_in_sealed      401  403  404  403  404  403  403  403  403
GET  api-case-item-detail           item_in_far         401  403  404  403  404  403  403  403  403
GET  api-case-item-detail           item_of_other       401  403  404  403  404  403  403  403  403
POST api-case-item-detail           item_in_own         401  405  405  405  405  405  405  405  405
GET  api-case-tip-list              of_case_own         401  403  404  403  200  403  403  403  403
GET  api-case-tip-list              of_case_hers        401  403  200  403  404  403  403  403  403
GET  api-case-tip-list              of_case_sealed      401  403  404  403  404  403  403  403  403
GET  api-case-tip-list              of_case_far         401  403  404  403  404  403  403  403  403
POST api-case-tip-list              of_case_own         401  405  405  405  405  405  405  405  405
GET  api-case-tip-detail            no_tip_of_case      401  403  404  403  404  403  403  403  403
POST api-case-tip-detail            no_tip_of_case      401  405  405  405  405  405  405  405  405
GET  api-case-person-standing       person_in_own       401  405  405  405  405  405  405  405  405
POST api-case-person-standing       person_in_own       401  403  403  403  400  403  403  403  403
POST api-case-person-standing       person_in_hers      401  403  403  403  404  403  403  403  403
POST api-case-person-standing       person_in_sealed    401  403  403  403  404  403  403  403  403
POST api-case-person-standing       person_in_far       401  403  403  403  404  403  403  403  403
GET  api-case-person-verdict        person_in_own       401  405  405  405  405  405  405  405  405
POST api-case-person-verdict        person_in_own       401  403  403  403  400  403  403  403  403
POST api-case-person-verdict        person_in_hers      401  403  403  403  404  403  403  403  403
POST api-case-person-verdict        person_in_sealed    401  403  403  403  404  403  403  403  403
POST api-case-person-verdict        person_in_far       401  403  403  403  404  403  403  403  403
GET  api-case-person-want           person_in_own       401  405  405  405  405  405  405  405  405
POST api-case-person-want           person_in_own       401  403  403  403  400  403  403  403  403
POST api-case-person-want           person_in_hers      401  403  403  403  404  403  403  403  403
POST api-case-person-want           person_in_sealed    401  403  403  403  404  403  403  403  403
POST api-case-person-want           person_in_far       401  403  403  403  404  403  403  403  403
GET  api-case-person-end-search     search_in_own       401  405  405  405  405  405  405  405  405
POST api-case-person-end-search     search_in_own       401  403  403  403  400  403  403  403  403
POST api-case-person-end-search     search_in_hers      401  403  403  403  404  403  403  403  403
POST api-case-person-end-search     search_in_sealed    401  403  403  403  404  403  403  403  403
POST api-case-person-end-search     search_in_far       401  403  403  403  404  403  403  403  403
"""


def case_parts(incidents: dict[str, int]) -> dict[str, dict[str, Any]]:
    """What the address of each row needs; "of_other" is a part that another case has."""
    made: dict[str, dict[str, Any]] = {}
    for whose in ("own", "hers", "sealed", "far"):
        case = {"case": incidents[f"case_{whose}"]}
        made[f"of_case_{whose}"] = case
        for part in ("person", "place", "item"):
            made[f"{part}_in_{whose}"] = {**case, "pk": incidents[f"{part}_{whose}"]}
        made[f"search_in_{whose}"] = {**made[f"person_in_{whose}"], "wanted": incidents[f"wanted_{whose}"]}
    for part in ("person", "place", "item"):
        made[f"{part}_of_other"] = {"case": incidents["case_own"], "pk": incidents[f"{part}_far"]}
    made["no_tip_of_case"] = {"case": incidents["case_own"], "pk": incidents["tip_far"]}
    return made
