"""Serve the portal as in production, let locust play the last day of a period, and count what it left."""

from __future__ import annotations

import argparse
import csv
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["PCMBN_DATABASE_NAME"] = DATABASE = "portal_load"
PLACE = Path(tempfile.mkdtemp(prefix="pcmbn-load-"))
os.environ |= {
    "BROKER_DIR": str(PLACE / "broker"),
    "FILES_DIR": str(PLACE / "files"),
    "EMAIL_URL": "dummymail://",
}

import django  # noqa: E402

django.setup()

from allauth.mfa.models import Authenticator  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from accounts.factors.codes import next_code  # noqa: E402
from accounts.models import AuditEvent  # noqa: E402
from benchmarks.forms import form_of  # noqa: E402
from benchmarks.load import people  # noqa: E402
from benchmarks.load.people import Someone  # noqa: E402
from benchmarks.portal import PROJECT, Browser, portal  # noqa: E402
from programs.models import Activity  # noqa: E402
from reporting.models import Submission, SubmissionState  # noqa: E402
from territory.period import Period  # noqa: E402

#: Seconds within which 95 of 100 answers are to come.
GOAL = 1.0
SIGN_IN_SECONDS = 55
GUESSES = 10
_CELERY = [sys.executable, "-m", "celery", "-A", "config", "--quiet"]


def main() -> int:
    asked = _arguments()
    people.prepare()
    call_command("collectstatic", "--noinput", verbosity=0)
    password = secrets.token_urlsafe(16)
    period, officers = people.officers(asked.officers, password)
    readers = people.readers(asked.readers, password)
    acknowledged = PLACE / "acknowledged.jsonl"
    acknowledged.touch()
    given = {
        "officers": [someone.as_json() for someone in officers],
        "readers": [someone.as_json() for someone in readers],
        "period": period.code,
        "rule": period.rule.value,
        "sign_in_seconds": SIGN_IN_SECONDS,
        "file_seconds": asked.minutes * 60,
        "acknowledged": str(acknowledged),
    }
    (PLACE / "people.json").write_text(json.dumps(given), encoding="utf-8")
    try:
        with portal(DATABASE, "config.wsgi") as gunicorn, _workers():
            for _ in range(8):  # so that both processes have read their code before the clock runs
                Browser(gunicorn.port).get("/accounts/login/")
            load = os.getloadavg()[0]
            _play(gunicorn.port, asked)
            faults = [*_look_at_guesser(gunicorn.port, officers[0], officers[-1])]
    finally:
        shutil.rmtree(PLACE / "files", ignore_errors=True)
    said = [json.loads(line) for line in acknowledged.read_text(encoding="utf-8").splitlines()]
    faults += [*_lost_or_doubled(said, period, len(officers))]
    faults += _tell_times()
    print(f"load average before {load:.1f}, after {os.getloadavg()[0]:.1f}; {os.cpu_count()} cores")
    print(f"acknowledged: {dict(Counter(kind for kind, _key in said))} by {len(officers)} officers")
    for fault in faults:
        print(f"FAULT: {fault}")
    shutil.rmtree(PLACE)
    return int(bool(faults))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make load")
    parser.add_argument("--officers", type=int, default=200, help="who file at once (200)")
    parser.add_argument("--readers", type=int, default=10, help="who read meanwhile (10)")
    parser.add_argument("--minutes", type=float, default=10, help="in which all of them file (10)")
    return parser.parse_args()


@contextmanager
def _workers() -> Iterator[None]:
    """A worker and beat, as beside every web."""
    commands = (
        ["worker", "--queues", "default,reports", "--concurrency", "2", "--loglevel", "WARNING"],
        ["beat", "--loglevel", "WARNING", "--pidfile=", "--schedule", str(PLACE / "schedule")],
    )
    started = [
        subprocess.Popen([*_CELERY, *command], cwd=PROJECT, start_new_session=True) for command in commands
    ]
    try:
        yield
    finally:
        for process in started:
            process.terminate()  # alone: a worker waits for its children
            process.wait()


