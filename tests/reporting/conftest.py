"""A report that is owed, a unit's draft of it, and work in another connection."""

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from reporting.models import Obligation, Submission
from reporting.services.submissions.opening import open_submission
from tests.cast import Cast
from tests.reporting.records import obligation


@pytest.fixture
def owed(cast: Cast) -> Obligation:
    """What the police of Bát Xát owe."""
    return obligation(cast.agencies.bat_xat_police, cast.map.bat_xat)


@pytest.fixture
def draft(owed: Obligation, cast: Cast) -> Submission:
    return open_submission(obligation=owed, actor=cast.people.filing_officer)


@pytest.fixture
def in_other_connection(transactional_db: None) -> Iterator[Callable[[Callable[[], None]], threading.Thread]]:
    """Run something in a thread, with a connection of its own, which is closed in the end."""
    threads: list[threading.Thread] = []

    def run(task: Callable[[], None]) -> threading.Thread:
        def with_connection() -> None:
            try:
                task()
            finally:
                connection.close()

        thread = threading.Thread(target=with_connection)
        thread.start()
        threads.append(thread)
        return thread

    yield run
    for thread in threads:
        thread.join(timeout=30)
