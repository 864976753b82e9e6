"""All of it, in order: units and people, records, and what the units said about them."""

import datetime as dt
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from psycopg2 import sql

from programs.models import Activity, ActivityQuantity
from reporting.national.activities import write_activities
from reporting.national.cases import write_cases
from reporting.national.copying import Table
from reporting.national.register import write_register
from reporting.national.submissions import write_submissions
from reporting.national.units import Nation
from reporting.national.victims import write_victims
from reporting.rebuilding import rebuild_facts

#: The last day on which something happened; fixed, so that a loading does not depend on the day.
LAST_DAY = dt.date(2026, 6, 14)

#: Made new once their rows are there, which is far quicker than keeping them row by row.
_LARGEST = (Activity, ActivityQuantity)


@dataclass(frozen=True)
class Plan:
    """How much to make: records of so many years up to LAST_DAY, at a part of the nation's size."""

    years: int = 10
    scale: float = 1.0
    seed: int = 1

    @property
    def first_day(self) -> dt.date:
        return LAST_DAY.replace(year=LAST_DAY.year - self.years) + dt.timedelta(days=1)

    @property
    def last_day(self) -> dt.date:
        return LAST_DAY

    def rows(self, at_full_size: int) -> int:
        """So many of what there are ``at_full_size`` in ten years."""
        return max(1, round(at_full_size * self.scale * self.years / 10))

    def __str__(self) -> str:
        return f"years {self.years}, scale {self.scale:g}, seed {self.seed}"


@dataclass(frozen=True)
class Filled:
    """How many rows each table got, by its name, and how many facts they add up to."""

    rows: dict[str, int]
    facts: int


def fill(plan: Plan) -> Filled:
    """Make the records, whole or not at all, and then the facts. The tables must be empty, map and catalogue loaded.

    The role must be allowed to set session_replication_role: a superuser, or one that was granted it.
    """
    tables = _records(plan)
    facts = rebuild_facts()  # outside, so that more than one connection sees what it sums
    return Filled({table.name: table.rows for table in tables}, facts)


@transaction.atomic
def _records(plan: Plan) -> list[Table]:
    nation = Nation()
    tables: list[Table] = []
    with _triggers_off(), _indexes_made_last():
        tables += nation.write()
        tables += write_activities(nation, plan)
        cases, tables_of_cases = write_cases(nation, plan)
        tables += tables_of_cases
        tables += write_victims(nation, plan, cases)
        tables += write_register(nation, plan)
    _tell_the_planner(tables)
    with _triggers_off():
        tables += write_submissions(nation, plan)
    _count_on(tables)
    _tell_the_planner(tables)
    return tables


@contextmanager
def _triggers_off() -> Any:
    """Within it no trigger runs: neither histories and marks, nor the checks of foreign keys."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")


@contextmanager
def _indexes_made_last() -> Any:
    """Within it the largest tables have no index but their keys."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indrelid = ANY (%s::regclass[]) AND NOT i.indisunique ORDER BY 1",
            [[model._meta.db_table for model in _LARGEST]],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        for _, definition in indexes:
            cursor.execute(definition)


def _count_on(tables: Iterable[Table]) -> None:
    """What is added later gets numbers after those given here."""
    with connection.cursor() as cursor:
        for table in tables:
            if table.rows and table.has_number:
                last = sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), max(id)) FROM {}")
                cursor.execute(last.format(sql.Literal(table.name), sql.Identifier(table.name)))


def _tell_the_planner(tables: Iterable[Table]) -> None:
    names = ", ".join(connection.ops.quote_name(table.name) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")
