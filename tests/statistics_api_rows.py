"""The rows of the permission matrix for statistics, what they speak of, what is owed, and issued reports.

See ``tests/permission_rows.py``. Whoever may sign in may ask for figures; the disclosure rule does the rest.
"""

STATISTICS_API = """
                                                      anon file head case inve coor stee admi stra
GET  api-statistics                 -                 401  400  400  400  400  400  400  400  400
GET  api-statistics                 some_figures      401  200  200  200  200  200  200  200  200
POST api-statistics                 -                 401  405  405  405  405  405  405  405  405
GET  api-period-list                -                 401  200  200  200  200  200  200  200  200
POST api-period-list                -                 401  405  405  405  405  405  405  405  405
GET  api-indicator-list             -                 401  200  200  200  200  200  200  200  200
POST api-indicator-list             -                 401  405  405  405  405  405  405  405  405
GET  api-indicator-detail           an_indicator      401  200  200  200  200  200  200  200  200
GET  api-indicator-detail           no_indicator      401  404  404  404  404  404  404  404  404
POST api-indicator-detail           an_indicator      401  405  405  405  405  405  405  405  405
GET  api-area-list                  -                 401  200  200  200  200  200  200  200  200
POST api-area-list                  -                 401  405  405  405  405  405  405  405  405
GET  api-area-detail                nothing           401  404  404  404  404  404  404  404  404
POST api-area-detail                nothing           401  405  405  405  405  405  405  405  405
GET  api-agency-list                -                 401  200  200  200  200  200  200  200  200
POST api-agency-list                -                 401  405  405  405  405  405  405  405  405
GET  api-agency-detail              nothing           401  404  404  404  404  404  404  404  404
POST api-agency-detail              nothing           401  405  405  405  405  405  405  405  405
GET  api-target-list                -                 401  200  200  200  200  200  200  200  200
POST api-target-list                -                 401  405  405  405  405  405  405  405  405
GET  api-target-detail              nothing           401  404  404  404  404  404  404  404  404
POST api-target-detail              nothing           401  405  405  405  405  405  405  405  405
GET  api-obligation-list            -                 401  200  200  403  403  200  403  403  200
POST api-obligation-list            -                 401  405  405  405  405  405  405  405  405
GET  api-obligation-detail          owed_own          401  200  200  403  403  200  403  403  404
GET  api-obligation-detail          nothing           401  404  404  403  403  404  403  403  404
POST api-obligation-detail          owed_own          401  405  405  405  405  405  405  405  405
GET  api-report-list                -                 401  403  403  403  403  200  200  403  403
POST api-report-list                -                 401  405  405  405  405  405  405  405  405
GET  api-report-detail              issued            401  403  403  403  403  200  200  403  403
GET  api-report-detail              report            401  403  403  403  403  404  404  403  403
GET  api-report-detail              far_report        401  403  403  403  403  404  404  403  403
POST api-report-detail              issued            401  405  405  405  405  405  405  405  405
GET  api-report-pdf                 issued            401  403  403  403  403  200  200  403  403
GET  api-report-pdf                 report            401  403  403  403  403  404  404  403  403
POST api-report-pdf                 issued            401  405  405  405  405  405  405  405  405
GET  api-report-word                issued            401  403  403  403  403  404  404  403  403
POST api-report-word                issued            401  405  405  405  405  405  405  405  405
GET  open_data                      -                 200  200  200  200  200  200  200  200  200
POST open_data                      -                 405  405  405  405  405  405  405  405  405
GET  open_data_csv                  -                 404  404  404  404  404  404  404  404  404
POST open_data_csv                  -                 405  405  405  405  405  405  405  405  405
GET  open_data_json                 -                 404  404  404  404  404  404  404  404  404
POST open_data_json                 -                 405  405  405  405  405  405  405  405  405
"""
