"""The description of the API against the API: what it allows is played, by four kinds of readers.

Whatever is sent, nothing fails inside, and each answer has a status, a media type and a shape that are described.
"""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from django.conf import settings
from django.core.cache import caches
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from accounts.keys import make_key, show_secret
from accounts.models import KeyScope
from tests.cast import Cast
from tests.incidents.records import make_investigators, tip
from tests.register import make_register
from tests.reporting.records import load_catalogue, obligation, submission
from tests.signing_in import sign_in_by_force

pytestmark = pytest.mark.django_db

#: Requests a reader makes of each operation, in each of the two modes: by the description, and against it.
EXAMPLES = 2
TOKEN = "a" * 32
#: Every check of schemathesis runs. What fits by its shape may still be refused: for a record that is none, a step that
#: cannot be taken now, a version that is not said; so these statuses are no failure either.
REFUSED = ["2xx", "304", "400", "401", "403", "404", "409", "412", "422", "428"]
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {
            "positive_data_acceptance": {"expected-statuses": REFUSED},
            "negative_data_rejection": {"expected-statuses": ["4xx"]},
            "missing_required_header": {"expected-statuses": ["400", "401", "403", "404", "428"]},
        }
    }
)


@pytest.fixture(autouse=True)
def connection_stays() -> Iterator[None]:
    """A server closes its connections between requests; here all of them are in the transaction of the test."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@dataclass(frozen=True)
class Asking:
    """Who asks: headers and cookies of every request."""

    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


def signed_in(person: Any) -> Asking:
    client = Client()
    sign_in_by_force(client, person)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return Asking(
        {"X-CSRFToken": TOKEN},
        {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: TOKEN},
    )


def with_key(cast: Cast) -> Asking:
    key = make_key(
        actor=cast.people.administrator,
        consumer="Trang dữ liệu mở",
        scopes=[KeyScope.STATISTICS],
        expires_on=dt.date.today() + dt.timedelta(days=30),
        per_minute=1200,
    )
    secret = show_secret(key=key, actor=cast.people.administrator)
    return Asking({"Authorization": f"Api-Key {secret}"})


def reader(who: str, cast: Cast) -> Asking:
    if who == "anonymous":
        return Asking()
    return with_key(cast) if who == "key" else signed_in(getattr(cast.people, who))


@pytest.mark.parametrize("who", ["anonymous", "key", "filing_officer", "coordinator"])
def test_whatever_is_sent_is_answered_as_described(who: str, cast: Cast) -> None:
    load_catalogue()
    make_register(cast)
    investigators = make_investigators(cast)
    tip(investigators.own, cast.agencies.lao_cai_police, cast.map.bat_xat)
    submission(obligation(cast.agencies.bat_xat_police, cast.map.bat_xat), says={"tips_received": 3})
    asking = reader(who, cast)
    described = schemathesis.openapi.from_wsgi(
        "/api/v1/schema/?format=json", get_wsgi_application(), config=CONFIG
    )
    if asking.headers:
        sign_in(described, asking)
    played: set[str] = set()
    failures: list[str] = []
    for found in described.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            played.add(operation.label)
            failures += _play(operation, mode)

    assert len(played) > 110
    assert not failures, "\n\n".join(failures[:20])


def sign_in(described: Any, asking: Asking) -> None:
    """Let every request be asked by this reader; the checks take the reader off to see whether it is then refused."""

    @described.auth(refresh_interval=None)
    class Reader:
        def get(self, case: Any, context: Any) -> Asking:
            return asking

        def set(self, case: Any, data: Asking, context: Any) -> None:
            case.headers.update(data.headers)
            case.cookies.update(data.cookies)


def _play(operation: Any, mode: GenerationMode) -> list[str]:
    """Some requests of one operation; the failures in words. Each request is undone."""
    failures: list[str] = []

    @examples(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def play(case: Any) -> None:
        caches["counts"].clear()
        with transaction.atomic():
            answer = case.call()
            transaction.set_rollback(True)
        try:
            case.validate_response(answer)
        except (Exception, BaseExceptionGroup) as failure:
            failures.append(f"{operation.label}: {failure}")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            play()
        except Exception as problem:
            # Some operations take nothing that could be wrong, so nothing can be sent against the description.
            if "negative" not in str(problem).lower() and type(problem).__name__ not in (
                "Unsatisfiable",
                "InvalidArgument",
            ):
                failures.append(f"{operation.label}: {type(problem).__name__} {problem}")
    return failures
