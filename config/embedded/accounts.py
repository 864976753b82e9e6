"""The system account that runs the server, and the way it may walk to its files."""

from __future__ import annotations

import contextlib
import os
import pwd
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.embedded.failures import EmbeddedDatabaseError, failure
from config.embedded.places import Places

ACCOUNT = "pcmbn-pg"
_ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "TZ": "UTC"}
_told: set[Path] = set()


@dataclass(frozen=True)
class Account:
    """The system account that runs the server; `None` where a field is means "as we are"."""

    name: str
    uid: int
    gid: int


def account_for(places: Places) -> Account | None:
    """Return the account to run the server as, or None where it runs as whoever we are."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(OSError):
        owner = places.data.stat()
        if owner.st_uid != 0:  # made by an ordinary user before: the same account goes on
            return Account(account_name(owner.st_uid), owner.st_uid, owner.st_gid)
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        command += ["--shell", "/usr/sbin/nologin", ACCOUNT]
        environment = {**os.environ, "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin"}
        try:
            made = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
            reason = made.stderr.strip()
        except OSError as error:
            reason = str(error)
        try:
            entry = pwd.getpwnam(ACCOUNT)
        except KeyError:
            raise EmbeddedDatabaseError(
                f"PostgreSQL does not run as root and the system account {ACCOUNT} could not be created "
                f"({reason or 'useradd failed'}): run `{' '.join(command)}`, or run this as an ordinary user."
            ) from None
    if entry.pw_uid == 0:
        raise EmbeddedDatabaseError(f"The system account {ACCOUNT} is root, which PostgreSQL refuses.")
    return Account(ACCOUNT, entry.pw_uid, entry.pw_gid)


def account_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def run_as(account: Account | None) -> dict[str, Any]:
    """Return the arguments of subprocess.run that make a program run as `account`, in `/`."""
    arguments: dict[str, Any] = {"cwd": "/", "env": _ENVIRONMENT}
    if account:
        arguments |= {"user": account.uid, "group": account.gid, "extra_groups": []}
    return arguments


def let_through(directory: Path, account: Account, places: Places) -> None:
    """Let `account` walk through `directory` and all above it; give no right to read any of them."""
    for step in (directory, *directory.parents):
        status = step.stat()
        mode = stat.S_IMODE(status.st_mode)
        if status.st_uid == account.uid:
            passes = bool(mode & stat.S_IXUSR)
        elif status.st_gid == account.gid:
            passes = bool(mode & stat.S_IXGRP)
        else:
            passes = bool(mode & stat.S_IXOTH)
        if passes:
            continue
        try:
            if status.st_uid != account.uid and not mode & stat.S_IRWXG:
                os.chown(step, -1, account.gid)
                step.chmod(mode | stat.S_IXGRP)
                given = f"its group is now that of {account.name}, with x"
            else:
                step.chmod(mode | stat.S_IXOTH)
                given = "o+x"
        except OSError as error:
            raise failure(
                places,
                f"the account {account.name} cannot pass through {step}",
                remedy=f"run `chmod o+x '{step}'`",
            ) from error
        if step not in _told:
            _told.add(step)
            print(
                f"embedded database: the account {account.name} may now walk through {step}, "
                f"without reading it ({given}).",
                file=sys.stderr,
            )
