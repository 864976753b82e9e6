"""The portal's own database role: it owns nothing, changes no log, and policies bind it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.models import AuditEvent, ReadEvent
from accounts.reading import record_reads
from accounts.row_scope import PROTECTED_TABLES, policies_needed, row_scope, system_scope
from accounts.services import save_form_draft
from config.processes import is_owner_process
from config.roles import append_only_tables, ensure_role, privilege_faults, role_faults
from programs.models import Activity
from reporting.rollup import recompute_marked
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.reporting.records import is_waiting_for_a_lock, until
from tests.security.conftest import FileActivity

PROJECT = Path(__file__).resolve().parent.parent.parent
ROLE = str(settings.PORTAL_DATABASE["USER"])

PRINT = (
    "from django.db import connection; c = connection.cursor(); c.execute(\"SELECT current_user || ' ' ||"
    " rolbypassrls || ' ' || rolsuper FROM pg_roles WHERE rolname = current_user\"); print(*c.fetchone())"
)


def _refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError:
        return True
    return False


# --- who connects as whom -------------------------------------------------------------------------------------


OWNERS = [
    "migrate",
    "load_demo",
    "flush",
    "dbshell",
    "grant_portal_role",
    "erase_expired",
    "rebuild_facts",
    "remove_classified",
]


@pytest.mark.parametrize("command", OWNERS)
def test_commands_that_change_the_schema_or_load_or_destroy_connect_as_the_owner(command: str) -> None:
    assert is_owner_process(["/srv/portal/manage.py", command])


@pytest.mark.parametrize(
    "arguments",
    [
        *(["manage.py", command] for command in ("shell", "runserver", "make_report")),
        *(["manage.py"], [], ["-c"], ["/usr/bin/gunicorn", "migrate"], ["celery/__main__.py", "load_demo"]),
    ],
)
def test_everything_else_connects_as_the_portal(arguments: list[str]) -> None:
    assert not is_owner_process(arguments)


@pytest.mark.parametrize(
    "command",
    [
        ["-c", f"import config.wsgi; {PRINT}"],
        ["-c", f"import django; django.setup(); import config.celery; {PRINT}"],
        ["manage.py", "shell", "--verbosity", "0", "-c", PRINT],
    ],
    ids=["web", "worker", "shell"],
)
@pytest.mark.django_db
def test_web_worker_and_shell_are_bound_by_policies(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT,
        env=portal_environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.stdout.split() == [ROLE, "false", "false"], done.stderr[-1000:]


@pytest.mark.skipif(not settings.DATABASE_IS_EMBEDDED, reason="needs a server whose superuser it knows")
@pytest.mark.parametrize(
    "command",
    [
        ["-c", "import config.wsgi"],
        [
            "-m",
            "celery",
            "-A",
            "config",
            "worker",
            "--concurrency",
            "1",
            "--without-gossip",
            "--without-mingle",
        ],
    ],
    ids=["web", "worker"],
)
@pytest.mark.django_db
def test_web_and_worker_do_not_start_as_a_superuser(command: list[str], tmp_path: Path) -> None:
    parameters = connection.get_connection_params()
    address = f"postgres://postgres@/{settings.DATABASES['default']['NAME']}?host={parameters['host']}"
    environment = {**portal_environment(), "DATABASE_URL": address, "BROKER_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, *command], cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120
    )

    assert done.returncode != 0
    assert "postgres is a superuser" in done.stderr
    assert "DATABASE_OWNER_URL" in done.stderr


def portal_environment() -> dict[str, str]:
    """What leads a process of its own to the database of the tests, with the portal's role."""
    name = str(connection.settings_dict["NAME"])
    environment = {**os.environ, "PCMBN_KEEP_DATABASE": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    if settings.DATABASE_IS_EMBEDDED:
        return {**environment, "PCMBN_DATABASE_NAME": name}
    return {
        **environment,
        "DATABASE_URL": urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}")),
    }


