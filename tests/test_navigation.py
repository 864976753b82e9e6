"""The menu offers what the reader may follow, and nothing else."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.conftest import SignedIn

PEOPLE = (
    *("filing_officer", "head_of_unit", "case_worker", "investigator", "coordinator"),
    *("steering_member", "administrator", "stranger"),
)
ADMINISTRATION = (
    *("indicator_list", "form_list", "template_list", "validation_rules", "limit_rules", "retention_rules"),
)


def menu_of(browser: Client) -> set[str]:
    page = browser.get(reverse("home")).content.decode()
    (menu,) = re.findall(r'<nav class="nav".*?</nav>', page, re.DOTALL)
    return set(re.findall(r'href="([^"]+)"', menu))


@pytest.mark.parametrize("who", PEOPLE)
def test_nobody_is_offered_what_he_may_not_follow(who: str, cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(getattr(cast.people, who))

    offered = menu_of(browser)

    assert reverse("home") in offered
    assert {link: browser.get(link).status_code for link in offered} == dict.fromkeys(offered, 200)


def test_administrators_find_what_they_keep_and_nobody_else_does(cast: Cast, signed_in: SignedIn) -> None:
    kept = {reverse(name) for name in ADMINISTRATION}

    found = {who: menu_of(signed_in(getattr(cast.people, who))) & kept for who in PEOPLE}

    assert found.pop("administrator") == kept
    assert set().union(*found.values()) == set()


def test_past_periods_stand_beside_what_is_owed(cast: Cast, signed_in: SignedIn) -> None:
    past = reverse("past_periods")

    offered = {who for who in PEOPLE if past in menu_of(signed_in(getattr(cast.people, who)))}

    assert offered == {"filing_officer", "head_of_unit", "coordinator", "stranger"}
