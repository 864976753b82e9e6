"""The embedded PostgreSQL: started on demand, for root and for anybody, and never left behind."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2  # type: ignore[import-untyped, unused-ignore]
import pytest

from config import embedded
from config.embedded.server import servers
from tests.postmaster import postmaster_pid

PROJECT = Path(__file__).resolve().parents[2]
DEADLINE_SECONDS = 60.0


def wait_until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"not within {DEADLINE_SECONDS:.0f} s: {what}"
        time.sleep(0.02)


@pytest.fixture
def place() -> Iterator[Path]:
    """A short directory that every account may pass through; its servers, and no other, are stopped at the end."""
    base = Path(tempfile.mkdtemp(prefix="pcmbn-"))
    base.chmod(0o755)
    yield base
    started = {data: server for data, server in servers.items() if base in data.parents}
    for data in base.rglob("PG_VERSION"):
        with contextlib.suppress(embedded.EmbeddedDatabaseError):
            if server := embedded.find_running(data.parent):
                server.stop()
    for data, server in started.items():
        servers.pop(data, None)
        if base not in server.socket_dir.parents:
            shutil.rmtree(server.socket_dir, ignore_errors=True)
    shutil.rmtree(base, ignore_errors=True)


def ask(server: embedded.Server, query: str, database: str = "postgres") -> object:
    connection = server.connect(database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]
    finally:
        connection.close()


USER = """
import sys
from pathlib import Path
from config import embedded
try:
    server = embedded.ensure_running(Path(sys.argv[1]))
    server.ensure_database("shared")
    print("ready", flush=True)
except embedded.EmbeddedDatabaseError as error:
    print(error, flush=True)
