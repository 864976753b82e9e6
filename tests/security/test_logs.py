"""Logs tell what happened and never what was typed."""

from __future__ import annotations

import logging
import uuid
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.security.conftest import FileActivity, try_to_sign_in


@pytest.fixture
def server_log() -> Path:
    if not settings.DATABASE_IS_EMBEDDED:
        pytest.skip("the server named by DATABASE_URL keeps its log where only its administrator reads it")
    return Path(settings.DATABASES["default"]["EMBEDDED_DATA_DIR"]).parent / "log" / "postgresql.log"


@pytest.fixture
def marker() -> str:
    """Stands for a name somebody typed."""
    return f"ten-nguoi-{uuid.uuid4().hex}"


def _failing_statements(marker: str) -> None:
    """A key given twice, a value no column holds, a rule of the table, an error in the statement itself."""
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email=f"{marker}@example.vn"), User(email=f"{marker}@example.vn")])
    for statement, values in (
        ("SELECT %s::integer", [marker]),
        ("SELECT to_date(%s, 'YYYY-MM-DD')", [marker]),
        (f"SELECT '{marker}' FROM no_such_table", None),
        ("INSERT INTO accounts_auditevent (kind, about) VALUES (%s, NULL)", [marker[:20]]),
        (f"DO $$ BEGIN RAISE EXCEPTION 'no row for %', 'x'; END $$ -- {marker}", None),
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)


def test_the_log_of_the_database_server_holds_nothing_of_a_failing_statement(
    db: None, server_log: Path, marker: str
) -> None:
    start = server_log.stat().st_size

    _failing_statements(marker)
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(**{**connection.get_connection_params(), "dbname": "no_such_database"})

    written = server_log.read_bytes()[start:].decode(errors="replace")
    assert "no_such_database" in written, "the log is another server's"
    assert marker not in written
    assert marker[:12] not in written
    assert "DETAIL" not in written
    assert "STATEMENT" not in written


def test_the_log_of_the_portal_holds_nothing_of_what_a_failing_page_was_given(
    officer: User, marker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def twice(*args: object, **kwargs: object) -> None:
        User.objects.bulk_create([User(email=f"{marker}@example.vn"), User(email=f"{marker}@example.vn")])

    monkeypatch.setattr("programs.views.activity.ActivityListing", twice)
    browser = Client(raise_request_exception=False)
    browser.force_login(officer)
    said = _Said()
    logging.getLogger().addHandler(said)
    try:
        response = browser.get(reverse("activity_list"), {"q": marker})
    finally:
        logging.getLogger().removeHandler(said)

    assert response.status_code == 500
    assert marker not in response.content.decode()
    assert "IntegrityError" in said.text
    assert "test_logs.py" in said.text, "where it failed is told"
    assert marker not in said.text


def test_the_log_of_the_portal_holds_no_search_and_no_password(
    officer: User, marker: str, filed: FileActivity
) -> None:
    said = _Said()
    logging.getLogger().addHandler(said)
    try:
        browser = Client(raise_request_exception=False)
        try_to_sign_in(browser, f"{marker}@example.vn", marker)
        browser.force_login(officer)
        browser.get(reverse("activity_list"), {"q": marker, "page": "x"})
        browser.get(f"/activities/{marker}/")
        browser.post(reverse("activity_new"), {"title": marker})
    finally:
        logging.getLogger().removeHandler(said)

    assert marker not in said.text


class _Said(logging.Handler):
    """All that was logged, as it would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.text += self.format(record) + "\n"
