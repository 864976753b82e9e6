"""The register of a training: who came from which agency, what the tests showed, and who may write it."""

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent
from programs.models import Activity, ActivityKind, TrainingPlaces, TrainingRegister
from programs.selectors.training import RegisterSummary, contradicts, register_of
from programs.services.approval import approve_activity
from programs.services.training import Places, keep_register
from territory.figure import Figure
from tests.programs.cast import Cast, filed, quantity
from tests.programs.conftest import SignedIn

TESTS = {
    "taken_before": 38,
    "passed_before": 12,
    "average_before": Decimal("4.5"),
    "taken_after": 40,
    "passed_after": 36,
    "average_after": Decimal("7.8"),
}


@pytest.fixture
def training(cast: Cast) -> Activity:
    made = filed(
        cast,
        quantity("people", "42"),
        kind=ActivityKind.TRAINING,
        title="Tập huấn nghiệp vụ",
        area=cast.kon_tum,
    )
    return Activity.objects.unscoped("with what the database set").get(pk=made.pk)


def rows(cast: Cast) -> list[Places]:
    return [
        Places(cast.kon_tum_police, "", 30, 32, 12, 30, 12),
        Places(None, "Đồn biên phòng Đăk Long", 12, 8, None, 10, None),
    ]


def kept(cast: Cast, activity: Activity, **changed: Any) -> TrainingRegister:
    fields: dict[str, Any] = {
        "actor": cast.officer,
        "version": 0,
        "places": rows(cast),
        "topic": "Nhận biết nạn nhân",
        **TESTS,
        **changed,
    }
    return keep_register(activity=activity, **fields)


def typed(version: int = 0, **changed: str) -> dict[str, str]:
    return {
        "version": str(version),
        "topic": "Nhận biết nạn nhân",
        "trainers": "Bà Y Lan, Sở Lao động",
        "days": "2",
        "taken_after": "40",
        "average_after": "7,8",
        "places-TOTAL_FORMS": "3",
        "places-INITIAL_FORMS": "0",
        "places-0-unit": "công an  tỉnh Kon Tum",
        "places-0-offered": "32",
        "places-0-attended": "30",
        "places-0-attended_women": "12",
        "places-1-unit": "Đồn biên phòng Đăk Long",
        "places-1-attended": "12",
        **changed,
    }


def count(cast: Cast, activity: Activity) -> None:
    """Let the head approve it, so that it counts and the coordinator sees it."""
    approve_activity(activity=activity, actor=cast.colleague, version=activity.version)


def page(client: Client, activity: Activity, of: str = "register/") -> str:
    response = client.get(f"/activities/{activity.pk}/{of}")
    assert response.status_code == 200
    return response.content.decode()


# --- refused ---------------------------------------------------------------------------------------------------


def test_whoever_may_not_change_the_activity_keeps_no_register(cast: Cast, training: Activity) -> None:
    for actor in (cast.stranger, cast.district_officer, cast.coordinator, cast.steering):
        with pytest.raises(PermissionDenied):
            kept(cast, training, actor=actor)
    assert not TrainingRegister.objects.exists()


def test_whoever_may_not_see_the_activity_learns_of_no_register(
    cast: Cast, training: Activity, signed_in: SignedIn
) -> None:
    kept(cast, training)
    for actor in (cast.stranger, cast.district_officer, cast.steering):
        for of in ("register/", "register/edit/", "register.xlsx"):
            assert signed_in(actor).get(f"/activities/{training.pk}/{of}").status_code == 404
    assert signed_in(cast.coordinator).get(f"/activities/{training.pk}/register/").status_code == 404
    count(cast, training)
    assert signed_in(cast.coordinator).get(f"/activities/{training.pk}/register/").status_code == 200
    assert signed_in(cast.coordinator).get(f"/activities/{training.pk}/register/edit/").status_code == 404


