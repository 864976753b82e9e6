"""The pages about the portal: a whole sitemap, guides that agree in both languages, a style page that is true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import User
from config.addresses import all_addresses
from config.help import LANGUAGES, guides
from config.sitemap import sitemap_of
from config.style import luminance, themes, tokens
from config.templatetags.help import HEIGHT, WIDTH
from config.version import releases, version
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.test_navigation import PEOPLE

#: Addresses without parameters that are no place to go to: files, parts of pages, steps of signing in, probes.
NO_PLACES = {
    *("healthz", "readyz", "set_language"),
    *("account_email", "account_login", "account_logout", "account_inactive", "account_signup"),
    *("account_reauthenticate", "account_email_verification_sent", "account_set_password"),
    *("account_reset_password", "account_confirm_login_code", "account_reset_password_from_key_done"),
    "account_reset_password_done",
    *("activity_totals", "comment_people", "record_seen_export"),
    # Steps of setting up a second factor, of filing without a line, and of giving a role.
    *("mfa_activate_totp", "mfa_authenticate", "mfa_deactivate_totp", "mfa_reauthenticate"),
    *("mfa_generate_recovery_codes", "mfa_view_recovery_codes", "mfa_download_recovery_codes"),
    *("mfa_add_webauthn", "mfa_list_webauthn", "mfa_login_webauthn", "mfa_reauthenticate_webauthn"),
    *("mfa_edit_webauthn", "compare_export", "compare_print"),
    *("activity_offline", "activity_sending", "activity_worker", "role_reach"),
}

PICTURES = settings.BASE_DIR / "static" / "help"
HEAVIEST_PICTURE = 60_000


def listed(user: User) -> dict[str, str]:
    """What the sitemap offers: each address with its label."""
    pages = [page for group in sitemap_of(user) for page in group.pages]
    return {page.url: page.label for each in pages for page in (each, *each.below)}


# --- sitemap --------------------------------------------------------------------------------------------------


def test_every_page_is_on_the_sitemap_of_somebody(cast: Cast) -> None:
    places = {
        address.path
        for address in all_addresses()
        if not address.parameters
        and "GET" in address.methods
        and not re.search(r"\.\w+$|^/api/", address.path)
        and address.name not in NO_PLACES
    }

    offered = set().union(*(listed(getattr(cast.people, who)) for who in PEOPLE))

    assert places - offered == set()


@pytest.mark.parametrize("who", PEOPLE)
def test_nobody_is_offered_on_the_sitemap_what_he_may_not_open(
    who: str, cast: Cast, signed_in: SignedIn
) -> None:
    user = getattr(cast.people, who)
    user.password = "argon2$never$checked"  # whoever has none is sent to choose one
    user.save()
    browser = signed_in(user)

    found = {url: browser.get(url).status_code for url in listed(user)}

    assert found == dict.fromkeys(found, 200)


# --- help -----------------------------------------------------------------------------------------------------


def told(name: str, language: str) -> str:
    return Path(settings.BASE_DIR, "templates", "help", language, f"{name}.html").read_text("utf-8")


@pytest.mark.parametrize("guide", guides(), ids=lambda guide: guide.name)
def test_a_guide_has_the_same_tasks_and_pictures_in_both_languages(guide: Any) -> None:
    parts = {}
    for language in LANGUAGES:
        text = told(guide.name, language)
        tasks = re.findall(r'<section id="([\w-]+)"><h2>', text)
        assert re.findall(r'<a href="#([\w-]+)">', text) == tasks, language
        parts[language] = (tasks, re.findall(r'help_picture "([\w-]+)" "[^"]+"', text), text.count("<li>"))

    assert parts["vi"] == parts["en"]
    for picture in parts["vi"][1]:
        assert (PICTURES / f"{picture}.webp").exists(), picture


def test_pictures_are_small_used_and_of_one_size() -> None:
    text = "".join(told(guide.name, "vi") for guide in guides())
    for path in PICTURES.iterdir():
        assert f'"{path.stem}"' in text, path.name
        assert path.stat().st_size < HEAVIEST_PICTURE, path.name
        with Image.open(path) as picture:
            assert picture.size == (WIDTH, HEIGHT), path.name


def test_a_guide_is_read_in_the_readers_language_and_loads_no_picture_before_it_is_asked_for(
    cast: Cast, signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    reader = signed_in(cast.people.filing_officer)
    with django_assert_num_queries(2):
        page = reader.get("/help/filing-officer/").content.decode()
    assert "File an activity" in page
    for picture in re.findall(r"<img[^>]+/static/help/[^>]+>", page):
        assert 'loading="lazy"' in picture and f'width="{WIDTH}"' in picture
    reader.post(reverse("set_language"), {"language": "vi", "next": "/"})

    assert "Nhập một hoạt động" in reader.get("/help/filing-officer/").content.decode()


def test_everybodys_own_guide_stands_first(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.people.coordinator).get("/help/").content.decode()

    assert page.index("/help/coordinator/") < page.index("Other guides") < page.index("/help/leader/")


def test_help_links_of_pages_lead_to_tasks_that_exist() -> None:
    sources = [
        *Path(settings.BASE_DIR, "templates").rglob("*.html"),
        settings.BASE_DIR / "reporting/first_steps.py",
    ]
    links = set()
    for source in sources:
        text = source.read_text("utf-8")
        links |= set(re.findall(r'"([a-z-]+)/#([\w-]+)"', text))
        links |= set(re.findall(r'help_link.html" with guide="([\w-]+)" task="([\w-]+)"', text))

    assert links
    for guide, task in links:
        assert f'<section id="{task}">' in told(guide, "vi"), (guide, task)


# --- version --------------------------------------------------------------------------------------------------


def test_every_version_is_told_in_both_languages_and_the_newest_is_ours() -> None:
    vietnamese, english = releases("vi"), releases("en")

    assert [each.number for each in vietnamese] == [each.number for each in english]
    assert vietnamese[0].number == version()
    assert all(each.changes for each in (*vietnamese, *english))


def test_anybody_reads_the_version_and_the_changes(db: None) -> None:
    page = Client().get("/changes/").content.decode()

    assert version() in page and releases("vi")[0].changes[0] in page


# --- style ----------------------------------------------------------------------------------------------------


def test_contrast_is_that_of_wcag() -> None:
    assert luminance("#fff") == pytest.approx(1)
    assert luminance("#000") == 0
    assert luminance("#767676") == pytest.approx(0.1812, abs=0.0005)


@pytest.mark.parametrize("theme", themes(), ids=lambda theme: str(theme.label))
def test_every_ink_stands_out_from_its_ground_in_every_theme(theme: Any) -> None:
    weak = {
        f"{pair.ink} on {pair.ground}": round(pair.ratio, 2) for pair in theme.pairs if not pair.is_enough
    }

    assert theme.pairs
    assert weak == {}


def test_the_style_page_shows_every_theme_of_the_style_sheet(
    cast: Cast, signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    reader = signed_in(cast.people.filing_officer)
    with django_assert_num_queries(2):
        page = reader.get("/ui/").content.decode()

    colours = [
        where for where, held in tokens().items() if "ink" in held and "," not in where
    ]  # not that of print
    assert len(colours) == len(themes())
    assert all(f'<th class="col-name" scope="col">{theme.label}</th>' in page for theme in themes())
    assert 'data-state="late"' in page and "field-error" in page and 'id="example-trend"' in page
