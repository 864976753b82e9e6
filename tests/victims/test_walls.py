"""The second wall: what the database shows to the portal's own role, whatever a query forgot."""

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from accounts.models import User
from accounts.row_scope import row_scope, system_scope
from tests.cast import Cast
from tests.victims.conftest import AsPortal
from tests.victims.files import file_of, opened_by, with_identity
from victims.models import IdentityOpening, Victim, VictimIdentity
from victims.services.consent import give_consent
from victims.services.support import add_goal, open_support
from victims.services.transfer import accept_transfer, ask_transfer

#: Tables without a person in them.
OPEN_TABLES = {
    "victims_facility",
    "victims_facilityevent",
    "victims_retentionrule",
    "victims_retentionruleevent",
}


def _everything() -> list[Victim]:
    """As a view would that forgot to ask who reads."""
    return list(Victim.objects.unscoped("a test of the second wall").all())


def _counts() -> dict[str, int]:
    """Rows of every table of victims that this role is shown, by plain SQL."""
    counts = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'victims\\_%'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def _with_everything(worker: User) -> Victim:
    victim = with_identity(worker, file_of(worker))
    opened_by(worker, victim)
    with row_scope(worker):
        open_support(actor=worker, victim=victim, needs=["medical"])
        add_goal(actor=worker, victim=victim, text="Có việc làm ổn định")
    return victim


@pytest.mark.django_db
def test_every_table_of_victims_has_policies() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'victims\\_%' AND NOT relrowsecurity"
        )
        assert {name for (name,) in cursor.fetchall()} == OPEN_TABLES


def test_a_session_without_a_scope_is_shown_nothing_in_any_table(worker: User, as_portal: AsPortal) -> None:
    _with_everything(worker)
    with as_portal():
        assert _everything() == []
        shown = {table for table, rows in _counts().items() if rows}
    assert shown <= OPEN_TABLES


def test_another_province_is_shown_nothing_in_any_table(
    worker: User, far_worker: User, as_portal: AsPortal
) -> None:
    _with_everything(worker)
    with as_portal(), row_scope(far_worker):
        assert _everything() == []
        shown = {table for table, rows in _counts().items() if rows}
    assert shown <= OPEN_TABLES


@pytest.mark.parametrize("role", ["coordinator", "administrator", "steering_member", "investigator"])
def test_no_role_without_care_is_shown_a_row(
    role: str, cast: Cast, worker: User, as_portal: AsPortal
) -> None:
    _with_everything(worker)
    with as_portal(), row_scope(getattr(cast.people, role)):
        assert {table for table, rows in _counts().items() if rows} <= OPEN_TABLES


def test_the_agency_in_care_is_shown_its_rows_and_the_system_all(
    worker: User, far_worker: User, as_portal: AsPortal
) -> None:
    own, far = _with_everything(worker), _with_everything(far_worker)
    with as_portal():
        with row_scope(worker):
            assert _everything() == [own]
        with row_scope(far_worker):
            assert _everything() == [far]
        with system_scope("a test"):
            assert len(_everything()) == 2


def test_an_identity_is_readable_only_while_an_own_opening_lasts(
    worker: User, colleague: User, head: User, as_portal: AsPortal
) -> None:
    victim = with_identity(worker, file_of(worker))
    with as_portal():
        with row_scope(worker):
            assert not VictimIdentity.objects.exists(), "not opened yet"
        opening = opened_by(worker, victim)
        with row_scope(worker):
            assert VictimIdentity.objects.count() == victim.papers.count() == 1
        for other in (colleague, head):
            with row_scope(other):
                assert not VictimIdentity.objects.exists()
                assert not victim.papers.exists()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the row refuses to be changed
        cursor.execute(
            "UPDATE victims_identityopening SET expires_at = now() - interval '1 second' WHERE id = %s",
            [opening.pk],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    with as_portal(), row_scope(worker):
        assert not VictimIdentity.objects.exists(), "a quarter of an hour is over"


def test_nobody_writes_into_another_agencys_care_or_opens_in_another_name(
    worker: User, far_worker: User, as_portal: AsPortal
) -> None:
    victim = file_of(worker)
    with as_portal():
        with row_scope(far_worker):
            changed = Victim.objects.unscoped("a test").filter(pk=victim.pk).update(sex="male")
            assert changed == 0
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                Victim.objects.create(
                    code="NN-ACDEFG",
                    agency=victim.agency,
                    area=victim.area,
                    arrival="received",
                    arrived_on=victim.arrived_on,
                    registered_by=far_worker,
                )
        refused = pytest.raises(ProgrammingError, match="row-level security")
        with row_scope(worker), refused, transaction.atomic():
            IdentityOpening.objects.create(
                person=far_worker, victim=victim, reason="x" * 20, expires_at=victim.created_at
            )


def test_the_receiver_sees_only_the_request_until_it_accepts_and_then_the_sender_nothing(
    worker: User, far_worker: User, as_portal: AsPortal
) -> None:
    victim = _with_everything(worker)
    to = far_worker.memberships.get().agency
    with as_portal():
        with row_scope(worker):
            give_consent(
                actor=worker,
                victim=victim,
                purpose="transfer",
                given_on=victim.arrived_on,
                how="written",
                given_by="person",
            )
            transfer = ask_transfer(actor=worker, victim=victim, to_agency=to, reason="Về gần gia đình")
        with row_scope(far_worker):
            assert {t for t, n in _counts().items() if n} - OPEN_TABLES == {
                "victims_transfer",
                "victims_transferevent",
            }
            accept_transfer(actor=far_worker, transfer=transfer)
            assert _everything() == [victim]
        with row_scope(worker):
            assert _everything() == []
            assert {t for t, n in _counts().items() if n} - OPEN_TABLES == {
                "victims_transfer",
                "victims_transferevent",
            }
