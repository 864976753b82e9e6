"""After a breach one command tells who saw what, whom to notify, and drafts the notice; sealed, and without names."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import AuditEvent
from config.backup.sealing import identities_in, new_key, unseal
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.victims.files import NAME, file_of, with_identity
from victims.models import Victim

pytestmark = pytest.mark.django_db

TODAY = f"{dt.date.today():%Y-%m-%d}"


@pytest.fixture
def victim(cast: Cast, signed_in: SignedIn) -> Victim:
    """A file with an identity, opened by its case worker from an address."""
    found = with_identity(cast.people.case_worker, file_of(cast.people.case_worker))
    browser = signed_in(cast.people.case_worker)
    browser.get(reverse("victim_detail", args=[found.code]), REMOTE_ADDR="203.0.113.9")
    return found


def _pack(tmp_path: Path, *asked: str) -> dict[str, bytes]:
    """The files of a pack, opened with its key."""
    public = new_key(tmp_path / "breach.key")
    since = f"{dt.date.today() - dt.timedelta(days=1):%Y-%m-%d}"
    call_command("breach_pack", *asked, "--from", since, "--to", str(tmp_path), "--recipient", public)
    (sealed,) = tmp_path.glob("breach-*.zip.age")
    assert not zipfile.is_zipfile(sealed)
    opened = io.BytesIO()
    unseal(sealed, opened, identities_in(tmp_path / "breach.key"))
    with zipfile.ZipFile(opened) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_pack_tells_who_saw_which_record_when_from_where_and_whom_to_notify(
    cast: Cast, victim: Victim, tmp_path: Path
) -> None:
    worker = cast.people.case_worker

    files = _pack(tmp_path, "--person", worker.email)

    assert set(files) == {"records.csv", "timeline.csv", "data-subjects.csv", "notice-A05.pdf"}
    assert victim.code in files["records.csv"].decode()
    assert victim.agency.name in files["data-subjects.csv"].decode()
    timeline = files["timeline.csv"].decode()
    assert worker.email in timeline
    assert "203.0.113.9" in timeline
    with pypdfium2.PdfDocument(files["notice-A05.pdf"]) as notice:
        words = " ".join(page.get_textpage().get_text_range() for page in notice)
    assert "91/2025/QH15" in words
    assert victim.code in words
    assert all(NAME.encode() not in content for content in files.values())
    assert NAME not in words
    assert AuditEvent.objects.get(kind="breach_told").detail["records"] == 1


@pytest.mark.parametrize(("asked", "is_in"), [("record", True), ("10", True), ("62", False)])
def test_a_record_or_a_province_narrows_the_pack(
    cast: Cast, victim: Victim, tmp_path: Path, asked: str, is_in: bool
) -> None:
    type(victim.area).objects.filter(level="province").update(valid_to=None)
    option = ("--record", victim.code) if asked == "record" else ("--province", asked)

    files = _pack(tmp_path, *option)

    assert (victim.code in files["records.csv"].decode()) is is_in


def test_a_pack_needs_a_subject_a_known_account_a_time_and_somebody_who_may_open_it(
    cast: Cast, tmp_path: Path
) -> None:
    for asked in (
        ["--from", TODAY],
        ["--person", "nobody@example.vn", "--from", TODAY],
        ["--person", cast.people.case_worker.email, "--from", "yesterday"],
        ["--person", cast.people.case_worker.email, "--from", TODAY],
    ):
        with pytest.raises(CommandError):
            call_command("breach_pack", *asked, "--to", str(tmp_path))
    assert not list(tmp_path.glob("breach-*"))
