"""A workbook that is sent while its rows are read."""

import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal
from zipfile import BadZipFile, ZipFile

import pytest
from openpyxl import load_workbook

from territory.excel_stream import Cell, Heading, StreamedSheet, streamed_workbook

ROWS: list[list[Cell]] = [
    [Heading("Ngày"), Heading("Tên"), Heading("Số")],
    [dt.date(2020, 3, 7), "Xã Y Tý <& Dền Sáng>", Decimal("6.50")],
    [None, " hai\ndòng", 6770],
    [None, "", None],
]


def sheet(rows: list[list[Cell]]) -> StreamedSheet:
    return StreamedSheet("Hoạt động & nơi chốn", lambda: ((12, 40, 9), rows))


def test_it_holds_days_texts_and_numbers_under_headings_that_stay_in_view() -> None:
    other = StreamedSheet("Hai", lambda: ((9,), [["x"]]), is_headed=False)
    file = io.BytesIO(b"".join(streamed_workbook([sheet(ROWS), other])))

    book = load_workbook(file)

    first, second = book.worksheets
    assert (first.title, first.freeze_panes, second.freeze_panes) == ("Hoạt động & nơi chốn", "A2", None)
    assert [[cell.value for cell in row] for row in first.iter_rows(min_row=2, max_row=3)] == [
        [dt.datetime(2020, 3, 7), "Xã Y Tý <& Dền Sáng>", 6.5],
        [None, " hai\ndòng", 6770],
    ]
    assert first["A2"].number_format == "dd/mm/yyyy"
    assert (first["A1"].font.b, first["B2"].font.b) == (True, False)
    assert first.column_dimensions["B"].width == 40
    assert second["A1"].value == "x"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(1)", "\x07=1"])
def test_no_text_becomes_a_formula(text: str) -> None:
    book = load_workbook(io.BytesIO(b"".join(streamed_workbook([sheet([["", text, None]])]))))

    cell = book.worksheets[0]["B1"]
    assert (cell.data_type, str(cell.value)[0]) == ("s", "'")


def test_the_first_bytes_come_before_the_sheet_is_asked_for_and_the_rest_while_rows_are_read() -> None:
    read: list[int] = []

    def content() -> tuple[list[int], Iterator[list[Cell]]]:
        read.append(-1)
        return [12, 40, 9], rows()

    def rows() -> Iterator[list[Cell]]:
        for number in range(20_000):
            read.append(number)
            yield [None, f"Hoạt động {number}", number]

    stream = streamed_workbook([StreamedSheet("Dài", content)])

    assert next(stream).startswith(b"PK")
    assert read == []
    largest = max(len(piece) for piece in stream)
    assert len(read) == 1 + 20_000
    assert largest < 64 * 1024


def test_a_file_that_breaks_off_cannot_be_opened() -> None:
    def rows() -> Iterator[list[Cell]]:
        yield [None, "một", 1]
        raise OSError("the database went away")

    sent = io.BytesIO()
    with pytest.raises(OSError, match="went away"):
        for piece in streamed_workbook([StreamedSheet("Dài", lambda: ((12, 40, 9), rows()))]):
            sent.write(piece)

    with pytest.raises(BadZipFile):
        ZipFile(sent)
