"""Who was shown a tip, a case, a victim's file or a document: told by its code, to who reads the trail of the area."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import READ, within
from accounts.models import AuditEvent, ReadEvent, User
from accounts.row_scope import system_scope
from accounts.scoping import scope_of
from incidents.models import Case, Tip
from programs.models import Document
from territory.csv_lines import csv_lines
from territory.models import Area, Level
from victims.models import Victim

#: Records of people in cases, whose reads are logged.
RECORDS: tuple[Any, ...] = (Victim, Case, Tip)


@dataclass(frozen=True)
class SeenRecord:
    """A record as the reader of the trail knows it: its kind, its code, whose it is, and its name in the logs."""

    kind: str
    code: str
    agency: str
    name: str


@dataclass(frozen=True)
class Span:
    """Days, both included, and a person; each may be missing."""

    since: dt.date | None = None
    until: dt.date | None = None
    person: User | None = None

    def of(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of a log that lie within."""
        return within(rows, since=self.since, until=self.until, person=self.person)


def find_record(code: str, *, reader: User) -> tuple[SeenRecord, Any] | None:
    """The record with this code in an area whose trail the reader reads, or None. What it tells stays unread."""
    areas = [grant.area for grant in scope_of(reader).having(READ)]
    with system_scope("who reads the trail of an area knows its records by their codes, and reads none"):
        for model in RECORDS:
            found = model.objects.unscoped("by its code").select_related("agency", "area")
            record = found.filter(code=code).first()
            if record is not None and any(area.contains(record.area) for area in areas):
                name = f"{model._meta.label_lower}:{record.pk}"
                return SeenRecord(model._meta.verbose_name, record.code, record.agency.name, name), record
    document = _document(code, areas)
    if document is None:
        return None
    name, kind = f"{Document._meta.label_lower}:{document.pk}", document.get_kind_display()
    return SeenRecord(kind, document.number or code, document.issuer.name, name), document


def _document(code: str, areas: list[Area]) -> Document | None:
    """The document of these areas with this number, or named by its own page. None where several have the number."""
    own = re.fullmatch(r"document:([1-9][0-9]{0,17})", code, re.ASCII)
    named = Q(pk=int(own[1])) if own else Q(number=code)
    found = Document.objects.unscoped("by its number").exclude(area__level=Level.NATION)
    within = [
        document
        for document in found.filter(named).select_related("issuer", "area")
        if any(area.contains(document.area) for area in areas)
    ]
    return within[0] if len(within) == 1 else None


def reads_within(seen: SeenRecord, span: Span) -> QuerySet[ReadEvent]:
    """The read log of the record, newest first."""
    return span.of(ReadEvent.objects.filter(record=seen.name)).select_related("user").order_by("-id")


def events_within(seen: SeenRecord, span: Span) -> QuerySet[AuditEvent]:
    """What the trail says of the record, newest first: exports, refusals, erasure."""
    return span.of(AuditEvent.objects.filter(about=seen.name)).select_related("user").order_by("-id")


def seen_csv(seen: SeenRecord, span: Span) -> Iterator[str]:
    """Both logs as lines of CSV that Excel opens."""
    return csv_lines(_table(seen, span))


def _table(seen: SeenRecord, span: Span) -> Iterator[Sequence[Any]]:
    yield [_("Record"), _("When"), _("Who"), _("E-mail"), _("What"), _("From address"), _("Reason")]
    for read in reads_within(seen, span).iterator(chunk_size=2000):
        yield _told(seen, read, read.get_how_display(), read.reason)
    for event in events_within(seen, span).iterator(chunk_size=2000):
        yield _told(seen, event, event.get_kind_display(), "")


def _told(seen: SeenRecord, row: Any, what: str, reason: str) -> Sequence[Any]:
    who = (row.user.full_name, row.user.email) if row.user else ("", "")
    at = timezone.localtime(row.at).isoformat(timespec="seconds")
    return (seen.code, at, *who, what, row.address, reason)
