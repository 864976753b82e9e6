"""kill -9 of web, worker or PostgreSQL while people work: nothing is lost, doubled or half done.

`PCMBN_FAULT_ROUNDS` says how many rounds (3 in the suite), `PCMBN_FAULT_SEED` which moments they take.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from django.db import connection
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import Role
from reporting.verification import check_all
from tests import prepared_database
from tests.cast import Cast, make_cast, person
from tests.faults.clients import ACTIONS, Client, Promise
from tests.faults.portal import KillablePortal
from tests.faults.proof import faults, is_settled
from tests.reporting.records import until
from tests.signing_in import session_of

ROUNDS = int(os.environ.get("PCMBN_FAULT_ROUNDS", "3"))
SEED = os.environ.get("PCMBN_FAULT_SEED", "138")
TARGETS = ("web", "worker", "postgres")


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory for the portal. Not one of pytest's: another run on this machine closes these to other accounts,
    also to that of the database server."""
    with tempfile.TemporaryDirectory(prefix="pcmbn-faults-") as made:
        yield Path(made)


@pytest.fixture
def portal(
    place: Path,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_keepdb: bool,
    django_db_createdb: bool,
) -> Iterator[KillablePortal]:
    made = KillablePortal(place / "portal")
    keeps = django_db_keepdb and not django_db_createdb
    try:
        with prepared_database.opened(django_db_blocker, keeps=keeps):
            connection.ensure_connection()
            of_suite = {**connection.settings_dict, **connection_place()}
            connection.close()
            made.prepare(of_suite)
        with django_db_blocker.unblock(), made.read_here():
            yield made
    finally:
        made.end()


def connection_place() -> dict[str, str]:
    """Where the database of the suite really is: the embedded server is found when it is needed."""
    params = connection.get_connection_params()
    return {"HOST": str(params.get("host", "")), "PORT": str(params.get("port", ""))}


def counted(promises: list[Promise]) -> str:
    """How many were done of each kind."""
    done = Counter(promise.action for promise in promises if promise.is_given)
    return ", ".join(f"{action} {done[action]}" for action in ACTIONS)


def people(cast: Cast, portal: KillablePortal, dice: Random) -> list[Client]:
    """Three officers of the agency that drafts the reports of its province, who file for the women's union as well;
    nobody heads either. One coordinator reviews what they send."""
    of = cast.agencies
    coordinator = session_of(person("coordinator@example.vn", (Role.COORDINATOR, of.kon_tum_police)))
    officers = [
        person(
            f"officer.{number}@example.vn",
            (Role.FILING_OFFICER, of.kon_tum_police),
            (Role.FILING_OFFICER, of.kon_tum_women),
        )
        for number in range(3)
    ]
    return [
        Client(
            number,
            portal.port,
            {"officer": session_of(officer), "coordinator": coordinator},
            cast,
            Random(dice.random()),  # noqa: S311
        )
        for number, officer in enumerate(officers)
    ]


def test_after_a_kill_nothing_is_lost_doubled_or_half_done(
    portal: KillablePortal, settings: Settings
) -> None:
    settings.MEDIA_ROOT = portal.files
    dice = Random(SEED)  # noqa: S311
    clients = people(make_cast(), portal, dice)
    portal.start_all()
    for number in range(ROUNDS):
        target = TARGETS[number] if number < len(TARGETS) else dice.choice(TARGETS)
        for client in clients:
            client.start()
        moment = dice.uniform(0.2, 4)
        threading.Event().wait(moment)
        portal.kill(target)
        portal.restart(target)
        for client in clients:
            client.stop()
        told = f"round {number}: {target} killed after {moment:.2f} s"
        until(is_settled, seconds=180)
        promises = [promise for client in clients for promise in client.promises]
        assert [defect for client in clients for defect in client.defects] == [], told
        assert faults(promises, portal.files) == [], told
        given = sum(promise.is_given for promise in promises)
        print(f"{told}; {given} of {len(promises)} things were done: {counted(promises)}", flush=True)

    assert {promise.action for promise in promises if promise.is_given} == set(ACTIONS)
    assert [f"{report}: {fault}" for report, fault in check_all()] == []
    assert any(promise.tries > 1 for promise in promises), "nobody noticed that anything was killed"
