"""Giving notices, marking them read, and choosing how they come. ``accounts.notice_mail`` sends them by e-mail."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import (
    ALWAYS_TOLD,
    MutedThing,
    Notice,
    NoticeChoice,
    Notification,
    User,
    Way,
    thing_at,
    usual_way,
)


class CannotBeMuted(ValueError):
    """The kind guards other people's data, so nobody can turn it off."""


def notify(
    *, people: Iterable[User], kind: Notice, key: str, url: str, about: Mapping[str, str] | None = None
) -> int:
    """Give a notice to people who do not have it yet and have not muted it. Returns how many got it.

    Raises ValueError for something in ``about`` that could say who a person is. Two statements.
    """
    if unknown := set(about or {}) - set(Notification.BLANKS):
        raise ValueError(f"a notice says nothing about {', '.join(sorted(unknown))}")
    ways = {user: way for user, way in _ways(people, kind, thing_at(url)).items() if way != Way.OFF}
    told: list[Any] = [
        kind.value,
        key,
        url,
        json.dumps(dict(about or {}), ensure_ascii=False),
        timezone.now(),
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_notification (user_id, way, kind, key, url, about, created_at)"
            " SELECT u, w, %s, %s, %s, %s::jsonb, %s FROM unnest(%s::bigint[], %s::text[]) AS given (u, w)"
            " ON CONFLICT (user_id, key) DO NOTHING",
            [*told, list(ways), [str(way) for way in ways.values()]],
        )
        return int(cursor.rowcount)


def _ways(people: Iterable[User], kind: Notice, thing: str) -> dict[int, Way]:
    """How each of the people wants this kind about this thing. One query."""
    wanted = {user.pk: usual_way(kind) for user in people}
    own_choice = NoticeChoice.objects.filter(user=OuterRef("pk"), kind=kind).values("way")
    muted = MutedThing.objects.filter(user=OuterRef("pk"), thing=thing).exclude(thing="")
    chosen = User.objects.filter(pk__in=wanted).annotate(way=Subquery(own_choice), has_muted=Exists(muted))
    for user, way, has_muted in chosen.values_list("pk", "way", "has_muted"):
        if has_muted and kind not in ALWAYS_TOLD:
            wanted[user] = Way.OFF
        elif way:
            wanted[user] = Way(way)
    return wanted


def mark_read(*, user: User, up_to: int) -> int:
    """Mark the person's notices read, up to the one with this id."""
    return Notification.objects.filter(user=user, read_at=None, pk__lte=up_to).update(read_at=timezone.now())


def mark_one_read(*, user: User, notice: int) -> bool:
    """Mark one of the person's notices read. Returns whether it was unread; another's is left as it is."""
    own = Notification.objects.filter(user=user, pk=notice, read_at=None)
    return bool(own.update(read_at=timezone.now()))


def ways_of(kind: Notice) -> tuple[Way, ...]:
    """The ways a person may choose for a kind."""
    return (Way.AT_ONCE, Way.DIGEST) if kind in ALWAYS_TOLD else tuple(Way)


def choose_ways(*, user: User, ways: Mapping[Notice, Way]) -> None:
    """Set how kinds of notices come. What waits to be mailed goes the new way, or stays in the page.

    Raises CannotBeMuted for a way that the kind does not have.
    """
    for kind, way in ways.items():
        if way not in ways_of(kind):
            raise CannotBeMuted(kind)
    with transaction.atomic():
        held = dict(NoticeChoice.objects.filter(user=user).values_list("kind", "way"))
        changed = {kind: way for kind, way in ways.items() if held.get(kind, usual_way(kind)) != way}
        NoticeChoice.objects.bulk_create(
            [NoticeChoice(user=user, kind=kind, way=way) for kind, way in changed.items()],
            update_conflicts=True,
            unique_fields=["user", "kind"],
            update_fields=["way"],
        )
        for way in set(changed.values()):
            kinds = [kind for kind, new in changed.items() if new == way]
            waiting = Notification.objects.filter(user=user, kind__in=kinds, mailed_at=None)
            waiting.update(way=Way.PAGE if way == Way.OFF else way)


