"""The rows of the permission matrix for uploads of people and of agencies, and the uploads they speak of.

The administrator is of Lào Cai, and the uploads are the administrator's own.
"""

from accounts.models import User
from programs.models import DirectoryUpload, DirectoryUploadRow, WorkbookUpload

DIRECTORY_UPLOADS = """
                                                        anon file head case inve coor stee admi stra
GET  people_upload_new        -                    in   403  403  403  403  403  403  200  403
POST people_upload_new        -                    in   403  403  403  403  403  403  422  403
GET  people_upload_template   -                    in   403  403  403  403  403  403  200  403
POST people_upload_template   -                    in   405  405  405  405  405  405  405  405
GET  people_upload_detail     own_people_upload    in   404  404  404  404  404  404  200  404
GET  people_upload_detail     own_agencies_upload  in   404  404  404  404  404  404  404  404
POST people_upload_detail     own_people_upload    in   405  405  405  405  405  405  405  405
GET  people_upload_status     own_people_upload    in   404  404  404  404  404  404  286  404
POST people_upload_status     own_people_upload    in   405  405  405  405  405  405  405  405
GET  people_upload_store      own_people_upload    in   405  405  405  405  405  405  405  405
POST people_upload_store      own_people_upload    in   404  404  404  404  404  404  302  404
GET  people_upload_discard    own_people_upload    in   405  405  405  405  405  405  405  405
POST people_upload_discard    own_people_upload    in   404  404  404  404  404  404  302  404
GET  people_upload_rest       own_people_upload    in   404  404  404  404  404  404  200  404
POST people_upload_rest       own_people_upload    in   405  405  405  405  405  405  405  405
GET  agencies_upload_new      -                    in   403  403  403  403  403  403  200  403
POST agencies_upload_new      -                    in   403  403  403  403  403  403  422  403
GET  agencies_upload_template -                    in   403  403  403  403  403  403  200  403
POST agencies_upload_template -                    in   405  405  405  405  405  405  405  405
GET  agencies_upload_detail   own_agencies_upload  in   404  404  404  404  404  404  200  404
GET  agencies_upload_detail   no_key               in   404  404  404  404  404  404  404  404
POST agencies_upload_detail   own_agencies_upload  in   405  405  405  405  405  405  405  405
GET  agencies_upload_status   own_agencies_upload  in   404  404  404  404  404  404  286  404
POST agencies_upload_status   own_agencies_upload  in   405  405  405  405  405  405  405  405
GET  agencies_upload_store    own_agencies_upload  in   405  405  405  405  405  405  405  405
POST agencies_upload_store    own_agencies_upload  in   404  404  404  404  404  404  302  404
GET  agencies_upload_discard  own_agencies_upload  in   405  405  405  405  405  405  405  405
POST agencies_upload_discard  own_agencies_upload  in   404  404  404  404  404  404  302  404
GET  agencies_upload_rest     own_agencies_upload  in   404  404  404  404  404  404  200  404
POST agencies_upload_rest     own_agencies_upload  in   405  405  405  405  405  405  405  405
"""


def make_directory_upload(by: User, subject: DirectoryUpload.Subject, rows: int = 1) -> DirectoryUpload:
    """A checked workbook all of whose rows have a fault."""
    made: DirectoryUpload = DirectoryUpload.objects.create(
        by=by,
        subject=subject,
        language="vi",
        name="b.xlsx",
        sha256="0" * 64,
        size=8,
        state="checked",
        rows=rows,
        bad=rows,
    )
    fault = {"key": "area", "cell": "F3", "message": "Địa bàn không có trong danh mục."}
    DirectoryUploadRow.objects.bulk_create(
        DirectoryUploadRow(
            upload=made, number=number, values={"area": "Huyện Nào Đó"}, errors=[fault], is_good=False
        )
        for number in range(3, rows + 3)
    )
    return made


def make_directory_uploads(by: User) -> dict[str, WorkbookUpload]:
    """One of each subject."""
    return {
        f"own_{subject.value}_upload": make_directory_upload(by, subject)
        for subject in DirectoryUpload.Subject
    }
