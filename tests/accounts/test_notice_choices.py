"""What a person hears of, how, and when: choices, e-mails by the clock, quiet hours, muting, and nobody's name."""

from __future__ import annotations

import datetime as dt
import re
from smtplib import SMTPRecipientsRefused
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import (
    ALWAYS_TOLD,
    Digest,
    MutedThing,
    Notice,
    NoticeChoice,
    NoticeSettings,
    Notification,
    User,
    Way,
    usual_way,
)
from accounts.notice_mail import DIGEST, read_stop_token, send_waiting, stop_mail, stop_token
from accounts.notices import CannotBeMuted, choose_ways, kind_groups, mute_thing_of, notify
from tests.cast import Cast
from tests.conftest import SignedIn

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
PAGE = "/account/notices/"
THING = "/activities/12/"


def at(hour: int, minute: int = 0, day: int = 2) -> dt.datetime:
    return dt.datetime(2020, 6, day, hour, minute, tzinfo=HERE)


def give(
    user: User, kind: Notice, when: dt.datetime, *, key: str = "", url: str = THING
) -> Notification | None:
    """A notice given at this moment, where the person wants it."""
    key = key or f"{kind}:{when:%d%H%M}"
    notify(people=[user], kind=kind, key=key, url=url, about={"number": "12", "day": "01/06/2020"})
    Notification.objects.filter(key=key).update(created_at=when)
    return Notification.objects.filter(user=user, key=key).first()


def sent(when: dt.datetime) -> list[str]:
    """The bodies of the e-mails that go out at this moment."""
    mail.outbox.clear()
    send_waiting(now=when)
    return [str(letter.body) for letter in mail.outbox]


@pytest.fixture
def officer(cast: Cast) -> User:
    return cast.people.filing_officer


@pytest.fixture
def reader(officer: User, signed_in: SignedIn) -> Client:
    return signed_in(officer)


def typed(**changed: str) -> dict[str, str]:
    """What the form sends when nothing was changed, with these changes."""
    kinds = {kind.value: str(usual_way(kind)) for _label, kinds in kind_groups() for kind in kinds}
    return {**kinds, "digest": "daily", "digest_hour": "7", "quiet_from": "", "quiet_to": "", **changed}


# --- the page -------------------------------------------------------------------------------------------------


def test_every_kind_can_be_chosen_on_the_page_once() -> None:
    shown = [kind for _label, kinds in kind_groups() for kind in kinds]

    assert sorted(shown) == sorted(Notice)


def test_the_page_keeps_what_was_chosen_and_shows_it(
    reader: Client, officer: User, django_assert_num_queries: Any
) -> None:
    answer = reader.post(PAGE, typed(commented="off", report_due="at_once", quiet_from="20", quiet_to="6"))

    assert answer["Location"] == PAGE
    assert "Your choice of notices is kept." in reader.get(PAGE).content.decode()
    with django_assert_num_queries(5):
        page = reader.get(PAGE).content.decode()
    assert re.search(r'<label for="id_commented">Somebody commented', page)
    assert re.search(r'<select name="commented"[^>]*>.*?<option value="off" selected>', page, re.DOTALL)
    assert set(NoticeChoice.objects.filter(user=officer).values_list("kind", "way")) == {
        ("commented", "off"),
        ("report_due", "at_once"),
    }
    assert NoticeSettings.objects.get(user=officer).quiet_from == 20


def test_what_guards_other_people_offers_no_off_and_the_page_says_why(reader: Client, officer: User) -> None:
    page = reader.get(PAGE).content.decode()

    for kind in ALWAYS_TOLD:
        (field,) = re.findall(rf'<select name="{kind}"[^>]*>(.*?)</select>', page, re.DOTALL)
        assert re.findall(r'value="(\w+)"', field) == ["at_once", "digest"]
        assert reader.post(PAGE, typed(**{kind: "off"})).status_code == 422
        with pytest.raises(CannotBeMuted):
            choose_ways(user=officer, ways={kind: Way.OFF})
    assert "cannot be turned off" in page
    assert not NoticeChoice.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet_from": "20"},
        {"quiet_from": "7", "quiet_to": "7"},
        {"quiet_from": "24", "quiet_to": "6"},
        {"digest_hour": "3"},
        {"digest_hour": "7", "quiet_from": "20", "quiet_to": "8"},
        {"digest": "often"},
        {"commented": "loud"},
    ],
)
def test_hours_and_ways_that_do_not_exist_are_refused(wrong: dict[str, str], reader: Client) -> None:
    assert reader.post(PAGE, typed(**wrong)).status_code == 422
    assert not NoticeSettings.objects.exists()


