"""A session that cannot be kept, since the database went away or since it was ended: these are two things."""

from __future__ import annotations

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError, connection, connections

from accounts.session_store import SessionStore

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def session() -> SessionStore:
    made = SessionStore()
    made.create()
    made["said"] = "Done"
    return made


def test_a_database_that_goes_away_is_told_as_such(session: SessionStore) -> None:
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    other.close()

    with pytest.raises(OperationalError):
        session.save()
    connection.close()
    session.save()
    assert SessionStore(session.session_key)["said"] == "Done"


def test_a_session_that_was_ended_meanwhile_stays_ended(session: SessionStore) -> None:
    SessionStore(session.session_key).delete()

    with pytest.raises(UpdateError):
        session.save()
