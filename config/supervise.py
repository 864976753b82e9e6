"""Run the whole portal on one machine: web, worker and beat, under one Ctrl-C.

`python -m config.supervise` starts the three, waits until the pages answer, prints the address and the demo
accounts, and starts a program again that dies. `PORT` (8000) and `HOST` (127.0.0.1) come from the
environment. Each program has its own session and is told by the kernel when the supervisor is gone, so a
`kill -9` of the supervisor leaves nothing behind. Without `DATABASE_URL` the supervisor is a user of the
embedded PostgreSQL, and as a rule the last one, so that the server stops with it.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from config import embedded

PROJECT = Path(__file__).resolve().parent.parent
READY_SECONDS = 90.0
GRACE_SECONDS = 10.0
FAILURES = 5
FAILURE_SECONDS = 30.0
FIRST_DELAY = 0.2

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class SupervisorError(RuntimeError):
    """The portal cannot go on; the text is for the person at the keyboard."""


@dataclass(frozen=True)
class Program:
    """A program to keep running, with the name its lines are marked with."""

    name: str
    command: Sequence[str]


@dataclass
class _Child:
    """One program and its present process."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    reader: threading.Thread | None = None
    failed_at: list[float] = field(default_factory=list)
    start_at: float = 0.0


def portal_programs(host: str, port: int, run_dir: Path) -> list[Program]:
    """Return web, worker and beat of the portal."""
    python = [sys.executable, "-m"]
    # A one-machine demo may run as root; Celery's warning would hide the lines that matter.
    quiet = ["-W", "ignore:You're running the worker with superuser privileges"]
    celery = [sys.executable, *quiet, "-m", "celery", "-A", "config", "--quiet"]
    return [
        # Threads, because browsers open connections in advance and a plain worker would wait on them.
        Program(
            "web",
            [*python, "gunicorn", "config.wsgi", "--bind", f"{_bracketed(host)}:{port}", "--workers", "2"]
            + ["--threads", "4", "--timeout", "60", "--graceful-timeout", "8", "--no-control-socket"],
        ),
        Program(
            "worker",
            [*celery, "worker", "--queues", "default,reports", "--concurrency", "2", "--loglevel", "INFO"]
            + ["--without-gossip", "--without-mingle", "--without-heartbeat"],
        ),
        Program(
            "beat",
            [*celery, "beat", "--loglevel", "INFO", "--pidfile="]
            + ["--schedule", str(run_dir / "celerybeat-schedule")],
        ),
    ]


