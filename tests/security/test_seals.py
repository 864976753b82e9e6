"""The sealed logs: what was changed, removed or slipped in under a seal is found, with its id."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from accounts.kept_heads import heads_not_found
from accounts.models import AuditEvent, ReadEvent, ReadSeal
from accounts.reading import reads_of, record_reads
from accounts.sealing import find_breaches, heads, seal_logs
from accounts.tasks import keep_last_seals
from tests.cast import Cast
from tests.reporting.records import until

pytestmark = pytest.mark.django_db(transaction=True)


def _seal(rows: int) -> None:
    """Seal so many rows. A transaction in any database of the server, as of another test, holds sealing up."""
    done = 0

    def all_are_sealed() -> bool:
        nonlocal done
        done += seal_logs()
        return done >= rows

    until(all_are_sealed, seconds=300)
    assert done == rows


@pytest.fixture
def sealed(transactional_db: None, cast: Cast) -> list[int]:
    """Three reads and a sign-in, under a seal each log. Their ids: the reads'."""
    from django.db import transaction

    officer = cast.people.filing_officer
    for _ in range(3):
        with transaction.atomic():
            record_reads(actor=officer, records=[cast.map.y_ty], how=ReadEvent.How.PAGE)
    AuditEvent.objects.create(kind=AuditEvent.Kind.SIGNED_IN, user=officer)
    _seal(4)
    return list(ReadEvent.objects.order_by("pk").values_list("pk", flat=True))


def _by_hand(statement: str, table: str = "accounts_readevent") -> None:
    """What an owner can do, and nobody else."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        cursor.execute(statement)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")


def _found() -> list[tuple[str, int | None, str]]:
    return [(breach.log, breach.row, breach.what) for breach in find_breaches()]


def test_untouched_logs_agree_with_their_seals(sealed: list[int]) -> None:
    assert _found() == []
    assert seal_logs() == 0
    assert set(heads()) == {"accounts_readevent", "accounts_auditevent"}


def test_a_changed_row_is_found_with_its_id(sealed: list[int], cast: Cast) -> None:
    _by_hand(f"UPDATE accounts_readevent SET user_id = {cast.people.stranger.pk} WHERE id = {sealed[1]}")

    assert _found() == [("accounts_readevent", sealed[1], "was changed")]


def test_an_address_written_in_later_is_found(sealed: list[int]) -> None:
    _by_hand(f"UPDATE accounts_readevent SET address = '198.51.100.7' WHERE id = {sealed[0]}")

    assert _found() == [("accounts_readevent", sealed[0], "was changed")]


def test_a_removed_row_is_found_with_its_id(sealed: list[int]) -> None:
    _by_hand(f"DELETE FROM accounts_readevent WHERE id = {sealed[2]}")

    assert _found() == [("accounts_readevent", sealed[2], "was removed")]


def test_a_row_slipped_in_under_a_seal_is_found(sealed: list[int], cast: Cast) -> None:
    _by_hand(
        "INSERT INTO accounts_readevent (at, user_id, record, how, reason, inserted_in)"
        f" VALUES (now() - interval '1 day', {cast.people.stranger.pk}, 'x', 'page', '', '3')"
    )

    [(log, row, what)] = _found()
    assert (log, what) == ("accounts_readevent", "was put in later")
    assert row not in sealed


def test_a_seal_that_was_made_to_fit_breaks_the_chain(sealed: list[int]) -> None:
    _by_hand("UPDATE accounts_readseal SET digest = repeat('0', 64)", "accounts_readseal")

    assert {what for _log, _row, what in _found()} == {"seal 1 does not continue the chain"}


def test_a_row_whose_transaction_still_runs_waits_for_the_next_seal(sealed: list[int], cast: Cast) -> None:
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(
                "INSERT INTO accounts_readevent (at, user_id, record, how, reason)"
                f" VALUES (now(), {cast.people.stranger.pk}, 'late', 'page', '')"
            )
        AuditEvent.objects.create(kind=AuditEvent.Kind.SIGNED_OUT, user=cast.people.stranger)
        assert seal_logs() == 0  # what began later waits as well
        other.commit()
    finally:
        other.close()

    _seal(2)
    assert _found() == []
    assert ReadSeal.objects.filter(log="accounts_readevent").count() == 2


def test_a_log_restored_into_another_server_goes_on_being_sealed(sealed: list[int], cast: Cast) -> None:
    _by_hand("UPDATE accounts_readseal SET until = 9000000000000", "accounts_readseal")
    AuditEvent.objects.create(kind=AuditEvent.Kind.SIGNED_OUT, user=cast.people.stranger)

    _seal(1)


def _cut_off() -> None:
    """Take the end of the log away with its seals, so that what stays is whole in itself."""
    _by_hand("DELETE FROM accounts_readevent")
    _by_hand("DELETE FROM accounts_readseal WHERE log = 'accounts_readevent'", "accounts_readseal")


def test_a_log_that_was_cut_off_at_its_end_lacks_what_was_kept_elsewhere(
    sealed: list[int], settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SEALS_FILE = str(tmp_path / "seals.log")
    caplog.set_level("INFO", "portal.security")
    keep_last_seals()
    head = heads()["accounts_readevent"]
    assert list(heads_not_found()) == []

    _cut_off()

    assert _found() == []
    [kept] = heads_not_found()
    assert (kept.log, f"{kept.number}:{kept.digest}") == ("accounts_readevent", head)
    assert f"accounts_readevent {head}" in caplog.text
    told = io.StringIO()
    with pytest.raises(CommandError, match="1 errors"):
        call_command("sanity_check", stdout=told)
    assert "error: accounts_readevent: seal 1, kept outside the database on" in told.getvalue()


def test_a_place_for_seals_that_cannot_be_written_stops_nothing(
    sealed: list[int], settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SEALS_FILE = str(tmp_path / "nowhere" / "seals.log")
    keep_last_seals()

    assert "the last seals were not kept: FileNotFoundError" in caplog.text
    assert list(heads_not_found()) == []


def test_the_command_names_the_row_and_fails(sealed: list[int]) -> None:
    told = io.StringIO()
    call_command("sanity_check", stdout=told)
    assert "No errors." in told.getvalue()
    _by_hand(f"DELETE FROM accounts_readevent WHERE id = {sealed[0]}")

    with pytest.raises(CommandError, match="1 errors"):
        call_command("sanity_check", stdout=told)
    assert f"error: accounts_readevent:{sealed[0]}: was removed" in told.getvalue()


def test_the_reads_of_a_record_come_newest_first(sealed: list[int], cast: Cast) -> None:
    assert [read.pk for read in reads_of(cast.map.y_ty)] == sealed[::-1]
    assert not reads_of(cast.map.bat_xat).exists()
