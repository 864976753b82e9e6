"""Figures: what officers type, what adds up, what is printed, and what a cell may show."""

import pickle
import unicodedata
from decimal import Decimal, localcontext
from random import Random

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from territory.figure import (
    VOCABULARY,
    Cell,
    Change,
    Coverage,
    Direction,
    Figure,
    FigureError,
    Qualifier,
    Status,
    Total,
    change,
    parse_figure,
    print_change_vi,
    print_figure_en,
    print_figure_vi,
    print_number_en,
    print_number_vi,
    print_status_vi,
    sum_figures,
)

D = Decimal
NUMBERS = st.one_of(
    st.integers(0, 12).map(Decimal),
    st.decimals(0, 10**12, places=0),
    st.decimals(0, 10**6, places=3),
)
EXACTS = st.builds(Figure.exact, NUMBERS)
RANGES = (
    st.tuples(NUMBERS, NUMBERS)
    .map(sorted)
    .filter(lambda ends: ends[0] < ends[1])
    .map(lambda ends: Figure.between(*ends))
)
USUAL_WORDS = st.sampled_from(sorted(VOCABULARY)).map(Figure.in_words)
TYPED = st.one_of(
    EXACTS,
    st.builds(Figure.over, NUMBERS, st.sampled_from(["hơn", "trên", None])),
    st.builds(Figure.nearly, NUMBERS),
    st.builds(Figure.about, NUMBERS),
    RANGES,
    USUAL_WORDS,
)
OTHER_WORDS = st.builds(
    Figure,
    st.none() | NUMBERS,
    st.none() | st.just(D(10**12)),
    st.just(Qualifier.WORDS),
    st.sampled_from(["rất ít", "vài ba", "đông đảo"]),
)
FIGURES = st.one_of(TYPED, OTHER_WORDS)
TOTALS = st.lists(FIGURES, max_size=4).map(lambda figures: sum(map(Total.of, figures), Total.empty()))


def reason_for(text: str) -> str:
    with pytest.raises(FigureError) as caught:
        parse_figure(text)
    assert str(caught.value)
    return caught.value.reason


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("6770", Figure.exact(6770)),
        ("6.770", Figure.exact(6770)),
        ("103.430", Figure.exact(103430)),
        ("12,5", Figure.exact(D("12.5"))),
        ("1.234,56", Figure.exact(D("1234.56"))),
        ("0,500", Figure.exact(D("0.5"))),
        ("04", Figure.exact(4)),
        ("0", Figure.exact(0)),
        ("90%", Figure.exact(90)),
        ("trên 6.770", Figure.over(6770, "trên")),
        ("Hơn 2.300", Figure.over(2300, "hơn")),
        ("TRÊN 90 %", Figure.over(90, "trên")),
        ("trên\u00a06.770 ", Figure.over(6770, "trên")),
        (">500", Figure.over(500)),
        ("> 500", Figure.over(500)),
        ("gần 31.000", Figure.nearly(31000)),
        ("<500", Figure.nearly(500)),
        ("khoảng 500", Figure.about(500)),
        ("~500", Figure.about(500)),
        ("100 - 200", Figure.between(100, 200)),
        ("100-200", Figure.between(100, 200)),
        ("100–200", Figure.between(100, 200)),
        ("từ 100 đến 1.200", Figure.between(100, 1200)),
        ("hàng trăm", Figure(D(100), D(999), Qualifier.WORDS, "hàng trăm")),
        ("Hàng ngàn", Figure(D(1000), D(9999), Qualifier.WORDS, "Hàng ngàn")),
        ("nhiều", Figure(D(1), None, Qualifier.WORDS, "nhiều")),
    ],
)
def test_what_officers_type_is_read(text: str, figure: Figure) -> None:
    assert parse_figure(text) == figure
    assert parse_figure(unicodedata.normalize("NFD", text)) == figure


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("6.77", "ambiguous_grouping"),
        ("6.7700", "ambiguous_grouping"),
        ("0.500", "ambiguous_grouping"),
        ("1234.567", "ambiguous_grouping"),
        ("6,770", "ambiguous_grouping"),
        ("1,234,567", "ambiguous_grouping"),
        ("1,234.5", "ambiguous_grouping"),
        ("trên 6.77", "ambiguous_grouping"),
        ("-5", "negative"),
        ("1.000.000.000.001", "too_large"),
        ("200-100", "ends_below_start"),
        ("100 - 100", "ends_below_start"),
        ("1,2345", "malformed"),
        ("5.", "malformed"),
        ("năm", "malformed"),
        ("trên", "malformed"),
        ("trên6.770", "malformed"),
        ("hơn hàng trăm", "malformed"),
        ("hàng trăm %", "malformed"),
        ("6 770", "malformed"),
        ("6770 người", "malformed"),
        ("1e3", "malformed"),
        ("nan", "malformed"),
        ("６７", "malformed"),
        ("٦٧", "malformed"),
        ("\ud800", "malformed"),
        ("5\x00", "malformed"),
        ("1" * 61, "words_too_long"),
        ("hàng trăm " * 1_000_000, "words_too_long"),
    ],
)
def test_what_is_not_a_figure_is_refused_with_a_reason(text: str, reason: str) -> None:
    assert reason_for(text) == reason


