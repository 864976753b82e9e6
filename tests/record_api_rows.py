"""The rows of the permission matrix for tips, cases, victims, services and submissions over the API.

See ``tests/permission_rows.py``. All of them are read only; the records are those of the pages' rows.
"""

RECORDS_API = """
                                                      anon file head case inve coor stee admi stra
GET  api-tip-list                   -                 401  403  200  403  200  403  403  403  403
POST api-tip-list                   -                 401  405  405  405  405  405  405  405  405
GET  api-tip-detail                 tip_own           401  403  404  403  200  403  403  403  403
GET  api-tip-detail                 tip_hers          401  403  200  403  404  403  403  403  403
GET  api-tip-detail                 tip_sister        401  403  404  403  404  403  403  403  403
GET  api-tip-detail                 tip_far           401  403  404  403  404  403  403  403  403
GET  api-tip-detail                 tip_sealed        401  403  404  403  404  403  403  403  403
GET  api-tip-detail                 nothing           401  403  404  403  404  403  403  403  403
POST api-tip-detail                 tip_own           401  405  405  405  405  405  405  405  405
GET  api-case-list                  -                 401  403  200  403  200  403  403  403  403
POST api-case-list                  -                 401  405  405  405  405  405  405  405  405
GET  api-case-detail                case_own          401  403  404  403  200  403  403  403  403
GET  api-case-detail                case_hers         401  403  200  403  404  403  403  403  403
GET  api-case-detail                case_far          401  403  404  403  404  403  403  403  403
GET  api-case-detail                case_sealed       401  403  404  403  404  403  403  403  403
GET  api-case-detail                nothing           401  403  404  403  404  403  403  403  403
POST api-case-detail                case_own          401  405  405  405  405  405  405  405  405
GET  api-victim-list                -                 401  403  200  200  200  403  403  403  403
POST api-victim-list                -                 401  405  405  405  405  405  405  405  405
GET  api-victim-detail              own_victim        401  403  404  200  404  403  403  403  403
GET  api-victim-detail              headed_victim     401  403  200  404  404  403  403  403  403
GET  api-victim-detail              sister_victim     401  403  404  404  404  403  403  403  403
GET  api-victim-detail              far_victim        401  403  404  404  404  403  403  403  403
GET  api-victim-detail              no_victim         401  403  404  404  404  403  403  403  403
POST api-victim-detail              own_victim        401  405  405  405  405  405  405  405  405
GET  api-service-list               -                 401  403  200  200  200  403  403  403  403
POST api-service-list               -                 401  405  405  405  405  405  405  405  405
GET  api-service-detail             nothing           401  403  404  404  404  403  403  403  403
POST api-service-detail             nothing           401  405  405  405  405  405  405  405  405
GET  api-submission-list            -                 401  200  200  403  403  200  403  403  200
POST api-submission-list            -                 401  405  405  405  405  405  405  405  405
GET  api-submission-detail          nothing           401  404  404  403  403  404  403  403  404
POST api-submission-detail          nothing           401  405  405  405  405  405  405  405  405
GET  api-activity-bulk              -                 401  405  405  405  405  405  405  405  405
POST api-activity-bulk              -                 401  400  400  403  403  403  403  403  400
"""
