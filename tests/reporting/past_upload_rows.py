"""The rows of the permission matrix for uploads of past figures, and the upload they speak of."""

from accounts.models import User
from reporting.models import PastUpload, PastUploadRow

PAST_UPLOADS = """
                                                      anon file head case inve coor stee admi stra
GET  past_upload_new                -                 in   200  200  403  403  200  403  403  200
POST past_upload_new                -                 in   422  422  403  403  422  403  403  422
GET  past_upload_template           -                 in   422  422  403  403  422  403  403  422
POST past_upload_template           -                 in   405  405  405  405  405  405  405  405
GET  past_upload_detail             own_past_upload   in   200  404  404  404  404  404  404  404
GET  past_upload_detail             no_key            in   404  404  404  404  404  404  404  404
POST past_upload_detail             own_past_upload   in   405  405  405  405  405  405  405  405
GET  past_upload_status             own_past_upload   in   286  404  404  404  404  404  404  404
POST past_upload_status             own_past_upload   in   405  405  405  405  405  405  405  405
GET  past_upload_store              own_past_upload   in   405  405  405  405  405  405  405  405
POST past_upload_store              own_past_upload   in   302  404  404  404  404  404  404  404
GET  past_upload_discard            own_past_upload   in   405  405  405  405  405  405  405  405
POST past_upload_discard            own_past_upload   in   302  404  404  404  404  404  404  404
GET  past_upload_rest               own_past_upload   in   200  404  404  404  404  404  404  404
POST past_upload_rest               own_past_upload   in   405  405  405  405  405  405  405  405
"""


def make_past_upload(by: User, rows: int = 1) -> PastUpload:
    """A checked workbook all of whose rows have a fault."""
    made: PastUpload = PastUpload.objects.create(
        by=by, language="vi", name="b.xlsx", sha256="0" * 64, size=8, state="checked", rows=rows, bad=rows
    )
    fault = {"key": "period", "cell": "E3", "message": "Kỳ không đúng."}
    PastUploadRow.objects.bulk_create(
        PastUploadRow(upload=made, number=number, values={"period": "2016-H3"}, errors=[fault], is_good=False)
        for number in range(3, rows + 3)
    )
    return made
