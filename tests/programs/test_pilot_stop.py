"""Changing a pilot and stopping it: what is asked first, and what becomes of its open tasks."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.changing import ChangedMeanwhile
from programs.models import Assignment, Occasion, Pilot, ProgressNote
from programs.services.pilot import assess, change_pilot, stop_pilot
from tests.conftest import SignedIn
from tests.programs import test_pilots
from tests.programs.test_pilots import END, START, Story

cast, signed_in, story = test_pilots.cast, test_pilots.signed_in, test_pilots.story
WHY = "Không phù hợp với địa bàn."


def stopped(story: Story, **changed: Any) -> Pilot:
    fields = {
        "actor": story.cast.people.coordinator,
        "pilot": story.pilot,
        "decided_on": END,
        "reason": WHY,
        "open_tasks": 4,
        "unassessed_reason": "Đơn vị chủ trì giải thể.",
        **changed,
    }
    return stop_pilot(**fields)


def assessed(story: Story) -> None:
    assess(
        actor=story.cast.people.coordinator,
        pilot=story.pilot,
        occasion=Occasion.FINAL,
        assessed_on=END,
        text="Kém hiệu quả.",
    )


def states() -> dict[str, int]:
    rows = Assignment.objects.unscoped("test").values_list("state", flat=True)
    return {state: list(rows).count(state) for state in set(rows)}


def test_open_tasks_become_not_applicable_for_the_same_reason(story: Story) -> None:
    Assignment.objects.unscoped("test").filter(task__number="1", area=story.map.bat_xat).update(
        state="done", done_on=END
    )
    stopped(story, open_tasks=3)

    assert states() == {"done": 1, "not_applicable": 3}
    closed = Assignment.objects.unscoped("test").filter(state="not_applicable")
    assert {each.reason for each in closed} == {WHY}
    assert set(ProgressNote.objects.values_list("text", "by")) == {(WHY, story.cast.people.coordinator.pk)}
    story.pilot.refresh_from_db()
    assert (story.pilot.decision, story.pilot.decided_on, story.pilot.decision_reason) == ("stop", END, WHY)
    assert story.pilot.unassessed_reason == "Đơn vị chủ trì giải thể."


def test_without_a_final_assessment_it_must_be_said_why(story: Story) -> None:
    with pytest.raises(ValidationError) as refused:
        stopped(story, unassessed_reason=" ")
    assert list(refused.value.message_dict) == ["unassessed_reason"]
    assert states() == {"not_started": 4}

    assessed(story)
    assert stopped(story, unassessed_reason="").unassessed_reason == ""


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 301}, "reason"),
        ({"reason": "a\x00"}, "reason"),
        ({"decided_on": START - dt.timedelta(days=1)}, "decided_on"),
        ({"decided_on": dt.date(2099, 1, 1)}, "decided_on"),
    ],
)
def test_a_broken_rule_is_named_by_its_field(story: Story, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        stopped(story, **changed)

    assert list(refused.value.message_dict) == [field]


def test_a_task_that_came_meanwhile_is_not_closed_unseen(story: Story) -> None:
    with pytest.raises(ValidationError, match="4"):
        stopped(story, open_tasks=3)

    assert states() == {"not_started": 4}


def test_a_second_click_changes_nothing_and_another_decision_is_refused(story: Story) -> None:
    stopped(story)
    assert stopped(story).version == 2
    with pytest.raises(ValidationError):
        stopped(story, reason="Lý do khác.")
    document = story.plan("90/KH-CAT")
    with pytest.raises(ValidationError):
        story.replicate_into(document)


def test_only_who_runs_the_pilot_stops_or_changes_it(story: Story, signed_in: SignedIn) -> None:
    people = story.cast.people
    for user in (people.filing_officer, people.steering_member, people.stranger):
        with pytest.raises(PermissionDenied):
            stopped(story, actor=user)
        for name in ("pilot_stop", "pilot_edit"):
            assert signed_in(user).get(reverse(name, args=[story.pilot.pk])).status_code == 404


def test_the_page_asks_first_and_says_how_many(story: Story, signed_in: SignedIn) -> None:
    reader = signed_in(story.cast.people.coordinator)
    address = reverse("pilot_stop", args=[story.pilot.pk])
    page = reader.get(address).content.decode()
    assert "4 tasks of units are still open" in page
    assert "This pilot has no final assessment." in page

    sent = {
        "decided_on": "30/06/2022",
        "reason": WHY,
        "unassessed_reason": "Giải thể.",
        "open_tasks": "4",
    }
    refused = reader.post(address, sent)
    assert refused.status_code == 422
    assert WHY in refused.content.decode()
    assert states() == {"not_started": 4}
    Assignment.objects.unscoped("test").filter(task__number="1").update(state="done", done_on=END)
    older = reader.post(address, {**sent, "agreed": "on"})
    assert "2 tasks are open by now" in older.content.decode()
    assert 'name="open_tasks" value="2"' in older.content.decode()
    answer = reader.post(address, {**sent, "open_tasks": "2", "agreed": "on"}, follow=True)
    page = answer.content.decode()
    assert WHY in page
    assert reverse("pilot_replicate", args=[story.pilot.pk]) not in page
    assert reader.get(address).status_code == 302


def changed(story: Story, **more: Any) -> Pilot:
    fields = {
        "actor": story.cast.people.coordinator,
        "pilot": story.pilot,
        "version": 1,
        "name": "Thí điểm một huyện",
        "lead": story.cast.agencies.lao_cai_police,
        "areas": [story.map.bat_xat],
        "partners": [],
        "starts_on": START,
        "ends_on": END,
        **more,
    }
    return change_pilot(**fields)


def test_a_pilot_is_changed_once_and_not_over_somebody_elses_change(story: Story) -> None:
    assert changed(story).version == 2
    assert changed(story).version == 2
    with pytest.raises(ChangedMeanwhile):
        changed(story, name="Tên khác")
    story.pilot.refresh_from_db()
    assert list(story.pilot.areas.all()) == [story.map.bat_xat]
    assert not story.pilot.partners.exists()


def test_a_change_that_breaks_a_rule_or_comes_too_late_is_refused(story: Story) -> None:
    broken: list[dict[str, Any]] = [
        {"areas": []},
        {"areas": [story.map.kon_tum]},
        {"ends_on": START - dt.timedelta(days=9)},
    ]
    for more in broken:
        with pytest.raises(ValidationError):
            changed(story, **more)
    stopped(story)
    with pytest.raises(ValidationError):
        changed(story, version=2)


def test_the_form_of_a_pilot_shows_what_is_stored_and_warns_who_was_slower(
    story: Story, signed_in: SignedIn
) -> None:
    reader = signed_in(story.cast.people.coordinator)
    address = reverse("pilot_edit", args=[story.pilot.pk])
    page = reader.get(address).content.decode()
    assert "Thí điểm hai huyện" in page
    assert page.count("checked") == 3  # two areas, one partner

    sent = {
        "version": "1",
        "name": "Đổi tên",
        "areas": [str(story.map.bat_xat.pk)],
        "lead": str(story.cast.agencies.lao_cai_police.pk),
        "starts_on": "2021-05-01",
        "ends_on": "2022-12-31",
    }
    assert reader.post(address, sent).status_code == 302
    late = reader.post(address, {**sent, "name": "Tên nữa"})
    assert late.status_code == 409
    assert "Tên nữa" in late.content.decode()
