"""The workbook of past figures: to be filled in, and with the rows that are given back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook

from programs.workbook.columns import faults_column
from programs.workbook.reading import texts_of
from programs.workbook.writing import WrittenRow, faults_of, limits, rows_sheet, write_guide, write_rows
from reporting.models import Form, Indicator, Obligation, PastUpload, PastUploadRow, ReportedFigure
from reporting.past_workbook.judging import WHY
from reporting.past_workbook.layout import COLUMNS, NIL, PAST_SHEET
from reporting.past_workbook.units import Units
from reporting.services.submissions.asked import Asked, asked_by
from reporting.services.submissions.nil import name_of
from reporting.services.submissions.past import units_of_past
from territory.excel import saved
from territory.figure import print_figure_vi
from territory.models import Agency
from territory.period import Period

_CHUNK = 1000


@dataclass(frozen=True)
class Wanted:
    """What a template is for."""

    form: Form
    agencies: Sequence[Agency]
    periods: Sequence[Period]
    with_parts: bool = False

    def keys(self) -> list[tuple[Period, list[tuple[str, str]]]]:
        """For each period the figures that are asked for, by key and name; the nil of the period first."""
        found = []
        for period in self.periods:
            asked = asked_by(self.form, Obligation(form=self.form, period_end=period.end))
            nil = [(NIL, _("Nothing to report in the whole period"))] if self.form.may_be_nil else []
            named = [pair for each in asked for pair in _named(each, with_parts=self.with_parts)]
            found.append((period, [*nil, *named]))
        return found

    def count(self) -> int:
        """How many rows the template has."""
        return len(self.agencies) * sum(len(keys) for _period, keys in self.keys())


def template(wanted: Wanted, units: Units) -> IO[bytes]:
    """A workbook with a row for each figure that can be typed. The caller closes it."""
    return _workbook(COLUMNS, _rows(wanted, units))


def rest_of(upload: PastUpload) -> IO[bytes]:
    """The rows of an upload that could not be stored, with what is wrong with each. The caller closes it."""
    rows = PastUploadRow.objects.filter(upload=upload, is_good=False).order_by("number")
    columns = (COLUMNS[0], faults_column(), *COLUMNS[1:])
    return _workbook(columns, _given_back(rows.iterator(chunk_size=_CHUNK), Units(units_of_past(upload.by))))


def _workbook(columns: Sequence[Any], rows: Iterable[WrittenRow]) -> IO[bytes]:
    book = Workbook(write_only=True)
    write_rows(rows_sheet(book, _("Past figures"), columns), PAST_SHEET, columns, rows)
    lines = [
        _("One row is one figure of one unit for one period. Fill in the figures you know."),
        _("Do not change the heads, the codes or the hidden first row. Rows may be removed or copied."),
        _("What is empty stays as it is in the portal. What was accepted is never changed."),
        *limits(settings.UPLOAD_MAX_ROWS),
    ]
    write_guide(book, COLUMNS, lines)
    return saved(book)


def _rows(wanted: Wanted, units: Units) -> Iterator[WrittenRow]:
    held = _held(wanted)
    keys = wanted.keys()
    for agency in wanted.agencies:
        for period, named in keys:
            for key, name in named:
                yield WrittenRow(
                    {
                        "form": wanted.form.code,
                        "unit": units.code_of(agency),
                        "unit_name": f"{agency.name}, {agency.area.name}",
                        "period": period.code,
                        "key": key,
                        "name": name,
                        "now": held.get((agency.pk, period.code, key), ""),
                    }
                )


def _held(wanted: Wanted) -> dict[tuple[int, str, str], str]:
    """What the portal holds, by unit, period and key. Two queries."""
    obligations = Obligation.objects.unscoped(WHY).filter(
        form=wanted.form,
        agency__in=wanted.agencies,
        period_start__in=[period.start for period in wanted.periods],
        period_end__in=[period.end for period in wanted.periods],
    )
    of = "submission__obligation"
    told = ReportedFigure.objects.filter(submission__obligation__in=obligations)
    found: dict[tuple[int, str, str], str] = {}
    for row in told.select_related("indicator", of).iterator(chunk_size=_CHUNK):
        key = f"{row.indicator.code}/{row.part}" if row.part else row.indicator.code
        obligation = row.submission.obligation
        shown = print_figure_vi(row.figure, pad=False)
        found[obligation.agency_id, obligation.period_code, key] = shown
    nil = obligations.filter(submission__is_nil=True).values_list("agency_id", "period_code")
    found |= {(agency, period, NIL): "x" for agency, period in nil}
    return found


def _named(asked: Asked, *, with_parts: bool) -> Iterator[tuple[str, str]]:
    indicator = asked.indicator
    unit = indicator.unit_en if get_language() == "en" else indicator.unit
    name = name_of(indicator)
    yield asked.code, f"{name} ({unit})"
    if with_parts:
        for part, label in asked.parts.items():
            yield f"{asked.code}/{part}", f"{name}: {label}"


def _given_back(rows: Iterable[PastUploadRow], units: Units) -> Iterator[WrittenRow]:
    names = {each.code: name_of(each) for each in Indicator.objects.order_by("valid_from")}
    for row in rows:
        values = texts_of(row.values, PAST_SHEET)
        code, _stroke, part = values.get("key", "").partition("/")
        name = names.get(code, "")
        shown = {
            "name": f"{name}: {part}" if part else name,
            "unit_name": units.name_of(values.get("unit", "")),
        }
        yield WrittenRow({**values, **shown}, faults_of(row))
