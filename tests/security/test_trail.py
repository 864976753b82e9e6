"""What was done stays on record: no statement changes or removes a row of the trail or of a history."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from accounts.models import AuditEvent, User
from tests.cast import Cast
from tests.security.conftest import FileActivity

HISTORIES = sorted(model._meta.db_table for model in apps.get_models() if hasattr(model, "pgh_tracked_model"))


def _refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError:
        return True
    return False


def test_the_portal_keeps_histories_of_what_people_change() -> None:
    assert {"programs_activityevent", "accounts_membershipevent", "accounts_userevent"} <= set(HISTORIES)


@pytest.mark.parametrize("statement", ["UPDATE {} SET kind = 'exported'", "DELETE FROM {}"])
def test_no_statement_changes_the_trail(statement: str, cast: Cast) -> None:
    AuditEvent.objects.create(kind=AuditEvent.Kind.SIGNED_IN, user=cast.people.coordinator)

    assert _refused(statement.format(AuditEvent._meta.db_table))


@pytest.mark.parametrize("table", HISTORIES)
def test_every_history_refuses_to_be_changed(table: str, cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgtype & 8 > 0, tgtype & 16 > 0 FROM pg_trigger"
            " WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled <> 'D' AND tgtype & 2 > 0",
            [table],
        )
        kinds: list[Any] = cursor.fetchall()

    assert any(on_delete for on_delete, _on_update in kinds)
    assert any(on_update for _on_delete, on_update in kinds)


@pytest.mark.parametrize("statement", ["UPDATE {} SET title = 'sửa'", "DELETE FROM {}"])
def test_no_statement_changes_the_history_of_an_activity(statement: str, filed: FileActivity) -> None:
    filed("Có lịch sử")

    assert _refused(statement.format("programs_activityevent"))


def test_a_change_past_the_services_is_on_record_too(filed: FileActivity) -> None:
    activity = filed("Trước khi sửa")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE programs_activity SET title = 'Sửa bằng tay' WHERE id = %s", [activity.pk])
        cursor.execute("SELECT title FROM programs_activityevent ORDER BY pgh_id")
        titles = [title for (title,) in cursor.fetchall()]

    assert titles == ["Trước khi sửa", "Sửa bằng tay"]


def test_a_history_holds_no_password(cast: Cast) -> None:
    User.objects.create_user("moi@example.vn", "Mot-mat-khau-dai-9")
    history = apps.get_model("accounts", "UserEvent")

    assert "password" not in {field.name for field in history._meta.get_fields()}
