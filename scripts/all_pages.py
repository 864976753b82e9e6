"""Take a picture of every page in every look from a running demonstration, and say what is cut, overlapping or empty.

Usage: scripts/all_pages.py [--at ADDRESS] [--role ROLE] [--width PX] [--look LOOK] [--route NAME] [--every-role]

Pictures go to var/screenshots/<role>/<page>-<width>-<look>.png, with var/screenshots/index.html to look through them.
A page is taken for the first account that comes to it by links, first one account of each role and then the rest, since
other units have other records; with --every-role for each role. Options that choose may be repeated.
Ends with 1 and a list when a check failed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in this thread

import django  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

django.setup()

from scripts.screenshots import ACCOUNTS, BROWSER, OPTIONS, sign_in_as  # noqa: E402
from tests.browser.walk import walk  # noqa: E402

PICTURES = PROJECT / "var" / "screenshots"
FAULTS = Path(__file__).with_name("all_pages_faults.js").read_text("utf-8")
#: In a picture of a whole page, what stays in place while the page moves would lie across its middle.
UNSTUCK = """() => {
    for (const element of document.querySelectorAll(".form-actions-sticky, thead th, .pin, [class*=head]")) {
        if (getComputedStyle(element).position === "sticky") element.style.position = "static";
    }
}"""
WIDTHS = (390, 768, 1440)
LOOKS = ("light", "dark", "contrast")
ROLES = (
    *("filing_officer", "head_of_unit", "case_worker", "investigator"),
    *("coordinator", "steering_member", "administrator"),
)
#: Taller pages are cut here; what comes below is more of the same.
TALLEST = 8_000


@dataclass(frozen=True)
class Picture:
    role: str
    route: str
    width: int
    look: str
    address: str
    faults: tuple[str, ...]

    @property
    def path(self) -> str:
        return f"{self.role}/{self.route}-{self.width}-{self.look}.png"


def main() -> int:
    chosen = _asked()
    if not ACCOUNTS.exists():
        print(
            "all pages: there is no demonstration yet; run `make demo` in another window first",
            file=sys.stderr,
        )
        return 1
    pictures: list[Picture] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=OPTIONS)
        taken: set[str] = set()
        of_roles: dict[str, set[str]] = {}
        for account in _accounts(chosen.role):
            role = account["role"]
            page = browser.new_page(viewport={"width": 390, "height": 844}, locale="vi-VN")
            sign_in_as(page, chosen.at, account)
            of_role = of_roles.setdefault(role, set())
            for opened in walk(page, f"{chosen.at}/"):
                is_asked = not chosen.route or opened.route in chosen.route
                if not is_asked or opened.name in (of_role if chosen.every_role else taken):
                    continue
                of_role.add(opened.name)
                taken.add(opened.name)
                address = urlsplit(opened.address)._replace(scheme="", netloc="").geturl()
                pictures += _taken(page, role, opened.name, address, chosen.width, chosen.look)
            page.close()
        browser.close()
    (PICTURES / "index.html").write_text(_sheet(pictures), "utf-8")
    faulty = [picture for picture in pictures if picture.faults]
    for picture in faulty:
        print(f"{picture.path} {picture.address}")
        for fault in picture.faults:
            print(f"    {fault}")
    print(f"all pages: {len(pictures)} pictures, {len(faulty)} with faults; see {PICTURES / 'index.html'}")
    return 1 if faulty else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--at", default=f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
    parser.add_argument("--role", action="append", choices=ROLES)
    parser.add_argument("--width", action="append", type=int)
    parser.add_argument("--look", action="append", choices=LOOKS)
    parser.add_argument("--route", action="append", help="the name of an address, such as activity_list")
    parser.add_argument("--every-role", action="store_true")
    chosen = parser.parse_args()
    chosen.role = chosen.role or ROLES
    chosen.width = chosen.width or WIDTHS
    chosen.look = chosen.look or LOOKS
    return chosen


def _accounts(roles: list[str]) -> list[dict[str, str]]:
    """Who is signed in, one after the other: somebody of each role, then the others."""
    accounts = [each for each in json.loads(ACCOUNTS.read_text("utf-8")) if each["role"] in roles]
    firsts = {each["role"]: each for each in reversed(accounts)}
    first = [firsts[role] for role in roles if role in firsts]
    return first + [each for each in accounts if each not in first]


def _taken(
    page: Page, role: str, route: str, address: str, widths: list[int], looks: list[str]
) -> Iterator[Picture]:
    """Pictures of the page that is open, without loading it again."""
    name = route.replace(":", "-")
    (PICTURES / role).mkdir(parents=True, exist_ok=True)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 844 if width < 700 else 900})
        # What script folds away on a telephone is open elsewhere.
        is_wide = json.dumps(width > 672)
        page.evaluate(
            f"document.querySelectorAll('details[data-fold]').forEach((fold) => {{ fold.open = {is_wide}; }})"
        )
        page.evaluate(UNSTUCK)
        for look in looks:
            page.emulate_media(color_scheme="dark" if look == "dark" else "light", reduced_motion="reduce")
            contrast = "high" if look == "contrast" else "normal"
            page.evaluate(f"document.documentElement.dataset.contrast = '{contrast}'")
            # Letters lie where they lie whatever the colours are, so places are looked at once a width.
            faults = tuple(page.evaluate(FAULTS)) if look == looks[0] else ()
            picture = Picture(role, name, width, look, address, faults)
            height = min(TALLEST, max(844, page.evaluate("document.documentElement.scrollHeight")))
            page.screenshot(
                path=PICTURES / picture.path,
                full_page=True,
                clip={"x": 0, "y": 0, "width": width, "height": height},
            )
            yield picture
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 390, "height": 844})


def _sheet(pictures: list[Picture]) -> str:
    """The page on which all pictures are looked at, page by page."""
    rows = []
    pages: dict[tuple[str, str, str], list[Picture]] = {}
    for picture in pictures:
        pages.setdefault((picture.role, picture.route, picture.address), []).append(picture)
    for (role, route, address), of_page in pages.items():
        faults = "".join(
            f"<li>{each.width}: {escape(fault)}</li>" for each in of_page for fault in each.faults
        )
        shown = "".join(
            f'<a href="{each.path}"><img loading="lazy" src="{each.path}" alt="{each.width} {each.look}"></a>'
            for each in of_page
        )
        rows.append(
            f"<h2>{route} <small>{role} {escape(address)}</small></h2><ul>{faults}</ul><p>{shown}</p>"
        )
    style = (
        "img{width:240px;max-height:520px;object-fit:cover;object-position:top;border:1px solid;margin:4px}"
    )
    return f"<!doctype html><meta charset='utf-8'><title>All pages</title><style>{style}</style>{''.join(rows)}\n"


if __name__ == "__main__":
    sys.exit(main())
