"""Measure the statistics endpoint on a database as it is: one province by district, two periods, ten indicators.

    DATABASE_URL=... python -m benchmarks.statistics        (AREA=62 PERIODS=2020-H1,2019-H1 RUNS=200)

Nothing is loaded or made but a session and the stamps of the answers. Times are server times in one process: of the
first answer, and the median and the 95th percentile of RUNS answers, whole and where the consumer has it already.
"""

import json
import os
import statistics
import sys
import time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.cache import caches  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Membership, Role, User  # noqa: E402
from reporting.models import Indicator  # noqa: E402
from tests.signing_in import sign_in_by_force  # noqa: E402

ADDRESS = "/api/v1/statistics/"
INDICATORS = 10
RUNS = int(os.environ.get("RUNS", "200"))
PERIODS = os.environ.get("PERIODS", "2020-H1,2019-H1")


def coordinator(code: str) -> tuple[User, str]:
    """Somebody who coordinates the province, or any province where none is named, and its code."""
    held = Membership.objects.valid_on(timezone.localdate()).filter(
        role=Role.COORDINATOR, user__is_active=True, area__level="province"
    )
    chosen = held.filter(area__code=code) if code else held
    found = chosen.select_related("user", "area").order_by("area__code", "pk").first()
    if found is None:
        raise SystemExit(f"Nobody coordinates the province {code or '(any)'} in this database.")
    return found.user, found.area.code


def question(area: str) -> dict[str, str]:
    """Ten indicators that are sums, in the order of the catalogue, for the districts of a province."""
    summed = [row.code for row in Indicator.objects.order_by("order", "code") if row.rule.get("sum")]
    codes = list(dict.fromkeys(summed))[:INDICATORS]
    return {"indicator": ",".join(codes), "area": area, "level": "district", "period": PERIODS}


def milliseconds(client: Client, asked: dict[str, str], **headers: str) -> list[float]:
    """The times of RUNS answers."""
    times = []
    for _run in range(RUNS):
        caches["counts"].clear()
        started = time.perf_counter()
        answer = client.get(ADDRESS, asked, headers=headers)
        times.append((time.perf_counter() - started) * 1000)
        assert answer.status_code in (200, 304), answer.content
    return times


def told(times: list[float]) -> dict[str, float]:
    return {
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(statistics.quantiles(times, n=20)[-1], 1),
    }


def main() -> int:
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["localhost"]
    reader, area = coordinator(os.environ.get("AREA", ""))
    asked = question(area)
    client = Client(HTTP_HOST="localhost")
    sign_in_by_force(client, reader)
    started = time.perf_counter()
    with CaptureQueriesContext(connection) as statements:
        first = client.get(ADDRESS, asked)
    assert first.status_code == 200, first.content
    found: dict[str, Any] = {
        "area": area,
        "periods": PERIODS,
        "figures": len(first.json()["data"]),
        "statements": len(statements),
        "first_ms": round((time.perf_counter() - started) * 1000, 1),
        "whole": told(milliseconds(client, asked)),
        "unchanged": told(milliseconds(client, asked, **{"If-None-Match": first["ETag"]})),
    }
    print(json.dumps(found, indent=1, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
