"""A portal to measure: gunicorn with two workers as in production, and a browser that follows its forms."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.floors import COUNTED
from benchmarks.forms import form_of

PROJECT = Path(__file__).resolve().parent.parent
#: How long a browser waits.
ANSWER_SECONDS = 90
_FORM = "application/x-www-form-urlencoded"


class Gunicorn:
    """The portal's web process, started and ended here. ``application`` without floors counts and limits as it is."""

    def __init__(self, database: str, application: str = "benchmarks.wsgi") -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{self.port}"]
        command += ["--workers", "2", "--threads", "4", "--no-control-socket", "--log-level", "warning"]
        self._command = command
        self._environment = os.environ | {"PCMBN_DATABASE_NAME": database}
        self._environment.pop("DJANGO_SETTINGS_MODULE", None)
        self.process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, cwd=PROJECT, env=self._environment, start_new_session=True)

    def restart(self) -> None:
        """End what it does at once, and begin anew on the same port."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = self._started()
        self.wait()

    def wait(self) -> None:
        """Until it answers. Raises RuntimeError when it ends instead."""
        while self.process.poll() is None:
            try:
                if Browser(self.port).get("/healthz").status == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("gunicorn ended before it answered; the reason is above")

    def megabytes(self) -> list[int]:
        """What each worker holds in memory now."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        found = []
        for child in children:
            lines = dict(
                line.split(":", 1) for line in Path(f"/proc/{child}/status").read_text().splitlines()
            )
            found.append(int(lines["VmRSS"].split()[0]) // 1024)
        return found

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()


@contextmanager
def portal(database: str, application: str = "benchmarks.wsgi") -> Iterator[Gunicorn]:
    gunicorn = Gunicorn(database, application)
    try:
        gunicorn.wait()
        yield gunicorn
    finally:
        gunicorn.stop()


class Answer:
    def __init__(self, response: http.client.HTTPResponse, seconds: float, first_byte: float) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = b""
        self.seconds = seconds
        self.first_byte = first_byte

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def statements(self) -> int:
        return int(self.headers[COUNTED] or 0)


class Browser:
    """One person's browser: keeps cookies and the connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
        self.cookies: dict[str, str] = {}

    def get(self, address: str, **headers: str) -> Answer:
        return self._ask("GET", address, None, headers)

    def post(self, address: str, fields: list[tuple[str, str]], **headers: str) -> Answer:
        return self._ask("POST", address, urlencode(fields).encode(), {"Content-Type": _FORM, **headers})

    def send(self, address: str, body: str, token: str) -> Answer:
        """A body of JSON, with the token of the pages."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": token, COUNTED: "1"}
        return self._ask("POST", address, body.encode(), headers)

    def sign_in(self, email: str, password: str) -> Answer:
        """Open the page of sign-in and send it. Gives the answer to what was sent."""
        fields = dict(form_of(self.get("/accounts/login/").text, "/accounts/login/"))
        sent = self.post("/accounts/login/", list((fields | {"login": email, "password": password}).items()))
        if sent.status != 302:
            raise RuntimeError(f"{email} could not sign in: {sent.status}")
        return sent

    def _ask(self, method: str, address: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Accept-Language": "en", **headers} if cookies else headers
        started = time.perf_counter()
        try:
            self.connection.request(method, address, body, headers)
            response = self.connection.getresponse()
        except (
            http.client.RemoteDisconnected,
            ConnectionError,
        ):  # it was idle for longer than gunicorn keeps it
            self.connection.close()
            started = time.perf_counter()
            self.connection.request(method, address, body, headers)
            response = self.connection.getresponse()
        except TimeoutError:
            self.connection.close()  # what comes later is nobody's answer
            raise
        first = time.perf_counter() - started
        content = response.read()
        answer = Answer(response, time.perf_counter() - started, first)
        answer.body = content
        for line in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer
