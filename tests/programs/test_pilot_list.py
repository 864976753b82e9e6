"""The list of pilots: searched, narrowed, ordered, and as a file."""

import datetime as dt
import io
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEvent
from programs.models import Document, DocumentKind, Pilot
from programs.services.pilot import start_pilot
from tests.cast import Cast, make_cast
from tests.programs.conftest import SignedIn

START, END = dt.date(2021, 5, 1), dt.date(2022, 6, 30)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def piloted(cast: Cast, name: str, **changed: Any) -> Pilot:
    """A pilot of a plan of its own of the provincial police, in Bát Xát."""
    plan: Document = Document.objects.create(
        kind=DocumentKind.PLAN,
        number=changed.pop("number", ""),
        year=2021,
        subject="chỉ đạo điểm",
        issuer=cast.agencies.lao_cai_police,
        area=cast.map.lao_cai,
    )
    fields = {
        "areas": [cast.map.bat_xat],
        "lead": cast.agencies.lao_cai_police,
        "starts_on": START,
        "ends_on": END,
        **changed,
    }
    return start_pilot(actor=cast.people.coordinator, document=plan, name=name, **fields)


@pytest.fixture
def pilots(cast: Cast) -> dict[str, Pilot]:
    return {
        "near": piloted(cast, "Thí điểm chợ phiên", number="80/KH-CAT"),
        "both": piloted(
            cast,
            "Ấp ủ mô hình mới",
            areas=[cast.map.bat_xat, cast.map.si_ma_cai],
            starts_on=dt.date(2022, 1, 1),
        ),
    }


def listed(reader: Any, **asked: Any) -> list[int]:
    return [pilot.pk for pilot in reader.get(reverse("pilot_list"), asked).context["pilots"]]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["both", "near"]),
        ({"q": "cho phien"}, ["near"]),
        ({"q": "80/kh-cat diem"}, ["near"]),
        ({"q": "không có"}, []),
        ({"decision": "open", "sort": "date"}, ["near", "both"]),
        ({"decision": "stop"}, []),
        ({"sort": "name"}, ["both", "near"]),
    ],
)
def test_the_list_is_searched_narrowed_and_ordered(
    cast: Cast, pilots: dict[str, Pilot], signed_in: SignedIn, asked: dict[str, str], expected: list[str]
) -> None:
    reader = signed_in(cast.people.coordinator)

    assert listed(reader, **asked) == [pilots[name].pk for name in expected]


def test_an_area_is_one_in_which_pilots_are_tried(
    cast: Cast, pilots: dict[str, Pilot], signed_in: SignedIn
) -> None:
    reader = signed_in(cast.people.coordinator)

    assert listed(reader, area=cast.map.si_ma_cai.pk) == [pilots["both"].pk]
    page = reader.get(reverse("pilot_list"), {"area": cast.map.kon_tum.pk}).content.decode()
    assert "Nothing is shown, because a filter cannot be used" in page
    assert pilots["both"].name not in page


def test_htmx_gets_the_part_below_the_filters(
    cast: Cast, pilots: dict[str, Pilot], signed_in: SignedIn
) -> None:
    part = signed_in(cast.people.coordinator).get(reverse("pilot_list"), headers={"hx-request": "true"})

    assert part.content.decode().lstrip().startswith('<div id="pilot-results"')


def test_the_file_holds_what_the_list_shows_and_leaves_a_row_in_the_trail(
    cast: Cast, pilots: dict[str, Pilot], signed_in: SignedIn
) -> None:
    danger = piloted(cast, "=HYPERLINK(1)")
    reader = signed_in(cast.people.coordinator)
    answer = reader.get(reverse("pilot_export"), {"sort": "date", "decision": "open"})
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))

    assert {row[0] for row in rows} == {pilots["near"].name, pilots["both"].name, f"'{danger.name}"}
    assert "Huyện Bát Xát; Huyện Si Ma Cai" in {row[3] for row in rows}
    noted = AuditEvent.objects.get(kind=AuditEvent.Kind.EXPORTED)
    assert (noted.about, noted.detail["rows"]) == ("programs.pilot:list", 3)


def test_a_stranger_exports_nothing_of_others(
    cast: Cast, pilots: dict[str, Pilot], signed_in: SignedIn
) -> None:
    answer = signed_in(cast.people.stranger).get(reverse("pilot_export"))
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))

    assert list(book.worksheets[0].iter_rows(min_row=2, values_only=True)) == []


def test_more_pilots_take_no_more_statements(
    cast: Cast,
    pilots: dict[str, Pilot],
    signed_in: SignedIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    reader = signed_in(cast.people.coordinator)
    with django_assert_num_queries(7):
        reader.get(reverse("pilot_list"))
    for number in range(8):
        piloted(cast, f"Thí điểm {number}")
    with django_assert_num_queries(7):
        reader.get(reverse("pilot_list"))
