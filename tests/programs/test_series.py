"""Several places, a series of occurrences, tasks that are served, and copies."""

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from openpyxl import load_workbook

from accounts.models import FormDraft
from programs.models import Activity, Assignment, Document, DocumentKind, Measure, Task
from programs.selectors.occurrence import Occurrence
from programs.services import change_activity
from programs.services.content import content_of
from territory.models import Agency, Area
from tests.programs.cast import Cast, approved, filed, quantity, typed_form
from tests.programs.conftest import SignedIn
from tests.programs.test_changing import fields_of
from tests.programs.test_filing import errors_beside
from tests.programs.test_list import seen

NEW = "/activities/new/"
LINES = """Trường THCS Đăk Môn; 05/03/2020; 2; 85; 40; Xã Đăk Môn
Trường THCS Đăk Long;05.03.2020;1;1.060

Nhà rông; ; ; 15"""


def only() -> Activity:
    found: Activity = Activity.objects.unscoped("the test looks").get()
    return found


def assignment(cast: Cast, agency: Agency, area: Area, text: str = "Tuyên truyền lưu động") -> Assignment:
    document = Document.objects.create(
        kind=DocumentKind.PLAN, number=f"{uuid.uuid4().int % 999}/KH-UBND", issuer=cast.kon_tum_women,
        area=cast.kon_tum, subject="kế hoạch",
    )  # fmt: skip
    task = Task.objects.create(document=document, order=1, number="1", text=text)
    made: Assignment = Assignment.objects.create(task=task, agency=agency, area=area)
    return made


# --- places --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("Xã Không Có", "“Xã Không Có” is not the name of a unit"),
        ("Xã Pờ Y", "Xã Pờ Y does not lie within Huyện Đăk Glei"),
        ("Xã Trịnh Tường", "is not the name of a unit"),
        ("Huyện Đăk Glei", "does not lie within Huyện Đăk Glei"),
        ("Đăk Môn\x07", "U+0007"),
        ("x" * 8001, "8001 characters"),
    ],
)
def test_a_place_that_does_not_fit_is_named(
    cast: Cast, signed_in: SignedIn, typed: str, message: str
) -> None:
    sent = typed_form(cast, area=str(cast.dak_glei.pk), places=typed)
    page = signed_in(cast.officer).post(NEW, sent).content.decode()
    assert message in errors_beside(page, "places")
    assert typed[:50] in page


def test_places_are_typed_by_name_and_shown_again(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.officer)
    sent = typed_form(cast, area=str(cast.dak_glei.pk), places="dak mon, Xã Đăk Long\nXã Đăk Môn")
    assert client.post(NEW, sent).status_code == 302
    activity = only()
    assert set(activity.places.all()) == {cast.dak_mon, cast.dak_long}
    assert activity.area == cast.dak_glei

    page = client.get(f"/activities/{activity.pk}/").content.decode()
    assert "The figures count in Huyện Đăk Glei" in page
    form = client.get(f"/activities/{activity.pk}/edit/").content.decode()
    assert "Xã Đăk Long, Xã Đăk Môn" in form


def test_the_service_refuses_places_outside_the_area_or_of_another_time(cast: Cast) -> None:
    for place in (cast.bo_y, cast.dak_glei, cast.trinh_tuong):
        with pytest.raises(ValidationError):
            filed(cast, area=cast.dak_glei, places=[place])
    Area.objects.filter(pk=cast.dak_long.pk).update(valid_to=dt.date(2019, 12, 31))
    cast.dak_long.refresh_from_db()
    with pytest.raises(ValidationError, match="was not a unit"):
        filed(cast, area=cast.dak_glei, places=[cast.dak_long])


