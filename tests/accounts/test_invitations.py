"""An invitation goes out once its account stands, and is not lost with a mail server or a process that goes away."""

from __future__ import annotations

import datetime as dt
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User, WaitingInvitation
from accounts.people.invitation import TRIED_FOR
from accounts.people.services import invite_again
from accounts.tasks import send_invitations
from tests.accounts.test_people import invite
from tests.cast import Cast


def asked(person: User, *, ago: dt.timedelta = dt.timedelta(0)) -> None:
    """As a process leaves it that ended between the commit and the mail."""
    WaitingInvitation.objects.create(user=person, asked_at=timezone.now() - ago)


@pytest.fixture
def invited(cast: Cast) -> User:
    """Somebody who has an account and no password yet."""
    return User.objects.create_user("moi@example.vn", full_name="Người Mới")


class TheServerIsAway(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise SMTPServerDisconnected("away")


def test_the_link_goes_out_after_the_commit_and_nothing_waits(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        invite(cast)
        assert WaitingInvitation.objects.count() == 1
        assert not mail.outbox

    assert len(mail.outbox) == 1
    assert not WaitingInvitation.objects.exists()


def test_an_account_that_was_undone_invites_nobody(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        django_capture_on_commit_callbacks(execute=True),
        transaction.atomic(),
    ):
        invite(cast)
        raise ZeroDivisionError

    send_invitations()
    assert not mail.outbox


def test_a_link_that_the_server_did_not_take_is_sent_by_a_worker_once(
    cast: Cast, settings: Any, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.{TheServerIsAway.__name__}"
    with django_capture_on_commit_callbacks(execute=True):
        made = invite(cast)
    send_invitations()
    assert WaitingInvitation.objects.get().user == made

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send_invitations()
    send_invitations()

    assert [letter.to for letter in mail.outbox] == [[made.email]]


def test_a_link_that_is_asked_for_twice_before_it_went_out_goes_out_once(cast: Cast) -> None:
    made = invite(cast)
    invite_again(actor=cast.people.administrator, person=made)

    send_invitations()

    assert len(mail.outbox) == 1


def test_who_has_a_password_meanwhile_or_left_gets_no_link_and_an_old_one_is_given_up(
    cast: Cast, invited: User
) -> None:
    asked(cast.people.filing_officer)
    cast.people.filing_officer.set_password("một mật khẩu dài")
    cast.people.filing_officer.save()
    closed = User.objects.create_user("thoi@example.vn", full_name="Người Nghỉ", is_active=False)
    asked(closed)
    asked(invited, ago=TRIED_FOR + dt.timedelta(minutes=1))

    send_invitations()

    assert not mail.outbox
    assert not WaitingInvitation.objects.exists()
