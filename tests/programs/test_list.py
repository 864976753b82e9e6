"""The list: who sees what, how it is searched, ordered, summed and exported."""

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from accounts.models import AuditEvent
from programs.models import Activity
from programs.selectors.activity import activity_counts, with_sums
from programs.tables import ActivityListing
from territory.excel import safe_text
from territory.figure import parse_figure, print_figure_vi, sum_figures
from tests.programs.cast import Cast, approved, quantity
from tests.programs.conftest import SignedIn

LIST, EXPORT = "/activities/", "/activities/export.xlsx"


def titles(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/activities/\d+/" lang="vi">(.*?)</a>', page)


def seen(client: Client, **parameters: Any) -> list[str]:
    response = client.get(LIST, parameters)
    assert response.status_code == 200
    return titles(response.content.decode())


@pytest.fixture
def three(cast: Cast) -> None:
    day = dt.date
    approved(
        cast,
        quantity("attendances", "trên 6.770"),
        quantity("sessions", "04"),
        title="Tuyên truyền ở Đăk Môn",
        ended_on=day(2020, 3, 7),
    )
    approved(
        cast,
        quantity("attendances", "230"),
        title="Ấn phẩm cho học sinh",
        kind="media",
        area=cast.bo_y,
        started_on=day(2020, 5, 2),
        ended_on=day(2020, 5, 2),
        is_integrated=True,
        integrated_with="Phòng chống ma túy",
    )
    approved(
        cast,
        quantity("people", "hàng trăm"),
        actor=cast.district_officer,
        agency=cast.dak_glei_police,
        area=cast.dak_long,
        title="Áp phích ở Đăk Long",
        started_on=day(2019, 12, 20),
        ended_on=day(2019, 12, 20),
    )


@pytest.mark.usefixtures("three")
def test_each_sees_own_and_the_coordinator_what_is_approved(cast: Cast, signed_in: SignedIn) -> None:
    approved(cast, actor=cast.district_officer, agency=cast.dak_glei_police, title="Chưa xong", state="draft")

    assert len(seen(signed_in(cast.officer))) == 2
    assert set(seen(signed_in(cast.district_officer))) == {"Chưa xong", "Áp phích ở Đăk Long"}
    assert len(seen(signed_in(cast.coordinator))) == 3
    assert "Chưa xong" not in seen(signed_in(cast.coordinator))
    assert seen(signed_in(cast.stranger)) == []
    assert signed_in(cast.steering).get(LIST).status_code == 403
    assert signed_in(cast.steering).get(EXPORT).status_code == 403


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"q": "tuyen truyen"}, ["Tuyên truyền ở Đăk Môn"]),
        ({"q": "DAK mon"}, ["Tuyên truyền ở Đăk Môn"]),
        ({"q": "mon tuyen"}, ["Tuyên truyền ở Đăk Môn"]),
        ({"q": "ruyề phẩm"}, []),
        ({"q": "ruyề ở"}, ["Tuyên truyền ở Đăk Môn"]),
        ({"q": "ở"}, ["Ấn phẩm cho học sinh", "Tuyên truyền ở Đăk Môn", "Áp phích ở Đăk Long"]),
        ({"q": "ma túy"}, ["Ấn phẩm cho học sinh"]),
        ({"q": "%"}, []),
        ({"q": "không có"}, []),
        ({"kind": "media"}, ["Ấn phẩm cho học sinh"]),
        ({"is_integrated": "yes"}, ["Ấn phẩm cho học sinh"]),
        ({"ended_to": "31/12/2019"}, ["Áp phích ở Đăk Long"]),
        ({"ended_from": "2020-04-01"}, ["Ấn phẩm cho học sinh"]),
        ({"state": "draft"}, []),
        ({"sort": "title"}, ["Áp phích ở Đăk Long", "Ấn phẩm cho học sinh", "Tuyên truyền ở Đăk Môn"]),
        ({"sort": "-title"}, ["Tuyên truyền ở Đăk Môn", "Ấn phẩm cho học sinh", "Áp phích ở Đăk Long"]),
        ({}, ["Ấn phẩm cho học sinh", "Tuyên truyền ở Đăk Môn", "Áp phích ở Đăk Long"]),
        ({"sort": "date"}, ["Áp phích ở Đăk Long", "Tuyên truyền ở Đăk Môn", "Ấn phẩm cho học sinh"]),
        ({"sort": "area"}, ["Áp phích ở Đăk Long", "Tuyên truyền ở Đăk Môn", "Ấn phẩm cho học sinh"]),
        ({"sort": "agency"}, ["Áp phích ở Đăk Long", "Tuyên truyền ở Đăk Môn", "Ấn phẩm cho học sinh"]),
        ({"sort": "nonsense;--"}, ["Ấn phẩm cho học sinh", "Tuyên truyền ở Đăk Môn", "Áp phích ở Đăk Long"]),
    ],
)
def test_the_list_is_searched_narrowed_and_ordered(
    cast: Cast, signed_in: SignedIn, parameters: dict[str, str], expected: list[str]
) -> None:
    assert seen(signed_in(cast.coordinator), **parameters) == expected


