"""Messages to programs, to a real server on this machine: signed, tried again, never for work that was undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings
from standardwebhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from accounts.keys import make_key, revoke_key, show_secret
from accounts.models import (
    ApiKey,
    AuditEvent,
    Delivery,
    Happening,
    KeyScope,
    Notification,
    OutboxEvent,
    Webhook,
)
from accounts.outbox import forget_events, note_event, spread_events
from accounts.webhooks.delivering import MOST_TRIES, WAITS, deliver, due_deliveries
from accounts.webhooks.keeping import make_webhook, pause, renew_secret, send_again
from config.celery import app
from programs.models import Assignment
from programs.reminders import remind_of_tasks
from reporting.models import FormKind, Submission
from reporting.services.submissions import accept_submission, open_submission, submit_submission
from tests.api.receiver import Receiver, receiving
from tests.cast import Cast
from tests.register import make_register
from tests.reporting.records import form_of, load_catalogue, obligation

pytestmark = pytest.mark.django_db

State = Delivery.State


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.WEBHOOK_PLAIN_LOCALHOST = True
    settings.PUBLIC_URL = "https://portal.example.vn"
    with receiving() as listening:
        yield listening


@pytest.fixture
def eager_worker() -> Iterator[None]:
    """A worker that does at once, here, what it is asked for."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def key_of(cast: Cast, membership: Any = None, **given: Any) -> ApiKey:
    """A key that was taken: of a membership for its records, else for the reports of the province."""
    fields: dict[str, Any] = {"scopes": [KeyScope.REPORTS], "area": cast.map.lao_cai, **given}
    if membership is not None:
        fields = {"scopes": [KeyScope.RECORDS_READ], "membership": membership, **given}
    key = make_key(
        actor=cast.people.administrator,
        consumer="Phần mềm của tỉnh",
        expires_on=dt.date.today() + dt.timedelta(days=30),
        **fields,
    )
    show_secret(key=key, actor=membership.user if membership else cast.people.administrator)
    key.refresh_from_db()
    return key


def hook(cast: Cast, key: ApiKey, receiver: Receiver, *told_of: Happening) -> tuple[Webhook, str]:
    """A webhook of a key, and its secret."""
    made = make_webhook(
        actor=cast.people.administrator, key=key, url=receiver.url(), told_of=told_of or list(Happening)
    )
    secret = renew_secret(webhook=made, actor=cast.people.administrator)
    made.refresh_from_db()
    return made, secret


def work() -> None:
    """What workers do when they look at the outbox."""
    spread_events()
    for pk in due_deliveries():
        deliver(pk)


def issued(cast: Cast, name: str = "report.issued:1") -> None:
    note_event(
        kind=Happening.ISSUED,
        name=name,
        area=cast.map.lao_cai,
        data={"id": 1, "code": "A1B2", "period": "2020-H1", "path": "/api/v1/reports/1/"},
    )


def later(**of: Any) -> None:
    """Let the waiting time of all messages pass."""
    Delivery.objects.update(next_at=timezone.now() - dt.timedelta(seconds=1), **of)


def sent_report(cast: Cast) -> Submission:
    load_catalogue()
    form_of(FormKind.SIX_MONTH).sections.all().delete()
    owed = obligation(cast.agencies.bat_xat_police, cast.map.bat_xat)
    head = cast.people.head_of_unit
    begun = open_submission(obligation=owed, actor=head)
    return submit_submission(submission=begun, actor=head, version=begun.version)


def test_a_program_is_told_of_a_report_that_was_submitted_and_accepted(
    cast: Cast, receiver: Receiver
) -> None:
    _made, secret = hook(cast, key_of(cast, cast.people.coordinator.memberships.get()), receiver)
    sent = sent_report(cast)
    accept_submission(submission=sent, actor=cast.people.coordinator, version=sent.version)
    work()
    told = [Verifier(secret).verify(each.body, each.headers) for each in receiver.requests]

    assert [each["type"] for each in told] == ["submission.submitted", "submission.accepted"]
    assert told[0]["data"] == {
        "id": sent.pk,
        "code": sent.obligation.form_id,
        "agency": cast.agencies.bat_xat_police.pk,
        "area": cast.map.bat_xat.code,
        "period": "2020-H1",
        "link": f"https://portal.example.vn/api/v1/submissions/{sent.pk}/",
    }
    assert receiver.requests[0].path == "/hook?from=portal"
    assert cast.people.head_of_unit.full_name not in receiver.requests[0].body.decode()
    assert list(Delivery.objects.values_list("state", "tries", "status")) == [("delivered", 1, 204)] * 2


