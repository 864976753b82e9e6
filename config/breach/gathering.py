"""The reads and acts of a breach, and the records they were about."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from accounts.models import AuditEvent, Contact, ReadEvent, User
from accounts.row_scope import system_scope
from incidents.models import Case
from territory.models import Area
from victims.models import Victim
from victims.selectors.seen import RECORDS


@dataclass(frozen=True)
class Asked:
    """What the breach is about: a time, and a person whose account was misused, a record, a province, or several."""

    since: dt.datetime
    until: dt.datetime
    person: User | None = None
    code: str = ""
    province: Area | None = None


@dataclass(frozen=True)
class Record:
    """A record by its code, whose it is, and how many people it is about."""

    name: str
    kind: str
    code: str
    agency: str
    area: str
    province_id: int | None
    victims: tuple[str, ...]


@dataclass(frozen=True)
class Deed:
    """One line of the timeline."""

    at: dt.datetime
    who: str
    email: str
    what: str
    about: str
    address: str


@dataclass(frozen=True)
class Breach:
    """All that the pack tells."""

    asked: Asked
    deeds: list[Deed]
    records: list[Record]
    contacts: dict[int, Contact] = field(default_factory=dict)

    @property
    def people(self) -> list[tuple[str, str]]:
        """Name and address of whose accounts did it, once each."""
        return sorted({(deed.who, deed.email) for deed in self.deeds if deed.email})

    @property
    def data_subjects(self) -> list[str]:
        """The codes of the victims concerned, whether their file or their case was seen."""
        return sorted({code for record in self.records for code in record.victims})


def gather(asked: Asked) -> Breach:
    """What the logs say of a breach. Runs for everybody's records, so only as a command of the machine."""
    span = Q(at__gte=asked.since, at__lt=asked.until)
    with system_scope("a breach concerns every agency's records"):
        reads = ReadEvent.objects.filter(span).select_related("user").order_by("id")
        events = AuditEvent.objects.filter(span).select_related("user").order_by("id")
        if asked.person is not None:
            reads, events = reads.filter(user=asked.person), events.filter(user=asked.person)
        wanted = _named(asked)
        if wanted is not None:
            reads, events = reads.filter(record__in=wanted), events.filter(about__in=wanted)
        seen = list(reads)
        records = _records({read.record for read in seen} | {event.about for event in events})
        codes = {record.name: record.code for record in records}
        deeds = [_deed(row, row.get_how_display(), row.record, codes) for row in seen]
        deeds += [_deed(row, row.get_kind_display(), row.about, codes) for row in events]
    held = Contact.objects.filter(area__in={record.province_id for record in records})
    return Breach(
        asked,
        sorted(deeds, key=lambda deed: deed.at),
        records,
        {contact.area_id: contact for contact in held},
    )


def _named(asked: Asked) -> list[str] | None:
    """The names in the logs of the records asked for; None where every record is."""
    if not asked.code and asked.province is None:
        return None
    found = []
    for model in RECORDS:
        rows = model.objects.unscoped("the breach is about them")
        if asked.code:
            rows = rows.filter(code=asked.code)
        if asked.province is not None:
            rows = rows.filter(area__path__startswith=asked.province.path)
        found += [f"{model._meta.label_lower}:{pk}" for pk in rows.values_list("pk", flat=True)]
    return found


def _records(names: Iterable[str]) -> list[Record]:
    """The records with these names in the logs, by kind and code. What was removed since is not there."""
    pks: dict[str, set[int]] = defaultdict(set)
    for name in names:
        label, _, pk = name.partition(":")
        if pk.isdigit():
            pks[label].add(int(pk))
    found = []
    for model in RECORDS:
        label = model._meta.label_lower
        rows = model.objects.unscoped("the breach is about them").filter(pk__in=pks[label])
        rows = list(rows.select_related("agency", "area").order_by("code"))
        victims = _victims_of(rows) if model is Case else {}
        for row in rows:
            codes = (row.code,) if model is Victim else tuple(victims.get(row.pk, ()))
            kind, agency = str(model._meta.verbose_name), row.agency.name
            name, province = f"{label}:{row.pk}", row.area.province_id
            found.append(Record(name, kind, row.code, agency, row.area.name, province, codes))
    return found


def _victims_of(cases: list[Any]) -> dict[int, list[str]]:
    rows = Victim.objects.unscoped("the breach is about their case").filter(
        case__in=[case.pk for case in cases]
    )
    found: dict[int, list[str]] = defaultdict(list)
    for case, code in rows.order_by("code").values_list("case", "code"):
        found[case].append(code)
    return found


def _deed(row: Any, what: str, name: str, codes: dict[str, str]) -> Deed:
    who, email = (row.user.full_name, row.user.email) if row.user else ("", "")
    return Deed(row.at, who, email, what, codes.get(name, name), row.address or "")