class Supervisor:
    """Keeps a table of programs running until it is told to stop.

    `prepare` is called once, when the port is known to be free and before the first program starts.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        host: str,
        port: int,
        var: Path,
        ready_path: str = "/healthz",
        environment: Mapping[str, str] | None = None,
        prepare: Callable[[], object] | None = None,
    ) -> None:
        self._children = [_Child(program) for program in programs]
        self._host = host
        self._port = port
        self._var = var
        self._ready_path = ready_path
        self._environment = {**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})}
        self._prepare = prepare
        self._signals: list[int] = []
        self._writing = threading.Lock()

    @property
    def address(self) -> str:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._host, self._host)
        return f"http://{_bracketed(host)}:{self._port}"

    def run(self) -> int:
        """Run until SIGINT, SIGTERM or SIGHUP; return the exit code.

        Call it in the main thread, as the last thing the process does: the signals stay caught.
        """
        with self._wake_up() as wake_up:
            try:
                with _only_portal(self._var, self._port):
                    check_port(self._host, self._port)
                    if self._prepare:
                        self._prepare()
                    self._serve(wake_up)
            except (SupervisorError, embedded.EmbeddedDatabaseError) as error:
                self.say(str(error))
                return 1
        return 0

    def say(self, text: str, name: str = "portal") -> None:
        """Write lines marked with the name of who says them."""
        with self._writing, contextlib.suppress(OSError, ValueError):
            for line in text.splitlines() or [""]:
                sys.stdout.write(f"{name:>7} | {line}\n")
            sys.stdout.flush()

    def _serve(self, wake_up: int) -> None:
        ready = threading.Event()
        gave_up = threading.Event()
        stopping = threading.Event()
        try:
            for child in self._children:
                self._start(child)
            waiter = threading.Thread(target=self._wait_ready, args=(ready, gave_up, stopping), daemon=True)
            waiter.start()
            announced = False
            while not self._signals:
                if ready.is_set() and not announced:
                    self._announce()
                    announced = True
                if gave_up.is_set():
                    raise SupervisorError(
                        f"Trang web không trả lời sau {READY_SECONDS:.0f} giây; xem các dòng phía trên.\n"
                        f"The pages did not answer within {READY_SECONDS:.0f} s; see the lines above."
                    )
                self._restart_dead()
                select.select([wake_up], [], [], self._seconds_to_next_start())
                _drain(wake_up)
            self.say("Đang dừng... / Stopping...")
        finally:
            stopping.set()
            self._stop_all(wake_up)

    # --- programs ----------------------------------------------------------------------------------------

    def _start(self, child: _Child) -> None:
        parent = os.getpid()

        def die_with_parent() -> None:
            _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

        try:
            child.process = subprocess.Popen(
                child.program.command,
                cwd=PROJECT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent if sys.platform == "linux" else None,
            )
        except OSError as error:
            raise SupervisorError(
                f"Không chạy được {child.program.name}: {error}\n{child.program.name} cannot be run: {error}"
            ) from error
        assert child.process.stdout is not None
        child.reader = threading.Thread(
            target=self._relay, args=(child.program.name, child.process.stdout), daemon=True
        )
        child.reader.start()

    def _relay(self, name: str, stream: IO[bytes]) -> None:
        with stream:
            for line in stream:
                self.say(line.decode("utf-8", errors="replace").rstrip("\n"), name)

    def _restart_dead(self) -> None:
        now = time.monotonic()
        for child in self._children:
            if child.process is not None and child.process.poll() is not None:
                status = child.process.returncode
                _signal_group(child.process, signal.SIGKILL)  # what a killed program left of itself
                child.process = None
                child.failed_at = [at for at in child.failed_at if now - at < FAILURE_SECONDS] + [now]
                if len(child.failed_at) >= FAILURES:
                    if child.reader:
                        child.reader.join(1.0)  # its last words first
                    raise SupervisorError(
                        f"{child.program.name} dừng {FAILURES} lần trong {FAILURE_SECONDS:.0f} giây, nên "
                        "cổng thông tin dừng lại; lý do ở các dòng phía trên.\n"
                        f"{child.program.name} ended {FAILURES} times within {FAILURE_SECONDS:.0f} s, so the "
                        "portal stops; the reason is in the lines above."
                    )
                delay = FIRST_DELAY * 2 ** (len(child.failed_at) - 1)
                child.start_at = now + delay
                self.say(
                    f"{child.program.name} ended ({_ending(status)}); starting it again in {delay:.1f} s"
                )
            if child.process is None and now >= child.start_at:
                self._start(child)

    def _seconds_to_next_start(self) -> float | None:
        waits = [child.start_at - time.monotonic() for child in self._children if child.process is None]
        return max(0.0, min(waits)) if waits else None

    def _stop_all(self, wake_up: int) -> None:
        """TERM to every program, KILL to what is left after the grace time or a second signal."""
        self._signals.clear()
        living = [child.process for child in self._children if child.process is not None]
        for process in living:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        while any(process.poll() is None for process in living):
            left = deadline - time.monotonic()
            if left <= 0 or self._signals:
                break
            select.select([wake_up], [], [], left)
            _drain(wake_up)
        for process in living:
            _signal_group(process, signal.SIGKILL)
            process.wait()
        for child in self._children:
            child.process = None
            if child.reader:
                child.reader.join(1.0)

    # --- readiness ---------------------------------------------------------------------------------------

    def _wait_ready(
        self, ready: threading.Event, gave_up: threading.Event, stopping: threading.Event
    ) -> None:
        deadline = time.monotonic() + READY_SECONDS
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        outcome = gave_up
        while time.monotonic() < deadline and not stopping.is_set():
            try:
                with opener.open(self.address + self._ready_path, timeout=5) as answer:
                    if answer.status == 200:
                        outcome = ready
                        break
            except (OSError, ValueError):
                pass
            stopping.wait(0.1)
        outcome.set()
        if not stopping.is_set():
            with contextlib.suppress(ProcessLookupError):
                os.kill(os.getpid(), signal.SIGCHLD)  # wakes the main thread

    def _announce(self) -> None:
        self.say(f"Cổng thông tin đã sẵn sàng: {self.address}/   (Ctrl-C để dừng)")
        self.say(f"The portal is ready:        {self.address}/   (Ctrl-C stops it)")
        table = demo_accounts_table(self._var / "demo-accounts.json")
        if table:
            self.say("Tài khoản dùng thử, mỗi vai trò một / Demo accounts, one a role:\n" + table)
            self.say(
                "Vai trò cần yếu tố thứ hai: trang hỏi mã cho biết mã lúc đó.\n"
                "Roles that need a second factor: the page that asks for the code shows it."
            )

    # --- signals -----------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _wake_up(self) -> Iterator[int]:
        """Note the signals to stop, and make every signal readable on a descriptor for select()."""
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        old_descriptor = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        old_child = signal.signal(signal.SIGCHLD, lambda number, frame: None)
        for number in _STOP_SIGNALS:
            # Under nohup SIGHUP stays ignored.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, lambda received, frame: self._signals.append(received))
        try:
            yield reader
        finally:
            signal.set_wakeup_fd(old_descriptor)
            signal.signal(signal.SIGCHLD, old_child)
            # The handlers stay: another Ctrl-C must not disturb the clean-up at exit.
            os.close(reader)
            os.close(writer)


_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def check_port(host: str, port: int) -> None:
    """Raise SupervisorError when another program listens on the port, or the address cannot be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except (OSError, OverflowError) as error:
            if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
                raise SupervisorError(
                    f"Cổng {port} đang được chương trình khác dùng; đặt PORT={port + 1} make demo\n"
                    f"Port {port} is in use by another program; run PORT={port + 1} make demo"
                ) from error
            raise SupervisorError(
                f"Không mở được {host}:{port} ({error}); đặt HOST hoặc PORT khác.\n"
                f"{host}:{port} cannot be opened ({error}); set another HOST or PORT."
            ) from error


