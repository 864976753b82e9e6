"""Make the pictures of the documentation from a running demonstration (`make demo` in another window).

Usage: scripts/screenshots.py [ADDRESS]   (default http://127.0.0.1:$PORT, PORT 8000)
"""

import json
import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
ACCOUNTS = PROJECT / "var" / "demo-accounts.json"
PICTURES = PROJECT / "docs" / "img"
BROWSER = "/usr/bin/chromium"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def sign_in(page: Page, address: str, role: str) -> None:
    account = next(account for account in json.loads(ACCOUNTS.read_text("utf-8")) if account["role"] == role)
    sign_in_as(page, address, account)


def sign_in_as(page: Page, address: str, account: dict[str, str]) -> None:
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", account["email"])
    page.fill("input[name=password]", account["password"])
    page.click("main button[type=submit]")
    page.wait_for_url(f"{address}/")


def main() -> int:
    address = sys.argv[1] if len(sys.argv) > 1 else f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    if not ACCOUNTS.exists():
        print(
            "screenshots: there is no demonstration yet; run `make demo` in another window first",
            file=sys.stderr,
        )
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=OPTIONS)
        desktop = browser.new_page(viewport={"width": 1280, "height": 860}, locale="vi-VN")
        sign_in(desktop, address, "filing_officer")
        for name, path in (("activities", "/activities/"), ("report-form", "/reports/new/"), ("home", "/")):
            desktop.goto(address + path)
            desktop.screenshot(path=PICTURES / f"{name}.png")
        phone = browser.new_page(viewport={"width": 390, "height": 844}, locale="vi-VN")
        sign_in(phone, address, "filing_officer")
        phone.goto(f"{address}/activities/new/")
        phone.screenshot(path=PICTURES / "activity-form-phone.png")
        browser.close()
    print(f"screenshots: {', '.join(sorted(picture.name for picture in PICTURES.glob('*.png')))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