def test_a_filter_by_area_finds_what_took_place_there_and_sums_only_what_counts_there(
    cast: Cast, signed_in: SignedIn
) -> None:
    filed(
        cast,
        quantity("people", "100"),
        title="Cả huyện",
        area=cast.dak_glei,
        places=[cast.dak_mon, cast.dak_long],
    )
    filed(cast, quantity("people", "7"), title="Một xã", area=cast.dak_mon)
    filed(cast, quantity("people", "9"), title="Xã khác", area=cast.bo_y)
    client = signed_in(cast.officer)

    assert set(seen(client, area=cast.dak_mon.pk)) == {"Cả huyện", "Một xã"}
    page = client.get("/activities/", {"area": cast.dak_mon.pk}).content.decode()
    assert "1 of them took place here too but counts in a larger area" in page
    foot = page[page.index("<tfoot>") :]
    assert "7 people" in foot
    assert "107" not in foot
    whole = client.get("/activities/", {"area": cast.dak_glei.pk}).content.decode()
    assert "107 people" in whole[whole.index("<tfoot>") :]


def test_who_takes_part_is_found_as_partner_too_and_only_within_scope(
    cast: Cast, signed_in: SignedIn
) -> None:
    approved(cast, title="Cùng Hội", partner_agencies=[cast.kon_tum_women])
    approved(cast, title="Một mình")
    filed(
        cast, title="Của huyện", actor=cast.district_officer, agency=cast.dak_glei_police,
        area=cast.dak_long, partner_agencies=[cast.kon_tum_women],
    )  # fmt: skip
    women = cast.kon_tum_women.pk
    assert seen(signed_in(cast.officer), takes_part=women) == ["Cùng Hội"]
    assert set(seen(signed_in(cast.coordinator), takes_part=women)) == {"Cùng Hội", "Của huyện"}
    assert seen(signed_in(cast.coordinator), agency=women) == []
    stranger = signed_in(cast.stranger).get("/activities/", {"takes_part": women}).content.decode()
    assert "is not one of those" in stranger


def test_places_and_partners_are_in_the_excel_file(cast: Cast, signed_in: SignedIn) -> None:
    filed(
        cast,
        area=cast.dak_glei,
        places=[cast.dak_mon],
        partner_agencies=[cast.kon_tum_women],
        other_partners="=1",
    )
    response = signed_in(cast.officer).get("/activities/export.xlsx")
    rows = list(load_workbook(io.BytesIO(b"".join(response.streaming_content))).worksheets[0].values)  # type: ignore[attr-defined]
    row = dict(zip(rows[0], rows[1], strict=True))
    assert row["Places"] == "Xã Đăk Môn"
    assert row["Partners"] == "Hội Phụ nữ tỉnh Kon Tum; =1"


