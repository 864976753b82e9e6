"""What the portal may do in the database: web, worker and shell own nothing and bypass nothing."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from accounts.models import AuditEvent, ReadEvent, ReadSeal, User
from accounts.reading import record_reads
from accounts.sealing import SETTLED, broken_seals, seal_logs
from config.roles import append_only_tables, powers_of_current
from tests.cast import Cast

ASK = (
    "from django.db import connection as c\n"
    "with c.cursor() as k:\n"
    "    k.execute('SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user')\n"
    "    import json; print('ROLE ' + json.dumps(k.fetchone()))\n"
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "shell", "-c", ASK],
        ["-c", f"import config.wsgi\n{ASK}"],
        ["-c", f"import config.celery, django; django.setup()\n{ASK}"],
    ],
    ids=["shell", "web", "worker"],
)
def test_shell_web_and_worker_connect_as_a_role_without_powers(command: list[str]) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "PCMBN_DATABASE_ROLE"}
    environment |= {"PCMBN_DATABASE_NAME": str(connection.settings_dict["NAME"]), "PCMBN_KEEP_DATABASE": "1"}
    environment |= {"PYTHONPATH": str(settings.BASE_DIR), "DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    said = [line for line in done.stdout.splitlines() if line.startswith("ROLE ")]

    assert json.loads(said[0].removeprefix("ROLE ")) == [settings.PORTAL_ROLE, False, False], done.stderr


@pytest.mark.usefixtures("as_portal")
def test_the_portals_role_has_no_power_it_does_not_need() -> None:
    with connection.cursor() as cursor:
        assert powers_of_current(cursor) == []
    for statement in (
        "CREATE TABLE a (b int)",
        "ALTER TABLE accounts_user ADD x int",
        "DROP TABLE accounts_user",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.usefixtures("as_portal")
def test_what_is_in_a_log_or_a_history_stays_as_it_is() -> None:
    tables = append_only_tables()
    assert {"accounts_auditevent", "accounts_readevent", "programs_activityevent"} <= set(tables)
    for table in tables:
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id", f"TRUNCATE {table}"):
            with (
                pytest.raises(DatabaseError, match=r"permission denied|does not exist"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)


@pytest.mark.usefixtures("as_portal")
def test_the_portals_role_adds_to_its_logs(cast: Cast) -> None:
    AuditEvent.objects.create(kind=AuditEvent.Kind.REFUSED, user=cast.people.stranger, about="x")
    assert (
        record_reads(actor=cast.people.stranger, records=[cast.people.stranger], how=ReadEvent.How.PAGE) == 1
    )


def _read(user: User, times: int = 1) -> None:
    with transaction.atomic():
        record_reads(actor=user, records=[user] * times, how=ReadEvent.How.PAGE)


def _settle() -> None:
    """Make the rows older than a seal wants, which nobody could do without the owner's rights."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_readevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE accounts_readevent SET at = at - %s::interval", [SETTLED])
        cursor.execute("ALTER TABLE accounts_readevent ENABLE TRIGGER USER")


def _tamper(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_readevent DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE accounts_readevent ENABLE TRIGGER USER")


@pytest.fixture
def sealed(transactional_db: None, cast: Cast) -> list[int]:
    _read(cast.people.stranger, 3)
    _settle()
    assert seal_logs() == 3
    return list(ReadEvent.objects.order_by("id").values_list("id", flat=True))


@pytest.mark.django_db(transaction=True)
def test_rows_that_are_just_written_wait_for_their_seal(cast: Cast) -> None:
    _read(cast.people.stranger)
    assert seal_logs() == 0
    _settle()
    assert seal_logs() == 1
    assert seal_logs() == 0
    assert list(broken_seals()) == []


@pytest.mark.django_db(transaction=True)
def test_a_chain_goes_on_and_is_found_whole(sealed: list[int], cast: Cast) -> None:
    _read(cast.people.stranger, 2)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_readevent DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE accounts_readevent SET at = at - %s::interval WHERE id > %s", [SETTLED, sealed[-1]]
        )
        cursor.execute("ALTER TABLE accounts_readevent ENABLE TRIGGER USER")
    assert seal_logs() == 2

    assert list(broken_seals()) == []
    assert ReadSeal.objects.filter(log="reads").count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM accounts_readevent WHERE id = {second}",
        "UPDATE accounts_readevent SET record = 'victims.victim:9' WHERE id = {second}",
        "UPDATE accounts_readevent SET at = at + interval '1 day' WHERE id = {second}",
        "UPDATE accounts_readevent SET reason = 'khác' WHERE id = {second}",
    ],
)
def test_a_changed_or_removed_row_is_found(sealed: list[int], statement: str) -> None:
    _tamper(statement.format(second=sealed[1]))

    (broken,) = broken_seals()
    assert broken.first <= sealed[1] <= broken.last


@pytest.mark.django_db(transaction=True)
def test_a_seal_made_anew_over_a_forged_row_does_not_fit_the_next(sealed: list[int], cast: Cast) -> None:
    _read(cast.people.stranger)
    _tamper(f"UPDATE accounts_readevent SET at = at - interval '1 minute' WHERE id > {sealed[-1]}")
    seal_logs()
    _tamper(f"DELETE FROM accounts_readevent WHERE id = {sealed[0]}")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_readseal DISABLE TRIGGER USER")
        cursor.execute("UPDATE accounts_readseal SET digest = repeat('0', 64), count = 2 WHERE number = 1")

    assert len(list(broken_seals())) == 1


@pytest.mark.django_db(transaction=True)
def test_sanity_check_ends_with_an_error_and_says_where(
    sealed: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("sanity_check")
    assert "no error" in capsys.readouterr().out
    _tamper(f"DELETE FROM accounts_readevent WHERE id = {sealed[1]}")
    with pytest.raises(Exception, match="1 errors"):
        call_command("sanity_check")
    assert "reads log, rows" in capsys.readouterr().out
