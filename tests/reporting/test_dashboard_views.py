"""Looks at the dashboard beside the usual one: a kind of agency, today's map, a meeting room, paper."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role
from accounts.row_scope import row_scope, system_scope
from accounts.scoping import scope_of
from incidents.models import StageKind
from programs.models import Measure
from reporting.dashboard import Dashboard, asked_of
from reporting.models import SavedView
from territory.period import parse_period
from tests.cast import Cast, agency, member
from tests.conftest import SignedIn
from tests.reporting.records import activity, add_stage, case, load_catalogue, obligation, submission
from tests.reporting.reform import reform

pytestmark = pytest.mark.django_db

BEFORE = parse_period("2019-H1")


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    load_catalogue()


def _page(browser: Client, **query: str) -> str:
    answered = browser.get(reverse("dashboard"), {"period": "2020-H1", **query})
    assert answered.status_code == 200
    return answered.content.decode()


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main")[1]))


# --- a kind of agency


@pytest.fixture
def kinds(cast: Cast) -> Cast:
    """The police of Bát Xát trained 40 people and are silent; the women's union trained 5 and reported."""
    activity(cast.agencies.bat_xat_police, cast.map.y_ty, says={Measure.PEOPLE: 40})
    activity(cast.agencies.lao_cai_women, cast.map.bat_xat, says={Measure.PEOPLE: 5})
    obligation(cast.agencies.bat_xat_police, cast.map.bat_xat)
    submission(obligation(cast.agencies.lao_cai_women, cast.map.lao_cai), says={"tips_received": 1})
    return cast


def test_a_kind_of_agency_has_its_own_figures_silent_units_and_addresses(
    kinds: Cast, signed_in: SignedIn
) -> None:
    browser = signed_in(kinds.people.steering_member)

    page = _page(browser, kind="district_police")

    told = _text(page)
    assert "40 people" in told
    assert "45 people" not in told
    assert "0 of 1 units reported" in told
    assert "Hội Liên hiệp Phụ nữ" not in told.split("Other period")[0]
    link = re.search(r'href="(/figures/\?indicator=training_people[^"]+kind=district_police)"', page)
    assert link
    figure = browser.get(link[1].replace("&amp;", "&"))
    assert "40 people" in figure.content.decode() or "40" in figure.content.decode()
    assert browser.get(reverse("dashboard"), {"kind": "none"}).status_code == 404


