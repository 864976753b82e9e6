"""A workbook of activities that was checked is stored only when its officer says so, once and as a whole."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.leases import LeaseLost
from accounts.models import AuditEvent
from programs.models import ActivityUpload, UploadRow
from programs.workbook import leases, uploads
from tests.programs import workbooks
from tests.programs.cast import Cast, filed, make_agency, make_person, quantity
from tests.programs.workbooks import activities, cell, checked, now_of, numbered, row, stored, upload

State = ActivityUpload.State


WHY = "the test looks at all"


# --- storing ---


def test_nothing_is_stored_before_the_officer_says_so(cast: Cast) -> None:
    assert checked(cast.officer, *numbered(3)).state == State.CHECKED
    assert activities() == []


def test_the_good_rows_are_stored_as_if_they_had_been_typed(cast: Cast) -> None:
    done = stored(checked(cast.officer, row(partner_agencies="Hội Phụ nữ tỉnh Kon Tum"), row(title="")))

    (made,) = activities()
    typed = filed(
        cast,
        quantity("attendances", "trên 6.770", women=3000),
        costs={"local": Decimal(12_500_000)},
        partner_agencies=[cast.kon_tum_women],
        title=made.title,
    )
    assert (done.state, done.stored, done.bad) == (State.STORED, 1, 1)
    skipped = ("id", "submission_key", "created_at", "updated_at", "submitted_at", "activity")
    for one, other in ((made, typed), (made.quantities.get(), typed.quantities.get())):
        typed_now = type(other)._default_manager.get(pk=other.pk) if one is not made else activities()[1]
        for column in one._meta.concrete_fields:
            if column.name not in skipped:
                assert getattr(one, column.attname) == getattr(typed_now, column.attname), column.name
    assert list(made.partner_agencies.all()) == [cast.kon_tum_women]
    assert done.upload_rows.get(is_good=True).activity == made


def test_the_history_says_who_stored_a_row(cast: Cast) -> None:
    stored(checked(cast.officer, row()))

    (event,) = activities()[0].events.all()
    assert event.pgh_context.metadata["user"] == cast.officer.pk


def test_storing_twice_stores_once(cast: Cast) -> None:
    sent = checked(cast.officer, row())
    first = stored(sent)

    again = uploads.store_upload(upload=sent, actor=cast.officer)

    assert again.state == first.state == State.STORED
    assert leases.take(str(sent.key)) is None
    assert len(activities()) == 1


def test_a_worker_that_lost_its_lease_stores_nothing(cast: Cast) -> None:
    sent = checked(cast.officer, row())
    uploads.store_upload(upload=sent, actor=cast.officer)
    killed = leases.take(str(sent.key))
    assert killed is not None
    past = timezone.now() - dt.timedelta(seconds=1)
    leases.all_uploads(WHY).filter(pk=sent.pk).update(lease_until=past)
    assert leases.pick_up_abandoned() == [str(sent.key)]
    second = leases.take(str(sent.key))
    assert second is not None

    with pytest.raises(LeaseLost):
        uploads.work_on(killed)
    assert activities() == []
    uploads.work_on(second)
    assert (len(activities()), now_of(sent).state) == (1, State.STORED)


def test_after_too_many_attempts_it_is_given_up(cast: Cast, settings: Any) -> None:
    sent = upload(cast.officer, workbooks.book(cast.officer, row()))
    past = timezone.now() - dt.timedelta(seconds=1)
    leases.all_uploads(WHY).filter(pk=sent.pk).update(
        state=State.CHECKING, lease_until=past, lease=uuid.uuid4(), attempts=settings.UPLOAD_MAX_ATTEMPTS
    )

    assert leases.pick_up_abandoned() == []
    assert (now_of(sent).state, now_of(sent).failure) == (State.FAILED, "gave_up")


def test_a_check_that_was_cut_off_begins_anew(cast: Cast) -> None:
    sent = upload(cast.officer, workbooks.book(cast.officer, *numbered(3)))
    assert leases.take(str(sent.key)) is not None
    UploadRow.objects.create(upload=sent, number=3, values={}, is_good=False)
    past = timezone.now() - dt.timedelta(seconds=1)
    leases.all_uploads(WHY).filter(pk=sent.pk).update(lease_until=past)

    done = workbooks.work(sent)

    assert (done.state, done.rows, done.upload_rows.count()) == (State.CHECKED, 3, 3)


def test_a_role_that_ended_meanwhile_stores_nothing_and_says_so(cast: Cast) -> None:
    sent = checked(cast.officer, *numbered(2))
    uploads.store_upload(upload=sent, actor=cast.officer)
    cast.officer.memberships.update(area=cast.ngoc_hoi)

    done = workbooks.work(now_of(sent))

    assert (done.state, done.failure, done.good, done.bad) == (State.CHECKED, "changed", 0, 2)
    assert activities() == []


def test_one_person_has_one_upload_at_work(cast: Cast) -> None:
    content = workbooks.book(cast.officer, row())
    first = upload(cast.officer, content)

    with pytest.raises(ValidationError) as refusal:
        upload(cast.officer, content)
    assert refusal.value.code == "one_at_work"
    assert len(list(default_storage.listdir("uploads")[0])) >= 1
    workbooks.work(first)
    upload(cast.officer, content)


def test_the_same_form_sent_twice_makes_one_upload(cast: Cast) -> None:
    content, key = workbooks.book(cast.officer, row()), uuid.uuid4()

    assert upload(cast.officer, content, key=key) == upload(cast.officer, content, key=key)
    with pytest.raises(PermissionDenied):
        upload(cast.colleague, content, key=key)


def test_an_upload_leaves_a_row_in_the_trail(cast: Cast) -> None:
    sent = upload(cast.officer, workbooks.book(cast.officer, row()))

    (noted,) = AuditEvent.objects.filter(kind=AuditEvent.Kind.UPLOADED)
    assert (noted.user, noted.about) == (cast.officer, f"programs.activityupload:{sent.pk}")
    assert noted.detail == {"sha256": sent.sha256, "size": sent.size}


def test_who_files_nowhere_uploads_nothing(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        upload(cast.coordinator, workbooks.book(cast.officer, row()))


# --- what is kept ---


def test_discarding_removes_file_and_rows(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    sent = checked(cast.officer, row())
    name = sent.file.name
    assert default_storage.exists(name)

    with django_capture_on_commit_callbacks(execute=True):
        done = uploads.discard_upload(upload=sent, actor=cast.officer)

    assert (done.state, done.upload_rows.count()) == (State.DISCARDED, 0)
    assert not default_storage.exists(name)


def test_what_is_at_work_or_stored_cannot_be_discarded(cast: Cast) -> None:
    sent = checked(cast.officer, row())
    uploads.store_upload(upload=sent, actor=cast.officer)
    with pytest.raises(ValidationError):
        uploads.discard_upload(upload=sent, actor=cast.officer)
    workbooks.work(sent)
    with pytest.raises(ValidationError):
        uploads.discard_upload(upload=sent, actor=cast.officer)


def test_after_thirty_days_file_and_rows_are_removed_and_the_upload_stays(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    sent = stored(checked(cast.officer, row()))
    fresh = checked(cast.officer, row())
    name = sent.file.name
    leases.all_uploads(WHY).filter(pk=sent.pk).update(uploaded_at=timezone.now() - dt.timedelta(days=31))

    with django_capture_on_commit_callbacks(execute=True):
        assert uploads.remove_old_uploads() == 1

    assert now_of(sent).is_emptied
    assert now_of(sent).upload_rows.count() == 0
    assert now_of(sent).state == State.STORED
    assert not default_storage.exists(name)
    assert len(activities()) == 1
    assert now_of(fresh).upload_rows.count() == 1


# --- pages ---


def test_an_officer_uploads_sees_the_faults_stores_the_good_and_gets_the_rest_back(
    cast: Cast, signed_in: Any
) -> None:
    reader: Client = signed_in(cast.officer)
    content = workbooks.book(cast.officer, *numbered(4), row(title="Sai ngày", ended_on="31/02/2020"))
    key = str(uuid.uuid4())
    form = {"submission_key": key, "workbook": workbooks.uploaded_file(content)}
    answer = reader.post(reverse("upload_new"), form)
    address = reverse("upload_detail", args=[key])
    assert answer["Location"] == address
    status = reader.get(reverse("upload_status", args=[key]))
    assert (status.status_code, b"hx-get" in status.content) == (200, True)
    sent = ActivityUpload.objects.unscoped(WHY).get(key=key)
    workbooks.work(sent)
    assert reader.get(reverse("upload_status", args=[key])).status_code == 286

    page = reader.get(address).content.decode()
    assert cell("ended_on", 4) in page
    assert "31/02/2020" in page
    assert "Store the 4 rows without faults" in page
    assert "Tuyên truyền lần 3" in reader.get(address, {"rows": "good"}).content.decode()

    reader.post(reverse("upload_store", args=[key]))
    workbooks.work(sent)
    assert len(activities()) == 4
    rest = b"".join(reader.get(reverse("upload_rest", args=[key])))
    (back,) = workbooks.read_rows(rest)
    assert (back["title"], back["ended_on"]) == ("Sai ngày", "31/02/2020")
    assert "Last day" in back["faults"]
    assert workbooks.sheet_of(rest)["I3"].comment is not None

    again = upload(cast.officer, rest)
    assert (workbooks.work(again).bad, workbooks.now_of(again).rows) == (1, 1)


def test_a_refused_file_is_told_in_the_form(cast: Cast, signed_in: Any) -> None:
    reader: Client = signed_in(cast.officer)

    answer = reader.post(reverse("upload_new"), {"workbook": workbooks.uploaded_file(b"no")})

    assert answer.status_code == 422
    assert "no Excel workbook" in answer.content.decode()


def test_another_persons_upload_is_not_there(cast: Cast, signed_in: Any) -> None:
    sent = checked(cast.officer, row(title=""))
    for person in (cast.colleague, cast.stranger):
        reader: Client = signed_in(person)
        for name in ("upload_detail", "upload_status", "upload_rest"):
            assert reader.get(reverse(name, args=[sent.key])).status_code == 404
        for name in ("upload_store", "upload_discard"):
            assert reader.post(reverse(name, args=[sent.key])).status_code == 404


def test_the_template_offers_only_what_its_officer_may_choose(cast: Cast, signed_in: Any) -> None:
    import io

    from openpyxl import load_workbook

    officer = make_person("Y Mai", "filing_officer", cast.dak_glei_police, cast.dak_glei)
    make_agency("Trạm; biên phòng", cast.dak_glei, "TBP")
    content = b"".join(signed_in(officer).get(reverse("upload_template")))

    book = load_workbook(io.BytesIO(content))
    lists = list(book.worksheets[1].iter_rows(values_only=True))
    column = {head: [each[n] for each in lists[1:] if each[n]] for n, head in enumerate(lists[0])}
    assert column["Agency"] == ["Công an huyện Đăk Glei"]
    assert set(column["Area"]) == {"Huyện Đăk Glei", "Xã Đăk Môn", "Xã Đăk Long"}
    assert "Trạm, biên phòng" in column["Partner agencies"]
    assert "Công an huyện Bát Xát" not in column["Partner agencies"]
    sheet = book.worksheets[0]
    assert sheet.row_dimensions[1].hidden
    assert all(head.comment for head in sheet[2])
    assert len(sheet.data_validations.dataValidation) == 5
    assert sheet.column_dimensions[workbooks.letter("figure.people")].number_format == "@"
