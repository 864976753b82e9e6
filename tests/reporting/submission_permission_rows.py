"""The rows of the permission matrix for submissions, and the records they speak of."""

from typing import Any

from django.core.files.base import ContentFile

from reporting.models import Submission, SubmissionFile
from reporting.services.submissions import open_submission
from reporting.validation_catalogue import load_rules
from territory.period import parse_period
from tests.cast import Cast
from tests.reporting.records import obligation

SUBMISSIONS = """
                                                      anon file head case inve coor stee admi stra
GET  submission_edit                own_report        in   200  200  404  404  200  404  404  404
GET  submission_edit                far_filing        in   404  404  404  404  404  404  404  200
GET  submission_edit                no_report         in   404  404  404  404  404  404  404  404
POST submission_edit                own_report        in   302  302  404  404  403  404  404  404
POST submission_edit                far_filing        in   404  404  404  404  404  404  404  302
GET  submission_draft               own_report        in   405  405  405  405  405  405  405  405
POST submission_draft               own_report        in   200  200  404  404  404  404  404  404
POST submission_draft               far_filing        in   404  404  404  404  404  404  404  200
GET  submission_presence            own_report        in   405  405  405  405  405  405  405  405
POST submission_presence            own_report        in   200  200  404  404  404  404  404  404
POST submission_presence            far_filing        in   404  404  404  404  404  404  404  200
POST submission_presence            no_report         in   404  404  404  404  404  404  404  404
GET  submission_offline             own_report        in   200  200  404  404  404  404  404  404
GET  submission_offline             far_filing        in   404  404  404  404  404  404  404  200
POST submission_offline             own_report        in   405  405  405  405  405  405  405  405
GET  submission_sending             own_report        in   405  405  405  405  405  405  405  405
POST submission_sending             own_report        in   409  409  404  404  404  404  404  404
POST submission_sending             far_filing        in   404  404  404  404  404  404  404  409
GET  submission_worker              own_report        200  200  200  200  200  200  200  200  200
POST submission_worker              own_report        405  405  405  405  405  405  405  405  405
GET  submission_versions            own_report        in   200  200  404  404  200  404  404  404
POST submission_versions            own_report        in   405  405  405  405  405  405  405  405
GET  submission_figures             own_report        in   200  200  404  404  200  404  404  404
POST submission_figures             own_report        in   405  405  405  405  405  405  405  405
GET  submission_upload              own_report        in   405  405  405  405  405  405  405  405
POST submission_upload              own_report        in   422  422  404  404  404  404  404  404
GET  submission_file                own_report_file   in   200  200  404  404  200  404  404  404
GET  submission_file                no_key            in   404  404  404  404  404  404  404  404
POST submission_file                own_report_file   in   405  405  405  405  405  405  405  405
GET  submission_queue               -                 in   403  403  403  403  200  403  403  403
POST submission_queue               -                 in   403  403  403  403  302  403  403  403
GET  past_periods                   -                 in   200  200  403  403  200  403  403  200
POST past_periods                   -                 in   422  422  403  403  422  403  403  422
GET  validation_rules               -                 in   403  403  403  403  403  403  200  403
POST validation_rules               a_rule            in   403  403  403  403  403  403  302  403
"""


#: Another half-year than that of the rows about obligations.
H2 = parse_period("2019-H2")


def make_submissions(cast: Cast) -> dict[str, dict[str, Any]]:
    """What the addresses of the rows need, by the names the rows use."""
    own = obligation(cast.agencies.bat_xat_police, cast.map.bat_xat, H2)
    far = obligation(cast.agencies.dak_ha_police, cast.map.dak_ha, H2)
    submission = open_submission(obligation=own, actor=cast.people.filing_officer)
    open_submission(obligation=far, actor=cast.people.stranger)
    load_rules()
    file = SubmissionFile.objects.create(
        submission=submission,
        file=ContentFile(b"%PDF-1.7", name="kem.pdf"),
        name="kèm theo.pdf",
        media_type="application/pdf",
        size=8,
        sha256="0" * 64,
        added_by=cast.people.filing_officer,
    )
    return {
        "own_report": {"pk": own.pk},
        "own_submission": {"pk": submission.pk},
        "far_filing": {"pk": far.pk},
        "no_report": {"pk": 10**9},
        "own_report_file": {"key": file.key},
    }


def sent_report(address: dict[str, Any]) -> dict[str, str]:
    """What the form of a submission sends: nothing changed, for the version there is now."""
    version = Submission.objects.get(obligation=address["pk"]).version
    return {"step": "save", "version": str(version)}
