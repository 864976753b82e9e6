"""Two million activities in ten years: one or two figures each, every tenth with a cost, every third with a partner."""

import bisect
import datetime as dt
import random
from collections.abc import Iterator
from itertools import accumulate, islice
from typing import TYPE_CHECKING, Any

from accounts.models import Role
from programs.models import Activity, ActivityCost, ActivityKind, ActivityQuantity, Audience, Measure
from reporting.national.copying import Table
from reporting.national.units import Nation, Unit
from territory.models import Level

if TYPE_CHECKING:
    from reporting.national.filling import Plan

ACTIVITIES = 2_000_000

#: Kind, how often in a hundred, and what it counts: a measure, and the largest figure of it.
_KINDS: tuple[tuple[ActivityKind, int, tuple[tuple[Measure, int], ...]], ...] = (
    (ActivityKind.COMMUNICATION, 34, ((Measure.ATTENDANCES, 400), (Measure.SESSIONS, 5))),
    (ActivityKind.TRAINING, 12, ((Measure.PEOPLE, 80), (Measure.CLASSES, 3))),
    (ActivityKind.INTEGRATED_LESSON, 10, ((Measure.ATTENDANCES, 300), (Measure.LESSONS, 8))),
    (ActivityKind.EXTRACURRICULAR, 8, ((Measure.ATTENDANCES, 500),)),
    (ActivityKind.MEDIA, 14, ((Measure.NEWS_ITEMS, 20), (Measure.BROADCASTS, 60))),
    (ActivityKind.PATROL, 10, ((Measure.PATROLS, 12), (Measure.PERSONS_STOPPED, 30))),
    (ActivityKind.INSPECTION, 5, ((Measure.PREMISES, 25),)),
    (ActivityKind.MEETING, 4, ((Measure.SESSIONS, 2),)),
    (ActivityKind.HOTLINE, 3, ((Measure.CALLS, 90),)),
)
_TOPICS = (
    "phòng, chống mua bán người",
    "Luật Phòng, chống mua bán người",
    "thủ đoạn lừa đảo đưa người ra nước ngoài",
    "di cư an toàn",
    "quyền của nạn nhân",
)
_WORDS = {
    ActivityKind.COMMUNICATION: "Tuyên truyền",
    ActivityKind.TRAINING: "Tập huấn",
    ActivityKind.INTEGRATED_LESSON: "Lồng ghép bài giảng",
    ActivityKind.EXTRACURRICULAR: "Ngoại khóa",
    ActivityKind.MEDIA: "Tin, bài",
    ActivityKind.PATROL: "Tuần tra biên giới",
    ActivityKind.INSPECTION: "Kiểm tra cơ sở",
    ActivityKind.MEETING: "Họp triển khai",
    ActivityKind.HOTLINE: "Tư vấn đường dây nóng",
}
_AUDIENCES: tuple[list[Audience], ...] = (
    [Audience.PUBLIC],
    [Audience.WOMEN],
    [Audience.PUPILS],
    [Audience.PUBLIC, Audience.BORDER],
    [],
)
#: Younger ones are in part still on their way to approval.
_SETTLED_AFTER = 60
_AT_A_TIME = 50_000


