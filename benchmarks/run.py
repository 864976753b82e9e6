"""Measure the portal on the demonstration data and write benchmarks/results.json.

    make bench ARGS=demo

Times are medians of RUNS. Nothing here is asserted anywhere: the tests pin SQL counts, this tells seconds.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
RESULTS = PROJECT / "benchmarks" / "results.json"
RUNS = 5

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("PCMBN_DATABASE_NAME", "portal_bench")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.models import User  # noqa: E402
from programs.models import Activity  # noqa: E402
from reporting.building import build_snapshot  # noqa: E402
from reporting.models import Report  # noqa: E402
from reporting.rendering import render_pdf  # noqa: E402
from reporting.services import jobs, making  # noqa: E402
from territory.period import parse_period  # noqa: E402
from territory.selectors import area_on  # noqa: E402


def median_seconds(work: Callable[[], Any]) -> float:
    """The median time of RUNS runs, after one that is not counted."""
    work()
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return round(statistics.median(times), 4)


def prepare() -> None:
    call_command("migrate", verbosity=0)
    call_command("load_areas", verbosity=0)
    call_command("load_demo")
    call_command("collectstatic", "--noinput", verbosity=0)


def report_times() -> dict[str, float]:
    """A six-month report by the command in a fresh process, and again and again within one process."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "manage.py", "make_report", "--area", "62", "--period", "2020-H1"]
        command += ["--kind", "six_month", "--out", f"{folder}/report.pdf"]
        started = time.perf_counter()
        subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
        cold = time.perf_counter() - started
    period = parse_period("2020-H1")
    area = area_on("62", period.end)
    snapshot = build_snapshot(kind="six_month", area=area, period=period)
    return {
        "report_cold_process": round(cold, 3),
        "report_snapshot_warm": median_seconds(
            lambda: build_snapshot(kind="six_month", area=area, period=period)
        ),
        "report_print_warm": median_seconds(lambda: render_pdf(snapshot)),
    }


def a_report(officer: User) -> Report:
    existing = Report.objects.unscoped("the benchmark's own report").first()
    if existing is None:
        period = parse_period("2020-H1")
        job = jobs.request_report(
            actor=officer, kind="six_month", area=area_on("62", period.end), period=period
        )
        lease = jobs.take(str(job.key))
        assert lease is not None
        making.carry_out(lease)
        existing = Report.objects.unscoped("the benchmark's own report").get(job=job)
    report: Report = existing
    return report


def page_times() -> dict[str, dict[str, float]]:
    """Server time, SQL statements and bytes of each page for the filing officer of Kon Tum."""
    officer = User.objects.get(email="can-bo.kontum@demo.example")
    client = Client(HTTP_HOST="localhost")
    client.force_login(officer, backend="accounts.backends.PortalBackend")
    activity = Activity.objects.visible_to(officer).order_by("pk")[0]
    pages = {
        "home": "/",
        "activity list": "/activities/",
        "activity search": "/activities/?q=mua+ban+nguoi",
        "activity form": "/activities/new/",
        "activity": f"/activities/{activity.pk}/",
        "reports": "/reports/",
        "report form": "/reports/new/",
        "report": f"/reports/{a_report(officer).key}/",
    }
    found = {}
    for name, address in pages.items():
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
            statements = len(queries)
        assert response.status_code == 200, (address, response.status_code)
        found[name] = {
            "seconds": median_seconds(lambda address=address: client.get(address)),  # type: ignore[misc]
            "sql": statements,
            "bytes": len(response.content),
        }
    return found


def main() -> int:
    prepare()
    static = {
        path.name: path.stat().st_size
        for path in sorted([*PROJECT.glob("static/css/*.css"), *PROJECT.glob("static/js/*.js")])
    }
    results = {
        "machine": {
            "cpus": os.cpu_count(),
            "python": platform.python_version(),
            "system": platform.platform(),
        },
        "runs": RUNS,
        "report": report_times(),
        "pages": page_times(),
        "static_bytes": static,
    }
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(results, indent=1, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
