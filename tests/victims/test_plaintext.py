"""After all that people do with a victim's file, no trace of who it is: not in a table, a log, a mail or a page."""

from __future__ import annotations

import base64
import datetime as dt
import logging
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from accounts.notice_mail import send_waiting
from tests.conftest import SignedIn
from tests.traces import Traces
from tests.victims.files import ACCOUNT, ADDRESS, BORN, CONTACT, NAME, PAPER, PHONE, file_of
from tests.victims.test_flows import consent, made_by, settle, step, typed_file, typed_identity
from victims.models import Transfer, Victim
from victims.reminders import remind_of_the_day

NOT_THE_PERSON = ["Học nghề may", "Phòng LĐTBXH"]
CANARIES = [NAME, BORN, "28/02/2001", PAPER, PHONE, PHONE.replace(" ", ""), ADDRESS, CONTACT, ACCOUNT]
CANARIES += ["Chim Én Thử", "Bịa Đặt", "Sùng Thị Mây Thử", "Tưởng Tượng"]


TRACES = Traces(CANARIES)


def whole_database() -> Iterator[tuple[str, str]]:
    """Every row of every table as text, and every session decoded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT LIKE 'pg\\_%'")
        for schema, table in cursor.fetchall():
            if schema != "information_schema":
                cursor.execute(
                    f'SELECT COALESCE(string_agg(t::text, chr(10)), \'\') FROM "{schema}"."{table}" t'
                )
                yield table, cursor.fetchone()[0]
    for session in Session.objects.all():
        yield "session", str(session.get_decoded())


def test_the_traces_are_found_where_they_stand() -> None:
    """The net has no holes: each way in which a name could be written is seen."""
    for written in (
        f"x{NAME}y",
        unicodedata.normalize("NFD", NAME),
        f"?q={quote(NAME)}",
        base64.b64encode(f"xx {NAME} yy".encode()).decode(),
        NAME.encode("utf-16-le").hex(),
        ascii(NAME),
        "Ho Thi Chim En Thu",
    ):
        assert TRACES.found_in(written), written
    assert not TRACES.found_in("Học nghề may tại Lào Cai, 05/03/2024")


def test_nothing_of_a_person_is_in_the_clear_anywhere(
    worker: User,
    head: User,
    far_worker: User,
    signed_in: SignedIn,
    caplog: pytest.LogCaptureFixture,
    settings: Settings,
) -> None:
    caplog.set_level(logging.DEBUG)
    browser, leader, receiver = signed_in(worker), signed_in(head), signed_in(far_worker)
    victim = everything_people_do(worker, browser, leader, receiver, far_worker)
    shown = _pages(browser, leader, receiver, victim)
    good, settings.FIELD_KEYS = settings.FIELD_KEYS, "k1:" + "A" * 43 + "="
    receiver.raise_request_exception = False
    broken = receiver.get(reverse("victim_identity", args=[victim.code]))
    settings.FIELD_KEYS = good

    assert broken.status_code == 500
    assert len(mail.outbox) > 0
    places = {
        "log": caplog.text,
        "mail": "\n".join(f"{m.subject} {m.body} {m.to}" for m in mail.outbox),
        "error": broken.content.decode(),
        **dict(whole_database()),
        **shown,
    }
    leaks = {place: found for place, text in places.items() if (found := TRACES.found_in(text))}
    assert leaks == {}
    assert victim.code in places["victims_victim"], "the tables were read"
    victim.refresh_from_db()
    assert victim.agency == far_worker.memberships.get().agency, "all of it was done"
    assert [change.what for change in victim.identity_changes.all()] == ["changed", "recorded"]


def everything_people_do(
    worker: User, browser: Client, leader: Client, receiver: Client, far_worker: User
) -> Victim:
    victim = made_by(browser, worker)
    step(browser, victim, "account", text=ACCOUNT, version="0", no_secrets="on")
    step(browser, victim, "account", text=ACCOUNT + " Hết.", version="0", no_secrets="on")  # a conflict
    step(browser, victim, "assessment", text=f"{NAME} cần khám.", version="0", no_secrets="on")
    writing = reverse("victim_identity_edit", args=[victim.code])
    browser.post(writing, typed_identity(birth_date="không rõ"))
    browser.post(writing, typed_identity())
    opening = reverse("victim_identity", args=[victim.code])
    browser.post(opening, {"reason": f"Gọi cho {NAME} làm giấy"})  # refused
    browser.post(opening, {"reason": "Làm lại giấy tờ tùy thân"})
    browser.get(opening)
    browser.post(writing, typed_identity(version="0"))  # somebody was faster
    browser.post(writing, typed_identity(version="1", confirmed="on"))
    for typed in ({"full_name": NAME, "birth_year": "2001"}, {"paper": PAPER}, {"phone": PHONE}):
        browser.post(reverse("victim_search"), typed)
        receiver.post(reverse("victim_search"), typed)
    other = file_of(far_worker)
    receiver.post(reverse("victim_identity_edit", args=[other.code]), typed_identity())
    browser.post(reverse("victim_edit", args=[victim.code]), typed_file(worker, version="1", age="16"))
    step(browser, victim, "support", version="0", needs=["medical"], interpreter=NAME)  # refused
    step(browser, victim, "support", version="0", needs=["medical"])
    step(browser, victim, "goal", text=f"Giúp {NAME} học nghề")  # refused
    step(browser, victim, "goal", text=NOT_THE_PERSON[0])
    step(browser, victim, "service", kind="medical", provider=NOT_THE_PERSON[1], starts_on="10/03/2024")
    step(browser, victim, "follow-up", kind="visit", due_on="11/03/2024")
    remind_of_the_day(victim.arrived_on)
    step(browser, victim, "closure", outcome="reintegrated")
    settle(leader, victim, "closure-approved", victim.support.pk)
    step(browser, victim, "reopen", reason="Cần hỗ trợ thêm")
    consent(browser, victim, "transfer", given_by="guardian")
    to = str(far_worker.memberships.get().agency_id)
    step(browser, victim, "transfer", to_agency=to, reason=f"Đưa {NAME} về")  # refused
    step(browser, victim, "transfer", to_agency=to, reason="Về gần gia đình")
    transfer = Transfer.objects.unscoped("a test").get()
    receiver.post(reverse("transfer_detail", args=[transfer.key]), {"answer": "accept"})
    receiver.post(opening, {"reason": "Liên hệ gia đình người này"})
    call_command("rotate_field_keys", verbosity=0)
    send_waiting(now=timezone.now() + dt.timedelta(days=1))
    return victim


def _pages(browser: Client, leader: Client, receiver: Client, victim: Victim) -> dict[str, str]:
    """Everything that shows more than one identity's page: lists, files without the narrative, notices, logs."""
    names = ("victim_list", "victim_caseload", "transfer_list", "data_request_list", "facility_list")
    shown = {}
    for who, reader in (("sender", browser), ("receiver", receiver), ("head", leader)):
        for name in (*names, "home", "notifications"):
            shown[f"{who} {name}"] = reader.get(reverse(name)).content.decode()
    log = reverse("victim_log", args=[victim.code])
    shown["log page"] = receiver.get(log).content.decode()
    title = receiver.get(reverse("victim_identity", args=[victim.code])).content.decode()
    shown["title"] = title[: title.index("</title>")]
    return shown
