"""Reading the trail of what people did: which events an administrator sees, narrowed down, and as a table."""

import csv
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import AuditEvent, User
from accounts.people.rights import people_seen_by
from accounts.scoping import scope_of
from territory.excel import safe_text
from territory.models import Level

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
    if asked.person:
        rows = rows.filter(user=asked.person)
    if asked.since:
        rows = rows.filter(at__gte=_midnight(asked.since))
    if asked.until:
        rows = rows.filter(at__lt=_midnight(asked.until + dt.timedelta(days=1)))
    if asked.about:
        rows = rows.filter(about__startswith=asked.about)
    return rows


def events_csv(rows: QuerySet[AuditEvent]) -> Iterator[str]:
    """The events as lines of CSV that Excel opens: when (with its zone), what, who, about what, and details."""
    line = csv.writer(Line())
    yield "\ufeff" + str(
        line.writerow(
            [
                _("When"),
                _("What"),
                _("Who"),
                _("E-mail"),
                pgettext("audit", "About"),
                _("Detail"),
                _("From address"),
            ]
        )
    )
    for event in rows[:FILE_MAX_ROWS].iterator(chunk_size=2000):
        who = (event.user.full_name, event.user.email) if event.user else ("", "")
        told = [timezone.localtime(event.at).isoformat(timespec="seconds"), event.kind, *who, event.about]
        detail = json.dumps(event.detail, ensure_ascii=False) if event.detail else ""
        yield str(line.writerow([safe_text(each) for each in (*told, detail, event.address or "")]))


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


class Line:
    """What the CSV writer writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line
