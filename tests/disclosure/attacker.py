"""An attacker: works out of all that was published the least and the most that each withheld count can be.

An integer programme: one unknown for each count, the bounds that the rule leaves it, and every sum that the attacker
knows to hold. The answer is exact, so a range that is found here cannot be narrowed by any other reckoning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_matrix

from reporting.disclosure.rule import NARROWEST, WITHHELD, bounds_of

#: One sum: the place of the total, and the places of its parts.
Sum = tuple[str, Sequence[str]]


@dataclass(frozen=True)
class Range:
    """What the attacker knows in the end of one withheld count."""

    place: str
    least: int
    most: int

    @property
    def is_exact(self) -> bool:
        return self.least == self.most

    @property
    def is_narrow(self) -> bool:
        return self.least > 0 or self.most - self.least < NARROWEST


#: More than any count of the tests.
_ANYTHING = (0, 10**6)


def attack(published: Mapping[str, int | None], sums: Iterable[Sum]) -> list[Range]:
    """The range of every withheld small count (None in ``published``). Fails where the sums cannot hold at all.

    A total that is withheld beside parts that are published is no small count, so nothing is known of it.
    """
    places = list(published)
    number = {place: at for at, place in enumerate(places)}
    listed = list(sums)
    known = {place: WITHHELD if value is None else bounds_of(value) for place, value in published.items()}
    for total, parts in listed:
        if published[total] is None and any(published[part] is not None for part in parts):
            known[total] = _ANYTHING
    bounds = list(known.values())
    matrix = lil_matrix((len(listed), len(places)))
    for row, (total, parts) in enumerate(listed):
        matrix[row, number[total]] = -1
        for part in parts:
            matrix[row, number[part]] = 1
    held = LinearConstraint(matrix.tocsr(), 0, 0)
    within = Bounds([low for low, _ in bounds], [high for _, high in bounds])
    found = []
    for place in places:
        if published[place] is not None or known[place] is _ANYTHING:
            continue
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(places))
            aim[number[place]] = sign
            solved = milp(aim, constraints=held, bounds=within, integrality=np.ones(len(places)))
            assert solved.success, f"no table fits what was published: {solved.message}"
            ends.append(round(sign * solved.fun))
        found.append(Range(place, ends[0], ends[1]))
    return found