@given(st.text() | st.text(alphabet="0123456789.,-–~<>% hơntrêgầkoảừđếáăì", max_size=30))
@example("0" * 60)
@example("9" * 60)
def test_no_text_raises_anything_but_a_figure_error(text: str) -> None:
    try:
        figure = parse_figure(text)
    except FigureError as error:
        with pytest.raises(FigureError) as again:
            parse_figure(unicodedata.normalize("NFD", text))
        assert again.value.reason == error.reason
    else:
        assert parse_figure(unicodedata.normalize("NFD", text)) == figure
        assert parse_figure(print_figure_vi(figure)) == figure


@given(TYPED, st.booleans())
def test_a_printed_figure_reads_back_as_itself(figure: Figure, pad: bool) -> None:
    printed = print_figure_vi(figure, pad=pad)
    assert parse_figure(printed) == figure
    assert parse_figure(unicodedata.normalize("NFD", printed.upper())).nominal == figure.nominal


@given(FIGURES)
def test_json_loses_nothing(figure: Figure) -> None:
    stored = figure.as_json()
    assert not any(isinstance(value, float) for value in stored.values())
    assert Figure.from_json(stored) == figure


@pytest.mark.parametrize(
    "stored",
    [
        {},
        [],
        {"low": 1.5, "high": 1.5, "qualifier": "exact"},
        {"low": True, "high": True, "qualifier": "exact"},
        {"low": "NaN", "high": "NaN", "qualifier": "exact"},
        {"low": 1, "high": 2, "qualifier": "exact"},
        {"low": 1, "high": 1, "qualifier": "guess"},
        {"low": 1, "high": 1, "qualifier": ["exact"]},
        {"low": 1, "high": 1, "qualifier": "exact", "unit": "vụ"},
        {"low": None, "high": None, "qualifier": "words", "words": 5},
    ],
)
def test_other_json_is_refused(stored: dict[str, object]) -> None:
    with pytest.raises(FigureError):
        Figure.from_json(stored)


@pytest.mark.parametrize(
    ("given_as", "reason"),
    [
        ((D(-1), D(-1), "exact", None, None), "negative"),
        ((D(10**12 + 1), None, "over", None, None), "too_large"),
        ((D("1E+999999"), None, "over", None, None), "too_large"),
        ((D("1.0001"), D("1.0001"), "exact", None, None), "malformed"),
        ((D("NaN"), D("NaN"), "exact", None, None), "malformed"),
        ((D("sNaN"), None, "over", None, None), "malformed"),
        ((0.5, 0.5, "exact", None, None), "malformed"),
        ((D(1), D(2), "exact", None, None), "malformed"),
        ((D(1), D(2), "about", None, None), "malformed"),
        ((None, None, "over", None, None), "malformed"),
        ((D(1), D(1), "nearly", None, None), "malformed"),
        ((D(1), D(1), "exact", "một", None), "malformed"),
        ((D(1), D(1), "exact", None, "hơn"), "malformed"),
        ((D(1), None, "over", None, "quá"), "malformed"),
        ((D(1), D(1), "surely", None, None), "malformed"),
        ((D(2), D(1), "range", None, None), "ends_below_start"),
        ((D(2), D(1), "words", "ít", None), "ends_below_start"),
        ((None, None, "words", " ", None), "empty"),
        ((None, None, "words", None, None), "empty"),
        ((None, None, "words", "x" * 61, None), "words_too_long"),
        ((None, None, "words", "hàng\ntrăm", None), "control_characters"),
        ((None, None, "words", "hàng\u202etrăm", None), "control_characters"),
    ],
)
def test_a_figure_that_cannot_be_is_refused(
    given_as: tuple[Decimal | None, Decimal | None, Qualifier, str | None, str | None], reason: str
) -> None:
    with pytest.raises(FigureError) as caught:
        Figure(*given_as)
    assert caught.value.reason == reason


