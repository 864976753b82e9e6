"""Language and reading preferences: chosen by the reader, kept in a cookie, and no way to another host."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.conftest import SignedIn


@pytest.fixture
def reader(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.people.coordinator)


def test_a_page_is_vietnamese_until_english_is_chosen_and_again_after(cast: Cast) -> None:
    browser = Client(headers={"accept-language": "fr,en;q=0.5"})
    browser.force_login(cast.people.coordinator)
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


def test_reading_preferences_are_kept_in_a_cookie_of_words(reader: Client) -> None:
    here = reverse("report_list")
    made_up = {"text_size": "huge", "contrast": "<script>", "keys": "all"}
    rest = {"colours": "dark", "motion": "less", "keys": "off"}
    for sent in ({"text_size": "large"}, {"contrast": "high"}, rest, made_up):
        assert reader.post(reverse("preferences"), {**sent, "next": here})["Location"] == here

    assert reader.cookies["reading"].value == "large.high.dark.less.off"
    assert reader.cookies["reading"]["httponly"]
    assert '<html lang="en" data-text="large" data-contrast="high"' in reader.get(here).content.decode()


def test_a_cookie_that_somebody_made_up_changes_nothing(reader: Client) -> None:
    reader.cookies["reading"] = '"><script>alert(1)</script>.high.x'

    assert 'data-text="normal" data-contrast="normal"' in reader.get(reverse("home")).content.decode()


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
