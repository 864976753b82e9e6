"""Lines of the log, each with the request or job it came from, so that those of one failure can be put together.

The id of a request is made here and never taken from outside; it goes out in ``X-Request-ID``, where the proxy's own
log notes it. With ``LOG_AS_JSON=1`` each line is one JSON object for a program that gathers logs; what
`config.error_reports` keeps out of lines stays out of it.
"""

import datetime as dt
import json
import logging
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from celery import current_task
from django.http import HttpRequest, HttpResponse

from config.error_reports import TracesOnly

#: Whose lines tell of security: refusals, rates, what was changed from outside.
SECURITY = "portal.security"

_current: ContextVar[str] = ContextVar("request_id", default="")


class RequestIdMiddleware:
    """Gives each request an id of its own, for its lines in the log and for its answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        made = secrets.token_hex(8)
        token = _current.set(made)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(token)
        response["X-Request-ID"] = made
        return response


def cause_of_line() -> str:
    """The id of the request or the job that is being worked on; "-" where there is neither."""
    return _current.get() or (current_task and current_task.request.id) or "-"


class Lines(TracesOnly):
    """Time, level, logger, cause and message."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(cause)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        record.cause = cause_of_line()
        return super().format(record)


class JsonLines(TracesOnly):
    """The same as one JSON object a line. ``is_security`` marks what tells of security."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "cause": cause_of_line(),
            "is_security": record.name.startswith((SECURITY, "django.security")),
            "message": record.getMessage(),
        }
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)
