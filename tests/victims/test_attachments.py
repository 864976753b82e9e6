"""Papers of a victim: sealed, and open only while the identity is open to who asks."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.field_keys import current_key_id
from accounts.files.checking import MAX_FILES
from accounts.models import ReadEvent, User
from accounts.rotation import rotate
from accounts.row_scope import row_scope
from tests.conftest import SignedIn
from tests.file_rows import PDF, paper
from tests.victims.conftest import AsPortal
from tests.victims.files import NAME, file_of, opened_by, with_identity
from victims.models import Victim, VictimAttachment
from victims.services.attachment import attach, remove_attachment
from victims.services.erasure import _erase_identity

pytestmark = pytest.mark.django_db


@pytest.fixture
def victim(worker: User) -> Victim:
    return with_identity(worker, file_of(worker))


def _kept(worker: User, victim: Victim, name: str = "giấy.pdf") -> VictimAttachment:
    with row_scope(worker):
        (kept,) = attach(actor=worker, victim=victim, files=[paper(name)])
    return kept


def _on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_paper_opens_with_the_identity_and_not_before(
    worker: User, victim: Victim, signed_in: SignedIn
) -> None:
    browser = signed_in(worker)
    sent = {"files_added": SimpleUploadedFile(f"{NAME}.pdf", PDF), "has_no_secret": "on"}
    assert browser.post(reverse("victim_attachment_add", args=[victim.code]), sent).status_code == 302
    kept = VictimAttachment.objects.get()
    address = reverse("victim_attachment", args=[victim.code, kept.pk])

    closed = browser.get(address)
    assert (closed.status_code, closed["Location"]) == (302, reverse("victim_identity", args=[victim.code]))
    for name in ("victim_detail", "victim_identity", "victim_attachment_add", "victim_log"):
        assert NAME not in browser.get(reverse(name, args=[victim.code])).content.decode()

    opened_by(worker, victim)
    assert f"{NAME}.pdf" in browser.get(reverse("victim_identity", args=[victim.code])).content.decode()
    got = browser.get(address)
    assert got.content == PDF
    assert got["Content-Disposition"].startswith("attachment")
    assert (
        ReadEvent.objects.filter(record=f"victims.victim:{victim.pk}", how="export", user=worker).count() == 1
    )


def test_another_case_workers_opening_opens_nothing(
    worker: User, colleague: User, victim: Victim, signed_in: SignedIn
) -> None:
    kept = _kept(worker, victim)
    opened_by(worker, victim)
    assert (
        signed_in(colleague).get(reverse("victim_attachment", args=[victim.code, kept.pk])).status_code == 302
    )


def test_the_database_shows_papers_only_while_an_own_opening_lasts(
    worker: User, colleague: User, head: User, far_worker: User, victim: Victim, as_portal: AsPortal
) -> None:
    with as_portal():
        kept = _kept(worker, victim)
        with row_scope(worker):
            assert not VictimAttachment.objects.exists()
        opened_by(worker, victim)
        with row_scope(worker):
            assert VictimAttachment.objects.get() == kept
        for other in (colleague, head, far_worker):
            with row_scope(other):
                assert not VictimAttachment.objects.exists()


def test_a_paper_is_kept_once_and_there_are_not_too_many(
    worker: User, victim: Victim, as_portal: AsPortal
) -> None:
    with as_portal():
        _kept(worker, victim)
        with row_scope(worker):
            assert attach(actor=worker, victim=victim, files=[paper("khác.pdf")]) == []
        more = [paper(f"{number}.pdf", PDF + bytes([number])) for number in range(MAX_FILES)]
        with row_scope(worker), pytest.raises(ValidationError, match="At most 10"):
            attach(actor=worker, victim=victim, files=more)


def test_only_who_writes_the_identity_adds_and_removes(
    worker: User, head: User, far_worker: User, victim: Victim
) -> None:
    kept = _kept(worker, victim)
    for other in (head, far_worker):
        with row_scope(other), pytest.raises(PermissionDenied):
            attach(actor=other, victim=victim, files=[paper()])
    with row_scope(worker), pytest.raises(PermissionDenied, match="not open"):
        remove_attachment(actor=worker, attachment=kept)
    opened_by(worker, victim)
    with row_scope(worker):
        remove_attachment(actor=worker, attachment=kept)
    assert not VictimAttachment.objects.exists()


def test_a_paper_lies_sealed_and_a_new_key_touches_its_row_alone(
    worker: User, victim: Victim, settings: Any, files_dir: Path, signed_in: SignedIn
) -> None:
    kept = _kept(worker, victim)
    (path,) = _on_disk(files_dir)
    before = path.read_bytes()
    assert b"PDF" not in before

    new = f"k9:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    settings.FIELD_KEYS = f"{new},{settings.FIELD_KEYS}"
    list(rotate())
    settings.FIELD_KEYS = new
    kept.refresh_from_db()
    assert kept.key_id == current_key_id() == "k9"
    assert path.read_bytes() == before
    opened_by(worker, victim)
    assert signed_in(worker).get(reverse("victim_attachment", args=[victim.code, kept.pk])).content == PDF


def test_papers_go_with_the_identity_when_its_time_is_over(
    worker: User, victim: Victim, files_dir: Path, django_capture_on_commit_callbacks: Any
) -> None:
    _kept(worker, victim)
    with django_capture_on_commit_callbacks(execute=True):
        _erase_identity(victim)
    assert not VictimAttachment.objects.exists()
    assert _on_disk(files_dir) == []


def test_bytes_of_another_paper_do_not_open_in_its_place(
    worker: User, victim: Victim, files_dir: Path, signed_in: SignedIn
) -> None:
    kept = _kept(worker, victim)
    (path,) = _on_disk(files_dir)
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    opened_by(worker, victim)
    browser = signed_in(worker)
    browser.raise_request_exception = False
    assert browser.get(reverse("victim_attachment", args=[victim.code, kept.pk])).status_code == 500


def test_a_paper_whose_bytes_are_gone_is_not_found(
    worker: User, victim: Victim, files_dir: Path, signed_in: SignedIn
) -> None:
    kept = _kept(worker, victim)
    (path,) = _on_disk(files_dir)
    path.unlink()
    opened_by(worker, victim)
    assert signed_in(worker).get(reverse("victim_attachment", args=[victim.code, kept.pk])).status_code == 404
