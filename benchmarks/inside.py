"""What is measured without HTTP, in processes of the benchmark: roll-up, a printed report, a large workbook."""

import json
import statistics
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.http import QueryDict
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from accounts.models import User
from benchmarks.upload import peak_megabytes
from programs.exporting import activities_workbook
from programs.tables import ActivityListing
from reporting.building import build_snapshot
from reporting.rebuilding import rebuild_facts
from reporting.rendering import render_pdf
from reporting.rendering.html import render_html
from reporting.rendering.pdf import VARIANT, make_fetcher, style_sheet
from reporting.rollup import check_facts, recompute_marked
from territory.models import Area
from territory.period import parse_period

RUNS = 5
#: Activities that one writing transaction stores when marks are measured.
_WRITTEN = 200
#: Who write at once, and how many transactions each of them makes.
WRITERS = 16
_TRANSACTIONS = 20

_COPIED = """
    INSERT INTO programs_activity ({columns}) SELECT {values} FROM programs_activity a
    WHERE a.province_id = %s AND a.state = 'approved' ORDER BY a.id LIMIT %s
"""


def seconds_of(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def median_of(work: Callable[[], float]) -> float:
    return statistics.median(work() for _ in range(RUNS))


def rollup(province: Area) -> dict[str, float]:
    """What marks cost a write, how long one write waits in the worker, and how long all facts take."""
    plain, marked = [], []
    for _ in range(RUNS + 1):
        plain.append(_written(province, with_marks=False))
        marked.append(_written(province, with_marks=True))
    return {
        "write_plain": statistics.median(plain[1:]),
        "write_with_marks": statistics.median(marked[1:]),
        "recompute_after_a_write": median_of(lambda: _recomputed(province)),
        **_writers_at_once(province),
        "full_rebuild": seconds_of(rebuild_facts),
        "differences": float(len(check_facts())),
    }


def _written(province: Area, *, with_marks: bool) -> float:
    """Seconds to copy some activities with their history, with or without the triggers that mark; it is undone."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not with_marks:
            cursor.execute("ALTER TABLE programs_activity DISABLE TRIGGER reporting_mark")
        spent = seconds_of(lambda: _copy(cursor, province))
        transaction.set_rollback(True)
    return spent


def _copy(cursor: Any, province: Area, rows: int = _WRITTEN) -> None:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'programs_activity'"
        " AND table_schema = 'public' AND is_generated = 'NEVER' AND column_name NOT IN ('id', 'submission_key')"
    )
    names = [name for (name,) in cursor.fetchall()]
    columns = ", ".join(f'"{name}"' for name in (*names, "submission_key"))
    values = ", ".join([*(f'a."{name}"' for name in names), "gen_random_uuid()"])
    cursor.execute(_COPIED.format(columns=columns, values=values), [province.pk, rows])


def _writers_at_once(province: Area) -> dict[str, float]:
    """WRITERS who each write the same keys again and again, in transactions that stay open; all of it is undone.

    Every transaction marks the same half-month of the same agency, which a roll-up summed by triggers would let only
    one writer touch at a time. Tells the seconds of one writer alone, of all at once, and how often in between one was
    seen waiting for another's lock.
    """

    def write() -> None:
        try:
            for _ in range(_TRANSACTIONS):
                with transaction.atomic(), connection.cursor() as cursor:
                    _copy(cursor, province, 1)
                    cursor.execute("SELECT pg_sleep(0.03)")
                    transaction.set_rollback(True)
        finally:
            connection.close()

    alone = seconds_of(lambda: _in_threads(write, 1))
    waits = [0]
    together = seconds_of(lambda: waits.append(_in_threads(write, WRITERS)))
    return {"writer_alone": alone, "writers_at_once": together, "waits_for_locks": float(sum(waits))}


def _in_threads(work: Callable[[], None], number: int) -> int:
    """Do the work in so many threads at once. Returns how often a wait for a lock was seen meanwhile."""
    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    seen = 0
    with connection.cursor() as cursor:
        while any(thread.is_alive() for thread in threads):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            seen += cursor.fetchone()[0]
            threads[0].join(0.01)
    return seen


def _recomputed(province: Area) -> float:
    """Seconds in which the marks of one write are worked off; the write is undone after."""
    with transaction.atomic(), connection.cursor() as cursor:
        _copy(cursor, province, 1)
        spent = seconds_of(recompute_marked)
        transaction.set_rollback(True)
    return spent


def report(province: Area, period_code: str) -> dict[str, float]:
    """A six-month report: its snapshot, its file, and WeasyPrint alone on the same finished page."""
    period = parse_period(period_code)

    def build() -> Any:
        return build_snapshot(kind="six_month", area=province, period=period)

    snapshot = build()
    page, fetcher, fonts = render_html(snapshot), make_fetcher(), FontConfiguration()
    sheet = CSS(string=style_sheet(), url_fetcher=fetcher, font_config=fonts)

    def print_alone() -> None:
        HTML(string=page, url_fetcher=fetcher).write_pdf(
            stylesheets=[sheet], font_config=fonts, pdf_variant=VARIANT, pdf_tags=True
        )

    return {
        "snapshot": median_of(lambda: seconds_of(build)),
        "print": median_of(lambda: seconds_of(lambda: render_pdf(snapshot))),
        "weasyprint_alone": median_of(lambda: seconds_of(print_alone)),
    }


def export(reader: User, since: str) -> dict[str, float]:
    """The list as a workbook, of what ended since a day: rows, seconds, memory over what the process held before."""
    _send(_listing(reader, "2100-01-01"), reader)
    before = peak_megabytes()
    listing = _listing(reader, since)
    spent = seconds_of(lambda: _send(listing, reader))
    return {
        "rows": listing.totals.count,
        "seconds": round(spent, 1),
        "megabytes_over_idle": peak_megabytes() - before,
    }


def _send(listing: ActivityListing, reader: User) -> None:
    for _ in activities_workbook(listing, reader=reader, address=""):
        pass


def _listing(reader: User, since: str) -> ActivityListing:
    return ActivityListing(QueryDict(f"ended_from={since}"), reader=reader)


def main() -> int:
    """Measure an export in a process of its own: by whom, and since when."""
    print(json.dumps(export(User.objects.get(email=sys.argv[1]), sys.argv[2])))
    return 0
