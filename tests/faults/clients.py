"""People who go on working while parts of the portal are killed, and what each of them was told.

A person who gets no answer, or one that says to come back, sends the same form again: the key in the form makes sure
that it counts once. What was answered with yes is a promise; `tests.faults.proof` looks whether it was kept.
"""

from __future__ import annotations

import http.client
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode

from reporting.models import ReportKind
from tests.cast import Cast

#: Seconds until a person gives up waiting for an answer.
PATIENCE = 15


@dataclass
class Promise:
    """One form that was sent, as often as it took. ``is_kept`` once the portal said yes."""

    action: str
    key: uuid.UUID
    says: int
    tries: int = 0
    is_given: bool = False
    is_refused: bool = False


@dataclass(frozen=True)
class Action:
    """Something a person does again and again: the page the form goes to, and what is in it."""

    path: str
    fields: Callable[[Cast, uuid.UUID, int], dict[str, str]]
    #: How often it is done, against the others.
    weight: int = 1


def _activity(cast: Cast, key: uuid.UUID, says: int) -> dict[str, str]:
    return {
        "submission_key": str(key),
        "kind": "communication",
        "title": "Tuyên truyền trong lúc máy chủ hỏng",
        "narrative": "",
        "agency": str(cast.agencies.kon_tum_police.pk),
        "area": str(cast.map.kon_tum.pk),
        "started_on": "2020-03-05",
        "ended_on": "2020-03-05",
        "quantities-TOTAL_FORMS": "1",
        "quantities-INITIAL_FORMS": "0",
        "quantities-0-measure": "attendances",
        "quantities-0-figure": str(says),
        "state": "submitted",
    }


def _report(cast: Cast, key: uuid.UUID, says: int) -> dict[str, str]:
    return {
        "kind": ReportKind.SIX_MONTH.value,
        "area": str(cast.map.kon_tum.pk),
        "period": "2020-H1",
        "rule": "ND09/2019",
        "request_key": str(key),
    }


#: What people do. One line more is one more thing that is proved to survive; say in `proof` what it must leave.
ACTIONS = {
    "file": Action("/activities/new/", _activity, weight=8),
    "report": Action("/reports/new/", _report),
}


@dataclass
class Client:
    """One person with a session, working in a thread until told to stop."""

    name: str
    port: int
    session: str
    cast: Cast
    dice: Random
    promises: list[Promise] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._stop.clear()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the form at hand, and stop."""
        assert self._thread is not None
        self._stop.set()
        self._thread.join(timeout=120)
        assert not self._thread.is_alive(), "a person waits for an answer that does not come"

    def _work(self) -> None:
        names = [name for name, action in ACTIONS.items() for _ in range(action.weight)]
        while not self._stop.is_set():
            promise = Promise(
                self.dice.choice(names), uuid.UUID(int=self.dice.getrandbits(128), version=4), 0
            )
            promise.says = self.dice.randrange(1, 500)
            self.promises.append(promise)
            pause = threading.Event()
            while not (promise.is_given or promise.is_refused) and promise.tries < 200:
                promise.tries += 1
                self._send(promise)
                pause.wait(self.dice.uniform(0.02, 0.2))

    def _send(self, promise: Promise) -> None:
        action = ACTIONS[promise.action]
        token = "a" * 32
        body = urlencode(
            {**action.fields(self.cast, promise.key, promise.says), "csrfmiddlewaretoken": token}
        )
        headers = {
            "Cookie": f"session={self.session}; csrf={token}; django_language=en",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        talk = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            talk.request("POST", action.path, body, headers)
            answer = talk.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return  # no answer: nobody knows, so it is sent again
        finally:
            talk.close()
        if answer.status == 302 and "/login" not in (answer.headers["Location"] or ""):
            promise.is_given = True
        elif answer.status == 422 and promise.action == "report":
            promise.is_refused = True  # too many reports in the making
        elif answer.status != 503:
            self.defects.append(f"{self.name} {promise.action}: {answer.status} {answer.headers['Location']}")
            promise.is_refused = answer.status < 500
