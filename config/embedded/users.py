"""The processes that use the server: the first starts it, the last stops it."""

from __future__ import annotations

import atexit
import errno
import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path

from config.embedded.failures import EmbeddedDatabaseError, failure
from config.embedded.locks import hold_start_lock, lives, open_descriptor, open_lock, try_lock, wait_for_lock
from config.embedded.places import DATA_DIR, KEEP_VARIABLE, Places
from config.embedded.postmaster import may_repair, postmaster_says, recorded_postmaster
from config.embedded.server import POLL_SECONDS, Server, running_server, servers, start_server, stop_server

HANDOVER_SECONDS = 2.0
# data directory -> process id that took the locks, descriptor of the users lock, of the alive lock
_users: dict[Path, tuple[int, int, int]] = {}


def ensure_running(data_dir: Path = DATA_DIR, *, join: bool = True) -> Server:
    """Return the server of `data_dir`, created and started first if necessary.

    With `join` this process counts as a user of the server until it exits. Raises EmbeddedDatabaseError with
    one sentence that names the directory, the log and the remedy.
    """
    data_dir = data_dir.resolve()
    places = Places(data_dir)
    known = servers.get(data_dir)
    if known and known.is_running() and known.has_socket() and (not join or _is_user(data_dir)):
        return known
    try:
        for directory in (places.run, places.log.parent):
            directory.mkdir(parents=True, exist_ok=True)
        with hold_start_lock(places):
            if join:
                _become_user(places)
            running = running_server(places)
            server = running or start_server(places)
            if join and running is None and os.environ.get(KEEP_VARIABLE) != "1":
                _start_watcher(places)
            elif not join:
                places.keep_mark.touch()
    except OSError as error:
        closed = error.errno in (errno.EACCES, errno.EPERM, errno.EROFS)
        remedy = f"make {data_dir.parent} writable for this account" if closed else ""
        raise failure(places, f"of an error ({error})", remedy=remedy, error=error) from error
    servers[data_dir] = server
    return server


def doubt(data_dir: Path) -> None:
    """Let the next `ensure_running` look at a server that refused a connection, unless it is at work on its repair."""
    data_dir = data_dir.resolve()
    recorded = recorded_postmaster(Places(data_dir))
    if recorded is None or not may_repair(recorded[0]):
        servers.pop(data_dir, None)


def find_running(data_dir: Path = DATA_DIR) -> Server | None:
    """Return the server of `data_dir` if it runs; start nothing."""
    places = Places(data_dir.resolve())
    if not places.server_lock.exists():
        return None
    return running_server(places)


def stop_if_unused(data_dir: Path = DATA_DIR) -> bool:
    """Stop the server unless another process uses it; return whether nothing runs afterwards."""
    places = Places(data_dir.resolve())
    if not places.run.is_dir():
        return True
    with hold_start_lock(places), open_lock(places.users_lock) as users:
        if not try_lock(users, fcntl.LOCK_EX):
            return False
        stop_server(places)
    return True


def _is_user(data_dir: Path) -> bool:
    return data_dir in _users and _users[data_dir][0] == os.getpid()


def _become_user(places: Places) -> None:
    if _is_user(places.data):
        return
    inherited = _users.pop(places.data, None)
    if inherited is not None:  # a fork of a user: take a lock of our own and let go of the parent's
        os.close(inherited[1])
        os.close(inherited[2])
    descriptors = [open_descriptor(path) for path in (places.users_lock, places.alive_lock)]
    for descriptor in descriptors:
        wait_for_lock(descriptor, fcntl.LOCK_SH, places, "is being stopped by another process")
    _users[places.data] = (os.getpid(), descriptors[0], descriptors[1])
    atexit.register(_leave, places)


def _leave(places: Places) -> None:
    """Stop being a user; the last one stops the server. Does nothing in forks of the process that joined."""
    pid, users, alive = _users.get(places.data, (0, -1, -1))
    if pid != os.getpid():
        return
    del _users[places.data]
    os.close(users)
    try:
        # One that repairs what a crash left would begin anew if it were stopped.
        if os.environ.get(KEEP_VARIABLE) == "1" or postmaster_says(places) == "starting":
            places.keep_mark.touch()
        else:
            stop_if_unused(places.data)
    except (EmbeddedDatabaseError, OSError) as error:
        print(f"embedded database: {error}", file=sys.stderr)
    finally:
        os.close(alive)  # last, so that the watcher wakes when there is nothing left to do for it


def _start_watcher(places: Places) -> None:
    """Leave a process behind that stops the server when every user was killed."""
    project = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "config.embedded", "watch", "--data-dir", str(places.data)]
    subprocess.run(
        ["/bin/sh", "-c", '"$@" &', "sh", *command],
        cwd=project,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
    )


def watch_users(places: Places) -> None:
    """Sleep until no user is left, and stop the server unless it was left running on purpose."""
    while places.run.is_dir() and not places.keep_mark.exists():
        with open_lock(places.alive_lock) as alive:
            fcntl.flock(alive, fcntl.LOCK_EX)
        # A process that replaces itself by another (exec) is no user for a moment.
        deadline = time.monotonic() + HANDOVER_SECONDS
        while lives(places) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        if not lives(places) or places.keep_mark.exists() or stop_if_unused(places.data):
            return
