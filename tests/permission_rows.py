"""The rows of the permission matrix, which ``tests/test_permissions.py`` plays.

"in": sent to sign in. A number: that status. The filing officer and the head are of Bát Xát, "stranger" is a filing
officer of another province. A row is: method, name of the URL, what it is about (a record of the world) and what is
sent, and the answers in the order of ROLES.
"""

ROLES = (
    "anonymous",
    "filing_officer",
    "head_of_unit",
    "case_worker",
    "investigator",
    "coordinator",
    "steering_member",
    "administrator",
    "stranger",
)

#: People, activities, reports.
TABLE = """
                                                      anon file head case inve coor stee admi stra
GET  healthz                        -                 200  200  200  200  200  200  200  200  200
POST healthz                        -                 405  405  405  405  405  405  405  405  405
GET  readyz                         -                 200  200  200  200  200  200  200  200  200
POST readyz                         -                 405  405  405  405  405  405  405  405  405
GET  favicon                        -                 302  302  302  302  302  302  302  302  302
POST favicon                        -                 405  405  405  405  405  405  405  405  405
GET  set_language                   -                 302  302  302  302  302  302  302  302  302
POST set_language                   english           302  302  302  302  302  302  302  302  302
GET  preferences                    -                 200  200  200  200  200  200  200  200  200
POST preferences                    large             302  302  302  302  302  302  302  302  302

GET  account_login                  -                 200  302  302  302  302  302  302  302  302
POST account_login                  -                 200  302  302  302  302  302  302  302  302
GET  account_logout                 -                 in   200  200  200  200  200  200  200  200
POST account_logout                 -                 in   in   in   in   in   in   in   in   in  
GET  account_inactive               -                 200  200  200  200  200  200  200  200  200
POST account_inactive               -                 405  405  405  405  405  405  405  405  405
GET  account_signup                 -                 200  302  302  302  302  302  302  302  302
POST account_signup                 newcomer          200  302  302  302  302  302  302  302  302
GET  account_reauthenticate         -                 in   200  200  200  200  200  200  200  200
POST account_reauthenticate         -                 in   200  200  200  200  200  200  200  200
GET  account_email                  -                 in   404  404  404  404  404  404  404  404
POST account_email                  new_address       in   404  404  404  404  404  404  404  404
GET  account_email_verification_sent -                200  200  200  200  200  200  200  200  200
POST account_email_verification_sent -                405  405  405  405  405  405  405  405  405
GET  account_confirm_email          key               200  200  200  200  200  200  200  200  200
POST account_confirm_email          key               404  404  404  404  404  404  404  404  404
GET  account_change_password        -                 in   200  200  200  200  200  200  200  200
POST account_change_password        -                 in   200  200  200  200  200  200  200  200
GET  account_set_password           -                 in   302  302  302  302  302  302  302  302
POST account_set_password           -                 in   302  302  302  302  302  302  302  302
GET  account_reset_password         -                 200  200  200  200  200  200  200  200  200
POST account_reset_password         -                 200  200  200  200  200  200  200  200  200
GET  account_reset_password_done    -                 200  200  200  200  200  200  200  200  200
POST account_reset_password_done    -                 405  405  405  405  405  405  405  405  405
GET  account_reset_password_from_key reset            200  200  200  200  200  200  200  200  200
POST account_reset_password_from_key reset            200  200  200  200  200  200  200  200  200
GET  account_reset_password_from_key_done -           200  200  200  200  200  200  200  200  200
POST account_reset_password_from_key_done -           405  405  405  405  405  405  405  405  405
GET  account_confirm_login_code     -                 in   302  302  302  302  302  302  302  302
POST account_confirm_login_code     -                 in   302  302  302  302  302  302  302  302

GET  home                           -                 in   200  200  200  200  200  200  200  200
POST home                           -                 in   405  405  405  405  405  405  405  405

GET  activity_list                  -                 in   200  200  200  200  200  403  403  200
POST activity_list                  -                 in   405  405  405  405  405  405  405  405
GET  activity_totals                -                 in   200  200  200  200  200  403  403  200
POST activity_totals                -                 in   405  405  405  405  405  405  405  405
GET  activity_export                -                 in   200  200  200  200  200  403  403  200
POST activity_export                -                 in   405  405  405  405  405  405  405  405
GET  activity_new                   -                 in   200  200  403  403  403  403  403  200
POST activity_new                   -                 in   200  200  403  403  403  403  403  200
POST activity_new                   own_activity      in   302  302  403  403  403  403  403  200
GET  activity_offline               -                 in   200  200  403  403  403  403  403  200
POST activity_offline               -                 in   405  405  405  405  405  405  405  405
GET  activity_sending               -                 in   200  200  403  403  403  403  403  200
POST activity_sending               -                 in   409  409  403  403  403  403  403  409
GET  activity_worker                -                 200  200  200  200  200  200  200  200  200
POST activity_worker                -                 405  405  405  405  405  405  405  405  405
GET  activity_detail                own               in   200  200  404  404  200  404  404  404
GET  activity_detail                own_draft         in   200  200  404  404  404  404  404  404
GET  activity_detail                sister            in   404  404  404  404  200  404  404  404
GET  activity_detail                sister_draft      in   404  404  404  404  404  404  404  404
GET  activity_detail                far               in   404  404  404  404  404  404  404  200
GET  activity_detail                nothing           in   404  404  404  404  404  404  404  404
POST activity_detail                own               in   405  405  405  405  405  405  405  405
GET  activity_edit                  own               in   302  200  404  404  404  404  404  404
GET  activity_edit                  own_draft         in   200  200  404  404  404  404  404  404
GET  activity_edit                  sister            in   404  404  404  404  404  404  404  404
GET  activity_edit                  far               in   404  404  404  404  404  404  404  200
GET  activity_edit                  nothing           in   404  404  404  404  404  404  404  404
POST activity_edit                  own               in   200  200  404  404  404  404  404  404
POST activity_edit                  sister            in   404  404  404  404  404  404  404  404
POST activity_edit                  far               in   404  404  404  404  404  404  404  200
GET  activity_draft                 new               in   405  405  405  405  405  405  405  405
POST activity_draft                 new               in   200  200  403  403  403  403  403  200
POST activity_draft                 of_own            in   200  200  404  404  404  404  404  404
POST activity_draft                 of_sister         in   404  404  404  404  404  404  404  404
POST activity_draft                 of_far            in   404  404  404  404  404  404  404  200
POST activity_draft                 of_nothing        in   404  404  404  404  404  404  404  404
GET  activity_copy                  own               in   200  200  404  404  404  404  404  404
GET  activity_copy                  own_draft         in   200  200  404  404  404  404  404  404
GET  activity_copy                  sister            in   404  404  404  404  404  404  404  404
GET  activity_copy                  far               in   404  404  404  404  404  404  404  200
GET  activity_copy                  nothing           in   404  404  404  404  404  404  404  404
POST activity_copy                  own               in   200  200  404  404  404  404  404  404
POST activity_copy                  sister            in   404  404  404  404  404  404  404  404
GET  activity_queue                 -                 in   403  200  403  403  403  403  403  403
POST activity_queue                 -                 in   403  302  403  403  403  403  403  403
GET  activity_step                  own               in   405  405  405  405  405  405  405  405
POST activity_step                  own               in   404  404  404  404  404  404  404  404
POST activity_step                  own_draft         in   404  404  404  404  404  404  404  404
POST activity_step                  own_waiting       in   302  403  404  404  404  404  404  404
POST activity_step                  sister            in   404  404  404  404  404  404  404  404
POST activity_step                  far               in   404  404  404  404  404  404  404  404
POST activity_step                  nothing           in   404  404  404  404  404  404  404  404
POST activity_draft                 of_copy           in   200  200  404  404  404  404  404  404
GET  activity_detail                own_waiting       in   200  200  404  404  404  404  404  404
GET  activity_edit                  own_waiting       in   200  200  404  404  404  404  404  404
GET  attachment_download            own_file          in   200  200  404  404  200  404  404  404
GET  attachment_download            draft_file        in   200  200  404  404  404  404  404  404
GET  attachment_download            sister_file       in   404  404  404  404  200  404  404  404
GET  attachment_download            far_file          in   404  404  404  404  404  404  404  200
GET  attachment_download            no_key            in   404  404  404  404  404  404  404  404
POST attachment_download            own_file          in   405  405  405  405  405  405  405  405

GET  report_list                    -                 in   403  403  403  403  200  200  403  403
POST report_list                    -                 in   405  405  405  405  405  405  405  405
GET  report_new                     -                 in   403  403  403  403  200  403  403  403
POST report_new                     -                 in   403  403  403  403  422  403  403  403
POST report_new                     own_province      in   403  403  403  403  302  403  403  403
POST report_new                     far_province      in   403  403  403  403  422  403  403  403
GET  report_job                     job               in   404  404  404  404  200  404  404  404
GET  report_job                     done_job          in   404  404  404  404  302  404  404  404
GET  report_job                     far_job           in   404  404  404  404  404  404  404  404
GET  report_job                     no_key            in   404  404  404  404  404  404  404  404
POST report_job                     job               in   405  405  405  405  405  405  405  405
GET  report_job_status              job               in   404  404  404  404  200  404  404  404
GET  report_job_status              done_job          in   404  404  404  404  286  404  404  404
GET  report_job_status              far_job           in   404  404  404  404  404  404  404  404
POST report_job_status              job               in   405  405  405  405  405  405  405  405
GET  report_detail                  report            in   404  404  404  404  200  404  404  404
GET  report_detail                  issued            in   404  404  404  404  200  200  404  404
GET  report_detail                  far_report        in   404  404  404  404  404  404  404  404
GET  report_detail                  no_key            in   404  404  404  404  404  404  404  404
POST report_detail                  report            in   405  405  405  405  405  405  405  405
GET  report_file                    report            in   404  404  404  404  200  404  404  404
GET  report_file                    issued            in   404  404  404  404  200  200  404  404
GET  report_file                    far_report        in   404  404  404  404  404  404  404  404
GET  report_file                    no_key            in   404  404  404  404  404  404  404  404
POST report_file                    report            in   405  405  405  405  405  405  405  405
GET  report_pages                   report            in   404  404  404  404  200  404  404  404
GET  report_pages                   issued            in   404  404  404  404  200  200  404  404
GET  report_pages                   far_report        in   404  404  404  404  404  404  404  404
GET  report_pages                   no_key            in   404  404  404  404  404  404  404  404
POST report_pages                   report            in   405  405  405  405  405  405  405  405
"""

