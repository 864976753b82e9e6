"""A database of the first release is brought to the newest, and nothing of it is lost.

``first_release.sql.xz`` is what `pg_dump --no-owner --no-privileges --no-comments` of PostgreSQL 18 wrote of a database
made by commit 1f7e9bd: its migrations, its catalogue, and a few invented people, activities and a case. The commit
before it (21ad7b0) is no release: its `reporting.0003` was finished only in 1f7e9bd.
"""

from __future__ import annotations

import lzma
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django.plugin import DjangoDbBlocker

from config.backup.places import Place, program
from tests.security.test_role import portal_environment

DUMP = Path(__file__).with_name("first_release.sql.xz")
#: Rows of the first release by table, and how many are there of what it wrote.
HELD = {
    "SELECT count(*) FROM programs_activity": 5,
    "SELECT sum(low) FROM programs_activityquantity": 1500,
    "SELECT count(*) FROM programs_document": 1,
    "SELECT count(*) FROM incidents_case WHERE code = 'LC-2020-001'": 1,
    "SELECT count(*) FROM incidents_stage": 1,
    "SELECT count(*) FROM victims_facility": 1,
    "SELECT count(*) FROM reporting_submission WHERE state = 'accepted'": 1,
    "SELECT count(*) FROM reporting_reportedfigure": 1,
    "SELECT count(*) FROM accounts_auditevent WHERE kind IN ('signed_in', 'exported')": 2,
    "SELECT count(*) FROM accounts_formdraft": 1,
}


@pytest.fixture
def old(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Place, dict[str, str]]]:
    """A database with what the first release left, and what leads a process to it."""
    if not settings.DATABASE_IS_EMBEDDED:
        pytest.skip("the dump is of the embedded server's version")
    with django_db_blocker.unblock():
        owner, environment = Place.of_owner(), portal_environment()
        place = owner.called(f"{owner.name}_first")
        place.drop()
        place.create()
        command = [program("psql"), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--single-transaction"]
        done = subprocess.run(
            [*command, *place.options, f"--dbname={place.name}"],
            input=lzma.decompress(DUMP.read_bytes()),
            capture_output=True,
            env=place.environment,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        yield place, {**environment, "PCMBN_DATABASE_NAME": place.name}
        place.drop()


def _managed(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def _counts(place: Place) -> dict[str, int]:
    with place.connected() as cursor:
        found = {}
        for asked in HELD:
            cursor.execute(asked)
            found[asked] = int(cursor.fetchone()[0])
        return found


def test_a_database_of_the_first_release_comes_to_the_newest_with_all_it_held(
    old: tuple[Place, dict[str, str]],
) -> None:
    place, environment = old
    assert _counts(place) == HELD

    _managed(environment, "migrate")

    assert _counts(place) == HELD
    assert "1 submissions had no version" in _managed(environment, "keep_missing_versions")
    assert "No errors." in _managed(environment, "sanity_check")
    assert "No migrations to apply." in _managed(environment, "migrate")
