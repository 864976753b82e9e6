"""Over a slow line a page comes piece by piece; what is there already stays where it is while the rest comes."""

from __future__ import annotations

from tests.browser.conftest import MOST_SHIFTED, OpenWindow

#: Pages whose tables would take their widths anew with each row, and heads that fill from the right.
PATHS = ("/forms/", "/activities/", "/statements/", "/obligations/", "/indicators/", "/compare/")

#: Gives the window what a path holds in 24 pieces, each drawn before the next, and adds up how far parts moved.
IN_PIECES = """async (path) => {
    const whole = await (await fetch(path)).text();
    const drawn = () => new Promise((told) => requestAnimationFrame(() => requestAnimationFrame(told)));
    let moved = 0;
    const observer = new PerformanceObserver((seen) => {
        for (const each of seen.getEntries()) moved += each.value;
    });
    observer.observe({ type: "layout-shift" });
    document.open();
    const size = Math.ceil(whole.length / 24);
    for (let at = 0; at < whole.length; at += size) {
        document.write(whole.slice(at, at + size));
        await drawn();
    }
    document.close();
    await drawn();
    for (const each of observer.takeRecords()) moved += each.value;
    return moved;
}"""


def test_nothing_on_a_wide_window_moves_while_a_page_comes_in_pieces(window: OpenWindow) -> None:
    mine = window()
    mine.sign_in("dieu-phoi.kontum@demo.example")
    moved = {}
    for path in PATHS:
        page = mine.open(path)
        assert page.locator("main table, main .empty").count(), path
        moved[path] = page.evaluate(IN_PIECES, path)

    assert {path: far for path, far in moved.items() if far > MOST_SHIFTED} == {}
