"""Signing in as people do: an app's code, a passkey of the browser, recovery codes on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect
from pytest_django import Settings

from accounts.factors.codes import next_code
from accounts.factors.sealed import seal_for
from accounts.models import User
from tests.browser.codes import app_of, code_of
from tests.browser.conftest import HEAD, OFFICER, PHONE, OpenWindow, Window


def _type_password(mine: Window, email: str) -> Page:
    page = mine.open("/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", mine.portal.passwords[email])
    page.click("main form button[type=submit]")
    return page


@pytest.fixture
def no_factor_left() -> Iterator[None]:
    """The officer has no factor before the test and none after it."""
    yield
    Authenticator.objects.filter(user__email=OFFICER).delete()


def test_the_demonstration_shows_the_code_of_its_people(window: OpenWindow) -> None:
    mine = window(size=PHONE)
    app = app_of(HEAD)
    assert app is not None
    code_of(app)
    page = _type_password(mine, HEAD)

    page.fill("input[name=code]", page.inner_text("[data-demo-code]"))
    page.click("main form button[type=submit]")

    page.wait_for_url(f"{mine.portal.url}/")


def test_an_app_is_set_up_on_a_phone_without_script(window: OpenWindow, no_factor_left: None) -> None:
    mine = window(size=PHONE, script=False)
    mine.sign_in(OFFICER)
    page = mine.open("/accounts/2fa/totp/activate/")
    expect(page.locator("svg.qr")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    seed = page.inner_text("code.secret")
    officer = User.objects.get(email=OFFICER)
    phone = Authenticator(user=officer, type="totp", data={"secret": seal_for(officer.pk, seed)})

    page.fill("input[name=code]", next_code(phone))
    page.click("main form button[type=submit]")

    expect(page.locator(".codes code")).to_have_count(10)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_recovery_codes_are_downloaded_as_they_are_shown(window: OpenWindow) -> None:
    mine = window()
    mine.sign_in(HEAD)
    page = mine.open("/accounts/2fa/recovery-codes/generate/")
    page.click("main .card form button[type=submit]")
    shown = page.locator(".codes code").all_inner_texts()

    with page.expect_download() as caught:
        page.click("[data-download-codes]")

    assert caught.value.path().read_text().split() == shown
    assert len(shown) == 10
    Authenticator.objects.filter(user__email=HEAD, type="recovery_codes").delete()


def test_a_passkey_signs_in_without_a_password(
    window: OpenWindow, no_factor_left: None, settings: Settings
) -> None:
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # the portal of the tests has no TLS
    mine = window()
    here = mine.portal.url.replace("127.0.0.1", "localhost")  # a passkey belongs to a name
    mine.portal = replace(mine.portal, url=here)
    mine.watch.host = here.removeprefix("http://")
    session = mine.context.new_cdp_session(mine.page)
    session.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    mine.sign_in(OFFICER)
    page = mine.open("/accounts/2fa/webauthn/add/")
    page.check("input[name=passwordless]")
    page.click("[data-passkey=add]")
    expect(page.locator(".codes code")).to_have_count(10)
    mine.context.clear_cookies()

    page = mine.open("/accounts/login/")
    page.click("[data-passkey=use]")

    page.wait_for_url(f"{here}/")
    key = Authenticator.objects.get(user__email=OFFICER, type="webauthn")
    assert key.last_used_at is not None
