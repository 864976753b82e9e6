"""What is told of a failure says where in the code it was, and nothing of whom it was about."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from celery import shared_task
from django.core import mail
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from config.error_reports import ErrorMails, TracesOnly
from tests.cast import Cast
from tests.signing_in import sign_in_by_force
from tests.traces import Traces

CANARY = "Hờ Thị Chim Én Thử"
KNOWN = Traces([CANARY])


@csrf_exempt
def crashing(request: HttpRequest) -> HttpResponse:
    name = request.POST["name"]
    raise ValueError(f"no row for {name}") from KeyError(name)


@shared_task(name="tests.crashing_task")
def crashing_task(name: str) -> None:
    raise ValueError(f"no row for {name}")


urlpatterns = [path("", include("config.urls")), path("crash/", crashing, name="crash")]
handler500 = "config.errors.server_error"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the console and the mails are given, both beside pytest's own handlers."""
    stream = io.StringIO()
    console = logging.StreamHandler(stream)
    console.setFormatter(TracesOnly("%(name)s %(message)s"))
    mails, root = ErrorMails(), logging.getLogger()
    root.addHandler(console)
    logging.getLogger("portal.errors").addHandler(mails)
    yield stream
    root.removeHandler(console)
    logging.getLogger("portal.errors").removeHandler(mails)


@override_settings(ROOT_URLCONF=__name__, ADMINS=[("", "van.hanh@example.vn")])
def test_a_crash_is_mailed_with_its_place_and_without_what_was_sent(cast: Cast, written: io.StringIO) -> None:
    browser = Client(
        raise_request_exception=False, headers={"x-name": CANARY.encode().hex(), "referer": CANARY}
    )
    sign_in_by_force(browser, cast.people.investigator)
    for _again in range(2):
        answer = browser.post(f"/crash/?name={CANARY}", {"name": CANARY})

    assert answer.status_code == 500
    (sent,) = mail.outbox
    assert sent.to == ["van.hanh@example.vn"]
    assert "crash failed: ValueError" in sent.subject
    assert "test_error_reports.py" in sent.body
    assert "KeyError" in sent.body
    for told in (sent.message().as_string(), sent.subject, sent.body, written.getvalue(), answer.content):
        assert KNOWN.found_in(told) == set()


def test_a_job_that_fails_is_told_of_without_its_arguments(written: io.StringIO) -> None:
    crashing_task.apply(args=[CANARY])

    assert "task tests.crashing_task failed: ValueError" in written.getvalue()
    assert "test_error_reports.py" in written.getvalue()
    assert KNOWN.found_in(written.getvalue()) == set()


def test_an_exception_that_somebody_logs_is_written_without_its_text(written: io.StringIO) -> None:
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("somebody.else").exception("it went wrong")

    assert "it went wrong" in written.getvalue()
    assert "ValueError" in written.getvalue()
    assert KNOWN.found_in(written.getvalue()) == set()
