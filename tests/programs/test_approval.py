"""From draft to approved: who decides, what counts meanwhile, and what is refused."""

import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from accounts.changing import ChangedMeanwhile
from accounts.models import Membership, Notice, Notification, Role
from programs.models import Activity
from programs.services import (
    ApprovedAlready,
    TransitionNotAllowed,
    approve_activities,
    approve_activity,
    change_activity,
    file_activity,
    return_activity,
    submit_activity,
    withdraw_activity,
)
from programs.services.approval import TRANSITIONS
from tests.programs.cast import Cast, approved, filed, make_cast, make_person, quantity, typed_form
from tests.programs.conftest import SignedIn
from tests.programs.test_changing import fields_of

State = Activity.State


def now(activity: Activity) -> Activity:
    found: Activity = Activity.objects.unscoped("the test looks again").get(pk=activity.pk)
    return found


def step(client: Any, activity: Activity, name: str, **sent: Any) -> Any:
    version = sent.pop("version", now(activity).version)
    sent = {"step": name, "version": version, **sent}
    return client.post(f"/activities/{activity.pk}/step/", sent, follow=True)


# --- who may not ---------------------------------------------------------------------------------------------


def test_only_the_head_of_that_unit_decides(cast: Cast) -> None:
    activity = filed(cast)
    elsewhere = make_person("A Kem", Role.HEAD_OF_UNIT, cast.bat_xat_police, cast.bat_xat)
    of_a_district = make_person("A Nhỏ", Role.HEAD_OF_UNIT, cast.kon_tum_police, cast.ngoc_hoi)
    for actor in (cast.officer, cast.coordinator, cast.stranger, cast.steering, elsewhere, of_a_district):
        with pytest.raises(PermissionDenied):
            approve_activity(activity=activity, actor=actor, version=1)
        with pytest.raises(PermissionDenied):
            return_activity(activity=activity, actor=actor, version=1, reason="Sai số liệu")
    assert now(activity).state == State.SUBMITTED


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("name", ["submit", "approve", "return", "withdraw"])
def test_a_step_is_taken_only_from_where_the_table_says(cast: Cast, state: str, name: str) -> None:
    activity = filed(cast, state="draft")
    stored = Activity.objects.unscoped("the test sets the state")
    stored.filter(pk=activity.pk).update(
        state=state,
        submitted_by=make_person("Ai Đó"),
        submitted_at=activity.created_at,
        return_reason="x" if state == State.RETURNED else "",
    )
    take: dict[str, Any] = {
        "submit": lambda: submit_activity(activity=activity, actor=cast.officer, version=1),
        "approve": lambda: approve_activity(activity=activity, actor=cast.colleague, version=1),
        "return": lambda: return_activity(activity=activity, actor=cast.colleague, version=1, reason="y"),
        "withdraw": lambda: withdraw_activity(activity=activity, actor=cast.officer, version=1),
    }
    if name in TRANSITIONS[state]:
        assert take[name]().state == TRANSITIONS[state][name]
    elif (name, state) == ("withdraw", State.DRAFT):
        assert take[name]().version == 1  # the second of two clicks
    else:
        with pytest.raises(TransitionNotAllowed):
            take[name]()
        assert now(activity).state == state


def test_nobody_approves_what_he_filed_himself_while_there_is_another_head(cast: Cast) -> None:
    own = filed(cast, actor=cast.colleague)
    make_person("Y Hai", Role.HEAD_OF_UNIT, cast.kon_tum_police, cast.kon_tum)
    with pytest.raises(TransitionNotAllowed, match="another head"):
        approve_activity(activity=own, actor=cast.colleague, version=1)
    outcome = approve_activities(actor=cast.colleague, chosen=[(own.pk, 1)])
    assert outcome.approved == []
    assert now(own).state == State.SUBMITTED


def test_the_only_head_approves_what_he_filed_himself(cast: Cast) -> None:
    own = filed(cast, actor=cast.colleague)
    approve_activity(activity=own, actor=cast.colleague, version=1)
    assert now(own).state == State.APPROVED


