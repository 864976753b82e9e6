"""A file from arrival to closure, by the pages, as the portal's own role: what people see, and what is refused."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, Notification, ReadEvent, Role, User
from accounts.row_scope import row_scope, system_scope
from incidents.models import Case
from tests.cast import Cast, person
from tests.conftest import SignedIn
from tests.victims.conftest import AsPortal
from tests.victims.files import (
    ACCOUNT,
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
from victims.models import Facility, IdentityOpening, Transfer, Victim
from victims.reminders import remind_of_the_day
from victims.services.identity import SEARCHES_AN_HOUR


def all_files() -> Any:
    return Victim.objects.unscoped("a test looks at everything")


def typed_file(worker: User, **changed: Any) -> dict[str, Any]:
    membership = worker.memberships.first()
    return {
        "submission_key": str(uuid.uuid4()),
        "unit": f"{membership.agency_id}-{membership.area_id}",
        "circle": "victim",
        "status": "confirmed",
        "decided_on": "05/03/2024",
        "decision_number": "12/QĐ-CAT",
        "arrival": "rescued",
        "arrived_on": "05/03/2024",
        "sex": "female",
        "age": "15",
        "minority": "yes",
        "nationality": "VN",
        "education": "primary",
        "occupation": "farming",
        "purposes": ["forced_marriage", "unborn_child"],
        "recruiter_relation": "acquainted",
        "channel": "social_network",
        "no_secrets": "on",
        **changed,
    }


def typed_identity(**changed: Any) -> dict[str, Any]:
    return {
        "version": "0",
        "full_name": NAME,
        "birth_date": "28/02/2001",
        "phone": PHONE,
        "address": ADDRESS,
        "contacts": CONTACT,
        "paper_kind_0": "identity_card",
        "paper_number_0": PAPER,
        **changed,
    }


def step(browser: Client, victim: Victim, name: str, **typed: Any) -> Any:
    return browser.post(reverse("victim_step", args=[victim.code, name]), typed)


def settle(browser: Client, victim: Victim, what: str, pk: int) -> Any:
    return browser.post(reverse("victim_settle", args=[victim.code, what, pk]), follow=True)


def page(browser: Client, victim: Victim, name: str = "victim_detail") -> str:
    response = browser.get(reverse(name, args=[victim.code]))
    assert response.status_code == 200
    return str(response.content.decode())


def made_by(browser: Client, worker: User, **changed: Any) -> Victim:
    response = browser.post(reverse("victim_new"), typed_file(worker, **changed))
    assert response.status_code == 302, response.content.decode()
    found: Victim = all_files().get(code=response["Location"].strip("/").rpartition("/")[2])
    return found


# --- the file --------------------------------------------------------------------------------------------------


def test_a_state_secret_is_refused_and_nothing_typed_is_lost(worker: User, signed_in: SignedIn) -> None:
    typed = typed_file(worker)
    del typed["no_secrets"]

    response = signed_in(worker).post(reverse("victim_new"), typed)

    assert response.status_code == 422
    shown = response.content.decode()
    assert "Nothing classified may be entered" in shown
    assert "12/QĐ-CAT" in shown
    assert not all_files().exists()


def test_a_file_is_made_once_under_a_code_without_meaning(worker: User, signed_in: SignedIn) -> None:
    typed = typed_file(worker)
    answers = {signed_in(worker).post(reverse("victim_new"), typed)["Location"] for _click in range(2)}

    victim = all_files().get()
    assert answers == {reverse("victim_detail", args=[victim.code])}
    assert (victim.age_band, victim.status, victim.means) == ("under_16", "confirmed", [])
    assert victim.province.code == "10"


@pytest.mark.parametrize(
    ("age", "band"),
    [(0, "under_10"), (9, "under_10"), (10, "under_16"), (15, "under_16"), (16, "under_18")]
    + [(17, "under_18"), (18, "adult"), (None, "unknown")],
)
def test_the_age_limits_are_10_16_and_18(age: int | None, band: str, worker: User) -> None:
    assert file_of(worker, age=age).age_band == band


def test_a_relative_belongs_to_a_victim_of_own_care(
    worker: User, far_worker: User, signed_in: SignedIn
) -> None:
    far, browser = file_of(far_worker), signed_in(worker)
    for code in ("", far.code, "NN-222222"):
        typed = typed_file(worker, circle="relative", related_code=code)
        assert browser.post(reverse("victim_new"), typed).status_code == 422
    own = file_of(worker)
    relative = made_by(browser, worker, circle="relative", related_code=own.code.lower())

    assert relative.related_to == own
    assert relative.code in page(browser, own)
    assert list(Victim.objects.unscoped("a test").for_statistics()) == [own, far] or all_files().count() == 3


def test_the_latest_decision_is_the_status(worker: User, signed_in: SignedIn) -> None:
    victim, browser = file_of(worker), signed_in(worker)
    step(browser, victim, "status", status="suspected", decided_on="01/01/2024")
    victim.refresh_from_db()
    assert victim.status == "confirmed", "an older decision changes nothing"
    step(browser, victim, "status", status="not_a_victim", decided_on="06/03/2024", number="13/QĐ")
    victim.refresh_from_db()
    assert victim.status == "not_a_victim"


def test_two_case_workers_edit_the_same_file_and_the_second_keeps_what_was_typed(
    worker: User, colleague: User, signed_in: SignedIn, as_portal: AsPortal
) -> None:
    victim = file_of(worker)
    typed = typed_file(worker, version="1", age="31", purposes=["sexual"])
    with as_portal():
        first = signed_in(colleague).post(
            reverse("victim_edit", args=[victim.code]), {**typed, "age": "30", "purposes": ["servitude"]}
        )
        second = signed_in(worker).post(reverse("victim_edit", args=[victim.code]), typed)

    assert (first.status_code, second.status_code) == (302, 409)
    shown = second.content.decode()
    assert colleague.full_name in shown
    assert 'value="31"' in shown
    assert 'value="sexual" id="id_purposes_1" checked' in shown.replace("  ", " ")
    assert 'name="version" value="2"' in shown
    victim.refresh_from_db()
    assert (victim.age, victim.purposes) == (30, ["servitude"])


def test_a_narrative_changed_meanwhile_is_kept_as_typed(
    worker: User, colleague: User, signed_in: SignedIn
) -> None:
    victim = file_of(worker)
    typed = {"version": "0", "no_secrets": "on"}
    assert step(signed_in(colleague), victim, "account", text="Của Sò", **typed).status_code == 302
    second = step(signed_in(worker), victim, "account", text=ACCOUNT, **typed)
    assert second.status_code == 409
    assert ACCOUNT in second.content.decode()


def test_a_route_is_written_in_its_order(worker: User, cast: Cast, signed_in: SignedIn) -> None:
    victim, browser = file_of(worker), signed_in(worker)
    typed = {"kind_0": "origin", "country_0": "VN", "area_0": str(cast.map.lao_cai.pk)}
    refused = step(browser, victim, "route", **typed, kind_1="destination")
    assert refused.status_code == 422
    step(browser, victim, "route", **typed, kind_1="destination", country_1="CN", on_1="01/02/2023")
    assert [stop.country for stop in victim.route.all()] == ["VN", "CN"]


# --- the identity ----------------------------------------------------------------------------------------------


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
    step(browser, victim, "support", needs=["medical"])
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


# --- support ---------------------------------------------------------------------------------------------------


def test_support_goes_from_needs_to_a_closure_that_a_head_approves_and_may_open_again(
    worker: User, head: User, cast: Cast, signed_in: SignedIn, as_portal: AsPortal
) -> None:
    victim = file_of(worker)
    place = Facility.objects.create(
        name="Nhà Bình Yên Thử",
        agency=cast.agencies.lao_cai_labour,
        area=cast.map.lao_cai,
        capacity=1,
        valid_from=dt.date(2020, 1, 1),
    )
    browser, leader = signed_in(worker), signed_in(head)
    with as_portal():
        assert step(browser, victim, "goal", text="Học nghề may").status_code == 422, "not begun yet"
        step(browser, victim, "support", needs=["medical", "vocational"], interpreter="tiếng Mông")
        step(browser, victim, "goal", text="Học nghề may", due_on="01/09/2024")
        step(
            browser,
            victim,
            "service",
            kind="hardship_allowance",
            provider="Phòng LĐTBXH",
            starts_on="10/03/2024",
            amount="1.250.000",
            funding="local",
        )
        step(browser, victim, "stay", facility=str(place.pk), valid_from="05/03/2024")
        overlapping = step(browser, victim, "stay", facility=str(place.pk), valid_from="06/03/2024")
        step(browser, victim, "follow-up", kind="visit", due_on="01/04/2024")
        shown = page(browser, victim)
        assert settle(leader, victim, "closure-approved", 1).status_code == 200, "nothing was asked for"
        closing = step(browser, victim, "closure", outcome="reintegrated")
        with row_scope(head):
            pk = victim.support.pk
        own = settle(browser, victim, "closure-approved", pk)
        step(leader, victim, "return", reason="Thiếu đánh giá cuối")
        step(browser, victim, "closure", outcome="reintegrated")
        approved = settle(leader, victim, "closure-approved", pk)
        late = step(browser, victim, "goal", text="Sau khi đóng")
        again = step(browser, victim, "reopen", reason="Người này quay lại xin hỗ trợ")

    assert overlapping.status_code == 422
    assert "places are taken" in overlapping.content.decode()
    for text in ("Học nghề may", "1.250.000", "Nhà Bình Yên Thử", "tiếng Mông", "01/04/2024"):
        assert text in shown
    assert (closing.status_code, own.status_code, late.status_code, again.status_code) == (302, 404, 422, 302)
    assert "reintegrated into the community" in approved.content.decode()
    assert Notification.objects.filter(user=head, kind="closure_asked").count() == 2
    victim.support.refresh_from_db()
    assert victim.support.state == "open"


def test_a_person_stays_in_one_place_at_a_time(worker: User, cast: Cast, signed_in: SignedIn) -> None:
    victim, browser = file_of(worker), signed_in(worker)
    places = [
        Facility.objects.create(
            name=f"Cơ sở {n}",
            agency=cast.agencies.lao_cai_labour,
            area=cast.map.lao_cai,
            valid_from=dt.date(2020, 1, 1),
        )
        for n in range(2)
    ]
    step(browser, victim, "support", needs=[])
    step(browser, victim, "stay", facility=str(places[0].pk), valid_from="05/03/2024")
    second = step(browser, victim, "stay", facility=str(places[1].pk), valid_from="07/03/2024")
    assert second.status_code == 422
    assert "End that stay first" in second.content.decode()


def test_a_follow_up_stands_in_the_calendar_and_is_reminded_of_once(
    worker: User, signed_in: SignedIn, as_portal: AsPortal
) -> None:
    victim, browser = file_of(worker), signed_in(worker)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    step(browser, victim, "support", needs=["medical"])
    step(browser, victim, "follow-up", kind="call", due_on=tomorrow.isoformat())
    with as_portal():
        assert remind_of_the_day(timezone.localdate()) == 1
        assert remind_of_the_day(timezone.localdate()) == 0
        shown = browser.get(reverse("victim_caseload")).content.decode()
    assert victim.code in shown
    assert f"{tomorrow:%d/%m/%Y}" in shown


# --- consent and transfer --------------------------------------------------------------------------------------


def consent(browser: Client, victim: Victim, purpose: str, **changed: Any) -> Any:
    typed = {"purpose": purpose, "given_on": "10/03/2024", "how": "written", "given_by": "person", **changed}
    return step(browser, victim, "consent", **typed)


def test_for_a_minor_somebody_else_consents(worker: User, signed_in: SignedIn) -> None:
    victim, browser = file_of(worker, age=15), signed_in(worker)
    assert consent(browser, victim, "service").status_code == 422
    assert consent(browser, victim, "service", given_by="guardian").status_code == 302


def test_a_consent_taken_back_is_out_of_statistics_and_research_at_once(
    worker: User, signed_in: SignedIn
) -> None:
    asked, silent = file_of(worker), file_of(worker)
    browser = signed_in(worker)
    for purpose in ("statistics", "research"):
        consent(browser, asked, purpose)
    counted = all_files().for_statistics()
    assert set(counted) == {asked, silent}, "statistics of the state need no consent"
    assert set(all_files().for_research()) == {asked}
    for each in asked.consents.all():
        settle(browser, asked, "consent-withdrawn", each.pk)
    assert set(all_files().for_statistics()) == {silent}
    assert not all_files().for_research().exists()
    consent(browser, asked, "statistics")
    assert set(all_files().for_statistics()) == {asked, silent}


def test_a_file_is_handed_over_with_a_consent_and_the_sender_loses_it(
    worker: User, far_worker: User, signed_in: SignedIn, as_portal: AsPortal
) -> None:
    victim = with_identity(worker, file_of(worker))
    to = far_worker.memberships.get().agency
    sender, receiver = signed_in(worker), signed_in(far_worker)
    with as_portal():
        typed = {"to_agency": str(to.pk), "reason": "Về gần gia đình"}
        without = step(sender, victim, "transfer", **typed)
        consent(sender, victim, "transfer")
        asked = step(sender, victim, "transfer", **typed)
        twice = step(sender, victim, "transfer", **typed)
        with system_scope("a test"):
            transfer = Transfer.objects.unscoped("a test").get()
        address = reverse("transfer_detail", args=[transfer.key])
        before = receiver.get(address).content.decode()
        too_early = receiver.get(reverse("victim_detail", args=[victim.code])).status_code
        own = sender.post(address, {"answer": "accept"}).status_code
        no_reason = receiver.post(address, {"answer": "refuse"}).status_code
        accepted = receiver.post(address, {"answer": "accept"}, follow=True)
        again = receiver.post(address, {"answer": "accept"}).status_code
        after = sender.get(reverse("victim_detail", args=[victim.code])).status_code
        history = sender.get(address).status_code

    assert (without.status_code, asked.status_code, twice.status_code) == (422, 302, 422)
    assert victim.code in before
    assert "18 and over" in before
    assert (too_early, own, no_reason, again) == (404, 404, 422, 422)
    assert victim.code in accepted.content.decode()
    assert (after, history) == (404, 200)
    victim.refresh_from_db()
    assert (victim.agency, victim.area) == (to, to.area)
    assert Notification.objects.filter(user=worker, kind="transfer_answered").count() == 1


def test_children_go_along_and_relatives_stay(
    worker: User, far_worker: User, signed_in: SignedIn, as_portal: AsPortal
) -> None:
    victim = file_of(worker)
    child = file_of(worker, circle="child", related_to=victim, age=4)
    relative = file_of(worker, circle="relative", related_to=victim, age=50)
    sender, receiver = signed_in(worker), signed_in(far_worker)
    to = far_worker.memberships.get().agency
    with as_portal():
        consent(sender, victim, "transfer")
        step(sender, victim, "transfer", to_agency=str(to.pk), reason="Về gần gia đình")
        with row_scope(far_worker):
            key = Transfer.objects.visible_to(far_worker).get().key
        receiver.post(reverse("transfer_detail", args=[key]), {"answer": "accept"})
        seen = receiver.get(reverse("victim_detail", args=[child.code])).status_code
        stays = sender.get(reverse("victim_detail", args=[relative.code])).status_code
        address = reverse("victim_edit", args=[relative.code])
        form = sender.get(address).content.decode()
        changed = sender.post(address, typed_file(worker, version="1", age="51"))

    assert (seen, stays, changed.status_code) == (200, 200, 302)
    assert "related_code" not in form, "who is in another agency's care is neither shown nor taken away"
    relative.refresh_from_db()
    assert (relative.age, relative.related_to, relative.circle) == (51, victim, "relative")


def test_a_case_is_linked_only_by_who_sees_it_and_never_shown_to_others(
    worker: User, cast: Cast, signed_in: SignedIn
) -> None:
    police = cast.agencies.lao_cai_police
    case = Case.objects.create(code="LC-2024-7", agency=police, area=police.area)
    both = person("ca.hai@example.vn", (Role.CASE_WORKER, police), (Role.INVESTIGATOR, police))
    colleague = person("mot.ben@example.vn", (Role.CASE_WORKER, police))
    browser = signed_in(both)
    assert browser.post(reverse("victim_new"), typed_file(both, case_code="LC-2024-8")).status_code == 422
    victim = made_by(browser, both, case_code=case.code)
    assert victim.case == case
    assert case.code in page(browser, victim)

    assert case.code not in page(signed_in(colleague), victim)
    edited = signed_in(colleague).post(
        reverse("victim_edit", args=[victim.code]), typed_file(colleague, version="1", age="44")
    )
    assert edited.status_code == 302
    victim.refresh_from_db()
    assert (victim.age, victim.case) == (44, case)


def test_a_consent_taken_back_stops_a_transfer_that_was_asked_for(
    worker: User, far_worker: User, signed_in: SignedIn
) -> None:
    victim, browser = file_of(worker), signed_in(worker)
    consent(browser, victim, "transfer")
    to = far_worker.memberships.get().agency
    step(browser, victim, "transfer", to_agency=str(to.pk), reason="Về gần gia đình")
    settle(browser, victim, "consent-withdrawn", victim.consents.get().pk)
    transfer = Transfer.objects.unscoped("a test").get()

    address = reverse("transfer_detail", args=[transfer.key])
    refused = signed_in(far_worker).post(address, {"answer": "accept"})

    assert refused.status_code == 422
    assert "took their consent back" in refused.content.decode()
    victim.refresh_from_db()
    assert victim.agency != to


def test_an_urgent_transfer_needs_a_reason_and_tells_the_head(
    worker: User, far_worker: User, head: User, signed_in: SignedIn
) -> None:
    victim = file_of(worker)
    to = far_worker.memberships.get().agency
    asked = step(
        signed_in(worker),
        victim,
        "transfer",
        to_agency=str(to.pk),
        reason="Về gần gia đình",
        urgent_reason="Bị đe dọa ở nơi ở hiện tại",
    )
    assert asked.status_code == 302
    assert Notification.objects.filter(user=head, kind="transfer_urgent").count() == 1
    assert Notification.objects.filter(user=far_worker, kind="transfer_asked").count() == 1


# --- the read log ----------------------------------------------------------------------------------------------


def test_each_file_shown_leaves_one_row_and_a_refusal_none(
    worker: User, far_worker: User, signed_in: SignedIn
) -> None:
    victims = [file_of(worker) for _number in range(27)]
    browser = signed_in(worker)
    browser.get(reverse("victim_list"))
    assert ReadEvent.objects.filter(user=worker, how="list").count() == 25
    browser.get(reverse("victim_list"), {"page": "2"})
    assert ReadEvent.objects.filter(user=worker, how="list").count() == 27
    page(browser, victims[0])
    assert ReadEvent.objects.filter(user=worker, how="page").count() == 1
    signed_in(far_worker).get(reverse("victim_detail", args=[victims[0].code]))
    assert not ReadEvent.objects.filter(user=far_worker).exists()


def test_a_birth_typed_as_a_year_matches_the_day_of_that_year(worker: User, signed_in: SignedIn) -> None:
    own = with_identity(worker, file_of(worker), birth_date=BORN[:4])
    with row_scope(worker):
        found = signed_in(worker).post(reverse("victim_search"), {"full_name": NAME, "birth_year": "2001"})
    assert own.code in found.content.decode()
