"""Measure the steering dashboard on the demonstration data: its figures, its lists, and the whole page.

    make bench-dashboard

Times are server times, medians of RUNS in one process, warm; nothing here is asserted anywhere. ``measure`` measures
another database too: it takes the reader and the address.
"""

import gzip
import json
import os
import sys
from typing import Any
from urllib.parse import urlencode

os.environ.setdefault("PCMBN_DATABASE_NAME", "portal_bench")

from benchmarks.run import RESULTS, median_seconds, prepare  # noqa: I001

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Role, User
from accounts.scoping import scope_of
from reporting.dashboard import Dashboard, asked_of
from tests.signing_in import sign_in_by_force

MEMBER = "uy-vien.kontum@demo.example"
LOOKS = {
    "a half-year": {"area": "62", "period": "2020-H1"},
    "a phase": {"area": "62", "period": "2016..2020"},
    "a kind of agency": {"area": "62", "period": "2020-H1", "kind": "commune_police"},
}


def figures(reader: User, given: dict[str, str]) -> None:
    """The figures and all lists of a look, with nothing drawn. Three statements."""
    board = Dashboard(asked_of(given, reader))
    assert board.answers.chosen(("victims_received",)) == [] or board.answers.at("victims_received")
    assert board.rows


def lists(reader: User, given: dict[str, str]) -> None:
    """The lists alone, with what the figures need first. Two statements."""
    assert Dashboard(asked_of(given, reader)).rows


def measure(reader: User, given: dict[str, str]) -> dict[str, Any]:
    """Statements and median milliseconds of the data and of the page, and the page's bytes as sent."""
    scope_of(reader)
    client = Client(HTTP_HOST="localhost")
    sign_in_by_force(client, reader)
    address = f"/dashboard/?{urlencode(given)}"

    def page() -> Any:
        return client.get(address)

    found: dict[str, Any] = {}
    for name, work in (
        ("data", lambda: figures(reader, given)),
        ("lists", lambda: lists(reader, given)),
        ("page", page),
    ):
        work()
        with CaptureQueriesContext(connection) as queries:
            work()
            statements = len(queries)
        found[name] = {"ms": round(median_seconds(work) * 1000, 1), "sql": statements}
    response = page()
    assert response.status_code == 200, response.status_code
    found["page"]["bytes_gzipped"] = len(gzip.compress(response.content))
    return found


def steering_member(area: str) -> User:
    """A member of the steering committee of an area; made where there is none."""
    found = User.objects.filter(email=MEMBER).first() or User.objects.create_user(MEMBER, full_name="Ủy viên")
    like = Membership.objects.filter(area__code=area, area__level="province").select_related("agency", "area")
    held = like.order_by("pk")[0]
    Membership.objects.get_or_create(
        user=found, agency=held.agency, role=Role.STEERING_MEMBER, area=held.area, valid_from=held.valid_from
    )
    return found


def main() -> int:
    settings.DEBUG = False
    prepare()
    reader = steering_member("62")
    found = {name: measure(reader, given) for name, given in LOOKS.items()}
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    results["dashboard"] = found
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