def test_what_was_changed_after_the_head_looked_is_not_approved(cast: Cast) -> None:
    activity = filed(cast)
    change_activity(activity=activity, actor=cast.officer, version=1, **fields_of(activity, title="Khác"))
    with pytest.raises(ChangedMeanwhile):
        approve_activity(activity=activity, actor=cast.colleague, version=1)
    with pytest.raises(ChangedMeanwhile):
        return_activity(activity=activity, actor=cast.colleague, version=1, reason="Sai")


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 2001, "a\x07b"])
def test_a_return_needs_a_reason_that_can_be_read(cast: Cast, reason: str) -> None:
    activity = filed(cast)
    with pytest.raises(ValidationError):
        return_activity(activity=activity, actor=cast.colleague, version=1, reason=reason)
    assert now(activity).state == State.SUBMITTED


def test_the_database_keeps_no_return_without_a_reason(cast: Cast) -> None:
    activity = filed(cast)
    stored = Activity.objects.unscoped("the test goes past the services").filter(pk=activity.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        stored.update(state=State.RETURNED)
    with pytest.raises(IntegrityError), transaction.atomic():
        stored.update(submitted_by=None)


def test_an_officer_does_not_change_what_is_approved(cast: Cast, signed_in: SignedIn) -> None:
    activity = approved(cast)
    with pytest.raises(ApprovedAlready):
        change_activity(activity=activity, actor=cast.officer, version=2, **fields_of(activity, title="x"))
    client, address = signed_in(cast.officer), f"/activities/{activity.pk}/edit/"
    page = client.get(address, follow=True).content.decode()
    assert "ask the head of your unit to return it" in page

    refused = client.post(address, typed_form(cast, version="2", title="Đã gõ xong"))
    assert refused.status_code == 409
    assert 'value="Đã gõ xong"' in refused.content.decode()
    assert now(activity).version == 2


def test_filing_as_approved_is_no_way_around(cast: Cast, signed_in: SignedIn) -> None:
    with pytest.raises(ValueError, match="draft or submitted"):
        filed(cast, state="approved")
    for state in ("approved", "filed", "returned", "x"):
        page = signed_in(cast.officer).post("/activities/new/", typed_form(cast, state=state))
        assert "Submit for approval" in page.content.decode()
    assert not Activity.objects.unscoped("the test counts").exists()
    assert file_activity.__kwdefaults__["state"] == State.SUBMITTED


# --- how it goes ---------------------------------------------------------------------------------------------


def test_the_coordinator_sees_it_once_it_is_approved(cast: Cast, signed_in: SignedIn) -> None:
    activity = filed(cast)
    coordinator, head = signed_in(cast.coordinator), signed_in(cast.colleague)
    assert coordinator.get(f"/activities/{activity.pk}/").status_code == 404
    assert "Approve" in head.get(f"/activities/{activity.pk}/").content.decode()

    page = step(head, activity, "approve").content.decode()
    assert "is approved and counts" in page
    assert coordinator.get(f"/activities/{activity.pk}/").status_code == 200
    stored = now(activity)
    assert (stored.decided_by, stored.version) == (cast.colleague, 2)
    assert stored.decided_at is not None


def test_a_returned_activity_tells_why_above_the_form_and_goes_back(cast: Cast, signed_in: SignedIn) -> None:
    activity = filed(cast)
    officer, head = signed_in(cast.officer), signed_in(cast.colleague)
    step(head, activity, "return", reason="Thiếu số người tham dự")
    assert now(activity).state == State.RETURNED

    home = officer.get("/").content.decode()
    assert "Returned to me" in home
    assert "Thiếu số người tham dự" in home
    form = officer.get(f"/activities/{activity.pk}/edit/").content.decode()
    assert "A Phong returned this activity" in form
    assert form.index("Thiếu số người tham dự") < form.index("data-autosave-url")

    kept = officer.post(f"/activities/{activity.pk}/edit/", typed_form(cast, version="2", state="draft"))
    assert kept.status_code == 302
    assert now(activity).state == State.RETURNED
    officer.post(f"/activities/{activity.pk}/edit/", typed_form(cast, version="3"))
    assert now(activity).state == State.SUBMITTED
    queue = head.get("/activities/queue/").content.decode()
    assert "It was returned before: Thiếu số người tham dự" in queue
    step(head, activity, "approve")
    assert now(activity).return_reason == ""


def test_a_refused_return_keeps_the_reason_that_was_typed(cast: Cast, signed_in: SignedIn) -> None:
    activity, head = filed(cast), signed_in(cast.colleague)
    empty = step(head, activity, "return", reason=" ")
    assert empty.status_code == 422
    assert "Say what is to be corrected" in empty.content.decode()
    change_activity(activity=activity, actor=cast.officer, version=1, **fields_of(activity, title="Khác"))
    late = step(head, activity, "return", reason="Xem lại ngày", version=1)
    assert late.status_code == 409
    assert "Xem lại ngày" in late.content.decode()
    assert 'name="version" value="2"' in late.content.decode()
    assert now(activity).state == State.SUBMITTED


def test_the_filer_withdraws_and_another_officer_does_not(cast: Cast, signed_in: SignedIn) -> None:
    activity = filed(cast)
    other = make_person("Y Khác", Role.FILING_OFFICER, cast.kon_tum_police, cast.kon_tum)
    assert step(signed_in(other), activity, "withdraw").status_code == 403
    step(signed_in(cast.officer), activity, "withdraw")
    assert now(activity).state == State.DRAFT
    step(signed_in(other), activity, "submit")
    assert (now(activity).state, now(activity).submitted_by) == (State.SUBMITTED, other)


def test_a_unit_without_a_head_is_approved_at_once_and_told_why(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.district_officer)
    typed = typed_form(cast, agency=str(cast.dak_glei_police.pk), area=str(cast.dak_long.pk))
    typed["partner_agencies"] = []
    page = client.post("/activities/new/", typed, follow=True).content.decode()
    activity = Activity.objects.unscoped("the test looks").get()

    assert (activity.state, activity.decided_by) == (State.APPROVED, None)
    assert "your unit has no head in the portal" in page
    assert "because the unit had no head in the portal" in page
    changed = change_activity(
        activity=activity, actor=cast.district_officer, version=1, **fields_of(activity, title="Sửa lại")
    )
    assert (changed.state, changed.title) == (State.APPROVED, "Sửa lại")


def test_a_head_whose_role_ended_or_who_left_is_no_head(cast: Cast) -> None:
    cast.colleague.is_active = False
    cast.colleague.save()
    assert filed(cast).state == State.APPROVED
    cast.colleague.is_active = True
    cast.colleague.save()
    Membership.objects.filter(user=cast.colleague).update(valid_to="2020-01-01")
    assert filed(cast).state == State.APPROVED


def test_a_head_changes_what_is_approved_and_it_stays_approved(cast: Cast) -> None:
    activity = approved(cast, quantity("sessions", "4"))
    changed = change_activity(
        activity=activity, actor=cast.colleague, version=2, **fields_of(activity, title="Đính chính")
    )
    assert (changed.state, changed.decided_by, changed.version) == (State.APPROVED, cast.colleague, 3)


def test_an_approved_activity_is_opened_for_correction_by_its_head(cast: Cast, signed_in: SignedIn) -> None:
    activity = approved(cast)
    step(signed_in(cast.colleague), activity, "return", reason="Nhầm xã")
    assert signed_in(cast.coordinator).get(f"/activities/{activity.pk}/").status_code == 404
    assert signed_in(cast.officer).get(f"/activities/{activity.pk}/edit/").status_code == 200


def test_notices_go_to_the_head_and_back_to_the_filer(cast: Cast) -> None:
    activity = filed(cast)
    return_activity(activity=activity, actor=cast.colleague, version=1, reason="Sai")
    submit_activity(activity=activity, actor=cast.officer, version=2)
    approve_activity(activity=activity, actor=cast.colleague, version=3)

    def got(user: Any) -> list[str]:
        return list(Notification.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))

    assert got(cast.colleague) == [Notice.ACTIVITY_SUBMITTED] * 2
    assert got(cast.officer) == [Notice.ACTIVITY_RETURNED, Notice.ACTIVITY_APPROVED]
    sentence = Notification.objects.filter(user=cast.officer)[0].sentence
    assert activity.title not in sentence
    assert cast.kon_tum_police.name in sentence


