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
    """The lines of the rows, the first of which holds the heads; each row is read when its line is asked for.

    A cell is the text of its value; of None it is empty.
    """
    writer = csv.writer(_Line())
    mark = _MARK
    for row in rows:
        yield mark + str(writer.writerow([safe_text("" if cell is None else str(cell)) for cell in row]))
        mark = ""