# --- when e-mails go out --------------------------------------------------------------------------------------


def test_without_a_choice_one_digest_goes_out_at_seven(officer: User) -> None:
    give(officer, Notice.TASK_DUE, at(6, 30))
    give(officer, Notice.COMMENTED, at(6, 40))

    assert sent(at(6, 59)) == []
    (letter,) = sent(at(7))
    assert letter.count("\n- ") == 2
    assert sent(at(7, 1)) == []


def test_what_comes_after_the_digest_waits_for_the_next_day(officer: User) -> None:
    give(officer, Notice.TASK_DUE, at(7, 30))

    assert [len(sent(at(hour))) for hour in (8, 13, 23)] == [0, 0, 0]
    assert len(sent(at(7, day=3))) == 1


def test_a_digest_of_every_hour_goes_out_between_seven_and_twenty(officer: User) -> None:
    NoticeSettings.objects.create(user=officer, digest=Digest.HOURLY)
    given = {
        hour: give(officer, Notice.TASK_DUE, at(hour, 30), url=f"/activities/{hour}/") for hour in (9, 19, 20)
    }

    assert len(given) == 3
    assert [len(sent(at(*moment))) for moment in ((9, 59), (10, 0), (10, 1), (20, 0), (21, 0), (23, 0))] == [
        *(0, 1, 0, 1, 0, 0)
    ]
    assert len(sent(at(7, day=3))) == 1


def test_a_notice_at_once_waits_through_the_quiet_hours_and_is_not_lost(officer: User) -> None:
    NoticeSettings.objects.create(user=officer, quiet_from=20, quiet_to=6)
    choose_ways(user=officer, ways={Notice.REPORT_ASKED: Way.AT_ONCE})
    give(officer, Notice.REPORT_ASKED, at(12))
    assert len(sent(at(12, 1))) == 1
    give(officer, Notice.REPORT_ASKED, at(22))

    assert [len(sent(at(*moment))) for moment in ((22, 1), (23, 59))] == [0, 0]
    assert [len(sent(at(*moment, day=3))) for moment in ((0, 0), (5, 59), (6, 0), (6, 1))] == [0, 0, 1, 0]


def test_hours_are_those_of_viet_nam(officer: User) -> None:
    give(officer, Notice.TASK_DUE, at(6, 30))

    assert sent(dt.datetime(2020, 6, 1, 23, 59, tzinfo=dt.UTC)) == []
    assert len(sent(dt.datetime(2020, 6, 2, 0, 0, tzinfo=dt.UTC))) == 1


def test_no_digest_is_sent_to_who_wants_none_but_what_guards_others_still_comes(officer: User) -> None:
    NoticeSettings.objects.create(user=officer, digest=Digest.NEVER)
    give(officer, Notice.TASK_DUE, at(6))
    assert sent(at(8)) == []
    give(officer, Notice.IDENTITY_OPENED, at(6))

    (letter,) = sent(at(8))
    assert letter.count("\n- ") == 1
    assert "/notifications/stop/" not in letter


def test_a_way_that_was_changed_holds_for_what_waits(officer: User) -> None:
    give(officer, Notice.TASK_DUE, at(6))
    choose_ways(user=officer, ways={Notice.TASK_DUE: Way.OFF})

    assert sent(at(7)) == []
    assert Notification.objects.filter(user=officer).count() == 1
    assert give(officer, Notice.TASK_DUE, at(8)) is None


def test_nothing_is_mailed_of_what_was_undone(officer: User) -> None:
    choose_ways(user=officer, ways={Notice.TASK_DUE: Way.AT_ONCE})
    with transaction.atomic():
        give(officer, Notice.TASK_DUE, at(9))
        transaction.set_rollback(True)

    assert sent(at(10)) == []


