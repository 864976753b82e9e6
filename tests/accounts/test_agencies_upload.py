"""Agencies come from one workbook, each row judged as the page would, added when a person says so."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.agencies import services
from accounts.models import AuditEvent, Membership, User
from programs.directory_workbook.storing import Subject
from programs.models import DirectoryUpload
from territory.models import Agency, AgencyKind, Area
from tests.accounts import directory_workbooks as books
from tests.cast import Cast, area
from tests.conftest import SignedIn

pytestmark = pytest.mark.django_db

State = DirectoryUpload.State
AGENCIES = Subject.AGENCIES


@pytest.fixture(autouse=True)
def patient_lease(settings: Any) -> None:
    """The thread that renews a lease has a connection of its own, which does not see what a test has not committed."""
    settings.UPLOAD_LEASE_SECONDS = 600


@pytest.fixture
def administrator(cast: Cast) -> User:
    """Of Lào Cai, whose province and that of Kon Tum exist today."""
    provinces = [cast.map.lao_cai.pk, cast.map.kon_tum.pk]
    Area.objects.filter(pk__in=provinces).update(valid_to=None)
    return cast.people.administrator


def row(**changed: str) -> dict[str, str]:
    """A sound row for Lào Cai."""
    sound = {"name": "Sở Y tế tỉnh Lào Cai", "kind": "Sở Y tế", "area": "Tỉnh Lào Cai", "on": "01/01/2026"}
    return sound | changed


def checked(actor: User, *rows: dict[str, str]) -> DirectoryUpload:
    return books.checked(actor, AGENCIES, *rows)


def test_agencies_are_added_with_their_duties_and_the_trail_tells_it(administrator: User) -> None:
    made = checked(
        administrator,
        row(symbol="SYT", duties="Victim support; victim_support; labour and employment"),
        row(name="Sở Văn hóa", kind="Department of Culture, Sports and Tourism"),
    )
    assert (made.good, made.bad, books.faults(made)) == (2, 0, {})
    assert not Agency.objects.filter(name="Sở Văn hóa").exists()

    done = books.stored(made)

    health = Agency.objects.get(name="Sở Y tế tỉnh Lào Cai")
    assert (done.state, done.stored) == (State.STORED, 2)
    assert (health.code, health.symbol, health.valid_from) == ("10-health", "SYT", dt.date(2026, 1, 1))
    assert sorted(each.duty for each in health.duties.all()) == ["labour", "victim_support"]
    told = AuditEvent.objects.get(about=f"territory.agency:{health.pk}")
    assert (told.kind, told.detail, told.user) == ("agency_changed", {"what": "opened"}, administrator)
    assert books.rows_of(done)[0].agency == health


def test_each_fault_stands_beside_its_cell_and_says_what_to_do(cast: Cast, administrator: User) -> None:
    services.open_agency(
        actor=administrator,
        kind=AgencyKind.objects.get(code="health"),
        area=area("10"),
        name="Sở Y tế tỉnh Lào Cai",
        on=dt.date(2026, 1, 1),
    )

    made = checked(
        administrator,
        row(),
        row(area="Tỉnh Kon Tum"),
        row(kind="Bộ Phép thuật", on="không rõ"),
        row(name="", symbol="a" * 21),
        row(name="Sở Tư pháp", kind="justice", on="01/01/1990"),
        row(name="Sở Giáo dục", kind="education", duties="Dạy học"),
        row(name="Tòa án nhân dân tỉnh", kind="court"),
        row(name="tòa án nhân dân tỉnh", kind="court"),
    )

    told = books.faults(made)
    assert (made.good, made.bad) == (1, 7)
    assert sorted(told) == ["B10", "B3", "B6", "C5", "C7", "D4", "E6", "F5", "G8"]
    assert "has such an agency already" in told["B3"]
    assert "sheet of lists" in told["D4"]
    assert "no agencies of this kind" in told["C7"]
    assert "Row 9" in told["B10"]


def test_what_was_added_meanwhile_is_named_and_nothing_is_stored(cast: Cast, administrator: User) -> None:
    made = books.asked(checked(administrator, row(), row(name="Sở Văn hóa", kind="culture")))
    services.open_agency(
        actor=administrator,
        kind=AgencyKind.objects.get(code="culture"),
        area=area("10"),
        name="Sở Văn hóa",
        on=dt.date(2025, 12, 1),
    )

    refused = books.worked(made)

    assert (refused.state, refused.failure, refused.good) == (State.CHECKED, "changed", 1)
    assert not Agency.objects.filter(name="Sở Y tế tỉnh Lào Cai").exists()
    assert books.stored(refused).stored == 1
    assert books.asked(refused).state == State.STORED
    assert Agency.objects.filter(name="Sở Y tế tỉnh Lào Cai").count() == 1


def test_a_role_that_ended_meanwhile_adds_nothing(administrator: User) -> None:
    made = books.asked(checked(administrator, row()))
    Membership.objects.filter(user=administrator).delete()

    assert books.worked(made).failure == "changed"
    assert not Agency.objects.filter(name="Sở Y tế tỉnh Lào Cai").exists()


def test_who_keeps_no_agencies_uploads_none(cast: Cast, administrator: User) -> None:
    with pytest.raises(PermissionDenied):
        books.upload(cast.people.coordinator, AGENCIES, books.template(administrator, AGENCIES))


def test_the_rows_given_back_can_be_corrected(administrator: User) -> None:
    content = books.given_back(checked(administrator, row(name="'=1+1", kind="Bộ Phép thuật")))
    name = next(cell for cell in books.sheet_of(content)[3] if "1+1" in str(cell.value))
    assert (name.data_type, name.value[0]) == ("s", "'")

    corrected = books.filled(content, {"name": "Sở Y tế tỉnh Lào Cai", "kind": "Sở Y tế"})

    assert books.stored(books.worked(books.upload(administrator, AGENCIES, corrected))).stored == 1


def test_the_pages_lead_from_the_list_to_the_agencies_that_were_added(
    administrator: User, signed_in: SignedIn
) -> None:
    browser = signed_in(administrator)
    assert reverse("agencies_upload_new") in browser.get(reverse("agency_list")).content.decode()
    assert "Sở Y tế" in str(
        list(books.sheet_of(b"".join(browser.get(reverse("agencies_upload_template"))), 1).values)
    )
    made = checked(administrator, row(), row(kind="Bộ Phép thuật"))

    address = reverse("agencies_upload_detail", args=[made.key])
    assert "<q>Bộ Phép thuật</q>" in browser.get(address).content.decode()
    browser.post(reverse("agencies_upload_store", args=[made.key]))
    books.worked(made)

    page = browser.get(address + "?rows=good").content.decode()
    added = Agency.objects.get(name="Sở Y tế tỉnh Lào Cai")
    assert reverse("agency_detail", args=[added.pk]) in page
    assert b"".join(browser.get(reverse("agencies_upload_rest", args=[made.key])))
    assert browser.get(reverse("people_upload_detail", args=[made.key])).status_code == 404