#: Documents, tasks, pilots, programmes, notices.
REGISTER = """
                                                      anon file head case inve coor stee admi stra
GET  notifications                  -                 in   200  200  200  200  200  200  200  200
POST notifications                  -                 in   302  302  302  302  302  302  302  302

GET  document_list                  -                 in   200  200  200  200  200  200  403  200
POST document_list                  -                 in   405  405  405  405  405  405  405  405
GET  document_export                -                 in   200  200  200  200  200  200  403  200
POST document_export                -                 in   405  405  405  405  405  405  405  405
GET  document_new                   -                 in   200  200  403  403  200  403  403  200
POST document_new                   -                 in   200  200  403  403  200  403  403  200
GET  document_detail                plan              in   200  200  200  200  200  200  404  404
GET  document_detail                own_plan          in   200  200  404  404  200  200  404  404
GET  document_detail                letter            in   200  200  200  200  200  200  404  200
GET  document_detail                nothing           in   404  404  404  404  404  404  404  404
POST document_detail                plan              in   405  405  405  405  405  405  405  405
GET  document_edit                  plan              in   404  404  404  404  200  404  404  404
GET  document_edit                  own_plan          in   200  200  404  404  200  404  404  404
GET  document_edit                  letter            in   404  404  404  404  200  404  404  404
GET  document_edit                  nothing           in   404  404  404  404  404  404  404  404
POST document_edit                  plan              in   404  404  404  404  200  404  404  404
GET  document_draft                 new_document      in   405  405  405  405  405  405  405  405
POST document_draft                 new_document      in   200  200  403  403  200  403  403  200
POST document_draft                 of_plan           in   404  404  404  404  200  404  404  404

GET  task_list                      -                 in   200  200  403  403  200  200  403  200
POST task_list                      -                 in   405  405  405  405  405  405  405  405
GET  task_export                    -                 in   200  200  403  403  200  200  403  200
POST task_export                    -                 in   405  405  405  405  405  405  405  405
GET  task_matrix                    plan              in   200  200  404  404  200  200  404  404
GET  task_matrix                    own_plan          in   200  200  404  404  200  200  404  404
GET  task_matrix                    letter            in   200  200  404  404  200  200  404  200
GET  task_matrix                    nothing           in   404  404  404  404  404  404  404  404
POST task_matrix                    plan              in   405  405  405  405  405  405  405  405
GET  task_cut                       plan              in   404  404  404  404  200  404  404  404
GET  task_cut                       own_plan          in   200  200  404  404  200  404  404  404
GET  task_cut                       nothing           in   404  404  404  404  404  404  404  404
POST task_cut                       plan              in   404  404  404  404  200  404  404  404
POST task_cut                       own_plan          in   200  200  404  404  200  404  404  404
GET  assignment_detail              own_task          in   200  200  404  404  200  200  404  404
GET  assignment_detail              sister_task       in   404  404  404  404  200  200  404  404
GET  assignment_detail              nothing           in   404  404  404  404  404  404  404  404
POST assignment_detail              own_task          in   200  200  404  404  404  404  404  404
POST assignment_detail              sister_task       in   404  404  404  404  404  404  404  404

GET  pilot_list                     -                 in   200  200  200  200  200  200  403  200
POST pilot_list                     -                 in   405  405  405  405  405  405  405  405
GET  pilot_detail                   pilot             in   200  200  200  200  200  200  404  404
GET  pilot_detail                   far_pilot         in   404  404  404  404  404  404  404  200
GET  pilot_detail                   nothing           in   404  404  404  404  404  404  404  404
POST pilot_detail                   pilot             in   405  405  405  405  405  405  405  405
GET  pilot_new                      -                 in   200  200  403  403  200  403  403  200
POST pilot_new                      -                 in   422  422  403  403  422  403  403  422
GET  pilot_assess                   pilot             in   404  404  404  404  200  404  404  404
GET  pilot_assess                   far_pilot         in   404  404  404  404  404  404  404  404
POST pilot_assess                   pilot             in   404  404  404  404  422  404  404  404
GET  pilot_figures                  pilot             in   404  404  404  404  200  404  404  404
GET  pilot_figures                  far_pilot         in   404  404  404  404  404  404  404  404
POST pilot_figures                  pilot             in   404  404  404  404  422  404  404  404
GET  pilot_replicate                pilot             in   404  404  404  404  200  404  404  404
GET  pilot_replicate                far_pilot         in   404  404  404  404  404  404  404  404
POST pilot_replicate                pilot             in   404  404  404  404  422  404  404  404

GET  programme_list                 -                 in   200  200  200  200  200  200  403  200
POST programme_list                 -                 in   405  405  405  405  405  405  405  405
GET  programme_detail               programme         in   200  200  200  200  200  200  403  200
GET  programme_detail               no_programme      in   404  404  404  404  404  404  403  404
POST programme_detail               programme         in   405  405  405  405  405  405  405  405
"""

