"""The steering dashboard: what its first screen answers, what leads where, and who sees whose figures."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import re
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from accounts.models import AuditEvent
from accounts.scoping import scope_of
from programs.models import Measure
from reporting.dashboard import Asked, Dashboard, asked_of
from reporting.figures import Answer, answer, silent_units
from reporting.models import FormKind, SubmissionState
from territory.models import Area
from territory.period import Period, parse_period
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.reporting.records import (
    H1,
    activity,
    case,
    load_catalogue,
    obligation,
    roll_up,
    submission,
)

pytestmark = pytest.mark.django_db

BEFORE = parse_period("2019-H1")
#: SQL statements of the page for a steering member, session and reader included, and of its data alone. More rows
#: take no more. What is not kept takes NOT_KEPT more: figures are counted by two and kept by one, lists are made by one
#: and kept by one. What the process remembers and holds no longer takes NO_LONGER more: what is kept of figures and of
#: lists is read.
STATEMENTS, DATA, NOT_KEPT, NO_LONGER = 5, 2, 5, 2
#: Bytes of the page itself as sent.
HEAVIEST = 60_000


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    load_catalogue()


@pytest.fixture
def reported(cast: Cast) -> Cast:
    """Bát Xát reported five victims, two a year before; Si Ma Cai confirmed nil then and is silent now."""
    bat_xat = (cast.agencies.bat_xat_police, cast.map.bat_xat)
    si_ma_cai = (cast.agencies.si_ma_cai_police, cast.map.si_ma_cai)
    submission(obligation(*bat_xat), says={"victims_received": 5})
    submission(obligation(*bat_xat, BEFORE), says={"victims_received": 2})
    submission(obligation(*si_ma_cai, BEFORE), is_nil=True)
    obligation(*si_ma_cai)
    return cast


def _page(browser: Client, **query: str) -> str:
    asked = "&".join(f"{name}={value}" for name, value in {"period": "2020-H1", **query}.items())
    answered = browser.get(f"{reverse('dashboard')}?{asked}")
    assert answered.status_code == 200
    return answered.content.decode()


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main")[1]))


def test_the_first_screen_says_who_is_silent_and_whether_victims_went_up(
    reported: Cast, signed_in: SignedIn
) -> None:
    page = _page(signed_in(reported.people.steering_member))

    first = _text(page).split("Other period")[0]
    assert "1 of 2 units reported" in first
    assert "Công an huyện Si Ma Cai" in first
    assert "Công an huyện Bát Xát" not in first
    assert "up 3 (150%)" in first


def test_missing_nil_and_zero_are_three_words(cast: Cast, signed_in: SignedIn) -> None:
    owed = obligation(cast.agencies.bat_xat_police, cast.map.bat_xat)
    browser = signed_in(cast.people.steering_member)

    assert "Victims against the year before cannot be compared" in _text(_page(browser))
    assert "verified and supported: not reported" in _text(_page(browser))
    said = submission(owed, is_nil=True)
    assert "supported: nothing, confirmed" in _text(_page(browser))
    said.delete()
    submission(owed, says={"victims_received": 0})
    assert "supported: 0 victims" in _text(_page(browser))


def test_every_number_leads_to_what_it_is_made_of(reported: Cast, signed_in: SignedIn) -> None:
    activity(reported.agencies.bat_xat_police, reported.map.y_ty, says={Measure.PEOPLE: 40})
    browser = signed_in(reported.people.coordinator)

    page = _page(browser)

    links = set(re.findall(r'href="(/figures/\?[^"]+)"', page))
    assert any("indicator=victims_received&amp;area=10&amp;period=2020-H1" in link for link in links)
    assert any("indicator=training_people" in link for link in links)
    assert any("area=082" in link for link in links)
    for link in sorted(links)[:40]:
        assert browser.get(link.replace("&amp;", "&")).status_code == 200, link
    owed = reverse("obligation_detail", args=[_silent(reported)])
    assert f'href="{owed}"' in page
    steering = _page(signed_in(reported.people.steering_member))
    assert f'href="{owed}"' not in steering
    ask = f"{reverse('question_new')}?area=10&amp;period=2020-H1&amp;agency=084-district_police"
    assert f'href="{ask}"' in steering


def _silent(cast: Cast) -> int:
    from reporting.models import Obligation

    every = Obligation.objects.unscoped("a test looks at all")
    return int(every.get(agency=cast.agencies.si_ma_cai_police, period_code="2020-H1").pk)


def test_filters_are_in_the_address(reported: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(reported.people.steering_member)
    police = reported.agencies.bat_xat_police

    assert "Huyện Bát Xát" in _text(_page(browser, area="082")).split("Key figures")[0]
    assert "0 of 1 units reported" in _text(_page(browser, agency=reported.agencies.si_ma_cai_police.code))
    assert f"only what {police} did and reported" in _text(_page(browser, agency=police.code))
    assert "01/01/2020 – 30/06/2020" in _text(_page(browser, rule="calendar"))
    assert "Ranking: Trafficking cases newly found" in _text(_page(browser, measure="cases_detected"))
    assert "2016-2020" in _text(_page(browser, period="2016..2020")).split("Other period")[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"area": "62"},
        {"area": "99"},
        {"area": "x'y"},
        {"period": "soon"},
        {"rule": "mine"},
        {"map": "tomorrow"},
        {"agency": "62-labour"},
        {"programme": "none"},
    ],
)
def test_an_address_that_asks_for_what_is_not_the_readers_is_not_found(
    cast: Cast, signed_in: SignedIn, wrong: dict[str, str]
) -> None:
    asked = "&".join(f"{name}={value}" for name, value in {"period": "2020-H1", **wrong}.items())

    answered = signed_in(cast.people.steering_member).get(f"{reverse('dashboard')}?{asked}")

    assert answered.status_code == 404


def test_an_officer_sees_only_the_own_agencys_part(reported: Cast, signed_in: SignedIn) -> None:
    activity(reported.agencies.bat_xat_police, reported.map.y_ty, says={Measure.PEOPLE: 40})
    activity(reported.agencies.lao_cai_women, reported.map.bat_xat, says={Measure.PEOPLE: 5})
    browser = signed_in(reported.people.filing_officer)

    page = _text(_page(browser))

    assert "40 people" in page
    assert "45 people" not in page
    assert "Si Ma Cai" not in page
    assert browser.get(f"{reverse('dashboard')}?area=10&period=2020-H1").status_code == 404


def test_days_from_stage_to_stage_are_told_to_who_reads_no_case(cast: Cast, signed_in: SignedIn) -> None:
    from incidents.models import StageKind
    from tests.reporting.records import add_stage

    held = case(cast.agencies.bat_xat_police, cast.map.bat_xat, prosecuted_on=dt.date(2020, 3, 15))
    add_stage(held, StageKind.DETECTED, dt.date(2020, 3, 5))

    page = _page(signed_in(cast.people.steering_member))

    assert re.search(r"Cases prosecuted.*?1.*?10 1", _text(page).split("Median days since")[1])
    assert held.code not in page


def test_the_file_has_a_sheet_for_each_block_and_says_where_figures_come_from(
    reported: Cast, signed_in: SignedIn
) -> None:
    browser = signed_in(reported.people.steering_member)

    answered = browser.get(f"{reverse('dashboard_export')}?period=2020-H1")

    book = load_workbook(io.BytesIO(b"".join(answered.streaming_content)))
    key = {row[0]: row for row in book["Key figures"].iter_rows(values_only=True)}
    victims = key["Returned victims received, verified and supported"]
    assert victims[1:4] == (5, 2, "up 3 (150%)")
    assert victims[5] == "1 of 2 units"
    silent = list(book["Units that have not reported"].iter_rows(values_only=True))
    assert silent[1][0] == "Công an huyện Si Ma Cai"
    sources = [row[4] for row in book["Where figures come from"].iter_rows(values_only=True)]
    assert any("/figures/?indicator=victims_received&area=10&period=2020-H1" in each for each in sources)
    about: dict[Any, Any] = dict(book["About this file"].iter_rows(values_only=True))
    assert (about["Area"], about["Units that owe"], about["Reported"]) == ("Tỉnh Lào Cai", 2, 1)
    assert about["Address"].endswith("/dashboard/?area=10&period=2020-H1")
    event = AuditEvent.objects.get(kind=AuditEvent.Kind.EXPORTED)
    assert (event.user, event.about) == (reported.people.steering_member, "reporting.dashboard")


def test_the_dashboard_is_printed_with_the_silent_units_and_every_figure(
    reported: Cast, signed_in: SignedIn
) -> None:
    browser = signed_in(reported.people.steering_member)

    answered = browser.get(f"{reverse('dashboard_print')}?period=2020-H1")

    assert answered["Content-Type"] == "application/pdf"
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answered.content)).pages)
    told = " ".join(text.split())
    assert "1 of 2 units reported" in told
    assert "Công an huyện Si Ma Cai" in told
    assert "up 3 (150%)" in told
    assert "Coverage" in told and "Notes" not in told, "a column that says nothing is left out"
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.EXPORTED, detail__kind="pdf").count() == 1


def test_the_page_takes_as_many_statements_with_many_rows(reported: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(reported.people.steering_member)
    activity(reported.agencies.bat_xat_police, reported.map.y_ty, says={Measure.PEOPLE: 40})
    _page(browser)
    roll_up()
    with CaptureQueriesContext(connection) as few:
        _page(browser)

    for number in range(6):
        activity(reported.agencies.bat_xat_police, reported.map.y_ty, says={Measure.PEOPLE: 40 + number})
        case(reported.agencies.bat_xat_police, reported.map.bat_xat, prosecuted_on=dt.date(2020, 3, 15))
    submission(
        obligation(reported.agencies.lao_cai_women, reported.map.lao_cai, form=FormKind.SIX_MONTH),
        state=SubmissionState.SUBMITTED,
        says={"victims_received": 3},
    )
    roll_up()
    with CaptureQueriesContext(connection) as many:
        page = _page(browser)
    with CaptureQueriesContext(connection) as again:
        _page(browser)

    assert len(few) == STATEMENTS + NOT_KEPT
    assert len(many) == STATEMENTS + NOT_KEPT + NO_LONGER
    assert len(again) == STATEMENTS
    assert len(gzip.compress(page.encode())) < HEAVIEST
    assert H1.code in page


def _without_names(found: Answer) -> Answer:
    """An answer without the units' own figures: they are not kept, and told on the page of the figure."""
    return replace(found, hearings=(), made_of=tuple(map(_without_names, found.made_of)))


