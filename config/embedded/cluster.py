"""The data directory: made, looked at, and its settings."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
import subprocess
from pathlib import Path

from config.embedded.accounts import Account, account_name, let_through, run_as
from config.embedded.failures import EmbeddedDatabaseError, failure, no_space
from config.embedded.places import Places
from config.embedded.programs import find_program

MAJOR_VERSION = "18"
SPACE_TO_CREATE = 150 * 1024 * 1024
SPACE_TO_START = 32 * 1024 * 1024
_SETTINGS_FILE = "pcmbn.conf"
_SETTINGS = """\
# Written anew at every start by config/embedded.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 128MB
huge_pages = off
# After a crash: one flush of the file system, not one of each of many thousand files.
recovery_init_sync_method = syncfs
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = off
log_destination = 'stderr'
log_line_prefix = '%m [%p] %q%u@%d '
# No personal data in the server log: neither statements nor parameters nor the rows that broke a constraint. A
# failed statement is not logged at all, since its message may repeat a value; the portal logs what kind it was.
log_statement = none
log_min_messages = log
log_min_duration_statement = -1
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


def create_cluster(places: Places, account: Account | None, lock: int) -> None:
    """Make the data directory beside its place and rename it: half of one is never taken for whole."""
    data = places.data
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise failure(places, "it holds something that is not a PostgreSQL database")
    for leftover in data.parent.glob(f"{data.name}.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh = data.parent / f"{data.name}.new-{secrets.token_hex(4)}"
    fresh.mkdir(mode=0o700)
    try:
        if account:
            os.chown(fresh, account.uid, account.gid)
            let_through(fresh.parent, account, places)
        command = [str(find_program("initdb", places, account)), "-D", str(fresh), "--username=postgres"]
        command += ["--auth=trust", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
        command += ["--builtin-locale=C.UTF-8", "--data-checksums", "--no-instructions"]
        made = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            pass_fds=[lock],
            check=False,
            **run_as(account),
        )
        if made.returncode != 0:
            lines = [line for line in made.stderr.splitlines() if "error" in line or "FATAL" in line]
            raise failure(places, (lines or made.stderr.splitlines() or ["initdb failed"])[0].strip())
        with open(fresh / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write(f"\ninclude = '{_SETTINGS_FILE}'\n")
        os.rename(fresh, data)
        directory = os.open(data.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def write_settings(data: Path, account: Account | None) -> None:
    path = data / _SETTINGS_FILE
    if not path.exists() or path.read_text(encoding="utf-8") != _SETTINGS:
        path.write_text(_SETTINGS, encoding="utf-8")
    if account:
        os.chown(path, account.uid, account.gid)


def is_cluster(data: Path) -> bool:
    return (data / "PG_VERSION").exists()


def check_cluster(places: Places, account: Account | None) -> None:
    try:
        version = (places.data / "PG_VERSION").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise failure(places, f"it cannot be read ({error})", error=error) from error
    if version != MAJOR_VERSION:
        found = version if re.fullmatch(r"[0-9.]{1,8}", version) else "an unknown version"
        raise EmbeddedDatabaseError(
            f"The database in {places.data} was made by PostgreSQL {found} and this portal "
            f"brings {MAJOR_VERSION}: restore a backup of it into a new directory, "
            f"or move {places.data} away if it is only a demo."
        )
    owner = places.data.stat().st_uid
    if account and owner != account.uid:  # copied or restored by root
        for directory, _, names in os.walk(places.data):
            os.lchown(directory, account.uid, account.gid)
            for name in names:
                os.lchown(os.path.join(directory, name), account.uid, account.gid)
    if account is None and owner != os.getuid():
        raise failure(
            places, f"it belongs to the account {account_name(owner)}", remedy="run this as that account"
        )
    if stat.S_IMODE(places.data.stat().st_mode) != 0o700:
        places.data.chmod(0o700)
    if account:
        let_through(places.data.parent, account, places)


def check_space(places: Places, needed: int) -> None:
    """Raises EmbeddedDatabaseError where the disk of the data, or that of its log, has less room than ``needed``."""
    write_ahead = places.data / "pg_wal"  # an administrator may have moved it to another disk
    for place in [places.data.parent, write_ahead] if write_ahead.is_dir() else [places.data.parent]:
        free = shutil.disk_usage(place).free
        if free < needed:
            detail = f"{free // 2**20} MB are free and {needed // 2**20} MB are needed"
            raise no_space(places, detail, where=place.resolve())