def test_a_second_click_on_a_step_is_no_second_step(cast: Cast) -> None:
    activity = filed(cast, state="draft")
    for _click in range(2):
        submit_activity(activity=activity, actor=cast.officer, version=1)
    for _click in range(2):
        approve_activity(activity=activity, actor=cast.colleague, version=2)
    for _click in range(2):
        return_activity(activity=activity, actor=cast.colleague, version=3, reason="Sai")
    assert now(activity).version == 4


# --- the queue -----------------------------------------------------------------------------------------------


def test_several_are_approved_at_once_each_on_its_own(cast: Cast, signed_in: SignedIn) -> None:
    good, changed, mine = (filed(cast, title=title) for title in ("Một", "Hai", "Ba"))
    gone = filed(cast, title="Bốn")
    change_activity(activity=changed, actor=cast.officer, version=1, **fields_of(changed, title="Hai mới"))
    withdraw_activity(activity=gone, actor=cast.officer, version=1)
    foreign = filed(cast, actor=cast.district_officer, agency=cast.dak_glei_police, area=cast.dak_long)
    ticked = [f"{one.pk}:1" for one in (good, changed, mine, gone, foreign)]
    sent = {"activity": [*ticked, "x", "1:x", f"{10**12}:1"]}
    page = signed_in(cast.colleague).post("/activities/queue/", sent, follow=True).content.decode()

    assert [now(one).state for one in (good, changed, mine, gone)] == [
        *(State.APPROVED, State.SUBMITTED, State.APPROVED, State.DRAFT),
    ]
    assert "2 activities are approved" in page
    assert "“Hai mới” was not approved. It was changed after you opened the page" in page
    assert "“Bốn” was not approved. It is a draft" in page
    assert "There is no such activity waiting for you" in page


