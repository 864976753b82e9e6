"""Reading the trail of what people did: which events an administrator sees, narrowed down, and as a table."""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import AuditEvent, User
from accounts.people.rights import people_seen_by
from accounts.scoping import scope_of
from territory.csv_lines import csv_lines
from territory.days import start_of
from territory.models import Level

Log = TypeVar("Log", bound=Model)

READ = "audit.read"
#: Rows of the largest file.
FILE_MAX_ROWS = 100_000


@dataclass(frozen=True)
class Narrowed:
    """What a reader asks for: a kind, a person, days (both included), and the beginning of what it is about."""

    kind: str = ""
    person: User | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    about: str = ""


def events_seen_by(actor: User, asked: Narrowed) -> QuerySet[AuditEvent]:
    """Events of people who have or had a role in the administrator's areas, the newest first.

    Sign-ins that failed on no account belong to no area: who keeps the nation sees them. No rows for anybody else.
    """
    grants = list(scope_of(actor).having(READ))
    seen = Q(user__in=people_seen_by(actor).order_by().values("pk")) if grants else Q(pk__in=[])
    if any(grant.area.level == Level.NATION for grant in grants):
        seen |= Q(user=None)
    rows = AuditEvent.objects.filter(seen).select_related("user").order_by("-id")
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    rows = within(rows, since=asked.since, until=asked.until, person=asked.person)
    if asked.about:
        rows = rows.filter(about__startswith=asked.about)
    return rows


def within(
    rows: QuerySet[Log], *, since: dt.date | None, until: dt.date | None, person: User | None
) -> QuerySet[Log]:
    """The rows of a log of these days, both included, and by this person; each may be missing."""
    if since:
        rows = rows.filter(at__gte=start_of(since))
    if until:
        rows = rows.filter(at__lt=start_of(until + dt.timedelta(days=1)))
    return rows.filter(user=person) if person else rows


def events_csv(rows: QuerySet[AuditEvent]) -> Iterator[str]:
    """The events as lines of CSV that Excel opens: when (with its zone), what, who, about what, and details."""
    return csv_lines(_table(rows))


def _table(rows: QuerySet[AuditEvent]) -> Iterator[Sequence[Any]]:
    yield [
        *(_("When"), _("What"), _("Who"), _("E-mail"), pgettext("audit", "About")),
        *(_("Detail"), _("From address")),
    ]
    for event in rows[:FILE_MAX_ROWS].iterator(chunk_size=2000):
        who = (event.user.full_name, event.user.email) if event.user else ("", "")
        told = [timezone.localtime(event.at).isoformat(timespec="seconds"), event.kind, *who, event.about]
        detail = json.dumps(event.detail, ensure_ascii=False) if event.detail else ""
        yield (*told, detail, event.address)
