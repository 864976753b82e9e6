"""The rows of the permission matrix for dashboards; see ``tests/permission_rows.py``.

Whose figures each reader sees is told in `tests/reporting/test_dashboard.py`.
"""

DASHBOARDS = """
                                                      anon file head case inve coor stee admi stra
GET  dashboard                      -                 in   200  200  200  200  200  200  403  200
POST dashboard                      -                 in   405  405  405  405  405  405  405  405
GET  dashboard_export               -                 in   200  200  200  200  200  200  403  200
POST dashboard_export               -                 in   405  405  405  405  405  405  405  405
GET  dashboard_print                -                 in   200  200  200  200  200  200  403  200
POST dashboard_print                -                 in   405  405  405  405  405  405  405  405
GET  compare                        -                 in   200  200  200  200  200  200  403  200
POST compare                        -                 in   405  405  405  405  405  405  405  405
"""
