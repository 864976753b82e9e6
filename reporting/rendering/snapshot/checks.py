"""What a snapshot must hold to be printed."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, cast

from reporting.charts import Chart, ChartError
from reporting.rendering.snapshot.place import Place
from reporting.rendering.snapshot.schema import FIGURE_STATUSES, SCHEMA, Snapshot
from territory.figure import Qualifier

#: What a QR code of the size printed can hold and be read by a telephone.
LONGEST_ADDRESS = 200


def check_snapshot(snapshot: object) -> Snapshot:
    """Return the snapshot when it fits the schema.

    Raises SnapshotError, which names the first place that does not fit. Keys not known here are let through.
    """
    root = Place(snapshot)
    root["schema"].choice(SCHEMA)
    root["template"]["code"].filled()
    root["template"]["version"].count(1)
    generated_at = root["generated_at"]
    try:
        moment = datetime.datetime.fromisoformat(generated_at.text())
    except ValueError:
        generated_at.fail("must be a time such as 2026-11-21T12:00:00+00:00")
    if moment.tzinfo is None:
        generated_at.fail("must say its time zone")
    for key in ("code", "level", "name"):
        root["area"][key].filled()
    _check_period(root["period"])
    root["map"].choice("then", "now")
    _check_document(root["document"])
    figures = root["figures"]
    known = {entry.path.removeprefix("figures.") for entry in figures.entries()}
    for entry in figures.entries():
        _check_figure(entry)
    for section in root["sections"].items():
        section["number"].text()
        section["title"].filled()
        for block in section["blocks"].items():
            _check_block(block, known)
    return cast(Snapshot, snapshot)


def _check_period(period: Place) -> None:
    for key in ("code", "rule", "printed"):
        period[key].filled()
    if period["start"].day() > period["end"].day():
        period["end"].fail("must not be before the start")


def _check_document(document: Place) -> None:
    document["parent_body"].text_or_none()
    for key in ("body", "symbol", "place", "title", "subject"):
        document[key].filled()
    number = document["number"]
    if isinstance(number.value, str):
        number.filled()
    elif number.value is not None:
        number.count(1)
    if document["date"].value is not None:
        document["date"].day()
    for key in ("opening", "closing", "recipients"):
        document[key].texts()
    for key in ("authority", "position", "name"):
        document["signer"][key].text()
    document["archive"].text()
    document["is_demo"].flag()
    document["state"].choice("draft", "issued")
    verification = document.get("verification")
    if verification is not None and verification.value is not None:
        verification["code"].filled()
        if not verification["url"].filled().startswith(("https://", "http://")):
            verification["url"].fail("must be an address that starts with https:// or http://")
        if len(verification["url"].text()) > LONGEST_ADDRESS:
            verification["url"].fail(f"must not be longer than {LONGEST_ADDRESS} characters")
        verification["hash"].text()
    revision = document.get("revision")
    if revision is not None and revision.value is not None:
        revision["number"].count(1)
        revision["of"].filled()


def _check_figure(figure: Place) -> None:
    for key in ("indicator", "name", "unit", "area", "period", "printed"):
        figure[key].text()
    figure["status"].choice(*FIGURE_STATUSES)
    for key in ("qualifier", "low", "high", "words", "source"):
        figure[key].text_or_none()
    for value in figure["by"].entries():
        value.text()
    if figure["coverage"].value is not None:
        for key in ("expected", "reported", "nil"):
            figure["coverage"][key].count()
    figure["records"].texts()


def _check_block(block: Place, figures: set[str]) -> None:
    kind = block["type"].text()
    if kind == "paragraphs":
        for paragraph in block["paragraphs"].items():
            paragraph["text"].text()
            for figure in paragraph["figures"].items():
                if figure.text() not in figures:
                    figure.fail(f"names the figure {figure.value}, which the snapshot does not hold")
        return
    if kind not in _BLOCK_CHECKS:
        block["type"].fail(f"must be one of {', '.join(sorted([*_BLOCK_CHECKS, 'paragraphs']))}")
    _BLOCK_CHECKS[kind](block)


def _check_heading(block: Place) -> None:
    block["number"].text()
    block["text"].filled()
    if level := block.get("level"):
        level.choice(3, 4)


def _check_bullets(block: Place) -> None:
    block["items"].texts()


def _check_table(block: Place) -> None:
    block["caption"].text()
    _check_cells(block)


def _check_annex(block: Place) -> None:
    block["number"].text()
    block["title"].filled()
    block["caption"].text()
    _check_cells(block)
    spans = 0
    for group in block["groups"].items():
        group["title"].text()
        spans += group["span"].count(1)
    if spans and spans != len(block["columns"].items()):
        block["groups"].fail(f"span {spans} columns of {len(block['columns'].items())}")


def _check_chart(block: Place) -> None:
    for key in ("kind", "title", "unit", "period", "source", "alt"):
        block[key].text()
    for category in block["categories"].items():
        category["label"].filled()
        for key in ("latitude", "longitude"):
            if position := category.get(key):
                position.decimal_or_none()
    for series in block["series"].items():
        series["name"].text()
        for value in series["values"].items():
            value["number"].decimal_or_none()
            value["printed"].text()
            value["status"].choice(*FIGURE_STATUSES)
            if qualifier := value.get("qualifier"):
                qualifier.choice(None, *Qualifier)
            if state := value.get("state"):
                state.text_or_none()
    try:
        Chart.of_block(cast(dict[str, Any], block.value))
    except ChartError as error:
        block.fail(str(error))


def _check_approvals(block: Place) -> None:
    block["caption"].text()
    for step in block["steps"].items():
        step["step"].filled()
        for key in ("name", "position", "date"):
            step[key].text()


def _check_differences(block: Place) -> None:
    block["caption"].text()
    for difference in block["differences"].items():
        difference["what"].filled()
        for key in ("before", "after"):
            difference[key].text()


def _check_cells(block: Place) -> None:
    columns = block["columns"].items()
    if not columns:
        block["columns"].fail("must hold at least one column")
    for column in columns:
        column["title"].text()
        column["align"].choice("left", "right", "center")
        column["is_header"].flag()
    for row in block["rows"].items():
        cells = row["cells"].items()
        row["cells"].texts()
        row["is_total"].flag()
        if len(cells) != len(columns):
            row["cells"].fail(f"holds {len(cells)} cells for {len(columns)} columns")
    block["notes"].texts()


def _check_silent_units(block: Place) -> None:
    block["period"].text()
    for key in ("expected", "reported", "nil"):
        block[key].count()
    block["missing"].texts()
    block["text"].text()


def _check_documents(block: Place) -> None:
    block["lead"].text()
    for document in block["documents"].items():
        document["printed"].filled()


_BLOCK_CHECKS: dict[str, Callable[[Place], None]] = {
    "heading": _check_heading,
    "bullets": _check_bullets,
    "table": _check_table,
    "comparison": _check_table,
    "silent_units": _check_silent_units,
    "documents": _check_documents,
    "chart": _check_chart,
    "annex": _check_annex,
    "approvals": _check_approvals,
    "differences": _check_differences,
}
