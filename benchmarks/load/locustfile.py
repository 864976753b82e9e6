"""What people do on the last day of a period. Run by `make load`, which gives the names and the clock."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import struct
import time
import uuid
from pathlib import Path
from random import Random
from typing import Any

import gevent
from locust import FastHttpUser, between, task
from locust.exception import StopUser

from benchmarks.forms import form_of

_GIVEN: dict[str, Any] = json.loads(Path(os.environ["LOAD_PEOPLE"]).read_text(encoding="utf-8"))
_OFFICERS, _READERS = list(_GIVEN["officers"]), list(_GIVEN["readers"])
#: Seconds everybody takes to sign in, one after another, and seconds in which all then file.
SIGN_IN, FILE = float(_GIVEN["sign_in_seconds"]), float(_GIVEN["file_seconds"])
_BEGAN = time.monotonic()
_DICE = Random(1)  # noqa: S311 - nothing secret is thrown
_ACKNOWLEDGED = Path(_GIVEN["acknowledged"])
#: Requests of an officer after the sign-in: what the time of filing is spread over.
_STEPS = 12


def code_now(seed: str) -> str:
    """The code an app for codes shows (RFC 6238)."""
    key = base64.b32decode(seed + "=" * (-len(seed) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


class Person(FastHttpUser):
    """Somebody who signs in with password and code, at a moment of their own, and comes to the home page by it."""

    abstract = True
    someone: dict[str, Any]

    def on_start(self) -> None:
        gevent.sleep(_DICE.uniform(0, SIGN_IN))
        self.client.cookiejar.clear()
        typed = {"login": self.someone["email"], "password": self.someone["password"]}
        self.send("/accounts/login/", typed, name="sign-in: password")
        self.send(
            "/accounts/2fa/authenticate/", {"code": code_now(self.someone["seed"])}, name="sign-in: code"
        )
        self.look("/")
        gevent.sleep(max(0.0, SIGN_IN - (time.monotonic() - _BEGAN)))

    def look(self, path: str, name: str = "") -> str:
        """Read a page; any other answer than the page is a failure."""
        with self.client.get(path, name=name or path, catch_response=True, allow_redirects=False) as answer:
            if answer.status_code != 200:
                answer.failure(f"{answer.status_code} {answer.headers.get('Location', '')}")
                raise StopUser
            return str(answer.text)

    def send(self, path: str, typed: dict[str, str], *, name: str, field: str = "", page: str = "") -> str:
        """Fill in the form of a page and send it; returns where it leads. Anything but a yes is a failure."""
        fields = dict(
            form_of(page or self.look(path, name=f"{name} (page)"), field=field or next(iter(typed)))
        )
        with self.client.post(
            path, data={**fields, **typed}, name=name, catch_response=True, allow_redirects=False
        ) as answer:
            if answer.status_code != 302 or "/login" in answer.headers["Location"]:
                said = re.findall(
                    r'class="(?:field-error|error-summary)[^>]*>(.{0,200})', str(answer.text), re.S
                )
                answer.failure(f"{answer.status_code} {answer.headers.get('Location', '')} {said}")
                raise StopUser
            return str(answer.headers["Location"])


class Officer(Person):
    """Opens the report of the unit, fills it in with pauses, submits it, and files an activity."""

    fixed_count = len(_OFFICERS)

    def on_start(self) -> None:
        self.someone = _OFFICERS.pop()
        super().on_start()

    def pause(self) -> None:
        gevent.sleep(_DICE.uniform(0.5, 1.5) * FILE / _STEPS)

    @task
    def last_day(self) -> None:
        self.pause()
        self.look("/obligations/")
        self.pause()
        self._report()
        self.pause()
        self._activity()
        self.look("/activities/")
        raise StopUser

    def _report(self) -> None:
        path = f"/obligations/{self.someone['obligation']}/submission/"
        self.send(path, {"step": "open"}, field="csrfmiddlewaretoken", name="report: open")
        page = self.look(path, name="report (page)")
        typed = [
            (name, value or ("Đã rà soát." if name.startswith(("text:", "word:")) else ""))
            for name, value in form_of(page, field="text:situation")
        ]
        for _ in range(3):
            self.pause()
            with self.client.post(
                f"{path}draft/", data=dict(typed), name="report: autosave", catch_response=True
            ) as answer:
                if answer.status_code != 200:
                    answer.failure(f"{answer.status_code}")
        self.pause()
        self.send(
            path, {**dict(typed), "step": "submit"}, field="text:situation", page=page, name="report: submit"
        )
        self._note("submission", self.someone["obligation"])

    def _activity(self) -> None:
        page = self.look("/activities/new/")
        self.pause()
        key = str(uuid.uuid4())
        typed = {
            "submission_key": key,
            "kind": "communication",
            "title": "Tuyên truyền ngày cuối kỳ",
            "narrative": "Tổ chức tại chợ phiên.",
            "agency": str(self.someone["agency"]),
            "area": str(self.someone["area"]),
            "started_on": "05/03/2020",
            "ended_on": "05/03/2020",
            "state": "submitted",
        }
        self.send("/activities/new/", typed, field="submission_key", page=page, name="activity: file")
        self._note("activity", key)

    @staticmethod
    def _note(kind: str, key: object) -> None:
        """Note what the portal said yes to; `make load` looks for it afterwards."""
        with _ACKNOWLEDGED.open("a", encoding="utf-8") as file:
            file.write(json.dumps([kind, key]) + "\n")


class Reader(Person):
    """A coordinator who looks at the dashboard and at what is owed, and has a report made now and then."""

    fixed_count = len(_READERS)
    wait_time = between(2, 8)

    def on_start(self) -> None:
        self.someone = _READERS.pop()
        super().on_start()

    @task(4)
    def dashboard(self) -> None:
        self.look("/dashboard/")

    @task(4)
    def owed(self) -> None:
        self.look("/obligations/", name="/obligations/ (all of a province)")

    @task(4)
    def activities(self) -> None:
        self.look("/activities/", name="/activities/ (all of a province)")

    @task(1)
    def report(self) -> None:
        typed = {"kind": "six_month", "area": str(self.someone["area"]), "period": _GIVEN["period"]}
        self.send(
            "/reports/new/", {**typed, "rule": _GIVEN["rule"]}, field="request_key", name="report making: ask"
        )
