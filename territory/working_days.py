"""Terms in working days: Saturdays, Sundays and special days are known.

The first special days are those that the law fixes or that were published for the whole country:

- Labour Code 2019 (45/2019/QH14), Article 112: 1 January, the lunar new year (Tết, five days), the tenth of the third
  lunar month (Giỗ Tổ), 30 April, 1 May, 2 September and one day beside it; Article 111(3): a holiday on a weekly day
  of rest is made up for by the next working day.
- Resolution 80-NQ/TW of the Politburo of 2026: 24 November, the day of Vietnamese culture.
- The yearly announcements of the Government on Tết, on the second day of the National Day, and on working days that
  were exchanged, for 2024, 2025 and 2026. The tables of the package python-holidays 0.109 say the same.

For 2027 only what the law fixes by itself is here: of Tết the first three days, of the National Day 2 September. The
others are entered by an administrator once they are announced, as is whatever is exchanged later.
"""

import datetime as dt
from collections.abc import Iterator

from territory.models import SpecialDay

_SATURDAY = 5
#: The longest run of days that are not worked, and more.
_LOOKED_AHEAD = dt.timedelta(days=30)

_LAW = "Điều 112 Bộ luật Lao động 2019"
_REST = "Điều 111(3) Bộ luật Lao động 2019"
_PLAN = "Điều 112 Bộ luật Lao động 2019; thông báo lịch nghỉ của năm"
_EXCHANGED = "Thông báo lịch nghỉ của năm: hoán đổi ngày làm việc"
_CULTURE = "Nghị quyết 80-NQ/TW năm 2026"
_TET, _NATIONAL = "Tết Nguyên đán", "Quốc khánh"

_FIXED = (
    ("01-01", "Tết Dương lịch"),
    ("04-30", "Ngày Chiến thắng"),
    ("05-01", "Ngày Quốc tế lao động"),
    ("09-02", _NATIONAL),
)
_KING = {2024: "2024-04-18", 2025: "2025-04-07", 2026: "2026-04-26", 2027: "2027-04-16"}
#: First and last day of Tết, as published; of 2027 the days that are Tết in every case.
_TET_DAYS = {
    2024: ("2024-02-08", "2024-02-14", _PLAN),
    2025: ("2025-01-27", "2025-01-31", _PLAN),
    2026: ("2026-02-16", "2026-02-20", _PLAN),
    2027: ("2027-02-06", "2027-02-08", _LAW),
}
_SINGLE = (
    ("2024-04-29", SpecialDay.Kind.OFF, "Nghỉ hoán đổi", _EXCHANGED),
    ("2024-05-04", SpecialDay.Kind.WORKED, "Làm bù ngày 29/4", _EXCHANGED),
    ("2024-09-03", SpecialDay.Kind.OFF, _NATIONAL, _PLAN),
    ("2025-04-26", SpecialDay.Kind.WORKED, "Làm bù ngày 02/5", _EXCHANGED),
    ("2025-05-02", SpecialDay.Kind.OFF, "Nghỉ hoán đổi", _EXCHANGED),
    ("2025-09-01", SpecialDay.Kind.OFF, _NATIONAL, _PLAN),
    ("2026-04-27", SpecialDay.Kind.OFF, "Nghỉ bù Giỗ Tổ Hùng Vương", _REST),
    ("2026-08-22", SpecialDay.Kind.WORKED, "Làm bù ngày 31/8", _EXCHANGED),
    ("2026-08-31", SpecialDay.Kind.OFF, "Nghỉ hoán đổi", _EXCHANGED),
    ("2026-09-01", SpecialDay.Kind.OFF, _NATIONAL, _PLAN),
    ("2026-11-24", SpecialDay.Kind.OFF, "Ngày Văn hóa Việt Nam", _CULTURE),
    ("2027-05-03", SpecialDay.Kind.OFF, "Nghỉ bù Ngày Quốc tế lao động", _REST),
    ("2027-11-24", SpecialDay.Kind.OFF, "Ngày Văn hóa Việt Nam", _CULTURE),
)


def last_day_of_term(begun_on: dt.date, working_days: int) -> dt.date:
    """The last day of a term in working days; the day it begins on is not counted. One query."""
    kinds = _kinds(begun_on, begun_on + dt.timedelta(days=2 * working_days) + _LOOKED_AHEAD)
    day = begun_on
    while working_days:
        day += dt.timedelta(days=1)
        working_days -= _is_worked(day, kinds.get(day, SpecialDay.Kind.ORDINARY))
    return day


def first_worked_day(day: dt.date) -> dt.date:
    """The day itself, or the first one after it that is worked. One query."""
    kinds = _kinds(day, day + _LOOKED_AHEAD)
    while not _is_worked(day, kinds.get(day, SpecialDay.Kind.ORDINARY)):
        day += dt.timedelta(days=1)
    return day


def _kinds(first: dt.date, last: dt.date) -> dict[dt.date, str]:
    return dict(SpecialDay.objects.filter(day__range=(first, last)).values_list("day", "kind"))


def _is_worked(day: dt.date, kind: str) -> bool:
    if kind == SpecialDay.Kind.ORDINARY:
        return day.weekday() < _SATURDAY
    return kind == SpecialDay.Kind.WORKED


def published_days() -> Iterator[SpecialDay]:
    """The special days of 2024 to 2027 that are known; the sources are told above."""
    off = SpecialDay.Kind.OFF
    for year, king in _KING.items():
        for day, name in _FIXED:
            yield _special(f"{year}-{day}", off, name, _LAW)
        yield _special(king, off, "Giỗ Tổ Hùng Vương", _LAW)
        first, last, basis = _TET_DAYS[year]
        day_of_tet = dt.date.fromisoformat(first)
        while day_of_tet <= dt.date.fromisoformat(last):
            yield _special(day_of_tet.isoformat(), off, _TET, basis)
            day_of_tet += dt.timedelta(days=1)
    for told in _SINGLE:
        yield _special(*told)


def load_special_days() -> int:
    """Enter what is published and not there yet; what an administrator changed stays. Returns how many days."""
    there = set(SpecialDay.objects.values_list("day", flat=True))
    new = [each for each in published_days() if each.day not in there]
    return len(SpecialDay.objects.bulk_create(new, ignore_conflicts=True))


def _special(day: str, kind: str, name: str, basis: str) -> SpecialDay:
    return SpecialDay(day=dt.date.fromisoformat(day), kind=kind, name=name, basis=basis)
