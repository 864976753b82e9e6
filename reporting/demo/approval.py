"""Invented activities that are not approved yet, so that a head's queue and an officer's home are not empty.

None of them counts: the published figures stay what they are.
"""

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from programs.models import Activity, ActivityKind, ActivityOccurrence, Audience, Measure
from reporting.demo.cast import DAY, agency
from reporting.demo.rows import Standing, add_activity
from territory.figure import Figure
from territory.models import Agency, Area, Level

State = Activity.State

#: Told in each title and narrative, so that nobody takes them for published facts.
_MARK = "(minh họa)"
_NARRATIVE = "Hoạt động minh họa, không có trong báo cáo nguồn."


@dataclass(frozen=True)
class _Unit:
    agency: Agency
    area: Area
    officer: User
    head: User


def load(people: dict[str, User]) -> None:
    _kon_tum(
        _Unit(
            agency("62-provincial_police"),
            Area.objects.find("62", DAY, Level.PROVINCE),
            people["can-bo.kontum@demo.example"],
            people["lanh-dao.kontum@demo.example"],
        )
    )
    _bat_xat(
        _Unit(
            agency("082-district_police"),
            Area.objects.find("082", DAY, Level.DISTRICT),
            people["bat-xat@demo.example"],
            people["lanh-dao.bat-xat@demo.example"],
        )
    )


def _kon_tum(unit: _Unit) -> None:
    series = _add(
        "waiting-kt-1",
        unit,
        ActivityKind.EXTRACURRICULAR,
        "Nói chuyện ngoại khóa về mua bán người tại ba trường",
        dt.date(2020, 5, 20),
        State.SUBMITTED,
        {Measure.SESSIONS: Figure.exact(4), Measure.ATTENDANCES: Figure.exact(455)},
        audience=[Audience.PUPILS],
    )
    if not series.occurrences.exists():
        _series(series)
    _add(
        "waiting-kt-2",
        unit,
        ActivityKind.COMMUNICATION,
        "Phát tờ rơi tại bến xe khách",
        dt.date(2020, 6, 2),
        State.SUBMITTED,
        {Measure.LEAFLETS: Figure.about(500)},
        audience=[Audience.PUBLIC],
    )
    _add(
        "returned-kt",
        unit,
        ActivityKind.TRAINING,
        "Tập huấn cho công an xã",
        dt.date(2020, 4, 16),
        State.RETURNED,
        {Measure.CLASSES: Figure.exact(1)},
        reason="Bổ sung số người dự lớp, trong đó bao nhiêu nữ.",
    )
    _add(
        "draft-kt",
        unit,
        ActivityKind.MEETING,
        "Họp liên ngành quý II",
        dt.date(2020, 6, 10),
        State.DRAFT,
        {},
    )


def _bat_xat(unit: _Unit) -> None:
    _add(
        "waiting-bx",
        unit,
        ActivityKind.COMMUNICATION,
        "Tuyên truyền tại chợ phiên",
        dt.date(2020, 5, 10),
        State.SUBMITTED,
        {Measure.SESSIONS: Figure.exact(1), Measure.ATTENDANCES: Figure.over(150)},
        audience=[Audience.PUBLIC, Audience.ETHNIC_MINORITY],
    )
    _add(
        "returned-bx",
        unit,
        ActivityKind.PATROL,
        "Tuần tra đường mòn biên giới",
        dt.date(2020, 5, 28),
        State.RETURNED,
        {Measure.PATROLS: Figure.exact(3)},
        reason="Nêu rõ địa bàn tuần tra.",
    )


def _add(
    fact: str,
    unit: _Unit,
    kind: ActivityKind,
    title: str,
    day: dt.date,
    state: Activity.State,
    quantities: dict[Measure, Figure],
    *,
    reason: str = "",
    audience: list[Audience] | None = None,
) -> Activity:
    return add_activity(
        fact,
        filed_by=unit.officer,
        kind=kind,
        title=f"{title} {_MARK}",
        agency=unit.agency,
        area=unit.area,
        days=(day, day),
        quantities=quantities,
        audience=audience or (),
        standing=Standing(state, unit.head if state == State.RETURNED else None, reason),
        narrative=_NARRATIVE,
    )


def _series(activity: Activity) -> None:
    venues = (
        ("Trường THCS số 1", 2, 210, 104),
        ("Trường THCS số 2", 1, 130, 71),
        ("Trường THPT", 1, 115, 60),
    )
    ActivityOccurrence.objects.bulk_create(
        ActivityOccurrence(
            activity=activity,
            order=order,
            venue=f"{venue} {_MARK}",
            held_on=activity.ended_on,
            sessions=sessions,
            attendances=attendances,
            women=women,
        )
        for order, (venue, sessions, attendances, women) in enumerate(venues, start=1)
    )
