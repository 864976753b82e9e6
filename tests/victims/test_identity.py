"""Who a person is: opened with a reason, searched for exactly, never told to who only has to ask."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Notification, ReadEvent, User
from accounts.row_scope import row_scope, system_scope
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.victims.conftest import AsPortal
from tests.victims.files import (
    ADDRESS,
    BORN,
    CONTACT,
    NAME,
    PAPER,
    PHONE,
    file_of,
    opened_by,
    with_identity,
)
from tests.victims.test_flows import (
    page,
    step,
    typed_identity,
)
from victims.models import IdentityOpening
from victims.services.identity import OPENINGS_AN_HOUR, SEARCHES_AN_HOUR


def test_an_identity_opens_with_a_reason_is_shown_and_logged_and_the_head_is_told(
    worker: User, head: User, signed_in: SignedIn, as_portal: AsPortal
) -> None:
    victim, browser = file_of(worker), signed_in(worker)
    address = reverse("victim_identity", args=[victim.code])
    with as_portal():
        kept = browser.post(reverse("victim_identity_edit", args=[victim.code]), typed_identity())
        assert kept.status_code == 302, kept.content.decode()
        closed = browser.get(address).content.decode()
        short = browser.post(address, {"reason": "xem"})
        opened = browser.post(address, {"reason": "Làm lại giấy tờ tùy thân"}, follow=True).content.decode()

    assert NAME not in closed
    assert short.status_code == 422
    for text in (NAME, "28/02/2001", PAPER, PHONE, ADDRESS, CONTACT):
        assert text in opened
    reading = ReadEvent.objects.get(how="identity")
    assert (reading.user, reading.record) == (worker, f"victims.victim:{victim.pk}")
    notice = Notification.objects.get(user=head)
    assert notice.kind == "identity_opened"
    assert notice.about == {"code": victim.code}
    log = page(signed_in(head), victim, "victim_log")
    assert "Làm lại giấy tờ tùy thân" in log
    assert NAME not in log


def test_an_opening_is_the_openers_alone_and_ends_after_a_quarter_of_an_hour(
    worker: User, colleague: User, signed_in: SignedIn
) -> None:
    victim = with_identity(worker, file_of(worker))
    opening = opened_by(worker, victim)
    assert opening.expires_at - opening.at == dt.timedelta(minutes=15)
    assert NAME in page(signed_in(worker), victim, "victim_identity")
    assert NAME not in page(signed_in(colleague), victim, "victim_identity")
    IdentityOpening.objects.all()._raw_delete("default")
    past = timezone.now() - dt.timedelta(minutes=16)
    IdentityOpening.objects.create(
        person=worker, victim=victim, reason="x" * 10, at=past, expires_at=past + dt.timedelta(minutes=15)
    )
    assert NAME not in page(signed_in(worker), victim, "victim_identity")
    edit = signed_in(worker).get(reverse("victim_identity_edit", args=[victim.code]))
    assert edit["Location"] == reverse("victim_identity", args=[victim.code])


def test_where_a_unit_has_no_head_the_coordinator_learns_only_that_it_happened(
    worker: User, cast: Cast
) -> None:
    victim = with_identity(worker, file_of(worker))
    opened_by(worker, victim)
    notice = Notification.objects.get(user=cast.people.coordinator)
    assert victim.code not in f"{notice.sentence}{notice.url}{notice.about}"


def test_a_text_that_names_the_person_is_refused(worker: User, signed_in: SignedIn) -> None:
    victim, browser = with_identity(worker, file_of(worker)), signed_in(worker)
    step(browser, victim, "support", version="0", needs=["medical"])
    for text in (f"Đưa {NAME.upper()} đi khám", f"Gọi +84{PHONE[1:]}", f"CCCD {PAPER[:6]} {PAPER[6:]}"):
        refused = step(browser, victim, "goal", text=text)
        assert refused.status_code == 422, text
        assert "names the person" in refused.content.decode()
    assert step(browser, victim, "goal", text="Đưa đi khám").status_code == 302


def test_a_search_tells_own_codes_and_of_others_whom_to_ask(
    worker: User, far_worker: User, signed_in: SignedIn, as_portal: AsPortal
) -> None:
    own = with_identity(worker, file_of(worker), paper="P1234567")
    far = with_identity(far_worker, file_of(far_worker))
    browser = signed_in(worker)
    with as_portal():
        shown = browser.post(reverse("victim_search"), {"full_name": NAME.lower(), "birth_year": "2001"})
        by_paper = browser.post(reverse("victim_search"), {"paper": f"{PAPER[:3]} {PAPER[3:]}"})
        nobody = browser.post(reverse("victim_search"), {"phone": "0900000000"})
        no_year = browser.post(reverse("victim_search"), {"full_name": NAME})

    agency = far.agency.name
    assert own.code in shown.content.decode()
    for response in (shown, by_paper):
        assert f"in the care of {agency}: ask them" in response.content.decode()
        assert far.code not in response.content.decode()
    assert "Nobody matches exactly" in nobody.content.decode()
    assert no_year.status_code == 422
    details = [event.detail for event in AuditEvent.objects.filter(kind="identity_searched", user=worker)]
    assert len(details) == 3
    assert NAME.lower() not in str(details).lower()


def test_a_person_in_care_elsewhere_is_told_at_entry_before_anything_is_kept(
    worker: User, far_worker: User, signed_in: SignedIn
) -> None:
    with_identity(far_worker, file_of(far_worker))
    victim, browser = file_of(worker), signed_in(worker)
    address = reverse("victim_identity_edit", args=[victim.code])

    warned = browser.post(address, typed_identity())
    assert warned.status_code == 422
    assert "A matching person is in the care of" in warned.content.decode()
    assert NAME in warned.content.decode(), "what was typed stays"
    assert not victim.identity_changes.exists()
    assert browser.post(address, typed_identity(confirmed="on")).status_code == 302
    assert victim.identity_changes.get().what == "recorded"


def test_whoever_searches_too_often_is_stopped(worker: User, signed_in: SignedIn) -> None:
    browser = signed_in(worker)
    answers = [
        browser.post(reverse("victim_search"), {"phone": f"09000000{number:02}"}).status_code
        for number in range(SEARCHES_AN_HOUR + 1)
    ]
    assert answers == [200] * SEARCHES_AN_HOUR + [429]


def test_whoever_opens_too_many_is_stopped_and_it_is_noted(worker: User, signed_in: SignedIn) -> None:
    victim, now = with_identity(worker, file_of(worker)), timezone.now()
    with system_scope("openings of this hour"):
        IdentityOpening.objects.bulk_create(
            IdentityOpening(
                person=worker, victim=victim, reason="Gặp để lập kế hoạch", at=now, expires_at=now
            )
            for _time in range(OPENINGS_AN_HOUR)
        )

    refused = signed_in(worker).post(
        reverse("victim_identity", args=[victim.code]), {"reason": "Liên hệ gia đình hôm nay"}
    )

    assert refused.status_code == 429
    assert "You opened very many identities within the hour" in refused.content.decode()
    assert NAME not in refused.content.decode()
    noted = AuditEvent.objects.get(kind=AuditEvent.Kind.REFUSED)
    assert (noted.about, noted.detail) == (f"victim_identity:{victim.code}", {"too_often": True})


def test_a_birth_typed_as_a_year_matches_the_day_of_that_year(worker: User, signed_in: SignedIn) -> None:
    own = with_identity(worker, file_of(worker), birth_date=BORN[:4])
    with row_scope(worker):
        found = signed_in(worker).post(reverse("victim_search"), {"full_name": NAME, "birth_year": "2001"})
    assert own.code in found.content.decode()
