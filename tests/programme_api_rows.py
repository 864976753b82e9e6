"""The rows of the permission matrix for what the API knows of statements, models, pilots, programmes and registers.

See ``tests/permission_rows.py``. Rows of lists that were exported are here too.
"""

PROGRAMME_API = """
                                                      anon file head case inve coor stee admi stra
GET  api-activity-training-register training          401  200  200  404  404  200  403  403  404
GET  api-activity-training-register far_training      401  404  404  404  404  404  403  403  404
GET  api-activity-training-register own               401  404  404  404  404  404  403  403  404
POST api-activity-training-register training          401  405  405  405  405  405  405  405  405
GET  api-difficulty-list            -                 401  200  200  200  200  200  200  403  200
POST api-difficulty-list            -                 401  400  400  403  403  403  403  403  400
GET  api-difficulty-detail          stated            401  200  200  404  404  200  200  403  404
GET  api-difficulty-detail          sister_stated     401  404  404  404  404  200  200  403  404
GET  api-difficulty-detail          nothing           401  404  404  404  404  404  404  403  404
POST api-difficulty-detail          stated            401  405  405  405  405  405  405  405  405
GET  api-direction-list             -                 401  200  200  200  200  200  200  403  200
POST api-direction-list             -                 401  400  400  403  403  403  403  403  400
GET  api-direction-detail           direction         401  200  200  404  404  200  200  403  404
GET  api-direction-detail           nothing           401  404  404  404  404  404  404  403  404
POST api-direction-detail           direction         401  405  405  405  405  405  405  405  405
GET  api-recommendation-list        -                 401  200  200  200  200  200  200  403  200
POST api-recommendation-list        -                 401  400  400  403  403  403  403  403  400
GET  api-recommendation-detail      asked             401  200  200  404  404  200  200  403  404
GET  api-recommendation-detail      nothing           401  404  404  404  404  404  404  403  404
POST api-recommendation-detail      asked             401  405  405  405  405  405  405  405  405
GET  api-recommendation-receive     asked             401  405  405  405  405  405  405  405  405
POST api-recommendation-receive     asked             401  403  403  403  403  200  403  403  404
GET  api-recommendation-consider    asked             401  405  405  405  405  405  405  405  405
POST api-recommendation-consider    asked             401  403  403  403  403  200  403  403  404
GET  api-recommendation-withdraw    asked             401  405  405  405  405  405  405  405  405
POST api-recommendation-withdraw    asked             401  200  200  403  403  403  403  403  404
GET  api-recommendation-give-answer asked             401  405  405  405  405  405  405  405  405
POST api-recommendation-give-answer asked             401  400  400  403  403  400  403  403  404
GET  api-model-list                 -                 401  200  200  200  200  200  200  403  200
POST api-model-list                 -                 401  400  400  403  403  400  403  403  400
GET  api-model-detail               own_model         401  200  200  404  404  200  200  403  404
GET  api-model-detail               sister_model      401  404  404  404  404  200  200  403  404
GET  api-model-detail               nothing           401  404  404  404  404  404  404  403  404
POST api-model-detail               own_model         401  405  405  405  405  405  405  405  405
GET  api-model-assess               own_model         401  405  405  405  405  405  405  405  405
POST api-model-assess               own_model         401  400  400  403  403  400  403  403  404
POST api-model-assess               sister_model      401  404  404  403  403  400  403  403  404
GET  api-model-replicate            own_model         401  405  405  405  405  405  405  405  405
POST api-model-replicate            own_model         401  400  400  403  403  400  403  403  404
GET  api-model-pause                own_model         401  405  405  405  405  405  405  405  405
POST api-model-pause                own_model         401  200  200  403  403  200  403  403  404
POST api-model-pause                sister_model      401  404  404  403  403  200  403  403  404
GET  api-model-resume               own_model         401  405  405  405  405  405  405  405  405
POST api-model-resume               own_model         401  200  200  403  403  200  403  403  404
GET  api-model-stop                 own_model         401  405  405  405  405  405  405  405  405
POST api-model-stop                 own_model         401  400  400  403  403  400  403  403  404
GET  api-pilot-list                 -                 401  200  200  200  200  200  200  403  200
POST api-pilot-list                 -                 401  400  400  403  403  400  403  403  400
GET  api-pilot-detail               pilot             401  200  200  200  200  200  200  403  404
GET  api-pilot-detail               far_pilot         401  404  404  404  404  404  404  403  200
POST api-pilot-detail               pilot             401  405  405  405  405  405  405  405  405
GET  api-pilot-assess               pilot             401  405  405  405  405  405  405  405  405
POST api-pilot-assess               pilot             401  404  404  403  403  400  403  403  404
POST api-pilot-assess               far_pilot         401  404  404  403  403  404  403  403  404
GET  api-pilot-figures              pilot             401  405  405  405  405  405  405  405  405
POST api-pilot-figures              pilot             401  404  404  403  403  400  403  403  404
GET  api-pilot-replicate            pilot             401  405  405  405  405  405  405  405  405
POST api-pilot-replicate            pilot             401  404  404  403  403  400  403  403  404
GET  api-pilot-stop                 pilot             401  405  405  405  405  405  405  405  405
POST api-pilot-stop                 pilot             401  404  404  403  403  400  403  403  404
GET  api-programme-list             -                 401  200  200  200  200  200  200  403  200
POST api-programme-list             -                 401  405  405  405  405  405  405  405  405
GET  api-programme-detail           programme         401  200  200  200  200  200  200  403  200
GET  api-programme-detail           no_programme      401  404  404  404  404  404  404  403  404
POST api-programme-detail           programme         401  405  405  405  405  405  405  405  405
GET  api-programme-targets          programme         401  200  200  200  200  200  200  403  200
GET  api-programme-targets          no_programme      401  404  404  404  404  404  404  403  404
POST api-programme-targets          programme         401  405  405  405  405  405  405  405  405

GET  pilot_export                   -                 in   200  200  200  200  200  200  403  200
POST pilot_export                   -                 in   405  405  405  405  405  405  405  405
GET  programme_export               programme         in   200  200  200  200  200  200  403  200
GET  programme_export               no_programme      in   404  404  404  404  404  404  403  404
POST programme_export               programme         in   405  405  405  405  405  405  405  405
"""
