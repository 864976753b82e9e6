"""Measure the list of activities for a coordinator whose province has 200,000 of them.

    make bench ARGS=many        (ROWS=200000)

Times are server times of whole pages, medians of RUNS in one process; nothing here is asserted anywhere. The rows are
made by the database itself in a database of their own and kept for the next run.
"""

import json
import os
import sys
from typing import Any

os.environ["PCMBN_DATABASE_NAME"] = "portal_bench_many"

from benchmarks.run import RESULTS, median_seconds, prepare  # noqa: I001

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from programs.models import Activity

ROWS = int(os.environ.get("ROWS", "200000"))
COORDINATOR = "dieu-phoi.kontum@demo.example"
PAGES = {
    "first page": "/activities/",
    "second page": "/activities/?page=2",
    "search, one word in a thousand": "/activities/?q=chuyen+de+777",
    "search, every row": "/activities/?q=mua+ban+nguoi",
    "one district": "/activities/?area={district}",
    "one half-year": "/activities/?ended_from=2019-12-15&ended_to=2020-06-14",
    "one kind": "/activities/?kind=training",
    "sorted by title": "/activities/?sort=title",
    "totals of every row": "/activities/totals/",
    "totals of a search": "/activities/totals/?q=chuyen+de+777",
    "totals of one district and half-year": (
        "/activities/totals/?area={district}&ended_from=2019-12-15&ended_to=2020-06-14"
    ),
}

_ACTIVITIES = """
INSERT INTO programs_activity (
    state, kind, title, agency_id, area_id, province_id, district_id, started_on, ended_on, is_cumulative,
    is_integrated, integrated_with, audience, other_partners, narrative, is_demo, submission_key, version,
    filed_by_id, created_at, updated_at{more_columns})
SELECT %(state)s, (ARRAY['communication', 'training', 'media', 'patrol', 'meeting'])[1 + n %% 5],
       'Tuyên truyền phòng, chống mua bán người, chuyên đề ' || n %% 1000 || ', đợt ' || n,
       unit.agency, unit.area, unit.province, unit.district, day.ended - 1, day.ended, false, n %% 7 = 0, '',
       ARRAY['public'], '', 'Dữ liệu đo tốc độ.', true, gen_random_uuid(), 1, %(officer)s, now(), now(){more_values}
FROM generate_series(1, %(rows)s) AS n,
     LATERAL (SELECT date '2012-01-01' + (n * 7919 %% 4900) AS ended) AS day,
     LATERAL (SELECT unit.* FROM unnest(%(agencies)s::bigint[], %(areas)s::bigint[], %(provinces)s::bigint[],
                                        %(districts)s::bigint[]) WITH ORDINALITY
              AS unit (agency, area, province, district, number)
              WHERE number = 1 + n %% array_length(%(agencies)s::bigint[], 1)) AS unit
"""
_QUANTITIES = """
INSERT INTO programs_activityquantity (activity_id, measure, low, high, qualifier, words, word, women)
SELECT id, 'attendances', id %% 400, CASE WHEN id %% 11 = 0 THEN NULL ELSE id %% 400 END,
       CASE WHEN id %% 11 = 0 THEN 'over' ELSE 'exact' END, '', CASE WHEN id %% 11 = 0 THEN 'trên' ELSE '' END,
       id %% 100
FROM programs_activity WHERE narrative = 'Dữ liệu đo tốc độ.'
UNION ALL
SELECT id, 'sessions', 1 + id %% 5, 1 + id %% 5, 'exact', '', '', NULL
FROM programs_activity WHERE narrative = 'Dữ liệu đo tốc độ.'
"""


def fill(coordinator: User) -> None:
    """Make what is missing of ROWS activities with two figures each, in every unit of the coordinator's province."""
    have = Activity.objects.unscoped("counts the rows of the benchmark").count()
    if have < ROWS:
        _insert(coordinator, have)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE programs_activity, programs_activityquantity")


def _insert(coordinator: User, have: int) -> None:
    province = coordinator.memberships.get().area
    state = Activity.State.APPROVED
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no history of made-up rows
        cursor.execute(
            "SELECT array_agg(g.id), array_agg(a.id), array_agg(a.province_id), array_agg(a.district_id)"
            " FROM territory_agency g JOIN territory_area a ON a.id = g.area_id WHERE a.path LIKE %s",
            [f"{province.path}%"],
        )
        agencies, areas, provinces, districts = cursor.fetchone()
        columns, values = _further_columns(cursor)
        cursor.execute(
            _ACTIVITIES.format(more_columns=columns, more_values=values),
            {
                "state": str(state),
                "officer": coordinator.pk,
                "rows": ROWS - have,
                "agencies": agencies,
                "areas": areas,
                "provinces": provinces,
                "districts": districts,
            },
        )
        cursor.execute(_QUANTITIES, [])


def _further_columns(cursor: Any) -> tuple[str, str]:
    """Columns that must have a value and are not named above, with an empty text for each."""
    named = _ACTIVITIES.split("(")[1]
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'programs_activity'"
        " AND is_nullable = 'NO' AND column_default IS NULL AND is_generated = 'NEVER' AND is_identity = 'NO'"
    )
    missing = [name for (name,) in cursor.fetchall() if name not in named]
    return "".join(f", {name}" for name in missing), ", ''" * len(missing)


def measure(client: Client, district: int) -> dict[str, dict[str, float]]:
    found = {}
    for name, pattern in PAGES.items():
        address = pattern.format(district=district)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
            statements = len(queries)
        assert response.status_code == 200, (address, response.status_code)
        seconds = median_seconds(lambda address=address: client.get(address))  # type: ignore[misc]
        found[name] = {"seconds": seconds, "sql": statements}
        print(f"{name:34} {seconds * 1000:8.1f} ms  {statements} statements", flush=True)
    return found


def main() -> int:
    settings.DEBUG = False
    prepare()
    coordinator = User.objects.get(email=COORDINATOR)
    fill(coordinator)
    client = Client(HTTP_HOST="localhost")
    client.force_login(coordinator, backend="accounts.backends.PortalBackend")
    district = coordinator.memberships.get().area.children.order_by("pk").values_list("pk", flat=True)[0]
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    results["many_activities"] = {"rows": ROWS, "pages": measure(client, district)}
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
