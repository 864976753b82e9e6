"""The widths of the columns of long tables: they fit the page, and what may not be broken has room."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from benchmarks.reports import snapshot
from reporting.rendering import render_pdf
from reporting.rendering.widths import LONG, widths


def _annex(titles: list[str], cells: list[str], rows: int = LONG) -> dict[str, Any]:
    return {
        "type": "annex",
        "number": "I",
        "title": "Số liệu",
        "caption": "",
        "groups": [],
        "columns": [
            {"title": title, "align": "left" if place == 0 else "right", "is_header": place == 0}
            for place, title in enumerate(titles)
        ],
        "rows": [{"cells": cells, "is_total": False}] * rows,
        "notes": [],
    }


def test_the_widths_fill_the_page_and_longer_texts_have_more_of_it() -> None:
    found = widths(
        _annex(["Đơn vị", "Vụ", "Lượt người"], ["Ủy ban nhân dân thị trấn Phố Ràng", "1", "1.234.567"])
    )

    assert sum(found) == 100
    assert found[0] > found[2] > found[1]


@pytest.mark.parametrize(
    "block",
    [
        _annex(["Đơn vị", "Vụ"], ["Xã", "1"], rows=LONG - 1),
        _annex(["Đơn vị", *["Số"] * 12], ["Xã", *["1.000.000.000.000 đồng"] * 12]),
        _annex([], []),
    ],
)
def test_short_tables_and_those_that_would_not_fit_are_left_to_the_page_layout(block: dict[str, Any]) -> None:
    assert widths(block) == []


def test_no_number_is_cut_or_printed_over_its_neighbour(tmp_path: Path) -> None:
    numbers = ["1.234.567", "88.888.888", "7", "WWW 100%", "12.345", "hơn 6.770"]
    block = _annex(["Xã, phường, thị trấn", *"ABCDEF"], ["Thị trấn Nông trường Mộc Châu", *numbers])
    printed = render_pdf(snapshot([{"number": "I", "title": "Kết quả", "blocks": [block]}]))
    file = tmp_path / "annex.pdf"
    file.write_bytes(printed.content)

    text = subprocess.run(
        ["pdftotext", "-layout", "-f", "2", "-l", "2", file, "-"], capture_output=True, text=True, check=True
    ).stdout

    lines = [
        line.split()
        for line in text.splitlines()
        if line.startswith((" Thị", "Thị", "  Thị")) or "Mộc" in line
    ]
    assert lines
    assert all(line[-8:] == " ".join(numbers).split() for line in lines)