@contextlib.contextmanager
def _only_portal(var: Path, port: int) -> Iterator[None]:
    """Hold var/run/portal.lock, or say where the portal of this directory already runs."""
    path = var / "run" / "portal.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            written = os.read(descriptor, 100).decode("ascii", errors="replace").split()
            pid, running_on = written if len(written) == 2 else ("?", "?")
            raise SupervisorError(
                f"Cổng thông tin của thư mục này đang chạy ở cổng {running_on} (tiến trình {pid}).\n"
                f"The portal of this directory already runs on port {running_on} (process {pid})."
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()} {port}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def demo_accounts_table(path: Path) -> str:
    """Return the demo accounts as text, one a role; empty when there is no readable list."""
    columns = ("role", "email", "password", "agency", "area_code")
    try:
        accounts = json.loads(path.read_text(encoding="utf-8"))
        by_role: dict[str, list[str]] = {}
        for account in accounts:
            by_role.setdefault(str(account.get("role")), [str(account.get(key) or "") for key in columns])
    except (OSError, ValueError, AttributeError, TypeError):
        return ""
    rows = [["vai trò / role", "e-mail", "mật khẩu / password", "cơ quan / agency", "địa bàn / area"]]
    rows += by_role.values()
    widths = [max(len(row[column]) for row in rows) for column in range(len(columns))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    """Send a signal to all that is left of the program's session leader's group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _ending(status: int) -> str:
    return f"killed by signal {-status}" if status < 0 else f"exit code {status}"


def _drain(descriptor: int) -> None:
    with contextlib.suppress(BlockingIOError):
        while os.read(descriptor, 4096):
            pass


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def main() -> int:
    """Run the portal of this directory."""
    host = os.environ.get("HOST") or "127.0.0.1"
    written = os.environ.get("PORT") or "8000"
    if not written.isdecimal() or not 0 < int(written) < 65536:
        print(
            f"PORT={written}: không phải số cổng (1-65535). / not a port number (1-65535).", file=sys.stderr
        )
        return 1
    port = int(written)
    var = PROJECT / "var"
    programs = portal_programs(host, port, var / "run")
    prepare = _start_database if embedded.is_wanted() else None
    return Supervisor(programs, host=host, port=port, var=var, prepare=prepare).run()


def _start_database() -> None:
    embedded.ensure_running().ensure_database()


if __name__ == "__main__":
    sys.exit(main())
