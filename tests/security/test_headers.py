"""The headers of a served portal, over answers of each kind: pages, files, the API, refusals and ways elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.cast import Cast
from tests.security.conftest import FileActivity
from tests.signing_in import sign_in_by_force

PROJECT = Path(__file__).resolve().parent.parent.parent

Ask = Callable[[Client, Cast], HttpResponseBase]

#: What is asked by somebody who is not signed in.
PUBLIC: dict[str, Ask] = {
    "sign-in": lambda browser, cast: browser.get(reverse("account_login"), secure=True),
    "forgotten password": lambda browser, cast: browser.get(reverse("account_reset_password"), secure=True),
    "verify": lambda browser, cast: browser.get(reverse("verify_home"), secure=True),
    "open data": lambda browser, cast: browser.get(reverse("open_data"), secure=True),
    "schema": lambda browser, cast: browser.get(reverse("api-schema"), secure=True),
    "way to sign in": lambda browser, cast: browser.get(reverse("home"), secure=True),
    "health": lambda browser, cast: browser.get(reverse("healthz"), secure=True),
    "missing": lambda browser, cast: browser.get("/no/such/page/", secure=True),
    "strange host": lambda browser, cast: browser.get("/", secure=True, headers={"host": "evil.example"}),
}
#: What is asked by an investigator or an officer who is signed in.
PERSONAL: dict[str, Ask] = {
    "home": lambda browser, cast: browser.get(reverse("home"), secure=True),
    "list": lambda browser, cast: browser.get(reverse("activity_list"), secure=True),
    "cases": lambda browser, cast: browser.get(reverse("case_list"), secure=True),
    "account": lambda browser, cast: browser.get(reverse("account"), secure=True),
    "second factor": lambda browser, cast: browser.get(reverse("mfa_index"), secure=True),
    "QR code": lambda browser, cast: browser.get(reverse("mfa_activate_totp"), secure=True),
    "workbook": lambda browser, cast: browser.get(reverse("activity_export"), secure=True),
    "workbook of cases": lambda browser, cast: browser.get(reverse("case_export"), secure=True),
    "answer of the API": lambda browser, cast: browser.get("/api/v1/activities/", secure=True),
    "record that is not there": lambda browser, cast: browser.get("/activities/999999999/", secure=True),
    "refusal": lambda browser, cast: browser.get(reverse("api_key_new"), secure=True),
    "form": lambda browser, cast: browser.post(reverse("victim_search"), {}, secure=True),
}


@pytest.fixture
def served(settings: Settings) -> None:
    """As behind TLS."""
    settings.SECURE_HSTS_SECONDS = 63072000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_HSTS_PRELOAD = True


def _is_protected(answer: HttpResponseBase) -> None:
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert not re.search(r"unsafe-|\*|data:|blob:|https?:|nonce-", policy)
    assert answer["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert {"camera=()", "microphone=()", "geolocation=()"} <= set(answer["Permissions-Policy"].split(", "))


@pytest.mark.parametrize("kind", PUBLIC)
def test_an_answer_to_anybody_carries_the_headers(kind: str, served: None, cast: Cast) -> None:
    _is_protected(PUBLIC[kind](Client(), cast))


@pytest.mark.parametrize("kind", PERSONAL)
def test_an_answer_to_a_person_carries_them_and_is_kept_nowhere(
    kind: str, served: None, cast: Cast, filed: FileActivity
) -> None:
    filed("Tuyên truyền")
    browser = Client()
    sign_in_by_force(browser, cast.people.investigator)

    answer = PERSONAL[kind](browser, cast)

    _is_protected(answer)
    assert {"no-store", "private"} <= set(re.split(r",\s*", answer["Cache-Control"]))


def test_a_static_file_carries_the_headers(served: None, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "drawing.svg").write_text("<svg/>")
    settings.STATIC_ROOT = tmp_path

    answer = Client().get("/static/drawing.svg", secure=True)

    assert answer.status_code == 200
    _is_protected(answer)


#: What tests of pages and of browsers set in the environment, and no server has.
_OF_TESTS = ("DEBUG", "IS_DEMO", "DJANGO_ALLOW_ASYNC_UNSAFE")


def _with_production_settings(*command: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if name not in _OF_TESTS},
        "HTTPS_ONLY": "1",
        "ALLOWED_HOSTS": "pcmbn.example.gov.vn",
        "SECRET_KEY": "k" * 25 + "abcdefghijklmnopqrstuvwxyz0123456789",
        "TRUSTED_PROXIES": "1",
    }
    return subprocess.run(
        [sys.executable, *command], cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120
    )


def test_the_check_of_a_deployment_is_silent() -> None:
    done = _with_production_settings("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert done.returncode == 0, done.stderr
    assert done.stderr.strip() == ""
    assert "no issues" in done.stdout


def test_cookies_of_a_served_portal_belong_to_its_host_alone() -> None:
    names = [f"{name}_COOKIE_NAME" for name in ("SESSION", "CSRF", "DEVICE", "LANGUAGE", "READING")]
    names += ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_DOMAIN", "SESSION_COOKIE_PATH"]
    asked = f"from django.conf import settings; print(*[getattr(settings, name) for name in {names}])"
    done = _with_production_settings("manage.py", "shell", "--no-imports", "-c", asked)

    told = "__Host-session __Host-csrf __Host-device __Host-language __Host-reading True True None /"
    assert done.stdout.strip() == told, done.stderr
