"""A file from arrival to closure, by the pages, as the portal's own role: what people see, and what is refused."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification, ReadEvent, User
from accounts.row_scope import row_scope
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.victims.conftest import AsPortal
from tests.victims.files import (
    ACCOUNT,
    ADDRESS,
    CONTACT,
    NAME,
    PAPER,
    PHONE,
    file_of,
)
from victims.models import Facility, Victim
from victims.reminders import remind_of_the_day


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


def consent(browser: Client, victim: Victim, purpose: str, **changed: Any) -> Any:
    typed = {"purpose": purpose, "given_on": "10/03/2024", "how": "written", "given_by": "person", **changed}
    return step(browser, victim, "consent", **typed)


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


def test_a_route_changed_meanwhile_is_told_and_keeps_what_was_typed(
    worker: User, colleague: User, signed_in: SignedIn
) -> None:
    victim = file_of(worker)
    first = {"version": "1", "kind_0": "origin", "country_0": "VN"}
    assert step(signed_in(colleague), victim, "route", **first).status_code == 302
    second = step(signed_in(worker), victim, "route", version="1", kind_0="destination", country_0="KH")

    assert second.status_code == 409
    shown = second.content.decode()
    assert colleague.full_name in shown
    assert 'value="KH" selected' in shown and 'name="version" value="2"' in shown
    assert [stop.country for stop in victim.route.all()] == ["VN"], "the first is not lost"


def test_needs_changed_meanwhile_are_told_and_keep_what_was_typed(
    worker: User, colleague: User, signed_in: SignedIn
) -> None:
    victim = file_of(worker)
    assert step(signed_in(colleague), victim, "support", version="0", needs=["medical"]).status_code == 302
    second = step(signed_in(worker), victim, "support", version="0", needs=["legal_aid"])

    assert second.status_code == 409
    assert 'value="legal_aid"' in second.content.decode()
    assert victim.support.needs == ["medical"]
    again = step(signed_in(worker), victim, "support", version="1", needs=["legal_aid"])
    assert again.status_code == 302


def test_a_route_is_written_in_its_order(worker: User, cast: Cast, signed_in: SignedIn) -> None:
    victim, browser = file_of(worker), signed_in(worker)
    typed = {"version": "1", "kind_0": "origin", "country_0": "VN", "area_0": str(cast.map.lao_cai.pk)}
    refused = step(browser, victim, "route", **typed, kind_1="destination")
    assert refused.status_code == 422
    step(browser, victim, "route", **typed, kind_1="destination", country_1="CN", on_1="01/02/2023")
    assert [stop.country for stop in victim.route.all()] == ["VN", "CN"]


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
        step(
            browser, victim, "support", version="0", needs=["medical", "vocational"], interpreter="tiếng Mông"
        )
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
    step(browser, victim, "support", version="0", needs=[])
    step(browser, victim, "stay", facility=str(places[0].pk), valid_from="05/03/2024")
    second = step(browser, victim, "stay", facility=str(places[1].pk), valid_from="07/03/2024")
    assert second.status_code == 422
    assert "End that stay first" in second.content.decode()


def test_a_follow_up_stands_in_the_calendar_and_is_reminded_of_once(
    worker: User, signed_in: SignedIn, as_portal: AsPortal
) -> None:
    victim, browser = file_of(worker), signed_in(worker)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    step(browser, victim, "support", version="0", needs=["medical"])
    step(browser, victim, "follow-up", kind="call", due_on=tomorrow.isoformat())
    with as_portal():
        assert remind_of_the_day(timezone.localdate()) == 1
        assert remind_of_the_day(timezone.localdate()) == 0
        shown = browser.get(reverse("victim_caseload")).content.decode()
    assert victim.code in shown
    assert f"{tomorrow:%d/%m/%Y}" in shown


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
