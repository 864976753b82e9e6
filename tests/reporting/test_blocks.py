"""Blocks of a snapshot: what is refused, and how a page of the portal shows them."""

import copy
from typing import Any

import pytest
from django.template.loader import render_to_string

from reporting.rendering import SnapshotError, check_snapshot
from tests.reporting.pictures import bars, every_chart
from tests.reporting.snapshots import annex, full_report


def on_a_page(block: dict[str, Any]) -> str:
    return render_to_string("reports/blocks/block.html", {"block": block})


def test_a_report_with_everything_fits() -> None:
    snapshot = full_report(*(chart.as_block() for chart in every_chart()))
    assert check_snapshot(snapshot) is snapshot


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("kind",), "pie", ""),
        (("title",), None, ".title"),
        (("series", 0, "values", 0, "number"), "NaN", ".series[0].values[0].number"),
        (("series", 0, "values", 0, "number"), 12, ".series[0].values[0].number"),
        (("series", 0, "values", 0, "number"), "-1", ""),
        (("series", 0, "values", 0, "status"), "unknown", ".series[0].values[0].status"),
        (("series", 0, "values", 0, "status"), "missing", ""),
        (("series", 0, "values", 0, "qualifier"), "maybe", ".series[0].values[0].qualifier"),
        (("series", 0, "values"), [], ""),
        (("categories",), [], ""),
        (("categories", 0, "latitude"), "north", ".categories[0].latitude"),
    ],
)
def test_a_chart_that_cannot_be_drawn_names_its_place(path: tuple, value: object, place: str) -> None:
    block = bars().as_block()
    inner: Any = block
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    snapshot = full_report(block)
    at = len(snapshot["sections"][1]["blocks"]) - 1
    with pytest.raises(SnapshotError) as refused:
        check_snapshot(snapshot)
    assert refused.value.path == f"sections[1].blocks[{at}]{place}"


def test_headings_over_columns_must_cover_them_all() -> None:
    snapshot = full_report()
    snapshot["sections"][4]["blocks"][0]["groups"][0]["span"] = 3
    with pytest.raises(SnapshotError) as refused:
        check_snapshot(snapshot)
    assert refused.value.path == "sections[4].blocks[0].groups"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("url", "javascript:alert(1)"),
        ("url", "https://portal.example/" + "x" * 300),
        ("code", ""),
        ("hash", None),
    ],
)
def test_a_code_to_check_by_leads_to_a_page(key: str, value: object) -> None:
    snapshot = full_report()
    snapshot["document"]["verification"][key] = value
    with pytest.raises(SnapshotError) as refused:
        check_snapshot(snapshot)
    assert refused.value.path == f"document.verification.{key}"


def test_a_snapshot_of_before_these_blocks_still_fits() -> None:
    snapshot = full_report()
    for key in ("verification", "revision"):
        del snapshot["document"][key]
    assert check_snapshot(snapshot)
    snapshot["document"] |= {"verification": None, "revision": None}
    assert check_snapshot(snapshot)


@pytest.mark.parametrize(
    "chart", [pytest.param(chart, id=f"{chart.kind}-{at}") for at, chart in enumerate(every_chart())]
)
def test_a_page_shows_a_chart_with_its_title_unit_source_and_table(chart) -> None:
    page = on_a_page(chart.as_block())
    assert page.count("<svg ") == 1
    assert chart.title in page
    assert "Đơn vị tính: buổi." in page
    assert "Nguồn: Báo cáo của các huyện, thành phố." in page
    assert "<details" in page
    assert 'scope="row"' in page
    assert " style=" not in page


def test_a_page_shows_an_annex_with_a_head_of_two_lines() -> None:
    page = on_a_page(annex())
    assert '<th scope="colgroup" colspan="2">Tuyên truyền</th>' in page
    assert '<th scope="col" rowspan="2">TT</th>' in page
    assert page.count("<tr") == 2 + 41


def test_a_page_shows_differences_and_approvals() -> None:
    blocks = full_report()["sections"][3]["blocks"]
    page = "".join(on_a_page(block) for block in blocks)
    assert "70 buổi" in page
    assert "(không có)" in page
    assert "Người Soạn Thử" in page


def test_markup_in_a_chart_does_not_reach_the_page() -> None:
    block = copy.deepcopy(bars().as_block())
    hostile = "<img src=x onerror=alert(1)>"
    block["title"] = block["source"] = block["categories"][0]["label"] = block["alt"] = hostile
    block["series"][0]["values"][0]["printed"] = hostile
    assert "<img" not in on_a_page(block)