def test_an_error_survives_the_trip_to_a_worker_and_back() -> None:
    error = pickle.loads(pickle.dumps(FigureError("negative", "No.")))  # noqa: S301
    assert (error.reason, str(error)) == ("negative", "No.")


def test_equal_numbers_make_equal_figures_however_they_are_written() -> None:
    assert Figure.exact(D("5.000")) == Figure.exact(5) == Figure(D("0.5E+1"), D("5.0"), Qualifier("exact"))
    assert str(Figure.exact(D("1E+3")).low) == "1000"
    assert str(Figure.exact(D("-0.0")).low) == "0"
    assert Figure(D(5), D(5), Qualifier.EXACT, "", "") == Figure.exact(5)
    assert Figure.between(D("0.001"), D("0.002")).nominal == D("0.002")


def test_words_nobody_listed_have_no_bounds_and_print_as_written() -> None:
    figure = Figure.in_words(unicodedata.normalize("NFD", " rất  nhiều "))
    assert (figure.low, figure.high, figure.words, figure.nominal) == (None, None, "rất nhiều", None)
    assert print_figure_vi(figure, unit="lượt người") == "rất nhiều lượt người"


@pytest.mark.parametrize(
    ("figure", "unit", "vietnamese", "english"),
    [
        (Figure.exact(1), "vụ", "01 vụ", "1 vụ"),
        (Figure.exact(4), "nạn nhân", "04 nạn nhân", "4 nạn nhân"),
        (Figure.exact(0), "bị can", "0 bị can", "0 bị can"),
        (Figure.exact(10), None, "10", "10"),
        (Figure.exact(1992), None, "1.992", "1,992"),
        (Figure.exact(D("1.5")), None, "1,5", "1.5"),
        (Figure.exact(5), "%", "5%", "5%"),
        (Figure.over(6770, "trên"), "người", "trên 6.770 người", "over 6,770 người"),
        (Figure.over(2300), None, "hơn 2.300", "over 2,300"),
        (Figure.over(90, "trên"), "%", "trên 90%", "over 90%"),
        (Figure.nearly(31000), None, "gần 31.000", "nearly 31,000"),
        (Figure.about(5), None, "khoảng 5", "about 5"),
        (Figure.between(100, 200), None, "từ 100 đến 200", "100 to 200"),
        (Figure.in_words("hàng trăm"), "tin, bài", "hàng trăm tin, bài", "hàng trăm tin, bài"),
    ],
)
def test_figures_print_as_reports_write_them(
    figure: Figure, unit: str | None, vietnamese: str, english: str
) -> None:
    assert print_figure_vi(figure, unit=unit) == vietnamese
    assert print_figure_en(figure, unit=unit) == english


def test_numbers_print_with_a_fixed_number_of_places_when_asked() -> None:
    assert print_number_vi(D("12.345"), 2) == "12,35"
    assert print_number_vi(7, 1) == "7,0"
    assert print_number_vi(D("-1234.50")) == "-1.234,5"
    assert print_number_vi(D("-0.04"), 1) == "0,0"
    assert print_number_en(D("1234567.5")) == "1,234,567.5"
    with pytest.raises(FigureError):
        print_number_vi(D("Infinity"))


