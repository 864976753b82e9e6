"""Nothing that runs is under the GPL or AGPL: each package of the lock file says so itself, in what is installed."""

from __future__ import annotations

import re
from importlib.metadata import metadata
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
LOCKS = ("requirements.lock", "requirements-telemetry.lock")

#: Packages whose metadata do not say it, with where it was read.
READ_BY_HAND = {
    "pyrage": "MIT: the LICENSE in its wheel",
}
#: Packages that may be taken under one of several licences, and under which they are.
CHOSEN = {
    "pyphen": "MPL 1.1, of GPL 2.0+, LGPL 2.1+ and MPL 1.1",
}


def packages() -> list[str]:
    lines = "\n".join((PROJECT / lock).read_text() for lock in LOCKS)
    return sorted(set(re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==", lines, re.MULTILINE)))


def licences_of(package: str) -> list[str]:
    told = metadata(package)
    said = [told.get("License-Expression", ""), (told.get("License") or "").partition("\n")[0]]
    said += [each for each in told.get_all("Classifier") or [] if each.startswith("License ::")]
    return [each for each in said if each]


def is_strong_copyleft(licence: str) -> bool:
    """GPL or AGPL, and not the Lesser GPL, which binds changes to the library alone."""
    without_lesser = re.sub(r"LGPL|(Library or )?Lesser General Public", "", licence)
    return bool(re.search(r"GPL|General Public", without_lesser))


def test_the_names_of_licences_are_told_apart() -> None:
    strong = (
        "GPLv3",
        "GPL-2.0-or-later",
        "AGPL-3.0",
        "License :: OSI Approved :: GNU General Public License (GPL)",
    )
    others = (
        "LGPL with exceptions",
        "MIT",
        "BSD-3-Clause",
        "GNU Library or Lesser General Public License (LGPL)",
    )

    assert all(map(is_strong_copyleft, strong))
    assert not any(map(is_strong_copyleft, others))


@pytest.mark.parametrize("package", packages())
def test_a_package_that_runs_is_not_under_the_gpl(package: str) -> None:
    said = licences_of(package)

    assert said or package in READ_BY_HAND
    assert package in CHOSEN or not [licence for licence in said if is_strong_copyleft(licence)]


def test_the_lists_above_name_only_what_is_used() -> None:
    assert set(READ_BY_HAND) | set(CHOSEN) <= set(packages())
