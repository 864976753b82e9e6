"""How wide the columns of a long table are, told from its texts.

A page layout that finds the widths itself sets every cell three times: at its narrowest, at its widest and as it is.
For a table over many pages that was a third of all the work. Here they follow from the lengths of the texts, by the
widths that letters have in the report's font, so that every cell is set once.
"""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

#: Tables of fewer rows are left to the page layout, which sees more than lengths.
LONG = 150

#: A4 landscape between its margins, in points, and what borders and padding take of each column.
PAGE = 708.0
_EDGES = 7.0
#: The size of an annex's text, in points.
_SIZE = 10.0

#: Widths of letters in ems, on the safe side: the widest that are common of each sort.
_NARROW, _WIDE = frozenset(" .,:;|!'()[]-/ijltfrI"), frozenset("MW%@mw—…")


def widths(block: Mapping[str, Any]) -> list[int]:
    """The columns' widths in whole per cent, together 100; none where the table is short or would not fit so."""
    columns: Sequence[Mapping[str, Any]] = block["columns"]
    if len(block["rows"]) < LONG or not columns:
        return []
    least = [_longest_word(column["title"]) for column in columns]
    most = list(least)
    for row in block["rows"]:
        for place, cell in enumerate(row["cells"][: len(columns)]):
            whole = _length(cell) * (1.08 if row["is_total"] else 1.0)
            is_kept_whole = columns[place]["align"] == "right"
            least[place] = max(least[place], whole if is_kept_whole else _longest_word(cell))
            most[place] = max(most[place], whole)
    return _shared([each + _EDGES for each in least], [each + _EDGES for each in most])


def _shared(least: Sequence[float], most: Sequence[float]) -> list[int]:
    """Each column its least, and of what is left a share by how much more it could use."""
    left = PAGE - sum(least)
    if left < 0:
        return []
    wanted = [high - low for low, high in zip(least, most, strict=True)]
    if sum(wanted) > left:
        exact = [low + left * more / sum(wanted) for low, more in zip(least, wanted, strict=True)]
    else:
        exact = [high + (left - sum(wanted)) * high / sum(most) for high in most]
    rounded = [int(each * 100 / PAGE) for each in exact]
    # The rest of rounding down goes to the columns that lost most by it.
    losers = sorted(range(len(exact)), key=lambda place: rounded[place] - exact[place] * 100 / PAGE)
    for place in losers[: 100 - sum(rounded)]:
        rounded[place] += 1
    return rounded


def _longest_word(text: str) -> float:
    return max((_length(word) * 1.08 for word in text.split()), default=0.0)


@functools.lru_cache(maxsize=4096)
def _length(text: str) -> float:
    return _SIZE * sum(
        0.34 if letter in _NARROW else 0.95 if letter in _WIDE else 0.73 if letter.isupper() else 0.51
        for letter in text
    )


def width_rules() -> str:
    """The style sheet of the classes that give a column its width."""
    return "\n".join(f".rp-w{each} {{ width: {each}%; }}" for each in range(1, 101))