@given(TOTALS, TOTALS, TOTALS)
def test_totals_add_in_any_order_and_grouping(a: Total, b: Total, c: Total) -> None:
    assert (a + b) + c == a + (b + c)
    assert a + b == b + a
    assert a + Total.empty() == a == Total.empty() + a


@given(FIGURES)
def test_the_total_of_one_figure_prints_as_that_figure(figure: Figure) -> None:
    assert Total.of(figure).figure() == figure
    assert sum_figures([Figure.exact(0), figure, Figure.exact(0)]) == figure


@given(TOTALS)
def test_a_total_survives_its_columns_and_always_prints(total: Total) -> None:
    columns = total.as_columns()
    assert type(columns["flags"]) is int
    assert Total.from_columns(**columns) == total
    columns["nominal"] = columns["nominal"].quantize(D("0.001"))
    assert Total.from_columns(**columns) == total
    assert print_figure_vi(total.figure())


@given(st.lists(FIGURES, max_size=12), st.randoms())
def test_a_sum_does_not_depend_on_how_it_is_rolled_up(figures: list[Figure], random: Random) -> None:
    cut = random.randint(0, len(figures))
    halves = [sum(map(Total.of, part), Total.empty()) for part in (figures[:cut], figures[cut:])]
    stored = [Total.from_columns(**half.as_columns()) for half in halves]
    assert (stored[1] + stored[0]).figure() == sum_figures(random.sample(figures, len(figures)))


@given(st.lists(st.integers(0, 10**10), max_size=30))
def test_exact_figures_add_like_numbers_whatever_the_context(numbers: list[int]) -> None:
    with localcontext() as context:
        context.prec = 2
        assert sum_figures(map(Figure.exact, numbers)) == Figure.exact(sum(numbers))


@given(st.lists(FIGURES, min_size=1, max_size=6))
def test_a_sum_is_never_surer_than_its_parts(figures: list[Figure]) -> None:
    assume(any(figure.qualifier is not Qualifier.EXACT for figure in figures))
    assume(all(figure.qualifier is not Qualifier.WORDS or figure.low != figure.high for figure in figures))
    assert sum_figures(figures).qualifier is not Qualifier.EXACT


@pytest.mark.parametrize(
    ("parts", "total"),
    [
        ([], "0"),
        (["04", "0"], "04"),
        (["trên 6.770", "118"], "trên 6.888"),
        (["trên 6.770", "hơn 2.300"], "hơn 9.070"),
        (["trên 6.770", "nhiều"], "trên 6.771"),
        (["gần 31.000", "1.992"], "gần 32.992"),
        (["gần 31.000", "hơn 2.300"], "khoảng 33.300"),
        (["gần 31.000", "hơn 2.300", "1-2"], "khoảng 33.302"),
        (["khoảng 500", "20"], "khoảng 520"),
        (["100 - 200", "05"], "từ 105 đến 205"),
        (["100 - 200", "khoảng 500"], "từ 600 đến 700"),
        (["hàng trăm", "0", "0"], "hàng trăm"),
        (["hàng trăm", "5"], "từ 105 đến 1.004"),
        (["hàng trăm", "hàng trăm"], "từ 200 đến 1.998"),
        (["một số", "5"], "hơn 6"),
        (["1.000.000.000.000", "5"], "hơn 1.000.000.000.000"),
        (["gần 1.000.000.000.000", "5"], "hơn 1.000.000.000.000"),
        (["7 - 1.000.000.000.000", "5"], "hơn 12"),
    ],
)
def test_sums_stay_qualified(parts: list[str], total: str) -> None:
    assert print_figure_vi(sum_figures(map(parse_figure, parts))) == total


