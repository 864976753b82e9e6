"""Measure the printing of reports from invented snapshots and write benchmarks/reports.json.

    make bench ARGS=reports

A six-month report of ten pages with six tables and four charts, and an annual annex of sixty pages, as PDF and as
Word. Each is made in a process of its own, so that its highest use of memory can be told; "first" is the first file
of the process, "warm" the median of RUNS later ones. "cpu" leaves out the waiting for a machine that others use too.
No database is asked.
"""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
RESULTS = PROJECT / "benchmarks" / "reports.json"
RUNS = 3
ANNEX_ROWS = 1640

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402

django.setup()

from reporting.charts import Category, Chart, Series, Value  # noqa: E402
from reporting.rendering import render_pdf  # noqa: E402
from reporting.rendering.word import render_docx  # noqa: E402
from territory.figure import Status, print_count_vi  # noqa: E402

SENTENCE = (
    "Trong kỳ báo cáo, các sở, ngành, đoàn thể và Ủy ban nhân dân các huyện, thành phố tiếp tục thực hiện kế hoạch "
    "phòng, chống mua bán người, tổ chức tuyên truyền tại địa bàn biên giới, nắm tình hình và tiếp nhận tin báo. "
)


def value(number: int) -> Value:
    if number % 11 == 0:
        return Value(None, "chưa báo cáo", Status.MISSING)
    return Value(Decimal(number), print_count_vi(number))


def charts() -> list[dict[str, Any]]:
    """Bars, a trend, a pipeline and a map of ten districts."""
    about = {"unit": "vụ", "period": "6 tháng đầu năm 2020", "source": "Báo cáo của các đơn vị"}
    places = tuple(
        Category(f"Huyện Thử {at}", Decimal(14) + Decimal(at * 7 % 10) / 8, Decimal(107) + Decimal(at) / 8)
        for at in range(10)
    )
    years = tuple(Category(str(year)) for year in range(2016, 2021))
    stages = tuple(map(Category, ("Tin báo", "Khởi tố", "Truy tố", "Xét xử")))

    def series(name: str, count: int, step: int) -> Series:
        return Series(name, tuple(value(3 + at * step % 29) for at in range(count)))

    made = [
        Chart("bars", "Biểu đồ 1", categories=places, series=(series("Nay", 10, 7), series("Trước", 10, 5)), **about),
        Chart("trend", "Biểu đồ 2", categories=years, series=(series("Vụ", 5, 3), series("Nạn nhân", 5, 8)), **about),
        Chart("pipeline", "Biểu đồ 3", categories=stages, series=(series("Vụ", 4, 3), series("Ngày", 4, 5)), **about),
        Chart("map", "Biểu đồ 4", categories=places, series=(series("", 10, 7),), **about),
    ]  # fmt: skip
    return [chart.as_block() for chart in made]


def column(title: str, align: str = "right") -> dict[str, Any]:
    return {"title": title, "align": align, "is_header": title == "Đơn vị"}


def table(number: int) -> dict[str, Any]:
    rows = [
        {"cells": [str(at), f"Huyện {at}", f"{at * 7 % 50:02d}", f"{at * 13 % 90:02d}", "Đã gửi"], "is_total": False}
        for at in range(1, 13)
    ]  # fmt: skip
    titles = (
        ("TT", "center"),
        ("Đơn vị", "left"),
        ("Số buổi", "right"),
        ("Lượt người", "right"),
        ("Ghi chú", "left"),
    )
    return {
        "type": "table",
        "caption": f"Bảng {number}. Kết quả theo đơn vị",
        "columns": [column(title, align) for title, align in titles],
        "rows": rows,
        "notes": [],
    }


