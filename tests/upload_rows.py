"""The rows of the permission matrix for uploads and the exports beside them; see ``tests/permission_rows.py``."""

UPLOADS = """
                                                      anon file head case inve coor stee admi stra
GET  activity_export_full           -                 in   200  200  200  200  200  403  403  200
POST activity_export_full           -                 in   405  405  405  405  405  405  405  405
GET  activity_export_csv            -                 in   200  200  200  200  200  403  403  200
POST activity_export_csv            -                 in   405  405  405  405  405  405  405  405
GET  upload_new                     -                 in   200  200  403  403  403  403  403  200
POST upload_new                     -                 in   422  422  403  403  403  403  403  422
GET  upload_template                -                 in   200  200  403  403  403  403  403  200
POST upload_template                -                 in   405  405  405  405  405  405  405  405
GET  upload_detail                  own_upload        in   200  404  404  404  404  404  404  404
GET  upload_detail                  no_key            in   404  404  404  404  404  404  404  404
POST upload_detail                  own_upload        in   405  405  405  405  405  405  405  405
GET  upload_status                  own_upload        in   286  404  404  404  404  404  404  404
POST upload_status                  own_upload        in   405  405  405  405  405  405  405  405
GET  upload_store                   own_upload        in   405  405  405  405  405  405  405  405
POST upload_store                   own_upload        in   302  404  404  404  404  404  404  404
GET  upload_discard                 own_upload        in   405  405  405  405  405  405  405  405
POST upload_discard                 own_upload        in   302  404  404  404  404  404  404  404
GET  upload_rest                    own_upload        in   200  404  404  404  404  404  404  404
POST upload_rest                    own_upload        in   405  405  405  405  405  405  405  405
"""
