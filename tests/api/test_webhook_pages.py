"""The pages on which an administrator keeps webhooks, and what a key was used for."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.keys import make_key, note_use, show_secret
from accounts.models import ApiKey, ApiUse, AuditEvent, Delivery, Happening, KeyScope, OutboxEvent, Webhook
from tests.cast import Cast
from tests.conftest import SignedIn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def local_address(settings: Settings) -> None:
    settings.WEBHOOK_PLAIN_LOCALHOST = True
    caches["counts"].clear()


@pytest.fixture
def key(cast: Cast) -> ApiKey:
    made = make_key(
        actor=cast.people.administrator,
        consumer="Phần mềm của tỉnh",
        scopes=[KeyScope.REPORTS],
        area=cast.map.lao_cai,
        expires_on=dt.date.today() + dt.timedelta(days=30),
    )
    show_secret(key=made, actor=cast.people.administrator)
    return made


@pytest.fixture
def browser(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.people.administrator)


def add(browser: Client, key: ApiKey, **changed: Any) -> Any:
    typed = {"url": "http://localhost:9/hook", "told_of": ["report.issued"], **changed}
    return browser.post(reverse("webhook_new", args=[key.key]), typed)


def test_a_webhook_is_made_its_secret_shown_once_and_paused(browser: Client, key: ApiKey) -> None:
    made = add(browser, key)
    hook = Webhook.objects.get()
    assert made["Location"] == reverse("webhook", args=[hook.pk])
    page = browser.post(reverse("webhook_secret", args=[hook.pk]))
    secret = page.context["secret"]
    assert secret.startswith("whsec_") and "no-store" in page["Cache-Control"]
    assert secret not in browser.get(reverse("webhook", args=[hook.pk])).content.decode()
    states = []
    for step in ("webhook_pause", "webhook_resume"):
        browser.post(reverse(step, args=[hook.pk]))
        states.append(browser.get(reverse("webhook", args=[hook.pk])).context["state"])

    assert states == ["paused", "current"]
    told = AuditEvent.objects.filter(about=f"accounts.webhook:{hook.pk}").order_by("id")
    assert list(told.values_list("kind", flat=True)) == [
        "webhook_made",
        "webhook_secret",
        "webhook_changed",
        "webhook_changed",
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"url": "https://10.0.0.7/hook"}, "url"),
        ({"url": "http://example.vn/hook"}, "url"),
        ({"url": ""}, "url"),
        ({"told_of": []}, "told_of"),
        ({"told_of": ["everything"]}, "told_of"),
    ],
)
def test_an_address_that_may_not_be_is_refused_by_field(
    browser: Client, key: ApiKey, changed: dict[str, Any], field: str
) -> None:
    refused = add(browser, key, **changed)

    assert (refused.status_code, list(refused.context["form"].errors)) == (422, [field])
    assert not Webhook.objects.exists()


def test_the_log_of_messages_takes_no_more_statements_for_more_of_them(
    browser: Client, key: ApiKey, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add(browser, key)
    hook = Webhook.objects.get()
    browser.post(reverse("webhook_secret", args=[hook.pk]))
    for number in range(1, 13):
        event = OutboxEvent.objects.create(
            kind=Happening.ISSUED, name=f"report.issued:{number}", area=cast.map.lao_cai
        )
        state = Delivery.State.FAILED if number % 2 else Delivery.State.DELIVERED
        Delivery.objects.create(webhook=hook, event=event, state=state, tries=8, status=500)
        if number in (2, 12):
            with django_assert_num_queries(5):
                page = browser.get(reverse("webhook", args=[hook.pk]))

    assert page.content.decode().count("<tr") == 13
    failed = Delivery.objects.filter(state="failed").first()
    assert failed is not None
    browser.post(reverse("webhook_again", args=[hook.pk, failed.pk]))
    failed.refresh_from_db()
    assert (failed.state, failed.tries) == (Delivery.State.WAITING, 0)


def test_the_page_of_a_key_tells_its_use_by_day_and_by_endpoint(
    browser: Client, key: ApiKey, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for endpoint, is_refused in (("reports", False), ("reports", True), ("statistics", False)):
        note_use(key, endpoint=endpoint, is_refused=is_refused)
    long_ago = timezone.localdate() - dt.timedelta(days=31)
    ApiUse.objects.create(key=key, day=long_ago, endpoint="areas", requests=5)
    add(browser, key)
    with django_assert_num_queries(9):
        page = browser.get(reverse("api_key", args=[key.key]))

    assert page.context["endpoints"] == [
        {"endpoint": "reports", "asked": 2, "denied": 1},
        {"endpoint": "statistics", "asked": 1, "denied": 0},
    ]
    assert page.context["days"] == [{"day": timezone.localdate(), "asked": 3, "denied": 1}]
    assert "http://localhost:9/hook" in page.content.decode()
