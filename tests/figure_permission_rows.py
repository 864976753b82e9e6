"""The rows of the permission matrix for indicators and figures; see ``tests/permission_rows.py``.

Who may ask for figures picks one where none is named. Who sees which is told in `tests/reporting/test_figure_pages.py`.
"""

import datetime as dt

from reporting.models import Indicator

FIGURES = """
                                                      anon file head case inve coor stee admi stra
GET  indicator_list                 -                 in   200  200  200  200  200  200  200  200
POST indicator_list                 -                 in   405  405  405  405  405  405  405  405
GET  indicator_detail               indicator         in   200  200  200  200  200  200  200  200
GET  indicator_detail               nothing           in   404  404  404  404  404  404  404  404
POST indicator_detail               indicator         in   405  405  405  405  405  405  405  405
GET  indicator_new                  -                 in   403  403  403  403  403  403  200  403
POST indicator_new                  -                 in   403  403  403  403  403  403  422  403
GET  indicator_edit                 indicator         in   403  403  403  403  403  403  200  403
GET  indicator_edit                 nothing           in   403  403  403  403  403  403  404  403
POST indicator_edit                 indicator         in   403  403  403  403  403  403  422  403
GET  figure_detail                  -                 in   200  200  200  200  200  200  404  200
POST figure_detail                  -                 in   405  405  405  405  405  405  405  405
"""


def make_indicator() -> int:
    """An indicator that everybody may read, by its key."""
    made = Indicator.objects.create(
        code="matrix",
        name="Chỉ tiêu thử",
        name_en="Trial",
        unit="vụ",
        unit_en="cases",
        section="justice",
        rule={"reported": True},
        valid_from=dt.date(2004, 1, 1),
    )
    return int(made.pk)
