"""Before identities, keys, exports of cases and factors, a person confirms who they are."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import ApiKey, AuditEvent, User
from tests.cast import Cast
from tests.key_rows import make_keys
from tests.security.conftest import PASSWORD
from tests.signing_in import sign_in_by_force
from tests.victims.permission_rows import make_victims
from victims.models import IdentityOpening

LATE = 16 * 60


def _signed_in(user: User, *, seconds_ago: int) -> Client:
    browser = Client()
    sign_in_by_force(browser, user, seconds_ago=seconds_ago)
    return browser


def _with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


GUARDED = [
    ("administrator", "api_key_new", ()),
    ("administrator", "person_new", ()),
    ("coordinator", "case_export_new", ()),
    ("investigator", "case_export", ()),
    ("investigator", "tip_export", ()),
    ("case_worker", "victim_search", ()),
    ("administrator", "mfa_activate_totp", ()),
    ("administrator", "mfa_add_webauthn", ()),
    ("administrator", "mfa_generate_recovery_codes", ()),
]


@pytest.mark.parametrize(("role", "name", "args"), GUARDED)
def test_a_quarter_of_an_hour_after_the_sign_in_the_page_asks_who_one_is(
    role: str, name: str, args: tuple[Any, ...], cast: Cast
) -> None:
    user = _with_password(getattr(cast.people, role))
    address = reverse(name, args=args)

    assert _signed_in(user, seconds_ago=10).get(address).status_code == 200
    late = _signed_in(user, seconds_ago=LATE)
    asked = late.get(address)
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    confirmed = late.post(asked["Location"], {"password": PASSWORD})

    assert confirmed["Location"] == address
    assert AuditEvent.objects.get(kind="confirmed", user=user).detail == {"factor": "password"}
    assert late.get(address).status_code == 200


def test_confirming_gives_the_session_another_key(cast: Cast) -> None:
    user = _with_password(cast.people.administrator)
    browser = _signed_in(user, seconds_ago=LATE)
    old = browser.session.session_key or ""
    listed = UserSession.objects.create(user=user, ip="127.0.0.1", session_key=old, user_agent="Firefox/140")

    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    listed.refresh_from_db()
    assert listed.session_key == browser.session.session_key != old
    assert browser.get(reverse("account")).status_code == 200
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = old
    assert thief.get(reverse("account")).status_code == 302


def test_an_identity_is_opened_only_by_who_confirmed(cast: Cast) -> None:
    code = make_victims(cast)["own_victim"]["code"]
    worker = _with_password(cast.people.case_worker)
    late = _signed_in(worker, seconds_ago=LATE)
    address = reverse("victim_identity", args=[code])

    response = late.post(address, {"reason": "Chuẩn bị hồ sơ hỗ trợ y tế."})

    assert response["Location"].startswith(reverse("account_reauthenticate"))
    assert not IdentityOpening.objects.exists()


def test_a_form_that_was_sent_too_late_is_not_kept_in_the_session(cast: Cast) -> None:
    late = _signed_in(_with_password(cast.people.case_worker), seconds_ago=LATE)

    late.post(reverse("victim_search"), {"full_name": "Nguyễn Thị Bí Mật"})

    assert "Bí Mật" not in str(dict(late.session))


def test_a_key_is_not_revoked_by_who_did_not_confirm(cast: Cast) -> None:
    key = make_keys(cast)["area_key"]
    late = _signed_in(_with_password(cast.people.administrator), seconds_ago=LATE)
    page = reverse("api_key", args=[key.key])

    answer = late.post(
        reverse("api_key_revoke", args=[key.key]), headers={"referer": f"http://testserver{page}"}
    )

    assert answer["Location"].endswith(f"?next={page.replace('/', '%2F')}")
    assert ApiKey.objects.get(pk=key.pk).revoked_at is None


def test_a_wrong_password_does_not_confirm(cast: Cast) -> None:
    user = _with_password(cast.people.administrator)
    late = _signed_in(user, seconds_ago=LATE)
    address = reverse("api_key_new")

    late.post(late.get(address)["Location"], {"password": "sai-mat-khau-roi"})

    assert late.get(address).status_code == 302


def test_the_way_back_leads_to_no_other_site(cast: Cast) -> None:
    late = _signed_in(_with_password(cast.people.administrator), seconds_ago=LATE)

    confirmed = late.post(
        reverse("account_reauthenticate") + "?next=https://evil.example/", {"password": PASSWORD}
    )

    assert confirmed["Location"] == reverse("home")
