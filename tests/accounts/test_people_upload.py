"""People with their roles come from one workbook, each row judged as the page would, stored when a person says so."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.models import AuditEvent, Membership, Role, RoleRequest, User
from programs.directory_workbook.storing import KINDS, Subject
from programs.models import DirectoryUpload
from programs.tasks import remove_old_uploads, work_on_directory_upload
from programs.workbook import uploads
from tests.accounts import directory_workbooks as books
from tests.cast import Cast, member
from tests.conftest import SignedIn
from tests.directory_upload_rows import make_directory_upload
from tests.signing_in import sign_in_by_force

pytestmark = pytest.mark.django_db

State = DirectoryUpload.State
PEOPLE = Subject.PEOPLE
SUA = "giang.thi.sua@example.vn"


@pytest.fixture(autouse=True)
def patient_lease(settings: Any) -> None:
    """The thread that renews a lease has a connection of its own, which does not see what a test has not committed."""
    settings.UPLOAD_LEASE_SECONDS = 600


@pytest.fixture
def administrator(cast: Cast) -> User:
    """Of Lào Cai."""
    return cast.people.administrator


def row(**changed: str) -> dict[str, str]:
    """A sound row for Lào Cai."""
    sound = {
        "full_name": "Giàng Thị Súa",
        "email": SUA,
        "role": "Filing officer",
        "agency": "Công an huyện Bát Xát",
        "valid_from": "01/03/2020",
    }
    return sound | changed


def checked(actor: User, *rows: dict[str, str]) -> DirectoryUpload:
    return books.checked(actor, PEOPLE, *rows)


def test_the_template_offers_what_the_administrator_may_give(administrator: User) -> None:
    content = books.template(administrator, PEOPLE)

    lists = [value for line in books.sheet_of(content, 1).iter_rows(values_only=True) for value in line]
    assert {"Công an huyện Bát Xát", "Huyện Bát Xát", "Investigator"} <= set(lists)
    assert not any("Kon Tum" in str(value) for value in lists)
    assert {offer.formula1 for offer in books.sheet_of(content).data_validations.dataValidation}


def test_people_are_invited_each_with_a_link_and_the_trail_tells_it(
    cast: Cast, administrator: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    made = checked(
        administrator,
        row(area="Huyện Bát Xát", valid_to="31/12/2020"),
        row(
            full_name="Lý A Pao",
            email="LY.A.PAO.2@example.vn",
            role="coordinator",
            agency="Công an tỉnh Lào Cai",
        ),
    )
    assert (made.state, made.good, made.bad) == (State.CHECKED, 2, 0)
    assert not User.objects.filter(email=SUA).exists()

    with django_capture_on_commit_callbacks(execute=True):
        done = books.stored(made)

    assert (done.state, done.stored) == (State.STORED, 2)
    assert sorted(letter.to[0] for letter in mail.outbox) == [SUA, "ly.a.pao.2@example.vn"]
    sua = User.objects.get(email=SUA)
    held = Membership.objects.get(user=sua)
    assert (held.role, held.agency, held.area) == (
        Role.FILING_OFFICER,
        cast.agencies.bat_xat_police,
        cast.map.bat_xat,
    )
    assert (held.valid_from, held.valid_to) == (dt.date(2020, 3, 1), dt.date(2020, 12, 31))
    told = AuditEvent.objects.filter(about=f"accounts.user:{sua.pk}").order_by("pk")
    assert [each.kind for each in told] == ["person_invited", "role_given"]
    assert {each.user for each in told} == {administrator}
    assert books.rows_of(done)[0].person == sua


def test_a_mail_server_that_fails_keeps_nobody_from_being_stored(
    administrator: User, settings: Any, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    made = checked(administrator, row(), row(email="lu.a.chu@example.vn", full_name="Lù A Chu"))

    with django_capture_on_commit_callbacks(execute=True):
        done = books.stored(made)

    assert (done.state, done.stored) == (State.STORED, 2)
    assert not User.objects.get(email=SUA).has_usable_password()


def test_a_role_that_takes_two_is_asked_for(cast: Cast, administrator: User) -> None:
    made = checked(administrator, row(role="Investigator", reason="Thay người nghỉ hưu"))
    assert "Another administrator is asked" in books.warnings(made)["D3"]

    books.stored(made)

    asked = RoleRequest.objects.get(user__email=SUA)
    assert (asked.state, asked.asked_by, asked.reason) == ("asked", administrator, "Thay người nghỉ hưu")
    assert not Membership.objects.filter(user=asked.user).exists()


def test_each_fault_stands_beside_its_cell_and_says_what_to_do(cast: Cast, administrator: User) -> None:
    made = checked(
        administrator,
        row(full_name="", email="không phải thư", valid_from="32/13/2020"),
        row(role="Vua"),
        row(role="Head of unit"),
        row(agency="Công an huyện Đăk Hà"),
        row(area="Tỉnh Kon Tum"),
        row(valid_to="01/01/2019"),
        row(valid_from="01/01/1990"),
        row(email=administrator.email),
        row(full_name="a" * 121),
    )

    told = books.faults(made)
    assert (made.good, made.bad) == (0, 9)
    assert sorted(told) == ["B11", "B3", "C10", "C3", "D4", "E6", "E9", "F7", "F9", "G3", "H8", "I5"]
    assert "it is needed" in told["B3"]
    assert "sheet of lists" in told["D4"]
    assert "Say why" in told["I5"]
    assert "sheet of lists" in told["E6"]
    assert "sheet of lists" in told["F7"]
    assert "before the first" in told["H8"]
    assert "did not exist yet" in told["E9"]
    assert "Nobody gives a role to themself" in told["C10"]
    with pytest.raises(ValidationError, match="No row"):
        books.stored(made)
    assert not User.objects.filter(email=SUA).exists()


def test_a_role_that_reaches_beyond_the_area_is_refused(cast: Cast, administrator: User) -> None:
    Membership.objects.filter(user=administrator).delete()
    member(administrator, Role.ADMINISTRATOR, cast.agencies.bat_xat_police)

    made = checked(administrator, row(area="Tỉnh Lào Cai"), row(agency="Công an huyện Si Ma Cai"))

    assert (made.good, sorted(books.faults(made))) == (0, ["E4", "F3"])


def test_two_areas_of_an_administrator_are_not_mixed(cast: Cast, administrator: User) -> None:
    Membership.objects.filter(user=administrator).delete()
    for agency in (cast.agencies.bat_xat_police, cast.agencies.si_ma_cai_police):
        member(administrator, Role.ADMINISTRATOR, agency)

    made = checked(administrator, row(), row(email="lu.a.chu@example.vn", area="Huyện Si Ma Cai"))

    assert made.good == 1
    assert books.faults(made)["F4"].startswith(
        "You give no roles at Công an huyện Bát Xát for Huyện Si Ma Cai"
    )


def test_who_has_an_account_is_named_and_gets_the_role_beside_the_others(
    cast: Cast, administrator: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    stranger, held = cast.people.stranger, cast.people.filing_officer
    made = checked(
        administrator,
        row(email=stranger.email.upper()),
        row(email=held.email, full_name=held.full_name),
    )
    assert "An account with this e-mail exists" in books.warnings(made)["C3"]
    assert stranger.full_name not in str(books.warnings(made))
    assert "has this very role" in books.faults(made)["D4"]

    with django_capture_on_commit_callbacks(execute=True):
        books.stored(made)

    assert stranger.memberships.count() == 2
    assert User.objects.get(pk=stranger.pk).full_name == stranger.full_name
    assert mail.outbox == []


def test_a_closed_account_is_given_nothing(cast: Cast, administrator: User) -> None:
    User.objects.filter(pk=cast.people.stranger.pk).update(is_active=False)

    made = checked(administrator, row(email=cast.people.stranger.email))

    assert "is closed" in books.faults(made)["C3"]


def test_one_person_may_have_several_rows_but_not_twice_the_same_role_or_two_names(
    administrator: User,
) -> None:
    made = checked(
        administrator,
        row(),
        row(role="Coordinator", agency="Công an tỉnh Lào Cai"),
        row(),
        row(full_name="Giàng A Súa", role="Coordinator"),
    )
    told = books.faults(made)
    assert (made.good, sorted(told)) == (2, ["C6", "D5"])
    assert "Row 3" in told["D5"] and "Row 3" in told["C6"]

    books.stored(made)

    assert User.objects.get(email=SUA).memberships.count() == 2


def test_storing_twice_is_once_and_all_or_nothing(cast: Cast, administrator: User) -> None:
    made = checked(administrator, row(), row(email="lu.a.chu@example.vn", full_name="Lù A Chu"))
    asked = books.asked(made)
    again = books.asked(made)
    assert (asked.pk, again.state) == (made.pk, State.STORING)
    taken = User.objects.create_user("lu.a.chu@example.vn", full_name="Lù A Chu")
    taken.is_active = False
    taken.save()

    refused = books.worked(made)

    assert (refused.state, refused.failure, refused.good, refused.bad) == (State.CHECKED, "changed", 1, 1)
    assert not User.objects.filter(email=SUA).exists()
    done = books.stored(refused)
    assert done.stored == 1
    assert books.asked(done).state == State.STORED
    assert Membership.objects.filter(user__email=SUA).count() == 1


def test_an_administrator_whose_role_ended_meanwhile_stores_nothing(administrator: User) -> None:
    made = books.asked(checked(administrator, row()))
    Membership.objects.filter(user=administrator).delete()

    after = books.worked(made)

    assert (after.state, after.failure) == (State.CHECKED, "changed")
    assert not User.objects.filter(email=SUA).exists()
    assert not DirectoryUpload.objects.visible_to(User.objects.get(pk=administrator.pk)).exists()


def test_who_keeps_no_people_uploads_none(cast: Cast, administrator: User) -> None:
    content = books.template(administrator, PEOPLE)

    for person in (cast.people.coordinator, cast.people.stranger):
        with pytest.raises(PermissionDenied):
            books.upload(person, PEOPLE, content)
    with pytest.raises(PermissionDenied):
        uploads.store_upload(
            upload=checked(administrator, row()), actor=cast.people.coordinator, kind=KINDS[PEOPLE]
        )


def test_the_rows_given_back_hold_no_formula_and_can_be_corrected(administrator: User) -> None:
    made = checked(administrator, row(full_name="'=HYPERLINK(1)", role="Vua"))
    content = books.given_back(made)

    sheet = books.sheet_of(content)
    cells = {str(key.value): cell for key, cell in zip(sheet[1], sheet[3], strict=True)}
    assert (cells["full_name"].data_type, cells["full_name"].value[0]) == ("s", "'")
    assert "Role: " in cells["faults"].value

    corrected = books.filled(content, {"full_name": "Giàng Thị Súa", "role": "Filing officer"})
    assert books.stored(books.worked(books.upload(administrator, PEOPLE, corrected))).stored == 1


def test_a_workbook_of_agencies_or_with_too_many_rows_is_refused(administrator: User, settings: Any) -> None:
    other = books.worked(books.upload(administrator, PEOPLE, books.template(administrator, Subject.AGENCIES)))
    assert (other.state, other.failure) == (State.FAILED, "not_the_template")

    settings.DIRECTORY_MAX_ROWS = 1
    made = checked(administrator, row(), row(email="lu.a.chu@example.vn"))
    assert (made.state, made.failure) == (State.FAILED, "too_many_rows")
    assert "at most 1 rows" in uploads.told_failure(made)


def test_a_worker_that_is_asked_again_does_nothing_again(administrator: User) -> None:
    made = books.upload(administrator, PEOPLE, books.filled(books.template(administrator, PEOPLE), row()))

    for _time in range(2):
        work_on_directory_upload(str(made.key))

    after = books.now_of(made)
    assert (after.state, after.attempts, len(books.rows_of(after))) == (State.CHECKED, 1, 1)


def test_old_uploads_lose_their_rows(administrator: User) -> None:
    made = checked(administrator, row())
    before = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    DirectoryUpload.objects.unscoped(books.WHY).filter(pk=made.pk).update(uploaded_at=before)

    remove_old_uploads()

    after = books.now_of(made)
    assert (after.state, after.file.name, books.rows_of(after)) == (State.DISCARDED, "", [])


def test_the_administrator_takes_the_template_uploads_confirms_and_sees_the_people(
    administrator: User, signed_in: SignedIn
) -> None:
    browser = signed_in(administrator)
    assert reverse("people_upload_new") in browser.get(reverse("people")).content.decode()
    content = b"".join(browser.get(reverse("people_upload_template")))
    file = SimpleUploadedFile("a.xlsx", books.filled(content, row(), row(role="Vua")))
    sent = browser.post(reverse("people_upload_new"), {"workbook": file, "submission_key": str(uuid.uuid4())})
    made = DirectoryUpload.objects.unscoped(books.WHY).get()
    books.worked(made)
    page = browser.get(sent["Location"]).content.decode()
    assert "<q>Vua</q>" in page and "sheet of lists" in page

    administrator.set_password("Mua-Xuan-Y-Ty-2026")
    administrator.save()
    late = Client()
    sign_in_by_force(late, administrator, seconds_ago=3600)
    store = reverse("people_upload_store", args=[made.key])
    assert "reauthenticate" in late.post(store)["Location"]
    assert books.now_of(made).state == State.CHECKED
    browser = signed_in(administrator)
    browser.post(store)
    books.worked(made)

    page = browser.get(sent["Location"] + "?rows=good").content.decode()
    assert reverse("person_detail", args=[User.objects.get(email=SUA).pk]) in page
    assert b"".join(browser.get(reverse("people_upload_rest", args=[made.key])))
    kinds = AuditEvent.objects.filter(about=f"programs.directoryupload:{made.pk}").values_list(
        "kind", flat=True
    )
    assert sorted(kinds) == ["exported", "uploaded"]


def test_more_rows_take_no_more_statements(
    administrator: User, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(administrator)
    for rows in (1, 60):
        made = make_directory_upload(administrator, PEOPLE, rows)
        with django_assert_num_queries(5):
            assert browser.get(reverse("people_upload_detail", args=[made.key])).status_code == 200
        with django_assert_num_queries(3):
            assert browser.get(reverse("people_upload_new")).status_code == 200
        with django_assert_num_queries(4):
            assert browser.get(reverse("people_upload_template")).status_code == 200


def test_another_administrators_upload_is_not_there(
    cast: Cast, administrator: User, signed_in: SignedIn
) -> None:
    made = checked(administrator, row())
    member(cast.people.stranger, Role.ADMINISTRATOR, cast.agencies.kon_tum_police)
    other = signed_in(cast.people.stranger)

    for name in ("detail", "status", "rest"):
        assert other.get(reverse(f"people_upload_{name}", args=[made.key])).status_code == 404
    assert other.post(reverse("people_upload_store", args=[made.key])).status_code == 404
