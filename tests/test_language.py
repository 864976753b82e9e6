"""The language is chosen by the reader alone, and no choice leads to another host."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.signing_in import sign_in_by_force


def test_a_page_is_vietnamese_until_english_is_chosen_and_again_after(cast: Cast) -> None:
    browser = Client(headers={"accept-language": "fr,en;q=0.5"})
    sign_in_by_force(browser, cast.people.coordinator)
    here = reverse("activity_list")

    def language() -> str:
        found = re.search(r'<html lang="([\w-]+)"', browser.get(here).content.decode())
        assert found
        return found[1]

    assert browser.post(reverse("set_language"), {"language": "en", "next": here})["Location"] == here
    assert language() == "en"
    browser.post(reverse("set_language"), {"language": "vi", "next": here})
    assert language() == "vi"
    browser.post(reverse("set_language"), {"language": "xx", "next": here})
    assert language() == "vi"


@pytest.mark.parametrize("accepted", ["", "vi", "en", "en-GB,en;q=0.9", "fr", "zh-CN"])
def test_a_first_visit_is_vietnamese_whatever_the_browser_prefers(accepted: str, db: None) -> None:
    page = Client(headers={"accept-language": accepted}).get(reverse("account_login")).content.decode()

    assert '<html lang="vi"' in page


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "http:evil.example",
    "javascript:alert(1)",
]


@pytest.mark.parametrize("next_page", ELSEWHERE)
@pytest.mark.parametrize("name", ["preferences", "set_language", "account_login"])
def test_no_form_leads_to_another_host(name: str, next_page: str, cast: Cast) -> None:
    user = cast.people.coordinator
    user.set_password("Mot-mat-khau-dai-9")
    user.save()
    sent = {"text_size": "large", "language": "en", "login": user.email, "password": "Mot-mat-khau-dai-9"}

    response = Client(headers={"referer": next_page}).post(reverse(name), {**sent, "next": next_page})

    assert response.status_code == 302
    assert "evil.example" not in response["Location"]
    assert response["Location"].startswith("/")
