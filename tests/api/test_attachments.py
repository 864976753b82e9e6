"""Files over the API: sent as multipart, listed, handed out and taken off by the rules of the pages."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import AuditEvent
from programs.models import Activity, Attachment
from programs.services import approve_activity, file_activity
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.file_rows import PDF
from tests.register import make_register

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.people.filing_officer)


@pytest.fixture
def activity(cast: Cast) -> Activity:
    return file_activity(
        actor=cast.people.filing_officer,
        submission_key=uuid.uuid4(),
        kind="communication",
        title="Tuyên truyền tại chợ phiên",
        agency=cast.agencies.bat_xat_police,
        area=cast.map.y_ty,
        started_on=dt.date(2020, 3, 5),
        ended_on=dt.date(2020, 3, 5),
        narrative="Tổ chức ngày chủ nhật.",
    )


def send(client: Client, address: str, *files: SimpleUploadedFile, version: int = 1) -> Any:
    return client.post(address, {"files": list(files)}, headers={"If-Match": f'"v{version}"'})


def pdf(name: str = "kế hoạch.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def of(activity: Activity) -> str:
    return f"/api/v1/activities/{activity.pk}/attachments/"


def on_disk(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def test_a_file_is_sent_listed_handed_out_and_taken_off(
    activity: Activity, officer: Client, files_dir: Path, django_capture_on_commit_callbacks: Any
) -> None:
    sent = send(officer, of(activity), pdf())
    assert (sent.status_code, sent["ETag"]) == (201, '"v2"')
    (told,) = officer.get(of(activity)).json()
    assert (told["name"], told["size"], told["media_type"]) == ("kế hoạch.pdf", len(PDF), "application/pdf")

    one = f"{of(activity)}{told['key']}/"
    got = officer.get(one)
    assert b"".join(got) == PDF  # type: ignore[call-overload]
    assert got["Content-Type"] == "application/octet-stream"
    assert got["X-Content-Type-Options"] == "nosniff"
    assert AuditEvent.objects.filter(kind="exported", about__startswith="programs.attachment").count() == 1

    assert officer.delete(one).status_code == 428
    assert officer.delete(one, headers={"If-Match": '"v1"'}).status_code == 412
    with django_capture_on_commit_callbacks(execute=True):
        gone = officer.delete(one, headers={"If-Match": '"v2"'})
    assert (gone.status_code, gone["ETag"]) == (204, '"v3"')
    assert officer.get(one).status_code == 404
    assert on_disk(files_dir) == 0


def test_a_document_takes_files_too_and_keeps_what_it_says(cast: Cast, signed_in: SignedIn) -> None:
    address = f"/api/v1/documents/{make_register(cast)['plan']}/"
    coordinator = signed_in(cast.people.coordinator)
    before = coordinator.get(address).json()
    sent = send(coordinator, f"{address}attachments/", pdf(), version=before["version"])
    assert sent.status_code == 201
    after = coordinator.get(address).json()
    assert after == {**before, "version": before["version"] + 1}
    assert signed_in(cast.people.stranger).get(f"{address}attachments/").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.exe", b"MZ"), ("a.pdf", b"MZ not a pdf"), ("a.pdf", b""), ("a.png", PDF)],
)
def test_a_file_that_a_page_refuses_the_api_refuses(
    name: str, content: bytes, activity: Activity, officer: Client, files_dir: Path
) -> None:
    answer = send(officer, of(activity), SimpleUploadedFile(name, content))
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "files"
    assert on_disk(files_dir) == 0


def test_too_large_too_many_and_none_at_all_are_refused(
    activity: Activity, officer: Client, settings: Any, files_dir: Path
) -> None:
    assert send(officer, of(activity)).status_code == 400

    def many(*numbers: int) -> list[SimpleUploadedFile]:
        return [pdf(f"{number}.pdf", PDF + bytes([number])) for number in numbers]

    assert send(officer, of(activity), *many(*range(11))).status_code == 400
    assert send(officer, of(activity), *many(*range(6))).status_code == 201
    assert send(officer, of(activity), *many(*range(6, 11)), version=2).status_code == 400
    settings.ATTACHMENT_MAX_BYTES = 10
    assert send(officer, of(activity), pdf(content=PDF + b"x"), version=2).status_code == 400
    assert on_disk(files_dir) == 6


def test_only_multipart_is_taken(activity: Activity, officer: Client) -> None:
    headers = {"If-Match": '"v1"'}
    body = {"files": "abc"}
    answer = officer.post(of(activity), body, content_type="application/json", headers=headers)
    assert answer.status_code == 415


def test_a_file_sent_twice_is_kept_once_and_an_old_version_is_told(
    activity: Activity, officer: Client
) -> None:
    assert send(officer, of(activity), pdf()).status_code == 201
    assert send(officer, of(activity), pdf("lại.pdf")).status_code == 201
    assert send(officer, of(activity), pdf(content=PDF + b"\n")).status_code == 412
    assert Attachment.objects.count() == 1


def test_files_of_an_approved_activity_are_its_heads_to_change(
    cast: Cast, activity: Activity, officer: Client, signed_in: SignedIn
) -> None:
    approve_activity(activity=activity, actor=cast.people.head_of_unit, version=1)
    assert send(officer, of(activity), pdf(), version=2).status_code == 409
    assert send(signed_in(cast.people.head_of_unit), of(activity), pdf(), version=2).status_code == 201
    assert not AuditEvent.objects.filter(kind="refused").exists()


def test_a_stranger_neither_sees_nor_sends_nor_takes_off(
    cast: Cast, activity: Activity, officer: Client, signed_in: SignedIn
) -> None:
    send(officer, of(activity), pdf())
    one = f"{of(activity)}{Attachment.objects.get().key}/"
    stranger, coordinator = signed_in(cast.people.stranger), signed_in(cast.people.coordinator)
    headers = {"If-Match": '"v2"'}
    assert stranger.get(one).status_code == 404
    assert stranger.delete(one, headers=headers).status_code == 404
    assert send(stranger, of(activity), pdf(), version=2).status_code == 404
    assert coordinator.delete(one, headers=headers).status_code == 403
    assert Attachment.objects.count() == 1


def test_progress_is_told_with_the_files_that_show_it_and_not_twice(
    cast: Cast, officer: Client, files_dir: Path
) -> None:
    register = make_register(cast)
    address = f"/api/v1/assignments/{register['own_task']}"
    key = {"Idempotency-Key": str(uuid.uuid4())}

    def tell(**changed: Any) -> Any:
        told = {"state": "in_progress", "text": "Đã mở hai lớp.", "files": [pdf("ảnh lớp.pdf")], **changed}
        return officer.post(f"{address}/progress/", told, headers=key)

    first, again = tell(), tell()
    assert (first.status_code, again.json()) == (201, first.json())
    (file,) = officer.get(f"{address}/attachments/").json()
    assert (file["name"], on_disk(files_dir)) == ("ảnh lớp.pdf", 1)
    key["Idempotency-Key"] = str(uuid.uuid4())
    refused = tell(files=[SimpleUploadedFile("a.pdf", b"MZ, no paper at all")])
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "files")
    plain = officer.post(
        f"{address}/progress/", {"state": "in_progress", "text": "Tiếp tục."}, content_type="application/json"
    )
    assert plain.status_code == 201
    sister = f"/api/v1/assignments/{register['sister_task']}/progress/"
    assert officer.post(sister, {"text": "x", "files": [pdf()]}).status_code == 404
    assert on_disk(files_dir) == 1