def test_a_kind_of_agency_is_in_the_file_and_in_a_kept_view(kinds: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(kinds.people.steering_member)
    look = {"period": "2020-H1", "kind": "district_police"}

    answered = browser.get(reverse("dashboard_export"), look)
    browser.post(f"{reverse('view_save')}?period=2020-H1&kind=district_police", {"name": "Công an huyện"})

    book = load_workbook(io.BytesIO(b"".join(answered.streaming_content)))
    about: dict[Any, Any] = dict(book["About this file"].iter_rows(values_only=True))
    assert about["Agency"] in _page(browser, kind="district_police")
    assert about["Address"].endswith("kind=district_police")
    assert SavedView.objects.get().parameters["kind"] == "district_police"


# --- today's map


def test_units_of_the_old_map_stand_with_the_areas_that_took_them_over(
    cast: Cast, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    today = reform(cast.map)
    committee = agency("steering_committee", "10")
    member(cast.people.steering_member, Role.STEERING_MEMBER, committee, within=today["whole"])
    submission(obligation(cast.agencies.bat_xat_police, cast.map.bat_xat), is_nil=True)
    obligation(cast.agencies.kon_tum_police, cast.map.kon_tum)
    scope_of(cast.people.steering_member)
    look = {"area": "15", "period": "2020-H1", "map": "now"}

    # Five for the data, because changes wait to be worked off, two that follow the area through the reform, and one for
    # the names of kinds of agencies.
    with django_assert_num_queries(8):
        board = Dashboard(asked_of(look, cast.people.steering_member))
        assert board.figures
        block = next(block for block in board.blocks if block.code == "compliance")

    assert block.columns[1:] == ["first half of 2020"]
    told = {row[0].text: row[1].text for row in block.rows}
    heir = next(name for name in told if name.startswith(("Xã Y Tý", "Xã Bát Xát")))
    assert told[heir] == "nothing to report, accepted, late"
    assert [text for name, text in told.items() if name.startswith("Tỉnh Mới")] == ["not reported, late"]
    assert "Units stand where they are today" in block.note
    assert [owed.area for owed in board.silent] == [cast.map.kon_tum.pk]
    now = _page(signed_in(cast.people.steering_member), area="15", map="now")
    assert "Units stand where they are today" in _text(now)


# --- the nation, and very many silent units


def test_the_nation_is_told_by_its_provinces(cast: Cast, signed_in: SignedIn) -> None:
    member(
        cast.people.steering_member,
        Role.STEERING_MEMBER,
        agency("steering_committee", "VN"),
        within=cast.map.nation,
    )
    submission(obligation(cast.agencies.bat_xat_police, cast.map.bat_xat), is_nil=True)
    obligation(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai)
    obligation(cast.agencies.kon_tum_police, cast.map.kon_tum)

    board = Dashboard(asked_of({"area": "VN", "period": "2020-H1"}, cast.people.steering_member))

    block = next(block for block in board.blocks if block.code == "compliance")
    told = {row[0].text: row[1] for row in block.rows}
    assert {name: entry.letter for name, entry in told.items()} == {
        cast.map.lao_cai.name: "1/2",
        cast.map.kon_tum.name: "0/1",
    }
    assert told[cast.map.lao_cai.name].text == "1 of 2 units reported"
    assert [owed.area for owed in board.silent] == [cast.map.kon_tum.pk, cast.map.si_ma_cai.pk]


def test_of_very_many_silent_units_the_first_are_named_and_all_are_counted(
    kinds: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reporting.dashboard.answers.MOST_SILENT", 1)
    obligation(kinds.agencies.si_ma_cai_police, kinds.map.si_ma_cai)

    board = Dashboard(asked_of({"period": "2020-H1"}, kinds.people.steering_member), is_file=True)

    assert len(board.silent) == 1
    assert board.silent[0].silent == 2
    assert board.silent_block.note == "and 1 more unit"


# --- a meeting room, and paper


@pytest.mark.parametrize("view", ["screen", "print"])
def test_the_bare_page_has_the_figures_and_no_menu(kinds: Cast, signed_in: SignedIn, view: str) -> None:
    page = _page(signed_in(kinds.people.steering_member), view=view)

    told = _text(page)
    assert "1 of 2 units reported" in told
    assert "Key figures" in told
    assert 'class="nav"' not in page
    assert "Other period" not in told
    assert 'href="/dashboard/?area=10&amp;period=2020-H1"' in page


def test_a_screen_is_drawn_anew_only_where_somebody_asked_for_it(kinds: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(kinds.people.steering_member)

    still = browser.get(reverse("dashboard"), {"view": "screen"})
    moving = browser.get(reverse("dashboard"), {"view": "screen", "refresh": "on"})

    assert "Refresh" not in still
    assert moving["Refresh"] == "300"
    assert "Stop refreshing" in moving.content.decode()
    assert browser.get(reverse("dashboard"), {"view": "wall"}).status_code == 404


# --- what the database shows


def test_the_portals_own_role_reads_days_between_stages_and_no_case(cast: Cast, as_portal: str) -> None:
    with system_scope("a test makes a case"):
        held = case(cast.agencies.bat_xat_police, cast.map.bat_xat, prosecuted_on=dt.date(2020, 3, 15))
        add_stage(held, StageKind.DETECTED, dt.date(2020, 3, 5))
    reader = cast.people.steering_member

    with row_scope(reader):
        board = Dashboard(asked_of({"period": "2020-H1"}, reader))
        step = board.rows.days["cases_prosecuted"]
        assert type(held).objects.visible_to(reader).count() == 0

    assert (step.count, step.median) == (1, 10)
