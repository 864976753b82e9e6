"""Each line of the log names the request or job it came from, and says so to a program as well."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from celery import shared_task
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from config.log_lines import JsonLines, Lines

logger = logging.getLogger("portal.security")

TYPED = "từ ngoài\nvào"


@login_not_required
def saying(request: HttpRequest) -> HttpResponse:
    logger.warning("person %s was refused", 7)
    return HttpResponse("said")


@shared_task(name="tests.saying_task")
def saying_task() -> None:
    logger.warning("done")


urlpatterns = [path("", include("config.urls")), path("saying/", saying, name="saying")]


@pytest.fixture(params=[Lines, JsonLines])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    console = logging.StreamHandler(stream := io.StringIO())
    console.setFormatter(request.param())
    logger.addHandler(console)
    yield stream
    logger.removeHandler(console)


@override_settings(ROOT_URLCONF=__name__)
def test_a_line_names_the_request_as_its_answer_does_and_nothing_from_outside(
    db: None, written: io.StringIO
) -> None:
    browser = Client(headers={"x-request-id": "von-aussen"})
    first, second = (browser.get("/saying/")["X-Request-ID"] for _time in range(2))
    logger.warning("beside any request")

    lines = written.getvalue().splitlines()
    assert len({first, second, "-"}) == len(lines) == 3
    assert [cause in line for cause, line in zip((first, second, "-"), lines, strict=True)] == [True] * 3
    assert "von-aussen" not in written.getvalue()


def test_a_line_of_a_job_names_the_job(written: io.StringIO) -> None:
    saying_task.apply(task_id="5d3c")

    assert "5d3c" in written.getvalue()


def test_a_line_for_a_program_is_one_object_and_marks_what_is_about_security() -> None:
    error = logging.makeLogRecord({"name": "portal.errors", "levelno": logging.ERROR, "levelname": "ERROR"})
    try:
        raise ValueError(TYPED)
    except ValueError as failure:
        error.exc_info = (ValueError, failure, failure.__traceback__)
    error.msg = "page failed:\nat line 1"
    refused = logging.makeLogRecord({"name": "portal.security", "msg": "refused"})

    lines = [JsonLines().format(record) for record in (error, refused)]

    told, marked = (json.loads(line) for line in lines)
    assert not any("\n" in line for line in lines)
    assert (told["level"], told["is_security"], marked["is_security"]) == ("ERROR", False, True)
    assert "test_log_lines.py" in told["trace"]
    assert TYPED not in str(told)
