"""Periods: the cut-off of Decree 09/2019, the calendar, and half-month buckets."""

import pickle
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from territory.period import (
    Bucket,
    CutOff,
    Period,
    PeriodError,
    PeriodKind,
    bucket_of,
    buckets_between,
    due_date,
    parse_period,
    print_date_vi,
    print_long_date_vi,
    print_period_vi,
    propose,
)

LIKE_A_PERIOD = r"[0-9]{4}(-H[0-9]|-[0-9]{2}-[0-9]{2})?(\.\.[0-9]{4}(-[0-9]{2}-[0-9]{2})?)?"
DAYS = st.dates(date(1990, 1, 1), date(2110, 12, 31))
TYPED_DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
YEARS = st.integers(2000, 2100)
RULES = st.sampled_from([CutOff.ND09, CutOff.CALENDAR])
PHASES = st.tuples(YEARS, YEARS).map(sorted).map(lambda years: f"{years[0]}..{years[1]}")
NAMED_CODES = st.one_of(YEARS.map(str), YEARS.map("{}-H1".format), YEARS.map("{}-H2".format), PHASES)


def explicit_code(start: date, length: int) -> str:
    return f"{start}..{min(start + timedelta(days=length), date(2100, 12, 31))}"


EXPLICIT_CODES = st.builds(explicit_code, TYPED_DAYS, st.integers(0, 30 * 365))
PERIODS = st.builds(parse_period, st.one_of(NAMED_CODES, EXPLICIT_CODES), RULES)


def reason_for(code: str, rule: CutOff = CutOff.ND09) -> str:
    with pytest.raises(PeriodError) as caught:
        parse_period(code, rule)
    assert str(caught.value).endswith(".") or "instead" in str(caught.value)
    return caught.value.reason


@pytest.mark.parametrize(
    ("code", "rule", "start", "end", "kind"),
    [
        ("2020-H1", CutOff.ND09, date(2019, 12, 15), date(2020, 6, 14), PeriodKind.HALF_YEAR),
        ("2020-H2", CutOff.ND09, date(2020, 6, 15), date(2020, 12, 14), PeriodKind.HALF_YEAR),
        ("2020", CutOff.ND09, date(2019, 12, 15), date(2020, 12, 14), PeriodKind.YEAR),
        ("2016..2020", CutOff.ND09, date(2015, 12, 15), date(2020, 12, 14), PeriodKind.PHASE),
        ("2020-H1", CutOff.CALENDAR, date(2020, 1, 1), date(2020, 6, 30), PeriodKind.HALF_YEAR),
        ("2020-H2", CutOff.CALENDAR, date(2020, 7, 1), date(2020, 12, 31), PeriodKind.HALF_YEAR),
        ("2020", CutOff.CALENDAR, date(2020, 1, 1), date(2020, 12, 31), PeriodKind.YEAR),
        ("2016..2020", CutOff.CALENDAR, date(2016, 1, 1), date(2020, 12, 31), PeriodKind.PHASE),
    ],
)
def test_named_periods_run_as_the_rule_says(
    code: str, rule: CutOff, start: date, end: date, kind: PeriodKind
) -> None:
    period = parse_period(code, rule)
    assert (period.start, period.end, period.kind, period.rule) == (start, end, kind, rule)


@pytest.mark.parametrize("rule", list(CutOff))
def test_two_dates_are_explicit_whatever_the_rule(rule: CutOff) -> None:
    period = parse_period("2021-05-01..2022-06-30", rule)
    assert period == Period("2021-05-01..2022-06-30", date(2021, 5, 1), date(2022, 6, 30), CutOff.EXPLICIT)
    assert period.kind is PeriodKind.EXPLICIT


def test_decree_09_is_the_default() -> None:
    assert parse_period("2020").rule is CutOff.ND09
    assert [rule.value for rule in CutOff] == ["ND09/2019", "calendar", "explicit"]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "malformed"),
        ("2020-H3", "malformed"),
        ("2020-h1", "malformed"),
        (" 2020", "malformed"),
        ("2020\n", "malformed"),
        ("２０２０", "malformed"),
        ("٢٠٢٠", "malformed"),
        ("2016-2020", "malformed"),
        ("2021-5-1..2022-6-30", "malformed"),
        ("2" * 41, "malformed"),
        ("2020" * 10_000_000, "malformed"),
        ("\ud800", "malformed"),
        ("2021-02-29..2021-03-01", "unknown_date"),
        ("2021-01-01..2021-13-01", "unknown_date"),
        ("2022-06-30..2021-05-01", "ends_before_start"),
        ("2020..2016", "ends_before_start"),
        ("1999", "year_out_of_range"),
        ("2101-H1", "year_out_of_range"),
        ("0000", "year_out_of_range"),
        ("0000..9999", "year_out_of_range"),
        ("0000-01-01..2020-01-01", "year_out_of_range"),
        ("2099..2101", "year_out_of_range"),
        ("1999-12-31..2001-01-01", "year_out_of_range"),
        ("2000-01-01..2030-01-01", "too_long"),
    ],
)
def test_what_is_not_a_period_is_refused_with_a_reason(code: str, reason: str) -> None:
    assert reason_for(code) == reason