# --- what it may do -------------------------------------------------------------------------------------------


def test_the_role_holds_exactly_the_privileges_it_needs(db: None) -> None:
    with connection.cursor() as cursor:
        assert privilege_faults(cursor, ROLE) == []


def test_a_privilege_given_by_hand_is_found_and_taken_away_again(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'GRANT DELETE ON accounts_readevent TO "{ROLE}"')
        cursor.execute(f'REVOKE UPDATE ON programs_activity FROM "{ROLE}"')
        found = privilege_faults(cursor, ROLE)
        call_command("grant_portal_role", verbosity=0)
        left = privilege_faults(cursor, ROLE)

    assert set(found) == {f"{ROLE} may DELETE accounts_readevent", f"{ROLE} may not UPDATE programs_activity"}
    assert left == []


@pytest.mark.parametrize("meanwhile", ["CREATE ROLE {}", "ALTER ROLE {} CREATEDB"], ids=["made", "changed"])
@pytest.mark.django_db(transaction=True)
def test_a_role_that_another_database_writes_at_the_same_moment_is_fit_in_the_end(meanwhile: str) -> None:
    role = f"of_{connection.settings_dict['NAME']}"
    other = connection.copy()

    def make() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                ensure_role(cursor, role)
        finally:
            connection.close()

    try:
        with other.cursor() as cursor:
            if "ALTER" in meanwhile:
                cursor.execute(f'CREATE ROLE "{role}"')
            other.set_autocommit(False)
            cursor.execute(meanwhile.format(f'"{role}"'))
            maker = threading.Thread(target=make)
            maker.start()
            until(is_waiting_for_a_lock)
            other.commit()
            maker.join()
            cursor.execute(
                "SELECT rolcanlogin, rolcreatedb, rolsuper FROM pg_roles WHERE rolname = %s", [role]
            )
            assert cursor.fetchone() == (True, False, False)
    finally:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute(f'DROP ROLE IF EXISTS "{role}"')


def test_the_owner_of_the_tests_would_be_refused_as_the_portal(db: None) -> None:
    with connection.cursor() as cursor:
        assert role_faults(cursor)


def test_the_portal_is_fit(as_portal: str) -> None:
    with connection.cursor() as cursor:
        assert role_faults(cursor, append_only_tables()) == []


@pytest.mark.parametrize("table", append_only_tables())
@pytest.mark.parametrize("statement", ["UPDATE {} SET {key} = {key}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_portal_cannot_change_or_empty_a_log(table: str, statement: str, as_portal: str) -> None:
    model = next(m for m in apps.get_models() if m._meta.db_table == table)

    assert _refused(statement.format(table, key=model._meta.pk.column))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "ALTER TABLE programs_activity ADD COLUMN mine int",
        "DROP TABLE programs_activity",
        "ALTER TABLE accounts_readevent DISABLE TRIGGER ALL",
        "SET session_replication_role = 'replica'",
        "CREATE ROLE helper SUPERUSER",
        "DELETE FROM django_migrations",
        "COPY accounts_user TO PROGRAM 'cat'",
    ],
)
def test_the_portal_cannot_change_what_binds_it(statement: str, as_portal: str) -> None:
    assert _refused(statement)


