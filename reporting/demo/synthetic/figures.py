"""Invented numbers. Each is thrown with dice that its own key starts, so adding one changes no other."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from math import exp

from incidents.models import StageKind
from programs.models import ActivityKind, Audience, Measure
from reporting.demo.synthetic.units import HALVES, Unit, halves_in
from territory.figure import Figure
from territory.period import Period

LAST_DAY = HALVES[-1].end

#: Fewer cases over the years, and more work done until the gatherings of 2020 and 2021 were called off.
_CASES = {2016: 1.35, 2017: 1.2, 2018: 1.05, 2019: 0.95, 2020: 0.7, 2021: 0.6}
_WORK = {2016: 1.0, 2017: 1.1, 2018: 1.25, 2019: 1.4, 2020: 0.85, 2021: 0.7}


def dice(*key: object) -> random.Random:
    """A generator that gives the same numbers for the same key."""
    return random.Random("/".join(map(str, key)))  # noqa: S311 - nothing secret is thrown


def poisson(thrown: random.Random, mean: float) -> int:
    count, product, limit = 0, thrown.random(), exp(-mean)
    while product > limit:
        count += 1
        product *= thrown.random()
    return count


def _day_in(thrown: random.Random, period: Period) -> dt.date:
    return period.start + dt.timedelta(days=thrown.randrange(period.days))


@dataclass(frozen=True)
class InventedCase:
    """A case with the days of its stages, in order; those after the last day of the demonstration are left out."""

    key: str
    stages: dict[StageKind, dt.date]
    persons: int
    victims: int


@dataclass(frozen=True)
class InventedActivity:
    key: str
    kind: ActivityKind
    title: str
    days: tuple[dt.date, dt.date]
    quantities: dict[Measure, Figure] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)
    audience: tuple[Audience, ...] = ()


@cache
def _cases(code: str, weight: float, half: Period) -> tuple[InventedCase, ...]:
    thrown = dice("cases", code, half.code)
    made = []
    for number in range(poisson(thrown, weight * _CASES[half.end.year])):
        day = _day_in(thrown, half)
        stages = {StageKind.DETECTED: day}
        steps = (
            (StageKind.PROSECUTED, (2, 12), 0.9),
            (StageKind.INVESTIGATION_CONCLUDED, (50, 110), 0.92),
            (StageKind.INDICTED, (15, 35), 0.96),
            (StageKind.TRIED, (25, 60), 0.95),
        )
        for kind, (least, most), chance in steps:
            day += dt.timedelta(days=thrown.randint(least, most))
            if thrown.random() > chance or day > LAST_DAY:
                break
            stages[kind] = day
        persons = thrown.choice((1, 1, 1, 2, 2, 3))
        made.append(InventedCase(f"{half.code}-{number}", stages, persons, thrown.choice((1, 1, 1, 2, 2, 3))))
    return tuple(made)


def cases_of(unit: Unit) -> Iterator[InventedCase]:
    for half in HALVES:
        yield from _cases(unit.code, unit.weight, half)


def said_by_records(unit: Unit, period: Period) -> Counter[str]:
    """What the cases of a unit add up to in a period, by the code of the indicator."""
    told: Counter[str] = Counter()
    counted = {
        StageKind.DETECTED: ("cases_detected", "suspects_detected"),
        StageKind.PROSECUTED: ("cases_prosecuted", ""),
        StageKind.INVESTIGATION_CONCLUDED: ("cases_concluded", ""),
        StageKind.INDICTED: ("cases_indicted", ""),
        StageKind.TRIED: ("cases_tried", "defendants_tried"),
    }
    for case in cases_of(unit):
        for kind, day in case.stages.items():
            if period.contains(day):
                cases, persons = counted[kind]
                told[cases] += 1
                if persons:
                    told[persons] += case.persons
    return told


def said_by_unit(unit: Unit, period: Period) -> Counter[str]:
    """What only the unit can say: tips and victims, with "code/part" for a part."""
    told: Counter[str] = Counter()
    for half in halves_in(period):
        thrown = dice("said", unit.code, half.code)
        detected = said_by_records(unit, half)["cases_detected"]
        received = detected + poisson(thrown, unit.weight * 0.5)
        told["tips_received"] += received
        told["tips_classified"] += received
        told["tips_resolved"] += received - (1 if received and thrown.random() < 0.2 else 0)
        victims = sum(thrown.choice((0, 1, 1, 2)) for _ in range(detected))
        if unit.code.endswith("-labour"):
            victims = poisson(thrown, 1.8)
        women = sum(thrown.random() < 0.85 for _ in range(victims))
        told["victims_received"] += victims
        told["victims_received/women"] += women
        told["victims_received/children"] += sum(thrown.random() < 0.3 for _ in range(victims))
    return told


def figures_of(unit: Unit, period: Period) -> Counter[str]:
    """Both, as the unit reports them. Empty where nothing happened, which the unit then confirms."""
    return +(said_by_records(unit, period) + said_by_unit(unit, period))


# --- work done ------------------------------------------------------------------------------------------------

#: Kind of activity, title, audience, how many a half-year brings on average, and the measures with usual values.
_Kind = tuple[ActivityKind, str, tuple[Audience, ...], float, dict[Measure, int]]

_TALKS: _Kind = (
    ActivityKind.COMMUNICATION,
    "Tuyên truyền phòng, chống mua bán người tại bản, tổ dân phố",
    (Audience.PUBLIC, Audience.ETHNIC_MINORITY),
    1.4,
    {Measure.SESSIONS: 6, Measure.ATTENDANCES: 480},
)
_SCHOOLS: _Kind = (
    ActivityKind.EXTRACURRICULAR,
    "Nói chuyện ngoại khóa tại trường học",
    (Audience.PUPILS,),
    0.7,
    {Measure.SESSIONS: 3, Measure.ATTENDANCES: 620},
)
_TRAINING: _Kind = (
    ActivityKind.TRAINING,
    "Tập huấn nghiệp vụ phòng, chống mua bán người",
    (Audience.OFFICERS,),
    0.5,
    {Measure.CLASSES: 2, Measure.PEOPLE: 70},
)
_PATROLS: _Kind = (
    ActivityKind.PATROL,
    "Tuần tra, kiểm soát đường mòn, lối mở",
    (),
    1.2,
    {Measure.PATROLS: 40, Measure.PERSONS_STOPPED: 22},
)
_MEDIA: _Kind = (
    ActivityKind.MEDIA,
    "Đăng, phát tin, bài cảnh báo thủ đoạn lừa bán người",
    (Audience.PUBLIC,),
    0.5,
    {Measure.NEWS_ITEMS: 14, Measure.BROADCASTS: 9},
)
_MEETING: _Kind = (ActivityKind.MEETING, "Họp giao ban liên ngành", (), 1.0, {})
_INSPECTION: _Kind = (ActivityKind.INSPECTION, "Kiểm tra việc thực hiện Chương trình ở huyện", (), 0.8, {})
_COOPERATION: _Kind = (ActivityKind.COOPERATION, "Hội đàm với lực lượng bên kia biên giới", (), 0.6, {})
_HOTLINE: _Kind = (ActivityKind.HOTLINE, "Tư vấn qua đường dây nóng", (), 0.8, {Measure.CALLS: 35})

_OF_DISTRICTS = (_TALKS, _SCHOOLS, _TRAINING, _MEDIA)
_OF_PROVINCE = {
    "provincial_police": (_TRAINING, _MEDIA, _MEETING, _INSPECTION, _COOPERATION),
    "border_guard": (_PATROLS, _PATROLS, _TALKS, _COOPERATION),
    "labour": (_HOTLINE, _TRAINING),
    "womens_union": (_TALKS, _TALKS, _MEDIA),
}


def activities_of(unit: Unit) -> Iterator[InventedActivity]:
    of_its_kind = _OF_PROVINCE.get(unit.code.partition("-")[2], _OF_DISTRICTS)
    kinds = (*of_its_kind, _PATROLS) if unit.is_at_border and of_its_kind is _OF_DISTRICTS else of_its_kind
    for half in HALVES:
        thrown = dice("work", unit.code, half.code)
        number = 0
        for kind in kinds:
            for _ in range(poisson(thrown, kind[3] * _WORK[half.end.year])):
                number += 1
                yield _activity(thrown, f"{unit.code}-{half.code}-{number}", kind, half)


def _activity(thrown: random.Random, key: str, of: _Kind, half: Period) -> InventedActivity:
    kind, title, audience, _mean, usual = of
    first = _day_in(thrown, half)
    last = min(first + dt.timedelta(days=thrown.choice((0, 0, 0, 1, 2, 5))), half.end)
    quantities, parts = {}, {}
    for measure, value in usual.items():
        count = max(1, round(value * _WORK[half.end.year] * thrown.uniform(0.5, 1.6)))
        is_of_persons = measure in (Measure.ATTENDANCES, Measure.PEOPLE)
        if is_of_persons and thrown.random() < 0.15:
            quantities[measure] = Figure.over(count // 10 * 10)
        else:
            quantities[measure] = Figure.exact(count)
            if is_of_persons:
                parts = {
                    "women": round(count * thrown.uniform(0.35, 0.65)),
                    "ethnic_minority": round(count * thrown.uniform(0.6, 0.95)),
                }
    return InventedActivity(key, kind, title, (first, last), quantities, parts, audience)