@pytest.mark.parametrize("number", [1, 3, 4, 9])
def test_rare_words_and_common_ones_are_found_alike(cast: Cast, signed_in: SignedIn, number: int) -> None:
    """Which index looks for a word depends on how many of the newest rows hold it."""
    for day in range(1, number + 1):
        approved(
            cast,
            title=f"Tuần tra đêm {day}",
            ended_on=dt.date(2020, 3, day),
            started_on=dt.date(2020, 3, day),
        )
        approved(cast, title="Họp giao ban", ended_on=dt.date(2020, 3, day), started_on=dt.date(2020, 3, day))
    told = [f"Tuần tra đêm {day}" for day in range(number, 0, -1)]

    assert seen(signed_in(cast.coordinator), q="tuần đêm") == told
    assert seen(signed_in(cast.coordinator), q="uân đe", ended_to="2020-03-01") == told[-1:]


@pytest.mark.usefixtures("three")
def test_an_area_holds_all_below_it(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.coordinator)
    assert len(seen(client, area=cast.dak_glei.pk)) == 2
    assert len(seen(client, area=cast.kon_tum.pk)) == 3
    assert seen(client, agency=cast.dak_glei_police.pk) == ["Áp phích ở Đăk Long"]


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"ended_from": "31/02/2020"}, "Type the date as day/month/year"),
        ({"ended_from": "2020-05-01", "ended_to": "2020-01-01"}, "lies before the first"),
        ({"kind": "x"}, "“x” is not one of those"),
        ({"area": "999999"}, "“999999” is not one of those"),
        ({"agency": "0"}, "is not one of those"),
        ({"state": "x"}, "is not one of those"),
        ({"is_integrated": "perhaps"}, "is not one of those"),
        ({"q": "a" * 201}, "at most 200 characters"),
        ({"q": "a\x07"}, "U+0007"),
        ({"q": "a\x00"}, "U+0000"),
    ],
)
def test_a_filter_that_cannot_be_used_says_so_and_shows_nothing(
    cast: Cast, signed_in: SignedIn, parameters: dict[str, str], message: str
) -> None:
    client = signed_in(cast.officer)
    response = client.get(LIST, parameters)
    page = response.content.decode()
    assert response.status_code == 200
    assert page.count(message) >= 2  # beside the filter, and above the empty list
    assert titles(page) == []
    assert client.get(EXPORT, parameters).status_code == 302


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("page", ["0", "-1", "99999999999999999999999", "x", ""])
@pytest.mark.parametrize("size", ["0", "-5", "7", "999999999999999999999999", "x", "50"])
def test_odd_pages_and_sizes_show_the_list(cast: Cast, signed_in: SignedIn, page: str, size: str) -> None:
    assert len(seen(signed_in(cast.coordinator), page=page, per_page=size)) == 3


def test_sizes_are_brought_to_those_offered(cast: Cast, rf: Any) -> None:
    for asked, got in (("1", 25), ("60", 50), ("100000", 200), ("100", 100)):
        assert ActivityListing(rf.get("/", {"per_page": asked}).GET, reader=cast.officer).per_page == got


