"""A Redis of the tests' own, as a deployment runs it: it can be ended, killed, started again and filled up."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from redis import Redis
from redis.exceptions import OutOfMemoryError, RedisError

from tests.faults.sockets import free_port
from tests.reporting.records import until


def has_redis() -> bool:
    return shutil.which("redis-server") is not None


class RedisServer:
    """The server of `docker-compose.yml`, with the same settings, on a port and in a directory of its own."""

    limit = 200 * 1024 * 1024

    def __init__(self, place: Path) -> None:
        self.place = place
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.place.mkdir(exist_ok=True)
        command = ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.place)]
        command += ["--appendonly", "yes", "--maxmemory", str(self.limit), "--maxmemory-policy", "noeviction"]
        with (self.place / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        until(self._answers)

    def kill(self) -> None:
        """kill -9."""
        self._end(subprocess.Popen.kill)

    def stop(self) -> None:
        """Shut down, as a restart of its service does."""
        self._end(subprocess.Popen.terminate)

    def fill(self) -> None:
        """Let it have more than it may hold: whoever writes is refused from now on, however little it is."""
        with Redis.from_url(self.url) as talk:
            talk.config_set("maxmemory", 1)
            try:
                talk.set("a write", "of one word")
            except OutOfMemoryError:
                return
        raise RuntimeError("Redis still takes what is written")

    def empty(self) -> None:
        """Let it hold as much as before."""
        with Redis.from_url(self.url) as talk:
            talk.config_set("maxmemory", self.limit)

    def _end(self, how: Callable[[subprocess.Popen[bytes]], None]) -> None:
        if self._process is not None:
            how(self._process)
            self._process.wait(timeout=30)
            self._process = None

    def _answers(self) -> bool:
        try:
            with Redis.from_url(self.url) as talk:
                return bool(talk.ping())
        except RedisError:
            return False
