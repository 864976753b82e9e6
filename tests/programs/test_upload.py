"""A workbook of activities is checked row by row, and stored only when its officer says so."""

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
from django.utils import timezone, translation
from openpyxl.styles.numbers import FORMAT_DATE_DDMMYY

from accounts.leases import LeaseLost
from accounts.models import AuditEvent
from programs.models import Activity, ActivityUpload, Audience, UploadRow
from programs.selectors.quantity import Quantity
from programs.workbook import leases, uploads
from programs.workbook.checking import taken_file
from territory.figure import parse_figure
from tests.programs import workbooks
from tests.programs.cast import Cast, filed, make_agency, make_person, quantity
from tests.programs.workbooks import by_hand, cell, checked, faults, now_of, numbered, row, stored, upload

State = ActivityUpload.State


@pytest.fixture(autouse=True)
def patient_lease(settings: Any) -> None:
    """The thread that renews a lease has a connection of its own, which does not see what a test has not committed."""
    settings.UPLOAD_LEASE_SECONDS = 600


WHY = "the test looks at all"


def activities() -> list[Activity]:
    return list(Activity.objects.unscoped(WHY).order_by("pk"))


# --- files that are refused before a sheet is opened ---


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "empty"),
        ("a.xlsx", b"kind;title\n", "not_xlsx"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook", "encrypted"),
    ],
)
def test_what_is_no_workbook_is_refused(name: str, content: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        taken_file(workbooks.uploaded_file(content, name))
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/externalLinks/externalLink1.xml", "external_links"),
        ("xl/embeddings/oleObject1.bin", "macros"),
        ("xl/embeddings/package.bin", "embedded"),
        ("xl/connections.xml", "embedded"),
    ],
)
def test_a_workbook_that_acts_or_fetches_is_refused(cast: Cast, part: str, code: str) -> None:
    content = workbooks.with_part(workbooks.empty_template(cast.officer), part, b"<x/>")

    with pytest.raises(ValidationError) as refusal:
        taken_file(workbooks.uploaded_file(content))
    assert refusal.value.code == code


def test_a_workbook_that_unpacks_to_far_more_is_refused(cast: Cast) -> None:
    content = workbooks.with_part(workbooks.empty_template(cast.officer), "xl/media/a.bin", b"0" * 70_000_000)

    with pytest.raises(ValidationError) as refusal:
        taken_file(workbooks.uploaded_file(content))
    assert refusal.value.code == "zip_bomb"


def test_a_large_workbook_is_refused_with_the_limit(cast: Cast, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1024

    with pytest.raises(ValidationError) as refusal:
        taken_file(workbooks.uploaded_file(workbooks.empty_template(cast.officer)))
    assert refusal.value.code == "too_large"


# --- files that are refused once their sheet is read ---


def test_formulas_are_refused_with_their_cells(cast: Cast) -> None:
    def fill(sheet: Any, letters: dict[str, str]) -> None:
        sheet[f"{letters['title']}3"] = '=HYPERLINK("http://x")'
        sheet[f"{letters['figure.people']}4"] = "=1+1"

    done = workbooks.work(upload(cast.officer, by_hand(cast.officer, fill)))

    assert (done.state, done.failure) == (State.FAILED, "formulas")
    assert done.failure_detail == f"{cell('title')}, {cell('figure.people', 1)}"
    assert not done.upload_rows.exists()


def test_a_document_type_is_refused(cast: Cast) -> None:
    content = workbooks.book(cast.officer, row())
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData><row><c><v>&a;</v></c></row></sheetData>'
    bomb += b"</worksheet>"

    done = workbooks.work(
        upload(cast.officer, workbooks.with_part(content, "xl/worksheets/sheet1.xml", bomb))
    )

    assert (done.state, done.failure) == (State.FAILED, "damaged")


def test_more_rows_than_allowed_are_refused_with_the_first_cell_too_far(cast: Cast, settings: Any) -> None:
    settings.UPLOAD_MAX_ROWS = 2

    done = checked(cast.officer, *numbered(3))

    assert (done.state, done.failure, done.failure_detail) == (State.FAILED, "too_many_rows", "A5")
    assert UploadRow.objects.count() == 0


def test_a_sheet_that_is_not_the_template_is_refused(cast: Cast) -> None:
    def fill(sheet: Any, letters: dict[str, str]) -> None:
        sheet.delete_rows(1)

    assert workbooks.work(upload(cast.officer, by_hand(cast.officer, fill))).failure == "not_the_template"


def test_another_version_of_the_template_is_refused(cast: Cast) -> None:
    def fill(sheet: Any, letters: dict[str, str]) -> None:
        sheet["A1"] = "pcmbn-activities/99"

    assert workbooks.work(upload(cast.officer, by_hand(cast.officer, fill))).failure == "other_version"


def test_a_missing_column_is_named(cast: Cast) -> None:
    def fill(sheet: Any, letters: dict[str, str]) -> None:
        sheet[f"{letters['area']}1"] = None

    with translation.override("en"):
        sent = upload(cast.officer, by_hand(cast.officer, fill))
    done = workbooks.work(sent)

    assert (done.failure, done.failure_detail) == ("column_missing", "Area")


def test_the_empty_template_has_no_rows_to_check(cast: Cast) -> None:
    assert workbooks.work(upload(cast.officer, workbooks.empty_template(cast.officer))).failure == "no_rows"


# --- rows ---


def test_each_fault_stands_beside_its_cell(cast: Cast) -> None:
    bad = row(
        kind="Khiêu vũ",
        started_on="31/02/2020",
        figure__attendances="6.77",
        figure__sessions="hai",
        cost__local="-5",
        audience="Phụ nữ; Người sao Hỏa",
        narrative="",
    )
    with translation.override("en"):
        sent = upload(cast.officer, workbooks.book(cast.officer, row(), bad))

    done = workbooks.work(sent)

    assert (done.rows, done.good, done.bad) == (2, 1, 1)
    told = faults(done)
    assert set(told) >= {
        cell(key, 1)
        for key in ("kind", "started_on", "figure.attendances", "figure.sessions", "cost.local", "audience")
    }
    assert "Khiêu vũ" in told[cell("kind", 1)]
    assert "two numbers" in told[cell("figure.attendances", 1)]
    assert activities() == []


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"agency": "Công an huyện Đăk Glei"}, "agency"),
        ({"area": "Huyện Bát Xát"}, "area"),
        ({"area": ""}, "area"),
        ({"ended_on": "04/03/2020"}, "ended_on"),
        ({"ended_on": "05/03/2099"}, "ended_on"),
        ({"started_on": "05/03/2019"}, "is_cumulative"),
        ({"women__attendances": "7.000", "figure__attendances": "6.770"}, "women.attendances"),
        ({"figure__attendances": "", "women__attendances": "5"}, "figure.attendances"),
        ({"figure__attendances": "", "women__attendances": "", "narrative": ""}, "narrative"),
        ({"is_integrated": "Không", "integrated_with": "Hội nghị"}, "integrated_with"),
        ({"is_integrated": "có lẽ"}, "is_integrated"),
        ({"partner_agencies": "Công an huyện Bát Xát"}, "partner_agencies"),
        ({"title": "Ẩn \x7f ký tự"}, "title"),
    ],
)
def test_a_row_is_judged_by_the_rules_of_the_form(cast: Cast, changed: dict[str, str], key: str) -> None:
    done = checked(cast.officer, row(**changed))

    assert (done.good, done.bad) == (0, 1)
    assert next(iter(faults(done))) == cell(key)


