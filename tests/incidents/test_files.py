"""Files of tips and cases: sealed where they lie, for the readers of the record alone, each reading noted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from accounts.files.checking import MAX_FILES
from accounts.files.storing import UnscannedFile
from accounts.models import ReadEvent
from accounts.row_scope import row_scope
from accounts.sanity import sealed_files_open
from incidents.models import Case, CaseFile, Tip, TipFile
from incidents.services.case import seal_case
from incidents.services.file import add_case_files, add_tip_files, remove_case_file
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.file_rows import PDF, paper
from tests.incidents.records import Investigators, case, tip
from tests.portal_role import portal_role
from victims.services.erasure import remove_everywhere

pytestmark = pytest.mark.django_db


@pytest.fixture
def one(cast: Cast, who: Investigators) -> Case:
    return case(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)


@pytest.fixture
def told(cast: Cast, who: Investigators) -> Tip:
    return tip(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)


def _on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_goes_in_by_the_form_and_comes_out_whole_as_a_download(
    one: Case, who: Investigators, signed_in: SignedIn
) -> None:
    address = reverse("case_file_add", args=[one.pk])
    sent = {"files_added": SimpleUploadedFile("biên bản.pdf", PDF), "has_no_secret": "on"}
    assert signed_in(who.own).post(address, sent).status_code == 302

    file = CaseFile.objects.get()
    reader = signed_in(who.head)
    assert "biên bản.pdf" in reader.get(reverse("case_detail", args=[one.pk])).content.decode()
    got = reader.get(reverse("case_file", args=[one.pk, file.pk]))
    assert got.content == PDF
    assert got["Content-Type"] == "application/octet-stream"
    assert got["Content-Disposition"].startswith("attachment")
    assert got["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in got["Cache-Control"]
    reads = ReadEvent.objects.filter(user=who.head).values_list("record", "how")
    assert (f"incidents.case:{one.pk}", "export") in set(reads)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("anh.pdf", b"MZ\x90\x00 not a pdf", "another type than its name says"),
        ("chay.exe", b"MZ\x90\x00", "a type that is not taken"),
        ("trong.pdf", b"", "empty"),
    ],
)
def test_what_is_not_taken_elsewhere_is_not_taken_here(
    name: str, content: bytes, said: str, told: Tip, who: Investigators, signed_in: SignedIn
) -> None:
    sent = {"files_added": SimpleUploadedFile(name, content), "has_no_secret": "on"}
    page = signed_in(who.own).post(reverse("tip_file_add", args=[told.pk]), sent)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert not TipFile.objects.exists()


def test_without_the_promise_that_nothing_is_classified_nothing_is_kept(
    one: Case, who: Investigators, signed_in: SignedIn, files_dir: Path
) -> None:
    sent = {"files_added": SimpleUploadedFile("a.pdf", PDF)}
    page = signed_in(who.own).post(reverse("case_file_add", args=[one.pk]), sent)
    assert page.status_code == 422
    assert "Choose your files again" in page.content.decode()
    assert _on_disk(files_dir) == []


def test_a_form_sent_without_a_file_asks_for_one(one: Case, who: Investigators, signed_in: SignedIn) -> None:
    page = signed_in(who.own).post(reverse("case_file_add", args=[one.pk]), {"has_no_secret": "on"})
    assert page.status_code == 422
    assert "This field is required." in page.content.decode()


def test_a_file_lies_sealed_and_its_name_stands_nowhere_in_the_clear(
    one: Case, who: Investigators, files_dir: Path
) -> None:
    add_case_files(case=one, actor=who.own, files=[paper("Sùng Thị Chim Én.pdf")])

    (path,) = _on_disk(files_dir)
    assert b"PDF" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    with connection.cursor() as cursor:
        for table in ("incidents_casefile", "incidents_casefileevent"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            rows = cursor.fetchall()
            assert len(rows) == 1
            assert "Chim" not in rows[0][0]


def test_the_same_file_twice_is_kept_once_and_too_many_are_refused(one: Case, who: Investigators) -> None:
    add_case_files(case=one, actor=who.own, files=[paper(), paper()])
    add_case_files(case=one, actor=who.own, files=[paper("khác tên.pdf")])
    assert one.files.count() == 1

    more = [paper(f"{number}.pdf", PDF + bytes([number])) for number in range(MAX_FILES)]
    with pytest.raises(ValidationError, match="At most 10"):
        add_case_files(case=one, actor=who.own, files=more)
    assert one.files.count() == 1


def test_a_write_that_fails_leaves_no_bytes_behind(one: Case, who: Investigators, files_dir: Path) -> None:
    with pytest.raises(PermissionDenied):
        add_case_files(case=one, actor=who.head, files=[paper()])
    with pytest.raises(PermissionDenied):
        add_case_files(case=one, actor=who.far, files=[paper()])
    assert _on_disk(files_dir) == []


def test_a_file_no_scanner_saw_is_not_kept_where_one_is_set_up(
    one: Case, who: Investigators, settings: Any
) -> None:
    unseen = paper()
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    with pytest.raises(UnscannedFile):
        add_case_files(case=one, actor=who.own, files=[unseen])


def test_a_sealed_case_takes_its_files_with_it(one: Case, who: Investigators, signed_in: SignedIn) -> None:
    (file,) = add_case_files(case=one, actor=who.own, files=[paper()])
    seal_case(case=one, actor=who.own, readers=[])
    address = reverse("case_file", args=[one.pk, file.pk])
    for outsider in (who.second, who.head, who.far):
        assert signed_in(outsider).get(address).status_code == 404
        with row_scope(outsider), portal_role():
            assert not CaseFile.objects.exists()
    assert signed_in(who.own).get(address).content == PDF


def test_the_database_keeps_files_from_whoever_may_not_see_the_record(
    cast: Cast, one: Case, told: Tip, who: Investigators
) -> None:
    with row_scope(who.own), portal_role():
        add_case_files(case=one, actor=who.own, files=[paper()])
        add_tip_files(tip=told, actor=who.own, files=[paper()])
        assert (CaseFile.objects.count(), TipFile.objects.count()) == (1, 1)
    for stranger in (who.far, who.sister, cast.people.coordinator, cast.people.case_worker):
        with row_scope(stranger), portal_role():
            assert (CaseFile.objects.count(), TipFile.objects.count()) == (0, 0)
    with portal_role():
        assert (CaseFile.objects.count(), TipFile.objects.count()) == (0, 0)
    with row_scope(who.head), portal_role():
        assert CaseFile.objects.all().delete()[0] == 0, "a head reads and does not write"


def test_a_file_that_is_removed_goes_from_storage_and_stays_in_the_history(
    one: Case, who: Investigators, files_dir: Path, django_capture_on_commit_callbacks: Any
) -> None:
    (file,) = add_case_files(case=one, actor=who.own, files=[paper()])
    with pytest.raises(PermissionDenied):
        remove_case_file(file=file, actor=who.head)
    with django_capture_on_commit_callbacks(execute=True):
        remove_case_file(file=file, actor=who.own)
    assert _on_disk(files_dir) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgh_label FROM incidents_casefileevent ORDER BY pgh_id")
        assert [label for (label,) in cursor.fetchall()] == ["insert", "delete"]


def test_files_stand_in_no_list_and_no_export(one: Case, who: Investigators, signed_in: SignedIn) -> None:
    add_case_files(case=one, actor=who.own, files=[paper("tên lạ.pdf")])
    browser = signed_in(who.own)
    assert "tên lạ" not in browser.get(reverse("case_list")).content.decode()
    assert browser.post(reverse("case_list"), {"words": "tên lạ"}).content.decode().count("case_own") == 0
    exported = b"".join(browser.get(reverse("case_export")))  # type: ignore[call-overload]
    assert "tên lạ".encode() not in exported


def test_a_case_that_is_removed_everywhere_takes_its_files_with_it(
    one: Case, who: Investigators, files_dir: Path, django_capture_on_commit_callbacks: Any
) -> None:
    (file,) = add_case_files(case=one, actor=who.own, files=[paper()])
    with django_capture_on_commit_callbacks(execute=True):
        remove_everywhere(record=one, decision="1/QĐ")
    assert not CaseFile.objects.exists()
    assert not default_storage.exists(file.stored)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM incidents_casefileevent")
        assert cursor.fetchone()[0] == 0


def test_the_nightly_check_names_a_file_that_was_changed_and_one_that_is_gone(
    one: Case, told: Tip, who: Investigators, files_dir: Path
) -> None:
    (of_case,) = add_case_files(case=one, actor=who.own, files=[paper("a.pdf")])
    (of_tip,) = add_tip_files(tip=told, actor=who.own, files=[paper("b.pdf")])
    assert list(sealed_files_open()) == []

    (files_dir / of_case.stored).chmod(0o600)
    (files_dir / of_case.stored).write_bytes(b"something else")
    default_storage.delete(of_tip.stored)

    assert {(found.where, found.what) for found in sealed_files_open()} == {
        (
            f"incidents.casefile:{of_case.pk}",
            "the file does not open: it was moved or changed, or its key is missing",
        ),
        (f"incidents.tipfile:{of_tip.pk}", "the file is missing or cannot be read"),
    }
