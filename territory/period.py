"""Periods of reporting: which days a report counts, and how the law and the calendar cut them.

Decree 09/2019/NĐ-CP, article 12: the first half-year runs from 15 December of the year before to 14 June, the
second from 15 June to 14 December, the year from 15 December of the year before to 14 December. Statistics
under Decree 60/2018/NĐ-CP follow the calendar instead. Other windows ("May 2021 to June 2022") are given by
their dates.

Every boundary the law or the calendar knows falls on the 1st or the 15th, so facts are kept by half-month
bucket. Pure Python, days are calendar days, every end is inclusive.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

FIRST_YEAR = 2000
LAST_YEAR = 2100
LONGEST_EXPLICIT_YEARS = 30
LONGEST_CODE = 40

_EXAMPLES = "Type 2020-H1, 2020-H2, 2020, 2016..2020 or 2021-05-01..2022-06-30."
_HALF = re.compile(r"([0-9]{4})-H([12])")
_YEAR = re.compile(r"[0-9]{4}")
_PHASE = re.compile(r"([0-9]{4})\.\.([0-9]{4})")
_EXPLICIT = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\.\.([0-9]{4})-([0-9]{2})-([0-9]{2})")


class CutOff(Enum):
    """The rule that fixes the days of a half-year, year or phase."""

    ND09 = "ND09/2019"
    CALENDAR = "calendar"
    EXPLICIT = "explicit"


class PeriodKind(Enum):
    """What sort of period it is, read from its code."""

    HALF_YEAR = "half_year"
    YEAR = "year"
    PHASE = "phase"
    EXPLICIT = "explicit"


class PeriodError(ValueError):
    """A period that cannot be. `reason` is a stable code, the message says what to type instead.

    Reasons: malformed, unknown_date, ends_before_start, year_out_of_range, too_long, and not_aligned
    (half-month buckets were asked of dates that cut through one).
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason, message)
        self.reason = reason
        self.message = message

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, order=True)
class Bucket:
    """Half a month: from the 1st to the 14th, or from the 15th to the last day. Ordered by time.

    Raises PeriodError (not_aligned) when it would start on another day.
    """

    start: date

    def __post_init__(self) -> None:
        if self.start.day not in (1, 15):
            raise PeriodError(
                "not_aligned", f"A half-month starts on day 1 or 15, not on {self.start.isoformat()}."
            )

    @property
    def end(self) -> date:
        """The last day, inclusive."""
        if self.start.day == 1:
            return self.start.replace(day=14)
        return _last_of_month(self.start)

    def next(self) -> Bucket:
        """The bucket that follows. Raises OverflowError after the year 9999."""
        return Bucket(self.end + timedelta(days=1))

    def previous(self) -> Bucket:
        """The bucket before. Raises OverflowError before the year 1."""
        return bucket_of(self.start - timedelta(days=1))


@dataclass(frozen=True)
class Period:
    """A span of days with the code it goes by in URLs and commands. Both `start` and `end` belong to it.

    `rule` says why these days. Build one with `parse_period` or `propose`; the constructor refuses
    (PeriodError, malformed) days that do not follow from code and rule, so a stored period cannot drift from
    its code.
    """

    code: str
    start: date
    end: date
    rule: CutOff

    def __post_init__(self) -> None:
        reading = _read(self.code, self.rule)
        if (reading.start, reading.end, reading.rule) != (self.start, self.end, self.rule):
            raise PeriodError(
                "malformed",
                f"The period {self.code} under the rule {self.rule.value} runs from {reading.start} to"
                f" {reading.end}, not from {self.start} to {self.end}. Use parse_period to make it.",
            )

    def __hash__(self) -> int:
        return hash(self.code)  # figures are looked up by their period thousands of times a page

    @property
    def kind(self) -> PeriodKind:
        """Half-year, year, phase or explicit dates."""
        return _read(self.code, self.rule).kind

    @property
    def days(self) -> int:
        """How many days it has, the first and the last included."""
        return (self.end - self.start).days + 1

    def contains(self, day: date) -> bool:
        """Whether the day is counted in this period."""
        return self.start <= day <= self.end

    def same_period_last_year(self) -> Period:
        """What a report compares with (cùng kỳ): the same half a year earlier, the year before, or, for a
        phase of n years, the n years before. Explicit dates each go back one year, 29 February to 28
        February.

        The result may lie before the years that can be typed. Raises PeriodError (year_out_of_range) only at
        the beginning of the calendar itself.
        """
        reading = _read(self.code, self.rule)
        first, last = reading.first_year, reading.last_year
        if reading.kind is PeriodKind.EXPLICIT:
            return _explicit(_years_later(self.start, -1), _years_later(self.end, -1))
        if reading.kind is PeriodKind.PHASE:
            length = last - first + 1
            return _named(f"{first - length:04d}..{last - length:04d}", self.rule)
        return _named(f"{first - 1:04d}{self.code[4:]}", self.rule)

    def half_years(self) -> tuple[Period, ...]:
        """The two halves of a year, under the same rule; empty for any other kind."""
        if self.kind is not PeriodKind.YEAR:
            return ()
        return (_named(f"{self.code}-H1", self.rule), _named(f"{self.code}-H2", self.rule))

    def years(self) -> tuple[Period, ...]:
        """The years of a phase, in order, under the same rule; empty for any other kind."""
        reading = _read(self.code, self.rule)
        if reading.kind is not PeriodKind.PHASE:
            return ()
        return tuple(
            _named(f"{year:04d}", self.rule) for year in range(reading.first_year, reading.last_year + 1)
        )

    @property
    def is_bucket_aligned(self) -> bool:
        """Whether whole half-months make it up, so that facts kept by bucket can answer for it."""
        return self.start.day in (1, 15) and self.end == bucket_of(self.end).end

    def buckets(self) -> tuple[Bucket, ...]:
        """Its half-months in order.

        Raises PeriodError (not_aligned) when it cuts through one; such a period is counted from the records,
        and `buckets_between(period.start, period.end)` names the half-months it touches.
        """
        if not self.is_bucket_aligned:
            raise PeriodError(
                "not_aligned",
                f"The period {self.code} cuts through a half-month. Let it start on day 1 or 15 and end"
                " on day 14 or the last day of a month, or count it from the records.",
            )
        return buckets_between(self.start, self.end)


