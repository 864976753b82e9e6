"""Free tables: figures as everywhere else, laid out both ways, summed only where they may be, within the rights."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs.models import ActivityKind, Measure
from reporting.dashboard.wording import printed
from reporting.figures import Place, answer_many
from territory.period import parse_period
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.reporting.records import activity, indicator, load_catalogue, obligation, roll_up, submission

pytestmark = pytest.mark.django_db

#: SQL statements of a table, session, reader and kept views included: of one that is counted, and of one that the
#: process remembers.
STATEMENTS, REMEMBERED = 6, 5

#: Bytes of a page alone; style sheets and scripts, compressed, are 40,000 more.
HEAVIEST = 110_000

HALVES = ("2019-H1", "2020-H1")
VICTIMS = "Returned victims received, verified and supported (victims)"
TRAINED = "People trained (people)"


@pytest.fixture(autouse=True)
def reported(cast: Cast) -> None:
    """Bát Xát reported in both halves, Si Ma Cai confirmed nil in one; nobody owed anything in 2018."""
    load_catalogue()
    caches["counts"].clear()
    bat_xat = (cast.agencies.bat_xat_police, cast.map.bat_xat)
    si_ma_cai = (cast.agencies.si_ma_cai_police, cast.map.si_ma_cai)
    submission(obligation(*bat_xat), says={"victims_received": 5})
    submission(obligation(*bat_xat, parse_period("2019-H1")), says={"victims_received": 2})
    submission(obligation(*si_ma_cai), is_nil=True)
    obligation(*si_ma_cai, parse_period("2019-H1"))
    activity(*bat_xat, says={Measure.PEOPLE: "trên 45"})
    activity(*si_ma_cai, says={Measure.PEOPLE: 10})


@pytest.fixture
def browser(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.people.coordinator)


def page_of(browser: Client, query: str, status: int = 200) -> str:
    answered = browser.get(f"{reverse('explore')}?{query}")
    assert answered.status_code == status
    return answered.content.decode()


def text_of(html: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))).strip()


def table_of(page: str) -> list[list[str]]:
    """The rows of the pivot in words, headings included; a heading over several rows stands in the first."""
    (table,) = re.findall(r'<table class="pivot">.*?</table>', page, re.S)
    return [
        [text_of(cell) for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", row, re.S)]
        for row in re.findall(r"<tr>.*?</tr>", table, re.S)
    ]


# --- the table


def test_every_cell_is_what_the_figures_say(browser: Client, cast: Cast) -> None:
    codes = ("victims_received", "training_people", "cases_detected")
    areas = [cast.map.bat_xat, cast.map.si_ma_cai]
    periods = [parse_period(code) for code in HALVES]
    known = answer_many([indicator(code) for code in codes], areas=areas, periods=periods)

    page = page_of(
        browser,
        f"indicator={','.join(codes)}&area=082,084&period={','.join(HALVES)}&rows=indicator,area&totals=none",
    )

    (table,) = re.findall(r'<table class="pivot">.*?</table>', page, re.S)
    cells = [re.findall(r'<td class="num[^"]*">(.*?)</td>', row, re.S) for row in table.split("<tr>")]
    told = [[text_of(re.sub(r"<small.*", "", cell, flags=re.S)) for cell in row] for row in cells if row]
    assert told == [
        [printed(known[Place(code, area.pk, period)], with_unit=False) for period in periods]
        for code in codes
        for area in areas
    ]


def test_rows_and_columns_change_places(browser: Client) -> None:
    asked = "indicator=victims_received&area=082,084&period=2019-H1,2020-H1&totals=none"

    down = table_of(page_of(browser, f"{asked}&rows=area&columns=period"))
    across = table_of(page_of(browser, f"{asked}&rows=period&columns=area"))

    assert down == [
        ["Area", "first half of 2019", "first half of 2020"],
        ["Huyện Bát Xát", "2", "5"],
        ["Huyện Si Ma Cai", "not reported 0 of 1 units", "nothing, confirmed"],
    ]
    assert [list(row) for row in zip(*across, strict=True)] == [["Period", *down[0][1:]], *down[1:]]


def test_headings_of_two_levels_span_what_lies_under_them(browser: Client) -> None:
    page = page_of(
        browser,
        "indicator=victims_received,training_people&area=082,084&period=2019-H1,2020-H1"
        "&rows=area,indicator&columns=period&totals=none",
    )

    assert page.count('scope="rowgroup" rowspan="2"') == 2
    assert [row[0] for row in table_of(page)[1:]] == [
        *("Huyện Bát Xát", TRAINED),
        *("Huyện Si Ma Cai", TRAINED),
    ]


def test_words_tell_a_zero_from_a_nil_from_silence(browser: Client, cast: Cast) -> None:
    police, bat_xat = cast.agencies.bat_xat_police, cast.map.bat_xat
    obligation(police, bat_xat, parse_period("2017-H1"), due_on=dt.date(2099, 1, 1))
    submission(obligation(police, bat_xat, parse_period("2018-H1")), says={"victims_received": 0})

    rows = table_of(
        page_of(
            browser, "indicator=victims_received&area=082,084&period=2017-H1,2018-H1,2019-H1,2020-H1,2026-H1"
        )
    )

    assert rows[1][1:6] == ["not due yet 0 of 1 units", "0", "2", "5", "no such area then"]
    assert rows[2][2:5] == ["not reported", "not reported 0 of 1 units", "nothing, confirmed"]


def test_breakdowns_stand_beside_the_whole_and_are_never_added(browser: Client, cast: Cast) -> None:
    activity(
        cast.agencies.bat_xat_police,
        cast.map.bat_xat,
        kind=ActivityKind.COMMUNICATION,
        says={Measure.ATTENDANCES: 30},
        parts={"women": 20, "children": 25},
    )

    rows = table_of(
        page_of(browser, "indicator=communication_attendances&area=082&period=2020-H1&by=group&rows=part")
    )

    assert [row[:2] for row in rows[1:]] == [
        ["Whole", "30"],
        ["women", "20"],
        ["children", "25"],
        ["ethnic minority", "not reported"],
    ]


def test_each_number_leads_to_what_it_is_made_of(browser: Client) -> None:
    page = page_of(browser, "indicator=victims_received&area=082&period=2020-H1&rule=calendar&map=now", 422)
    assert "No area has the code 082" in page

    page = page_of(browser, "indicator=victims_received&area=082&period=2020-H1")
    (link,) = re.findall(r'href="(/figures/[^"]+)">5<', page)

    assert link == "/figures/?indicator=victims_received&amp;area=082&amp;period=2020-H1"
    assert browser.get(unescape(link)).status_code == 200


def test_a_comparison_tells_the_figure_before_and_the_change(browser: Client) -> None:
    rows = table_of(
        page_of(browser, "indicator=victims_received&area=082&period=2020-H1&compare=previous&rows=area")
    )

    assert rows[1][1] == "5 same period: 2 up 3 (150%)"


# --- sums


def test_areas_are_summed_with_their_qualifiers_and_nil_counts_as_nothing(browser: Client) -> None:
    rows = table_of(
        page_of(
            browser,
            "indicator=training_people,victims_received&area=082,084&period=2020-H1&rows=area&columns=indicator",
        )
    )

    assert rows[0] == ["Area", TRAINED, VICTIMS]
    assert rows[-1] == ["Sum of these areas", "over 55", "5"]


def test_what_is_not_known_is_left_out_of_a_sum_and_said(browser: Client) -> None:
    rows = table_of(page_of(browser, "indicator=victims_received&area=082,084&period=2019-H1&rows=area"))

    assert rows[-1] == ["Sum of these areas", "2 1 of 2 figures"]


@pytest.mark.parametrize(
    ("query", "sum_name"),
    [
        # A percentage is made anew, a state at the end of a period is that of its end.
        ("indicator=victims_supported_share&area=082,084&period=2020-H1&rows=area", "Sum of these areas"),
        ("indicator=victims_in_identification&area=082&period=2019-H1,2020-H1", "Sum of these periods"),
        # A district lies in its province, a half in its year.
        ("indicator=victims_received&area=10,082&period=2020-H1&rows=area", "Sum of these areas"),
        ("indicator=victims_received&area=082&period=2020-H1,2020", "Sum of these periods"),
        ("indicator=victims_received&area=082,084&period=2020-H1&rows=area&totals=none", "Sum of these"),
    ],
)
def test_what_may_not_be_added_has_no_sum(browser: Client, query: str, sum_name: str) -> None:
    assert sum_name not in page_of(browser, query)


def test_beside_what_may_be_added_the_rest_says_that_it_may_not(browser: Client) -> None:
    rows = table_of(
        page_of(
            browser,
            "indicator=victims_received,victims_supported_share&area=082,084&period=2020-H1&rows=area&columns=indicator",
        )
    )

    assert rows[-1] == ["Sum of these areas", "5", "not added up"]


# --- what is asked


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("indicator=&period=2020", "indicator", "Choose at least one indicator."),
        ("indicator=victims_received", "period", "Choose at least one period"),
        ("indicator=nothing&period=2020", "indicator", "There is no indicator nothing."),
        ("indicator=victims_received&period=soon", "period", "A period is written"),
        ("indicator=victims_received&since=2020&until=2018", "until", "The run ends before it begins."),
        ("indicator=victims_received&since=x", "since", "Choose a year"),
        ("indicator=victims_received&period=2020&area=99", "area", "No area has the code 99"),
        ("indicator=victims_received&period=2020&area=10&level=nation", "level", "no areas of this level"),
        ("indicator=victims_received&period=2020&rows=luck", "rows", "Choose one from the list."),
        ("indicator=victims_received&period=2020&chart=pie", "chart", "Choose one from the list."),
        ("indicator=victims_received,tips_received&period=2020&by=sex", "by", "Tips"),
        ("indicator=%00&period=2020", "indicator", "There is no indicator"),
    ],
)
def test_what_cannot_be_shown_is_told_at_its_field(
    browser: Client, query: str, field: str, said: str
) -> None:
    page = page_of(browser, query, 422)

    (told,) = re.findall(rf'<li><a href="#field-{field}">(.*?)</a></li>', page)
    assert said in unescape(told)
    assert '<table class="pivot">' not in page


def test_a_table_too_large_for_a_page_is_refused_before_a_figure_is_looked_at(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reporting.explore.look.MOST_ON_A_PAGE", 3)
    with CaptureQueriesContext(connection) as seen:
        page = page_of(browser, "indicator=victims_received&area=082,084&since=2018&until=2020", 422)

    assert '<a href="#field-period">This table would hold 6 figures; a page shows at most 3.' in page
    assert "take the table as a file" in page
    assert reverse("explore_export") in page
    assert not [query for query in seen if "reporting_fact" in query["sql"]]


def test_columns_too_many_for_any_table_are_moved_to_the_rows(
    browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reporting.explore.look.MOST_COLUMNS", 3)
    asked = "indicator=victims_received&area=082,084&period=2019,2020"

    page = page_of(browser, f"{asked}&columns=area,period", 422)

    assert '<a href="#field-columns">A table has at most 3 columns. Move something to the rows.</a>' in page
    assert page_of(browser, f"{asked}&columns=period&rows=area")


def test_a_run_of_years_stands_in_the_link_as_periods(browser: Client) -> None:
    page = page_of(browser, "indicator=victims_received&area=082&since=2018&until=2019&each=half")

    (link,) = re.findall(r'<input type="text" id="link" readonly value="([^"]+)"', page)
    assert link.endswith(
        "/explore/?indicator=victims_received&amp;area=082&amp;period=2018-H1%2C2018-H2%2C2019-H1%2C2019-H2"
    )
    assert table_of(browser.get(unescape(link)).content.decode()) == table_of(page)


def test_an_empty_page_teaches_with_examples_that_open(browser: Client) -> None:
    examples = re.findall(r'<h3><a href="([^"]+)"', page_of(browser, ""))

    assert len(examples) == 3
    assert [browser.get(unescape(each)).status_code for each in examples] == [200, 200, 200]


def test_the_first_example_of_a_province_without_districts_fits_a_page(browser: Client, cast: Cast) -> None:
    province = cast.map.lao_cai
    type(province).objects.filter(pk=province.pk).update(valid_to=None)

    page = page_of(browser, "")

    assert "Victims received, commune by commune" in page
    (first,) = re.findall(r'href="/explore/\?([^"]*level=commune[^"]*)"', page)
    assert "compare" not in first
    assert "victims_confirmed" not in first


def test_what_is_chosen_is_chosen_in_the_form(browser: Client) -> None:
    page = page_of(
        browser, "indicator=victims_received&area=082&period=2020-H1&chart=trend&rows=area&change=1"
    )

    assert '<table class="pivot">' not in page
    for chosen in (
        'name="indicator" value="victims_received" checked',
        '<option value="082" selected>',
        '<option value="2020-H1" selected>',
        '<option value="trend" selected>',
        '<option value="area" selected>',
    ):
        assert page.count(chosen) == 1, chosen


# --- charts


def test_charts_have_a_title_a_unit_a_source_and_one_for_each_unit(browser: Client) -> None:
    page = page_of(
        browser,
        "indicator=victims_received,training_people&area=082,084&period=2019-H1,2020-H1&rows=area",
    )

    lines = [text_of(each) for each in re.findall(r"<figcaption.*?</figcaption>", page, re.S)]
    assert len(lines) == 2
    assert all("Source: records and reports of units." in each for each in lines)
    assert {re.search(r"Unit: (\w+)\.", each)[1] for each in lines} == {"victims", "people"}  # type: ignore[index]
    assert page.count('<svg xmlns="http://www.w3.org/2000/svg" role="img" class="ch ch-bars"') == 2
    assert "Sum of these areas" not in "".join(re.findall(r"<desc>.*?</desc>", page))


def test_a_line_is_drawn_over_the_periods_in_the_order_of_time(browser: Client) -> None:
    page = page_of(
        browser, "indicator=victims_received&area=082&period=2020-H1,2019-H1&chart=trend&rows=period"
    )

    (told,) = re.findall(r"<desc>(.*?)</desc>", page)
    assert "H1 2019: 2; H1 2020: 5" in told


@pytest.mark.parametrize("chart", ["bars", "trend"])
def test_a_chart_draws_what_is_compared_beside_it(chart: str, browser: Client) -> None:
    query = f"indicator=victims_received&area=082&period=2020-H1,2020-H2&chart={chart}&compare=previous"

    page = page_of(browser, query)

    (figure,) = re.findall(r"<figure.*?</figure>", page, re.S)
    told = text_of(figure)
    assert "This period" in told
    assert "Same period" in told
    assert "5" in told
    assert "2" in told


def test_without_a_chart_there_is_none_and_without_a_number_it_is_said(browser: Client) -> None:
    assert "<svg" not in page_of(browser, "indicator=victims_received&area=082&period=2020-H1&chart=none")
    assert "so there is no chart" in page_of(browser, "indicator=victims_received&area=084&period=2020-H1")


# --- ways here


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("/dashboard/?area=082&period=2020-H1", r'href="(/explore/\?indicator=victims_received[^"]*)"'),
        ("/compare/?area=082&period=2020-H1", r'href="(/explore/[^"]*)">Open as a free table'),
        (
            "/figures/?indicator=victims_received&area=082&period=2020-H1",
            r'href="(/explore/[^"]*)">Open as a free table',
        ),
    ],
)
def test_figures_elsewhere_open_as_a_table(browser: Client, address: str, link: str) -> None:
    (found,) = re.findall(link, browser.get(address).content.decode())

    rows = table_of(browser.get(unescape(found)).content.decode())

    (victims,) = [row for row in rows if row[0] == VICTIMS]
    assert {"2", "5"} <= set(victims)


# --- cost


def test_more_cells_take_no_more_statements(browser: Client) -> None:
    roll_up()
    one = "indicator=victims_received&area=10&level=district&period=2020-H1"
    many = (
        "indicator=victims_received,training_people,tips_received&area=10&level=district"
        "&period=2020-H1,2019-H1,2018-H1&compare=previous"
    )

    def statements(asked: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            page_of(browser, asked)
        return len(seen)

    page_of(browser, one.replace("2020-H1", "2018-H1"))  # what a process keeps for all tables is there
    assert (statements(one), statements(many)) == (STATEMENTS, STATEMENTS)
    assert (statements(one), statements(many)) == (REMEMBERED, REMEMBERED)


def test_the_largest_table_of_a_page_is_light(browser: Client) -> None:
    codes = "victims_received,victims_confirmed,cases_prosecuted,cases_detected,tips_received,leaflets"
    halves = ",".join(f"{year}-H{half}" for year in range(2011, 2020) for half in (1, 2))

    page = page_of(
        browser, f"indicator={codes},training_people,communication_attendances&area=082,084&period={halves}"
    )

    assert sum(len(row) for row in table_of(page)) > 8 * 3 * 19
    assert len(page.encode()) < HEAVIEST