def test_the_portal_files_keeps_drafts_caches_and_logs_with_its_own_rights(
    filed: FileActivity, cast: Cast, signed_in: SignedIn, as_portal: str
) -> None:
    """Triggers of history, ancestors and marks, the roll-up, sessions, drafts, the cache and both logs."""
    activity = filed("Ghi bằng quyền của cổng")
    officer = cast.people.standing_officer
    assert Activity.objects.visible_to(officer).get(pk=activity.pk).province_id == cast.map.kon_tum.pk
    assert recompute_marked().marks > 0
    save_form_draft(user=officer, form="activity:new", fields=[("title", ["Đang gõ"])])
    cache.set("rls", "kept")
    assert cache.get("rls") == "kept"
    with row_scope(officer):
        assert record_reads(actor=officer, records=[activity], how=ReadEvent.How.PAGE) == 1
    AuditEvent.objects.create(kind=AuditEvent.Kind.EXPORTED, user=officer)
    assert apps.get_model("programs", "ActivityEvent").objects.filter(pgh_obj_id=activity.pk).count() == 1
    browser = signed_in(officer)
    assert browser.get(reverse("activity_list")).status_code == 200
    assert browser.get(reverse("home")).status_code == 200
    assert browser.get(reverse("readyz")).json()["parts"]["migrations"] == "ok"


# --- rows -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", PROTECTED_TABLES)
def test_a_protected_table_has_row_security_and_a_policy_for_each_command(table: str, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", [table])
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT cmd FROM pg_policies WHERE schemaname = 'public' AND tablename = %s", [table])
        commands = {command for (command,) in cursor.fetchall()}

    assert "ALL" in commands or commands >= policies_needed(table)


#: Tables of the protected apps without anything about a person: lists, rules, counters, houses, anonymous exports.
WITHOUT_PEOPLE = {
    *("incidents_offence", "incidents_offenceevent", "incidents_deadlinerule", "incidents_deadlineruleevent"),
    *("incidents_codecounter", "victims_facility", "victims_facilityevent"),
    *("victims_retentionrule", "victims_retentionruleevent"),
    *("victims_caseexport", "victims_caseexportevent", "victims_caseexportfile"),
}


def test_every_table_of_cases_and_victims_is_protected_or_known_to_hold_no_people(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND (tablename LIKE 'incidents\\_%' OR tablename LIKE 'victims\\_%')"
        )
        tables = {table for (table,) in cursor.fetchall()}

    assert tables - set(PROTECTED_TABLES) <= WITHOUT_PEOPLE
    assert set(PROTECTED_TABLES) <= tables


@pytest.mark.parametrize("table", PROTECTED_TABLES)
def test_the_portal_without_a_scope_sees_no_row_of_a_protected_table(table: str, as_portal: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == (0,)


@pytest.fixture
def papers(cast: Cast, db: None) -> Iterator[str]:
    """A table under the policy that protected tables carry, with a row of two agencies."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE papers (id int, agency_id bigint)")
        cursor.execute(
            "INSERT INTO papers VALUES (1, %s), (2, %s)",
            [cast.agencies.bat_xat_police.pk, cast.agencies.dak_ha_police.pk],
        )
        cursor.execute(
            "ALTER TABLE papers ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY reading ON papers FOR SELECT USING ((SELECT portal_is_system()) OR"
            " agency_id = ANY ((SELECT portal_agencies('activity.read'))::bigint[]));"
            "CREATE POLICY adding ON papers FOR INSERT WITH CHECK"
            " (agency_id = ANY ((SELECT portal_agencies('activity.write'))::bigint[]))"
        )
    yield "papers"


def _seen() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM papers ORDER BY id")
        return [key for (key,) in cursor.fetchall()]


def test_policies_bind_the_portal_by_who_asks(papers: str, cast: Cast, as_portal: str) -> None:
    assert _seen() == []
    with row_scope(cast.people.filing_officer):
        assert _seen() == [1]
    with row_scope(cast.people.stranger):
        assert _seen() == [2]
        assert _refused(f"INSERT INTO papers VALUES (3, {cast.agencies.bat_xat_police.pk})")
        assert not _refused(f"INSERT INTO papers VALUES (4, {cast.agencies.dak_ha_police.pk})")
    with row_scope(cast.people.administrator):
        assert _seen() == []
    with system_scope("the test counts every row"):
        assert _seen() == [1, 2, 4]
    assert _seen() == []


def test_the_owner_is_not_bound(papers: str) -> None:
    assert _seen() == [1, 2]
