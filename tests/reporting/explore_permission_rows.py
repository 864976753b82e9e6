"""The rows of the permission matrix for free tables; see ``tests/permission_rows.py``.

Whoever may sign in may ask, as of the statistics API; the disclosure rule does the rest. Who is shown what is told in
`tests/reporting/test_explore_rights.py`.
"""

EXPLORE = """
                                                      anon file head case inve coor stee admi stra
GET  explore                        -                 in   200  200  200  200  200  200  200  200
GET  explore                        some_figures      in   200  200  200  200  200  200  200  200
POST explore                        -                 in   405  405  405  405  405  405  405  405
GET  explore_export                 -                 in   422  422  422  422  422  422  422  422
GET  explore_export                 some_figures      in   200  200  200  200  200  200  200  200
POST explore_export                 -                 in   405  405  405  405  405  405  405  405
GET  explore_export_csv             -                 in   422  422  422  422  422  422  422  422
GET  explore_export_csv             some_figures      in   200  200  200  200  200  200  200  200
POST explore_export_csv             -                 in   405  405  405  405  405  405  405  405
GET  explore_print                  -                 in   422  422  422  422  422  422  422  422
GET  explore_print                  some_figures      in   200  200  200  200  200  200  200  200
POST explore_print                  -                 in   405  405  405  405  405  405  405  405
GET  explore_save                   -                 in   405  405  405  405  405  405  405  405
POST explore_save                   -                 in   302  302  302  302  302  302  302  302
"""
