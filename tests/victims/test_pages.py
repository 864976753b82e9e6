"""What a page of victims costs and carries: a fixed number of statements, no script or style, no other host."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.row_scope import row_scope
from tests.conftest import SignedIn
from tests.file_rows import PDF, paper
from tests.victims.files import file_of, opened_by, with_identity
from victims.models import Victim
from victims.services.attachment import attach
from victims.services.consent import give_consent
from victims.services.support import add_goal, add_service, open_support, plan_follow_up
from victims.services.victim import Stop, set_route

STATEMENTS = {
    "victim_list": 9,
    "victim_detail": 11,
    "victim_edit": 8,
    "victim_identity": 17,
    "victim_attachment_add": 8,
    "victim_log": 13,
    "victim_caseload": 9,
    "victim_new": 6,
    "victim_search": 6,
    "transfer_list": 7,
    "facility_list": 11,
    "data_request_list": 7,
}
OF_A_FILE = ("victim_detail", "victim_edit", "victim_identity", "victim_log", "victim_attachment_add")

Fill = Callable[[int], Victim]


@pytest.fixture
def fill(worker: User) -> Fill:
    """More files, each with as many rows as asked for of everything that grows."""

    def more(rows: int) -> Victim:
        for _number in range(rows):
            victim = with_identity(worker, file_of(worker), paper=uuid.uuid4().hex)
            opened_by(worker, victim)
            day = dt.date(2024, 4, 1)
            with row_scope(worker):
                open_support(actor=worker, victim=victim, needs=["medical"])
                set_route(actor=worker, victim=victim, stops=[Stop("origin", "VN", victim.area)] * rows)
                attach(
                    actor=worker, victim=victim, files=[paper(content=PDF + bytes([n])) for n in range(rows)]
                )
                for number in range(rows):
                    add_goal(actor=worker, victim=victim, text=f"Việc {number}")
                    add_service(
                        actor=worker, victim=victim, kind="medical", provider="Trạm y tế", starts_on=day
                    )
                    plan_follow_up(actor=worker, victim=victim, kind="visit", due_on=day)
                for purpose in ("service", "research")[:rows]:
                    give_consent(
                        actor=worker,
                        victim=victim,
                        purpose=purpose,
                        given_on=day,
                        how="oral",
                        given_by="person",
                    )
        return victim

    return more


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_page_takes_its_number_of_statements_however_many_rows(
    name: str,
    worker: User,
    fill: Fill,
    signed_in: SignedIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    browser = signed_in(worker)
    for rows in (1, 3):
        victim = fill(rows)
        address = reverse(name, args=[victim.code] if name in OF_A_FILE else [])
        with django_assert_num_queries(STATEMENTS[name]):
            page = browser.get(address).content.decode()
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert not re.search(r"<style|\s(style|on\w+)=[\"']|javascript:|https?://", page)
    assert len(page) < 60_000
