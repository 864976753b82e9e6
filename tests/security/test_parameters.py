"""No list and no public page falls over what somebody writes behind the question mark of its address."""

from __future__ import annotations

import re

import pytest
from django.core.cache import caches
from django.test import Client

from config.addresses import Address, all_addresses
from tests.cast import Cast
from tests.readers import Readers

#: The names that lists, boards and files of the portal read.
NAMES = re.findall(
    r"\w+",
    "q kind agency area state sort page per_page level day role person since until about period indicator code"
    " year show view compare record started_from ended_from ended_to s next unit province topic month programme",
)
#: NUL and half a pair with markup, and a number that fits nowhere.
HOSTILE = ("a%00%ed%a0%80'\"><svg/onload=alert(1)>", "29127671324490655072256")

#: Who opens most pages of each kind.
ROLES = ("administrator", "coordinator", "investigator")


def _pages() -> list[Address]:
    return [
        each
        for each in all_addresses()
        if not each.parameters and "GET" in each.methods and not each.path.startswith(("/accounts/", "/api/"))
    ]


@pytest.mark.parametrize("role", ROLES)
def test_no_parameter_breaks_a_page(role: str, cast: Cast) -> None:
    readers = Readers(cast.people, [role])
    browser: Client = readers.browser(role)
    browser.raise_request_exception = False
    pages = [each for each in _pages() if browser.get(each.path).status_code in (200, 302, 422)]
    assert len(pages) > 20

    broken = []
    for each in pages:
        for hostile in HOSTILE:
            caches["counts"].clear()
            answer = browser.get(f"{each.path}?{'&'.join(f'{name}={hostile}' for name in NAMES)}")
            if answer.status_code >= 500 or b"<svg/onload" in getattr(answer, "content", b""):
                broken.append((each.name, hostile, answer.status_code))
    assert broken == []