def test_a_named_period_needs_a_rule_of_law_or_calendar() -> None:
    assert reason_for("2020", CutOff.EXPLICIT) == "malformed"


def test_thirty_years_less_a_day_is_the_longest_explicit_period() -> None:
    assert parse_period("2000-01-01..2029-12-31").days == 10_958


def test_a_period_whose_days_do_not_follow_from_its_code_is_refused() -> None:
    with pytest.raises(PeriodError) as caught:
        Period("2020-H1", date(2020, 1, 1), date(2020, 6, 30), CutOff.ND09)
    assert caught.value.reason == "malformed"
    with pytest.raises(PeriodError):
        Period("2021-05-01..2022-06-30", date(2021, 5, 1), date(2022, 6, 30), CutOff.ND09)


def test_an_error_survives_the_trip_to_a_worker_and_back() -> None:
    error = pickle.loads(pickle.dumps(PeriodError("malformed", "Type 2020.")))  # noqa: S301
    assert (error.reason, str(error)) == ("malformed", "Type 2020.")


@given(st.text(), st.sampled_from(CutOff))
@example("9999", CutOff.ND09)
@example("0001-H1", CutOff.ND09)
def test_no_text_raises_anything_but_a_period_error(text: str, rule: CutOff) -> None:
    try:
        assert parse_period(text, rule).code == text
    except PeriodError as error:
        assert error.reason in {
            "malformed", "unknown_date", "ends_before_start", "year_out_of_range", "too_long",
        }  # fmt: skip


@given(st.from_regex(LIKE_A_PERIOD, fullmatch=True))
def test_nothing_that_looks_like_a_period_raises_anything_else(code: str) -> None:
    try:
        period = parse_period(code)
    except PeriodError:
        return
    assert period.start <= period.end


@given(PERIODS)
def test_a_code_reads_back_as_the_same_period(period: Period) -> None:
    assert parse_period(period.code, period.rule) == period
    assert period.contains(period.start) and period.contains(period.end)
    assert not period.contains(period.start - timedelta(days=1))
    assert not period.contains(period.end + timedelta(days=1))


@given(YEARS, RULES)
def test_two_halves_make_the_year_without_gap_or_overlap(year: int, rule: CutOff) -> None:
    whole = parse_period(str(year), rule)
    first, second = whole.half_years()
    assert (first.code, second.code) == (f"{year}-H1", f"{year}-H2")
    assert (first.start, second.end) == (whole.start, whole.end)
    assert first.end + timedelta(days=1) == second.start
    assert first.days + second.days == whole.days
    assert first.buckets() + second.buckets() == whole.buckets()


@given(PHASES, RULES)
def test_years_make_the_phase_without_gap_or_overlap(code: str, rule: CutOff) -> None:
    phase = parse_period(code, rule)
    years = phase.years()
    assert (years[0].start, years[-1].end) == (phase.start, phase.end)
    assert all(a.end + timedelta(days=1) == b.start for a, b in pairwise(years))


def test_only_a_year_has_halves_and_only_a_phase_has_years() -> None:
    assert parse_period("2020-H1").half_years() == () == parse_period("2016..2020").half_years()
    assert parse_period("2020").years() == () == parse_period("2021-05-01..2022-06-30").years()


@pytest.mark.parametrize(
    ("code", "before"),
    [
        ("2020-H1", "2019-H1"),
        ("2020-H2", "2019-H2"),
        ("2020", "2019"),
        ("2016..2020", "2011..2015"),
        ("2021-05-01..2022-06-30", "2020-05-01..2021-06-30"),
        ("2020-02-29..2020-03-15", "2019-02-28..2019-03-15"),
    ],
)
def test_the_same_period_of_the_year_before(code: str, before: str) -> None:
    assert parse_period(code).same_period_last_year() == parse_period(before)


@given(PERIODS)
def test_the_period_before_keeps_kind_and_rule_and_lies_earlier(period: Period) -> None:
    before = period.same_period_last_year()
    assert (before.kind, before.rule) == (period.kind, period.rule)
    assert before.start < period.start and before.end < period.end


def test_the_first_year_that_can_be_typed_still_has_one_before() -> None:
    assert parse_period("2000-H1").same_period_last_year().start == date(1998, 12, 15)