def test_nothing_ticked_and_too_many_are_told(cast: Cast, signed_in: SignedIn) -> None:
    head = signed_in(cast.colleague)
    assert "tick the activities" in head.post("/activities/queue/", {}, follow=True).content.decode()
    many = {"activity": [f"{number}:1" for number in range(1, 102)]}
    assert "at most 100" in head.post("/activities/queue/", many, follow=True).content.decode()


def test_the_queue_shows_own_units_and_what_to_look_at_twice(cast: Cast, signed_in: SignedIn) -> None:
    filed(cast, quantity("sessions", "4"), title="Giống nhau")
    filed(cast, title="Giống nhau")
    approved(cast, title="Đã duyệt")
    page = signed_in(cast.colleague).get("/activities/queue/").content.decode()

    assert page.count(">Giống nhau</a>") == 2
    assert "Đã duyệt" not in page
    assert "No figures were given" in page
    assert page.count("is it the same one?") == 2
    assert "days after it ended" in page
    assert "4 sessions" in page
    assert signed_in(cast.officer).get("/activities/queue/").status_code == 403
    assert "Waiting for my approval" in signed_in(cast.colleague).get("/").content.decode()


def test_an_empty_queue_says_what_will_come(cast: Cast, signed_in: SignedIn) -> None:
    assert "Nothing waits for you" in signed_in(cast.colleague).get("/activities/queue/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_an_approval_and_a_change_at_the_same_moment_do_not_mix() -> None:
    cast = make_cast()
    activity = filed(cast)
    together, outcomes = threading.Barrier(2), []

    def run(take: Any) -> None:
        try:
            together.wait(timeout=10)
            take()
            outcomes.append("done")
        except (ChangedMeanwhile, ApprovedAlready):
            outcomes.append("refused")
        finally:
            connection.close()

    takes = [
        lambda: approve_activity(activity=activity, actor=cast.colleague, version=1),
        lambda: change_activity(
            activity=activity, actor=cast.officer, version=1, **fields_of(activity, title="Khác")
        ),
    ]
    threads = [threading.Thread(target=run, args=(take,)) for take in takes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    assert (now(activity).state == State.APPROVED) == (now(activity).title != "Khác")
