"""Clients that send a byte now and then, many at once: everybody else is served behind the proxy of a deployment."""

from __future__ import annotations

import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.conftest import Deployment
from tests.faults.proxy import NGINX, Proxy
from tests.reporting.records import until

#: More of each kind than the web has threads.
SLOW = 40
#: Seconds after which the proxy gives up a client that sends no whole head, with some to spare.
GIVEN_UP_AFTER = 25
HEAD = "POST /activities/new/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: " + "z" * 2_000
BODY = (
    "POST /activities/new/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000\r\n\r\n"
)


class Dawdlers:
    """Connections that are kept busy with one byte at a time."""

    def __init__(self, port: int) -> None:
        self.in_head = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(SLOW)]
        self.in_body = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(SLOW)]
        for line in self.in_body:
            line.sendall(BODY.encode())
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._dawdle, daemon=True)
        self._thread.start()

    def given_up(self) -> int:
        """How many of those that do not finish their head were sent away."""
        return sum(line.fileno() < 0 for line in self.in_head)

    def end(self) -> None:
        self._stop.set()
        self._thread.join(timeout=30)
        for line in [*self.in_head, *self.in_body]:
            line.close()

    def _dawdle(self) -> None:
        sent = 0
        while not self._stop.wait(0.2):
            for line in [*self.in_head, *self.in_body]:
                if line.fileno() < 0:
                    continue
                try:
                    line.send(HEAD[sent % len(HEAD)].encode() if line in self.in_head else b"a")
                except OSError:
                    line.close()
            sent += 1


@contextmanager
def proxied(deployment: Deployment) -> Iterator[Proxy]:
    """Everybody comes through the proxy within."""
    people = [*deployment.staff.clients, deployment.staff.bystander]
    with tempfile.TemporaryDirectory(prefix="pcmbn-proxy-") as place:
        proxy = Proxy(Path(place) / "nginx", f"127.0.0.1:{deployment.portal.port}")
        proxy.start()
        try:
            for client in people:
                client.port = proxy.port
            until(lambda: deployment.staff.bystander.ask("GET", "/healthz"))
            yield proxy
        finally:
            for client in people:
                client.port = deployment.portal.port
            proxy.stop()


@pytest.mark.skipif(NGINX is None, reason="no nginx on this machine: apt-get install nginx")
def test_slow_clients_hold_up_nobody_else(deployment: Deployment) -> None:
    staff = deployment.staff
    with proxied(deployment) as proxy:
        dawdlers = Dawdlers(proxy.port)
        try:
            with staff.at_work():
                staff.do("file")
                assert staff.bystander.ask("GET", "/activities/") is not None
            until(lambda: dawdlers.given_up() == SLOW, seconds=GIVEN_UP_AFTER)
        finally:
            dawdlers.end()
    staff.prove(f"{2 * SLOW} clients sent a byte now and then")
