"""What charts say: every value as printed, what is not known apart from zero, the same picture each time."""

import dataclasses
import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from reporting.charts import EN, Category, Chart, ChartError, Series, Value, describe, draw, split, tabulate
from reporting.charts.grids import arrange
from reporting.charts.ink import SMALL, width_of
from territory.figure import Cell, Figure, Qualifier, Status
from tests.reporting import pictures
from tests.reporting.pictures import every_chart, exactly

SVG = "{http://www.w3.org/2000/svg}"
KINDS = [pytest.param(chart, id=f"{chart.kind}-{at}") for at, chart in enumerate(every_chart())]


def parsed(picture: str) -> ElementTree.Element:
    """The picture read as XML: whatever stands in a text, it is well formed."""
    return ElementTree.fromstring(picture)  # noqa: S314 - the picture is our own


def texts(picture: str) -> str:
    """All text drawn, lines of one label joined."""
    root = parsed(picture)
    return " ".join(element.text or "" for element in root.iter(f"{SVG}text"))


@pytest.mark.parametrize("chart", KINDS)
def test_the_same_chart_gives_the_same_picture(chart: Chart) -> None:
    assert draw(chart) == draw(dataclasses.replace(chart))


@pytest.mark.parametrize("chart", KINDS)
def test_a_picture_is_an_image_with_a_name_and_its_values_in_words(chart: Chart) -> None:
    root = parsed(draw(chart))
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == chart.title
    told = root.find(f"{SVG}desc").text
    assert told == describe(chart)
    assert chart.period in told
    assert chart.unit in told


@pytest.mark.parametrize("chart", KINDS)
def test_on_paper_the_name_tells_all_and_the_font_is_the_report_s(chart: Chart) -> None:
    root = parsed(draw(chart, for_print=True))
    assert root.find(f"{SVG}title").text == describe(chart)
    assert root.get("font-family") == "Liberation Serif"


@pytest.mark.parametrize("chart", KINDS)
def test_a_strict_content_policy_finds_nothing_to_refuse(chart: Chart) -> None:
    for element in parsed(draw(chart)).iter():
        assert element.tag not in (f"{SVG}script", f"{SVG}style")
        assert not [name for name in element.attrib if name in ("style", "id") or name.startswith("on")]


@pytest.mark.parametrize("chart", [case for case in KINDS if case.values[0].kind not in ("spark", "heat")])
def test_every_value_stands_in_the_picture_as_it_is_printed(chart: Chart) -> None:
    drawn = texts(draw(chart))
    for series in chart.series:
        for value in series.values:
            if chart.kind != "trend" or not value.is_silent:
                assert value.printed in drawn, value.printed


@pytest.mark.parametrize("chart", KINDS)
def test_every_value_stands_in_the_table(chart: Chart) -> None:
    columns, rows = tabulate(chart)
    cells = [cell for row in rows for cell in row]
    assert all(len(row) == len(columns) for row in rows)
    for series in chart.series:
        for value in series.values:
            assert any(value.printed in cell for cell in cells)


def test_markup_in_a_label_is_drawn_and_never_obeyed() -> None:
    hostile = '<script>alert("1")</script>&'
    chart = dataclasses.replace(
        pictures.spark(),
        kind="bars",
        title=hostile,
        series=(Series(hostile, (exactly(1, hostile), *pictures.spark().series[0].values[1:])),),
    )
    picture = draw(chart)
    assert "<script" not in picture
    assert parsed(picture).find(f"{SVG}title").text == hostile


def test_nothing_known_is_hatched_and_zero_is_not() -> None:
    def drawn(value: Value) -> str:
        chart = Chart(
            "bars", "Một cột", "vụ", "2020", "", (Category("Huyện Đăk Hà"),), (Series("", (value,)),)
        )
        return draw(chart)

    zero, missing, suppressed = drawn(exactly(0)), drawn(pictures.MISSING), drawn(pictures.SUPPRESSED)
    assert "<path" not in zero
    assert ">0</text>" in zero
    assert "<path" in missing
    assert "chưa báo cáo" in texts(missing)
    assert "chưa có số liệu" in texts(missing)
    assert "không công bố" in texts(suppressed)
    assert ">0</text>" not in missing + suppressed


def test_a_figure_in_words_is_told_and_given_no_length() -> None:
    value = pictures.IN_WORDS
    assert value.number is None
    assert value.is_in_words
    drawn = draw(Chart("bars", "Tin bài", "tin", "2020", "", (Category("Tỉnh"),), (Series("", (value,)),)))
    assert "hàng trăm" in texts(drawn)
    assert "chưa có số liệu" not in texts(drawn)


def test_a_qualified_value_has_a_broken_edge() -> None:
    def edges(value: Value) -> int:
        chart = Chart("bars", "Một cột", "vụ", "2020", "", (Category("Tỉnh"),), (Series("", (value,)),))
        return draw(chart).count("stroke-dasharray")

    assert edges(pictures.ABOUT_FIVE) == 2  # the bar and its place in the legend
    assert edges(exactly(5)) == 0


def test_a_line_has_a_gap_where_a_year_is_missing() -> None:
    root = parsed(draw(pictures.trend()))
    blue = [path.get("d") for path in root.iter(f"{SVG}path") if path.get("stroke") == "#0072b2"]
    runs = [path for path in blue if "L" in path]
    assert [path.count("L") for path in runs] == [1, 1]


