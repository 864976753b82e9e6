"""Writing comments on records, changing and removing own ones, and telling people of them."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Notice, User
from accounts.notices import notify
from programs.models import COMMENT_LIMIT, Comment
from programs.selectors.comment import (
    Record,
    address_of,
    authors_of,
    earlier_commenters,
    is_own_affair,
    kind_of,
    number_of,
    who_may_see,
)
from territory.collation import ViFold, fold
from territory.text import control_characters, normalise

#: At most so many comments a person within this time.
RATE_LIMIT = 30
RATE_WINDOW = dt.timedelta(minutes=10)
#: A comment tells at most so many people.
TELL_LIMIT = 40
#: So many names after "@" are looked up in one comment; each has at most so many words.
_NAMES_LIMIT = 20
_WORDS_OF_A_NAME = 6

_AT = re.compile(r"(?<![\w@.])@(?=\w)")
_AFTER_A_NAME = '.,;:!?()[]{}"“”…'


@dataclass
class Told:
    """Who is told of a comment, and the names after "@" of whom nobody is: cannot see it, several, unknown."""

    people: list[User] = field(default_factory=list)
    unseeing: list[str] = field(default_factory=list)
    several: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Written:
    """A comment that stands, and who was told."""

    comment: Comment
    told: Told


@transaction.atomic
def write_comment(
    *, actor: User, record: Record, text: str, submission_key: UUID, tell: Iterable[User] = ()
) -> Written:
    """Comment on a record the actor may see. The same ``submission_key`` again makes no second comment.

    Told are the people of ``tell`` and those named after "@" in the text, as far as they may see the record; who made
    the record and who commented before get a notice as well. Raises PermissionDenied; ValidationError when the text
    is empty, too long or holds control characters, or when the actor wrote too many in a short time.
    """
    is_internal = is_own_affair(record)
    if not who_may_see(record, [actor], is_internal=is_internal):
        raise PermissionDenied("the actor may not see the record")
    # Two clicks at the same moment come one after the other, so the second finds what the first made.
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    existing = _written_with(submission_key)
    if existing is not None:
        if existing.by_id != actor.pk or getattr(existing, f"{kind_of(record)}_id") != record.pk:
            raise PermissionDenied("the key belongs to another comment")
        return Written(existing, Told())
    words = _judged(text)
    _refuse_flood(actor)
    told = _people_told(record, actor, words, tell, is_internal=is_internal)
    with pghistory.context(user=actor.pk):
        comment: Comment = Comment.objects.create(
            **{f"{kind_of(record)}_id": record.pk},
            text=words,
            by=actor,
            is_internal=is_internal,
            submission_key=submission_key,
        )
        comment.mentions.set(told.people)
    _give_notices(comment, record, told.people, with_others=True)
    return Written(comment, told)


@transaction.atomic
def change_comment(*, actor: User, comment: Comment, text: str, tell: Iterable[User] = ()) -> Written:
    """Change an own comment, within a quarter of an hour. People it names anew are told.

    Where nothing differs nothing is written. Raises PermissionDenied when it is another's or was removed,
    ValidationError when the time is over or the text is refused.
    """
    held = _locked(comment)
    now = timezone.now()
    if not held.is_removable_by(actor):
        raise PermissionDenied("only its author changes a comment")
    if not held.is_changeable_by(actor, now):
        raise ValidationError(
            _("A comment can be changed for 15 minutes. Write a new one, or remove this one."),
            code="too_late",
        )
    record = cast(Record, held.record)
    if not who_may_see(record, [actor], is_internal=held.is_internal):
        raise PermissionDenied("the actor may not see the record")
    words = _judged(text)
    told = _people_told(record, actor, words, tell, is_internal=held.is_internal)
    if words == held.text and {user.pk for user in told.people} == set(
        held.mentions.values_list("pk", flat=True)
    ):
        return Written(held, told)
    held.text, held.edited_at = words, now
    with pghistory.context(user=actor.pk):
        held.save(update_fields=["text", "edited_at"])
        held.mentions.set(told.people)
    _give_notices(held, record, told.people, with_others=False)
    return Written(held, told)


@transaction.atomic
def remove_comment(*, actor: User, comment: Comment) -> Comment:
    """Take an own comment's text off the page; the history keeps it. A second time changes nothing.

    Raises PermissionDenied when it is another's.
    """
    held = _locked(comment)
    if held.by_id != actor.pk:
        raise PermissionDenied("only its author removes a comment")
    if held.removed_at is not None:
        return held
    held.text, held.removed_at = "", timezone.now()
    with pghistory.context(user=actor.pk):
        held.save(update_fields=["text", "removed_at"])
        held.mentions.clear()
    return held


def _locked(comment: Comment) -> Comment:
    held: Comment = (
        Comment.objects.unscoped("the row is locked, then judged")
        .select_for_update(of=("self",))
        .get(pk=comment.pk)
    )
    return held


def _written_with(submission_key: UUID) -> Comment | None:
    found: Comment | None = (
        Comment.objects.unscoped("a submission belongs to whoever sent it, which is checked")
        .filter(submission_key=submission_key)
        .first()
    )
    return found


def _judged(text: str) -> str:
    words = normalise(text).strip()
    if not words:
        raise ValidationError({"text": _("Write what you want to say.")}, code="required")
    if control_characters(words):
        raise ValidationError(
            {"text": _("The text holds an invisible control character. Remove it, or type the text anew.")}
        )
    if len(words) > COMMENT_LIMIT:
        message = _("The comment has %(length)d characters; at most %(limit)d fit. Shorten it.")
        params = {"length": len(words), "limit": COMMENT_LIMIT}
        raise ValidationError({"text": ValidationError(message, code="max_length", params=params)})
    return words


def _refuse_flood(actor: User) -> None:
    recent = Comment.objects.unscoped("the actor's own rows are counted").filter(
        by=actor, at__gt=timezone.now() - RATE_WINDOW
    )
    if recent.count() >= RATE_LIMIT:
        message = _("You wrote %(limit)d comments within 10 minutes. Wait a little, then send this one.")
        raise ValidationError(message, code="too_many", params={"limit": RATE_LIMIT})


def _give_notices(comment: Comment, record: Record, mentioned: Sequence[User], *, with_others: bool) -> None:
    url = f"{address_of(record)}#comment-{comment.pk}"
    about = {"record": kind_of(record), "number": number_of(record)}
    key = f"comment:{comment.pk}"
    notify(people=mentioned, kind=Notice.MENTIONED, key=key, url=url, about=about)
    if not with_others:
        return
    others = {user.pk: user for user in (*authors_of(record), *earlier_commenters(record, comment.by))}
    for user in (*mentioned, comment.by):
        others.pop(user.pk, None)
    people = who_may_see(record, others.values(), is_internal=comment.is_internal)
    notify(people=people, kind=Notice.COMMENTED, key=key, url=url, about=about)


# --- names after "@" ---


def _people_told(record: Record, actor: User, text: str, tell: Iterable[User], *, is_internal: bool) -> Told:
    """The people chosen and the people named who may see the record; and whom the text names in vain."""
    chosen = {user.pk: user for user in tell}
    told = Told()
    named = _people_named(text)
    everybody = {user.pk: user for users in named.values() for user in users} | chosen
    seeing = {user.pk: user for user in who_may_see(record, everybody.values(), is_internal=is_internal)}
    people = {pk: user for pk, user in seeing.items() if pk in chosen}
    told.unseeing = [user.full_name for pk, user in chosen.items() if pk not in seeing]
    for name, users in named.items():
        those = [user for user in users if user.pk in seeing]
        picked = [user for user in those if user.pk in chosen] or those
        if not users:
            told.unknown.append(name)
        elif not those:
            told.unseeing.append(users[0].full_name)
        elif len(picked) > 1:
            told.several.append(picked[0].full_name)
        else:
            people[picked[0].pk] = picked[0]
    people.pop(actor.pk, None)
    if len(people) > TELL_LIMIT:
        message = _("A comment can tell at most %(limit)d people.")
        raise ValidationError({"tell": ValidationError(message, params={"limit": TELL_LIMIT})})
    told.people = list(people.values())
    return told


def _people_named(text: str) -> dict[str, list[User]]:
    """For each name after "@" the active people of that name: the longest name that fits, diacritics ignored.

    Where some of them are written exactly so, only those.
    """
    phrases = [_phrases(text[match.end() :]) for match in list(_AT.finditer(text))[:_NAMES_LIMIT]]
    wanted = {fold(phrase) for each in phrases for phrase in each}
    by_name: dict[str, list[User]] = {}
    if wanted:
        people = User.objects.annotate(folded=ViFold("full_name")).filter(folded__in=wanted, is_active=True)
        for user in people.order_by("pk"):
            by_name.setdefault(fold(user.full_name), []).append(user)
    named: dict[str, list[User]] = {}
    for each in phrases:
        typed = next((phrase for phrase in each if fold(phrase) in by_name), None)
        if typed is None:
            named.setdefault(each[-1], [])
            continue
        users = by_name[fold(typed)]
        exact = [user for user in users if user.full_name.casefold() == typed.casefold()]
        named[typed] = exact or users
    return named


def _phrases(after: str) -> list[str]:
    """What may be the name at the beginning of a text, the longest first: one to six words of its first line."""
    words = after.split("\n", 1)[0][:200].split()[:_WORDS_OF_A_NAME]
    found = []
    for count in range(len(words), 0, -1):
        phrase = " ".join(words[:count]).rstrip(_AFTER_A_NAME)
        if phrase and phrase not in found:
            found.append(phrase)
    return found