@given(NAMED_CODES, RULES)
def test_every_named_period_is_made_of_whole_buckets(code: str, rule: CutOff) -> None:
    period = parse_period(code, rule)
    assert period.is_bucket_aligned
    buckets = period.buckets()
    assert (buckets[0].start, buckets[-1].end) == (period.start, period.end)


@given(PERIODS)
def test_a_period_has_buckets_exactly_when_it_is_aligned(period: Period) -> None:
    touched = buckets_between(period.start, period.end)
    days = sum((bucket.end - bucket.start).days + 1 for bucket in touched)
    assert period.is_bucket_aligned == (days == period.days)
    if period.is_bucket_aligned:
        assert period.buckets() == touched
    else:
        with pytest.raises(PeriodError) as caught:
            period.buckets()
        assert caught.value.reason == "not_aligned"


@given(DAYS)
def test_every_day_lies_in_exactly_one_bucket(day: date) -> None:
    bucket = bucket_of(day)
    assert bucket.start <= day <= bucket.end
    assert bucket.previous().end < day < bucket.next().start


@given(DAYS, st.integers(0, 2000))
def test_buckets_follow_each_other_without_gap(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    buckets = buckets_between(start, end)
    assert buckets[0] == bucket_of(start) and buckets[-1] == bucket_of(end)
    for one, other in pairwise(buckets):
        assert one.end + timedelta(days=1) == other.start
        assert one.next() == other and other.previous() == one and one < other


def test_buckets_at_the_edges() -> None:
    assert bucket_of(date(2020, 2, 29)).end == date(2020, 2, 29)
    assert bucket_of(date(2020, 2, 14)) == Bucket(date(2020, 2, 1))
    assert buckets_between(date(2020, 2, 2), date(2020, 2, 1)) == ()
    assert buckets_between(date(9999, 12, 20), date(9999, 12, 31)) == (Bucket(date(9999, 12, 15)),)
    assert len(parse_period("2020").buckets()) == 24
    with pytest.raises(PeriodError):
        Bucket(date(2020, 2, 2))


def test_a_rule_proposes_halves_years_and_phases() -> None:
    assert propose(PeriodKind.HALF_YEAR, 2020, 1) == parse_period("2020-H1")
    assert propose(PeriodKind.YEAR, 2020, rule=CutOff.CALENDAR) == parse_period("2020", CutOff.CALENDAR)
    assert propose(PeriodKind.PHASE, 2016, last_year=2020) == parse_period("2016..2020")


@pytest.mark.parametrize(
    ("kind", "year", "half", "last_year", "reason"),
    [
        (PeriodKind.HALF_YEAR, 2020, None, None, "malformed"),
        (PeriodKind.HALF_YEAR, 2020, 3, None, "malformed"),
        (PeriodKind.YEAR, 2020, 1, None, "malformed"),
        (PeriodKind.YEAR, 2020, None, 2021, "malformed"),
        (PeriodKind.PHASE, 2020, None, None, "malformed"),
        (PeriodKind.EXPLICIT, 2020, None, None, "malformed"),
        (PeriodKind.PHASE, 2020, None, 2016, "ends_before_start"),
        (PeriodKind.YEAR, 1999, None, None, "year_out_of_range"),
        (PeriodKind.PHASE, 2016, None, 2101, "year_out_of_range"),
    ],
)
def test_what_no_rule_proposes_is_refused(
    kind: PeriodKind, year: int, half: int | None, last_year: int | None, reason: str
) -> None:
    with pytest.raises(PeriodError) as caught:
        propose(kind, year, half, last_year=last_year)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        ("2020-H1", "6 tháng đầu năm 2020"),
        ("2020-H2", "6 tháng cuối năm 2020"),
        ("2020", "năm 2020"),
        ("2016..2020", "giai đoạn 2016 - 2020"),
        ("2021-05-01..2022-06-30", "từ ngày 01/5/2021 đến ngày 30/6/2022"),
    ],
)
def test_periods_print_as_titles_name_them(code: str, printed: str) -> None:
    assert print_period_vi(parse_period(code)) == printed


def test_days_below_ten_and_the_first_two_months_take_a_leading_zero() -> None:
    assert [print_date_vi(date(2021, month, 9)) for month in (1, 2, 3, 12)] == [
        "09/01/2021", "09/02/2021", "09/3/2021", "09/12/2021",
    ]  # fmt: skip
    assert print_long_date_vi(date(2020, 6, 15)) == "ngày 15 tháng 6 năm 2020"
    assert print_long_date_vi(date(2020, 2, 5)) == "ngày 05 tháng 02 năm 2020"


def test_a_report_is_due_so_many_days_after_its_period() -> None:
    assert due_date(parse_period("2020-H1"), 3) == date(2020, 6, 17)
    with pytest.raises(PeriodError):
        due_date(parse_period("2020"), 10**12)