def test_a_minute_in_which_nothing_is_due_takes_two_statements_whoever_waits(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    for person in vars(cast.people).values():
        give(person, Notice.TASK_DUE, at(9), key=f"k:{person.pk}")

    with django_assert_num_queries(2):
        assert sent(at(9, 1)) == []
    assert len(sent(at(7, day=3))) == len(vars(cast.people))


def test_an_e_mail_that_failed_is_tried_again_and_holds_up_nobody_elses(
    cast: Cast, officer: User, settings: Settings
) -> None:
    for person in (officer, cast.people.coordinator):
        give(person, Notice.TASK_DUE, at(6), key=f"k:{person.pk}")
    officer.email = "khong-den-duoc@example.vn"
    officer.save()
    settings.EMAIL_BACKEND = "tests.accounts.test_notice_choices.HalfAway"

    assert [letter.count("- ") for letter in sent(at(7))] == [1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert len(sent(at(7, 2))) == 1


class HalfAway(EmailBackend):
    """A mail server that refuses one address."""

    def send_messages(self, messages: Any) -> int:
        if messages[0].to == ["khong-den-duoc@example.vn"]:
            raise SMTPRecipientsRefused({})
        return super().send_messages(messages)


# --- muting ---------------------------------------------------------------------------------------------------


def test_a_kind_is_muted_beside_a_notice_and_heard_again_on_the_page(reader: Client, officer: User) -> None:
    notice = give(officer, Notice.COMMENTED, at(9))
    assert notice and "Mute this kind" in reader.get("/notifications/").content.decode()

    reader.post(reverse("notice_mute"), {"notice": notice.pk, "what": "kind"})
    assert give(officer, Notice.COMMENTED, at(10)) is None
    reader.post(PAGE, typed())
    assert give(officer, Notice.COMMENTED, at(11)) is not None


def test_a_record_is_muted_for_all_kinds_but_those_that_guard_others(reader: Client, officer: User) -> None:
    notice = give(officer, Notice.COMMENTED, at(9), url=THING + "#comment-3")
    assert notice is not None
    reader.post(reverse("notice_mute"), {"notice": notice.pk, "what": "thing"})

    assert MutedThing.objects.get().thing == THING
    assert give(officer, Notice.ACTIVITY_RETURNED, at(10)) is None
    assert give(officer, Notice.ACTIVITY_RETURNED, at(10), key="b", url="/activities/13/") is not None
    assert give(officer, Notice.TRANSFER_URGENT, at(10)) is not None
    assert THING in reader.get(PAGE).content.decode()
    reader.post(reverse("notice_hear_again"), {"muted": MutedThing.objects.get().pk})
    assert give(officer, Notice.ACTIVITY_RETURNED, at(11)) is not None


def test_what_is_about_no_record_or_guards_others_cannot_be_muted(reader: Client, officer: User) -> None:
    late = give(officer, Notice.REPORTS_LATE, at(9), url="/obligations/?late=yes")
    opened = give(officer, Notice.IDENTITY_OPENED, at(9))
    assert late and opened
    page = reader.get("/notifications/").content.decode()
    assert page.count("Mute this kind") == 1 and "Mute this record" not in page

    for notice, what in ((late, "thing"), (opened, "kind")):
        answer = reader.post(reverse("notice_mute"), {"notice": notice.pk, "what": what}, follow=True)
        assert "This notice cannot be muted." in answer.content.decode()
    assert not MutedThing.objects.exists() and not NoticeChoice.objects.exists()


def test_nobody_mutes_by_another_persons_notice(cast: Cast, reader: Client) -> None:
    notice = give(cast.people.coordinator, Notice.COMMENTED, at(9))
    assert notice is not None
    mute_thing_of(user=cast.people.coordinator, notice=notice)

    assert reader.post(reverse("notice_mute"), {"notice": notice.pk, "what": "kind"}).status_code == 404
    muted = MutedThing.objects.get().pk
    assert reader.post(reverse("notice_hear_again"), {"muted": muted}).status_code == 404
    assert MutedThing.objects.count() == 1 and not NoticeChoice.objects.exists()


def test_a_muted_record_is_forgotten_with_its_notice(officer: User) -> None:
    notice = give(officer, Notice.FOLLOW_UP_DUE, at(9), url="/activities/14/")
    assert notice is not None
    mute_thing_of(user=officer, notice=notice)

    notice.delete()

    assert not MutedThing.objects.exists()


# --- the link of an e-mail ------------------------------------------------------------------------------------


def test_the_link_of_an_e_mail_asks_first_and_only_posting_stops(officer: User) -> None:
    choose_ways(user=officer, ways={Notice.REPORT_ASKED: Way.AT_ONCE})
    give(officer, Notice.REPORT_ASKED, at(9))
    (letter,) = sent(at(9, 1))
    headers = mail.outbox[0].extra_headers
    link = re.search(r"https?://[^/]+(/notifications/stop/[^\s>]+)", headers["List-Unsubscribe"])
    assert link and link[1] in letter
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    program = Client(enforce_csrf_checks=True)

    assert program.get(link[1]).status_code == 200
    assert ways(officer) == {"report_asked": "at_once"}
    assert program.post(link[1], {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert ways(officer) == {"report_asked": "page"}
    assert give(officer, Notice.REPORT_ASKED, at(10)) is not None
    assert sent(at(10, 1)) == []


def ways(user: User) -> dict[str, str]:
    return dict(NoticeChoice.objects.filter(user=user).values_list("kind", "way"))


def test_the_link_of_a_digest_ends_the_digest(officer: User) -> None:
    give(officer, Notice.TASK_DUE, at(6))
    sent(at(7))
    token = re.search(r"/stop/([^/]+)/", mail.outbox[0].extra_headers["List-Unsubscribe"])
    assert token is not None

    assert Client().post(reverse("notice_stop", args=[token[1]])).status_code == 200
    assert NoticeSettings.objects.get(user=officer).digest == Digest.NEVER


def test_a_link_that_was_tampered_with_or_is_another_purposes_stops_nothing(
    cast: Cast, officer: User
) -> None:
    token = stop_token(officer, DIGEST)
    other = stop_token(cast.people.coordinator, DIGEST)
    forged = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token.split(":")[0] + ":" + other.split(":", 1)[1],
    ]
    unmutable = stop_token(officer, Notice.IDENTITY_OPENED)
    for wrong in (*forged, unmutable, stop_token(officer, "everything")):
        assert Client().post(reverse("notice_stop", args=[wrong])).status_code == 404
    officer.is_active = False
    officer.save()
    assert read_stop_token(token) is None
    assert not NoticeSettings.objects.exists()


def test_stopping_twice_is_stopping_once(officer: User) -> None:
    for _time in range(2):
        stop_mail(user=officer, stops=Notice.TASK_DUE)

    assert ways(officer) == {"task_due": "page"}


# --- what no notice says --------------------------------------------------------------------------------------


def test_a_notice_cannot_be_given_with_anything_that_says_who_a_person_is(officer: User) -> None:
    for name in ("who", "name", "text", "title", "phone"):
        with pytest.raises(ValueError, match=name):
            notify(people=[officer], kind=Notice.COMMENTED, key="a", url="/", about={name: "Vàng Thị Mỷ"})

    assert not Notification.objects.exists()


@pytest.mark.parametrize("kind", Notice)
def test_no_kind_names_a_person_and_no_e_mail_names_its_reader(kind: Notice, officer: User) -> None:
    about = {name: f"<{name}>" for name in Notification.BLANKS}
    notify(people=[officer], kind=kind, key="a", url=THING, about=about)
    Notification.objects.update(created_at=at(6))

    (letter,) = sent(at(7))

    assert set(re.findall(r"<(\w+)>", letter)) <= set(Notification.BLANKS)
    subject = str(mail.outbox[0].subject)
    for private in (officer.full_name, officer.email):
        assert private not in letter + subject


def test_giving_a_notice_to_many_takes_as_many_statements_as_to_one(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    people = [cast.people.filing_officer, cast.people.head_of_unit, cast.people.coordinator]
    choose_ways(user=people[0], ways={Notice.TASK_DUE: Way.OFF})

    with django_assert_num_queries(2):
        assert notify(people=people, kind=Notice.TASK_DUE, key="k", url=THING) == 2
