"""How pages look and which keys they answer to: chosen by anybody, kept in a cookie of words we know."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

SIGN_IN, PREFERENCES = reverse("account_login"), reverse("preferences")


@pytest.fixture
def reader(client: Client, db: None) -> Client:
    return client


def page_of(reader: Client) -> str:
    return reader.get(SIGN_IN).content.decode()


def dark_sheets(page: str) -> list[str]:
    """The media for which the dark look is linked."""
    return re.findall(r'css/dark[^"]*\.css" media="([^"]+)"', page)


def test_choices_are_kept_in_a_cookie_of_words(reader: Client) -> None:
    made_up = {"text_size": "huge", "contrast": "<script>", "keys": "all"}
    rest = {"colours": "dark", "motion": "less", "keys": "off"}
    for sent in ({"text_size": "large"}, {"contrast": "high"}, rest, made_up):
        assert reader.post(PREFERENCES, {**sent, "next": SIGN_IN})["Location"] == SIGN_IN

    assert reader.cookies["reading"].value == "large.high.dark.less.off"
    assert reader.cookies["reading"]["httponly"]
    chosen = 'data-text="large" data-contrast="high" data-motion="less" data-keys="off"'
    assert f'<html lang="vi" {chosen}' in page_of(reader)


def test_the_page_of_choices_shows_what_is_chosen(reader: Client) -> None:
    reader.cookies["reading"] = "small.normal.light.system.off"
    page = reader.get(PREFERENCES).content.decode()

    checked = re.findall(r'name="(\w+)" value="(\w+)"[^>]* checked', page)
    assert dict(checked) == {
        "text_size": "small",
        "contrast": "normal",
        "colours": "light",
        "motion": "system",
        "keys": "off",
    }


@pytest.mark.parametrize(
    ("colours", "media"),
    [("system", ["screen and (prefers-color-scheme: dark)"]), ("dark", ["screen"]), ("light", [])],
)
def test_the_dark_look_is_linked_for_whom_it_is_meant(colours: str, media: list[str], reader: Client) -> None:
    reader.cookies["reading"] = f"normal.normal.{colours}.system.on"

    assert dark_sheets(page_of(reader)) == media


@pytest.mark.parametrize("cookie", ['"><script>alert(1)</script>.high.x', "large.high.blue", "x"])
def test_a_cookie_that_somebody_made_up_changes_nothing(cookie: str, reader: Client) -> None:
    reader.cookies["reading"] = cookie

    assert 'data-text="normal" data-contrast="normal"' in page_of(reader)


def test_a_cookie_from_before_there_were_more_choices_is_read(reader: Client) -> None:
    reader.cookies["reading"] = "large.high"

    assert 'data-text="large" data-contrast="high" data-motion="system"' in page_of(reader)
