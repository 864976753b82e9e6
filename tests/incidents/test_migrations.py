"""The migrations of tips and cases go back as they came."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection

from tests.prepared_database import rare_collections


@pytest.mark.django_db(transaction=True)
def test_the_walls_and_the_measures_go_back_and_come_again() -> None:
    with rare_collections():
        try:
            call_command("migrate", "reporting", "0003", verbosity=0)
            call_command("migrate", "incidents", "0003", verbosity=0)
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_policies WHERE tablename LIKE 'incidents\\_%'")
                assert cursor.fetchone()[0] == 0
                cursor.execute("SELECT count(*) FROM reporting_measure WHERE source = 'tip'")
        finally:
            call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT tablename) FROM pg_policies WHERE tablename LIKE 'incidents\\_%'"
        )
        assert cursor.fetchone()[0] == 35
