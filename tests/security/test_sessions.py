"""How long sessions last, the list of them, and how they end."""

from __future__ import annotations

import datetime as dt
import re
import time

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.devices import browser_name
from accounts.models import AuditEvent, User
from accounts.sessions import STRICT, USUAL
from accounts.tasks import forget_sessions, mail_notices
from tests.cast import Cast
from tests.security.conftest import PASSWORD, is_signed_in, try_to_sign_in
from tests.signing_in import session_of, sign_in_by_force

MINUTE, HOUR = 60, 3600


def _long_ago(browser: Client, *, seen: int = 0, began: int = 0) -> None:
    """The session began so many seconds ago, and its person was seen so many seconds ago."""
    session = browser.session
    now = int(time.time())
    session["lasts"] = {**session["lasts"], "seen": now - seen, "began": now - max(began, seen)}
    session.save()


def _signed_in(user: User) -> Client:
    browser = Client()
    sign_in_by_force(browser, user)
    return browser


def test_limits_are_those_that_the_pages_tell() -> None:
    assert (STRICT.idle, STRICT.longest) == (30 * MINUTE, 10 * HOUR)
    assert (USUAL.idle, USUAL.longest) == (8 * HOUR, 7 * 24 * HOUR)


@pytest.mark.parametrize(
    ("seen", "began", "lasts"),
    [(29 * MINUTE, 0, True), (31 * MINUTE, 0, False), (0, 9 * HOUR, True), (0, 10 * HOUR + 9, False)],
)
def test_a_session_of_an_investigator_ends_when_idle_or_old(
    seen: int, began: int, lasts: bool, cast: Cast
) -> None:
    browser = _signed_in(cast.people.investigator)
    _long_ago(browser, seen=seen, began=began)

    response = browser.get(reverse("tip_list"))

    assert (response.status_code == 200) is lasts
    if not lasts:
        assert response["Location"].startswith(reverse("account_login") + "?ended=1&next=")
        assert AuditEvent.objects.filter(kind="session_ended", user=cast.people.investigator).exists()
        assert browser.get(reverse("tip_list")).status_code == 302
    assert is_signed_in(browser) is lasts


@pytest.mark.parametrize(
    ("seen", "began", "lasts"),
    [(7 * HOUR, 0, True), (9 * HOUR, 0, False), (0, 160 * HOUR, True), (0, 169 * HOUR, False)],
)
def test_a_session_of_an_officer_lasts_longer(seen: int, began: int, lasts: bool, officer: User) -> None:
    browser = Client()
    try_to_sign_in(browser, officer.email, PASSWORD)
    _long_ago(browser, seen=seen, began=began)

    assert is_signed_in(browser) is lasts


def test_what_a_page_asks_for_by_itself_keeps_no_session_alive(cast: Cast) -> None:
    browser = _signed_in(cast.people.investigator)
    _long_ago(browser, seen=20 * MINUTE)
    before = browser.session["lasts"]

    browser.get(reverse("report_job_status", args=["00000000-0000-0000-0000-000000000007"]))
    assert browser.session["lasts"] == before
    browser.get(reverse("home"))

    assert browser.session["lasts"]["seen"] > before["seen"]


def test_an_answer_of_the_api_tells_that_the_session_is_over(cast: Cast) -> None:
    browser = _signed_in(cast.people.investigator)
    _long_ago(browser, seen=31 * MINUTE)

    assert browser.get("/api/v1/activities/").status_code == 401


def test_a_person_sees_own_sessions_and_ends_one(officer: User, cast: Cast) -> None:
    here, elsewhere, stranger = Client(), Client(headers={"user-agent": "Máy ở nhà"}), Client()
    for browser in (here, elsewhere):
        try_to_sign_in(browser, officer.email, PASSWORD)
    other = cast.people.coordinator
    other.set_password(PASSWORD)
    other.save()
    try_to_sign_in(stranger, other.email, PASSWORD)
    page = here.get(reverse("account")).content.decode()
    theirs = UserSession.objects.get(user=other)
    at_home = UserSession.objects.get(user=officer, user_agent__contains="nhà")

    assert "Máy ở nhà" in page
    assert page.count('<th scope="row">') == 2
    assert here.post(reverse("session_end", args=[theirs.pk])).status_code == 404
    assert here.post(reverse("session_end", args=[at_home.pk])).status_code == 302
    assert [is_signed_in(browser) for browser in (here, elsewhere, stranger)] == [True, False, True]


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/150.0 Safari/537.36 Edg/150.0", "Edge · Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0", "Firefox · Linux"),
        ("Máy ở nhà", "Máy ở nhà"),
        ("", "–"),
    ],
)
def test_a_browser_is_called_as_people_call_it(user_agent: str, name: str) -> None:
    assert browser_name(user_agent) == name


@pytest.mark.parametrize(("sent", "stays"), [({"keep": "this"}, True), ({}, False)])
def test_a_person_ends_all_other_sessions_or_all(sent: dict[str, str], stays: bool, officer: User) -> None:
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        try_to_sign_in(browser, officer.email, PASSWORD)

    here.post(reverse("sessions_end"), sent)

    assert (is_signed_in(here), is_signed_in(elsewhere)) == (stays, False)
    event = AuditEvent.objects.get(kind=AuditEvent.Kind.SESSION_ENDED)
    assert event.detail == {"sessions": 1 if stays else 2}


def test_the_page_of_the_account_takes_the_same_statements_for_many_sessions(
    officer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    here = Client()
    for browser in (*(Client() for _ in range(4)), here):
        try_to_sign_in(browser, officer.email, PASSWORD)

    with django_assert_num_queries(7):
        assert here.get(reverse("account")).status_code == 200


def test_a_new_password_is_told_and_ends_the_other_sessions(
    officer: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        try_to_sign_in(browser, officer.email, PASSWORD)
    new = "Ba-con-voi-xanh-ngoi-7"

    here.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )

    assert (is_signed_in(here), is_signed_in(elsewhere)) == (True, False)
    assert AuditEvent.objects.filter(kind="password_changed", user=officer).count() == 1
    assert officer.notifications.filter(kind="password_changed").count() == 1


def test_what_happened_to_an_account_is_mailed_without_a_secret_or_a_link_that_acts(
    officer: User, mailoutbox: list[object]
) -> None:
    try_to_sign_in(Client(REMOTE_ADDR="203.0.113.7"), officer.email, PASSWORD)

    mail_notices()

    [mail] = mailoutbox
    assert mail.to == [officer.email]
    assert not {"203.0.113.7", PASSWORD, "http", officer.full_name} & {
        *mail.body.split(),
        *mail.subject.split(),
    }
    own_pages = [f"{settings.PUBLIC_URL}{reverse(name)}" for name in ("notifications", "notice_choices")]
    assert re.findall(r"http\S+", mail.body) == own_pages


def test_a_session_that_is_over_is_forgotten_with_its_address(cast: Cast) -> None:
    over, lasting = (session_of(cast.people.filing_officer) for _time in range(2))
    for key in (over, lasting):
        UserSession.objects.create(
            user=cast.people.filing_officer, ip="198.51.100.7", session_key=key, user_agent="Firefox/140"
        )
    Session.objects.filter(session_key=over).update(expire_date=timezone.now() - dt.timedelta(seconds=1))

    forget_sessions()

    assert list(Session.objects.values_list("session_key", flat=True)) == [lasting]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [lasting]
