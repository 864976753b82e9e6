"""Looks that people keep, the weekly mail of one, and questions to a unit with their answers."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Notice, Notification
from programs.services.refusals import TransitionNotAllowed
from reporting.models import Question, SavedView
from reporting.services import saved_views
from reporting.services.questions import answer_question, ask_unit, withdraw_question
from reporting.services.saved_views import change_view, mail_views, remove_view, save_view
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.reporting.records import load_catalogue, obligation, submission

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 3, 2)
LOOK = {"area": "10", "period": "2020-H1"}


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    load_catalogue()


# --- looks that are kept


def test_a_look_is_kept_under_a_name_and_opened_again(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.people.steering_member)
    address = f"{reverse('view_save')}?area=082&period=2020-H1"

    browser.post(address, {"name": "Bát Xát"})
    browser.post(address, {"name": "Bát Xát mới nhất", "is_latest": "on"})

    fixed, latest = SavedView.objects.order_by("pk")
    assert fixed.parameters == {"area": "082", "period": "2020-H1"}
    assert latest.parameters == {"area": "082"}
    page = browser.get(reverse("dashboard")).content.decode()
    assert 'href="/dashboard/?area=082&amp;period=2020-H1"' in page
    assert browser.get(fixed.address).status_code == 200


def test_one_view_is_mailed_and_there_are_not_too_many(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {"actor": cast.people.coordinator, "parameters": LOOK, "is_latest": False}
    save_view(name="một", is_mailed=True, **asked)
    save_view(name="hai", is_mailed=True, **asked)

    assert list(SavedView.objects.filter(is_mailed=True).values_list("name", flat=True)) == ["hai"]
    monkeypatch.setattr(saved_views, "MOST_VIEWS", 2)
    with pytest.raises(ValidationError):
        save_view(name="ba", is_mailed=False, **asked)


def test_nobody_removes_anothers_view(cast: Cast, signed_in: SignedIn) -> None:
    view = save_view(
        actor=cast.people.coordinator, name="một", parameters=LOOK, is_latest=False, is_mailed=False
    )

    signed_in(cast.people.steering_member).post(reverse("view_remove", args=[view.pk]))
    assert SavedView.objects.count() == 1
    signed_in(cast.people.coordinator).post(reverse("view_remove", args=[view.pk]))
    assert SavedView.objects.count() == 0


def test_a_look_at_what_is_not_ones_own_is_not_kept(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.people.steering_member)

    assert browser.post(f"{reverse('view_save')}?area=62&period=2020-H1", {"name": "x"}).status_code == 404
    assert SavedView.objects.count() == 0


def test_the_mail_comes_once_a_week_with_who_is_silent_and_the_figures(cast: Cast) -> None:
    submission(obligation(cast.agencies.bat_xat_police, cast.map.bat_xat), says={"victims_received": 5})
    obligation(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai)
    member = cast.people.steering_member
    save_view(actor=member, name="Hằng tuần", parameters=LOOK, is_latest=False, is_mailed=True)

    assert [mail_views(MONDAY), mail_views(MONDAY + dt.timedelta(days=6))] == [1, 0]
    assert mail_views(MONDAY + dt.timedelta(days=7)) == 1

    sent = mail.outbox[0]
    assert sent.to == [member.email]
    assert "Công an huyện Si Ma Cai" in sent.body
    assert "05 nạn nhân" in sent.body
    assert "/dashboard/?area=10&period=2020-H1" in sent.body


def test_who_lost_the_role_is_mailed_no_more(cast: Cast) -> None:
    member = cast.people.steering_member
    save_view(actor=member, name="Hằng tuần", parameters=LOOK, is_latest=False, is_mailed=True)
    Membership.objects.filter(user=member).update(valid_to=dt.date(2020, 1, 1))

    assert mail_views(MONDAY) == 0
    assert not SavedView.objects.get().is_mailed
    assert mail.outbox == []


TABLE = "?indicator=victims_received&area=10&period=2020"


def test_a_table_is_kept_beside_a_dashboard_of_the_same_name(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.people.coordinator)
    browser.post(f"{reverse('view_save')}?area=082&period=2020-H1", {"name": "Của tôi"})

    browser.post(reverse("explore_save") + TABLE + "&rows=area", {"name": "Của tôi"})
    browser.post(reverse("explore_save") + TABLE + "&rows=period", {"name": "Của tôi"})

    dashboard, table = SavedView.objects.order_by("pk")
    assert (dashboard.page, table.page) == ("dashboard", "explore")
    kept = {"indicator": "victims_received", "area": "10", "period": "2020", "rows": "period"}
    assert table.parameters == kept
    page = browser.get(reverse("explore")).content.decode()
    assert table.address.replace("&", "&amp;") in page
    assert dashboard.address.replace("&", "&amp;") not in page


def test_a_table_that_cannot_be_shown_is_not_kept(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.people.coordinator)

    browser.post(f"{reverse('explore_save')}?indicator=victims_received&period=soon", {"name": "x"})
    browser.post(reverse("explore_save") + TABLE, {"name": ""})

    assert SavedView.objects.count() == 0


def test_a_view_is_shared_inside_the_agency_and_with_nobody_else(cast: Cast, signed_in: SignedIn) -> None:
    people, police = cast.people, cast.agencies.bat_xat_police
    officer = signed_in(people.filing_officer)
    officer.post(reverse("explore_save") + TABLE, {"name": "Chung", "shared_with": police.pk})
    officer.post(reverse("explore_save") + TABLE, {"name": "Riêng", "shared_with": ""})

    seen = {
        who: signed_in(getattr(people, who)).get(reverse("explore")).content.decode()
        for who in ("filing_officer", "head_of_unit", "coordinator", "stranger")
    }

    assert {who for who, page in seen.items() if "Chung" in page} == {"filing_officer", "head_of_unit"}
    assert {who for who, page in seen.items() if "Riêng" in page} == {"filing_officer"}
    assert ['class="count">2<' in seen[who] for who in ("filing_officer", "stranger")] == [True, False]
    shared = SavedView.objects.get(name="Chung")
    assert reverse("view_change", args=[shared.pk]) not in seen["head_of_unit"]
    assert people.filing_officer.full_name in seen["head_of_unit"]


def test_nobody_shares_with_an_agency_of_others(cast: Cast, signed_in: SignedIn) -> None:
    people, far = cast.people, cast.agencies.dak_ha_police
    browser = signed_in(people.filing_officer)

    browser.post(reverse("explore_save") + TABLE, {"name": "Chung", "shared_with": far.pk})

    assert SavedView.objects.count() == 0
    with pytest.raises(PermissionDenied):
        save_view(actor=people.filing_officer, name="x", parameters={}, shared_with=far)


def test_a_view_gets_another_name_and_is_shared_no_more(cast: Cast, signed_in: SignedIn) -> None:
    officer = cast.people.filing_officer
    kept: dict[str, Any] = {"actor": officer, "parameters": LOOK, "page": SavedView.Page.EXPLORE}
    view = save_view(name="một", shared_with=cast.agencies.bat_xat_police, **kept)
    save_view(name="hai", **kept)
    address = reverse("view_change", args=[view.pk])

    taken = signed_in(officer).post(address, {"name": "hai"}, follow=True).content.decode()
    assert "You keep another view under this name already." in taken
    assert signed_in(cast.people.head_of_unit).post(address, {"name": "của tôi"}).status_code == 404
    signed_in(officer).post(address, {"name": "ba", "shared_with": ""})

    view.refresh_from_db()
    assert (view.name, view.shared_with) == ("ba", None)


def test_only_its_owner_changes_or_removes_a_view(cast: Cast) -> None:
    view = save_view(actor=cast.people.filing_officer, name="một", parameters=LOOK)

    for change in (
        lambda other: change_view(actor=other, view=view, name="x", shared_with=None),
        lambda other: remove_view(actor=other, view=view),
    ):
        with pytest.raises(PermissionDenied):
            change(cast.people.head_of_unit)


# --- questions to a unit


def _ask(cast: Cast, **changed: Any) -> Question:
    asked: dict[str, Any] = {
        "actor": cast.people.steering_member,
        "agency": cast.agencies.bat_xat_police,
        "text": "Vì sao số nạn nhân tăng?",
        "due_on": timezone.localdate() + dt.timedelta(days=7),
        "parameters": LOOK,
        "submission_key": uuid.uuid4(),
        **changed,
    }
    return ask_unit(**asked)


def test_a_question_reaches_the_unit_and_the_answer_who_asked(cast: Cast, signed_in: SignedIn) -> None:
    people = cast.people
    address = f"{reverse('question_new')}?area=10&period=2020-H1"
    due = timezone.localdate() + dt.timedelta(days=7)
    typed = {"agency": "082-district_police", "text": "Vì sao tăng?", "due_on": f"{due:%d/%m/%Y}"}

    sent = signed_in(people.steering_member).post(address, {**typed, "submission_key": str(uuid.uuid4())})

    question = Question.objects.unscoped("a test").get()
    assert sent["Location"] == reverse("question_detail", args=[question.pk])
    told = Notification.objects.filter(kind=Notice.QUESTION_ASKED)
    assert {each.user for each in told} == {people.filing_officer, people.head_of_unit}
    officer = signed_in(people.filing_officer)
    assert sent["Location"] in officer.get(reverse("home")).content.decode()
    officer.post(reverse("question_step", args=[question.pk, "answer"]), {"text": "Do phát hiện một vụ."})
    page = signed_in(people.steering_member).get(sent["Location"]).content.decode()
    assert "Do phát hiện một vụ." in page
    assert "/dashboard/?area=10&amp;period=2020-H1" in page
    assert Notification.objects.get(kind=Notice.QUESTION_ANSWERED).user == people.steering_member


def test_a_question_sent_twice_is_asked_once(cast: Cast) -> None:
    key = uuid.uuid4()

    assert _ask(cast, submission_key=key) == _ask(cast, submission_key=key)


def test_an_open_question_stands_on_the_dashboard(cast: Cast, signed_in: SignedIn) -> None:
    question = _ask(cast)

    page = signed_in(cast.people.coordinator).get(f"{reverse('dashboard')}?area=10&period=2020-H1")

    assert reverse("question_detail", args=[question.pk]) in page.content.decode()


def test_open_questions_come_first_in_the_list(cast: Cast, signed_in: SignedIn) -> None:
    answered = _ask(cast, due_on=timezone.localdate())
    answer_question(question=answered, actor=cast.people.head_of_unit, text="Đã rõ.")
    later = _ask(cast, due_on=timezone.localdate() + dt.timedelta(days=9))
    sooner = _ask(cast, due_on=timezone.localdate() + dt.timedelta(days=3))

    page = signed_in(cast.people.coordinator).get(reverse("question_list")).content.decode()

    places = [page.index(reverse("question_detail", args=[each.pk])) for each in (sooner, later, answered)]
    assert places == sorted(places)


def test_who_may_not_asks_nobody_and_answers_nothing(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        _ask(cast, actor=cast.people.filing_officer)
    with pytest.raises(PermissionDenied):
        _ask(cast, agency=cast.agencies.dak_ha_police)
    question = _ask(cast)
    for other in (cast.people.stranger, cast.people.coordinator, cast.people.case_worker):
        with pytest.raises(PermissionDenied):
            answer_question(question=question, actor=other, text="không")
    with pytest.raises(PermissionDenied):
        withdraw_question(question=question, actor=cast.people.coordinator)


@pytest.mark.parametrize("days", [-1, 400])
def test_an_answer_is_due_within_a_year(cast: Cast, days: int) -> None:
    with pytest.raises(ValidationError):
        _ask(cast, due_on=timezone.localdate() + dt.timedelta(days=days))


def test_what_is_answered_or_withdrawn_is_no_longer_open(cast: Cast) -> None:
    answered, withdrawn = _ask(cast), _ask(cast)
    answer_question(question=answered, actor=cast.people.head_of_unit, text="Đã rõ.")
    withdraw_question(question=withdrawn, actor=cast.people.steering_member)

    for question in (answered, withdrawn):
        with pytest.raises(TransitionNotAllowed):
            answer_question(question=question, actor=cast.people.head_of_unit, text="Lần nữa.")
