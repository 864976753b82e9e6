"""Issuing a signed report: the reviewed snapshot with its number, signer, code and date, printed for good."""

import copy
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import AuditEvent, Happening, Notice
from accounts.notices import notify
from accounts.outbox import note_event
from reporting.models import Report, ReportDraft
from reporting.rendering import Printed, Snapshot, check_snapshot
from reporting.rendering.signing import Certificate, sign_pdf
from reporting.services.approval import TRANSITIONS, reviewers_of
from reporting.services.differences import Difference, differences_between
from territory.period import print_date_vi

#: Roman numerals of sections, for the section that a revision adds.
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@dataclass(frozen=True)
class Issue:
    """What is to be issued: the final snapshot and in what it differs from the issue before."""

    snapshot: Snapshot
    sha256: str
    differences: list[Difference]


def content_hash(snapshot: Snapshot) -> str:
    """The SHA-256 of a snapshot's content: of all but the verification, which holds this very hash."""
    content = copy.deepcopy(snapshot)
    document: Any = content["document"]
    document.pop("verification", None)
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def verification_url(code: str) -> str:
    """Where the public asks about a code."""
    return f"{settings.PUBLIC_URL}/verify/{code}"


def prepare_issue(report: Report) -> Issue:
    """The final snapshot of a signed report. Figures and texts stay as they were read and signed."""
    snapshot: Any = copy.deepcopy(report.snapshot)
    document = snapshot["document"]
    assert report.number is not None and report.issued_on is not None and report.code
    document["number"] = report.number
    document["date"] = report.issued_on.isoformat()
    document["state"] = "issued"
    document["signer"] = {**document["signer"], "position": report.signer_title, "name": report.signer_name}
    differences: list[Difference] = []
    if report.revises is not None:
        differences = differences_between(report.revises.snapshot, report.snapshot)
        document["revision"] = {"number": report.revision, "of": _named(report.revises)}
        if differences:
            snapshot["sections"].append(_told(snapshot["sections"], differences))
    sha256 = content_hash(snapshot)
    document["verification"] = {"code": report.code, "url": verification_url(report.code), "hash": sha256}
    return Issue(check_snapshot(snapshot), sha256, differences)


def signed_if_configured(printed: Printed, place: str) -> tuple[bytes, bool]:
    """The PDF with the body's electronic signature where a certificate is configured, and whether it has one."""
    if not settings.SIGNING_PKCS12_FILE:
        return printed.content, False
    password = Path(settings.SIGNING_PASSWORD_FILE) if settings.SIGNING_PASSWORD_FILE else None
    certificate = Certificate(Path(settings.SIGNING_PKCS12_FILE), password)
    return sign_pdf(printed.content, certificate, reason="Ban hành báo cáo", place=place), True


def settle_issue(report: Report, issue: Issue) -> None:
    """Mark the report, its draft and the issue it replaces, in the transaction that stores the files."""
    report.snapshot = issue.snapshot
    report.snapshot_sha256 = issue.sha256
    report.differences = issue.differences
    report.state = Report.State.ISSUED
    report.save()
    draft: ReportDraft | None = report.draft
    if draft is not None:
        draft.state = TRANSITIONS[ReportDraft.State.SIGNED]["issue"]
        draft.save(update_fields=["state", "changed_at"])
    if report.revises_id is not None:
        replaced = Report.objects.unscoped("the issue that this revision replaces").filter(
            pk=report.revises_id
        )
        replaced.filter(state=Report.State.ISSUED).update(state=Report.State.SUPERSEDED)
    AuditEvent.objects.create(
        kind=AuditEvent.Kind.REPORT_ISSUED,
        user=report.issued_by,
        about=f"reporting.report:{report.pk}",
        detail={
            "number": report.number,
            "code": report.code,
            "sha256": report.sha256,
            "revision": report.revision,
        },
    )
    note_event(
        kind=Happening.ISSUED,
        name=f"{Happening.ISSUED.value}:{report.pk}",
        area=report.area,
        data={
            "id": str(report.key),
            "code": report.code,
            "period": report.period_code,
            "path": reverse("api-report-detail", args=[report.key]),
        },
    )
    with override("vi"):
        name = str(report)
    notify(
        people=reviewers_of(report.area),
        kind=Notice.REPORT_ISSUED,
        key=f"report:{report.pk}:issued",
        url=reverse("report_detail", args=[report.key]),
        about={"record": name, "number": f"{report.number}/{report.symbol}"},
    )


def _named(report: Report) -> str:
    day = report.issued_on or timezone.localdate()
    return f"Báo cáo số {report.number}/{report.symbol} ngày {print_date_vi(day)}"


def _told(sections: list[Any], differences: list[Difference]) -> dict[str, Any]:
    last = sections[-1]["number"] if sections else ""
    number = (
        _ROMAN[len(sections)] if last in _ROMAN and len(sections) < len(_ROMAN) else str(len(sections) + 1)
    )
    caption = "Những điểm khác so với bản đã ban hành trước"
    block = {"type": "differences", "caption": caption, "differences": differences}
    return {"number": number, "title": "NỘI DUNG SỬA ĐỔI", "blocks": [block]}