def test_words_without_bounds_count_as_nothing_or_more() -> None:
    assert sum_figures([Figure.in_words("vài ba"), Figure.exact(5)]) == Figure.over(5)
    assert Total.of(Figure.in_words("vài ba")).parts == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"flags": 128},
        {"flags": -1},
        {"parts": 0},
        {"parts": -1},
        {"low": D(6)},
        {"nominal": D(7)},
        {"words": "hàng trăm"},
        {"flags": 8},
        {"low": D("4.0001"), "high": D("5"), "flags": 8},
        {"low": D("NaN")},
        {"low": D(-1)},
    ],
)
def test_columns_that_do_not_fit_together_are_refused(changed: dict[str, object]) -> None:
    columns = Total.of(Figure.exact(5)).as_columns()
    with pytest.raises(FigureError):
        Total.from_columns(**{**columns, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [Status.MISSING, Status.NOT_DUE, Status.SUPPRESSED])
def test_a_silent_or_hidden_cell_shows_no_figure(status: Status) -> None:
    for figure in (Figure.exact(0), Figure.exact(3), Figure.in_words("nhiều")):
        with pytest.raises(FigureError) as caught:
            Cell(status, figure)
        assert caught.value.reason == "figure_not_allowed"
    assert Cell(status, None).figure is None


def test_a_zero_is_shown_only_where_reported_or_confirmed() -> None:
    zero = Figure.exact(0)
    assert Cell(Status.REPORTED, zero, Coverage(10, 9, 8)).figure == zero
    assert Cell(Status.CONFIRMED_NIL, zero).figure == zero
    for status, figure in [
        (Status.NOT_COMPARABLE, zero),
        (Status.CONFIRMED_NIL, Figure.exact(1)),
        (Status.REPORTED, None),
    ]:
        with pytest.raises(FigureError):
            Cell(status, figure)


def test_coverage_adds_and_knows_who_kept_silent() -> None:
    both = Coverage(10, 9, 8) + Coverage(2, 2, 0)
    assert (both, both.silent, both.is_complete) == (Coverage(12, 11, 8), 1, False)
    for numbers in [(-1, -1, -1), (1, 2, 0), (2, 1, 2)]:
        with pytest.raises(FigureError):
            Coverage(*numbers)


def test_every_status_has_words() -> None:
    assert all(print_status_vi(status) for status in Status)
    assert print_status_vi(Status.CONFIRMED_NIL) == "chưa phát hiện"
    assert print_status_vi(Status.CONFIRMED_NIL, nil="không phát sinh") == "không phát sinh"
    assert print_status_vi(Status.MISSING) == "chưa báo cáo"


@pytest.mark.parametrize(
    ("now", "before", "unit", "printed"),
    [
        ("5", "2", "vụ", "tăng 03 vụ (tăng 150%)"),
        ("1", "2", "vụ", "giảm 01 vụ (giảm 50%)"),
        ("4", "3", "vụ", "tăng 01 vụ (tăng 33,3%)"),
        ("3", "0", "vụ", "tăng 03 vụ"),
        ("0", "0", "vụ", "bằng cùng kỳ"),
        ("7", "7", "vụ", "bằng cùng kỳ"),
        ("100.001", "100.000", "người", "tăng 01 người (tăng dưới 0,1%)"),
        ("95", "90", "%", "tăng 5 điểm %"),
        ("hơn 500", "499", "người", "tăng"),
        ("gần 500", "501", "người", "giảm"),
        ("hơn 500", "500", "người", "không so sánh được với cùng kỳ"),
        ("hơn 500", "hơn 100", "người", "không so sánh được với cùng kỳ"),
        ("khoảng 500", "499", "người", "không so sánh được với cùng kỳ"),
        ("khoảng 500", "449", "người", "tăng"),
        ("hàng trăm", "1.000", "người", "giảm"),
        ("100-200", "150", "người", "không so sánh được với cùng kỳ"),
    ],
)
def test_changes_print_as_reports_write_them(now: str, before: str, unit: str, printed: str) -> None:
    assert print_change_vi(change(parse_figure(now), parse_figure(before)), unit) == printed


def test_without_a_figure_before_there_is_no_comparison() -> None:
    assert change(Figure.exact(1), None) == Change(Direction.NOT_COMPARABLE) == change(None, Figure.exact(1))


@given(FIGURES, FIGURES)
def test_a_change_looked_at_backwards_goes_the_other_way(one: Figure, other: Figure) -> None:
    there, back = change(one, other), change(other, one)
    opposite = {Direction.UP: Direction.DOWN, Direction.DOWN: Direction.UP}
    assert back.direction is opposite.get(there.direction, there.direction)
    if there.difference is not None and back.difference is not None:
        assert there.difference == -back.difference
    assert print_change_vi(there, "vụ")
