"""A free table as an Excel file: the table as it is shown, a line for each figure, and where they come from."""

from collections.abc import Iterator
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook

from reporting.dashboard.block import Entry
from reporting.dashboard.wording import name_of, printed, unit_of
from reporting.explore.pivot import Head, Pivot, Square, notes_on
from reporting.figures import MapBasis
from reporting.statistics import Row
from reporting.templatetags.humane import period_name
from territory.excel import day_cell, heading_cell, saved, text_cell, write_origin
from territory.period import CutOff

_HEAD_WIDTH, _WIDTH = 36, 16


def explore_workbook(pivot: Pivot, *, address: str, root: str) -> IO[bytes]:
    """The table as an open temporary file, at its start. The caller closes it.

    ``address`` is the page's own, ``root`` the beginning of every other address of the portal.
    """
    book = Workbook(write_only=True)
    _write_table(book, pivot)
    _write_figures(book, pivot, root)
    write_origin(book, _origin(pivot, address))
    return saved(book)


def _write_table(book: Workbook, pivot: Pivot) -> None:
    """The table as on the page, each heading repeated so that it can be sorted and filtered."""
    sheet = book.create_sheet(_("Table"))
    names, tops = pivot.row_names, pivot.column_heads
    for at in range(len(names)):
        sheet.column_dimensions[chr(ord("A") + at)].width = _HEAD_WIDTH
    sheet.freeze_panes = f"{chr(ord('A') + len(names))}{len(tops) + 1}"
    for level, heads in enumerate(tops):
        left = names if level == len(tops) - 1 else [""] * len(names)
        across = [head.member for head in heads for _at in range(head.span)]
        sheet.append([heading_cell(sheet, name) for name in (*left, *(_named(each) for each in across))])
    for place, squares in _repeated(pivot):
        sheet.append(
            [*(heading_cell(sheet, name) for name in place), *(_value(sheet, each.entry) for each in squares)]
        )


def _repeated(pivot: Pivot) -> Iterator[tuple[list[str], list[Square]]]:
    """The rows with all their headings, also those that began further up."""
    open_heads: list[Head] = []
    for line in pivot.lines:
        open_heads = [*open_heads[: len(pivot.row_names) - len(line.heads)], *line.heads]
        yield [_named(head.member) for head in open_heads], line.squares


def _named(member: Any) -> str:
    return f"{member.name} ({member.note})" if member.note else str(member.name)


def _value(sheet: Any, entry: Entry) -> Any:
    """A number where it was reported as one, else the words: a confirmed nil is no zero."""
    is_number = entry.number is not None and not entry.shape
    return entry.number if is_number else text_cell(sheet, entry.text)


def _write_figures(book: Workbook, pivot: Pivot, root: str) -> None:
    """A line for each figure, sums left out, with all that is known of it."""
    sheet = book.create_sheet(_("Figures"))
    columns = [
        *(_("Indicator"), pgettext("of counting", "Unit"), _("Area"), _("Period"), _("From"), _("Until")),
        *(pgettext("of a figure", "Breakdown"), _("Figure"), _("Units that owe"), _("Reported")),
        *(_("Of these nothing to report"), _("Notes"), _("Same period"), pgettext("figures", "Change")),
        _("Address"),
    ]
    for at in range(len(columns)):
        sheet.column_dimensions[chr(ord("A") + at)].width = _HEAD_WIDTH if at in (0, 2) else _WIDTH
    sheet.freeze_panes = "A2"
    sheet.append([heading_cell(sheet, name) for name in columns])
    for row in pivot.table.rows:
        sheet.append(_figure(sheet, pivot, row, root))


def _figure(sheet: Any, pivot: Pivot, row: Row, root: str) -> list[Any]:
    shown = row.shown
    square = pivot.square(row)
    part = pivot.look.question.parts.get(row.part)
    texts = (name_of(row.indicator), unit_of(row.indicator), row.area.name, period_name(row.period.code))
    return [
        *(text_cell(sheet, text) for text in texts),
        *(day_cell(sheet, day) for day in (row.period.start, row.period.end)),
        text_cell(sheet, str(part[1]) if part else ""),
        _value(sheet, square.entry),
        *(shown.expected, shown.reported, shown.nil),
        text_cell(sheet, "; ".join(notes_on(row))),
        text_cell(sheet, printed(row.before.answer, with_unit=False) if row.before else ""),
        text_cell(sheet, square.change.text if square.change else ""),
        text_cell(sheet, f"{root}{square.entry.url}" if square.entry.url else ""),
    ]


def _origin(pivot: Pivot, address: str) -> list[tuple[str, Any]]:
    look, question = pivot.look, pivot.look.question
    is_calendar = any(each.rule is CutOff.CALENDAR for each in question.periods)
    lines: list[tuple[str, Any]] = [
        (_("Source"), _("Anti-trafficking programme portal, free table")),
        (_("Address"), address),
        (_("Made on"), f"{timezone.localtime():%d/%m/%Y %H:%M}"),
        (_("Made by"), look.reader.full_name),
        (_("Map"), _("of today") if question.basis is MapBasis.NOW else _("of the period's end")),
        (_("Days of the period"), _("by the calendar") if is_calendar else _("by Decree 09/2019")),
        *((name, _named(member)) for name, member in pivot.fixed),
    ]
    if pivot.of_own_area:
        lines.append((_("Of all units of your area, not shown"), pivot.of_own_area))
    if any(pivot.left_out.values()):
        lines.append((_("Outside your scope, rounded to 10"), pivot.left_out["rounded"]))
        lines.append((_("Outside your scope, not published"), pivot.left_out["withheld"]))
    return lines
