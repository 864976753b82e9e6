"""Measure the search over all records on a national data set: 200,000 activities, and the whole map.

    python -m benchmarks.search        (ROWS=200000)

Times are server times of whole pages, medians of RUNS in one process, for an officer, the coordinator of a province
and a coordinator of the whole nation. The rows are those of ``benchmarks.many_activities``, in its database.
"""

import json
import os
import sys
from typing import Any

os.environ["PCMBN_DATABASE_NAME"] = "portal_bench_many"

from benchmarks.run import RESULTS, median_seconds, prepare  # noqa: I001

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Role, User
from benchmarks.many_activities import COORDINATOR, ROWS, fill
from reporting.search import seal_query
from territory.models import Area

OFFICER = "can-bo.kontum@demo.example"
NATIONAL = "dieu-phoi.ca-nuoc@demo.example"
TARGET = 0.2
WORDS = {
    "words of every row": "mua ban nguoi",
    "one row in a thousand": "chuyen de 777",
    "one row": "dot 123456",
    "beginnings": "tuy tru pho",
    "nothing": "khong co gi nhu vay",
    "a number": "2978/BQP-BĐBP",
    "a common beginning": "ch",
}


def national_coordinator(like: User) -> User:
    """Somebody who coordinates the whole nation; made where there is none."""
    nation = Area.objects.get(level="nation")
    found = User.objects.filter(email=NATIONAL).first() or User.objects.create_user(
        NATIONAL, full_name="Điều phối cả nước"
    )
    held = like.memberships.select_related("agency").first()
    assert held is not None
    Membership.objects.get_or_create(
        user=found, agency=held.agency, role=Role.COORDINATOR, area=nation, valid_from=held.valid_from
    )
    return found


def measure(user: User) -> dict[str, dict[str, float]]:
    client = Client(HTTP_HOST="localhost")
    client.force_login(user, backend="accounts.backends.PortalBackend")
    found = {}
    for name, words in WORDS.items():
        for kind in ("", "activity"):
            asked: dict[str, Any] = {"s": seal_query(words, user=user), "kind": kind}
            with CaptureQueriesContext(connection) as queries:
                response = client.get("/search/", asked)
                statements = len(queries)
            assert response.status_code == 200, (words, response.status_code)
            seconds = median_seconds(lambda asked=asked: client.get("/search/", asked))  # type: ignore[misc]
            label = f"{name}, {kind or 'all kinds'}"
            found[label] = {"seconds": seconds, "sql": statements}
            print(f"{user.email:32} {label:36} {seconds * 1000:8.1f} ms  {statements} statements", flush=True)
    return found


def main() -> int:
    settings.DEBUG = False
    prepare()
    coordinator = User.objects.get(email=COORDINATOR)
    fill(coordinator)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    people = (User.objects.get(email=OFFICER), coordinator, national_coordinator(coordinator))
    measured = {user.email: measure(user) for user in people}
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    results["search"] = {"rows": ROWS, "people": measured}
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    slowest = max(row["seconds"] for rows in measured.values() for row in rows.values())
    print(f"slowest {slowest * 1000:.0f} ms, aimed at {TARGET * 1000:.0f} ms")
    return int(slowest > TARGET)


if __name__ == "__main__":
    sys.exit(main())
