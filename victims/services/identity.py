"""Opening, writing and searching identities. Whoever is shown one leaves a row that says so."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.changing import ChangedMeanwhile
from accounts.field_keys import IndexKind, blind_indexes
from accounts.models import AuditEvent, ReadEvent, User
from accounts.reading import record_reads
from accounts.row_scope import system_scope
from accounts.scoping import scope_of
from accounts.services import record_event
from territory.models import Agency
from territory.text import normalise
from victims.models import (
    OPEN_FOR,
    IdentityChange,
    IdentityOpening,
    IdentityPaper,
    Victim,
    VictimIdentity,
    name_and_year,
)
from victims.notices import tell_of_opening
from victims.services.rights import clean_words, locked, require

#: The shortest reason that says something, in characters.
SHORTEST_REASON = 10

#: Searches for a person that one account may make within an hour, those at the entry of an identity included.
SEARCHES_AN_HOUR = 30


#: Identities that one account may open within an hour.
OPENINGS_AN_HOUR = 30


class TooManyOpenings(Exception):
    """The account has opened more identities within the hour than its work needs."""


class TooManySearches(Exception):
    """The account has searched for more people within the hour than its work needs."""


@dataclass(frozen=True)
class Paper:
    kind: str
    number: str


@dataclass(frozen=True)
class Shown:
    """An identity in the clear, for one page."""

    texts: Mapping[str, str]
    papers: tuple[Paper, ...]
    version: int
    open_until: dt.datetime


@dataclass(frozen=True)
class Sought:
    """What a person is searched by; what is empty is not asked for."""

    paper: str = ""
    phone: str = ""
    full_name: str = ""
    birth_year: str = ""


@dataclass(frozen=True)
class Found:
    """Who matches: codes in own care, and of the others only the agency to ask."""

    own: tuple[Victim, ...] = ()
    elsewhere: tuple[Agency, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.own or self.elsewhere)


@transaction.atomic
def open_identity(*, actor: User, victim: Victim, reason: str) -> IdentityOpening:
    """Open an identity to the actor for a quarter of an hour; the supervisor gets a notice.

    Raises PermissionDenied, TooManyOpenings, ValidationError by field.
    """
    require(actor, victim, "identity.open")
    reason = clean_words(victim, reason=reason)["reason"]
    if len(reason) < SHORTEST_REASON:
        raise ValidationError(
            {"reason": _("Say in at least %(count)d characters what you need it for.")
             % {"count": SHORTEST_REASON}}
        )  # fmt: skip
    now = timezone.now()
    opened = IdentityOpening.objects.filter(person=actor, at__gte=now - dt.timedelta(hours=1)).count()
    if opened >= OPENINGS_AN_HOUR:
        raise TooManyOpenings
    opening = IdentityOpening.objects.create(
        person=actor, victim=victim, reason=reason, at=now, expires_at=now + OPEN_FOR
    )
    tell_of_opening(opening)
    return opening


def own_opening(actor: User, victim: Victim) -> IdentityOpening | None:
    """The actor's opening that still lasts, if any."""
    opening: IdentityOpening | None = victim.openings.filter(
        person=actor, expires_at__gt=timezone.now()
    ).first()
    return opening


def has_identity(victim: Victim) -> bool:
    """Whether an identity is kept, told by its trail: the row itself is closed."""
    last = victim.identity_changes.first()
    return last is not None and last.what != IdentityChange.What.DESTROYED


@transaction.atomic
def show_identity(*, actor: User, victim: Victim) -> Shown | None:
    """The identity while an own opening lasts, and a row in the read log; None where nothing is open or kept.

    Raises PermissionDenied, SealBroken.
    """
    require(actor, victim, "identity.open")
    opening = own_opening(actor, victim)
    if opening is None:
        return None
    identity = VictimIdentity.objects.filter(victim=victim).first()
    if identity is None:
        return None
    record_reads(actor=actor, records=[victim], how=ReadEvent.How.IDENTITY)
    papers = tuple(Paper(row.kind, row.opened()["number"]) for row in victim.papers.all())
    return Shown(identity.opened(), papers, identity.version, opening.expires_at)


