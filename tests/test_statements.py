"""How many SQL statements each page and endpoint takes, pinned in tests/statements.json; a difference fails.

Every GET of the permission matrix that is answered is asked by the first role that may, for the second time, so that
what a process keeps is there. After a change on purpose, write the numbers anew and look at the difference:

    PCMBN_RENEW_STATEMENTS=1 .venv/bin/python -m pytest tests/test_statements.py -n 0
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import sessions
from tests.permission_matrix import ROWS, Row
from tests.permission_rows import ROLES
from tests.permission_world import World, _world, files, files_dir, world

__all__ = ["_world", "files", "files_dir", "world"]

PINNED = Path(__file__).with_name("statements.json")
RENEWS = os.environ.get("PCMBN_RENEW_STATEMENTS") == "1"
ANSWERED = [row for row in ROWS if row.method == "GET" and "200" in row.answers]


def _name(row: Row) -> str:
    return f"{row.name} {row.about} {_role(row)}"


def _role(row: Row) -> str:
    """The first who is answered; somebody who is signed in where there is one."""
    answered = [role for role, answer in zip(ROLES, row.answers, strict=True) if answer == "200"]
    return next((role for role in answered if role != "anonymous"), answered[0])


def _pinned() -> dict[str, int]:
    found: dict[str, int] = json.loads(PINNED.read_text(encoding="utf-8"))
    return found


@pytest.fixture(autouse=True)
def noted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """That a person is there is noted once a minute: no minute may end between the two times a page is asked."""
    monkeypatch.setattr(sessions, "NOTE_EVERY", 3600)


@pytest.mark.parametrize("row", ANSWERED, ids=_name)
def test_a_page_takes_the_statements_that_are_pinned(row: Row, world: World) -> None:
    reader, address = world.readers.browser(_role(row)), reverse(row.name, kwargs=world.kwargs(row.about))
    reader.get(address, world.sent(row.about))

    with CaptureQueriesContext(connection) as captured:
        assert reader.get(address, world.sent(row.about)).status_code == 200
    taken = len(captured)

    if RENEWS:
        _renew(_name(row), taken)
    assert taken == _pinned().get(_name(row)), "\n".join(query["sql"][:300] for query in captured)


def test_only_pages_that_are_there_are_pinned() -> None:
    assert set(_pinned()) == {_name(row) for row in ANSWERED}


def _renew(name: str, taken: int) -> None:
    known = {_name(row) for row in ANSWERED}
    kept = {each: number for each, number in _pinned().items() if each in known}
    lines = json.dumps(dict(sorted({**kept, name: taken}.items())), indent=1)
    PINNED.write_text(lines + "\n", encoding="utf-8")