def _play(port: int, asked: argparse.Namespace) -> None:
    number = asked.officers + asked.readers
    seconds = SIGN_IN_SECONDS + round(asked.minutes * 90) + 60
    command = [sys.executable, "-m", "locust", "--locustfile", str(Path(__file__).parent / "locustfile.py")]
    command += ["--headless", "--users", str(number), "--spawn-rate", str(number), "--only-summary"]
    command += [
        "--run-time",
        f"{seconds}s",
        "--host",
        f"http://127.0.0.1:{port}",
        "--csv",
        str(PLACE / "times"),
    ]
    command += ["--exit-code-on-error", "0", "--loglevel", "ERROR"]
    environment = os.environ | {"LOAD_PEOPLE": str(PLACE / "people.json"), "PYTHONPATH": str(PROJECT)}
    subprocess.run(command, cwd=PROJECT, env=environment, check=True)


def _look_at_guesser(port: int, owner: Someone, colleague: Someone) -> Iterator[str]:
    """A guesser is slowed; the owner, on the own computer, and a colleague at the same address come in."""
    own, beside = Browser(port), Browser(port)
    _sign_in(own, owner)  # from now on this computer is known
    own.cookies.pop(settings.SESSION_COOKIE_NAME)
    held = AuditEvent.objects.filter(user__email=owner.email, kind=AuditEvent.Kind.SIGN_IN_FAILED)
    before = held.count()
    for _ in range(GUESSES):
        with suppress(RuntimeError):
            Browser(port).sign_in(owner.email, secrets.token_urlsafe(12))
            yield "a guesser came in"
    looked_at = held.count() - before
    print(f"{looked_at} of {GUESSES} guesses were held against the password")
    if looked_at >= GUESSES:
        yield "a guesser is not slowed"
    for browser, someone in ((own, owner), (beside, colleague)):
        try:
            _sign_in(browser, someone)
        except RuntimeError as error:
            yield f"after the guesses: {error}"


def _sign_in(browser: Browser, someone: Someone) -> None:
    """With password and code. Raises RuntimeError when that does not succeed."""
    browser.sign_in(someone.email, someone.password)
    page = "/accounts/2fa/authenticate/"
    app = Authenticator.objects.get(user__email=someone.email, type=Authenticator.Type.TOTP)
    typed = dict(form_of(browser.get(page).text, field="code")) | {"code": next_code(app)}
    if browser.post(page, list(typed.items())).status != 302:
        raise RuntimeError(f"the code of {someone.email} was not taken")


def _lost_or_doubled(said: list[list[Any]], period: Period, expected: int) -> Iterator[str]:
    """What was answered with yes is there, once; and everybody was answered with yes."""
    told = Counter((kind, str(key)) for kind, key in said)
    for kind in ("submission", "activity"):
        if sum(1 for name, _key in told if name == kind) != expected:
            yield f"{kind}: not all of {expected} officers were answered with yes"
    sent = Submission.objects.filter(obligation__period_code=period.code).prefetch_related("versions")
    stored = Counter(
        {
            ("submission", str(row.obligation_id)): len(row.versions.all())
            for row in sent
            if row.state == SubmissionState.SUBMITTED
        }
    )
    keys = [key for kind, key in told if kind == "activity"]
    found = Activity.objects.unscoped(people.WHY).filter(submission_key__in=keys)
    stored.update(("activity", str(key)) for key in found.values_list("submission_key", flat=True))
    for thing in sorted(told | stored):
        if (told[thing], stored[thing]) != (1, 1):
            yield f"{thing}: said {told[thing]} times, stored {stored[thing]} times"


def _tell_times() -> Iterator[str]:
    """Print how long each kind of request took; a failure, or too slow a p95, is a fault."""
    with (PLACE / "times_stats.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    print(f"{'request':44} {'number':>7} {'failed':>7} {'median':>7} {'p95':>7} {'p99':>7} ms")
    for row in rows:
        name, number, failed = row["Name"], row["Request Count"], int(row["Failure Count"])
        print(f"{name:44} {number:>7} {failed:>7} {row['50%']:>7} {row['95%']:>7} {row['99%']:>7}")
        if failed:
            yield f"{name}: {failed} failed"
    whole = float(rows[-1]["95%"]) / 1000
    if whole > GOAL:
        yield f"p95 is {whole:.2f} s; the goal on a quiet machine is {GOAL:.0f} s"


if __name__ == "__main__":
    sys.exit(main())