def test_a_worker_is_asked_as_soon_as_the_work_stands(
    cast: Cast, receiver: Receiver, eager_worker: None, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True) as asked:
        issued(cast)
    assert (len(asked), OutboxEvent.objects.get().spread_at) == (1, None)  # nobody is to be told
    hook(cast, key_of(cast), receiver)
    with django_capture_on_commit_callbacks(execute=True):
        issued(cast, "report.issued:2")

    assert len(receiver.requests) == 2 and not OutboxEvent.objects.filter(spread_at=None).exists()


def test_a_task_that_is_overdue_is_told_once(cast: Cast, receiver: Receiver) -> None:
    register = make_register(cast)
    hook(cast, key_of(cast, cast.people.coordinator.memberships.get()), receiver)
    task = Assignment.objects.unscoped("the test's").filter(pk=register["own_task"])
    task.update(due_on=dt.date(2020, 6, 1), state=Assignment.State.IN_PROGRESS)
    for day in (2, 2, 8):
        remind_of_tasks(dt.date(2020, 6, day))
    work()

    (message,) = receiver.requests
    assert (message.told["type"], message.told["data"]["due_on"]) == ("task.overdue", "2020-06-01")


def test_nothing_is_told_of_work_that_was_undone(cast: Cast, receiver: Receiver) -> None:
    hook(cast, key_of(cast), receiver)
    with pytest.raises(RuntimeError), transaction.atomic():
        issued(cast)
        raise RuntimeError
    work()

    assert (receiver.requests, OutboxEvent.objects.count()) == ([], 0)


def test_the_same_event_is_told_once_under_one_id(cast: Cast, receiver: Receiver) -> None:
    hook(cast, key_of(cast), receiver)
    issued(cast)
    issued(cast)
    for _look in range(3):
        work()

    assert [each.id for each in receiver.requests] == [str(OutboxEvent.objects.get().pk)]


def test_a_message_that_was_not_taken_is_tried_again_under_its_id(cast: Cast, receiver: Receiver) -> None:
    hook(cast, key_of(cast), receiver)
    receiver.answers = [500, 503]
    issued(cast)
    work()
    work()
    delivery = Delivery.objects.get()
    assert (len(receiver.requests), delivery.state, delivery.status, delivery.trouble) == (
        1,
        State.WAITING,
        500,
        "answer",
    )
    assert WAITS[0] - dt.timedelta(seconds=5) < delivery.next_at - timezone.now() <= WAITS[0]
    for _try in range(2):
        later()
        work()

    assert len({each.id for each in receiver.requests}) == 1
    delivery.refresh_from_db()
    assert (len(receiver.requests), delivery.state, delivery.trouble) == (3, State.DELIVERED, "")


def test_after_a_day_of_tries_it_is_given_up_and_the_administrator_told(
    cast: Cast, receiver: Receiver
) -> None:
    made, _secret = hook(cast, key_of(cast), receiver)
    receiver.answers = [500] * MOST_TRIES
    issued(cast)
    spread_events()
    for _try in range(MOST_TRIES + 2):
        later()
        work()

    assert (len(receiver.requests), Delivery.objects.get().state) == (MOST_TRIES, State.FAILED)
    assert MOST_TRIES == 8 and dt.timedelta(hours=23) < sum(WAITS, dt.timedelta()) < dt.timedelta(hours=25)
    notice = Notification.objects.get(kind="webhook_failed")
    assert (notice.user, notice.url) == (cast.people.administrator, f"/webhooks/{made.pk}/")
    again = send_again(delivery=Delivery.objects.get(), actor=cast.people.administrator)
    work()
    again.refresh_from_db()
    assert (again.state, len({each.id for each in receiver.requests})) == (State.DELIVERED, 1)


def test_what_a_killed_worker_had_is_swept_up(cast: Cast, receiver: Receiver) -> None:
    hook(cast, key_of(cast), receiver)
    issued(cast)
    spread_events()
    lease = timezone.now() + dt.timedelta(seconds=60)
    Delivery.objects.update(tries=1, leased_until=lease)
    assert due_deliveries() == [] and deliver(Delivery.objects.get().pk) is None

    Delivery.objects.update(leased_until=timezone.now() - dt.timedelta(seconds=1))
    work()
    assert (len(receiver.requests), Delivery.objects.get().tries) == (1, 2)