def test_a_patrol_has_no_register(cast: Cast, signed_in: SignedIn) -> None:
    patrol = filed(cast, kind=ActivityKind.PATROL)
    with pytest.raises(ValidationError, match="training class or a seminar"):
        kept(cast, patrol)
    assert signed_in(cast.officer).get(f"/activities/{patrol.pk}/register/").status_code == 404
    assert signed_in(cast.officer).get(f"/activities/{patrol.pk}/register/edit/").status_code == 404


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ({"attended": 5, "attended_women": 6}, "part_exceeds"),
        ({"attended": 5, "certificates": 6}, "part_exceeds"),
        ({"attended": 5, "certificates": 3, "certificates_women": 4}, "part_exceeds"),
        ({"attended": 5, "attended_women": 2, "certificates": 4, "certificates_women": 3}, "part_exceeds"),
        ({"attended": -1}, "out_of_range"),
        ({"attended": 1_000_001}, "out_of_range"),
    ],
)
def test_no_part_exceeds_its_whole(cast: Cast, training: Activity, numbers: Any, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        kept(cast, training, places=[Places(None, "Đồn 1", **numbers)])
    assert {error.code for error in refused.value.error_dict["places"]} == {code}


@pytest.mark.parametrize(
    "wrong",
    [
        {"attended_women": 31},
        {"certificates": 31},
        {"certificates": 5, "certificates_women": 6},
        {"certificates_women": 13},
        {"attended": -1},
        {"other": "và một tên"},
        {"agency": None},
    ],
)
def test_the_database_refuses_what_nobody_asked_a_form_about(
    cast: Cast, training: Activity, wrong: Any
) -> None:
    row = kept(cast, training).places.all()[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainingPlaces.objects.filter(pk=row.pk).update(**wrong)


def test_an_agency_has_one_row(cast: Cast, training: Activity) -> None:
    for places in ([rows(cast)[0]] * 2, [Places(None, "Đồn 1", 3), Places(None, "ĐỒN  1", 4)]):
        with pytest.raises(ValidationError) as refused:
            kept(cast, training, places=places)
        assert refused.value.error_dict["places"][0].code == "repeated"


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"taken_before": None}, "taken_before"),
        ({"passed_after": 41}, "passed_after"),
        ({"average_after": Decimal("10.1")}, "average_after"),
        ({"days": 0}, "days"),
        ({"topic": "a\u0007b"}, "topic"),
        ({"topic": "x" * 301}, "topic"),
    ],
)
def test_tests_and_texts_are_judged(cast: Cast, training: Activity, fields: Any, name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        kept(cast, training, **fields)
    assert set(refused.value.error_dict) == {name}


# --- kept ------------------------------------------------------------------------------------------------------


def test_a_second_click_is_no_second_change(cast: Cast, training: Activity) -> None:
    first = kept(cast, training)
    again = kept(cast, training)

    assert (first.pk, again.version, TrainingPlaces.objects.count()) == (again.pk, 1, 2)


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(cast: Cast, training: Activity) -> None:
    kept(cast, training)
    kept(cast, training, actor=cast.colleague, version=1, topic="Chủ đề khác")
    with pytest.raises(ChangedMeanwhile) as changed:
        kept(cast, training, version=1, topic="Chủ đề thứ ba")

    assert (changed.value.who, changed.value.version) == (cast.colleague, 2)


def test_rows_that_stay_are_touched_only_where_they_differ(cast: Cast, training: Activity) -> None:
    police, post = kept(cast, training).places.all()
    kept(cast, training, version=1, places=[rows(cast)[0], Places(None, "Đồn biên phòng Đăk Long", 11)])

    stored = list(TrainingPlaces.objects.all())
    assert [row.pk for row in stored] == [police.pk, post.pk]
    assert stored[1].attended == 11
    assert police.events.count() == 1
    assert post.events.count() == 2


def test_the_sums_say_over_how_many_agencies_they_go(cast: Cast, training: Activity) -> None:
    kept(cast, training)
    register = register_of(training)
    assert register is not None
    summary = RegisterSummary(register, training)

    assert (summary.offered, summary.attended, summary.certificates) == (40, 42, 40)
    assert summary.attendance is not None and summary.attendance.percent == Decimal("105.0")
    assert summary.women is not None
    assert (summary.women.part, summary.women.whole, summary.women.is_partial) == (12, 30, True)
    assert summary.warnings == []


def test_a_sum_that_is_not_the_reported_figure_is_told_and_not_corrected(
    cast: Cast, training: Activity, signed_in: SignedIn
) -> None:
    kept(cast, training, places=rows(cast)[:1])

    for of in ("register/", ""):
        shown = page(signed_in(cast.officer), training, of)
        assert "adds up to 30 who attended, the figures of the activity say 42 people" in shown
    assert training.quantities.get().low == 42


@pytest.mark.parametrize(
    ("figure", "number", "answer"),
    [
        (Figure.exact(40), 40, False),
        (Figure.exact(40), 41, True),
        (Figure.over(40), 41, False),
        (Figure.over(40), 39, True),
        (Figure.nearly(40), 41, True),
        (Figure.about(40), 44, False),
        (Figure.about(40), 45, True),
        (Figure.between(40, 50), 51, True),
        (Figure.in_words("hàng chục"), 40, False),
        (Figure.in_words("đông đảo"), 40, False),
    ],
)
def test_a_qualified_figure_is_contradicted_only_by_what_it_cannot_mean(
    figure: Figure, number: int, answer: bool
) -> None:
    assert contradicts(number, figure) is answer


# --- pages -----------------------------------------------------------------------------------------------------


def test_an_empty_register_says_how_to_begin_it(cast: Cast, training: Activity, signed_in: SignedIn) -> None:
    link = f"/activities/{training.pk}/register/edit/"
    assert link in page(signed_in(cast.officer), training)
    assert link in page(signed_in(cast.officer), training, "")
    count(cast, training)
    assert link not in page(signed_in(cast.coordinator), training)
    assert link not in page(signed_in(cast.officer), training), "only the head changes what counts"


def test_an_officer_fills_the_form_and_names_become_agencies(
    cast: Cast, training: Activity, signed_in: SignedIn
) -> None:
    client = signed_in(cast.officer)
    assert 'value="Công an tỉnh Kon Tum"' in page(client, training, "register/edit/")

    response = client.post(f"/activities/{training.pk}/register/edit/", typed())
    assert response.status_code == 302
    police, post = TrainingPlaces.objects.all()
    assert (police.agency, police.other, police.offered, police.attended_women) == (
        cast.kon_tum_police,
        "",
        32,
        12,
    )
    assert (post.agency, post.other, post.attended, post.offered) == (
        None,
        "Đồn biên phòng Đăk Long",
        12,
        None,
    )
    assert (police.register.days, police.register.average_after) == (2, Decimal("7.8"))
    shown = page(client, training)
    assert "Bà Y Lan" in shown
    assert "40.0 %" in shown  # women at the police; the post did not tell
    assert "1 of 2 agencies told" in shown


def test_agencies_of_another_province_are_names_only(
    cast: Cast, training: Activity, signed_in: SignedIn
) -> None:
    sent = typed(**{"places-0-unit": "Công an tỉnh Lào Cai"})
    signed_in(cast.officer).post(f"/activities/{training.pk}/register/edit/", sent)

    assert TrainingPlaces.objects.all()[0].other == "Công an tỉnh Lào Cai"


def test_more_rows_come_without_script_and_nothing_typed_is_lost(
    cast: Cast, training: Activity, signed_in: SignedIn
) -> None:
    sent = typed(more_rows="yes", **{"places-0-attended": "ba mươi"})
    response = signed_in(cast.officer).post(f"/activities/{training.pk}/register/edit/", sent)
    shown = response.content.decode()

    assert 'name="places-5-unit"' in shown
    assert 'value="ba mươi"' in shown
    assert "Nhận biết nạn nhân" in shown
    assert not TrainingRegister.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"places-0-attended_women": "31"}, "More women than people attended."),
        ({"places-0-attended": ""}, "Say how many attended; 0 when nobody came."),
        ({"places-1-unit": ""}, "Name the agency these people came from."),
        ({"places-1-unit": "Công an tỉnh Kon Tum"}, "Each agency has one row."),
        ({"passed_after": "41"}, "More passed than took the test."),
        ({"passed_before": "3"}, "Say also how many took this test."),
        ({"average_after": "11"}, "Type a mark from 0 to 10"),
        ({"average_after": "7,55"}, "Type a mark from 0 to 10"),
        ({"days": "0"}, "at least one day"),
        ({"trainers": "a\u0000b"}, "control character"),
    ],
)
def test_an_error_names_the_field_and_keeps_what_was_typed(
    cast: Cast, training: Activity, signed_in: SignedIn, wrong: dict[str, str], message: str
) -> None:
    client = signed_in(cast.officer)
    response = client.post(f"/activities/{training.pk}/register/edit/", typed(**wrong))
    shown = response.content.decode()

    assert response.status_code == 200
    assert message in shown
    assert "Đồn biên phòng Đăk Long" in shown or "places-1-unit" in wrong
    assert not TrainingRegister.objects.exists()


