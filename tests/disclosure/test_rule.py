"""The rule against attackers: one with an integer programme, and one who knows the rule and tries every table."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from decimal import Decimal

import pytest

from reporting.disclosure import published, published_percent, published_total
from reporting.disclosure.rule import K, bounds_of
from tests.disclosure.attacker import attack

TABLES = 200


def released(counts: list[int]) -> tuple[list[int | None], int | None]:
    """The parts of a table and their total, as they are published."""
    parts = [published(count) for count in counts]
    return parts, published_total(sum(counts), parts)


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (None, None),
        (0, None),
        (9, None),
        (10, 10),
        (14, 10),
        (15, 20),
        (24, 20),
        (25, 30),
        (Decimal("15.5"), 20),
    ],
)
def test_a_count_below_ten_is_withheld_and_every_other_one_rounded(
    count: Decimal | int | None, shown: int | None
) -> None:
    assert published(count) == shown


def test_what_stands_behind_a_published_count_is_told_without_the_ones_that_are_withheld() -> None:
    for count in range(K, 200):
        value = published(count)
        assert value is not None
        low, high = bounds_of(value)
        assert low <= count <= high
        assert published(low) == published(high) == value


def test_a_total_is_moved_where_it_would_tell_of_the_one_withheld_part() -> None:
    assert released([24, 9]) == ([20, None], 20)  # 30 would say that the second is not zero
    assert released([15, 15, 0]) == ([20, 20, None], 40)  # 30 would say that the third is below five
    assert released([240, 110, 35]) == ([240, 110, 40], 390)
    assert released([5, 12]) == ([None, 10], None)


def test_a_percentage_is_made_of_published_counts_only() -> None:
    assert published_percent(20, 30) == 67
    assert published_percent(None, 30) is None
    assert published_percent(20, None) is None


def test_an_integer_programme_finds_nothing_in_two_hundred_random_tables() -> None:
    drawn = random.Random(20260728)  # noqa: S311 tables, not secrets
    withheld = exact = narrow = 0
    for _table in range(TABLES):
        units = drawn.randint(2, 12)
        scale = drawn.choice([4, 8, 15, 40])
        counts = [int(drawn.expovariate(1 / scale)) for _unit in range(units)]
        parts, total = released(counts)
        table = {"total": total, **{f"unit {unit}": part for unit, part in enumerate(parts)}}
        found = attack(table, [("total", [place for place in table if place != "total"])])
        withheld += len(found)
        exact += sum(each.is_exact for each in found)
        narrow += sum(each.is_narrow for each in found)

    assert withheld > TABLES
    assert (exact, narrow) == (0, 0)


@pytest.mark.parametrize(("units", "most"), [(1, 65), (2, 45), (3, 25)])
def test_who_knows_the_rule_and_tries_every_table_learns_no_more(units: int, most: int) -> None:
    """Also the moving of a total tells nothing: for each thing published, all tables that give it are looked at."""
    behind: dict[tuple[object, ...], list[tuple[int, ...]]] = defaultdict(list)
    for counts in itertools.product(range(most), repeat=units):
        parts, total = released(list(counts))
        behind[(*parts, total)].append(counts)

    for shown, tables in behind.items():
        for unit in range(units):
            if shown[unit] is None:
                values = {counts[unit] for counts in tables}
                assert min(values) == 0 and max(values) >= 5, (shown, sorted(values))
