"""Make the pictures of the documentation or of the help pages from a running demonstration (`make demo` elsewhere).

Usage: scripts/screenshots.py [docs|help] [ADDRESS]   (default docs, http://127.0.0.1:$PORT, PORT 8000)
"""

import io
import json
import os
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
ACCOUNTS = PROJECT / "var" / "demo-accounts.json"
PICTURES = PROJECT / "docs" / "img"
HELP_PICTURES = PROJECT / "static" / "help"
BROWSER = "/usr/bin/chromium"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

#: What each picture of the help shows: who is signed in, and which page. config/templatetags/help.py has the size.
HELP = {
    "activity-form": ("filing_officer", "/activities/new/"),
    "obligations": ("filing_officer", "/obligations/"),
    "notices": ("filing_officer", "/account/notices/"),
    "queue": ("head_of_unit", "/activities/queue/"),
    "dashboard": ("steering_member", "/dashboard/"),
    "heatmap": ("coordinator", "/obligations/heatmap/"),
    "report-form": ("coordinator", "/reports/new/"),
    "tips": ("investigator", "/incidents/tips/"),
    "indicators": ("administrator", "/indicators/"),
}
HELP_SIZE = {"width": 960, "height": 600}
#: A picture of the help may not be heavier; its quality goes down until it fits.
HEAVIEST = 58_000


def sign_in(page: Page, address: str, role: str) -> None:
    account = next(account for account in json.loads(ACCOUNTS.read_text("utf-8")) if account["role"] == role)
    sign_in_as(page, address, account)


def sign_in_as(page: Page, address: str, account: dict[str, str]) -> None:
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", account["email"])
    page.fill("input[name=password]", account["password"])
    page.click("main button[type=submit]")
    if account["totp"]:  # the demonstration shows the code of its own people
        page.fill("input[name=code]", page.inner_text("[data-demo-code]"))
        page.click("main button[type=submit]")
    page.wait_for_url(f"{address}/")


def picture_docs(browser: Browser, address: str) -> list[str]:
    PICTURES.mkdir(parents=True, exist_ok=True)
    desktop = browser.new_page(viewport={"width": 1280, "height": 860}, locale="vi-VN")
    sign_in(desktop, address, "filing_officer")
    for name, path in (("activities", "/activities/"), ("report-form", "/reports/new/"), ("home", "/")):
        desktop.goto(address + path)
        desktop.screenshot(path=PICTURES / f"{name}.png")
    phone = browser.new_page(viewport={"width": 390, "height": 844}, locale="vi-VN")
    sign_in(phone, address, "filing_officer")
    phone.goto(f"{address}/activities/new/")
    phone.screenshot(path=PICTURES / "activity-form-phone.png")
    return sorted(picture.name for picture in PICTURES.glob("*.png"))


def picture_help(browser: Browser, address: str) -> list[str]:
    """The part of each page below the header, as WebP."""
    HELP_PICTURES.mkdir(parents=True, exist_ok=True)
    for role in sorted({role for role, _path in HELP.values()}):
        page = browser.new_page(viewport=HELP_SIZE, locale="vi-VN", reduced_motion="reduce")  # type: ignore[arg-type]
        sign_in(page, address, role)
        for name, path in ((name, path) for name, (whose, path) in HELP.items() if whose == role):
            page.goto(address + path)
            page.evaluate(
                "document.querySelectorAll('details.filters').forEach(each => { each.open = false });"
                "document.querySelector('main').scrollIntoView()"
            )
            keep_small(page.screenshot(), HELP_PICTURES / f"{name}.webp")
        page.close()
    return sorted(picture.name for picture in HELP_PICTURES.glob("*.webp"))


def keep_small(png: bytes, path: Path) -> None:
    with Image.open(io.BytesIO(png)) as picture:
        for quality in range(80, 10, -10):
            held = io.BytesIO()
            picture.save(held, "WEBP", quality=quality, method=6)
            if held.tell() < HEAVIEST:
                break
    path.write_bytes(held.getvalue())


def main() -> int:
    arguments = sys.argv[1:]
    which = arguments.pop(0) if arguments and arguments[0] in ("docs", "help") else "docs"
    address = arguments[0] if arguments else f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    if not ACCOUNTS.exists():
        print(
            "screenshots: there is no demonstration yet; run `make demo` in another window first",
            file=sys.stderr,
        )
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=OPTIONS)
        made = (picture_help if which == "help" else picture_docs)(browser, address)
        browser.close()
    print(f"screenshots: {', '.join(made)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