#: The API. The first column is 401: nobody is sent to a page of signing in.
API = """
                                                      anon file head case inve coor stee admi stra
GET  api-schema                     -                 200  200  200  200  200  200  200  200  200
POST api-schema                     -                 405  405  405  405  405  405  405  405  405
GET  api-docs                       -                 200  200  200  200  200  200  200  200  200
POST api-docs                       -                 405  405  405  405  405  405  405  405  405
GET  api-docs-chapter               a_noun            200  200  200  200  200  200  200  200  200
GET  api-docs-chapter               no_noun           404  404  404  404  404  404  404  404  404
POST api-docs-chapter               a_noun            405  405  405  405  405  405  405  405  405
GET  api-activity-list              -                 401  200  200  200  200  200  403  403  200
POST api-activity-list              -                 401  400  400  403  403  403  403  403  400
GET  api-activity-detail            own               401  200  200  404  404  200  403  403  404
GET  api-activity-detail            own_draft         401  200  200  404  404  404  403  403  404
GET  api-activity-detail            sister            401  404  404  404  404  200  403  403  404
GET  api-activity-detail            sister_draft      401  404  404  404  404  404  403  403  404
GET  api-activity-detail            far               401  404  404  404  404  404  403  403  200
GET  api-activity-detail            nothing           401  404  404  404  404  404  403  403  404
POST api-activity-detail            own               401  405  405  405  405  405  405  405  405
GET  api-activity-submit            own_draft         401  405  405  405  405  405  405  405  405
POST api-activity-submit            own_draft         401  428  428  403  403  403  403  403  404
POST api-activity-submit            sister_draft      401  404  404  403  403  403  403  403  404
GET  api-activity-withdraw          own               401  405  405  405  405  405  405  405  405
POST api-activity-withdraw          own               401  428  428  403  403  403  403  403  404
GET  api-activity-approve           own               401  405  405  405  405  405  405  405  405
POST api-activity-approve           own               401  428  428  403  403  403  403  403  404
POST api-activity-approve           sister            401  404  404  403  403  403  403  403  404
GET  api-activity-send-back         own               401  405  405  405  405  405  405  405  405
POST api-activity-send-back         own               401  400  400  403  403  403  403  403  404
GET  api-document-list              -                 401  200  200  200  200  200  200  403  200
POST api-document-list              -                 401  400  400  403  403  400  403  403  400
GET  api-document-detail            plan              401  200  200  200  200  200  200  403  404
GET  api-document-detail            own_plan          401  200  200  404  404  200  200  403  404
GET  api-document-detail            letter            401  200  200  200  200  200  200  403  200
GET  api-document-detail            nothing           401  404  404  404  404  404  404  403  404
POST api-document-detail            plan              401  405  405  405  405  405  405  405  405
GET  api-task-list                  -                 401  200  200  403  403  200  200  403  200
POST api-task-list                  -                 401  400  400  403  403  400  403  403  400
GET  api-task-detail                task              401  200  200  403  403  200  200  403  200
GET  api-task-detail                nothing           401  404  404  403  403  404  404  403  404
POST api-task-detail                task              401  405  405  405  405  405  405  405  405
GET  api-assignment-list            -                 401  200  200  403  403  200  200  403  200
POST api-assignment-list            -                 401  405  405  405  405  405  405  405  405
GET  api-assignment-detail          own_task          401  200  200  403  403  200  200  403  404
GET  api-assignment-detail          sister_task       401  404  404  403  403  200  200  403  404
POST api-assignment-detail          own_task          401  405  405  405  405  405  405  405  405
GET  api-assignment-progress        own_task          401  200  200  403  403  200  200  403  404
GET  api-assignment-progress        sister_task       401  404  404  403  403  200  200  403  404
POST api-assignment-progress        own_task          401  400  400  403  403  403  403  403  404
POST api-assignment-progress        sister_task       401  404  404  403  403  403  403  403  404
"""

