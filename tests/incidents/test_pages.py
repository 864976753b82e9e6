"""What is true of every page of tips and cases: its SQL count, its headers, its weight."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from incidents.models import Campaign, Case, PersonInCase, Tip
from incidents.services.file import add_case_files
from incidents.services.person import want_person
from incidents.services.tip import assign_tip
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.file_rows import PDF, paper
from tests.incidents.records import DAY, Investigators, case, make_investigators, suspect, tip
from tests.incidents.world import make_incidents

pytestmark = pytest.mark.django_db

#: SQL statements a page takes, session, reader, row scope and read log included. More rows take no more.
STATEMENTS = {
    "tip_list": 9,
    "case_list": 11,
    "incident_limits": 10,
    "incident_pipeline": 14,
    "wanted_list": 9,
    "campaign_list": 9,
    "tip_new": 9,
    "case_new": 12,
    "campaign_new": 9,
    "tip_detail": 11,
    "tip_edit": 9,
    "tip_log": 10,
    "case_log": 10,
    "case_detail": 10,
    "case_file_add": 8,
    "tip_file_add": 8,
    "case_stage": 10,
    "person_edit": 9,
    "group_detail": 9,
    "campaign_detail": 13,
}


@dataclass(frozen=True)
class Shown:
    cast: Cast
    who: Investigators
    keys: dict[str, int]

    def more(self, number: int) -> None:
        """More of everything a list or a page shows."""
        of, area = self.cast.agencies.lao_cai_police, self.cast.map.bat_xat
        one = Case.objects.unscoped("for the test").get(pk=self.keys["case_own"])
        for _ in range(number):
            told = tip(self.who.own, of, area)
            assign_tip(tip=told, actor=self.who.own, to=self.who.second, on=DAY)
            case(self.who.own, of, area)
        add_case_files(
            case=one, actor=self.who.own, files=[paper(content=PDF + bytes([n])) for n in range(5)]
        )
        for _ in range(number):
            someone = suspect(one, self.who.own)
            want_person(person=someone, actor=self.who.own, level="ordinary", since=DAY, document_number="1")


@pytest.fixture
def shown(cast: Cast) -> Shown:
    keys = make_incidents(cast)
    return Shown(cast, make_investigators(cast), keys)


@pytest.fixture
def reader(shown: Shown, signed_in: SignedIn) -> Client:
    return signed_in(shown.who.own)


PAGES = {
    **dict.fromkeys(
        ["tip_list", "case_list", "incident_limits", "incident_pipeline", "wanted_list", "campaign_list"]
    ),
    **dict.fromkeys(["tip_new", "case_new", "campaign_new"]),
    "tip_detail": "tip_own",
    "tip_edit": "tip_own",
    "tip_file_add": "tip_own",
    "case_file_add": "case_own",
    "tip_log": "tip_own",
    "case_log": "case_own",
    "case_detail": "case_own",
    "case_stage": "case_own",
    "person_edit": "person_own",
    "group_detail": "group_own",
    "campaign_detail": "campaign_own",
}


def _address(name: str, shown: Shown) -> str:
    about = PAGES[name]
    return reverse(name, args=[shown.keys[about]] if about else [])


@pytest.mark.parametrize("name", PAGES)
def test_a_page_takes_its_number_of_statements_whatever_it_shows(
    name: str, shown: Shown, reader: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = _address(name, shown)
    with django_assert_num_queries(STATEMENTS[name]):
        assert reader.get(address).status_code == 200
    shown.more(12)

    with django_assert_num_queries(STATEMENTS[name]):
        assert reader.get(address).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_safe_light_and_names_no_other_host(name: str, shown: Shown, reader: Client) -> None:
    response = reader.get(_address(name, shown))
    page = response.content.decode()

    assert "unsafe-" not in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\s(style|on\w+)=[\"']", page)
    assert not re.search(r"(href|src|action)=\"https?:", page)
    assert len(page.encode()) < 60_000
    assert all("name=" in field or "csrf" in field for field in re.findall(r"<input[^>]*>", page))


def test_nothing_that_was_told_stands_in_a_title_or_an_address(shown: Shown, reader: Client) -> None:
    for name in PAGES:
        page = reader.get(_address(name, shown)).content.decode()
        title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
        assert title
        assert "biên giới" not in title[1]


def test_the_reader_of_cases_finds_them_in_the_menu_and_others_do_not(
    shown: Shown, signed_in: Callable[..., Client]
) -> None:
    link = f'href="{reverse("case_list")}"'
    assert link in signed_in(shown.who.head).get(reverse("home")).content.decode()
    for other in (
        shown.cast.people.coordinator,
        shown.cast.people.filing_officer,
        shown.cast.people.case_worker,
    ):
        assert link not in signed_in(other).get(reverse("home")).content.decode()
    assert Tip.objects.visible_to(shown.cast.people.coordinator).count() == 0
    assert Campaign.objects.visible_to(shown.cast.people.case_worker).count() == 0
    assert PersonInCase.objects.count() == 5
