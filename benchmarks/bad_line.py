"""Measure pages on a line of 400 kbit/s with 300 ms of delay, from a running demonstration (`make demo` elsewhere).

    python -m benchmarks.bad_line [ADDRESS]      (http://127.0.0.1:$PORT)

Usable is when the document is read, styled and its scripts have run (DOMContentLoaded). "first" keeps nothing of an
earlier visit; "again" has style sheets and scripts in the browser.
"""

import os
import sys

from playwright.sync_api import Page, sync_playwright

from scripts.screenshots import ACCOUNTS, BROWSER, OPTIONS, sign_in

BYTES_A_SECOND = 400_000 / 8
DELAY_MS = 300
TARGET = 3.0
PAGES = {
    "home": ("filing_officer", "/"),
    "list": ("filing_officer", "/activities/"),
    "form": ("filing_officer", "/activities/new/"),
    "dashboard": ("coordinator", "/dashboard/"),
}


def main() -> int:
    address = sys.argv[1] if len(sys.argv) > 1 else f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    if not ACCOUNTS.exists():
        print("bad line: there is no demonstration yet; run `make demo` in another window", file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=OPTIONS)
        for name, (role, path) in PAGES.items():
            page = browser.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN").new_page()
            sign_in(page, address, role)
            line = page.context.new_cdp_session(page)
            line.send("Network.enable")
            line.send(
                "Network.emulateNetworkConditions",
                {
                    "offline": False,
                    "latency": DELAY_MS,
                    "downloadThroughput": BYTES_A_SECOND,
                    "uploadThroughput": BYTES_A_SECOND,
                },
            )
            for visit in ("first", "again"):
                line.send("Network.setCacheDisabled", {"cacheDisabled": visit == "first"})
                seconds, sent = _opened(page, address + path)
                late = "" if seconds <= TARGET else f"   later than {TARGET} s"
                print(f"{name:10} {visit:6} {sent / 1000:7.1f} kB   usable after {seconds:4.1f} s{late}")
        browser.close()
    return 0


def _opened(page: Page, address: str) -> tuple[float, int]:
    """Seconds until a page is usable, and the bytes that came for it."""
    page.goto(address)
    usable, sent = page.evaluate(
        """() => {
            const [own] = performance.getEntriesByType("navigation");
            const parts = performance.getEntriesByType("resource");
            return [own.domContentLoadedEventEnd, [own, ...parts].reduce((sum, part) => sum + part.transferSize, 0)];
        }"""
    )
    return usable / 1000, int(sent)


if __name__ == "__main__":
    sys.exit(main())
