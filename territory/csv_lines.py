"""Tables as CSV that Excel opens: UTF-8 with a mark that it is known by, and no cell that reads as a formula."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from territory.excel import safe_text

_MARK = "\ufeff"


class _Line:
    """What the CSV writer writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The mark, then the lines of the rows, the heads first; each row is read when its line is asked for.

    A cell is the text of its value; of None it is empty.
    """
    yield _MARK  # by itself, so that the file begins before the first row is there
    writer = csv.writer(_Line())
    for row in rows:
        yield str(writer.writerow([safe_text("" if cell is None else str(cell)) for cell in row]))
