"""The rule itself: what of a table of counts may leave the scope it belongs to. Pure arithmetic, no database.

A count below ``K``, zero included, is withheld; every other one is rounded to ``BASE``. A total over parts is rounded
too, and moved by whole steps of ``BASE`` where the nearest one would tell more of a withheld part than that it lies
somewhere between nothing and ``K``. Why these numbers: docs/disclosure.md.
"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

K = 10
BASE = 10
#: How far apart the least and the most must lie that anybody can work out of a withheld count.
NARROWEST = 5

#: The least and the most that stand behind a published count, and behind a withheld one.
Bounds = tuple[int, int]
WITHHELD: Bounds = (0, K - 1)


def published(count: Decimal | int | None) -> int | None:
    """The count as it may be published, None where it is withheld."""
    if count is None or count < K:
        return None
    return int((Decimal(count) / BASE).quantize(Decimal(1), rounding=ROUND_HALF_UP)) * BASE


def bounds_of(value: int) -> Bounds:
    """What a published count can have been."""
    return max(K, value - BASE // 2), value + (BASE - 1) // 2


def published_total(count: Decimal | int | None, parts: Sequence[int | None]) -> int | None:
    """A total as it may be published beside its ``parts``, which are as they were published, None where withheld.

    The nearest multiple of ``BASE`` for which each withheld part may still be zero, and may still be as much as
    ``NARROWEST``, whatever the other parts were. Withheld where there is no such number: beside one
    published 10 and one withheld part, or where all parts are withheld and few.
    """
    nearest = published(count)
    withheld = sum(1 for part in parts if part is None)
    if nearest is None or not withheld:
        return nearest
    least, most = span_of(part for part in parts if part is not None)
    highest = most + WITHHELD[1] * (withheld - 1)
    while nearest >= K and bounds_of(nearest)[0] > highest:
        nearest -= BASE
    while nearest >= K and bounds_of(nearest)[1] < least + NARROWEST:
        nearest += BASE
    return nearest if nearest >= K and bounds_of(nearest)[0] <= highest else None


def span_of(values: Iterable[int]) -> Bounds:
    """The least and the most that published counts can add up to."""
    spans = [bounds_of(value) for value in values]
    return sum(low for low, _ in spans), sum(high for _, high in spans)


def published_percent(of: int | None, over: int | None) -> Decimal | None:
    """A percentage of two published counts, to whole points; None where one of them is withheld."""
    if of is None or not over:
        return None
    return (Decimal(of) * 100 / Decimal(over)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
