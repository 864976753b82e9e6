"""Synthetic national data: the same seed makes the same rows, they are valid, and never lie beside anything else."""

from __future__ import annotations

import io

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from psycopg2 import sql

from programs.models import Activity
from reporting.models import Obligation, Submission
from reporting.national import Filled, Plan, fill
from reporting.national.database import NotApart, is_filled
from reporting.rollup import check_facts
from territory.models import Area, AreaSuccession, Level
from tests.cast import Cast, make_map

PLAN = Plan(years=3, scale=0.001)
_WHY = "the test looks at every row"


@pytest.fixture
def empty_map(db: None) -> None:
    """Two provinces that have not ended, alone on the map, and the catalogue."""
    kept = [area.pk for area in vars(make_map()).values()]
    AreaSuccession.objects.all().delete()
    for level in (Level.COMMUNE, Level.DISTRICT, Level.PROVINCE):
        Area.objects.filter(level=level).exclude(pk__in=kept).delete()
    Area.objects.update(valid_to=None)
    call_command("load_catalogue", verbosity=0, stdout=io.StringIO())


def _checksums(filled: Filled) -> dict[str, str]:
    found = {}
    with connection.cursor() as cursor:
        for table in (*filled.rows, "reporting_fact"):
            told = sql.SQL(
                "SELECT md5(string_agg(md5((to_jsonb(t) - 'id')::text), '' ORDER BY {})) FROM {} t"
            )
            order = sql.SQL("to_jsonb(t) - 'id'") if table == "reporting_fact" else sql.SQL("id")
            cursor.execute(told.format(order, sql.Identifier(table)))
            found[table] = cursor.fetchone()[0]
    return found


def _filled_and_undone(plan: Plan) -> dict[str, str]:
    with transaction.atomic():
        sums = _checksums(fill(plan))
        transaction.set_rollback(True)
    return sums


def test_the_same_seed_makes_the_same_rows_and_another_one_others(empty_map: None) -> None:
    first = _filled_and_undone(PLAN)

    assert _filled_and_undone(PLAN) == first
    other = _filled_and_undone(Plan(years=3, scale=0.001, seed=2))
    assert {table for table in first if first[table] == other[table]} == {
        *("territory_agency", "territory_agencyduty", "accounts_user", "accounts_membership"),
        *("reporting_obligation", "programs_task"),
    }


def test_the_records_are_valid_and_agree_with_the_facts(empty_map: None) -> None:
    filled = fill(PLAN)

    for table in filled.rows:
        model = next(
            model for model in apps.get_models(include_auto_created=True) if model._meta.db_table == table
        )
        rows = model._base_manager.all()
        assert rows.count() == filled.rows[table]
        for row in rows.order_by("?")[:20]:
            # What is unique and what may not be together the database itself has judged.
            row.clean_fields(
                exclude={f.name for f in model._meta.fields if f.null and getattr(row, f.attname) is None}
            )
            row.clean()
    assert check_facts() == []
    told = io.StringIO()
    call_command("sanity_check", stdout=told)
    assert "No errors." in told.getvalue()


def test_a_row_that_is_added_later_gets_a_new_number(empty_map: None) -> None:
    filled = fill(PLAN)

    old = Activity.objects.unscoped(_WHY).order_by("pk").last()
    old.pk, old.submission_key = None, "8b7e6a5c-0000-4000-8000-000000000001"
    old.save(force_insert=True)

    assert old.pk == filled.rows["programs_activity"] + 1


def test_units_are_late_silent_and_nil_as_often_as_told(empty_map: None) -> None:
    fill(Plan(years=10, scale=0.001))

    owed = Obligation.objects.unscoped(_WHY)
    said = Submission.objects.filter(obligation__in=owed)
    in_all = owed.count()
    assert in_all > 300
    assert 0.02 < 1 - said.count() / in_all < 0.09
    assert 0.22 < said.filter(is_nil=True).count() / in_all < 0.36
    late = owed.with_state().filter(is_late=True, submission__isnull=False).count()
    assert 0.14 < late / in_all < 0.26


def test_a_database_that_holds_anything_else_is_refused(cast: Cast) -> None:
    with pytest.raises(NotApart):
        is_filled(PLAN)