@pytest.mark.usefixtures("three")
def test_sums_stay_as_qualified_as_their_parts(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.coordinator).get(LIST).content.decode()
    assert "over 7,000 attendances" in page
    assert "4 sessions" in page
    assert "hàng trăm people" in page
    assert "Total of 3 activities" in page
    page = signed_in(cast.coordinator).get(LIST, {"kind": "media"}).content.decode()
    assert "Total of 1 activity" in page
    assert "230 attendances" in page


@pytest.mark.usefixtures("three")
def test_vietnamese_readers_get_vietnamese_figures(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.coordinator)
    client.cookies["django_language"] = "vi"
    assert "trên 7.000" in client.get(LIST).content.decode()


FIGURES = ["04", "0", "6.770", "12,5", "trên 6.770", "hơn 20", "gần 31.000", "khoảng 500", "100 - 200"]
FIGURES += ["hàng trăm", "nhiều", "vài chục"]


@given(typed=st.lists(st.sampled_from(FIGURES), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_adds_as_figures_add(cast: Cast, typed: list[str]) -> None:
    title = " + ".join(typed)
    for figure in typed:
        approved(cast, quantity("people", figure), title=title)
    rows = Activity.objects.unscoped("the test looks at the table").filter(title=title)
    found = with_sums(activity_counts(rows), rows.order_by("id"))
    repeated = found.count // len(typed)
    expected = sum_figures(parse_figure(figure) for figure in typed * repeated)
    assert print_figure_vi(found.sums[0].figure) == print_figure_vi(expected)


def test_figures_of_years_are_told(cast: Cast, signed_in: SignedIn) -> None:
    approved(cast, quantity("people", "31.000"), started_on=dt.date(2013, 1, 1), is_cumulative=True)
    assert "gathered over more than half a year" in signed_in(cast.officer).get(LIST).content.decode()


@pytest.mark.usefixtures("three")
def test_htmx_gets_the_part_below_the_filters(cast: Cast, signed_in: SignedIn) -> None:
    part = signed_in(cast.officer).get(LIST, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="activity-results"')
    assert "<html" not in part


def test_the_number_of_queries_does_not_grow(
    cast: Cast, signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    client = signed_in(cast.coordinator)
    approved(cast, quantity("attendances", "10"), quantity("sessions", "1"))
    with django_assert_num_queries(6):
        assert len(seen(client, per_page=50)) == 1
    for number in range(49):
        approved(cast, quantity("attendances", "10"), quantity("sessions", "1"), title=f"Buổi {number}")
    with django_assert_num_queries(6):
        assert len(seen(client, per_page=50)) == 50


def test_a_long_list_is_cut_and_its_totals_are_asked_for_apart(
    cast: Cast, signed_in: SignedIn, settings: Any
) -> None:
    settings.LIST_MAX_ROWS = settings.TOTALS_MAX_ROWS = 3
    client = signed_in(cast.coordinator)
    for number in range(5):
        approved(cast, quantity("sessions", "10"), title=f"Buổi {number}")
    page = client.get(LIST, {"kind": "communication"}).content.decode()

    assert "More than 3 activities" in page
    assert "50 sessions" not in page
    assert f'hx-get="{LIST}totals/?kind=communication"' in page
    assert len(seen(client, page=2)) == 3, "there is no page beyond the cut"
    foot = client.get(f"{LIST}totals/", {"kind": "communication"}, headers={"HX-Request": "true"})
    assert foot.content.decode().strip().startswith("<tfoot")
    assert "50 sessions" in foot.content.decode()
    whole = client.get(f"{LIST}totals/").content.decode()
    assert "Total of 5 activities" in whole
    assert "<html" in whole


def test_a_list_that_is_not_cut_may_have_its_totals_apart(
    cast: Cast, signed_in: SignedIn, settings: Any
) -> None:
    settings.TOTALS_MAX_ROWS = 3
    client = signed_in(cast.coordinator)
    for number in range(5):
        approved(cast, quantity("sessions", "10"), title=f"Buổi {number}")
    page = client.get(LIST).content.decode()

    assert "5 activities" in page
    assert "50 sessions" not in page
    assert f'hx-get="{LIST}totals/' in page
    assert "50 sessions" in client.get(f"{LIST}totals/").content.decode()


def exported(client: Client, **parameters: Any) -> Any:
    response = client.get(EXPORT, parameters)
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith('attachment; filename="activities-')
    return load_workbook(io.BytesIO(b"".join(response)))


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    "parameters",
    [{}, {"sort": "title"}, {"q": "dak", "sort": "-title"}, {"kind": "media"}, {"q": "không có"}],
)
def test_the_file_holds_what_the_list_shows(
    cast: Cast, signed_in: SignedIn, parameters: dict[str, str]
) -> None:
    client = signed_in(cast.coordinator)
    book = exported(client, **parameters)
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [row[2] for row in rows] == seen(client, **parameters)


@pytest.mark.usefixtures("three")
def test_the_file_tells_figures_filters_and_origin(cast: Cast, signed_in: SignedIn) -> None:
    book = exported(signed_in(cast.coordinator), q="tuyen", ended_from="2020-01-01")
    sheet, origin = book.worksheets
    heads = [cell.value for cell in sheet[1]]
    row = dict(zip(heads, (cell.value for cell in sheet[2]), strict=True))
    assert row["attendances, as reported"] == "over 6,770"
    assert (row["attendances, lowest"], row["attendances, highest"]) == (6770, None)
    assert (row["sessions, lowest"], row["sessions, highest"]) == (4, 4)
    assert row["Last day"] == dt.datetime(2020, 3, 7)
    assert sheet.freeze_panes == "A2"
    told = dict(origin.iter_rows(values_only=True))
    assert told["Filter: Search"] == "tuyen"
    assert told["Made by"] == "Y Hoa"
    assert told["Activities"] == 1
    event = AuditEvent.objects.get()
    assert (event.kind, event.user) == (AuditEvent.Kind.EXPORTED, cast.coordinator)
    assert event.detail == {"rows": 1, "filters": ["ended_from", "q"]}


def test_a_file_has_no_formulas(cast: Cast, signed_in: SignedIn) -> None:
    approved(cast, title='=HYPERLINK("http://evil.example","x")')
    approved(cast, title="@SUM(1)")
    values = [row[2] for row in exported(signed_in(cast.officer)).worksheets[0].iter_rows(min_row=2)]
    assert {cell.data_type for cell in values} == {"s"}
    assert {cell.value[0] for cell in values} == {"'"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\x07="])
def test_cells_never_start_like_a_formula(start: str) -> None:
    assert safe_text(f"{start}1+1").startswith("'")
    assert safe_text("Hội nghị\x07 1-2") == "Hội nghị 1-2"


@pytest.mark.usefixtures("three")
def test_a_file_of_too_many_rows_is_refused(cast: Cast, signed_in: SignedIn, settings: Any) -> None:
    settings.EXPORT_MAX_ROWS = 2
    response = signed_in(cast.coordinator).get(EXPORT, {"sort": "title"})
    assert response["Location"] == "/activities/?sort=title"
    assert not AuditEvent.objects.exists()


@pytest.mark.usefixtures("three")
def test_a_stranger_exports_nothing_of_others(cast: Cast, signed_in: SignedIn) -> None:
    book = exported(signed_in(cast.stranger))
    assert book.worksheets[0].max_row == 1


def test_an_export_takes_a_fixed_number_of_queries(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.officer)
    counts = []
    for number in range(3):
        approved(cast, quantity("sessions", "1"), title=f"Buổi {number}")
        with CaptureQueriesContext(connection) as queries:
            exported(client)
        counts.append(len(queries))
    assert len(set(counts)) == 1


def test_an_empty_list_says_what_to_do(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.officer).get(LIST).content.decode()
    assert "No activities yet" in page
    page = signed_in(cast.officer).get(LIST, {"q": "x"}).content.decode()
    assert "No activity fits these filters" in page


def test_an_activity_goes_along_when_its_commune_joins_another_district(
    cast: Cast, signed_in: SignedIn
) -> None:
    made = approved(cast, quantity("sessions", "2"), area=cast.dak_mon)
    cast.dak_mon.parent = cast.ngoc_hoi
    cast.dak_mon.save()

    made.refresh_from_db()
    assert made.district_id == cast.ngoc_hoi.pk
    client = signed_in(cast.coordinator)
    assert made.title in client.get(LIST, {"area": cast.ngoc_hoi.pk}).content.decode()
    assert made.title not in client.get(LIST, {"area": cast.dak_glei.pk}).content.decode()
