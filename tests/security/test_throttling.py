"""Guesses are slowed; neither the owner of the account nor the office behind the same address is shut out."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.factors.codes import next_code
from accounts.factors.sealed import give_app
from accounts.models import AuditEvent, Role, User
from tests.cast import Cast, person
from tests.security.conftest import PASSWORD, is_signed_in, try_to_sign_in

OFFICE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


def _from(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


def _looked_at(user: User) -> int:
    """How many wrong passwords were held against the real one."""
    return AuditEvent.objects.filter(user=user, kind=AuditEvent.Kind.SIGN_IN_FAILED).count()


def _guess(email: str, *, times: int, address: str) -> None:
    for number in range(times):
        try_to_sign_in(_from(address), email, f"doan-mat-khau-{number}")


def test_of_ten_guesses_five_are_looked_at(officer: User) -> None:
    _guess(officer.email, times=10, address=ELSEWHERE)

    assert _looked_at(officer) == 5


def test_the_owner_signs_in_elsewhere_while_somebody_guesses(officer: User) -> None:
    _guess(officer.email, times=20, address=ELSEWHERE)

    browser = _from(OFFICE)
    try_to_sign_in(browser, officer.email, PASSWORD)
    assert is_signed_in(browser)


def test_the_owner_signs_in_on_the_own_computer_while_a_colleague_guesses_beside(officer: User) -> None:
    browser = _from(OFFICE)
    try_to_sign_in(browser, officer.email, PASSWORD)
    browser.post(reverse("account_logout"))
    _guess(officer.email, times=20, address=OFFICE)

    try_to_sign_in(browser, officer.email, PASSWORD)
    assert is_signed_in(browser)


def test_a_colleague_behind_the_address_of_a_guesser_signs_in(officer: User, cast: Cast) -> None:
    colleague = cast.people.coordinator
    colleague.set_password(PASSWORD)
    colleague.save()
    _guess(officer.email, times=20, address=OFFICE)
    browser = _from(OFFICE)
    try_to_sign_in(browser, colleague.email, PASSWORD)

    assert is_signed_in(browser)


def test_guesses_from_many_addresses_share_the_tries_of_an_hour(officer: User) -> None:
    for number in range(80):
        _guess(officer.email, times=1, address=f"198.51.100.{number}")

    assert _looked_at(officer) == 60


def test_a_device_cookie_that_is_not_ours_gives_no_tries(officer: User) -> None:
    _guess(officer.email, times=5, address=ELSEWHERE)
    browser = _from(ELSEWHERE)
    browser.cookies["device"] = '["made-up",[1,2,3]]:1abc:signature'
    try_to_sign_in(browser, officer.email, PASSWORD)

    assert not is_signed_in(browser)


def test_a_sign_in_that_succeeds_does_not_give_a_guesser_new_tries(officer: User) -> None:
    _guess(officer.email, times=4, address=OFFICE)
    try_to_sign_in(_from(OFFICE), officer.email, PASSWORD)
    _guess(officer.email, times=6, address=OFFICE)

    assert _looked_at(officer) == 5


def test_two_hundred_sign_in_with_codes_from_one_address_and_none_is_refused(
    cast: Cast, settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # counts, not hashes, are tried
    refused: list[Any] = []
    for number in range(200):
        user = person(f"dieu.tra.{number}@example.vn", (Role.INVESTIGATOR, cast.agencies.lao_cai_police))
        user.set_password(PASSWORD)
        user.save()
        app = give_app(user=user, seed=generate_totp_secret())
        browser = _from(OFFICE)
        try_to_sign_in(browser, user.email, PASSWORD)
        answer = browser.post(reverse("mfa_authenticate"), {"code": next_code(app)})
        if answer.headers.get("Location") != reverse("home"):
            refused.append((number, answer.status_code))

    assert refused == []


@pytest.mark.parametrize("device", ["known", "new"])
def test_a_new_device_is_told_without_a_secret(
    device: str, officer: User, mailoutbox: list[Any], settings: Settings
) -> None:
    browser = _from(OFFICE)
    try_to_sign_in(browser, officer.email, PASSWORD)
    officer.notifications.all().delete()
    browser.post(reverse("account_logout"))
    if device == "new":
        del browser.cookies["device"]
    try_to_sign_in(browser, officer.email, PASSWORD)

    told = list(officer.notifications.filter(kind="new_device"))
    assert len(told) == (device == "new")
    assert OFFICE not in "".join(notice.sentence for notice in told)
