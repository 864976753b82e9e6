"""What takes several steps and several people: a report that a unit submits, a report that is issued.

Whoever gets no answer opens the page again and goes on from what it shows, as people do. A story is told to its end
before its person stops, so the proof knows all that must be there.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reporting.models import ReportKind

if TYPE_CHECKING:
    from tests.faults.clients import Answer, Client, Promise

FORM, FIGURE = "ad_hoc", "cases_detected"
#: The first day of the past periods that units report on. Each story takes a day of its own.
FIRST_DAY = dt.date(2016, 1, 1)
RETURNED_BECAUSE = "Đề nghị kiểm tra lại số vụ."
SIGNER = ("Thử Nghiệm", "Trưởng ban")

_VERSION = re.compile(r'name="version" value="(\d+)"')
_STATE = re.compile(r'data-state="(\w+)"')
_SENT = re.compile(r"(\d+) versions? sent")


def days_of(promise: Promise) -> tuple[dt.date, dt.date]:
    """The period a story is about: nobody else's is the same.

    It has no same period of the year before, or the portal would ask why the figure jumped: each year has a length.
    """
    start = FIRST_DAY + dt.timedelta(days=promise.place)
    return start, start + dt.timedelta(days=30 + promise.whose + 3 * (promise.place // 365))


def said_in(promise: Promise, sending: int) -> int:
    """The figure in the first or the second version that the unit sends."""
    return promise.says + sending - 1


@dataclass(frozen=True)
class SubmissionStory:
    """A unit fills in its report and submits it, the coordinator returns it, it is sent again and accepted."""

    weight: int = 4

    def go_on(self, client: Client, promise: Promise) -> None:
        if not promise.page:
            self._open(client, promise)
            return
        seen = client.ask("GET", promise.page)
        if seen is None or not client.expect(promise, seen, 200):
            return
        _before, _card, shown = seen.text.partition("submission-state")
        if not shown:
            self._send(client, promise, {"step": "open"})
            return
        version, state = _found(_VERSION, seen.text), _found(_STATE, shown)
        sent = _found(_SENT, shown)
        if state in ("draft", "returned"):
            sending = 1 if state == "draft" else 2
            fields = {
                f"figure:{FIGURE}": str(said_in(promise, sending)),
                f"note:{FIGURE}": "",
                "text:situation": "Tình hình ổn định.",
                "step": "submit",
            }
            self._send(client, promise, {**fields, "version": version})
        elif state == "submitted" and sent == "1":
            returned = {"step": "return", "version": version, "reason:": RETURNED_BECAUSE}
            self._send(client, promise, returned, by="coordinator")
        elif state == "submitted":
            self._send(client, promise, {"step": "accept", "version": version}, by="coordinator")
        elif state == "accepted":
            promise.is_given = True
        else:
            client.complain(promise, f"the page shows the state “{state}”")

    @staticmethod
    def _open(client: Client, promise: Promise) -> None:
        first, last = days_of(promise)
        agency = str(client.cast.agencies.kon_tum_women.pk)
        fields = {"form": FORM, "agency": agency, "period": f"{first}..{last}"}
        answer = client.ask("POST", "/history/", fields)
        if answer is not None and client.expect(promise, answer, 302):
            promise.page = answer.location

    @staticmethod
    def _send(client: Client, promise: Promise, fields: dict[str, str], by: str = "officer") -> None:
        answer = client.ask("POST", promise.page, fields, by=by)
        # 409: it was done by a try before that got no answer. The page is looked at again.
        if answer is not None:
            client.expect(promise, answer, 302, 409)


@dataclass(frozen=True)
class IssueStory:
    """A report is made, taken as a draft, sent for review, reviewed and signed; then workers issue it."""

    weight: int = 1

    def go_on(self, client: Client, promise: Promise) -> None:
        if not promise.page:
            self._ask(client, promise)
            return
        seen = client.ask("GET", promise.page)
        if seen is None or not client.expect(promise, seen, 200, 302):
            return
        if seen.status == 302:  # the job is done
            promise.page = seen.location
        elif "/jobs/" not in promise.page:
            self._take_step(client, promise, seen)

    @staticmethod
    def _ask(client: Client, promise: Promise) -> None:
        fields = {
            "kind": ReportKind.SIX_MONTH.value,
            "area": str(client.cast.map.kon_tum.pk),
            "period": "2020-H1",
            "rule": "ND09/2019",
            "request_key": str(promise.key),
        }
        answer = client.ask("POST", "/reports/new/", fields)
        # 422: too many reports are in the making.
        if answer is not None and client.expect(promise, answer, 302, 422) and answer.status == 302:
            promise.page = answer.location

    @staticmethod
    def _take_step(client: Client, promise: Promise, seen: Answer) -> None:
        state = _found(_STATE, seen.text.partition('id="approval"')[2])
        if state == "issued":
            promise.is_given = True
            return
        steps = {"": ("adopt", "officer"), "drafting": ("send", "officer")}
        steps |= {"in_review": ("review", "coordinator"), "reviewed": ("sign", "coordinator")}
        if state not in steps:
            return  # signed: workers issue it
        step, by = steps[state]
        page = seen if by == "officer" else client.ask("GET", promise.page, by=by)
        if page is None or not client.expect(promise, page, 200):
            return
        fields = {"step": step, "version": _found(_VERSION, page.text)}
        if step == "sign":
            fields |= {"signer_name": SIGNER[0], "signer_title": SIGNER[1]}
        answer = client.ask("POST", f"{promise.page}step/", fields, by=by)
        # A step that a try before took is refused with a message on the page, which is looked at again; taking up
        # a report that was taken up already is not there any more.
        if answer is not None:
            client.expect(promise, answer, 302, *((404,) if step == "adopt" else ()))


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1] if match else ""
