"""What serves the work goes when its time is over: drafts after a warning, notices, counts, runs of checks."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.forgetting import forget_what_is_over
from accounts.keys import make_key
from accounts.models import (
    ApiUse,
    AuditEvent,
    CheckRun,
    FormDraft,
    KeyScope,
    Notice,
    Notification,
    User,
)
from accounts.notices import mute_thing_of, notify
from accounts.services import save_form_draft
from config.checks import days_kept
from config.keeping import kept_for_a_while
from tests.cast import Cast
from tests.conftest import SignedIn

NEW = "activity:new"


def days(number: float) -> dt.timedelta:
    return dt.timedelta(days=number)


def typed(user: User, *, ago: float, form: str = NEW) -> FormDraft:
    """A draft that nobody has touched for so many days."""
    save_form_draft(user=user, form=form, fields=[("title", ["Tập huấn"])])
    FormDraft.objects.filter(user=user, form=form).update(saved_at=timezone.now() - days(ago))
    return FormDraft.objects.get(user=user, form=form)


def told(
    user: User, *, ago: float, read: float | None = None, key: str = "n", url: str = "/"
) -> Notification:
    notify(people=[user], kind=Notice.COMMENTED, key=key, url=url)
    now = timezone.now()
    own = Notification.objects.filter(user=user, key=key)
    own.update(created_at=now - days(ago), read_at=None if read is None else now - days(read))
    return own.get()


def erased() -> list[tuple[str, int]]:
    events = AuditEvent.objects.filter(kind=AuditEvent.Kind.DATA_ERASED).order_by("pk")
    return [(event.about, event.detail["rows"]) for event in events]


def test_a_draft_goes_after_its_time_and_not_before_its_person_was_told(cast: Cast) -> None:
    person = cast.people.filing_officer
    typed(person, ago=75)
    typed(cast.people.coordinator, ago=200)
    now = timezone.now()

    forget_what_is_over(now)

    assert FormDraft.objects.count() == 2
    assert [notice.user for notice in Notification.objects.all()] == [cast.people.coordinator]
    forget_what_is_over(now + days(2))
    assert {notice.user for notice in Notification.objects.all()} == {person, cast.people.coordinator}
    forget_what_is_over(now + days(13))
    assert FormDraft.objects.count() == 2

    forget_what_is_over(now + days(14.1))
    assert [draft.user for draft in FormDraft.objects.all()] == [person]
    forget_what_is_over(now + days(16.1))
    assert not FormDraft.objects.exists()
    assert erased() == [("accounts.formdraft", 1), ("accounts.formdraft", 1)]


def test_a_draft_that_is_touched_after_the_warning_begins_anew(cast: Cast) -> None:
    person = cast.people.filing_officer
    now = timezone.now()
    typed(person, ago=80)
    forget_what_is_over(now)
    assert FormDraft.objects.get().warned_at == now

    save_form_draft(user=person, form=NEW, fields=[("title", ["Tập huấn nữa"])])
    forget_what_is_over(now + days(20))

    draft = FormDraft.objects.get()
    assert draft.warned_at is None
    assert draft.kept_until == draft.saved_at + days(90)


def test_many_drafts_are_told_in_one_notice_with_their_number_and_the_first_day(cast: Cast) -> None:
    person = cast.people.filing_officer
    typed(person, ago=80)
    typed(person, ago=79, form="activity:12")
    now = timezone.now()

    forget_what_is_over(now)
    forget_what_is_over(now)

    notice = Notification.objects.get()
    day = timezone.localtime(now + days(14))
    assert (notice.user, notice.kind, notice.url) == (person, Notice.DRAFT_ENDS, f"{reverse('home')}#drafts")
    assert notice.about == {"number": "2", "day": f"{day:%d/%m/%Y}"}
    assert "Tập huấn" not in notice.sentence


def test_home_names_first_what_is_removed_soon_and_the_form_tells_the_day(
    cast: Cast, signed_in: SignedIn
) -> None:
    person = cast.people.filing_officer
    for number in range(9):
        typed(person, ago=number, form=f"activity:{number + 100}")
    draft = typed(person, ago=89)
    client: Client = signed_in(person)
    until = timezone.localtime(draft.kept_until)

    assert ">Removed soon<" not in client.get("/").content.decode()
    assert f"it is kept until {until:%d/%m/%Y}" in client.get("/activities/new/").content.decode()

    forget_what_is_over()

    home = client.get("/").content.decode()
    assert f"kept until {until:%d/%m/%Y}, if you do not touch it" in home
    assert home.count(">Removed soon<") == 1


def test_a_closed_account_is_not_told_and_its_drafts_go_all_the_same(cast: Cast) -> None:
    person = cast.people.filing_officer
    person.is_active = False
    person.save()
    typed(person, ago=100)
    now = timezone.now()

    forget_what_is_over(now)
    forget_what_is_over(now + days(15))

    assert not Notification.objects.exists()
    assert not FormDraft.objects.exists()


def test_notices_go_a_year_after_they_were_read_or_two_where_nobody_did(cast: Cast) -> None:
    person = cast.people.filing_officer
    told(person, ago=500, read=366, key="read")
    told(person, ago=731, key="unread")
    stays = [told(person, ago=800, read=364, key="read late"), told(person, ago=729, key="waits")]

    forget_what_is_over()

    assert set(Notification.objects.all()) == set(stays)
    assert erased() == [("accounts.notification", 2)]


def test_a_muting_outlives_the_year_of_its_notice(cast: Cast) -> None:
    person = cast.people.filing_officer
    notice = told(person, ago=500, read=400, url="/activities/12/")
    mute_thing_of(user=person, notice=notice)

    forget_what_is_over()

    assert notify(people=[person], kind=Notice.COMMENTED, key="later", url="/activities/12/") == 0


def test_counts_of_keys_old_checks_and_spent_tries_go(cast: Cast) -> None:
    today = timezone.localdate()
    key = make_key(
        actor=cast.people.administrator,
        consumer="Trang dữ liệu mở",
        scopes=[KeyScope.STATISTICS],
        expires_on=today + days(30),
    )
    for ago in (729, 732):
        ApiUse.objects.create(key=key, day=today - days(ago), endpoint="areas", requests=1)
    for ago in (364, 366):
        run = CheckRun.objects.create()
        CheckRun.objects.filter(pk=run.pk).update(begun_at=timezone.now() - days(ago))
    cache.set("spent", 1, timeout=60)
    cache.set("counts", 1, timeout=86_400 * 2)

    forget_what_is_over(timezone.now() + dt.timedelta(hours=1))

    assert ApiUse.objects.count() == CheckRun.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT cache_key FROM config_cache WHERE cache_key LIKE '%%spent' OR cache_key LIKE '%%counts'"
        )
        assert [row[0] for row in cursor.fetchall()] == [cache.make_key("counts")]


@pytest.mark.parametrize(
    ("name", "number"), [("DRAFT_KEEP_DAYS", 29), ("NOTICE_KEEP_DAYS", 0), ("REPORT_KEEP_DAYS", 7)]
)
def test_a_time_too_short_stops_the_start(name: str, number: int, settings: Settings) -> None:
    assert days_kept(None) == []

    setattr(settings, name, number)

    assert [fault.id for fault in days_kept(None)] == ["portal.E008"]


def test_pages_tell_for_how_long_things_are_kept(cast: Cast, signed_in: SignedIn, settings: Settings) -> None:
    settings.DRAFT_KEEP_DAYS = 77

    page = signed_in(cast.people.administrator).get(reverse("retention_rules")).content.decode()
    own = signed_in(cast.people.filing_officer).get(reverse("own_data")).content.decode()

    assert all(row.what in page for row in kept_for_a_while())
    assert "77 days" in page
    assert "nobody has touched it for 77 days" in own
