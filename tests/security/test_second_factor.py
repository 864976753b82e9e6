"""Second factors: who needs one, that nothing goes on without it, and that what they are made from is sealed."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.factors.codes import DEMO_DOMAIN, demo_code, next_code
from accounts.factors.needed import ROLES_WITH_FACTOR
from accounts.factors.sealed import give_app, seed_of
from accounts.field_keys import SealBroken
from accounts.models import AuditEvent, Notification, Role, User
from accounts.rotation import rotate
from accounts.scoping import VERBS
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.security.conftest import PASSWORD, is_signed_in, try_to_sign_in

#: Verbs over files of cases and victims, and those by which everybody's work is kept.
GRAVE = re.compile(r"^(tip|case|victim|identity|narrative)\.|\.manage$|^list\.write$|^factor\.reset$")


@pytest.fixture
def investigator(cast: Cast) -> User:
    """A person whose role needs a second factor, with a password and none yet."""
    user = cast.people.investigator
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def app(investigator: User) -> Authenticator:
    return give_app(user=investigator, seed=generate_totp_secret())


def _answer(browser: Client, code: str) -> None:
    browser.post(reverse("mfa_authenticate"), {"code": code})


def _code_of(seed: str) -> str:
    """What an app with this seed shows now."""
    _before, now, _after = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(seed, now))


def _set_up_seed(browser: Client) -> str:
    """The seed that the page on which an app is set up shows beside its QR code."""
    page = browser.get(reverse("mfa_activate_totp")).content.decode()
    assert '<svg xmlns="http://www.w3.org/2000/svg" role="img" class="qr"' in page
    return re.search(r'class="secret">([A-Z2-7]+)<', page)[1]


def _kinds(user: User) -> list[str]:
    return list(AuditEvent.objects.filter(user=user).order_by("id").values_list("kind", flat=True))


def test_every_role_with_a_grave_verb_needs_a_factor() -> None:
    grave = {role for role, verbs in VERBS.items() if any(GRAVE.search(verb) for verb in verbs)}

    assert grave - {Role.COORDINATOR} == ROLES_WITH_FACTOR
    assert {verb for verb in VERBS[Role.COORDINATOR] if GRAVE.search(verb)} == {"obligation.manage"}


@pytest.mark.parametrize("role", ["head_of_unit", "case_worker", "investigator", "administrator"])
def test_without_a_factor_such_a_role_gets_nowhere_but_to_set_one_up(role: str, cast: Cast) -> None:
    browser = Client()
    browser.force_login(getattr(cast.people, role))
    got = {}
    for name in ("home", "activity_list", "tip_list", "victim_list", "notifications", "account", "search"):
        got[name] = browser.get(reverse(name)).headers.get("Location")
    api = browser.get("/api/v1/activities/")

    assert set(got.values()) == {reverse("mfa_index")}
    assert (api.status_code, api["Content-Type"]) == (403, "application/problem+json")
    assert browser.get(reverse("mfa_index")).status_code == 200
    assert browser.get(reverse("verify_home")).status_code == 200
    assert browser.post(reverse("account_logout")).status_code == 302


@pytest.mark.parametrize("role", ["filing_officer", "coordinator", "steering_member"])
def test_other_roles_go_on_with_a_password(role: str, cast: Cast) -> None:
    browser = Client()
    browser.force_login(getattr(cast.people, role))

    assert browser.get(reverse("home")).status_code == 200


def test_a_role_given_while_somebody_is_signed_in_asks_for_the_factor_at_the_next_click(cast: Cast) -> None:
    officer = cast.people.filing_officer
    browser = Client()
    browser.force_login(officer)
    assert is_signed_in(browser)
    officer.memberships.create(
        agency=cast.agencies.bat_xat_police,
        role=Role.HEAD_OF_UNIT,
        area=cast.map.bat_xat,
        valid_from="2004-01-01",
    )

    assert browser.get(reverse("home"))["Location"] == reverse("mfa_index")


def test_a_password_alone_does_not_sign_in_who_has_an_app(investigator: User, app: Authenticator) -> None:
    browser = Client()
    response = try_to_sign_in(browser, investigator.email, PASSWORD)

    assert response["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(browser)
    _answer(browser, next_code(app))
    assert is_signed_in(browser)
    signed_in = AuditEvent.objects.get(kind=AuditEvent.Kind.SIGNED_IN)
    assert signed_in.detail == {"factor": "totp", "is_new_device": True}


def test_a_code_works_once_even_when_the_cache_has_forgotten_it(
    investigator: User, app: Authenticator
) -> None:
    code = next_code(app)
    first, second = Client(), Client()
    try_to_sign_in(first, investigator.email, PASSWORD)
    _answer(first, code)
    cache.clear()
    try_to_sign_in(second, investigator.email, PASSWORD)
    _answer(second, code)

    assert is_signed_in(first)
    assert not is_signed_in(second)
    assert AuditEvent.Kind.CODE_REFUSED in _kinds(investigator)


def test_a_wrong_code_after_the_right_password_is_told_to_the_person(
    investigator: User, app: Authenticator
) -> None:
    browser = Client()
    try_to_sign_in(browser, investigator.email, PASSWORD)
    _answer(browser, "000000")
    _answer(browser, "111111")

    assert not is_signed_in(browser)
    assert investigator.notifications.filter(kind="code_refused").count() == 1


def test_a_password_chosen_by_the_link_of_a_mail_does_not_pass_by_the_factor(
    investigator: User, app: Authenticator, mailoutbox: list[Any]
) -> None:
    browser = Client()
    browser.post(reverse("account_reset_password"), {"email": investigator.email})
    link = re.search(r"https?://testserver(/\S+)", mailoutbox[0].body)[1]
    form = browser.get(link)["Location"]
    new = "Ba-con-voi-xanh-ngoi-7"
    browser.post(form, {"password1": new, "password2": new})

    assert not is_signed_in(browser)
    response = try_to_sign_in(browser, investigator.email, new)
    assert response["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(browser)


def test_the_sixth_wrong_code_is_not_looked_at(investigator: User, app: Authenticator) -> None:
    browser = Client()
    try_to_sign_in(browser, investigator.email, PASSWORD)
    for number in range(5):
        _answer(browser, f"00000{number}")
    _answer(browser, next_code(app))

    assert not is_signed_in(browser)


def test_a_session_from_before_the_factor_has_to_show_it(investigator: User, app: Authenticator) -> None:
    browser = Client()
    browser.force_login(investigator)

    response = browser.get(reverse("home"))
    assert response["Location"].startswith(reverse("mfa_reauthenticate"))
    for name in ("mfa_index", "mfa_deactivate_totp", "mfa_activate_totp", "account_reauthenticate"):
        assert browser.get(reverse(name))["Location"].startswith(reverse("mfa_reauthenticate")), name
    browser.post(reverse("mfa_reauthenticate"), {"code": next_code(app)})

    assert is_signed_in(browser)


def test_an_app_is_set_up_with_its_first_code_and_codes_are_shown_once(
    investigator: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    browser = Client()
    browser.cookies["django_language"] = "en"
    try_to_sign_in(browser, investigator.email, PASSWORD)
    seed = _set_up_seed(browser)
    kept = browser.session["mfa.totp.secret"]

    with django_capture_on_commit_callbacks(execute=True):
        code = _code_of(seed)
        response = browser.post(reverse("mfa_activate_totp"), {"code": code})

    assert seed not in kept
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    shown = browser.get(response["Location"]).content.decode()
    codes = re.findall(r"<li><code>(\d{8})</code></li>", shown)
    assert len(set(codes)) == 10
    again = browser.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert not any(code in again for code in codes)
    assert browser.get(reverse("mfa_download_recovery_codes")).status_code == 403
    assert is_signed_in(browser)
    app = Authenticator.objects.get(user=investigator, type="totp")
    assert seed_of(app) == seed
    assert next_code(app) != code, "the code it was set up with is used up"
    assert {"factor_added", "codes_made"} <= set(_kinds(investigator))
    assert investigator.notifications.filter(kind="factor_changed").count() == 1


def test_a_recovery_code_lets_in_once(investigator: User, app: Authenticator, signed_in: SignedIn) -> None:
    mine = signed_in(investigator)
    mine.post(reverse("mfa_generate_recovery_codes"))
    shown = mine.get(reverse("mfa_view_recovery_codes")).content.decode()
    code = re.findall(r"<li><code>(\d{8})</code></li>", shown)[0]

    for is_first in (True, False):
        browser = Client()
        try_to_sign_in(browser, investigator.email, PASSWORD)
        _answer(browser, code)
        assert is_signed_in(browser) is is_first
    assert AuditEvent.Kind.CODE_SPENT in _kinds(investigator)


def test_the_last_factor_of_who_needs_one_is_not_given_up(
    investigator: User, app: Authenticator, signed_in: SignedIn
) -> None:
    mine = signed_in(investigator)

    mine.post(reverse("mfa_deactivate_totp"))

    assert Authenticator.objects.filter(pk=app.pk).exists()


def test_an_app_is_replaced_only_by_the_first_code_of_the_new_one(
    investigator: User, app: Authenticator, signed_in: SignedIn
) -> None:
    mine = signed_in(investigator)
    seed = _set_up_seed(mine)

    mine.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert Authenticator.objects.get(user=investigator, type="totp").pk == app.pk
    mine.post(reverse("mfa_activate_totp"), {"code": _code_of(seed)})

    assert seed_of(Authenticator.objects.get(user=investigator, type="totp")) == seed


def test_seeds_are_sealed_for_their_person(investigator: User, cast: Cast) -> None:
    seed = generate_totp_secret()
    app = give_app(user=investigator, seed=seed)

    assert seed not in json.dumps(app.data)
    moved = Authenticator(user=cast.people.head_of_unit, type="totp", data=app.data)
    with pytest.raises(SealBroken):
        seed_of(moved)


def test_a_rotation_seals_seeds_anew(investigator: User, settings: Settings) -> None:
    seed = generate_totp_secret()
    app = give_app(user=investigator, seed=seed)
    new = "kmoi:" + "A" * 43 + "="
    settings.FIELD_KEYS = f"{new},{settings.FIELD_KEYS}"

    rotated = [batch for batch in rotate() if batch.table == "mfa_authenticator"]
    settings.FIELD_KEYS = new

    app.refresh_from_db()
    assert [batch.rows for batch in rotated] == [1]
    assert seed_of(app) == seed


def test_a_code_is_shown_in_a_demonstration_alone_and_for_its_people_alone(
    cast: Cast, settings: Settings
) -> None:
    user = cast.people.investigator
    give_app(user=user, seed=generate_totp_secret())
    settings.IS_DEMO = True
    assert demo_code(user) == ""
    user.email = f"dieu-tra{DEMO_DOMAIN}"
    assert re.fullmatch(r"\d{6}", demo_code(user))
    settings.IS_DEMO = False

    assert demo_code(user) == ""


def test_outside_a_demonstration_the_page_shows_no_code(investigator: User, app: Authenticator) -> None:
    investigator.email = f"dieu-tra{DEMO_DOMAIN}"
    investigator.save()
    browser = Client()
    try_to_sign_in(browser, investigator.email, PASSWORD)
    page = browser.get(reverse("mfa_authenticate")).content.decode()

    assert "data-demo-code" not in page
    assert next_code(app) not in page


def test_setting_up_a_factor_ends_sessions_that_have_not_shown_it(
    investigator: User,
) -> None:
    thief, owner = Client(), Client()
    for browser in (thief, owner):
        try_to_sign_in(browser, investigator.email, PASSWORD)
    owner.post(reverse("mfa_activate_totp"), {"code": _code_of(_set_up_seed(owner))})

    assert is_signed_in(owner)
    assert thief.get(reverse("home"))["Location"].startswith(reverse("account_login"))
    assert Notification.objects.filter(user=investigator, kind="new_device").count() == 2
