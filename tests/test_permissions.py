"""Who gets what at every address: one plain table, which must name every address the portal has.

404 where a person must not learn that a record exists, 403 where a role lacks the verb altogether, and for a
reader who is not signed in a way to the sign-in page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import Settings

from accounts.models import AuditEvent
from config.addresses import all_addresses
from programs.models import Activity
from tests.conftest import SignedIn
from tests.permission_matrix import ROWS, Row
from tests.permission_rows import ROLES
from tests.permission_world import World, _world, files, files_dir, world
from tests.signing_in import sign_in_by_force

__all__ = ["_world", "files", "files_dir", "world"]

#: Addresses that answer without signing in; each was opened on purpose.
OPEN = {
    *("healthz", "readyz", "favicon", "set_language", "preferences", "activity_worker"),
    "submission_worker",
    *("account_login", "account_logout", "account_signup", "account_inactive", "account_confirm_login_code"),
    *("account_reset_password", "account_reset_password_done", "account_reset_password_from_key"),
    *("account_reset_password_from_key_done", "account_confirm_email", "account_email_verification_sent"),
    *("mfa_authenticate", "mfa_login_webauthn"),
    *("api-schema", "api-docs", "api-docs-chapter"),
    *("verify_home", "verify", "open_data", "open_data_csv", "open_data_json"),
    *("contact", "changes", "notice_stop"),
}


#: What a mail program posts for its reader, who has no page of ours open: the address itself is signed.
WITHOUT_TOKEN = {"notice_stop"}


def _patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern)
        else:
            yield pattern


PATTERNS = list(_patterns())


def _answer(response: Any) -> str:
    if response.status_code == 302 and response["Location"].startswith(reverse("account_login")):
        return "in"
    return str(response.status_code)


def _send(reader: Client, row: Row, address: str, world: World) -> Any:
    if row.method == "GET":
        return reader.get(address, world.sent(row.about))
    if row.name.startswith("api-") and not row.name.endswith("-attachments"):
        return reader.post(address, world.sent(row.about), content_type="application/json")
    return reader.post(address, world.sent(row.about))


def test_the_table_names_every_address_with_both_methods() -> None:
    wanted = {(address.name, method) for address in all_addresses() for method in ("GET", "POST")}

    assert {(row.name, row.method) for row in ROWS} == wanted


def test_only_the_addresses_named_here_answer_without_signing_in() -> None:
    """Django's LoginRequiredMiddleware reads the same mark; the first column of the table shows what it does."""
    unguarded = {p.name for p in PATTERNS if not getattr(p.callback, "login_required", True)}
    endpoints = {row.name for row in ROWS if row.name.startswith("api-")}

    assert unguarded == OPEN | endpoints
    assert {row.answers[0] for row in ROWS if row.name not in OPEN | endpoints} == {"in"}
    assert {row.answers[0] for row in ROWS if row.name in endpoints - OPEN} == {"401"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.name} {row.about}")
def test_each_role_gets_what_the_table_says(row: Row, world: World) -> None:
    address = reverse(row.name, kwargs=world.kwargs(row.about))
    got = {}
    for role in ROLES:
        got[role] = _answer(_send(world.readers.browser(role), row, address, world))

    assert got == dict(zip(ROLES, row.answers, strict=True))


def test_no_page_of_the_portal_knows_another_method(
    world: World, signed_in: SignedIn, settings: Settings
) -> None:
    settings.PAGE_RATES = {}  # a test asks for more in a minute than an address may
    reader = signed_in(world.cast.people.coordinator)
    got = {}
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        for pattern in PATTERNS:
            name, module = str(pattern.name), pattern.callback.__module__
            is_page = module.startswith(
                ("config.", "incidents.", "programs.", "reporting.", "victims.")
            ) and not name.startswith("api-")
            if is_page:
                about = next(row.about for row in ROWS if row.name == name)
                address = reverse(name, kwargs=world.kwargs(about))
                got[method, name] = reader.generic(method, address).status_code

    assert set(got.values()) == {405}, got


def test_a_form_without_its_token_is_refused(world: World) -> None:
    reader = Client(enforce_csrf_checks=True)
    sign_in_by_force(reader, world.cast.people.filing_officer)
    noted = AuditEvent.objects.count()
    for row in ROWS:
        if row.method == "POST" and "405" not in row.answers and row.name not in WITHOUT_TOKEN:
            address = reverse(row.name, kwargs=world.kwargs(row.about))
            assert _send(reader, row, address, world).status_code == 403, row

    assert Activity.objects.unscoped("counts what the test made").count() == len(world.activities)
    assert AuditEvent.objects.count() == noted


def test_a_role_that_ended_yesterday_gives_nothing(world: World, signed_in: SignedIn) -> None:
    officer = world.cast.people.filing_officer
    officer.memberships.update(valid_to=dt.date.today() - dt.timedelta(days=1))
    reader = signed_in(officer)

    assert reader.get(reverse("activity_list")).status_code == 403
    assert reader.get(reverse("activity_new")).status_code == 403
    assert reader.get(reverse("activity_detail", args=[world.activities["own"].pk])).status_code == 404
    assert reader.get(reverse("home")).status_code == 200


def test_a_refusal_is_noted_with_the_view_and_not_with_what_was_sent(
    world: World, signed_in: SignedIn
) -> None:
    signed_in(world.cast.people.administrator).get(reverse("activity_list"), {"q": "Vàng Thị Mảy"})

    noted = AuditEvent.objects.filter(kind=AuditEvent.Kind.REFUSED).get()
    assert (noted.user, noted.about, noted.detail) == (world.cast.people.administrator, "activity_list", {})


def test_the_standing_agency_drafts_the_report_of_its_own_province_only(
    world: World, signed_in: SignedIn
) -> None:
    reader = signed_in(world.cast.people.standing_officer)

    assert reader.get(reverse("report_detail", args=[world.reports["far_report"].key])).status_code == 200
    assert reader.get(reverse("report_detail", args=[world.reports["report"].key])).status_code == 404
    assert reader.get(reverse("report_job", args=[world.jobs["far_job"].key])).status_code == 200
    assert reader.get(reverse("report_job", args=[world.jobs["job"].key])).status_code == 404


def test_a_list_shows_only_rows_whose_page_opens(world: World, signed_in: SignedIn) -> None:
    for role in ("filing_officer", "head_of_unit", "case_worker", "investigator", "coordinator", "stranger"):
        reader = signed_in(getattr(world.cast.people, role))
        page = reader.get(reverse("activity_list")).content.decode()
        for activity in world.activities.values():
            address = reverse("activity_detail", args=[activity.pk])
            assert (f'href="{address}"' in page) == (reader.get(address).status_code == 200), (role, address)
