"""The rows of the permission matrix for keys of the API; see ``tests/permission_rows.py``.

The administrator makes keys and ends them; the secret of one that acts by a membership is its holder's.
"""

import datetime as dt

from accounts.keys import make_key
from accounts.models import ApiKey, KeyScope
from tests.cast import Cast

KEYS = """
                                                      anon file head case inve coor stee admi stra
GET  api_keys                       -                 in   200  403  403  403  403  403  200  403
POST api_keys                       -                 in   405  405  405  405  405  405  405  405
GET  api_key_new                    -                 in   403  403  403  403  403  403  200  403
POST api_key_new                    -                 in   403  403  403  403  403  403  422  403
GET  api_key                        area_key          in   404  404  404  404  404  404  200  404
GET  api_key                        officers_key      in   200  404  404  404  404  404  200  404
GET  api_key                        no_key            in   404  404  404  404  404  404  404  404
POST api_key                        area_key          in   405  405  405  405  405  405  405  405
GET  api_key_secret                 area_key          in   405  405  405  405  405  405  405  405
POST api_key_secret                 area_key          in   404  404  404  404  404  404  200  404
POST api_key_secret                 officers_key      in   200  404  404  404  404  404  403  404
POST api_key_secret                 no_key            in   404  404  404  404  404  404  404  404
GET  api_key_revoke                 area_key          in   405  405  405  405  405  405  405  405
POST api_key_revoke                 area_key          in   404  404  404  404  404  404  302  404
POST api_key_revoke                 officers_key      in   302  404  404  404  404  404  302  404
"""


def make_keys(cast: Cast) -> dict[str, ApiKey]:
    """A key for the figures of the province, and one that acts by the membership of the filing officer."""
    until = dt.date.today() + dt.timedelta(days=30)
    held = cast.people.filing_officer.memberships.get()
    return {
        "area_key": make_key(
            actor=cast.people.administrator,
            consumer="Cổng dữ liệu của tỉnh",
            scopes=[KeyScope.STATISTICS, KeyScope.REPORTS],
            area=cast.map.lao_cai,
            expires_on=until,
        ),
        "officers_key": make_key(
            actor=cast.people.administrator,
            consumer="Phần mềm của huyện",
            scopes=[KeyScope.RECORDS_READ, KeyScope.RECORDS_WRITE],
            membership=held,
            expires_on=until,
        ),
    }
