"""The people of a portal that is harmed while they work, and the proof that nothing of their work was harmed."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from django.core.management import CommandError, call_command

from accounts.models import Role
from benchmarks.portal import Browser
from tests.cast import Cast, make_cast, person
from tests.faults.clients import ACTIONS, Client, Promise
from tests.faults.portal import KillablePortal
from tests.faults.proof import faults, is_settled
from tests.reporting.records import until
from tests.signing_in import session_of

#: Seconds after which the workers have done all that was asked of them before and during a failure.
JOBS_BACK_WITHIN = 300
NEWCOMER, PASSWORD = "officer.who.comes@example.vn", "Mot-mat-khau-dai-9"
#: What an operator runs after a failure; each ends well when all is well.
COMMANDS = (["sanity_check"], ["rebuild_facts", "--check"], ["verify_reports"])


@dataclass(frozen=True)
class Staff:
    """Officers who work all the time, and one who does single things when a test asks for it (``bystander``)."""

    portal: KillablePortal
    cast: Cast
    clients: list[Client]
    bystander: Client

    @property
    def promises(self) -> list[Promise]:
        return [promise for client in [*self.clients, self.bystander] for promise in client.promises]

    def told_to_come_back(self) -> int:
        """How many answers said that the portal is away for a moment."""
        return sum(client.told_to_come_back for client in [*self.clients, self.bystander])

    def counted(self) -> str:
        done = Counter(promise.action for promise in self.promises if promise.is_given)
        return ", ".join(f"{action} {done[action]}" for action in ACTIONS)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Everybody works within, and finishes what is at hand at its end."""
        for client in self.clients:
            client.start()
        try:
            yield
        except BaseException:
            for client in self.clients:
                client.give_up()
            raise
        for client in self.clients:
            client.stop()

    def sign_in(self) -> None:
        """Somebody comes and signs in by password. Raises RuntimeError when that does not succeed."""
        Browser(self.portal.port).sign_in(NEWCOMER, PASSWORD)

    def do(self, action: str) -> Promise:
        """The bystander does one thing, as often as it takes."""
        promise = self.bystander.begin(action)
        self.bystander.bring_to_an_end(promise)
        assert promise.is_given, f"{action} was refused"
        return promise

    def go_on_filing(self) -> None:
        """The bystander takes a step in filing: of what is not answered yet, or else of something new."""
        promises = self.bystander.promises
        is_new = not promises or promises[-1].action != "file" or promises[-1].is_given
        self.bystander.go_on(self.bystander.begin("file") if is_new else promises[-1])

    def prove(self, told: str) -> None:
        """Nothing is lost, doubled or half done, by all that was promised and by the portal's own checks."""
        until(is_settled, seconds=JOBS_BACK_WITHIN)
        defects = [defect for client in [*self.clients, self.bystander] for defect in client.defects]
        found = [*defects, *faults(self.promises, self.portal.files), *run_checks()]
        assert not found, "\n".join([told, *map(str, found)])
        done = sum(promise.is_given for promise in self.promises)
        print(f"{told}; {done} of {len(self.promises)} things were done: {self.counted()}", flush=True)


def engage(portal: KillablePortal, dice: Random) -> Staff:
    """Four officers of the agency that drafts the reports of its province, who file for the women's union as well;
    nobody heads either. One coordinator reviews what they send."""
    cast = make_cast()
    of = cast.agencies
    coordinator = session_of(person("coordinator@example.vn", (Role.COORDINATOR, of.kon_tum_police)))
    officers = [
        person(
            f"officer.{number}@example.vn",
            (Role.FILING_OFFICER, of.kon_tum_police),
            (Role.FILING_OFFICER, of.kon_tum_women),
        )
        for number in range(4)
    ]
    newcomer = person(NEWCOMER, (Role.FILING_OFFICER, of.kon_tum_police))
    newcomer.set_password(PASSWORD)
    newcomer.save()
    *clients, bystander = [
        Client(
            number,
            portal.port,
            {"officer": session_of(officer), "coordinator": coordinator},
            cast,
            Random(dice.random()),  # noqa: S311
        )
        for number, officer in enumerate(officers)
    ]
    return Staff(portal, cast, clients, bystander)


def run_checks() -> list[str]:
    """What the portal's own checks find wrong."""
    found = []
    for command in COMMANDS:
        told = io.StringIO()
        try:
            call_command(*command, stdout=told, stderr=told)
        except CommandError as error:
            found.append(f"{command[0]}: {error} {told.getvalue()}")
    return found