@transaction.atomic
def save_identity(
    *, actor: User, victim: Victim, version: int, papers: Iterable[Paper], **texts: str
) -> VictimIdentity:
    """Seal an identity. ``version`` is 0 for the first. Of the change only its fact is kept.

    One that is kept already can be changed only while it is open to the actor. Raises PermissionDenied,
    ChangedMeanwhile.
    """
    current = locked(victim)
    require(actor, current, "identity.write")
    if has_identity(current) and own_opening(actor, current) is None:
        raise PermissionDenied("the identity is not open to the actor")
    stored = VictimIdentity.objects.select_for_update().filter(victim=current).first()
    if version != (stored.version if stored else 0):
        last = current.identity_changes.select_related("person").first()
        raise ChangedMeanwhile(
            last.person if last else None,
            last.at if last else timezone.now(),
            stored.version if stored else 0,
        )
    identity = stored or VictimIdentity(victim=current, version=0)
    identity.put({name: normalise(text).strip() for name, text in texts.items()})
    identity.version += 1
    identity.save(force_insert=stored is None)
    _set_papers(current, list(papers))
    what = IdentityChange.What.CHANGED if stored else IdentityChange.What.RECORDED
    IdentityChange.objects.create(victim=current, person=actor, what=what)
    return identity


def _set_papers(victim: Victim, papers: list[Paper]) -> None:
    victim.papers.all().delete()
    for paper in papers:
        row = IdentityPaper(victim=victim, kind=paper.kind)
        row.put({"number": normalise(paper.number).strip()})
        row.save(force_insert=True)


@transaction.atomic
def search_person(*, actor: User, sought: Sought, but: Victim | None = None, at_entry: bool = False) -> Found:
    """Who matches exactly a paper's number, a phone, or a name with a year of birth.

    Those in the care of other agencies are not named: the answer is whom to ask. Each search is audited, without what
    was typed. Raises PermissionDenied, TooManySearches.
    """
    if not scope_of(actor).may("identity.open"):
        raise PermissionDenied
    asked = _conditions(sought)
    if not asked:
        return Found()
    hour = timezone.now() - dt.timedelta(hours=1)
    made = AuditEvent.objects.filter(user=actor, kind=AuditEvent.Kind.IDENTITY_SEARCHED, at__gte=hour).count()
    if made >= SEARCHES_AN_HOUR:
        raise TooManySearches
    with system_scope("a match in another agency's care is told as that agency's name alone"):
        pks = {pk for rows in asked.values() for pk in rows.values_list("victim_id", flat=True)}
        pks.discard(but.pk if but else None)
        everybody = Victim.objects.unscoped("told apart in the next line").filter(pk__in=pks)
        matches = list(everybody.select_related("agency", "area").order_by("code"))
    own_pks = set(Victim.objects.visible_to(actor).filter(pk__in=pks).values_list("pk", flat=True))
    own = tuple(victim for victim in matches if victim.pk in own_pks)
    others = {victim.agency_id: victim.agency for victim in matches if victim.pk not in own_pks}
    record_reads(actor=actor, records=own, how=ReadEvent.How.LIST)
    record_event(
        actor=actor,
        kind=AuditEvent.Kind.IDENTITY_SEARCHED,
        about="victims.victim",
        detail={"by": list(asked), "own": len(own), "elsewhere": len(others), "at_entry": at_entry},
    )
    return Found(own, tuple(others.values()))


def _conditions(
    sought: Sought,
) -> dict[str, models.QuerySet[VictimIdentity] | models.QuerySet[IdentityPaper]]:
    """The rows that each thing typed asks for."""
    papers = blind_indexes(IndexKind.PAPER, sought.paper)
    phones = blind_indexes(IndexKind.PHONE, sought.phone)
    names = blind_indexes(IndexKind.NAME_AND_YEAR, name_and_year(sought.full_name, sought.birth_year))
    asked: dict[str, models.QuerySet[VictimIdentity] | models.QuerySet[IdentityPaper]] = {}
    if papers:
        asked["paper"] = IdentityPaper.objects.filter(number_index__in=papers)
    if phones:
        asked["phone"] = VictimIdentity.objects.filter(Q(phone_index__in=phones))
    if names:
        asked["name_and_year"] = VictimIdentity.objects.filter(Q(name_index__in=names))
    return asked