def test_a_key_is_told_only_of_what_it_may_read(cast: Cast, receiver: Receiver) -> None:
    stranger = cast.people.stranger.memberships.get()
    officer = key_of(cast, cast.people.filing_officer.memberships.get())
    statistics = key_of(cast, scopes=[KeyScope.STATISTICS])
    far = make_key(
        actor=cast.people.administrator,
        consumer="Ai đó",
        scopes=[KeyScope.REPORTS],
        expires_on=dt.date.today() + dt.timedelta(days=30),
    )
    show_secret(key=far, actor=cast.people.administrator)
    far.refresh_from_db()
    hooks = [hook(cast, key, receiver)[0] for key in (officer, statistics, far)]
    ApiKey.objects.filter(pk=statistics.pk).update(area=cast.map.kon_tum, scopes=["reports"])
    sent_report(cast)
    issued(cast)
    work()

    assert list(Delivery.objects.values_list("webhook", "event__kind")) == [
        (hooks[0].pk, "submission.submitted")
    ]
    assert stranger.agency_id != cast.agencies.bat_xat_police.pk


def test_a_key_that_ended_is_told_nothing_more(cast: Cast, receiver: Receiver) -> None:
    key = key_of(cast)
    hook(cast, key, receiver)
    issued(cast)
    spread_events()
    revoke_key(key=key, actor=cast.people.administrator)
    work()

    delivery = Delivery.objects.get()
    assert (receiver.requests, delivery.state, delivery.trouble) == ([], State.FAILED, "ended")


def test_a_paused_webhook_waits_and_one_without_a_secret_is_told_nothing(
    cast: Cast, receiver: Receiver
) -> None:
    key = key_of(cast)
    made, _secret = hook(cast, key, receiver)
    make_webhook(actor=cast.people.administrator, key=key, url=receiver.url(), told_of=[Happening.ISSUED])
    pause(webhook=made, actor=cast.people.administrator, is_paused=True)
    issued(cast)
    work()
    assert (receiver.requests, Delivery.objects.get().tries) == ([], 0)
    assert deliver(Delivery.objects.get().pk) is None

    pause(webhook=made, actor=cast.people.administrator, is_paused=False)
    work()
    assert len(receiver.requests) == 1


def test_a_new_secret_and_the_one_before_both_hold_for_a_day(cast: Cast, receiver: Receiver) -> None:
    made, before = hook(cast, key_of(cast), receiver)
    renewed = renew_secret(webhook=made, actor=cast.people.administrator)
    issued(cast)
    work()
    (message,) = receiver.requests
    for secret in (before, renewed):
        assert Verifier(secret).verify(message.body, message.headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(renewed).verify(message.body + b" ", message.headers)

    Webhook.objects.update(before_until=timezone.now())
    issued(cast, "report.issued:2")
    work()
    with pytest.raises(WebhookVerificationError):
        Verifier(before).verify(receiver.requests[1].body, receiver.requests[1].headers)
    assert Verifier(renewed).verify(receiver.requests[1].body, receiver.requests[1].headers)
    stored = str(Webhook.objects.values().get())
    assert before not in stored and renewed not in stored
    assert AuditEvent.objects.filter(kind="webhook_secret").count() == 2


def test_a_redirect_is_not_followed(cast: Cast, receiver: Receiver) -> None:
    hook(cast, key_of(cast), receiver)
    with receiving() as other:
        receiver.answers, receiver.headers = [307], {"Location": other.url()}
        issued(cast)
        work()
        assert (len(receiver.requests), other.requests) == (1, [])
    assert (Delivery.objects.get().status, Delivery.objects.get().trouble) == (307, "redirect")


def test_events_are_forgotten_when_their_time_is_over(cast: Cast, receiver: Receiver) -> None:
    hook(cast, key_of(cast), receiver)
    issued(cast)
    work()
    assert forget_events() == 0
    OutboxEvent.objects.update(at=timezone.now() - dt.timedelta(days=91))
    forget_events()
    assert not OutboxEvent.objects.exists() and not Delivery.objects.exists()


def test_a_key_has_at_most_ten_webhooks(cast: Cast, receiver: Receiver) -> None:
    key = key_of(cast)
    for _each in range(10):
        hook(cast, key, receiver)
    with pytest.raises(ValidationError):
        hook(cast, key, receiver)
