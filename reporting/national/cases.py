"""A hundred thousand cases in ten years, with offence, persons, their standings, stages and verdicts."""

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accounts.models import Role
from incidents.models import (
    AgeBand,
    Case,
    CaseOffence,
    Discovery,
    Force,
    PersonInCase,
    PersonStanding,
    Sex,
    Stage,
    StageKind,
    Standing,
    Verdict,
)
from reporting.national.copying import Table
from reporting.national.units import Nation, Unit

if TYPE_CHECKING:
    from reporting.national.filling import Plan

CASES = 100_000

_FILING = ("provincial_police", "border_guard", "district_police", "commune_police")
#: Stage, the share of those before that reach it, the most days until then, and the kind of agency that decides.
_CHAIN: tuple[tuple[StageKind, float, int, str], ...] = (
    (StageKind.PROSECUTED, 0.85, 30, "provincial_police"),
    (StageKind.INVESTIGATION_CONCLUDED, 0.9, 120, "provincial_police"),
    (StageKind.INDICTED, 0.95, 30, "procuracy"),
    (StageKind.TRIED, 0.95, 90, "court"),
)
_STANDINGS = {
    StageKind.DETECTED: Standing.SUSPECT,
    StageKind.PROSECUTED: Standing.ACCUSED,
    StageKind.TRIED: Standing.DEFENDANT,
}
_OFFENCES = (("150", "Tội mua bán người"), ("151", "Tội mua bán người dưới 16 tuổi"))


@dataclass(frozen=True)
class Found:
    """A case that victims may be linked to, and the day it was found."""

    id: int
    found_on: dt.date


def write_cases(nation: Nation, plan: "Plan") -> tuple[Mapping[int, list[Found]], list[Table]]:
    """Write them. Returns the cases by province, and the tables."""
    writer = _Writer(nation, plan)
    return writer.found, writer.write()


class _Writer:
    def __init__(self, nation: Nation, plan: "Plan") -> None:
        self.nation = nation
        self.plan = plan
        self.dice = random.Random(f"{plan.seed} cases")  # noqa: S311 - nothing secret is thrown
        self.units = [unit for unit in nation.units if unit.kind in _FILING]
        self.found: dict[int, list[Found]] = {}
        self.offences: list[tuple[Any, ...]] = []
        self.stages: list[tuple[Any, ...]] = []
        self.persons: list[tuple[Any, ...]] = []
        self.standings: list[tuple[Any, ...]] = []
        self.verdicts: list[tuple[Any, ...]] = []

    def write(self) -> list[Table]:
        cases = Table(
            Case,
            *("id", "code", "agency_id", "area_id", "province_id", "district_id", "force", "discovery"),
            *("investigator_id", "opened_by_id", "due_on", "is_demo"),
        )
        cases.copy(self._cases())
        of_cases = (
            (Table(CaseOffence, "id", "case_id", "article", "name"), self.offences),
            (Table(Stage, "id", "case_id", "kind", "reached_on", "agency_id", "persons"), self.stages),
            (
                Table(PersonInCase, "id", "case_id", "label", "sex", "age_band", "is_ethnic_minority"),
                self.persons,
            ),
            (Table(PersonStanding, "id", "person_id", "standing", "since"), self.standings),
            (
                Table(Verdict, "id", "person_id", "stage_id", "offence_id", "sentence", "months"),
                self.verdicts,
            ),
        )
        for table, rows in of_cases:
            table.copy((number, *row) for number, row in enumerate(rows, start=1))
        return [cases, *(table for table, _ in of_cases)]

    def _cases(self) -> Iterator[tuple[Any, ...]]:
        days = (self.plan.last_day - self.plan.first_day).days + 1
        for number in range(1, self.plan.rows(CASES) + 1):
            found_on = self.plan.first_day + dt.timedelta(days=int(self.dice.random() * days))
            unit = self._unit(found_on)
            yield self._case(number, unit, found_on)

    def _unit(self, day: dt.date) -> Unit:
        while True:
            unit = self.units[int(self.dice.random() * len(self.units))]
            if unit.held_on(day):
                return unit

    def _case(self, number: int, unit: Unit, found_on: dt.date) -> tuple[Any, ...]:
        dice, place = self.dice, self.nation.scene(unit, self.dice)
        province = place.province_id
        assert province is not None
        self.found.setdefault(province, []).append(Found(number, found_on))
        self.offences.append((number, *_OFFENCES[dice.random() < 0.2]))
        people = 1 + int(dice.random() * 4)
        reached = self._stages(number, unit, found_on, people)
        self._persons(number, people, reached)
        investigator = self.nation.person(unit, Role.INVESTIGATOR)
        is_open = StageKind.PROSECUTED in reached and StageKind.INVESTIGATION_CONCLUDED not in reached
        return (
            *(number, f"VA-DL-{found_on.year}-{number:06d}", unit.id, place.id, province, place.district_id),
            Force.BORDER_GUARD.value if unit.kind == "border_guard" else Force.POLICE.value,
            dice.choice((Discovery.TIP, Discovery.PATROL, Discovery.PROFESSIONAL, Discovery.VICTIM)).value,
            *(investigator, investigator),
            reached[StageKind.PROSECUTED] + dt.timedelta(days=120) if is_open else None,
            True,
        )

    def _stages(self, case: int, unit: Unit, found_on: dt.date, people: int) -> Mapping[StageKind, dt.date]:
        """The stages the case has reached by the last day, with their days."""
        reached = {StageKind.DETECTED: found_on}
        self.stages.append((case, StageKind.DETECTED.value, found_on, unit.id, people))
        day = found_on
        for kind, share, most_days, decides in _CHAIN:
            day += dt.timedelta(days=1 + int(self.dice.random() * most_days))
            if self.dice.random() >= share or day > self.plan.last_day:
                break
            reached[kind] = day
            self.stages.append((case, kind.value, day, self._deciding(unit, decides), people))
        return reached

    def _deciding(self, unit: Unit, kind: str) -> int:
        here = self.nation.by_province[unit.place.province_id or 0]
        return next(each.id for each in here if each.kind == kind)

    def _persons(self, case: int, people: int, reached: Mapping[StageKind, dt.date]) -> None:
        dice, trial, offence = self.dice, len(self.stages), len(self.offences)
        for label in range(1, people + 1):
            sex = Sex.FEMALE if dice.random() < 0.35 else Sex.MALE
            age = dice.choice((AgeBand.FROM_18, AgeBand.FROM_30, AgeBand.FROM_30, AgeBand.FROM_45))
            self.persons.append((case, f"ĐT{label}", sex.value, age.value, dice.random() < 0.3))
            person = len(self.persons)
            self.standings += [
                (person, standing.value, reached[stage])
                for stage, standing in _STANDINGS.items()
                if stage in reached
            ]
            if StageKind.TRIED in reached:
                months = 36 + int(dice.random() * 180)
                self.verdicts.append((person, trial, offence, Verdict.Sentence.IMPRISONMENT.value, months))