# --- occurrences ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("Trường A; hôm qua; 1", "Line 1: “hôm qua” is not a date"),
        ("Trường A\nTrường B; 05/03/2020; nhiều", "Line 2: Type a whole number"),
        ("Trường A; 05/03/2020; -1", "Line 1: The number cannot be below zero"),
        ("Trường A; 06/03/2020; 1", "Line 1: 06/03/2020 lies outside the days of the activity"),
        ("; 05/03/2020; 1", "Line 1: say where it was"),
        ("x" * 201, "Line 1: the venue has more than 200 characters"),
        ("Trường A; ; 1; 10; 11", "Line 1: 11 women are more than all who attended"),
        ("Trường A; ; 1; 10; 5; Xã Pờ Y", "Line 1: Xã Pờ Y does not lie within Xã Đăk Môn"),
        ("Trường A; ; 1; 10; 5; Xã Lạ", "Line 1: “Xã Lạ” is not the name of a unit"),
        ("a;b;c;d;e;f;g", "Line 1: there are 7 parts; at most six fit"),
        ("Trường A\n" * 301, "There are 301 lines; at most 300 fit"),
        ("Trường A; ; 5", "The lines add up to 5 sessions, but the figure above says only 4 sessions"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_stays(
    cast: Cast, signed_in: SignedIn, lines: str, message: str
) -> None:
    sent = typed_form(cast, occurrences=lines)
    page = signed_in(cast.officer).post(NEW, sent).content.decode()
    assert message in errors_beside(page, "occurrences")
    assert lines[:40] in page
    assert not Activity.objects.unscoped("the test counts").exists()


def test_a_series_is_typed_as_lines_and_its_sums_fill_in_what_was_left_out(
    cast: Cast, signed_in: SignedIn
) -> None:
    client = signed_in(cast.officer)
    sent = typed_form(cast, area=str(cast.dak_glei.pk), occurrences=LINES)
    sent |= {"quantities-TOTAL_FORMS": "0", "narrative": ""}
    assert client.post(NEW, sent).status_code == 302
    activity = only()

    rows = list(
        activity.occurrences.values_list("venue", "held_on", "sessions", "attendances", "women", "area")
    )
    day = dt.date(2020, 3, 5)
    assert rows == [
        ("Trường THCS Đăk Môn", day, 2, 85, 40, cast.dak_mon.pk),
        ("Trường THCS Đăk Long", day, 1, 1060, None, None),
        ("Nhà rông", None, None, 15, None, None),
    ]
    said = {row.measure: (row.low, row.women) for row in activity.quantities.all()}
    assert said == {"sessions": (3, None), "attendances": (1160, None)}
    page = client.get(f"/activities/{activity.pk}/").content.decode()
    assert "Total of the lines" in page
    assert "1,160" in page
    form = client.get(f"/activities/{activity.pk}/edit/").content.decode()
    assert (
        "Trường THCS Đăk Môn; 05/03/2020; 2; 85; 40; Xã Đăk Môn\nTrường THCS Đăk Long; 05/03/2020; 1; 1.060"
        in form
    )


def test_lines_pasted_from_a_sheet_are_read(cast: Cast, signed_in: SignedIn) -> None:
    sent = typed_form(cast, occurrences="Trường A\t05/03/2020\t2\t85\nTrường B; cơ sở 2\t\t1\t20")
    assert signed_in(cast.officer).post(NEW, sent).status_code == 200  # a venue has no semicolon
    sent = typed_form(cast, occurrences="Trường A\t05/03/2020\t2\t85\r\nTrường B\t\t1\t20")
    assert signed_in(cast.officer).post(NEW, sent).status_code == 302
    assert [each.sessions for each in only().occurrences.all()] == [2, 1]


@pytest.mark.parametrize("typed", ["hơn 2", "khoảng 2", "vài", "5"])
def test_a_figure_that_may_be_larger_than_the_sum_stands(cast: Cast, typed: str) -> None:
    if typed == "vài":
        typed = "hàng chục"
    lines = [Occurrence("A", sessions=2), Occurrence("B", sessions=2)]
    activity = filed(cast, quantity("sessions", typed), occurrences=lines)
    assert activity.quantities.count() == 1


def test_all_women_known_fills_in_the_women_too(cast: Cast) -> None:
    lines = [Occurrence("A", attendances=10, women=4), Occurrence("B", attendances=5, women=0)]
    said = filed(cast, occurrences=lines).quantities.get(measure=Measure.ATTENDANCES)
    assert (said.low, said.women) == (15, 4)


def test_changing_the_series_touches_only_what_differs_and_the_same_again_is_no_change(cast: Cast) -> None:
    lines = [Occurrence("A", sessions=1), Occurrence("B", sessions=2), Occurrence("C", sessions=3)]
    activity = filed(cast, quantity("sessions", "9"), occurrences=lines)
    kept = activity.occurrences.get(order=1).pk
    fields: dict[str, Any] = fields_of(activity, occurrences=[lines[0], Occurrence("B mới", sessions=2)])
    for _click in range(2):
        change_activity(
            activity=activity, actor=cast.officer, version=1, quantities=[quantity("sessions", "9")], **fields
        )
    activity.refresh_from_db()
    assert activity.version == 2
    assert [each.venue for each in activity.occurrences.all()] == ["A", "B mới"]
    assert activity.occurrences.get(order=1).pk == kept


# --- tasks ---------------------------------------------------------------------------------------------------


def test_tasks_of_others_cannot_be_linked(cast: Cast, signed_in: SignedIn) -> None:
    foreign = assignment(cast, cast.bat_xat_police, cast.bat_xat)
    of_another_unit = assignment(cast, cast.dak_glei_police, cast.dak_glei)
    page = signed_in(cast.officer).post(NEW, typed_form(cast, assignments=[str(foreign.pk)])).content.decode()
    assert "is not one of those you may choose" in errors_beside(page, "assignments")
    for task in (foreign, of_another_unit):
        with pytest.raises(ValidationError):
            filed(cast, assignments=[task])
    lower = assignment(cast, cast.dak_glei_police, cast.kon_tum)  # the district's people do not reach it
    with pytest.raises(PermissionDenied):
        filed(
            cast,
            actor=cast.district_officer,
            agency=cast.dak_glei_police,
            area=cast.dak_long,
            assignments=[lower],
        )


def test_a_task_is_linked_in_the_form_and_shown_on_both_pages(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.officer)
    task = assignment(cast, cast.kon_tum_police, cast.kon_tum)
    assert "Tuyên truyền lưu động" in client.get(NEW).content.decode()
    assert client.post(NEW, typed_form(cast, assignments=[str(task.pk)])).status_code == 302
    activity = only()

    assert f'href="/tasks/{task.pk}/"' in client.get(f"/activities/{activity.pk}/").content.decode()
    page = client.get(f"/tasks/{task.pk}/").content.decode()
    assert "Activities that serve it" in page
    assert activity.title in page
    assert activity.title not in signed_in(cast.coordinator).get(f"/tasks/{task.pk}/").content.decode()

    Assignment.objects.unscoped("the test closes it").filter(pk=task.pk).update(
        state="done", done_on=dt.date(2020, 6, 1)
    )
    form = client.get(f"/activities/{activity.pk}/edit/").content.decode()
    assert f'value="{task.pk}"' in form  # a task that is done by now stays chosen
    assert client.post(f"/activities/{activity.pk}/edit/", typed_form(cast, version="1")).status_code == 302
    assert content_of(only()).assignments == frozenset()


# --- copies --------------------------------------------------------------------------------------------------


def test_a_copy_begins_with_what_lasts(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.officer)
    source = approved(
        cast, quantity("attendances", "trên 6.770"), title="Truyền thông ba xã", area=cast.dak_glei,
        places=[cast.dak_mon, cast.dak_long], audience=["women"], partner_agencies=[cast.kon_tum_women],
        other_partners="Đồn biên phòng", is_integrated=True, integrated_with="Phong trào", costs={"local": 5_000_000},
        narrative="Chuyện cũ",
    )  # fmt: skip
    assert f'href="/activities/{source.pk}/copy/"' in client.get("/activities/").content.decode()
    page = client.get(f"/activities/{source.pk}/copy/").content.decode()

    for kept in (
        'value="Truyền thông ba xã"',
        "Xã Đăk Long, Xã Đăk Môn",
        "Đồn biên phòng",
        'value="Phong trào"',
    ):
        assert kept in page
    for left_out in ("6.770", "2020-03-05", "5.000.000", "Chuyện cũ"):
        assert left_out not in page.replace("for example 6.770", "").replace("6.770, trên 6.770", "")
    assert 'value="attendances" selected' in page
    sent = typed_form(cast, area=str(cast.dak_glei.pk), title="Lần sau")
    assert client.post(f"/activities/{source.pk}/copy/", sent).status_code == 302
    made = Activity.objects.unscoped("the test looks").get(title="Lần sau")
    assert made.copied_from == source
    assert signed_in(cast.coordinator).get(f"/activities/{source.pk}/copy/").status_code == 404


def test_a_copy_that_was_begun_is_kept_apart_from_a_new_one(cast: Cast, signed_in: SignedIn) -> None:
    client, source = signed_in(cast.officer), filed(cast)
    keep = f"/activities/drafts/activity:copy-{source.pk}/"
    sent = typed_form(cast, title="Bản sao dở", places="chưa rõ", occurrences="dòng dở")
    assert client.post(keep, sent).status_code == 200
    assert "Bản sao dở" not in client.get(NEW).content.decode()
    page = client.get(f"/activities/{source.pk}/copy/").content.decode()
    for typed in ("Bản sao dở", "chưa rõ", "dòng dở"):
        assert typed in page
    assert f'href="/activities/{source.pk}/copy/"' in client.get("/").content.decode()
    assert client.post(keep, {"discard": "yes"})["Location"] == f"/activities/{source.pk}/copy/"
    assert not FormDraft.objects.exists()
    assert signed_in(cast.stranger).post(keep, sent).status_code == 404