#: Files of documents and of progress notes, small pictures, registers of trainings.
ATTACHMENTS_AND_TRAINING = """
                                                      anon file head case inve coor stee admi stra
GET  attachment_download            plan_file         in   200  200  200  200  200  200  404  404
GET  attachment_download            own_plan_file     in   200  200  404  404  200  200  404  404
GET  attachment_download            own_note_file     in   200  200  404  404  200  200  404  404
GET  attachment_download            sister_note_file  in   404  404  404  404  200  200  404  404
GET  attachment_thumbnail           own_picture       in   200  200  404  404  200  404  404  404
GET  attachment_thumbnail           plan_picture      in   200  200  200  200  200  200  404  404
GET  attachment_thumbnail           far_picture       in   404  404  404  404  404  404  404  200
GET  attachment_thumbnail           own_file          in   404  404  404  404  404  404  404  404
GET  attachment_thumbnail           no_key            in   404  404  404  404  404  404  404  404
POST attachment_thumbnail           own_picture       in   405  405  405  405  405  405  405  405
GET  training_register              training          in   200  200  404  404  200  404  404  404
GET  training_register              far_training      in   404  404  404  404  404  404  404  200
GET  training_register              own               in   404  404  404  404  404  404  404  404
GET  training_register              nothing           in   404  404  404  404  404  404  404  404
POST training_register              training          in   405  405  405  405  405  405  405  405
GET  training_register_edit         training          in   404  200  404  404  404  404  404  404
GET  training_register_edit         far_training      in   404  404  404  404  404  404  404  200
GET  training_register_edit         own               in   404  404  404  404  404  404  404  404
POST training_register_edit         training          in   404  200  404  404  404  404  404  404
POST training_register_edit         far_training      in   404  404  404  404  404  404  404  200
GET  training_register_export       training          in   200  200  404  404  200  404  404  404
GET  training_register_export       far_training      in   404  404  404  404  404  404  404  404
GET  training_register_export       nothing           in   404  404  404  404  404  404  404  404
POST training_register_export       training          in   405  405  405  405  405  405  405  405
"""


