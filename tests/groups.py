"""The order of the tests, and the groups of them that the processes of a run take one after another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

#: So many tests of one file, one after another, are a group; a longer file is shared among processes.
GROUP_SIZE = 200

#: Tests that share a portal, however many they are. The walks over all pages take as long as all else in the browser,
#: so another process may take them, with a portal of its own.
TOGETHER = ("tests/browser/test_accessible.py", "tests/browser/", "tests/faults/")


def turn(item: pytest.Item) -> int:
    """When a test runs. First those without a database: they run while another process migrates.

    Then those that share one long transaction, since tests elsewhere wait for it. What the tests with the whole map
    and those with the demonstration load stays in the database, so they come after the tests that make their own.
    Those in the browser and those that commit empty the tables, and come last.
    """
    marker, fixtures = item.get_closest_marker("django_db"), item.fixturenames  # type: ignore[attr-defined]
    if "transactional_db" in fixtures or (marker and marker.kwargs.get("transaction")):
        return 6
    if Path(__file__).parent / "browser" in item.path.parents:
        return 5
    if marker is None and "django_db_setup" not in fixtures:
        return 0
    if "_world" in fixtures:
        return 1
    return 4 if "demo" in fixtures else 3 if "all_areas" in fixtures else 2


def groups_of(tests: Sequence[str]) -> dict[str, str]:
    """The group of each test, by its name, in the order they run.

    Neighbours of one file are a group, since they share fixtures; those in one of `TOGETHER` share a portal.
    """
    groups: dict[str, str] = {}
    for number, (place, neighbours) in enumerate(groupby(tests, _place)):
        for index, test in enumerate(neighbours):
            part = 0 if place in TOGETHER else index // GROUP_SIZE
            groups[test] = f"{number} {place} {part}"
    return groups


def _place(test: str) -> str:
    return next((place for place in TOGETHER if test.startswith(place)), test.partition("::")[0])


class GroupScheduling(LoadScopeScheduling):
    """Gives a process that has nothing to do the next group."""

    _groups: dict[str, str] | None = None

    def _split_scope(self, nodeid: str) -> str:
        if self._groups is None:
            assert self.collection is not None
            self._groups = groups_of(self.collection)
        return self._groups[nodeid]
