"""Signing in and out: what is told, what is counted, what is noted."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from accounts.models import AuditEvent, User
from tests.cast import Cast
from tests.security.conftest import PASSWORD, is_signed_in, try_to_sign_in


def test_the_right_password_signs_in_and_is_noted(officer: User) -> None:
    browser = Client()
    before = browser.get(reverse("account_login")).cookies

    response = try_to_sign_in(browser, officer.email, PASSWORD)

    assert response["Location"] == reverse("home")
    assert is_signed_in(browser)
    assert [(event.kind, event.user) for event in AuditEvent.objects.all()] == [("signed_in", officer)]
    assert "session" not in before


def test_signing_in_gives_another_session_than_the_one_before(officer: User) -> None:
    browser = Client()
    browser.force_login(officer)
    old = browser.cookies["session"].value
    browser.post(reverse("account_logout"))
    try_to_sign_in(browser, officer.email, PASSWORD)

    assert browser.cookies["session"].value != old
    thief = Client()
    thief.cookies["session"] = old
    assert not is_signed_in(thief)


def test_an_e_mail_is_read_whatever_its_case(officer: User) -> None:
    browser = Client()
    try_to_sign_in(browser, f" {officer.email.upper()} ", PASSWORD)

    assert is_signed_in(browser)


def test_a_wrong_password_is_told_and_noted(officer: User) -> None:
    browser = Client()
    response = try_to_sign_in(browser, officer.email, "sai-mat-khau-roi")

    assert response.status_code == 200
    assert "data-error-summary" in response.content.decode()
    assert "sai-mat-khau-roi" not in response.content.decode()
    assert not is_signed_in(browser)
    assert [(event.kind, event.user) for event in AuditEvent.objects.all()] == [("sign_in_failed", officer)]


def test_an_answer_does_not_tell_which_accounts_exist(officer: User, cast: Cast) -> None:
    closed = User.objects.create_user("da.dong@example.vn", PASSWORD, is_active=False)
    answers = set()
    for email in (officer.email, "khong.co@example.vn", closed.email, cast.people.stranger.email):
        response = try_to_sign_in(Client(), email, "sai-mat-khau-roi")
        page = response.content.decode().replace(email, "E-MAIL")
        page = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', "", page)
        answers.add((response.status_code, page))

    assert len(answers) == 1


def test_a_failure_on_an_unknown_account_keeps_nothing_of_what_was_typed(db: None) -> None:
    try_to_sign_in(Client(), "nguyen.van.x@example.vn", "mat-khau-cua-toi")

    event = AuditEvent.objects.get()
    assert (event.kind, event.user, event.about, event.detail) == ("sign_in_failed", None, "", {})


def test_the_sixth_failure_closes_the_account_for_a_while_but_not_the_address(
    officer: User, cast: Cast
) -> None:
    neighbour = cast.people.coordinator
    neighbour.set_password(PASSWORD)
    neighbour.save()
    browser = Client()
    for _attempt in range(5):
        try_to_sign_in(browser, officer.email, "sai-mat-khau-roi")

    refused = try_to_sign_in(browser, officer.email.upper(), PASSWORD)

    assert not is_signed_in(browser)
    assert refused.status_code in (200, 429)
    with override("vi"):
        told = gettext("Too many failed login attempts. Try again later.")
    assert told in refused.content.decode() or refused.status_code == 429
    try_to_sign_in(browser, neighbour.email, PASSWORD)
    assert is_signed_in(browser)


def test_a_whole_office_behind_one_address_signs_in_in_the_same_minute(officer: User) -> None:
    for _person in range(31):  # one more than allauth lets in unless told otherwise
        browser = Client()
        assert try_to_sign_in(browser, officer.email, PASSWORD).status_code == 302


def test_following_a_link_to_sign_out_does_not_sign_out(officer: User) -> None:
    browser = Client()
    browser.force_login(officer)

    assert browser.get(reverse("account_logout")).status_code == 200
    assert is_signed_in(browser)
    browser.post(reverse("account_logout"))
    assert not is_signed_in(browser)
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.SIGNED_OUT, user=officer).count() == 1


def test_nobody_signs_up(db: None) -> None:
    typed = {"email": "moi@example.vn", "password1": PASSWORD, "password2": PASSWORD}
    browser = Client()
    page = browser.get(reverse("account_signup"))
    browser.post(reverse("account_signup"), typed)

    assert 'name="password1"' not in page.content.decode()
    assert not User.objects.exists()


def test_nobody_changes_the_address_they_sign_in_with(officer: User) -> None:
    browser = Client()
    browser.force_login(officer)
    for action in ("action_add", "action_primary"):
        browser.post("/accounts/email/", {action: "", "email": "cua.toi@example.org"})

    officer.refresh_from_db()
    assert officer.email == "y.hnhien@example.vn"
    assert not EmailAddress.objects.filter(email="cua.toi@example.org").exists()


def test_a_forgotten_password_is_reset_without_telling_which_accounts_exist(
    officer: User, mailoutbox: list[object]
) -> None:
    for email in (officer.email, "khong.co@example.vn"):
        response = Client().post(reverse("account_reset_password"), {"email": email})
        assert response["Location"] == reverse("account_reset_password_done")

    assert len(mailoutbox) <= 2


def test_a_password_is_kept_as_argon2id_with_46_mib_two_passes_one_lane(officer: User) -> None:
    assert officer.password.startswith("argon2$argon2id$v=19$m=47104,t=2,p=1$")


@pytest.mark.parametrize("weak", ["ngan", "123456789012", "y.hnhien@example.vn"])
def test_a_weak_password_is_refused(weak: str, officer: User) -> None:
    browser = Client()
    browser.force_login(officer)
    typed = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}

    response = browser.post(reverse("account_change_password"), typed)

    assert response.status_code == 200
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


def test_a_new_password_ends_every_other_session(officer: User) -> None:
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        browser.force_login(officer)
    new = "Mat-khau-moi-hoan-toan-7"

    here.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )

    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_whoever_is_made_inactive_is_out_at_the_next_click_and_cannot_come_back(officer: User) -> None:
    browser = Client()
    browser.force_login(officer)
    assert is_signed_in(browser)
    officer.is_active = False
    officer.save()

    response = browser.get(reverse("home"))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))
    try_to_sign_in(browser, officer.email, PASSWORD)
    assert not is_signed_in(browser)
