"""The supervisor, with small programs in place of web, worker and beat."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config import supervise

PROJECT = Path(__file__).resolve().parents[2]
DEADLINE_SECONDS = 30.0

# Runs a Supervisor over the programs in the JSON file argv[1].
RUNNER = """
import json, sys
from pathlib import Path
from config import supervise
table = json.loads(Path(sys.argv[1]).read_text())
programs = [supervise.Program(name, command) for name, command in table["programs"]]
supervisor = supervise.Supervisor(programs, host="127.0.0.1", port=table["port"], var=Path(table["var"]))
sys.exit(supervisor.run())
"""

WEB = """
import http.server, os, sys
class Healthz(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *arguments):
        pass
print("web is", os.getpid(), flush=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Healthz).serve_forever()
"""

# A worker with a child of its own, as Celery has; both wait for ever.
WORKER = """
import os, signal, sys
child = os.fork()
if child == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        signal.pause()
print("worker is", os.getpid(), "with", child, flush=True)
def end(number, frame):
    os.kill(child, signal.SIGKILL)
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
while True:
    signal.pause()
"""

STUBBORN = """
import os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("worker is", os.getpid(), "with", os.getpid(), flush=True)
while True:
    signal.pause()
"""


def wait_until(condition: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {DEADLINE_SECONDS:.0f} s: {what}"
        time.sleep(0.02)
    return found


def lives(pid: int) -> bool:
    """Say whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Portal:
    """A supervisor in a process of its own, whose output is kept in a file."""

    def __init__(self, var: Path, port: int, worker: str, name: str = "portal") -> None:
        python = sys.executable
        self.port = port
        table = {
            "var": str(var),
            "port": port,
            "programs": [["web", [python, "-c", WEB, str(port)]], ["worker", [python, "-c", worker]]],
        }
        var.mkdir(exist_ok=True)
        path = var / f"{name}.json"
        path.write_text(json.dumps(table))
        self.output_path = var / f"{name}.out"
        with open(self.output_path, "wb") as output:
            self.process = subprocess.Popen(
                [python, "-c", RUNNER, str(path)], cwd=PROJECT, stdout=output, stderr=subprocess.STDOUT
            )

    @property
    def output(self) -> str:
        return self.output_path.read_text(encoding="utf-8")

    def pids(self) -> list[int]:
        """Return every process id that a program has told."""
        told = re.findall(r"\| (?:web|worker) is (\d+)(?: with (\d+))?", self.output)
        return [int(pid) for pair in told for pid in pair if pid]

    def workers(self) -> list[int]:
        return [int(pid) for pid in re.findall(r"\| worker is (\d+)", self.output)]

    def wait_ready(self) -> None:
        wait_until(
            lambda: "The portal is ready" in self.output and self.workers(),
            "the portal announces its address",
        )

    def wait_end(self) -> int:
        return self.process.wait(timeout=DEADLINE_SECONDS)

    def clean_up(self) -> None:
        self.process.kill()
        self.process.wait()
        for pid in self.pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@pytest.fixture
def start(tmp_path: Path, free_port: int) -> Iterator[Callable[..., Portal]]:
    portals: list[Portal] = []

    def start_portal(worker: str = WORKER, **options: Any) -> Portal:
        portals.append(Portal(tmp_path / "var", options.pop("port", free_port), worker, **options))
        return portals[-1]

    yield start_portal
    for portal in portals:
        portal.clean_up()


def test_it_prints_the_address_and_one_account_a_role(start: Callable[..., Portal], tmp_path: Path) -> None:
    accounts = [
        {"email": "a@x.vn", "password": "mot-hai", "role": "filing", "agency": "CA", "area_code": "62"},
        {"email": "b@x.vn", "password": "ba-bon", "role": "filing", "agency": "CA", "area_code": "62"},
        {"email": "c@x.vn", "password": "nam-sau", "role": "head", "agency": "UBND", "area_code": "62"},
    ]
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "demo-accounts.json").write_text(json.dumps(accounts))
    portal = start()
    portal.wait_ready()
    wait_until(lambda: "nam-sau" in portal.output, "the table of accounts")
    assert f"http://127.0.0.1:{portal.port}/" in portal.output
    assert "a@x.vn" in portal.output
    assert "b@x.vn" not in portal.output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_and_ends_well(
    start: Callable[..., Portal], number: signal.Signals
) -> None:
    portal = start()
    portal.wait_ready()
    portal.process.send_signal(number)
    assert portal.wait_end() == 0
    assert [pid for pid in portal.pids() if lives(pid)] == []
    assert "Traceback" not in portal.output


def test_a_program_that_ignores_term_is_killed_on_the_second_signal(start: Callable[..., Portal]) -> None:
    portal = start(STUBBORN)
    portal.wait_ready()
    portal.process.send_signal(signal.SIGINT)
    wait_until(lambda: "Stopping" in portal.output, "the supervisor stops")
    web = next(pid for pid in portal.pids() if pid not in portal.workers())
    wait_until(lambda: not lives(web), "web has ended")
    portal.process.send_signal(signal.SIGINT)
    started = time.monotonic()
    assert portal.wait_end() == 0
    assert time.monotonic() - started < supervise.GRACE_SECONDS / 2
    assert [pid for pid in portal.pids() if lives(pid)] == []


def test_a_killed_worker_comes_back_and_leaves_no_orphan(start: Callable[..., Portal]) -> None:
    portal = start()
    portal.wait_ready()
    before = portal.pids()
    first = portal.workers()[0]
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: len(portal.workers()) == 2, "a new worker")
    assert portal.process.poll() is None
    orphan = before[before.index(first) + 1]
    wait_until(lambda: not lives(orphan), "the killed worker's child has gone")
    assert "worker ended (killed by signal 9)" in portal.output


def test_a_program_that_keeps_failing_stops_the_portal_with_a_sentence(start: Callable[..., Portal]) -> None:
    portal = start("print('the reason', flush=True); raise SystemExit(3)")
    assert portal.wait_end() == 1
    assert portal.output.count("| the reason") == supervise.FAILURES
    assert "worker ended 5 times within 30 s" in portal.output
    assert [pid for pid in portal.pids() if lives(pid)] == []


def test_nothing_is_left_when_the_supervisor_is_killed(start: Callable[..., Portal]) -> None:
    portal = start()
    portal.wait_ready()
    pids = portal.pids()
    assert len(pids) == 3
    portal.process.kill()
    portal.process.wait()
    wait_until(lambda: not any(lives(pid) for pid in pids), "every program has gone")


def test_a_taken_port_gives_a_sentence_in_both_languages(start: Callable[..., Portal]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        portal = start(port=port)
        assert portal.wait_end() == 1
    sentence = f"Cổng {port} đang được chương trình khác dùng; đặt PORT={port + 1} make demo"
    assert sentence in portal.output
    assert f"Port {port} is in use by another program" in portal.output
    assert portal.pids() == []


def test_a_second_portal_of_the_same_directory_says_where_the_first_runs(
    start: Callable[..., Portal],
) -> None:
    first = start()
    first.wait_ready()
    second = start(name="second")
    assert second.wait_end() == 1
    assert f"already runs on port {first.port} (process {first.process.pid})" in second.output
    assert first.process.poll() is None


def test_a_port_that_is_no_port_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "eighty")
    assert supervise.main() == 1
    assert "PORT=eighty" in capsys.readouterr().err


def test_a_missing_or_broken_list_of_accounts_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "demo-accounts.json"
    assert supervise.demo_accounts_table(path) == ""
    path.write_text("[1, 2")
    assert supervise.demo_accounts_table(path) == ""