sys.stdin.read()
"""


def start_user(data: Path, keep: str = "") -> subprocess.Popen[str]:
    """Start another process that uses the server until its stdin is closed."""
    environment = {**os.environ, embedded.KEEP_VARIABLE: keep}
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(data)],
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=DEADLINE_SECONDS)


def test_a_first_start_makes_a_private_server_with_a_database(place: Path) -> None:
    data = place / "var" / "pg"
    server = embedded.ensure_running(data, join=False)
    server.ensure_database("pcmbn")
    server.ensure_database("pcmbn")
    assert server.is_running()
    assert ask(server, "SHOW server_version").__str__().startswith("18")
    assert ask(server, "SHOW listen_addresses") == ""
    assert ask(server, "SHOW data_checksums") == "on"
    assert ask(server, "SHOW fsync") == "on"
    assert ask(server, "SELECT datlocale FROM pg_database WHERE datname = 'pcmbn'", "pcmbn") == "C.UTF-8"
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
    assert [path.name for path in (place / "var").iterdir() if ".new-" in path.name] == []
    if os.geteuid() == 0:
        assert data.stat().st_uid == pwd.getpwnam(embedded.ACCOUNT).pw_uid


def test_the_url_and_the_django_settings_reach_the_same_server(place: Path) -> None:
    data = place / "Thư mục có dấu" / "pg"
    server = embedded.ensure_running(data, join=False)
    server.ensure_database("pcmbn")
    with contextlib.closing(psycopg2.connect(server.url("pcmbn"))) as connection:
        assert connection.info.dbname == "pcmbn"
    settings = server.django_settings("pcmbn")
    with contextlib.closing(
        psycopg2.connect(
            host=settings["HOST"], port=settings["PORT"], user=settings["USER"], dbname=settings["NAME"]
        )
    ) as connection:
        assert connection.info.dbname == "pcmbn"


def test_a_failing_statement_leaves_no_personal_data_in_the_server_log(place: Path) -> None:
    data = place / "var" / "pg"
    server = embedded.ensure_running(data, join=False)
    with contextlib.closing(server.connect()) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE person (name text UNIQUE)")
        cursor.execute("INSERT INTO person VALUES ('MARKER Nguyễn Thị A')")
        with pytest.raises(psycopg2.errors.UniqueViolation):
            cursor.execute("INSERT INTO person VALUES (%s)", ["MARKER Nguyễn Thị A"])
    log = (place / "var" / "log" / "postgresql.log").read_text(encoding="utf-8")
    assert "ready to accept connections" in log
    assert "duplicate key" not in log
    assert "MARKER" not in log


def test_a_killed_server_starts_again_and_kept_what_was_committed(place: Path) -> None:
    data = place / "var" / "pg"
    server = embedded.ensure_running(data, join=False)
    with contextlib.closing(server.connect()) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 42 AS value")
        connection.commit()
    first = postmaster_pid(data)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: not server.is_running(), "the killed postmaster is gone")
    again = embedded.ensure_running(data, join=False)
    assert postmaster_pid(data) != first
    assert ask(again, "SELECT value FROM kept") == 42


def test_a_stale_process_id_of_another_living_program_does_not_block_the_start(place: Path) -> None:
    data = place / "var" / "pg"
    embedded.ensure_running(data, join=False).stop()
    lines = [str(os.getppid()), str(data), "1", "5432", str(place / "var" / "run" / "pg"), "", "0 0", "ready"]
    (data / "postmaster.pid").write_text("\n".join(lines) + "\n")
    assert ask(embedded.ensure_running(data, join=False), "SELECT 1") == 1


def test_a_path_longer_than_a_socket_name_may_be_works(place: Path) -> None:
    data = place / ("thư-mục-rất-dài-" * 6) / ("có khoảng trống " * 6) / ("x" * 80) / "var" / "pg"
    assert len(str(data)) > 250
    server = embedded.ensure_running(data, join=False)
    assert len(os.fsencode(server.socket_dir)) < 100
    assert ask(server, "SELECT 1") == 1
    found = embedded.find_running(data)
    assert found is not None
    assert found.socket_dir == server.socket_dir


def test_a_socket_directory_of_somebody_else_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = place / ("y" * 120) / "pg"
    server = embedded.ensure_running(data, join=False)
    server.stop()
    server.socket_dir.rmdir()
    server.socket_dir.symlink_to(place)
    try:
        with pytest.raises(embedded.EmbeddedDatabaseError, match="is not ours"):
            embedded.ensure_running(data, join=False)
    finally:
        server.socket_dir.unlink()


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lambda data: (data / "global" / "pg_control").write_bytes(b"\0" * 100), "server says"),
        (lambda data: (data / "postgresql.conf").write_text("nonsense = = ="), "server says"),
        (lambda data: (data / "PG_VERSION").write_text("16\n"), "PostgreSQL 16"),
        (lambda data: (data / "PG_VERSION").unlink(), "not a PostgreSQL database"),
    ],
)
def test_a_broken_directory_gives_one_clear_sentence(
    place: Path, damage: Callable[[Path], object], expected: str
) -> None:
    data = place / "var" / "pg"
    embedded.ensure_running(data, join=False).stop()
    damage(data)
    with pytest.raises(embedded.EmbeddedDatabaseError) as caught:
        embedded.ensure_running(data, join=False)
    sentence = str(caught.value)
    assert expected in sentence
    assert str(data) in sentence
    assert "\n" not in sentence
    assert "backup" in sentence


def test_a_full_disk_gives_one_clear_sentence(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 10, 0))
    with pytest.raises(embedded.EmbeddedDatabaseError, match=r"disk under .* is full .*postgresql\.log"):
        embedded.ensure_running(place / "var" / "pg", join=False)


def test_what_a_killed_initdb_left_is_cleared_away(place: Path) -> None:
    half = place / "var" / "pg.new-0badc0de"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server = embedded.ensure_running(place / "var" / "pg", join=False)
    assert ask(server, "SELECT 1") == 1
    assert not half.exists()


def test_two_processes_at_once_share_one_server_and_the_last_one_stops_it(place: Path) -> None:
    data = place / "var" / "pg"
    both = [start_user(data), start_user(data)]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    server = embedded.find_running(data)
    assert server is not None
    pid = postmaster_pid(data)
    finish(both[0])
    assert server.is_running()
    assert postmaster_pid(data) == pid
    finish(both[1])
    assert not server.is_running()
    assert not (data / "postmaster.pid").exists()


def test_a_killed_user_does_not_keep_the_server_alive(place: Path) -> None:
    data = place / "var" / "pg"
    killed, last = start_user(data), start_user(data)
    for process in (killed, last):
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    killed.kill()
    finish(killed)
    server = embedded.find_running(data)
    assert server is not None
    finish(last)
    assert not server.is_running()


def test_a_server_whose_only_user_was_killed_is_stopped_by_the_watcher(place: Path) -> None:
    data = place / "var" / "pg"
    only = start_user(data)
    assert only.stdout is not None
    assert only.stdout.readline() == "ready\n"
    server = embedded.find_running(data)
    assert server is not None
    only.kill()
    finish(only)
    wait_until(lambda: not server.is_running(), "the watcher stops the server")
    wait_until(lambda: not watchers(data), "the watcher has ended")


def test_a_server_that_is_kept_on_purpose_stays(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = place / "var" / "pg"
    first = start_user(data)
    assert first.stdout is not None
    assert first.stdout.readline() == "ready\n"
    last = start_user(data, keep="1")
    assert last.stdout is not None
    assert last.stdout.readline() == "ready\n"
    finish(first)
    finish(last)
    wait_until(lambda: not watchers(data), "the watcher has ended")
    assert embedded.find_running(data) is not None


def watchers(data: Path) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            command = process.read_bytes().decode(errors="replace").split("\0")
            if "watch" in command and str(data) in command:
                found.append(process.parent.name)
    return found


FORKING_USER = """
import os, sys
from pathlib import Path
from config import embedded
server = embedded.ensure_running(Path(sys.argv[1]))
if os.fork() == 0:
    sys.exit(0)
