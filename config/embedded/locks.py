"""The locked files that tell whether the server lives, who uses it and who is starting it."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from config.embedded.accounts import account_name
from config.embedded.failures import EmbeddedDatabaseError, failure
from config.embedded.places import Places

START_SECONDS = 60.0
STOP_SECONDS = 30.0
#: A server that says it is starting repairs what a crash left: with much data on a slow disk that takes minutes, and
#: one that is stopped meanwhile begins anew.
RECOVERY_SECONDS = 1800.0
#: How long no process that repairs may be seen. The server gives others 5 seconds to end before it starts to repair.
IDLE_SECONDS = 10.0


def open_descriptor(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except PermissionError as error:
        raise EmbeddedDatabaseError(
            f"The file {path} belongs to the account {account_name(path.stat().st_uid)}: run this as that "
            f"account, or remove the directory {path.parent}."
        ) from error


@contextlib.contextmanager
def open_lock(path: Path) -> Iterator[int]:
    """Give an open lock file; closing it frees the lock unless a child inherited it."""
    descriptor = open_descriptor(path)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            return False
        raise
    return True


def wait_for_lock(descriptor: int, kind: int, places: Places, otherwise: str) -> None:
    deadline = time.monotonic() + START_SECONDS + STOP_SECONDS
    while not try_lock(descriptor, kind):
        if time.monotonic() > deadline:
            raise failure(places, f"it {otherwise}")
        time.sleep(0.01)


@contextlib.contextmanager
def hold_start_lock(places: Places) -> Iterator[None]:
    """Let one process at a time create, start or stop the server."""
    with open_lock(places.start_lock) as descriptor:
        wait_for_lock(descriptor, fcntl.LOCK_EX, places, "is being started or stopped by another process")
        yield


def lives(places: Places) -> bool:
    """Say whether any process of the server lives: it holds the server lock."""
    if not places.server_lock.exists():
        return False
    with open_lock(places.server_lock) as descriptor:
        return not try_lock(descriptor, fcntl.LOCK_SH)