def test_each_figure_is_what_figures_tell_one_by_one(reported: Cast) -> None:
    activity(
        reported.agencies.bat_xat_police, reported.map.y_ty, says={Measure.PEOPLE: 40}, parts={"women": 12}
    )
    case(reported.agencies.bat_xat_police, reported.map.bat_xat, prosecuted_on=dt.date(2020, 3, 15))
    for address in (
        {},
        {"kind": "district_police"},
        {"agency": "082-district_police"},
        {"period": "2016..2020"},
    ):
        given = {"period": "2020-H1", "measure": "cases_prosecuted", **address}
        asked = asked_of(given, reported.people.steering_member)
        board = Dashboard(asked)

        def alone(code: str, area: Area, period: Period, part: str = "", *, asked: Asked = asked) -> Answer:
            row = [asked.indicators[code]]
            more = {"period": period, "part": part, "agency": asked.whose, "basis": asked.basis}
            return _without_names(answer(row, area=area, **more)[code])

        for figure in board.figures:
            assert [_without_names(each) for each in board.answers.over_time(figure.code)] == [
                alone(figure.code, asked.area, period) for period in asked.periods_over_time
            ]
            assert _without_names(board.answers.before(figure.code)) == alone(
                figure.code, asked.area, asked.before
            )
        for part in board.answers.parts["sex"]:
            assert _without_names(board.answers.part("victims_received", part)) == alone(
                "victims_received", asked.area, asked.period, part
            )
        for area in asked.parts:
            assert _without_names(board.answers.within(area)) == alone(asked.measure, area, asked.period)
        assert [owed.pk for owed in board.silent] == [
            owed.pk
            for owed in silent_units(asked.area, asked.period, asked.basis)
            if asked.agencies is None or owed.agency_id in asked.agencies
        ]


def test_the_data_of_a_province_takes_a_handful_of_statements(reported: Cast) -> None:
    reader = reported.people.steering_member
    scope_of(reader)
    roll_up()

    for statements in (DATA + NOT_KEPT, DATA):
        with CaptureQueriesContext(connection) as asked:
            board = Dashboard(asked_of({"period": "2020-H1"}, reader))
            assert board.figures
            assert board.blocks

        assert len(asked) == statements
