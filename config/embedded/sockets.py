"""The directory of the server's socket."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import tempfile
from pathlib import Path

from config.embedded.accounts import Account, let_through
from config.embedded.failures import failure
from config.embedded.places import Places

PORT = 5432  # only names the socket file; no TCP port is opened
_SOCKET_PATH_LIMIT = 107


def make_socket_dir(places: Places, account: Account | None) -> Path:
    """Return a directory that only the server's account can enter, short enough for a unix socket."""
    beside = places.run / places.data.name
    if _fits(beside):
        chosen = beside
    else:
        name = "pcmbn-pg-" + hashlib.sha256(os.fsencode(places.data)).hexdigest()[:16]
        in_temp = Path(tempfile.gettempdir()).resolve() / name
        chosen = in_temp if _fits(in_temp) else Path("/tmp") / name
    uid = account.uid if account else os.geteuid()
    with contextlib.suppress(FileExistsError):
        chosen.mkdir(mode=0o700)
        if account:
            os.chown(chosen, account.uid, account.gid)
    found = chosen.lstat()
    # Root owns it for a moment between mkdir and chown; killed there, it is put right now.
    if account and stat.S_ISDIR(found.st_mode) and found.st_uid == 0:
        os.chown(chosen, account.uid, account.gid)
        found = chosen.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid:
        raise failure(
            places,
            f"its socket directory {chosen} is not ours",
            remedy="remove it if you know where it comes from",
        )
    if stat.S_IMODE(found.st_mode) != 0o700:
        chosen.chmod(0o700)
    if account:
        let_through(chosen.parent, account, places)
    return chosen


def _fits(directory: Path) -> bool:
    """Say whether a socket in `directory` has a legal name (a comma ends a host name for libpq)."""
    socket = directory / f".s.PGSQL.{PORT}"
    return len(os.fsencode(socket)) <= _SOCKET_PATH_LIMIT and "," not in str(directory)
