"""Two administrators together take a second factor away, and the person is told."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.factors.resets import ask_for_reset, decide_reset
from accounts.factors.sealed import give_app
from accounts.models import AuditEvent, FactorReset, Role, User
from tests.cast import Cast, person
from tests.conftest import SignedIn
from tests.security.conftest import PASSWORD, is_signed_in, try_to_sign_in
from tests.signing_in import sign_in_by_force

REASON = "Gặp trực tiếp, đã xem thẻ ngành."


@pytest.fixture
def second(cast: Cast) -> User:
    return person("quan.tri.hai@example.vn", (Role.ADMINISTRATOR, cast.agencies.lao_cai_police))


@pytest.fixture
def lost(cast: Cast) -> User:
    """An investigator of Lào Cai whose phone with the app is lost."""
    user = cast.people.investigator
    user.set_password(PASSWORD)
    user.save()
    give_app(user=user, seed=generate_totp_secret())
    return user


def test_two_administrators_take_a_factor_away_and_the_person_sets_up_another(
    cast: Cast, second: User, lost: User, signed_in: SignedIn
) -> None:
    theirs = Client()
    sign_in_by_force(theirs, lost)
    signed_in(cast.people.administrator).post(reverse("factor_reset", args=[lost.pk]), {"reason": REASON})
    reset = FactorReset.objects.get()
    assert Authenticator.objects.filter(user=lost).exists()
    assert second.notifications.get().kind == "reset_asked"

    answer = signed_in(second).post(reverse("factor_reset_decide", args=[reset.pk]), {"decision": "agree"})

    assert answer.status_code == 302
    assert not Authenticator.objects.filter(user=lost).exists()
    assert lost.notifications.filter(kind="factor_reset").count() == 1
    trail = AuditEvent.objects.filter(about=f"accounts.user:{lost.pk}", kind__startswith="factor_reset")
    assert [(row.kind, row.user) for row in trail.order_by("id")] == [
        ("factor_reset_asked", cast.people.administrator),
        ("factor_reset", second),
    ]
    browser = Client()
    try_to_sign_in(browser, lost.email, PASSWORD)
    assert browser.get(reverse("home"))["Location"] == reverse("mfa_index")


def test_agreeing_ends_the_sessions_of_the_person(cast: Cast, second: User, lost: User) -> None:
    Authenticator.objects.filter(user=lost).delete()
    browser = Client()
    try_to_sign_in(browser, lost.email, PASSWORD)
    give_app(user=lost, seed=generate_totp_secret())
    reset = ask_for_reset(actor=cast.people.administrator, person=lost, reason=REASON)

    decide_reset(actor=second, reset=reset, agrees=True)

    assert not is_signed_in(browser)


def test_who_asked_does_not_agree_and_may_withdraw(cast: Cast, lost: User, second: User) -> None:
    asker = cast.people.administrator
    reset = ask_for_reset(actor=asker, person=lost, reason=REASON)

    with pytest.raises(PermissionDenied):
        decide_reset(actor=asker, reset=reset, agrees=True)
    decide_reset(actor=asker, reset=reset, agrees=False)

    assert Authenticator.objects.filter(user=lost).exists()
    with pytest.raises(ValidationError):
        decide_reset(actor=second, reset=reset, agrees=True)


def test_the_database_refuses_a_reset_by_one_alone(cast: Cast, lost: User) -> None:
    asker = cast.people.administrator
    for by in (asker, lost, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            FactorReset.objects.create(
                person=lost, asked_by=asker, reason=REASON, state="agreed", decided_by=by
            )
    with pytest.raises(IntegrityError), transaction.atomic():
        FactorReset.objects.create(person=asker, asked_by=asker, reason=REASON)


@pytest.mark.parametrize("whose", ["administrator", "stranger"])
def test_neither_the_own_factor_nor_that_of_another_province_is_taken_away(whose: str, cast: Cast) -> None:
    user = getattr(cast.people, whose)
    give_app(user=user, seed=generate_totp_secret())

    with pytest.raises(PermissionDenied):
        ask_for_reset(actor=cast.people.administrator, person=user, reason=REASON)


@pytest.mark.parametrize("reason", ["", "mất", " x " * 3])
def test_a_reset_needs_a_reason(reason: str, cast: Cast, lost: User) -> None:
    with pytest.raises(ValidationError):
        ask_for_reset(actor=cast.people.administrator, person=lost, reason=reason)


def test_there_is_one_request_at_a_time_and_none_without_a_factor(cast: Cast, lost: User) -> None:
    ask_for_reset(actor=cast.people.administrator, person=lost, reason=REASON)

    for user in (lost, cast.people.filing_officer):
        with pytest.raises(ValidationError):
            ask_for_reset(actor=cast.people.administrator, person=user, reason=REASON)


def test_an_administrator_signs_a_person_out_everywhere(cast: Cast, signed_in: SignedIn) -> None:
    officer = cast.people.filing_officer
    officer.set_password(PASSWORD)
    officer.save()
    browser = Client()
    try_to_sign_in(browser, officer.email, PASSWORD)

    signed_in(cast.people.administrator).post(reverse("person_sign_out", args=[officer.pk]))

    assert not is_signed_in(browser)
    event = AuditEvent.objects.get(kind=AuditEvent.Kind.SESSION_ENDED)
    assert (event.user, event.about) == (cast.people.administrator, f"accounts.user:{officer.pk}")


def test_the_list_of_factors_takes_the_same_statements_for_many_people(
    cast: Cast,
    lost: User,
    second: User,
    signed_in: SignedIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(12):
        person(f"can.bo.{number}@example.vn", (Role.INVESTIGATOR, cast.agencies.lao_cai_police))
    ask_for_reset(actor=second, person=lost, reason=REASON)
    reader = signed_in(cast.people.administrator)

    with django_assert_num_queries(6):
        page = reader.get(reverse("factor_list")).content.decode()

    assert page.count("needed, not set up") >= 12
    assert REASON in page
