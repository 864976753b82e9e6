"""The role the portal connects as, whom the row-level policies bind, and a second agency that keeps files."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from accounts.models import Role, User
from tests.cast import Cast, member, person
from tests.portal_role import portal_role
from tests.victims.files import FAR_WORKER

AsPortal = Callable[[], AbstractContextManager[str]]


@pytest.fixture
def as_portal(db: None) -> AsPortal:
    """Within it the connection is of a role that owns nothing, so that policies bind it."""

    return portal_role


@pytest.fixture
def worker(cast: Cast) -> User:
    """The case worker of the department of labour of Lào Cai."""
    return cast.people.case_worker


@pytest.fixture
def colleague(cast: Cast) -> User:
    return person("giang.thi.so@example.vn", (Role.CASE_WORKER, cast.agencies.lao_cai_labour))


@pytest.fixture
def head(cast: Cast) -> User:
    """Leads the department of labour of Lào Cai."""
    return person("vu.thi.hanh@example.vn", (Role.HEAD_OF_UNIT, cast.agencies.lao_cai_labour))


@pytest.fixture
def far_worker(cast: Cast) -> User:
    """The case worker of the department of labour of Kon Tum, another province."""
    user = person(FAR_WORKER)
    member(user, Role.CASE_WORKER, cast.agencies.kon_tum_labour)
    return user
