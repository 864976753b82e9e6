"""Rows of the permission matrix about reviewing, issuing, revising and verifying reports, and about many at once."""

ISSUE = """
                                                      anon file head case inve coor stee admi stra
POST report_step                    report            in   404  404  404  404  404  404  404  404
POST report_step                    far_report        in   404  404  404  404  404  404  404  404
POST report_step                    no_key            in   404  404  404  404  404  404  404  404
GET  report_step                    report            in   405  405  405  405  405  405  405  405
POST report_revise                  report            in   404  404  404  404  422  404  404  404
POST report_revise                  issued            in   404  404  404  404  422  422  404  404
POST report_revise                  far_report        in   404  404  404  404  404  404  404  404
POST report_revise                  no_key            in   404  404  404  404  404  404  404  404
GET  report_revise                  report            in   405  405  405  405  405  405  405  405
GET  report_word                    report            in   404  404  404  404  302  404  404  404
GET  report_word                    issued            in   404  404  404  404  302  302  404  404
GET  report_word                    far_report        in   404  404  404  404  404  404  404  404
GET  report_word                    no_key            in   404  404  404  404  404  404  404  404
POST report_word                    report            in   405  405  405  405  405  405  405  405
POST report_job_cancel              job               in   404  404  404  404  302  404  404  404
POST report_job_cancel              far_job           in   404  404  404  404  404  404  404  404
POST report_job_cancel              no_key            in   404  404  404  404  404  404  404  404
GET  report_job_cancel              job               in   405  405  405  405  405  405  405  405
POST report_job_again               job               in   404  404  404  404  302  404  404  404
POST report_job_again               far_job           in   404  404  404  404  404  404  404  404
POST report_job_again               no_key            in   404  404  404  404  404  404  404  404
GET  report_job_again               job               in   405  405  405  405  405  405  405  405
GET  report_batch_new               -                 in   403  403  403  403  200  403  403  403
POST report_batch_new               -                 in   403  403  403  403  422  403  403  403
GET  report_batch                   no_key            in   404  404  404  404  404  404  404  404
POST report_batch                   no_key            in   405  405  405  405  405  405  405  405
GET  report_schedules               -                 in   403  403  403  403  200  403  403  403
POST report_schedules               -                 in   403  403  403  403  422  403  403  403
GET  verify_home                    -                 200  200  200  200  200  200  200  200  200
POST verify_home                    -                 405  405  405  405  405  405  405  405  405
GET  verify                         no_code           404  404  404  404  404  404  404  404  404
POST verify                         no_code           404  404  404  404  404  404  404  404  404
"""
