"""People who go on working while parts of the portal are killed, and what each of them was told.

A person who gets no answer, or one that says to come back, sends the same form again: the key in the form makes sure
that it counts once. What was answered with yes is a promise; `tests.faults.proof` looks whether it was kept.
"""

from __future__ import annotations

import http.client
import re
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from urllib3 import encode_multipart_formdata

from reporting.models import ReportKind
from tests.cast import Cast
from tests.faults.stories import IssueStory, SubmissionStory

#: Seconds until a person gives up waiting for an answer.
PATIENCE = 15
#: Tries after which a person gives up; a report takes long to be issued, and is looked at again and again.
MOST_TRIES = 600
TOKEN = "a" * 32
#: The page on which activities are filed.
FILING = "/activities/new/"


@dataclass
class Promise:
    """One thing that was done, as often as it took. ``is_given`` once the portal said that it is done.

    ``place`` counts what its person (``whose``) has begun, ``page`` is where a story goes on, and ``is_proved``
    says that what it left behind was looked at and does not change any more.
    """

    action: str
    key: uuid.UUID
    says: int
    whose: int = 0
    place: int = 0
    page: str = ""
    tries: int = 0
    is_given: bool = False
    is_refused: bool = False
    is_proved: bool = False


@dataclass(frozen=True)
class Answer:
    """What came back, whatever it says."""

    status: int
    location: str
    text: str


class Action(Protocol):
    """Something a person does again and again."""

    @property
    def weight(self) -> int:
        """How often it is done, against the others."""

    def go_on(self, client: Client, promise: Promise) -> None:
        """Take the next step, and note at the promise when it is done or refused."""


@dataclass(frozen=True)
class OneForm:
    """A form that is sent until it is answered with yes: the page it goes to, and what is in it.

    The key in the form makes sure that it counts once. ``refused_with`` is the status that ends it without.
    """

    path: str
    fields: Callable[[Cast, uuid.UUID, int], dict[str, str]]
    weight: int = 1
    refused_with: int = 0

    def go_on(self, client: Client, promise: Promise) -> None:
        answer = client.ask("POST", self.path, self.fields(client.cast, promise.key, promise.says))
        if answer is None:
            return  # nobody knows, so it is sent again
        if answer.status == self.refused_with:
            promise.is_refused = True
        elif client.expect(promise, answer, 302):
            promise.is_given = True


def activity_fields(cast: Cast, key: uuid.UUID, says: int) -> dict[str, str]:
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
ACTIONS: dict[str, Action] = {
    "submit": SubmissionStory(),
    "issue": IssueStory(),
    "file": OneForm(FILING, activity_fields, weight=8),
    "report": OneForm("/reports/new/", _report, refused_with=422),  # too many reports in the making
}


@dataclass
class Client:
    """One person with a session, working in a thread until told to stop.

    ``sessions`` holds the "officer"'s own, and that of the "coordinator" who reviews.
    """

    number: int
    port: int
    sessions: dict[str, str]
    cast: Cast
    dice: Random
    promises: list[Promise] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    told_to_come_back: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _gives_up: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._stop.clear()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the thing at hand, and stop."""
        assert self._thread is not None
        self._stop.set()
        self._thread.join(timeout=180)
        assert not self._thread.is_alive(), "a person waits for an answer that does not come"

    def give_up(self) -> None:
        """Leave the thing at hand as it is, so that nobody is at work when the next test begins."""
        assert self._thread is not None
        self._stop.set()
        self._gives_up.set()
        self._thread.join(timeout=180)
        self._gives_up.clear()

    def ask(
        self, method: str, path: str, fields: dict[str, str] | None = None, *, by: str = "officer"
    ) -> Answer | None:
        """Send a request; None when no answer comes, or one that says to come back."""
        answer = self.talk(method, path, fields, by=by)
        return None if answer is None or answer.status == 503 else answer

    def talk(
        self,
        method: str,
        path: str,
        fields: dict[str, str] | None = None,
        *,
        file: tuple[str, bytes] | None = None,
        by: str = "officer",
    ) -> Answer | None:
        """Send a request, with a file (name and content) where one is given; None when no answer comes."""
        headers = {"Cookie": f"session={self.sessions[by]}; csrf={TOKEN}; django_language=en"}
        body: str | bytes | None = None
        if fields is not None:
            sent = {**fields, "csrfmiddlewaretoken": TOKEN}
            body, headers["Content-Type"] = urlencode(sent), "application/x-www-form-urlencoded"
            if file is not None:
                body, headers["Content-Type"] = encode_multipart_formdata({**sent, "attachments": file})
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.request(method, path, body, headers)
            came = line.getresponse()
            text = came.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            return None
        finally:
            line.close()
        self.told_to_come_back += came.status == 503
        return Answer(came.status, urlsplit(came.headers["Location"] or "").path, text)

    def expect(self, promise: Promise, answer: Answer, *statuses: int) -> bool:
        """Whether the answer is one of those, and no page to sign in; any other is a defect."""
        if answer.status in statuses and "/login" not in answer.location:
            return True
        said = re.findall(
            r'class="(?:field-error|error-summary|message)[^>]*>(.{0,300})', answer.text, re.DOTALL
        )
        self.complain(promise, f"{answer.status} {answer.location} {said}")
        promise.is_refused = answer.status < 500
        return False

    def complain(self, promise: Promise, what: str) -> None:
        self.defects.append(f"person {self.number}, {promise.action} {promise.page}: {what}")

    def _work(self) -> None:
        names = [name for name, action in ACTIONS.items() for _ in range(action.weight)]
        while not self._stop.is_set():
            self.bring_to_an_end(self.begin(self._next(names)))

    def begin(self, action: str) -> Promise:
        """Take up one thing. Somebody who does not work in a thread does one after another so."""
        key = uuid.UUID(int=self.dice.getrandbits(128), version=4)
        promise = Promise(action, key, self.dice.randrange(1, 500), self.number, len(self.promises))
        self.promises.append(promise)
        return promise

    def bring_to_an_end(self, promise: Promise) -> None:
        """Go on with it, again and again, until it is done or refused."""
        while not (promise.is_given or promise.is_refused) and promise.tries < MOST_TRIES:
            if self._gives_up.is_set():
                return
            self.go_on(promise)
            self._gives_up.wait(self.dice.uniform(0.02, 0.2))

    def go_on(self, promise: Promise) -> None:
        """Take one step of it."""
        promise.tries += 1
        ACTIONS[promise.action].go_on(self, promise)

    def _next(self, names: list[str]) -> str:
        """What comes next: each thing once, everybody beginning with another one, and then as the dice fall."""
        place, every = len(self.promises), list(ACTIONS)
        action = self.dice.choice(names)
        return every[(self.number + place) % len(every)] if place < len(every) else action
