"""A server that is away: the portal says so, comes back by itself, and loses nothing that was typed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from config import health
from programs.models import Activity
from reporting.models import ReportJob
from reporting.services.jobs import pick_up_abandoned
from tests.cast import Cast

PROJECT = Path(__file__).resolve().parent.parent.parent


# --- the database ---------------------------------------------------------------------------------------------


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def cut_off() -> Iterator[str]:
    """The address of a real web process whose database does not answer."""
    port = _free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:1/none",
        "DJANGO_SETTINGS_MODULE": "tests.security.settings_away",
        "DEBUG": "0",
    }
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--no-control-socket",
    ]
    server = subprocess.Popen(
        command,
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/healthz", server)
        yield address
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert server.poll() is None, "the web process ended"
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the web process did not answer")


def _ask(address: str, cookie: str = "") -> tuple[int, dict[str, str], str]:
    request = urllib.request.Request(address, headers={"Cookie": cookie})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, dict(answer.headers), answer.read().decode()


@pytest.mark.parametrize("path", ["/", "/activities/", "/accounts/login/", "/accounts/login/?next=/reports/"])
def test_without_its_database_the_portal_says_when_to_come_back(path: str, cut_off: str) -> None:
    status, headers, page = _ask(cut_off + path, cookie=f"session={'a' * 32}")

    assert status == 503
    assert int(headers["Retry-After"]) > 0
    assert '<html lang="vi"' in page
    assert "Hệ thống tạm dừng" in page
    assert "127.0.0.1" not in page
    assert "nobody" not in page
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_without_its_database_the_process_is_alive_and_not_ready(cut_off: str) -> None:
    assert _ask(f"{cut_off}/healthz")[0] == 200
    status, _headers, page = _ask(f"{cut_off}/readyz")
    assert status == 503
    assert '"database": "OperationalError"' in page
    assert "nobody" not in page


def test_the_portal_is_ready_when_all_its_parts_answer(db: None) -> None:
    answer = Client().get(reverse("readyz"))

    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "parts": dict.fromkeys(health.PARTS, "ok")}


def test_a_database_that_goes_away_in_the_middle_is_told_the_same_way(
    officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(officer)

    def gone(*args: object, **kwargs: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("programs.views.activity.ActivityListing", gone)
    response = browser.get(reverse("activity_list"))

    assert response.status_code == 503
    assert response["Retry-After"]


def test_a_full_disk_is_told_the_same_way(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(officer)

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("programs.views.full_export.full_export", full)

    assert browser.get(reverse("activity_export_full")).status_code == 503


# --- the broker -----------------------------------------------------------------------------------------------


@pytest.fixture
def broken_broker(broker_dir: Path) -> Iterator[Path]:
    """The queue of the file broker is gone, as when its disk is."""
    queue, aside = broker_dir / "queue", broker_dir / "aside"
    queue.rename(aside)
    yield broker_dir
    aside.rename(queue)


def test_without_its_broker_the_portal_takes_activities_and_reports(
    officer: User,
    cast: Cast,
    broken_broker: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    browser = Client()
    browser.force_login(officer)
    activity = {
        "submission_key": str(uuid.uuid4()),
        "kind": "communication",
        "title": "Khi hàng đợi không chạy",
        "narrative": "Vẫn ghi được.",
        "agency": str(cast.agencies.kon_tum_police.pk),
        "area": str(cast.map.kon_tum.pk),
        "started_on": "2020-03-05",
        "ended_on": "2020-03-05",
        "quantities-TOTAL_FORMS": "0",
        "quantities-INITIAL_FORMS": "0",
        "state": "submitted",
    }
    report = {"kind": "six_month", "area": str(cast.map.kon_tum.pk), "period": "2020-H1", "rule": "ND09/2019"}

    with django_capture_on_commit_callbacks(execute=True) as sent:
        filed = browser.post(reverse("activity_new"), activity)
        asked = browser.post(reverse("report_new"), {**report, "request_key": str(uuid.uuid4())})

    assert (filed.status_code, asked.status_code) == (302, 302)
    assert sent, "a message was to be sent"
    assert Activity.objects.unscoped("counts what was filed").count() == 1
    job = ReportJob.objects.unscoped("the one asked for").get()
    assert (job.state, job.sent_at) == (ReportJob.State.QUEUED, None)
    assert browser.get(asked["Location"]).status_code == 200
    assert browser.get(reverse("home")).status_code == 200


def test_a_report_asked_for_without_a_broker_is_sent_when_it_is_back(cast: Cast, broker_dir: Path) -> None:
    job = ReportJob.objects.create(
        kind="six_month", area=cast.map.kon_tum, period_code="2020-H1", period_rule="ND09/2019"
    )
    waiting = len(list((broker_dir / "queue").iterdir()))

    assert pick_up_abandoned() == [str(job.key)]

    assert len(list((broker_dir / "queue").iterdir())) == waiting + 1
    job.refresh_from_db()
    assert job.sent_at is not None
