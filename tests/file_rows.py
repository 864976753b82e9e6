"""The rows of the permission matrix for files of tips, cases and victims. See the rows of these records for the names.

Of a victim, "open_paper" lies in a file whose identity is open to the case worker; the others are closed: who may open
them is sent to the page that does.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.files.checking import CheckedFile, check_file
from accounts.models import User
from accounts.row_scope import row_scope
from incidents.models import Case, Tip
from incidents.services.file import add_case_files, add_tip_files
from tests.cast import Cast
from tests.victims.files import file_of, opened_by
from victims.models import Victim
from victims.services.attachment import attach

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"

FILES = """
                                                      anon file head case inve coor stee admi stra
GET  case_file_add                  case_own          in   404  404  404  200  404  404  404  404
GET  case_file_add                  case_hers         in   404  404  404  404  404  404  404  404
GET  case_file_add                  case_far          in   404  404  404  404  404  404  404  404
POST case_file_add                  case_own          in   404  404  404  422  404  404  404  404
POST case_file_add                  case_sealed       in   404  404  404  404  404  404  404  404
POST case_file_add                  case_far          in   404  404  404  404  404  404  404  404
GET  case_file                      case_own_file     in   404  404  404  200  404  404  404  404
GET  case_file                      case_hers_file    in   404  200  404  404  404  404  404  404
GET  case_file                      case_sister_file  in   404  404  404  404  404  404  404  404
GET  case_file                      case_far_file     in   404  404  404  404  404  404  404  404
GET  case_file                      case_sealed_file  in   404  404  404  404  404  404  404  404
GET  case_file                      case_other_file   in   404  404  404  404  404  404  404  404
POST case_file                      case_own_file     in   405  405  405  405  405  405  405  405
GET  case_file_remove               case_own_file     in   405  405  405  405  405  405  405  405
POST case_file_remove               case_own_file     in   404  404  404  302  404  404  404  404
POST case_file_remove               case_hers_file    in   404  404  404  404  404  404  404  404
POST case_file_remove               case_sealed_file  in   404  404  404  404  404  404  404  404
GET  tip_file_add                   tip_own           in   404  404  404  200  404  404  404  404
GET  tip_file_add                   tip_hers          in   404  404  404  404  404  404  404  404
POST tip_file_add                   tip_own           in   404  404  404  422  404  404  404  404
POST tip_file_add                   tip_far           in   404  404  404  404  404  404  404  404
GET  tip_file                       tip_own_file      in   404  404  404  200  404  404  404  404
GET  tip_file                       tip_hers_file     in   404  200  404  404  404  404  404  404
GET  tip_file                       tip_far_file      in   404  404  404  404  404  404  404  404
GET  tip_file                       tip_sealed_file   in   404  404  404  404  404  404  404  404
POST tip_file                       tip_own_file      in   405  405  405  405  405  405  405  405
GET  tip_file_remove                tip_own_file      in   405  405  405  405  405  405  405  405
POST tip_file_remove                tip_own_file      in   404  404  404  302  404  404  404  404
POST tip_file_remove                tip_hers_file     in   404  404  404  404  404  404  404  404
POST tip_file_remove                tip_far_file      in   404  404  404  404  404  404  404  404
GET  victim_attachment_add          own_victim        in   404  404  200  404  404  404  404  404
GET  victim_attachment_add          headed_victim     in   404  404  404  404  404  404  404  404
GET  victim_attachment_add          far_victim        in   404  404  404  404  404  404  404  404
POST victim_attachment_add          own_victim        in   404  404  422  404  404  404  404  404
POST victim_attachment_add          sister_victim     in   404  404  404  404  404  404  404  404
GET  victim_attachment              own_paper         in   404  404  302  404  404  404  404  404
GET  victim_attachment              open_paper        in   404  404  200  404  404  404  404  404
GET  victim_attachment              open_no_paper     in   404  404  404  404  404  404  404  404
GET  victim_attachment              far_paper         in   404  404  404  404  404  404  404  404
POST victim_attachment              own_paper         in   405  405  405  405  405  405  405  405
GET  victim_attachment_remove       own_paper         in   405  405  405  405  405  405  405  405
POST victim_attachment_remove       own_paper         in   404  404  302  404  404  404  404  404
POST victim_attachment_remove       open_paper        in   404  404  302  404  404  404  404  404
POST victim_attachment_remove       far_paper         in   404  404  404  404  404  404  404  404
"""


def paper(name: str = "giấy tờ.pdf", content: bytes = PDF) -> CheckedFile:
    return check_file(SimpleUploadedFile(name, content))


def make_files(
    cast: Cast, incidents: dict[str, int], victims: dict[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """What the address of each row needs."""
    made: dict[str, dict[str, Any]] = {}
    for whose in ("own", "hers", "sister", "far", "sealed"):
        case = Case.objects.unscoped("for the test").get(pk=incidents[f"case_{whose}"])
        (file,) = add_case_files(case=case, actor=_writer(case), files=[paper()])
        made[f"case_{whose}_file"] = {"pk": case.pk, "key": file.pk}
        tip = Tip.objects.unscoped("for the test").get(pk=incidents[f"tip_{whose}"])
        (told,) = add_tip_files(tip=tip, actor=_writer(tip), files=[paper()])
        made[f"tip_{whose}_file"] = {"pk": tip.pk, "key": told.pk}
    made["case_other_file"] = {"pk": incidents["case_own"], "key": made["case_hers_file"]["key"]}
    worker = cast.people.case_worker
    open_one = file_of(worker)
    opened_by(worker, open_one)
    for name, victim, keeper in (
        ("own", _victim(victims["own_victim"]["code"]), worker),
        ("far", _victim(victims["far_victim"]["code"]), User.objects.get(email="kon.tum.worker@example.vn")),
        ("open", open_one, worker),
    ):
        with row_scope(keeper):
            (kept,) = attach(actor=keeper, victim=victim, files=[paper()])
        made[f"{name}_paper"] = {"code": victim.code, "key": kept.pk}
    return made | {"open_no_paper": {"code": open_one.code, "key": uuid.UUID(int=7)}}


def _victim(code: str) -> Victim:
    victim: Victim = Victim.objects.unscoped("for the test").get(code=code)
    return victim


def _writer(record: Case | Tip) -> User:
    """Who entered the record."""
    by = record.opened_by if isinstance(record, Case) else record.taken_by
    assert by is not None
    return by
