"""Blocks of figures: tables of one period, beside the one before, over the years, by unit, by part; and charts."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import override

from programs.models import Programme
from reporting.breakdowns import BREAKDOWNS
from reporting.building.answers import is_silent
from reporting.building.blocks.making import Block, columns, paragraphs, plain, row, table
from reporting.building.context import Building
from reporting.charts import Category, Chart, Series, Value
from reporting.figures import Answer, Place
from reporting.models import Indicator
from reporting.targets import Verdict, judge_all
from territory.figure import Status, change, print_change_vi, print_count_vi, print_figure_vi
from territory.period import Period, PeriodKind, print_period_vi

#: Indicators that a table names even where nothing happened; other confirmed nils are counted below it.
ALWAYS_NAMED = frozenset(
    {
        "cases_detected",
        "suspects_detected",
        "tips_received",
        "cases_prosecuted",
        "cases_tried",
        "victims_received",
    }
)

SOURCE = "hồ sơ và báo cáo của các đơn vị"
ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def figures(building: Building, block: Block) -> list[Block]:
    """Indicators of some sections with their figures, or beside those of the same period of the year before."""
    rows: list[dict[str, Any]] = []
    notes: list[str] = []
    left_out: set[str] = set()
    nils = 0
    for indicator in building.chosen(block):
        now = building.answers[indicator.code]
        left_out |= now.left_out
        before = building.before[indicator.code] if block.get("compare") else None
        if not _says(now) and (before is None or not _says(before)):
            continue
        if _is_only_nil(now, before) and indicator.code not in ALWAYS_NAMED:
            nils += 1
            continue
        building.cite(now)
        cells = [str(len(rows) + 1), indicator.name, indicator.unit, building.printed(now, with_unit=False)]
        if before is not None:
            building.cite(before)
            cells += [building.printed(before, with_unit=False), _compared(now, before)]
        rows.append(row(*cells))
        if now.also_reported is not None:
            reported = print_figure_vi(now.also_reported, unit=indicator.unit)
            notes.append(
                f"{indicator.name}: đơn vị báo cáo {reported}, khác số tổng hợp từ hồ sơ; cần đối chiếu."
            )
        if now.is_estimated:
            notes.append(f"{indicator.name}: số ước tính do có đơn vị hành chính được chia tách.")
    if left_out:
        number = print_count_vi(len(left_out))
        notes.append(f"Không tính {number} mục lũy kế nhiều năm có thời gian vượt ra ngoài kỳ.")
    if nils:
        rest = f"{print_count_vi(nils)} chỉ tiêu {'khác ' if rows else ''}cùng lĩnh vực"
        notes.append(f"Các đơn vị xác nhận không phát sinh đối với {rest}.")
    if not rows:
        return paragraphs([plain(note) for note in notes])
    titles = ["TT", "Chỉ tiêu", "Đơn vị tính", "Kỳ này" if block.get("compare") else "Số liệu"]
    aligns = ["center", "left", "left", "right"]
    if block.get("compare"):
        titles += ["Cùng kỳ", "So với cùng kỳ"]
        aligns += ["right", "left"]
    kind = "comparison" if block.get("compare") else "table"
    return [table(_captioned(building, block), columns(titles, aligns), rows, notes, kind=kind)]


def years(building: Building, block: Block) -> list[Block]:
    """Indicators over the years of a phase, or the same period of some years; years nobody told of are named."""
    periods = building.known.periods
    if not periods:
        return []
    rows: list[dict[str, Any]] = []
    told: set[Period] = set()
    nil: list[Answer] = []
    for indicator in building.chosen(block):
        found = building.known.over_time(indicator)
        whole = building.answers[indicator.code]
        if not any(_says(each) for each in found) and whole.status is not Status.REPORTED:
            nil += [whole] if whole.status is Status.CONFIRMED_NIL else []
            continue
        building.cite_all(found)
        told |= {each.period for each in found if not is_silent(each)}
        cells = [_cell(building, each) for each in found]
        if building.period.kind is PeriodKind.PHASE:
            building.cite(whole)
            cells.append(building.printed(whole, with_unit=False))
        rows.append(row(str(len(rows) + 1), indicator.name, indicator.unit, *cells))
    missing = [_short(period) for period in periods if period not in told]
    notes = [f"“–”: {_NO_FIGURE}."] if rows else []
    if nil:
        building.cite_all(nil)
        others = " đối với các chỉ tiêu khác cùng lĩnh vực" if rows else ""
        notes.append(f"Các đơn vị xác nhận không phát sinh trong kỳ báo cáo{others}.")
    if missing:
        notes.append(f"Chưa có số liệu riêng của từng năm: {', '.join(missing)}.")
    if not rows:
        return paragraphs([plain(note) for note in notes] if nil else [])
    titles = [_short(period) for period in periods]
    if building.period.kind is PeriodKind.PHASE:
        titles.append("Cả giai đoạn")
    heads = columns(
        ["TT", "Chỉ tiêu", "Đơn vị tính", *titles], ["center", "left", "left", *["right"] * len(titles)]
    )
    return [table(_captioned(building, block), heads, rows, notes)]


_NO_FIGURE = "chưa có số liệu của kỳ đó"


def annex(building: Building, block: Block) -> list[Block]:
    """Indicators by unit, on pages of their own: a row a unit, and the total of the report."""
    units = building.known.units
    chosen = [
        indicator
        for indicator in building.chosen(block)
        if any(not is_silent(each) for each in building.known.by_unit(indicator))
    ][:MOST_COLUMNS]
    if not units or not chosen:
        return []
    by_code = {indicator.code: building.known.by_unit(indicator) for indicator in chosen}
    rows = []
    for place, unit in enumerate(units):
        found = [by_code[indicator.code][place] for indicator in chosen]
        building.cite_all(found)
        rows.append(row(str(place + 1), unit.name, *(_cell(building, each) for each in found)))
    totals = [building.answers[indicator.code] for indicator in chosen]
    for total in totals:
        building.cite(total)
    rows.append(row("", "Tổng số", *(_cell(building, each) for each in totals), is_total=True))
    titles = [f"{indicator.name} ({indicator.unit})" for indicator in chosen]
    number = building.next_number("Phụ lục")
    return [
        {
            "type": "annex",
            "number": ROMAN[number] if number < len(ROMAN) else str(number),
            "title": building.fill(block["caption"]),
            "caption": print_period_vi(building.period).capitalize(),
            "groups": [],
            "columns": columns(
                ["TT", "Đơn vị", *titles], ["center", "left", *["right"] * len(titles)], header=1
            ),
            "rows": rows,
            "notes": [f"“–”: {NOT_REPORTED}; chữ “không có”, “chưa phát hiện”: đơn vị đã xác nhận."],
        }
    ]


#: A landscape page holds so many columns of figures.
MOST_COLUMNS = 8
NOT_REPORTED = "đơn vị chưa báo cáo hoặc chưa có số liệu"


def breakdowns(building: Building, block: Block) -> list[Block]:
    """Every indicator of some sections with the parts of each of its breakdowns, a table a section."""
    made: list[Block] = []
    for _section, group in groupby(building.chosen(block), key=lambda each: each.section):
        rows = [each for indicator in group for each in _with_parts(building, indicator)]
        if not rows:
            continue
        heads = columns(["TT", "Chỉ tiêu", "Đơn vị tính", "Số liệu"], ["center", "left", "left", "right"])
        numbered = [row(str(n), *cells) for n, cells in enumerate(rows, start=1)]
        made.append(table(_captioned(building, block), heads, numbered))
    return made


def _with_parts(building: Building, indicator: Indicator) -> list[list[str]]:
    whole = building.answers[indicator.code]
    building.cite(whole)
    rows = [[indicator.name, indicator.unit, building.printed(whole, with_unit=False)]]
    if is_silent(whole) or not indicator.breakdowns:
        return rows
    for code in indicator.breakdowns:
        breakdown = BREAKDOWNS.get(code)
        if breakdown is None:
            continue
        with override("vi"):
            parts = {part: str(name) for part, name in breakdown.parts().items()}
        found = building.known.by_part([indicator], list(parts))
        for part, name in parts.items():
            answer = found[Place(indicator.code, building.area.pk, building.period, part)]
            if not is_silent(answer) and answer.figure is not None and not answer.figure.is_zero:
                rows.append([f"– {name}", indicator.unit, building.printed(answer, with_unit=False)])
    return rows


def targets(building: Building, block: Block) -> list[Block]:
    """The targets of the programme and what was reached, as far as it can be measured."""
    programme = (
        Programme.objects.filter(starts_on__lte=building.period.end, ends_on__gte=building.period.end)
        .order_by("-starts_on")
        .first()
    )
    asked = list(programme.targets.order_by("order")) if programme else []
    if not asked:
        return []
    with override("vi"):
        found = judge_all(asked, building.area, building.period.end.year)
    rows = [
        row(
            str(n),
            target.text,
            print_figure_vi(judged.actual, unit=target.unit) if judged.actual else "–",
            VERDICTS[judged.verdict],
        )
        for n, (target, judged) in enumerate(zip(asked, found, strict=True), start=1)
    ]
    heads = columns(
        ["TT", "Chỉ tiêu của Chương trình", "Kết quả", "Đánh giá"], ["center", "left", "right", "left"]
    )
    return [table(_captioned(building, block), heads, rows)]


VERDICTS = {
    Verdict.MET: "đạt",
    Verdict.NOT_MET: "không đạt",
    Verdict.NOT_MEASURABLE: "chưa đủ số liệu để đánh giá",
}


def chart(building: Building, block: Block) -> list[Block]:
    """A chart of some indicators, left out where there is nothing to draw."""
    kind = block["chart"]
    chosen = building.chosen(block)
    made = {"bars": _bars, "trend": _trend, "pipeline": _pipeline, "ranking": _ranking}[kind](
        building, chosen
    )
    if made is None or not any(value.number for each in made[1] for value in each.values):
        return []
    categories, series, unit = made
    title = f"Biểu đồ {building.next_number('Biểu đồ')}. {building.fill(block['caption'])}"
    drawn = Chart(
        kind=kind,
        title=title,
        unit=unit,
        period=print_period_vi(building.period),
        source=SOURCE,
        categories=categories,
        series=series,
    )
    return [drawn.as_block()]


Drawn = tuple[tuple[Category, ...], tuple[Series, ...], str]


def _bars(building: Building, chosen: Sequence[Indicator]) -> Drawn | None:
    """Indicators of one unit of counting, each beside the same period before."""
    shown = [each for each in chosen if each.unit == chosen[0].unit]
    shown = [each for each in shown if not is_silent(building.answers[each.code])]
    if not shown:
        return None
    now = [building.answers[each.code] for each in shown]
    before = [building.before[each.code] for each in shown]
    series = [_series(building, "Kỳ này", now)]
    if any(not is_silent(each) for each in before):
        series.append(_series(building, "Cùng kỳ năm trước", before))
    return tuple(Category(each.name) for each in shown), tuple(series), shown[0].unit


def _trend(building: Building, chosen: Sequence[Indicator]) -> Drawn | None:
    """Indicators of one unit of counting over the years."""
    periods = building.known.periods
    shown = [each for each in chosen if each.unit == chosen[0].unit][:4]
    told = [(each, building.known.over_time(each)) for each in shown]
    series = [
        _series(building, each.name, found)
        for each, found in told
        if sum(not is_silent(one) for one in found) > 1
    ]
    if not series:
        return None
    return tuple(Category(_short(period)) for period in periods), tuple(series), shown[0].unit


def _pipeline(building: Building, chosen: Sequence[Indicator]) -> Drawn | None:
    """Stages in the order of the block; values carry their own units."""
    if all(is_silent(building.answers[each.code]) for each in chosen):
        return None
    answers = [building.answers[each.code] for each in chosen]
    values = tuple(_value(each, unit=each.indicator.unit) for each in answers)
    building.cite_all(answers)
    return tuple(Category(each.name) for each in chosen), (Series("Số liệu", values),), ""


def _ranking(building: Building, chosen: Sequence[Indicator]) -> Drawn | None:
    """The first indicator by unit."""
    if not chosen or not building.known.units:
        return None
    found = building.known.by_unit(chosen[0])
    return (
        tuple(Category(unit.name) for unit in building.known.units),
        (_series(building, chosen[0].name, found),),
        chosen[0].unit,
    )


def _series(building: Building, name: str, answers: Sequence[Answer]) -> Series:
    building.cite_all(answers)
    return Series(name, tuple(_value(each) for each in answers))


def _value(found: Answer, unit: str | None = None) -> Value:
    return Value.of(found.cell, unit=unit, nil=found.indicator.nil_text or "chưa phát hiện")


def _says(found: Answer) -> bool:
    """Whether something is known: neither silent nor a percentage of nothing."""
    return not is_silent(found) and found.status is not Status.NOT_COMPARABLE


def _is_only_nil(now: Answer, before: Answer | None) -> bool:
    return now.status is Status.CONFIRMED_NIL and (before is None or before.status is not Status.REPORTED)


def _cell(building: Building, found: Answer) -> str:
    return "–" if is_silent(found) else building.printed(found, with_unit=False)


def _short(period: Period) -> str:
    """A period as the head of a column: "2019", "6 tháng đầu năm 2019"."""
    return period.code if period.kind is PeriodKind.YEAR else print_period_vi(period)


def _captioned(building: Building, block: Block) -> str:
    return f"Bảng {building.next_number('Bảng')}. {building.fill(block['caption'])}"


def _compared(now: Answer, before: Answer) -> str:
    if is_silent(before):
        return "không so sánh được"
    return print_change_vi(change(now.figure, before.figure), now.indicator.unit)
