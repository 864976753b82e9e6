"""The three forms of an answer: JSON, CSV for a spreadsheet, and JSON-stat 2.0 for statistical programs."""

import csv
import datetime as dt
import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from reporting.statistics.answering import Row, Table, number
from territory.figure import Status
from territory.models import Area
from territory.period import Period

COLUMNS = (
    *("indicator", "indicator_name", "unit", "area", "area_level", "area_name", "period", "period_start"),
    *(
        "period_end",
        "breakdown",
        "part",
        "value",
        "low",
        "high",
        "qualifier",
        "status",
        "expected",
        "reported",
    ),
    *("nil", "disclosure", "before", "before_status", "direction", "difference", "percent"),
)
#: Rows in one piece of a streamed answer.
_PIECE = 500


def _name(row: Row) -> str:
    return row.indicator.name_en if get_language() == "en" else row.indicator.name


def _unit(row: Row) -> str:
    return row.indicator.unit_en if get_language() == "en" else row.indicator.unit


def _by(table: Table, row: Row) -> dict[str, str]:
    """The part of a row: {"sex": "female"}."""
    if not row.part:
        return {}
    name = table.question.parts[row.part][0]
    return {name: row.part.partition(":")[2] or row.part}


def period_as_json(period: Period) -> dict[str, Any]:
    return {
        "code": period.code,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "rule": period.rule.value,
    }


def meta(table: Table, changed_at: dt.datetime) -> dict[str, Any]:
    """What holds for the whole answer. ``generated_at`` is when one of its figures last changed."""
    return {
        "periods": [period_as_json(period) for period in table.question.periods],
        "map": table.question.basis.value,
        "disclosure": table.disclosure,
        "licence": licence_of(table),
        "generated_at": changed_at.isoformat(timespec="seconds"),
    }


def licence_of(table: Table) -> dict[str, str] | None:
    """The licence of the published figures in the answer; None where there are none."""
    if table.disclosure["release"] is None:
        return None
    return {"name": settings.OPEN_DATA_LICENCE, "url": settings.OPEN_DATA_LICENCE_URL}


def as_json(table: Table) -> str:
    """The figures, one a row; the text that is sent is also what an answer is known by."""
    return json.dumps([_row(table, row) for row in table.rows], ensure_ascii=False)


def _row(table: Table, row: Row) -> dict[str, Any]:
    figure = row.shown.figure
    told: dict[str, Any] = {
        "indicator": row.indicator.code,
        "unit": _unit(row),
        "area": {"code": row.area.code, "level": row.area.level, "name": row.area.name},
        "period": row.period.code,
        "by": _by(table, row),
        "value": row.value,
        "low": number(figure.low) if figure else None,
        "high": number(figure.high) if figure else None,
        "qualifier": row.qualifier,
        "status": row.shown.status.value,
        "is_estimated": row.shown.answer.is_estimated,
        "disclosure": row.disclosure,
        "coverage": None
        if row.shown.expected is None
        else {"expected": row.shown.expected, "reported": row.shown.reported, "nil": row.shown.nil},
    }
    if row.change is not None:
        told["before"] = _before(row)
        told["change"] = {
            "direction": row.change.direction.value,
            "difference": number(row.change.difference),
            "percent": number(row.change.percent),
        }
    return told


def _before(row: Row) -> dict[str, Any] | None:
    if row.before is None:
        return None
    figure = row.before.figure
    return {
        "period": row.before.answer.period.code,
        "value": number(figure.nominal) if figure else None,
        "status": row.before.status.value,
    }


def as_csv(table: Table) -> Iterator[str]:
    """A line a figure, with a mark of order so that Excel reads the letters; in pieces."""
    yield "\ufeff"
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for at, row in enumerate(table.rows):
        writer.writerow([_safe(value) for value in _line(table, row)])
        if at % _PIECE == _PIECE - 1:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _line(table: Table, row: Row) -> list[Any]:
    told = _row(table, row)
    part = next(iter(told["by"].items()), ("", ""))
    coverage = told["coverage"] or {}
    before, changed = told.get("before") or {}, told.get("change") or {}
    return [
        *(told["indicator"], _name(row), told["unit"], row.area.code, row.area.level, row.area.name),
        *(row.period.code, row.period.start.isoformat(), row.period.end.isoformat(), *part),
        *(told["value"], told["low"], told["high"], told["qualifier"], told["status"]),
        *(coverage.get("expected"), coverage.get("reported"), coverage.get("nil"), told["disclosure"]),
        *(before.get("value"), before.get("status")),
        *(changed.get("direction"), changed.get("difference"), changed.get("percent")),
    ]


def _safe(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula begins with an apostrophe."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value


def as_jsonstat(table: Table, changed_at: dt.datetime) -> dict[str, Any]:
    """A dataset of JSON-stat 2.0: a cube of indicator, area, period and part; cells without a figure carry a status."""
    question = table.question
    areas = _area_ids(table)
    parts = {"": "", **{part: str(label) for part, (_name, label) in question.parts.items()}}
    dimensions: dict[str, dict[str, str]] = {
        "indicator": {row.indicator.code: _name(row) for row in table.rows},
        "area": {areas[row.area.pk]: row.area.name for row in table.rows},
        "period": {period.code: period.code for period in question.periods},
        "part": {part or "total": label or "total" for part, label in parts.items()},
    }
    places = {name: {key: at for at, key in enumerate(keys)} for name, keys in dimensions.items()}
    sizes = [len(keys) for keys in dimensions.values()]
    values: list[Any] = [None] * (sizes[0] * sizes[1] * sizes[2] * sizes[3])
    statuses: dict[str, str] = {}
    for row in table.rows:
        at = 0
        keys = (row.indicator.code, areas[row.area.pk], row.period.code, row.part or "total")
        for name, size, key in zip(dimensions, sizes, keys, strict=True):
            at = at * size + places[name][key]
        values[at] = row.value
        status = row.disclosure or (row.qualifier if row.shown.status is Status.REPORTED else None)
        if status or row.shown.status is not Status.REPORTED:
            statuses[str(at)] = status or row.shown.status.value
    return {
        "version": "2.0",
        "class": "dataset",
        "label": "Statistics",
        "updated": changed_at.isoformat(timespec="seconds"),
        "id": list(dimensions),
        "size": sizes,
        "role": {"time": ["period"], "geo": ["area"], "metric": ["indicator"]},
        "dimension": {
            name: {"label": name, "category": {"index": places[name], "label": labels}}
            for name, labels in dimensions.items()
        },
        "value": values,
        "status": statuses,
        "extension": {
            "disclosure": table.disclosure,
            "licence": licence_of(table),
            "map": question.basis.value,
        },
    }


def _area_ids(table: Table) -> dict[int, str]:
    """Codes are used again after a reform: where two areas share one, the day it began is added."""
    areas: dict[int, Area] = {row.area.pk: row.area for row in table.rows}
    seen: dict[str, int] = {}
    for area in areas.values():
        seen[area.code] = seen.get(area.code, 0) + 1
    return {
        pk: area.code if seen[area.code] == 1 else f"{area.code}@{area.valid_from.isoformat()}"
        for pk, area in areas.items()
    }