def mute_kind_of(*, user: User, notice: Notification) -> None:
    """No more notices of this one's kind. Raises CannotBeMuted."""
    choose_ways(user=user, ways={Notice(notice.kind): Way.OFF})


def mute_thing_of(*, user: User, notice: Notification) -> None:
    """No more notices about the record that this one is about, except those nobody can mute.

    Raises CannotBeMuted where the notice is about no single record.
    """
    if not notice.thing:
        raise CannotBeMuted(notice.url)
    MutedThing.objects.get_or_create(user=user, thing=notice.thing, defaults={"notice": notice})
    about_it = [row.pk for row in _waiting(user) if row.thing == notice.thing and row.may_be_muted]
    Notification.objects.filter(pk__in=about_it).update(way=Way.PAGE)


def _waiting(user: User) -> Iterable[Notification]:
    return Notification.objects.filter(user=user, read_at=None, mailed_at=None).exclude(way=Way.PAGE)


def hear_again(*, user: User, muted: int) -> bool:
    """Take back a muting of a record. Returns whether it was the person's own."""
    return bool(MutedThing.objects.filter(user=user, pk=muted).delete()[0])


def kind_groups() -> list[tuple[str, list[Notice]]]:
    """All kinds of notices by what they are about, for the page on which they are chosen."""
    return [
        (
            _("Activities"),
            [
                *(Notice.ACTIVITY_SUBMITTED, Notice.ACTIVITY_APPROVED, Notice.ACTIVITY_RETURNED),
                *(Notice.UPLOAD_SUBMITTED, Notice.MENTIONED, Notice.COMMENTED),
            ],
        ),
        (
            _("Reports owed"),
            [
                *(Notice.REPORT_DUE, Notice.REPORT_LATE, Notice.REPORTS_LATE, Notice.REPORT_ASKED),
                *(Notice.SUBMISSION_SENT, Notice.SUBMISSION_RETURNED, Notice.SUBMISSION_ACCEPTED),
            ],
        ),
        (
            _("Reports"),
            [
                *(Notice.REPORT_TO_REVIEW, Notice.REPORT_SENT_BACK, Notice.REPORT_READY),
                *(Notice.REPORT_FAILED, Notice.REPORT_ISSUED, Notice.REPORT_DRIFTED),
            ],
        ),
        (
            _("Tasks, recommendations, questions"),
            [
                *(Notice.TASK_GIVEN, Notice.TASK_DUE, Notice.TASK_LATE),
                *(Notice.RECOMMENDED, Notice.RECOMMENDATION_MOVED),
                *(Notice.QUESTION_ASKED, Notice.QUESTION_ANSWERED),
            ],
        ),
        (
            _("Tips and cases"),
            [Notice.TIP_DUE, Notice.TIP_LATE, Notice.CASE_DUE, Notice.CASE_LATE],
        ),
        (
            _("Victims"),
            [
                *(Notice.FOLLOW_UP_DUE, Notice.CLOSURE_ASKED, Notice.TRANSFER_ASKED),
                *(Notice.TRANSFER_ANSWERED, Notice.DATA_REQUEST_DUE),
                *(Notice.TRANSFER_URGENT, Notice.IDENTITY_OPENED, Notice.IDENTITY_OPENED_BELOW),
                *(Notice.CASE_EXPORT_ASKED, Notice.CASE_EXPORT_REFUSED),
                *(Notice.CASE_EXPORT_READY, Notice.CASE_EXPORT_FAILED),
            ],
        ),
        (
            _("Your account"),
            [
                *(Notice.NEW_DEVICE, Notice.PASSWORD_CHANGED, Notice.FACTOR_CHANGED, Notice.CODE_REFUSED),
                *(Notice.FACTOR_RESET, Notice.ROLE_GIVEN),
            ],
        ),
        (
            _("The portal"),
            [
                *(
                    Notice.DRAFT_ENDS,
                    Notice.FEEDBACK_GIVEN,
                    Notice.FEEDBACK_ANSWERED,
                    Notice.WEBHOOK_FAILED,
                    Notice.CHECKS_FAILED,
                ),
                *(Notice.ROLE_ASKED, Notice.ROLE_DECIDED, Notice.RESET_ASKED),
            ],
        ),
    ]