@dataclass(frozen=True)
class _Reading:
    """What a code says, before the years that may be typed are checked."""

    kind: PeriodKind
    first_year: int
    last_year: int
    start: date
    end: date
    rule: CutOff


def parse_period(code: str, rule: CutOff = CutOff.ND09) -> Period:
    """Read a period as typed in an address or a command: 2020-H1, 2020-H2, 2020, 2016..2020 or two dates.

    Two dates always have the rule EXPLICIT, whatever rule was passed; the named periods need ND09 or
    CALENDAR. Years run from 2000 to 2100 and two dates span at most 30 years. Raises PeriodError and nothing
    else.
    """
    if len(code) > LONGEST_CODE:
        raise PeriodError("malformed", f"A period has at most {LONGEST_CODE} characters. {_EXAMPLES}")
    reading = _read(code, rule)
    _check_typed_year(reading.first_year)
    _check_typed_year(reading.last_year)
    is_explicit = reading.kind is PeriodKind.EXPLICIT
    if is_explicit and reading.end >= _years_later(reading.start, LONGEST_EXPLICIT_YEARS):
        raise PeriodError(
            "too_long",
            f"{code} spans more than {LONGEST_EXPLICIT_YEARS} years. Type two dates closer together.",
        )
    return Period(code, reading.start, reading.end, reading.rule)


def stored_period(code: str, rule: str) -> Period:
    """A period as a row keeps it: its code, and the rule by name. Raises PeriodError, or ValueError for no rule."""
    kept = CutOff(rule)
    return parse_period(code, CutOff.ND09 if kept is CutOff.EXPLICIT else kept)


def propose(
    kind: PeriodKind,
    year: int,
    half: int | None = None,
    rule: CutOff = CutOff.ND09,
    *,
    last_year: int | None = None,
) -> Period:
    """The period a rule proposes: a half (1 or 2) of a year, a year, or the phase from `year` to `last_year`.

    Raises PeriodError: malformed when the half or the last year is absent, superfluous or impossible, or for
    explicit dates, which no rule proposes; year_out_of_range; ends_before_start.
    """
    _check_typed_year(year)
    if (kind is PeriodKind.HALF_YEAR) != (half is not None) or half not in (None, 1, 2):
        raise PeriodError("malformed", "Give half 1 or 2 for a half-year, and no half for any other period.")
    if (kind is PeriodKind.PHASE) != (last_year is not None):
        raise PeriodError("malformed", "Give the last year for a phase, and for no other period.")
    if kind is PeriodKind.HALF_YEAR:
        return _named(f"{year}-H{half}", rule)
    if last_year is not None:
        _check_typed_year(last_year)
        return _named(f"{year}..{last_year}", rule)
    if kind is PeriodKind.YEAR:
        return _named(f"{year}", rule)
    raise PeriodError("malformed", "No rule proposes explicit dates. Type them, like 2021-05-01..2022-06-30.")


def bucket_of(day: date) -> Bucket:
    """The half-month a day belongs to."""
    return Bucket(date(day.year, day.month, 1 if day.day < 15 else 15))


def buckets_between(start: date, end: date) -> tuple[Bucket, ...]:
    """Every half-month that shares a day with `start`..`end` (inclusive), in order; empty when end is
    earlier."""
    if end < start:
        return ()
    found = [bucket_of(start)]
    while found[-1].end < end:
        found.append(found[-1].next())
    return tuple(found)


def due_date(period: Period, offset_days: int) -> date:
    """The day a report is due: so many calendar days after the last day of its period.

    Article 8(5) of Decree 09/2019/NĐ-CP asks for at least one working day. Raises PeriodError (unknown_date)
    when the calendar has no such day.
    """
    try:
        return period.end + timedelta(days=offset_days)
    except OverflowError:
        raise PeriodError("unknown_date", f"There is no day {offset_days} days after {period.end}.") from None