def test_two_who_write_at_once_are_told(cast: Cast, training: Activity, signed_in: SignedIn) -> None:
    kept(cast, training, actor=cast.colleague)
    address = f"/activities/{training.pk}/register/edit/"
    response = signed_in(cast.officer).post(address, typed(0))
    shown = response.content.decode()

    assert response.status_code == 409
    assert "A Phong changed this register" in shown
    assert "Bà Y Lan" in shown
    assert 'name="version" value="1"' in shown
    assert signed_in(cast.officer).post(address, typed(1)).status_code == 302


def test_the_register_goes_to_excel_as_text_and_leaves_a_trace(
    cast: Cast, training: Activity, signed_in: SignedIn
) -> None:
    register = kept(cast, training, places=[Places(None, '=HYPERLINK("http://x")', 42, 40)], topic="=1+1")
    count(cast, training)
    response = signed_in(cast.coordinator).get(f"/activities/{training.pk}/register.xlsx")
    book = load_workbook(io.BytesIO(b"".join(response)))
    sheet = book.worksheets[0]

    assert sheet["A2"].value == '\'=HYPERLINK("http://x")'
    assert sheet["A2"].data_type == "s"
    assert [cell.value for cell in sheet[3]] == ["Total", 40, 42, None, None, None]
    assert "'=1+1" in [cell.value for cell in book.worksheets[1]["B"]]
    event = AuditEvent.objects.get()
    assert (event.kind, event.about) == (
        AuditEvent.Kind.EXPORTED,
        f"programs.trainingregister:{register.pk}",
    )
    assert event.detail == {"activity": training.pk, "rows": 1}


