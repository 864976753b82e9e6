"""Reading and finding: keyboard, text size, contrast, language, search, sorting, the file of a list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, OpenWindow
from tests.browser.steps import download, must_fit


def test_the_first_stop_of_the_keyboard_leads_to_the_content(window: OpenWindow) -> None:
    mine = window()
    page = mine.sign_in()
    mine.open("/activities/")
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()


def test_an_officer_signs_in_with_the_keyboard_alone(window: OpenWindow) -> None:
    mine = window()
    page = mine.open("/accounts/login/")
    page.focus("input[name=login]")
    page.keyboard.type("can-bo.kontum@demo.example")
    page.keyboard.press("Tab")
    if not _has_focus(page, "input[name=password]"):  # a link for a forgotten password stands in between
        page.keyboard.press("Tab")
    page.keyboard.type(mine.portal.passwords["can-bo.kontum@demo.example"])
    page.keyboard.press("Enter")

    page.wait_for_url(f"{mine.portal.url}/")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_larger_text_and_high_contrast_are_chosen_and_stay(window: OpenWindow, script: bool) -> None:
    mine = window(script=script)
    page = mine.open("/accounts/login/")
    html = page.locator("html")
    height = _height(page.locator("main h1"))

    _press(page, "button[name=text_size][value=large]")
    expect(html).to_have_attribute("data-text", "large")
    expect(page.locator("button[name=text_size][value=large]")).to_have_attribute("aria-pressed", "true")
    assert _height(page.locator("main h1")) > height
    _press(page, "button[name=contrast]")
    expect(html).to_have_attribute("data-contrast", "high")

    page.reload()
    expect(html).to_have_attribute("data-text", "large")
    expect(html).to_have_attribute("data-contrast", "high")
    expect(page.locator("button[name=contrast]")).to_have_attribute("aria-pressed", "true")
    _press(page, "button[name=contrast]")
    expect(html).to_have_attribute("data-contrast", "normal")


def test_english_is_one_press_away_and_so_is_the_way_back(window: OpenWindow) -> None:
    mine = window()
    page = mine.open("/accounts/login/")
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    page.click("button[name=language][value=en]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("main h1")).to_have_text("Sign in")
    page.click("button[name=language][value=vi]")
    expect(page.locator("html")).to_have_attribute("lang", "vi")


def test_large_text_fits_a_phone(window: OpenWindow) -> None:
    mine = window(size=PHONE)
    page = mine.sign_in()
    page.click("details.menu summary")
    _press(page, "button[name=text_size][value=large]")
    for path in ("/", "/activities/", "/activities/new/", "/reports/", "/reports/new/"):
        mine.open(path)
        must_fit(page)


def test_a_search_without_diacritics_finds_while_typing(window: OpenWindow) -> None:
    mine = window()
    page = mine.sign_in("dieu-phoi.kontum@demo.example")
    mine.open("/activities/")
    rows = page.locator("#activity-results tbody tr")
    everything = rows.count()

    page.fill("main input[name=q]", "toa dam bao cao vien")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Tọa đàm dành cho báo cáo viên")
    expect(page).to_have_url(re.compile(r"q=toa"))
    page.fill("main input[name=q]", "không có hoạt động nào như thế")
    expect(rows).to_have_count(0)
    page.go_back()
    page.fill("main input[name=q]", "")
    expect(rows).to_have_count(everything)


def test_a_column_is_sorted_both_ways(window: OpenWindow) -> None:
    mine = window()
    page = mine.sign_in("dieu-phoi.kontum@demo.example")
    mine.open("/activities/?sort=title")
    heading = page.locator("#activity-results th[aria-sort=ascending]")
    expect(heading).to_have_count(1)
    forwards = _titles(page)

    heading.locator("a").click()
    expect(page.locator("#activity-results th[aria-sort=descending]")).to_have_count(1)

    assert _titles(page) == forwards[::-1]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_file_of_a_list_holds_the_rows_that_are_shown(
    window: OpenWindow, size: dict[str, int], tmp_path: Path
) -> None:
    mine = window(size=size)
    page = mine.sign_in("dieu-phoi.kontum@demo.example")
    mine.open("/activities/?q=bien+gioi&sort=title")
    shown = _titles(page)
    assert shown

    sheet = load_workbook(download(page, "a[href*='export.xlsx']", tmp_path)).worksheets[0]

    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[2] for row in rows] == shown


def test_the_menu_of_a_phone_leads_to_every_list(window: OpenWindow) -> None:
    mine = window(size=PHONE)
    page = mine.sign_in()
    page.click("details.menu summary")
    page.click("details.menu a[href='/reports/']")

    page.wait_for_url(re.compile(r"/reports/$"))
    must_fit(page)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_page_begins_below_two_lines_on_a_phone_and_the_menu_holds_the_rest(
    script: bool, window: OpenWindow
) -> None:
    mine = window(size=PHONE, script=script)
    page = mine.sign_in()
    head, account = page.locator(".site-head"), page.locator(".tools a[href='/account/']")
    expect(page.locator("#site-search")).to_be_visible()
    expect(page.locator(".site-head a[href='/notifications/']")).to_be_visible()
    expect(account).to_be_hidden()
    assert _height(head) < 110

    page.locator("details.menu summary").focus()
    page.keyboard.press("Enter")
    for button in ("text_size", "contrast", "language"):
        expect(page.locator(f".tools button[name={button}]").first).to_be_visible()
    expect(page.locator("form[data-sign-out] button")).to_be_visible()
    account.focus()
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile("/account/$"))


def test_a_slash_leads_to_the_search_unless_single_keys_are_turned_off(window: OpenWindow) -> None:
    mine = window()
    page = mine.sign_in()
    search = page.locator("#site-search")
    page.keyboard.press("/")
    expect(search).to_be_focused()
    expect(search).to_have_attribute("aria-keyshortcuts", "/")

    mine.open("/preferences/")
    page.check("input[name=keys][value=off]")
    page.click("main button[type=submit]")
    expect(page.locator("html")).to_have_attribute("data-keys", "off")
    page.locator("#main").focus()
    page.keyboard.press("/")

    expect(search).not_to_be_focused()
    expect(search).not_to_have_attribute("aria-keyshortcuts", "/")


def test_colours_follow_the_device_until_others_are_chosen(window: OpenWindow) -> None:
    mine = window()
    page = mine.sign_in()
    light = _background(page)
    page.emulate_media(color_scheme="dark")
    dark = _background(page)
    assert dark != light

    mine.open("/preferences/")
    page.check("input[name=colours][value=light]")
    page.click("main button[type=submit]")
    expect(page.locator("input[name=colours][value=light]")).to_be_checked()
    assert _background(page) == light
    page.emulate_media(color_scheme="light")
    page.check("input[name=colours][value=dark]")
    page.click("main button[type=submit]")
    expect(page.locator("input[name=colours][value=dark]")).to_be_checked()

    assert _background(page) == dark


def test_the_menu_opens_leads_on_and_shuts_by_the_keyboard_alone(window: OpenWindow) -> None:
    mine = window(size=PHONE)
    page = mine.sign_in()
    menu = page.locator("details.menu")
    for _stop in range(3):  # past the way to the content and the name of the portal
        page.keyboard.press("Tab")
    expect(menu.locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(menu.locator("nav")).to_be_visible()
    page.keyboard.press("Enter")
    expect(menu.locator("nav")).to_be_hidden()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(menu.locator("a").first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url(lambda address: address != f"{mine.portal.url}/")
    expect(page.locator("h1")).to_be_visible()


def _background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def _press(page: Page, selector: str) -> None:
    """Press a button that stores a preference, and wait until it is stored."""
    with page.expect_response(lambda response: response.url.endswith("/preferences/")):
        page.click(selector)


def _has_focus(page: Page, selector: str) -> bool:
    return bool(page.evaluate("(selector) => document.activeElement.matches(selector)", selector))


def _height(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return box["height"]


def _titles(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("#activity-results tbody th[scope=row]").all_inner_texts()]