def snapshot(sections: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "schema": 1,
        "template": {"code": "six_month", "version": 1},
        "generated_at": "2026-11-21T12:00:00+00:00",
        "area": {"code": "62", "level": "province", "name": "Tỉnh Thử"},
        "period": {
            "code": "2020-H1",
            "start": "2019-12-15",
            "end": "2020-06-14",
            "rule": "ND09/2019",
            "printed": "6 tháng đầu năm 2020",
        },
        "map": "then",
        "document": {
            "parent_body": "Ủy ban nhân dân tỉnh Thử",
            "body": "Ban Chỉ đạo tỉnh",
            "number": 15,
            "symbol": "BC-BCĐ",
            "place": "Thử",
            "date": "2020-06-15",
            "title": "BÁO CÁO",
            "subject": "Kết quả công tác phòng, chống mua bán người 6 tháng đầu năm 2020",
            "opening": [SENTENCE],
            "closing": ["Trên đây là kết quả công tác phòng, chống mua bán người."],
            "signer": {"authority": "TM. Ban Chỉ đạo", "position": "Trưởng ban", "name": ""},
            "recipients": ["Ban Chỉ đạo trung ương", "Ủy ban nhân dân tỉnh"],
            "archive": "VT",
            "is_demo": True,
            "state": "issued",
            "verification": {
                "code": "THU7-4QX2-9MLA",
                "url": "https://portal.example/verify/THU7-4QX2-9MLA",
                "hash": "",
            },
        },
        "sections": sections,
        "figures": {},
    }


def six_months() -> dict[str, Any]:
    """Ten pages with six tables and four charts."""
    drawn = [*charts(), None, None]
    sections = []
    for at, chart in enumerate(drawn, start=1):
        text = {"type": "paragraphs", "paragraphs": [{"text": SENTENCE * 2, "figures": []}] * 5}
        blocks = [text, table(at), *([chart] if chart else [])]
        sections.append({"number": "I" * at, "title": f"Phần {at}", "blocks": blocks})
    return snapshot(sections)


def annex() -> dict[str, Any]:
    """Sixty pages of a table by commune, ten columns wide."""
    titles = ("Buổi", "Lượt người", "Tin, bài", "Tờ rơi", "Vụ", "Bị can", "Nạn nhân", "Được hỗ trợ")
    rows = [
        {"cells": [str(at), f"Xã Thử {at}", *(f"{(at * 7 + place) % 97:02d}" for place in range(8))], "is_total": False}
        for at in range(1, ANNEX_ROWS + 1)
    ]  # fmt: skip
    block = {
        "type": "annex",
        "number": "I",
        "title": "Số liệu theo đơn vị cấp xã",
        "caption": "",
        "groups": [
            {"title": "", "span": 2},
            {"title": "Tuyên truyền", "span": 4},
            {"title": "Vụ án", "span": 4},
        ],
        "columns": [column("TT", "center"), column("Đơn vị", "left"), *(column(title) for title in titles)],
        "rows": rows,
        "notes": [],
    }
    return snapshot([{"number": "I", "title": "Kết quả", "blocks": [block]}])


WORKS: dict[str, Callable[[], tuple[int, int]]] = {
    "six_months_pdf": lambda: _pdf(six_months()),
    "six_months_docx": lambda: (0, len(render_docx(six_months()))),
    "annex_pdf": lambda: _pdf(annex()),
    "annex_docx": lambda: (0, len(render_docx(annex()))),
}


def _pdf(report: dict[str, Any]) -> tuple[int, int]:
    printed = render_pdf(report)
    return printed.pages, len(printed.content)


def measure(name: str) -> dict[str, Any]:
    """One kind of file, again and again within this process."""
    work = WORKS[name]
    started = time.perf_counter()
    before = time.process_time()
    pages, size = work()
    cpu = round(time.process_time() - before, 2)
    first = time.perf_counter() - started
    once = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return {
        "first_seconds": round(first, 2),
        "warm_seconds": round(statistics.median(times), 2),
        "peak_megabytes_first": once,
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "first_cpu_seconds": cpu,
        "pages": pages,
        "bytes": size,
    }


def main() -> int:
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1])))
        return 0
    files = {}
    for name in WORKS:
        command = [sys.executable, "-m", "benchmarks.reports", name]
        files[name] = json.loads(subprocess.run(command, cwd=PROJECT, check=True, capture_output=True).stdout)
    machine = {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()}
    results = {"machine": machine, "runs": RUNS, "files": files}
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(results, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
