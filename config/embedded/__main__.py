"""The embedded server by hand: `python -m config.embedded start|stop|status`."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable
from pathlib import Path

from config.embedded import (
    DATA_DIR,
    DATABASE,
    EmbeddedDatabaseError,
    ensure_running,
    find_running,
    stop_if_unused,
)
from config.embedded.places import Places
from config.embedded.users import watch_users


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description="The embedded PostgreSQL.")
    parser.add_argument("action", choices=["start", "stop", "status", "watch"])
    parser.add_argument("--data-dir", type=Path, default=DATA_DIR)
    parser.add_argument("--if-unused", action="store_true", help="stop only if no process uses the server")
    given = parser.parse_args(arguments)
    actions: dict[str, Callable[[], int]] = {
        "start": lambda: _main_start(given.data_dir),
        "stop": lambda: _main_stop(given.data_dir, given.if_unused),
        "status": lambda: _main_status(given.data_dir),
        "watch": lambda: _main_watch(given.data_dir),
    }
    try:
        return actions[given.action]()
    except EmbeddedDatabaseError as error:
        print(error, file=sys.stderr)
        return 1


def _main_start(data_dir: Path) -> int:
    """Start the server and leave it running; the next process that uses it stops it when it exits."""
    server = ensure_running(data_dir, join=False)
    server.ensure_database(DATABASE)
    print(server.url(DATABASE))
    return 0


def _main_stop(data_dir: Path, if_unused: bool) -> int:
    if if_unused:
        print("stopped" if stop_if_unused(data_dir) else "in use, left running")
        return 0
    server = find_running(data_dir)
    if server:
        server.stop()
    print("stopped")
    return 0


def _main_status(data_dir: Path) -> int:
    server = find_running(data_dir)
    print(f"running: {server.url(DATABASE)}" if server else "not running")
    return 0 if server else 3


def _main_watch(data_dir: Path) -> int:
    """What `_start_watcher` runs; not meant to be called by hand."""
    with contextlib.suppress(OSError):
        watch_users(Places(data_dir.resolve()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
