"""Forty thousand victims in ten years, under codes, with status, route, support, services and follow-ups.

No identities: names and papers would have to be sealed one by one, as they are in life, and nothing that is measured
opens one. The tables of identities, narratives and consents stay empty.
"""

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from accounts.models import Role
from reporting.national.cases import Found
from reporting.national.copying import Table
from reporting.national.units import Nation, Unit
from victims.models import FollowUp, SupportCase, SupportService, Victim, VictimRoute, VictimStatus
from victims.models.victim import CODE_LETTERS
from victims.value_lists import (
    Act,
    Answer,
    Arrival,
    Channel,
    Funding,
    Means,
    Purpose,
    RecruiterRelation,
    RouteKind,
    ServiceKind,
    Sex,
    Status,
)

if TYPE_CHECKING:
    from reporting.national.filling import Plan

VICTIMS = 40_000

_CARING = ("labour", "health")
_PURPOSES = (Purpose.FORCED_MARRIAGE, Purpose.SEXUAL, Purpose.FORCED_LABOUR, Purpose.FORCED_CRIMINALITY)
_COUNTRIES = ("CN", "CN", "CN", "KH", "LA", "MM", "VN")
#: Support is closed by then, except for the newest.
_MOST_DAYS = 400


def write_victims(nation: Nation, plan: "Plan", cases: Mapping[int, list[Found]]) -> list[Table]:
    """Write them. Returns the tables."""
    return _Writer(nation, plan, cases).write()


class _Writer:
    def __init__(self, nation: Nation, plan: "Plan", cases: Mapping[int, list[Found]]) -> None:
        self.nation = nation
        self.plan = plan
        self.cases = cases
        self.dice = random.Random(f"{plan.seed} victims")  # noqa: S311 - nothing secret is thrown
        self.units = [unit for unit in nation.units if unit.kind in _CARING]
        self.statuses: list[tuple[Any, ...]] = []
        self.routes: list[tuple[Any, ...]] = []
        self.support: list[tuple[Any, ...]] = []
        self.services: list[tuple[Any, ...]] = []
        self.follow_ups: list[tuple[Any, ...]] = []

    def write(self) -> list[Table]:
        victims = Table(
            Victim,
            *("id", "code", "agency_id", "area_id", "province_id", "district_id", "status", "arrival"),
            *("arrived_on", "sex", "age", "minority", "acts", "means", "purposes", "recruiter_relation"),
            *("channel", "case_id", "submission_key", "registered_by_id", "is_demo"),
        )
        victims.copy(self._victims())
        of_victims = (
            (Table(VictimStatus, "id", "victim_id", "status", "decided_on"), self.statuses),
            (Table(VictimRoute, "id", "victim_id", "order", "kind", "country", "area_id"), self.routes),
            (
                Table(
                    SupportCase,
                    *("id", "victim_id", "worker_id", "state", "opened_on", "needs", "outcome"),
                    *("closed_by_id", "closed_on"),
                ),
                self.support,
            ),
            (
                Table(
                    SupportService,
                    *("id", "victim_id", "kind", "provider", "amount", "funding", "starts_on"),
                ),
                self.services,
            ),
            (Table(FollowUp, "id", "victim_id", "kind", "due_on", "done_on"), self.follow_ups),
        )
        for table, rows in of_victims:
            table.copy((number, *row) for number, row in enumerate(rows, start=1))
        return [victims, *(table for table, _ in of_victims)]

    def _victims(self) -> Iterator[tuple[Any, ...]]:
        days = (self.plan.last_day - self.plan.first_day).days + 1
        codes = self._codes()
        for number in range(1, self.plan.rows(VICTIMS) + 1):
            arrived = self.plan.first_day + dt.timedelta(days=int(self.dice.random() * days))
            yield self._victim(number, next(codes), self._unit(arrived), arrived)

    def _codes(self) -> Iterator[str]:
        given = set()
        while True:
            code = "NN-" + "".join(self.dice.choices(CODE_LETTERS, k=6))
            if code not in given:
                given.add(code)
                yield code

    def _unit(self, day: dt.date) -> Unit:
        while True:
            unit = self.units[int(self.dice.random() * len(self.units))]
            if unit.held_on(day):
                return unit

    def _victim(self, number: int, code: str, unit: Unit, arrived: dt.date) -> tuple[Any, ...]:
        dice, place = self.dice, unit.place
        worker = self.nation.person(unit, Role.CASE_WORKER)
        status = Status.CONFIRMED if dice.random() < 0.8 else Status.SUSPECTED
        purpose, country = dice.choice(_PURPOSES), dice.choice(_COUNTRIES)
        self.statuses.append((number, status.value, min(arrived + dt.timedelta(days=20), self.plan.last_day)))
        self.routes.append((number, 1, RouteKind.ORIGIN.value, "VN", place.id))
        self.routes.append((number, 2, RouteKind.DESTINATION.value, country, None))
        needs = dice.sample(ServiceKind.values, k=1 + int(dice.random() * 4))
        self._support(number, worker, arrived, needs)
        known = self.cases.get(place.province_id or 0, ())
        case = dice.choice(known).id if known and dice.random() < 0.6 else None
        return (
            *(number, code, unit.id, place.id, place.province_id, place.district_id, status.value),
            *(dice.choice(Arrival.values), arrived),
            *((Sex.FEMALE if dice.random() < 0.85 else Sex.MALE).value, 8 + int(dice.random() * 40)),
            (Answer.YES if dice.random() < 0.4 else Answer.NO).value,
            *([Act.RECRUITED, Act.TRANSPORTED], [Means.DECEIT], [purpose]),
            *(dice.choice(RecruiterRelation.values), dice.choice(Channel.values), case),
            *(f"{dice.getrandbits(128):032x}", worker, True),
        )

    def _support(self, victim: int, worker: int, arrived: dt.date, needs: list[str]) -> None:
        dice, last_day = self.dice, self.plan.last_day
        closed_on = arrived + dt.timedelta(days=60 + int(dice.random() * (_MOST_DAYS - 60)))
        is_closed = closed_on <= last_day
        self.support.append(
            (
                *(victim, worker, (SupportCase.State.CLOSED if is_closed else SupportCase.State.OPEN).value),
                *(arrived, needs, SupportCase.Outcome.REINTEGRATED.value if is_closed else ""),
                *((worker, closed_on) if is_closed else (None, None)),
            )
        )
        for kind in needs:
            starts = min(arrived + dt.timedelta(days=int(dice.random() * 30)), last_day)
            amount = 100_000 * (1 + int(dice.random() * 50))
            self.services.append((victim, kind, "Cơ sở trợ giúp xã hội", amount, Funding.LOCAL.value, starts))
        due = arrived + dt.timedelta(days=30)
        done = due if is_closed and due <= last_day else None
        self.follow_ups.append((victim, FollowUp.Kind.VISIT.value, due, done))
