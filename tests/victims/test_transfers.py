"""Consents and what they gate: statistics, research, and the hand-over of a file."""

from __future__ import annotations

from django.urls import reverse

from accounts.models import Notification, Role, User
from accounts.row_scope import row_scope, system_scope
from incidents.models import Case
from tests.cast import Cast, person
from tests.conftest import SignedIn
from tests.victims.conftest import AsPortal
from tests.victims.files import (
    file_of,
    with_identity,
)
from tests.victims.test_flows import (
    all_files,
    consent,
    made_by,
    page,
    settle,
    step,
    typed_file,
)
from victims.models import Transfer


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