def write_activities(nation: Nation, plan: "Plan") -> list[Table]:
    """Write them and what belongs to them. Returns the tables."""
    activities = Table(Activity, *_ACTIVITY)
    quantities = Table(ActivityQuantity, *_QUANTITY)
    costs = Table(ActivityCost, "id", "activity_id", "source", "amount")
    partners = Table(Activity.partner_agencies.through, "id", "activity_id", "agency_id")
    made = _Dice(nation, plan).activities()
    numbers = {table.name: 0 for table in (quantities, costs, partners)}

    def numbered(table: Table, rows: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        for row in rows:
            numbers[table.name] += 1
            yield numbers[table.name], *row

    while block := list(islice(made, _AT_A_TIME)):
        activities.copy(each for each, *_ in block)
        for place, table in enumerate((quantities, costs, partners), start=1):
            table.copy(numbered(table, [row for each in block for row in each[place]]))
    return [activities, quantities, costs, partners]


_ACTIVITY = (
    *("id", "state", "kind", "title", "agency_id", "area_id", "province_id", "district_id"),
    *("started_on", "ended_on", "is_integrated", "audience", "narrative", "is_demo", "submission_key"),
    *("filed_by_id", "submitted_by_id", "submitted_at", "decided_by_id", "decided_at", "return_reason"),
)
_QUANTITY = (
    *("id", "activity_id", "measure", "low", "high", "qualifier", "word"),
    *("women", "children", "ethnic_minority"),
)


class _Dice:
    """Throws activities, one after the other."""

    def __init__(self, nation: Nation, plan: "Plan") -> None:
        self.nation = nation
        self.plan = plan
        self.dice = random.Random(f"{plan.seed} activities")  # noqa: S311 - nothing secret is thrown
        self.kinds = [kind for kind, often, _ in _KINDS for _ in range(often)]
        self.counted = {kind: counted for kind, _, counted in _KINDS}
        self.pools = [(day, *self._pool(day)) for day in self._days_of_change()]

    def _days_of_change(self) -> list[dt.date]:
        """The days from which other units file than before; the newest first."""
        days = {unit.valid_from for unit in self.nation.units if unit.valid_from > self.plan.first_day}
        return sorted({self.plan.first_day, *days}, reverse=True)

    def _pool(self, day: dt.date) -> tuple[list[Unit], list[int]]:
        """The units of a day, and how often each files: a province's own agencies more than a district's."""
        units = [unit for unit in self.nation.units if unit.held_on(day)]
        weights = [8 if unit.place.level == Level.PROVINCE else 4 for unit in units]
        return units, list(accumulate(weights))

    def _unit(self, day: dt.date) -> Unit:
        _, units, sums = next(pool for pool in self.pools if pool[0] <= day)
        return units[bisect.bisect_right(sums, self.dice.random() * sums[-1])]

    def activities(self) -> Iterator[tuple[tuple[Any, ...], list[Any], list[Any], list[Any]]]:
        """Each activity with its quantities, costs and partners."""
        dice, days = self.dice, (self.plan.last_day - self.plan.first_day).days + 1
        for number in range(1, self.plan.rows(ACTIVITIES) + 1):
            ended = self.plan.first_day + dt.timedelta(days=int(dice.random() * days))
            unit = self._unit(ended)
            kind = self.kinds[int(dice.random() * len(self.kinds))]
            yield (
                self._activity(number, kind, unit, ended),
                self._quantities(number, kind),
                *self._with(number, unit),
            )

    def _activity(self, number: int, kind: ActivityKind, unit: Unit, ended: dt.date) -> tuple[Any, ...]:
        dice, place = self.dice, self.nation.scene(unit, self.dice)
        officer, head = (self.nation.person(unit, role) for role in (Role.FILING_OFFICER, Role.HEAD_OF_UNIT))
        state = self._state((self.plan.last_day - ended).days)
        sent = state != Activity.State.DRAFT
        decided = state in (Activity.State.APPROVED, Activity.State.RETURNED)
        return (
            *(number, state.value, kind.value),
            f"{_WORDS[kind]} {_TOPICS[int(dice.random() * 5)]} tại {place.name}, đợt {number % 997 + 1}",
            *(unit.id, place.id, place.province_id, place.district_id),
            *(ended - dt.timedelta(days=int(dice.random() * 3)), ended),
            *(dice.random() < 0.15, _AUDIENCES[int(dice.random() * 5)]),
            "Dữ liệu tổng hợp để đo tốc độ, không có thật.",
            *(True, f"{dice.getrandbits(128):032x}", officer),
            *((officer, f"{ended} 10:00:00+07") if sent else (None, None)),
            *((head, f"{ended} 15:00:00+07") if decided else (None, None)),
            "Đề nghị bổ sung số liệu." if state == Activity.State.RETURNED else "",
        )

    def _state(self, age: int) -> Activity.State:
        chance = self.dice.random()
        if age > _SETTLED_AFTER or chance < 0.7:
            return Activity.State.APPROVED
        if chance < 0.9:
            return Activity.State.SUBMITTED
        return Activity.State.DRAFT if chance < 0.97 else Activity.State.RETURNED

    def _quantities(self, number: int, kind: ActivityKind) -> list[tuple[Any, ...]]:
        dice, rows = self.dice, []
        for measure, most in self.counted[kind]:
            count = 1 + int(dice.random() * most)
            tells_parts = measure in (Measure.ATTENDANCES, Measure.PEOPLE) and dice.random() < 0.6
            women = int(dice.random() * count) if tells_parts else None
            children = int(dice.random() * count / 2) if tells_parts and dice.random() < 0.3 else None
            minority = int(dice.random() * count / 2) if tells_parts and dice.random() < 0.3 else None
            is_over = dice.random() < 0.08
            rows.append(
                (
                    *(number, measure.value, count, None if is_over else count),
                    *(("over", "trên") if is_over else ("exact", "")),
                    *(women, children, minority),
                )
            )
        return rows

    def _with(self, number: int, unit: Unit) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        dice = self.dice
        costs = [(number, "local", 100_000 * (1 + int(dice.random() * 200)))] if dice.random() < 0.1 else []
        others = self.nation.by_province[unit.place.province_id or 0]
        partner = others[int(dice.random() * len(others))]
        return costs, [(number, partner.id)] if dice.random() < 0.33 and partner is not unit else []