#: Statements, models, changing and stopping a pilot. The body that is asked is not in the portal.
STATED = """
                                                      anon file head case inve coor stee admi stra
GET  statement_list                 -                 in   200  200  200  200  200  200  403  200
POST statement_list                 -                 in   405  405  405  405  405  405  405  405
GET  statement_export               -                 in   200  200  200  200  200  200  403  200
POST statement_export               -                 in   405  405  405  405  405  405  405  405
GET  statement_period               -                 in   200  200  200  200  200  200  403  200
POST statement_period               -                 in   405  405  405  405  405  405  405  405
GET  statement_carry                -                 in   405  405  405  405  405  405  405  405
POST statement_carry                -                 in   404  404  403  403  403  403  403  404
POST statement_carry                own_unit          in   302  302  403  403  403  403  403  404
GET  statement_new                  new_difficulty    in   200  200  403  403  403  403  403  200
POST statement_new                  new_difficulty    in   200  200  403  403  403  403  403  200
GET  statement_draft                draft_difficulty  in   405  405  405  405  405  405  405  405
POST statement_draft                draft_difficulty  in   200  200  403  403  403  403  403  200
POST statement_draft                draft_own_difficulty in 200 200  404  404  404  404  404  404
GET  statement_detail               own_difficulty    in   200  200  404  404  200  200  404  404
GET  statement_detail               sister_difficulty in   404  404  404  404  200  200  404  404
GET  statement_detail               far_difficulty    in   404  404  404  404  404  404  404  200
GET  statement_detail               no_difficulty     in   404  404  404  404  404  404  404  404
GET  statement_detail               asked_page        in   200  200  404  404  200  200  404  404
POST statement_detail               own_difficulty    in   405  405  405  405  405  405  405  405
GET  statement_edit                 own_difficulty    in   200  200  404  404  404  404  404  404
GET  statement_edit                 sister_difficulty in   404  404  404  404  404  404  404  404
GET  statement_edit                 asked_page        in   200  200  404  404  404  404  404  404
POST statement_edit                 own_difficulty    in   200  200  404  404  404  404  404  404
POST statement_edit                 far_difficulty    in   404  404  404  404  404  404  404  200
GET  recommendation_answer          asked             in   404  404  404  404  200  404  404  404
POST recommendation_answer          asked             in   404  404  404  404  422  404  404  404
GET  recommendation_answer          nothing           in   404  404  404  404  404  404  404  404
GET  recommendation_step            asked_receive     in   405  405  405  405  405  405  405  405
POST recommendation_step            asked_receive     in   404  404  404  404  302  404  404  404
POST recommendation_step            asked_withdraw    in   302  302  404  404  404  404  404  404

GET  model_list                     -                 in   200  200  200  200  200  200  403  200
POST model_list                     -                 in   405  405  405  405  405  405  405  405
GET  model_export                   -                 in   200  200  200  200  200  200  403  200
POST model_export                   -                 in   405  405  405  405  405  405  405  405
GET  model_new                      -                 in   200  200  403  403  200  403  403  200
POST model_new                      -                 in   200  200  403  403  200  403  403  200
GET  model_draft                    draft_model       in   405  405  405  405  405  405  405  405
POST model_draft                    draft_model       in   200  200  403  403  200  403  403  200
POST model_draft                    draft_own_model   in   200  200  404  404  200  404  404  404
GET  model_detail                   own_model         in   200  200  404  404  200  200  404  404
GET  model_detail                   sister_model      in   404  404  404  404  200  200  404  404
GET  model_detail                   nothing           in   404  404  404  404  404  404  404  404
POST model_detail                   own_model         in   405  405  405  405  405  405  405  405
GET  model_edit                     own_model         in   200  200  404  404  200  404  404  404
GET  model_edit                     sister_model      in   404  404  404  404  200  404  404  404
POST model_edit                     own_model         in   200  200  404  404  200  404  404  404
GET  model_assess                   own_model         in   200  200  404  404  200  404  404  404
POST model_assess                   own_model         in   422  422  404  404  422  404  404  404
GET  model_replicate                own_model         in   200  200  404  404  200  404  404  404
POST model_replicate                own_model         in   422  422  404  404  422  404  404  404
GET  model_stop                     own_model         in   200  200  404  404  200  404  404  404
POST model_stop                     own_model         in   422  422  404  404  422  404  404  404
GET  model_step                     own_model_pause   in   405  405  405  405  405  405  405  405
POST model_step                     own_model_pause   in   302  302  404  404  302  404  404  404

GET  pilot_edit                     pilot             in   404  404  404  404  200  404  404  404
GET  pilot_edit                     far_pilot         in   404  404  404  404  404  404  404  404
POST pilot_edit                     pilot             in   404  404  404  404  422  404  404  404
GET  pilot_stop                     pilot             in   404  404  404  404  200  404  404  404
GET  pilot_stop                     far_pilot         in   404  404  404  404  404  404  404  404
POST pilot_stop                     pilot             in   404  404  404  404  422  404  404  404
"""

TABLES = (TABLE, REGISTER, API, ATTACHMENTS_AND_TRAINING, STATED)