os.wait()
print(server.is_running(), flush=True)
"""


def test_the_exit_of_a_fork_does_not_stop_its_parents_server(place: Path) -> None:
    data = place / "var" / "pg"
    command = [sys.executable, "-c", FORKING_USER, str(data)]
    environment = {key: value for key, value in os.environ.items() if key != embedded.KEEP_VARIABLE}
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=DEADLINE_SECONDS
    )
    assert done.stdout == "True\n"
    assert embedded.find_running(data) is None


def test_the_command_line_starts_and_stops(place: Path) -> None:
    data = place / "var" / "pg"

    def call(action: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "config.embedded", action, "--data-dir", str(data)]
        return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=DEADLINE_SECONDS)

    assert call("status").returncode == 3
    assert call("start").stdout.startswith("postgres://")
    assert call("status").returncode == 0
    assert call("stop").stdout == "stopped\n"
    assert call("status").returncode == 3


def test_no_tcp_port_is_opened(place: Path) -> None:
    embedded.ensure_running(place / "var" / "pg", join=False)
    pid = postmaster_pid(place / "var" / "pg")
    inodes = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            if found := re.fullmatch(r"socket:\[(\d+)\]", os.readlink(descriptor)):
                inodes.add(found[1])
    tcp = [line.split() for name in ("tcp", "tcp6") for line in _proc_net(name)]
    assert not inodes & {line[9] for line in tcp if len(line) > 9}


def _proc_net(name: str) -> list[str]:
    try:
        return Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    except OSError:
        return []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another account")
def test_root_opens_a_closed_parent_for_walking_through_and_for_nobody_else(
    place: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    closed = place / "home"
    closed.mkdir(mode=0o700)
    server = embedded.ensure_running(closed / "clone" / "var" / "pg", join=False)
    assert ask(server, "SELECT 1") == 1
    assert stat.S_IMODE(closed.stat().st_mode) == 0o710
    assert closed.stat().st_gid == pwd.getpwnam(embedded.ACCOUNT).pw_gid
    assert capfd.readouterr().err.count(f"may now walk through {closed},") == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another account")
def test_an_ordinary_user_has_a_server_of_their_own(place: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    as_nobody = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    try:
        reached = subprocess.run([sys.executable, "-c", ""], cwd=PROJECT, capture_output=True, **as_nobody)  # type: ignore[call-overload]
        interpreter = sys.executable if reached.returncode == 0 else None
    except PermissionError:
        interpreter = None
    search_path = str(PROJECT)
    if interpreter is None:
        # The virtual environment's interpreter lies where nobody may go; Debian's own will do.
        interpreter = shutil.which("python3", path="/usr/bin:/bin")
        assert interpreter is not None, f"nobody cannot run {sys.executable} and there is no other python3"
        site_packages = Path(psycopg2.__file__).parents[1]
        search_path += os.pathsep + str(site_packages)
    data = place / "own" / "var" / "pg"
    (place / "own").mkdir()
    os.chown(place / "own", nobody.pw_uid, nobody.pw_gid)
    done = subprocess.run(  # type: ignore[call-overload]
        [interpreter, "-c", USER, str(data)],
        cwd=PROJECT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": search_path, "PYTHONDONTWRITEBYTECODE": "1"},
        input="",
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        **as_nobody,
    )
    assert done.stdout == "ready\n", done.stderr
    assert data.stat().st_uid == nobody.pw_uid
    assert embedded.find_running(data) is None
    # Root goes on with the account that made it.
    server = embedded.ensure_running(data, join=False)
    assert os.stat(f"/proc/{postmaster_pid(data)}").st_uid == nobody.pw_uid
    assert ask(server, "SELECT 1", "shared") == 1


def test_the_socket_answers_only_in_its_directory(place: Path) -> None:
    server = embedded.ensure_running(place / "var" / "pg", join=False)
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(server.socket_dir / f".s.PGSQL.{server.port}"))


def test_a_server_whose_socket_was_cleaned_away_is_started_anew(place: Path) -> None:
    data = place / "pg"
    server = embedded.ensure_running(data, join=False)
    before = postmaster_pid(data)
    for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (server.socket_dir / name).unlink()
    again = embedded.ensure_running(data, join=False)
    assert ask(again, "SELECT 1") == 1
    assert postmaster_pid(data) != before