def test_states_of_filings_have_letters_and_patterns_of_their_own() -> None:
    drawn = draw(pictures.heat())
    for letter in "ĐTGLNKC–M":
        assert f">{letter}</text>" in drawn
    assert "bị trả lại" in texts(drawn)


def test_a_ranking_puts_the_longest_first_and_those_without_a_value_last() -> None:
    rows = tabulate(pictures.ranking()).rows
    assert rows[0] == ["Thành phố Kon Tum", "12"]
    assert {row[1] for row in rows[-3:]} == {"hàng trăm", "chưa báo cáo", "không công bố"}
    drawn = texts(draw(pictures.ranking()))
    assert "1. Thành phố Kon Tum" in drawn
    assert "– Huyện Đăk Hà" in drawn


def test_shares_are_rough_when_a_part_is_not_known() -> None:
    rows = tabulate(pictures.shares()).rows
    assert rows[0] == ["Dưới 16 tuổi", "01", "12,5%", "02", "khoảng 9,1%"]
    assert rows[3] == ["Không rõ", "0", "0,0%", "không công bố", "–"]


def test_tiles_keep_the_order_of_the_areas_and_none_covers_another() -> None:
    points = [(float(north), float(east)) for north, east in pictures.POSITIONS]
    places = arrange(points)
    assert len(set(places)) == len(points)
    north, south = points.index((15.1, 107.7)), points.index((14.1, 107.45))
    assert places[north][0] < places[south][0]
    assert places[points.index((14.7, 107.6))][1] < places[points.index((14.8, 108.3))][1]


def test_sixty_three_provinces_have_a_tile_each() -> None:
    points = [(8.6 + at * 0.23, 102.2 + (at * 37 % 70) / 10) for at in range(63)]
    assert len(set(arrange(points))) == 63


def test_a_tall_heat_map_is_divided_for_paper() -> None:
    parts = split(pictures.heat(rows=60))
    assert [len(part.series) for part in parts] == [26, 26, 8]
    assert split(pictures.bars()) == [pictures.bars()]


def test_a_chart_in_english_says_so() -> None:
    picture = draw(pictures.bars(), EN)
    assert 'lang="en"' in picture
    assert "not published" in texts(picture)


def test_a_chart_is_the_same_after_its_way_through_json() -> None:
    for chart in every_chart():
        assert Chart.of_block(chart.as_block()) == chart


def test_a_chart_of_nothing_but_silence_is_still_drawn() -> None:
    for chart in every_chart():
        silent = dataclasses.replace(
            chart,
            series=tuple(
                Series(one.name, tuple(pictures.MISSING for _ in one.values)) for one in chart.series
            ),
        )
        assert parsed(draw(silent)).get("role") == "img"


@pytest.mark.parametrize("number", ["999999999999", "0.001", "1"])
def test_any_size_of_number_gives_finite_coordinates(number: str) -> None:
    for chart in every_chart():
        value = Value(Decimal(number), number)
        filled = dataclasses.replace(
            chart, series=tuple(Series(one.name, tuple(value for _ in one.values)) for one in chart.series)
        )
        picture = draw(filled)
        assert not re.search(r'"(nan|inf|-inf)"', picture)
        assert len(picture) < 200_000


def test_a_cell_becomes_what_a_chart_draws() -> None:
    over = Value.of(Cell(Status.REPORTED, Figure.over(2300)), unit="người")
    assert (over.number, over.printed, over.qualifier) == (Decimal(2300), "hơn 2.300 người", Qualifier.OVER)
    assert pictures.NIL.number == 0
    assert pictures.NIL.printed == "không phát sinh"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"kind": "pie"}, "kind"),
        ({"title": " "}, "title"),
        ({"series": ()}, "at least one"),
        ({"series": (Series("", (exactly(1),)),)}, "1 values"),
        ({"kind": "map", "series": pictures.bars().series[:1]}, "position"),
        ({"kind": "spark", "series": pictures.bars().series[:1] * 2}, "too many"),
    ],
)
def test_a_chart_that_cannot_be_drawn_is_refused(change: dict, reason: str) -> None:
    plain = dataclasses.replace(
        pictures.bars(), categories=tuple(Category(place.label) for place in pictures.PLACES)
    )
    with pytest.raises(ChartError, match=reason):
        dataclasses.replace(plain, **change)


def test_a_value_that_is_not_known_has_no_number() -> None:
    with pytest.raises(ChartError):
        Value(Decimal(0), "0", Status.MISSING)
    with pytest.raises(ChartError):
        Value(Decimal("NaN"), "?")
    with pytest.raises(ChartError):
        Value(None, "", Status.MISSING, state="unheard of")


def test_the_axis_of_counts_has_whole_numbers_that_the_picture_has_room_for() -> None:
    """Up to one case in a year the lines stood at fifths, and their numbers began left of the picture."""
    few = dataclasses.replace(
        pictures.trend(),
        categories=(Category("2020"), Category("2021")),
        series=(Series("vụ", (exactly(0), exactly(1))),),
    )
    axis = [each for each in parsed(draw(few)).iter(f"{SVG}text") if each.get("text-anchor") == "end"]

    assert [each.text for each in axis] == ["0", "1"]
    shares = dataclasses.replace(
        few, series=(Series("%", (Value(Decimal("0.5"), "0,5"), Value(Decimal("0.9"), "0,9"))),)
    )
    marked = [each for each in parsed(draw(shares)).iter(f"{SVG}text") if each.get("text-anchor") == "end"]
    assert all(float(each.get("x", 0)) >= width_of(each.text or "", SMALL) for each in marked)
