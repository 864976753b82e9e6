"""What a transaction tells the database about who asks."""

import pytest
from django.db import connection, transaction

from accounts.models import ReadEvent
from accounts.reading import record_reads
from accounts.row_scope import row_scope, system_scope
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def _seen() -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT portal_user(), portal_agencies('activity.read'), portal_agencies('no.such'), portal_is_system()"
        )
        row: tuple[object, ...] = cursor.fetchone()
        return row


def test_a_transaction_without_a_scope_is_nobody() -> None:
    assert _seen() == (None, [], [], False)


def test_a_scope_names_the_person_and_the_agencies_and_ends_with_its_block(cast: Cast) -> None:
    officer = cast.people.filing_officer
    agency = officer.memberships.get().agency_id
    with row_scope(officer):
        assert _seen() == (officer.pk, [agency], [], False)
        with system_scope("a figure needs every row"):
            assert _seen() == (None, [], [], True)
        assert _seen() == (officer.pk, [agency], [], False)
    assert _seen() == (None, [], [], False)


def test_a_scope_that_fails_leaves_nothing_behind(cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError), row_scope(cast.people.filing_officer):
        raise ZeroDivisionError
    assert _seen() == (None, [], [], False)


def test_system_scope_wants_a_reason() -> None:
    with pytest.raises(ValueError, match="why"), system_scope(""):
        pass


@pytest.mark.django_db(transaction=True)
def test_a_read_is_logged_in_the_transaction_that_read(cast: Cast) -> None:
    officer = cast.people.filing_officer
    with pytest.raises(transaction.TransactionManagementError):
        record_reads(actor=officer, records=[officer], how=ReadEvent.How.PAGE)
    with transaction.atomic():
        assert record_reads(actor=officer, records=[officer], how=ReadEvent.How.PAGE) == 1
    assert ReadEvent.objects.get(user=officer).record == f"accounts.user:{officer.pk}"
