"""What the row-level policies cost: a list of 50 and a count over 100,000 victims, with policies and without.

    python -m benchmarks.row_security

The same queries, asked as the pages ask them, run as the owner of the tables, whom no policy binds, and as the
portal's role, in turns; printed are medians and the overhead. The count "by policy" asks for no agency at all, and is
held against the count of the same rows asked for by hand. Everything is undone at the end. The worst case is
measured: one agency cares for everybody, and no query is spread over several processes. A list that forgot to ask
whose rows it wants is not measured: policies make such a mistake harmless, not fast.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("PCMBN_DATABASE_NAME", "portal_bench")

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from accounts.models import Role, User  # noqa: E402
from accounts.row_scope import row_scope  # noqa: E402
from accounts.scoping import scope_of  # noqa: E402
from tests.cast import agency, person  # noqa: E402
from victims.models import Victim  # noqa: E402

VICTIMS = 100_000
ROUNDS = 101
LIMIT = 15.0  # per cent

_FILL = """
INSERT INTO victims_victim (code, circle, agency_id, area_id, province_id, status, arrival, arrived_on, sex, age,
    minority, nationality, education, occupation, acts, means, purposes, recruiter_relation, channel, controls,
    children_with_them, version, submission_key, registered_by_id, created_at, is_demo)
SELECT 'B' || lpad(n::text, 8, '0'), 'victim', %(agency)s, %(area)s, %(area)s, 'confirmed', 'received',
    date '2010-01-01' + n %% 5000, 'female', 10 + n %% 40, 'unknown', 'VN', 'unknown', 'unknown', '{}', '{}',
    '{forced_labour}', 'unknown', 'unknown', '{}', 0, 1, gen_random_uuid(), %(person)s, now(), true
FROM generate_series(1, %(count)s) n
"""


def prepare() -> User:
    """A case worker whose agency cares for VICTIMS victims, and the portal's role."""
    of = agency("labour", "10")
    worker = person("bench@example.vn", (Role.CASE_WORKER, of))
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'portal_app'")
        if cursor.fetchone() is None:
            cursor.execute("CREATE ROLE portal_app NOLOGIN")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO portal_app")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_FILL, {"agency": of.pk, "area": of.area_id, "person": worker.pk, "count": VICTIMS})
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE victims_victim")
        # Whether a helper process finds a free core says nothing about policies.
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
    return worker


def timed(work: Callable[[], Any], *, as_portal: bool) -> float:
    """Milliseconds of one run, the change of role not counted."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE portal_app" if as_portal else "RESET ROLE")
    started = time.perf_counter()
    work()
    spent = (time.perf_counter() - started) * 1000
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    return spent


def measure(worker: User) -> dict[str, tuple[float, float]]:
    """Medians in milliseconds by what is asked: without policies, with them."""
    everybody = Victim.objects.unscoped("the policies alone are measured")
    by_hand = everybody.filter(agency__in=[grant.membership.agency_id for grant in scope_of(worker).grants])
    own = Victim.objects.visible_to(worker).select_related("agency")

    def fifty() -> list[Victim]:
        return list(own[:50])

    asked: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
        "list of 50, as pages ask": (fifty, fifty),
        "count, as pages ask": (own.count, own.count),
        "count, asked by hand or by policy": (by_hand.count, everybody.count),
    }
    found = {}
    for name, works in asked.items():
        times: tuple[list[float], list[float]] = ([], [])
        for number in range(ROUNDS + 2):
            for as_portal in (False, True):
                spent = timed(works[as_portal], as_portal=as_portal)
                if number > 1:
                    times[as_portal].append(spent)
        found[name] = (statistics.median(times[0]), statistics.median(times[1]))
    return found


def main() -> int:
    call_command("migrate", verbosity=0)
    worst = 0.0
    with transaction.atomic():
        worker = prepare()
        with row_scope(worker):
            for name, (without, with_policies) in measure(worker).items():
                overhead = (with_policies / without - 1) * 100
                worst = max(worst, overhead)
                print(f"{name:40} {without:8.2f} ms  {with_policies:8.2f} ms  {overhead:+6.1f} %")
        transaction.set_rollback(True)
    print(f"worst overhead {worst:.1f} %, allowed {LIMIT:.0f} %")
    return int(worst >= LIMIT)


if __name__ == "__main__":
    sys.exit(main())