def test_there_is_no_file_of_a_register_nobody_began(
    cast: Cast, training: Activity, signed_in: SignedIn
) -> None:
    assert signed_in(cast.officer).get(f"/activities/{training.pk}/register.xlsx").status_code == 404


@pytest.mark.parametrize("of", ["register/", "register/edit/", ""])
def test_more_rows_take_no_more_statements(
    cast: Cast,
    training: Activity,
    signed_in: SignedIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    of: str,
) -> None:
    client = signed_in(cast.officer)
    kept(cast, training, places=rows(cast))
    page(client, training, of)
    with django_assert_max_num_queries(36) as few:
        page(client, training, of)
    many = [
        *rows(cast),
        Places(cast.dak_glei_police, "", 2),
        *(Places(None, f"Đồn {n}", n) for n in range(60)),
    ]
    kept(cast, training, version=1, places=many)
    with django_assert_max_num_queries(len(few.captured_queries)):
        page(client, training, of)


def test_a_register_is_read_with_its_own_rows(cast: Cast, training: Activity) -> None:
    register = kept(cast, training)
    other = filed(
        cast, kind=ActivityKind.SEMINAR, started_on=dt.date(2020, 3, 6), ended_on=dt.date(2020, 3, 6)
    )
    kept(cast, other, places=[Places(None, "Đồn 9", 1)])

    assert len(RegisterSummary(register, training).rows) == 2
