"""A report that is owed, a unit's draft of it, and work in another connection."""

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction

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


@pytest.fixture
def not_committed_yet(
    in_other_connection: Callable[[Callable[[], None]], threading.Thread],
) -> Callable[[Callable[[], object]], Callable[[], None]]:
    """Write in a transaction of another connection, which commits when the function is called that this gives."""

    def begin(write: Callable[[], object]) -> Callable[[], None]:
        written, may_commit = threading.Event(), threading.Event()

        def slow_writer() -> None:
            with transaction.atomic():
                write()
                written.set()
                assert may_commit.wait(30)

        writer = in_other_connection(slow_writer)
        assert written.wait(30)

        def commit() -> None:
            may_commit.set()
            writer.join(30)

        return commit

    return begin
