"""What is told of a failure, in logs and in mails to those who run the portal: what failed and where in the code.

The text of an exception, local variables, headers and what was sent are left out, since any of them may hold a name: a
database repeats in its message what was typed. Django's own reports and services such as Sentry collect all of these
and take known words out again, so neither is used.
"""

import logging
import time
from typing import Any

from django.core.mail import mail_admins

from accounts.tracing import where_it_failed

logger = logging.getLogger("portal.errors")

#: The same failure is mailed once in this time by each process.
_AGAIN_AFTER = 3600.0


class TracesOnly(logging.Formatter):
    """Writes an exception as the lines of code it came through, whoever logs it."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # as another formatter may have written it
        return super().format(record)

    def formatException(self, ei: Any) -> str:
        return where_it_failed(ei[1]).lstrip()


class ErrorMails(logging.Handler):
    """Mails failures to the addresses of ``ERROR_REPORTS_TO``."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.setFormatter(TracesOnly("%(message)s"))
        self._told: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        what, now = record.getMessage().partition("\n")[0][:150], time.monotonic()
        if now - self._told.get(what, -_AGAIN_AFTER) < _AGAIN_AFTER:
            return
        self._told[what] = now
        mail_admins(what, self.format(record), fail_silently=True)


def tell_of_failed_task(sender: Any = None, exception: BaseException | None = None, **kwargs: Any) -> None:
    """Log a job that failed. Celery's own line would hold the text of the exception and the arguments."""
    name = getattr(sender, "name", "?")
    logger.error("task %s failed: %s%s", name, type(exception).__name__, where_it_failed(exception))