def test_a_row_may_be_in_either_language_and_typed_in_any_program(cast: Cast) -> None:
    def fill(sheet: Any, letters: dict[str, str]) -> None:
        for key, value in {
            "kind": "direct communication",
            "title": 2020,
            "agency": " cong an tinh kon tum ",
            "area": "XÃ ĐĂK MÔN",
            "started_on": dt.date(2020, 3, 5),
            "ended_on": "5.3.2020",
            "is_integrated": True,
            "audience": f"women and girls; {Audience.CHILDREN.label}",
            "figure.attendances": 6770,
            "women.attendances": 120.0,
            "figure.minutes": 12.5,
            "cost.local": 12_500_000,
        }.items():
            place = sheet[f"{letters[key]}3"]
            place.value = value
            place.number_format = FORMAT_DATE_DDMMYY if key == "started_on" else "General"

    done = workbooks.work(upload(cast.officer, by_hand(cast.officer, fill)))
    assert faults(done) == {}
    stored(done)

    (made,) = activities()
    assert (made.kind, made.title, made.agency, made.area) == (
        "communication",
        "2020",
        cast.kon_tum_police,
        cast.dak_mon,
    )
    assert (made.started_on, made.ended_on) == (dt.date(2020, 3, 5),) * 2
    assert (made.is_integrated, made.audience) == (True, ["women", "children"])
    figures = {each.measure: Quantity.of(each) for each in made.quantities.all()}
    assert figures["attendances"].figure == parse_figure("6770")
    assert (figures["attendances"].women, figures["minutes"].figure) == (120, parse_figure("12,5"))
    assert made.costs.get().amount == Decimal(12_500_000)


def test_what_excel_has_turned_into_a_date_is_no_figure(cast: Cast) -> None:
    def fill(sheet: Any, letters: dict[str, str]) -> None:
        for key, value in row().items():
            sheet[f"{letters[key]}3"] = value
        place = sheet[f"{letters['figure.attendances']}3"]
        place.value, place.number_format = dt.date(2020, 5, 1), FORMAT_DATE_DDMMYY

    done = workbooks.work(upload(cast.officer, by_hand(cast.officer, fill)))

    assert list(faults(done)) == [cell("figure.attendances")]


def test_areas_of_one_name_are_told_apart_by_their_district(cast: Cast) -> None:
    twin = workbooks_twin(cast)

    unclear = checked(cast.officer, row())
    assert list(faults(unclear)) == [cell("area")]
    assert "Xã Đăk Môn, Huyện Ngọc Hồi" in faults(unclear)[cell("area")]

    stored(checked(cast.officer, row(area="Xã Đăk Môn, Huyện Ngọc Hồi"), row(district="Huyện Đăk Glei")))
    assert [each.area for each in activities()] == [twin, cast.dak_mon]


def workbooks_twin(cast: Cast) -> Any:
    from territory.models import Area, AreaKind, Level
    from tests.programs.cast import make_area

    twin = make_area("T99999", Level.COMMUNE, AreaKind.COMMUNE, "Xã Đăk Môn", cast.ngoc_hoi)
    return Area.objects.get(pk=twin.pk)


def test_rows_alike_are_warned_of_and_not_refused(cast: Cast) -> None:
    filed(cast, quantity("people", "5"), title="Đã nộp")

    done = checked(cast.officer, row(), row(), row(title="Đã nộp"))

    assert (done.good, done.bad, done.warned) == (3, 0, 2)
    assert [bool(each.warnings) for each in done.upload_rows.all()] == [False, True, True]


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