def print_date_vi(day: date) -> str:
    """A date as reports write it, "01/5/2021": days below 10 and months 1 and 2 take a leading zero (Decree
    30/2020, appendix I)."""
    return f"{_day_vi(day)}/{_month_vi(day)}/{day.year:04d}"


def print_long_date_vi(day: date) -> str:
    """A date in words, "ngày 15 tháng 6 năm 2020", with the leading zeros of Decree 30/2020."""
    return f"ngày {_day_vi(day)} tháng {_month_vi(day)} năm {day.year:04d}"


def print_period_vi(period: Period) -> str:
    """A period as the title of a report names it: "6 tháng đầu năm 2020", "giai đoạn 2016 - 2020"."""
    reading = _read(period.code, period.rule)
    if reading.kind is PeriodKind.HALF_YEAR:
        return f"6 tháng {'đầu' if period.code.endswith('H1') else 'cuối'} năm {reading.first_year:04d}"
    if reading.kind is PeriodKind.YEAR:
        return f"năm {reading.first_year:04d}"
    if reading.kind is PeriodKind.PHASE:
        return f"giai đoạn {reading.first_year:04d} - {reading.last_year:04d}"
    return f"từ ngày {print_date_vi(period.start)} đến ngày {print_date_vi(period.end)}"


def _read(code: str, rule: CutOff) -> _Reading:
    """What a code means under a rule. Raises PeriodError, but does not limit the years to those that may be
    typed."""
    if match := _EXPLICIT.fullmatch(code):
        start = _day(match[1], match[2], match[3])
        end = _day(match[4], match[5], match[6])
        _check_order(code, start <= end)
        return _Reading(PeriodKind.EXPLICIT, start.year, end.year, start, end, CutOff.EXPLICIT)
    if match := _HALF.fullmatch(code):
        kind, first, last = PeriodKind.HALF_YEAR, int(match[1]), int(match[1])
        half = int(match[2])
    elif _YEAR.fullmatch(code):
        kind, first, last, half = PeriodKind.YEAR, int(code), int(code), 0
    elif match := _PHASE.fullmatch(code):
        kind, first, last, half = PeriodKind.PHASE, int(match[1]), int(match[2]), 0
        _check_order(code, first <= last)
    else:
        raise PeriodError("malformed", f"{code!r} is not a period. {_EXAMPLES}")
    if rule is CutOff.EXPLICIT:
        raise PeriodError(
            "malformed", f"{code} needs a cut-off rule. Type two dates, like 2021-05-01..2022-06-30."
        )
    if first < 2:
        raise _year_out_of_range(first)
    start, end = _bounds(first, last, half, rule)
    return _Reading(kind, first, last, start, end, rule)


def _bounds(first: int, last: int, half: int, rule: CutOff) -> tuple[date, date]:
    """First and last day of the years `first`..`last`, or of one half of them when `half` is 1 or 2."""
    if rule is CutOff.ND09:
        start = date(first, 6, 15) if half == 2 else date(first - 1, 12, 15)
        end = date(last, 6, 14) if half == 1 else date(last, 12, 14)
    else:
        start = date(first, 7, 1) if half == 2 else date(first, 1, 1)
        end = date(last, 6, 30) if half == 1 else date(last, 12, 31)
    return start, end


def _named(code: str, rule: CutOff) -> Period:
    reading = _read(code, rule)
    return Period(code, reading.start, reading.end, reading.rule)


def _explicit(start: date, end: date) -> Period:
    return Period(f"{start.isoformat()}..{end.isoformat()}", start, end, CutOff.EXPLICIT)


def _day(year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        if int(year) < 1:
            raise _year_out_of_range(int(year)) from None
        raise PeriodError(
            "unknown_date",
            f"There is no day {year}-{month}-{day}. Type a day of the calendar, like 2021-05-01.",
        ) from None


def _years_later(day: date, years: int) -> date:
    """The same day so many years on; 29 February becomes 28 February where there is none."""
    year = day.year + years
    if not 1 <= year <= 9999:
        raise _year_out_of_range(year)
    if (day.month, day.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 2, 28)
    return date(year, day.month, day.day)


def _last_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _check_order(code: str, is_in_order: bool) -> None:
    if not is_in_order:
        raise PeriodError("ends_before_start", f"{code} ends before it starts. Type the earlier one first.")


def _check_typed_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _year_out_of_range(year)


def _year_out_of_range(year: int) -> PeriodError:
    return PeriodError(
        "year_out_of_range", f"Type a year from {FIRST_YEAR} to {LAST_YEAR} instead of {year}."
    )


def _day_vi(day: date) -> str:
    return f"{day.day:02d}"


def _month_vi(day: date) -> str:
    return f"{day.month:02d}" if day.month <= 2 else str(day.month)
