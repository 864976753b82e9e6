"""A workbook of activities is checked row by row; a file that cannot be read is refused as a whole."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from openpyxl.styles.numbers import FORMAT_DATE_DDMMYY

from programs.models import ActivityUpload, Audience, UploadRow
from programs.selectors.quantity import Quantity
from programs.workbook.checking import taken_file
from territory.figure import parse_figure
from tests.programs import workbooks
from tests.programs.cast import Cast, filed, quantity
from tests.programs.workbooks import activities, by_hand, cell, checked, faults, numbered, row, stored, upload

State = ActivityUpload.State


# --- files that are refused before a sheet is opened ---


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "empty"),
        ("a.xlsx", b"kind;title\n", "not_xlsx"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook", "encrypted"),
    ],
)
def test_what_is_no_workbook_is_refused(name: str, content: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        taken_file(workbooks.uploaded_file(content, name))
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/externalLinks/externalLink1.xml", "external_links"),
        ("xl/embeddings/oleObject1.bin", "macros"),
        ("xl/embeddings/package.bin", "embedded"),
        ("xl/connections.xml", "embedded"),
    ],
)
def test_a_workbook_that_acts_or_fetches_is_refused(cast: Cast, part: str, code: str) -> None:
    content = workbooks.with_part(workbooks.empty_template(cast.officer), part, b"<x/>")

    with pytest.raises(ValidationError) as refusal:
        taken_file(workbooks.uploaded_file(content))
    assert refusal.value.code == code


def test_a_workbook_that_unpacks_to_far_more_is_refused(cast: Cast) -> None:
    content = workbooks.with_part(workbooks.empty_template(cast.officer), "xl/media/a.bin", b"0" * 70_000_000)

    with pytest.raises(ValidationError) as refusal:
        taken_file(workbooks.uploaded_file(content))
    assert refusal.value.code == "zip_bomb"


def test_a_large_workbook_is_refused_with_the_limit(cast: Cast, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1024

    with pytest.raises(ValidationError) as refusal:
        taken_file(workbooks.uploaded_file(workbooks.empty_template(cast.officer)))
    assert refusal.value.code == "too_large"


# --- files that are refused once their sheet is read ---


def test_formulas_are_refused_with_their_cells(cast: Cast) -> None:
    def fill(sheet: Any, letters: dict[str, str]) -> None:
        sheet[f"{letters['title']}3"] = '=HYPERLINK("http://x")'
        sheet[f"{letters['figure.people']}4"] = "=1+1"

    done = workbooks.work(upload(cast.officer, by_hand(cast.officer, fill)))

    assert (done.state, done.failure) == (State.FAILED, "formulas")
    assert done.failure_detail == f"{cell('title')}, {cell('figure.people', 1)}"
    assert not done.upload_rows.exists()


def test_a_document_type_is_refused(cast: Cast) -> None:
    content = workbooks.book(cast.officer, row())
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData><row><c><v>&a;</v></c></row></sheetData>'
    bomb += b"</worksheet>"

    done = workbooks.work(
        upload(cast.officer, workbooks.with_part(content, "xl/worksheets/sheet1.xml", bomb))
    )

    assert (done.state, done.failure) == (State.FAILED, "damaged")


def test_more_rows_than_allowed_are_refused_with_the_first_cell_too_far(cast: Cast, settings: Any) -> None:
    settings.UPLOAD_MAX_ROWS = 2

    done = checked(cast.officer, *numbered(3))

    assert (done.state, done.failure, done.failure_detail) == (State.FAILED, "too_many_rows", "A5")
    assert UploadRow.objects.count() == 0


def test_a_sheet_that_is_not_the_template_is_refused(cast: Cast) -> None:
    def fill(sheet: Any, letters: dict[str, str]) -> None:
        sheet.delete_rows(1)

    assert workbooks.work(upload(cast.officer, by_hand(cast.officer, fill))).failure == "not_the_template"


def test_another_version_of_the_template_is_refused(cast: Cast) -> None:
    def fill(sheet: Any, letters: dict[str, str]) -> None:
        sheet["A1"] = "pcmbn-activities/99"

    assert workbooks.work(upload(cast.officer, by_hand(cast.officer, fill))).failure == "other_version"


def test_a_missing_column_is_named(cast: Cast) -> None:
    def fill(sheet: Any, letters: dict[str, str]) -> None:
        sheet[f"{letters['area']}1"] = None

    with translation.override("en"):
        sent = upload(cast.officer, by_hand(cast.officer, fill))
    done = workbooks.work(sent)

    assert (done.failure, done.failure_detail) == ("column_missing", "Area")


def test_the_empty_template_has_no_rows_to_check(cast: Cast) -> None:
    assert workbooks.work(upload(cast.officer, workbooks.empty_template(cast.officer))).failure == "no_rows"


# --- rows ---


def test_each_fault_stands_beside_its_cell(cast: Cast) -> None:
    bad = row(
        kind="Khiêu vũ",
        started_on="31/02/2020",
        figure__attendances="6.77",
        figure__sessions="hai",
        cost__local="-5",
        audience="Phụ nữ; Người sao Hỏa",
        narrative="",
    )
    with translation.override("en"):
        sent = upload(cast.officer, workbooks.book(cast.officer, row(), bad))

    done = workbooks.work(sent)

    assert (done.rows, done.good, done.bad) == (2, 1, 1)
    told = faults(done)
    assert set(told) >= {
        cell(key, 1)
        for key in ("kind", "started_on", "figure.attendances", "figure.sessions", "cost.local", "audience")
    }
    assert "Khiêu vũ" in told[cell("kind", 1)]
    assert "two numbers" in told[cell("figure.attendances", 1)]
    assert activities() == []


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"agency": "Công an huyện Đăk Glei"}, "agency"),
        ({"area": "Huyện Bát Xát"}, "area"),
        ({"area": ""}, "area"),
        ({"ended_on": "04/03/2020"}, "ended_on"),
        ({"ended_on": "05/03/2099"}, "ended_on"),
        ({"started_on": "05/03/2019"}, "is_cumulative"),
        ({"women__attendances": "7.000", "figure__attendances": "6.770"}, "women.attendances"),
        ({"figure__attendances": "", "women__attendances": "5"}, "figure.attendances"),
        ({"figure__attendances": "", "women__attendances": "", "narrative": ""}, "narrative"),
        ({"is_integrated": "Không", "integrated_with": "Hội nghị"}, "integrated_with"),
        ({"is_integrated": "có lẽ"}, "is_integrated"),
        ({"partner_agencies": "Công an huyện Bát Xát"}, "partner_agencies"),
        ({"title": "Ẩn \x7f ký tự"}, "title"),
    ],
)
def test_a_row_is_judged_by_the_rules_of_the_form(cast: Cast, changed: dict[str, str], key: str) -> None:
    done = checked(cast.officer, row(**changed))

    assert (done.good, done.bad) == (0, 1)
    assert next(iter(faults(done))) == cell(key)


def test_a_row_may_be_in_either_language_and_typed_in_any_program(cast: Cast) -> None:
    def fill(sheet: Any, letters: dict[str, str]) -> None:
        for key, value in {
            "kind": "direct communication",
            "title": 2020,
            "agency": " cong an tinh kon tum ",
            "area": "XÃ ĐĂK MÔN",
            "started_on": dt.date(2020, 3, 5),
            "ended_on": "5.3.2020",
            "is_integrated": True,
            "audience": f"women and girls; {Audience.CHILDREN.label}",
            "figure.attendances": 6770,
            "women.attendances": 120.0,
            "figure.minutes": 12.5,
            "cost.local": 12_500_000,
        }.items():
            place = sheet[f"{letters[key]}3"]
            place.value = value
            place.number_format = FORMAT_DATE_DDMMYY if key == "started_on" else "General"

    done = workbooks.work(upload(cast.officer, by_hand(cast.officer, fill)))
    assert faults(done) == {}
    stored(done)

    (made,) = activities()
    assert (made.kind, made.title, made.agency, made.area) == (
        "communication",
        "2020",
        cast.kon_tum_police,
        cast.dak_mon,
    )
    assert (made.started_on, made.ended_on) == (dt.date(2020, 3, 5),) * 2
    assert (made.is_integrated, made.audience) == (True, ["women", "children"])
    figures = {each.measure: Quantity.of(each) for each in made.quantities.all()}
    assert figures["attendances"].figure == parse_figure("6770")
    assert (figures["attendances"].women, figures["minutes"].figure) == (120, parse_figure("12,5"))
    assert made.costs.get().amount == Decimal(12_500_000)


def test_what_excel_has_turned_into_a_date_is_no_figure(cast: Cast) -> None:
    def fill(sheet: Any, letters: dict[str, str]) -> None:
        for key, value in row().items():
            sheet[f"{letters[key]}3"] = value
        place = sheet[f"{letters['figure.attendances']}3"]
        place.value, place.number_format = dt.date(2020, 5, 1), FORMAT_DATE_DDMMYY

    done = workbooks.work(upload(cast.officer, by_hand(cast.officer, fill)))

    assert list(faults(done)) == [cell("figure.attendances")]


def test_areas_of_one_name_are_told_apart_by_their_district(cast: Cast) -> None:
    twin = workbooks_twin(cast)

    unclear = checked(cast.officer, row())
    assert list(faults(unclear)) == [cell("area")]
    assert "Xã Đăk Môn, Huyện Ngọc Hồi" in faults(unclear)[cell("area")]

    stored(checked(cast.officer, row(area="Xã Đăk Môn, Huyện Ngọc Hồi"), row(district="Huyện Đăk Glei")))
    assert [each.area for each in activities()] == [twin, cast.dak_mon]


def workbooks_twin(cast: Cast) -> Any:
    from territory.models import Area, AreaKind, Level
    from tests.programs.cast import make_area

    twin = make_area("T99999", Level.COMMUNE, AreaKind.COMMUNE, "Xã Đăk Môn", cast.ngoc_hoi)
    return Area.objects.get(pk=twin.pk)


def test_rows_alike_are_warned_of_and_not_refused(cast: Cast) -> None:
    filed(cast, quantity("people", "5"), title="Đã nộp")

    done = checked(cast.officer, row(), row(), row(title="Đã nộp"))

    assert (done.good, done.bad, done.warned) == (3, 0, 2)
    assert [bool(each.warnings) for each in done.upload_rows.all()] == [False, True, True]
