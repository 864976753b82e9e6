"""k-anonymity: every row of a file is like at least k - 1 others in every column.

By the Datafly algorithm of L. Sweeney ("Achieving k-anonymity privacy protection using generalization and
suppression", 2002): as long as too many rows are alike with too few others, the column with the most different values
is made coarser, in all rows the same way; what is then still rare is left out. All columns count as knowable by
others, as in the global data set of the CTDC, whose k of 11 is taken over: no question to the file finds fewer than
k people. The same records always give the same file, and rows stand in the order of their values.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from victims.standards.column import WITHHELD, Column

K = 11
#: Of so many rows in a hundred at most are left out to keep the others finer.
MOST_LEFT_OUT_PERCENT = 10

Row = tuple[str, ...]


@dataclass(frozen=True)
class ColumnLoss:
    """How much coarser a column became: the step (empty: none), and how many of its values changed by it."""

    name: str
    step: str
    changed: int


@dataclass(frozen=True)
class Anonymous:
    """The rows that may be given away, and what was lost on the way."""

    rows: list[Row]
    considered: int
    columns: list[ColumnLoss]
    #: For each sensitive column the fewest different values among people who look alike in the others.
    diversity: Mapping[str, int]

    @property
    def left_out(self) -> int:
        return self.considered - len(self.rows)


def anonymous(rows: Sequence[Row], columns: Sequence[Column], *, k: int = K) -> Anonymous:
    """The rows with every group of equal ones at least ``k`` large. Fewer than ``k`` rows give none."""
    tolerated = len(rows) * MOST_LEFT_OUT_PERCENT // 100
    levels = [0] * len(columns)
    current = list(rows)
    sizes = Counter(current)
    while _rare(sizes, k) > tolerated:
        chosen = _finest(current, columns, levels)
        if chosen is None:
            break
        step = columns[chosen].ladder[levels[chosen]]
        levels[chosen] += 1
        coarser = {value: step.coarser(value) for value in {row[chosen] for row in current}}
        current = [(*row[:chosen], coarser[row[chosen]], *row[chosen + 1 :]) for row in current]
        sizes = Counter(current)
    kept = [at for at, row in enumerate(current) if sizes[row] >= k]
    told = [
        ColumnLoss(
            column.name,
            column.ladder[levels[index] - 1].name if levels[index] else "",
            sum(current[at][index] != rows[at][index] for at in kept),
        )
        for index, column in enumerate(columns)
    ]
    final = sorted(current[at] for at in kept)
    return Anonymous(final, len(rows), told, _diversity(final, columns))


def _rare(sizes: Counter[Row], k: int) -> int:
    """How many rows are like too few others."""
    return sum(size for size in sizes.values() if size < k)


def _finest(rows: Sequence[Row], columns: Sequence[Column], levels: Sequence[int]) -> int | None:
    """The column with the most different values that can still be made coarser, the first of several."""
    found = [
        (len({row[index] for row in rows}), -index)
        for index, column in enumerate(columns)
        if levels[index] < len(column.ladder)
    ]
    most, index = max(found, default=(0, 0))
    return -index if most > 1 else None


def _diversity(rows: Sequence[Row], columns: Sequence[Column]) -> dict[str, int]:
    """l-diversity (Machanavajjhala et al., 2007), as it came out. Withheld columns tell nothing."""
    known = [index for index, column in enumerate(columns) if not column.is_sensitive]
    told: dict[str, int] = {}
    for index, column in enumerate(columns):
        if not column.is_sensitive or any(row[index] == WITHHELD for row in rows):
            continue
        alike: dict[Row, set[str]] = {}
        for row in rows:
            alike.setdefault(tuple(row[each] for each in known), set()).add(row[index])
        told[column.name] = min((len(values) for values in alike.values()), default=0)
    return told
