"""The process id file of the server, and whether it tells the truth."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from config.embedded.failures import failure
from config.embedded.places import Places
from config.embedded.sockets import PORT

#: After which a process that has begun bears its own name.
YOUNG_SECONDS = 0.05


def forget_dead_postmaster(places: Places) -> None:
    """Remove the process id files of a server that crashed, if PostgreSQL would take it for alive.

    The server lock is ours here, so no server that we started lives. PostgreSQL itself only asks whether the
    process id exists, which is also true of a zombie and of another program that was given the same number.
    """
    recorded = recorded_postmaster(places)
    if recorded is None:
        return
    pid, socket_dir = recorded
    if is_postmaster(pid, places.data):
        raise failure(
            places, f"it is in use by a server that was started by hand (process {pid})", remedy="stop it"
        )
    (places.data / "postmaster.pid").unlink(missing_ok=True)
    if socket_dir:
        for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
            with contextlib.suppress(OSError):
                (socket_dir / name).unlink()


def recorded_postmaster(places: Places) -> tuple[int, Path | None] | None:
    """Return process id and socket directory from postmaster.pid, or None."""
    try:
        lines = (places.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        pid = abs(int(lines[0]))
    except (OSError, ValueError, IndexError):
        return None
    socket_dir = lines[4].strip() if len(lines) > 4 else ""
    return pid, Path(socket_dir) if socket_dir else None


def is_postmaster(pid: int, data: Path) -> bool:
    """Say whether `pid` lives and works in `data`, as the processes of its server do."""
    if not Path("/proc/self/cwd").exists():  # not Linux: as PostgreSQL itself does
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", data)
    except OSError:  # gone, a zombie, or of another account
        return False


def may_repair(pid: int) -> bool:
    """Say whether a process of the server reads its log again after a crash; also where that cannot be known.

    A child that still bears the postmaster's own command line has only just begun, and may become that process. So may
    one that refuses a connection, each time somebody asks, which is gone a moment later: it is looked for again.
    """
    try:
        own = Path(f"/proc/{pid}/cmdline").read_bytes()
        before = titles = _titles_of_children(pid)
        if own in titles.values():
            time.sleep(YOUNG_SECONDS)
            titles = _titles_of_children(pid)
    except OSError:
        return True
    if any(title.startswith(b"postgres: startup") for title in (*before.values(), *titles.values())):
        return True
    return any(title == own and before.get(child) == own for child, title in titles.items())


def _titles_of_children(pid: int) -> dict[str, bytes]:
    titles = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with contextlib.suppress(OSError):
            titles[child] = Path(f"/proc/{child}/cmdline").read_bytes()
    return titles


def postmaster_says(places: Places) -> str:
    """Return what the server noted of itself, such as "starting" or "ready"; nothing where it noted nothing."""
    with contextlib.suppress(OSError):
        lines = (places.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return lines[7].strip() if len(lines) >= 8 else ""
    return ""
