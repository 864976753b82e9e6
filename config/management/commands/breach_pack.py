"""Put together what has to be told about a breach of personal data, as one sealed file. See docs/operations.md."""

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from accounts.models import AuditEvent, User
from config.backup.failures import BackupError
from config.backup.sealing import recipients_of
from config.breach.gathering import Asked, gather
from config.breach.packing import make_pack
from territory.models import Area, Level
from territory.selectors import AreaUnknown, area_on


class Command(BaseCommand):
    help = (
        "Make a breach pack: who saw which records, when, whom to notify, and a draft notice to A05; sealed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--person", metavar="E-MAIL", help="whose account was misused")
        parser.add_argument("--record", metavar="CODE", help="code of a victim, a case or a tip")
        parser.add_argument("--province", metavar="CODE", help="code of a province, as of the last day")
        parser.add_argument("--from", required=True, dest="since", help="2026-11-20 or 2026-11-20T08:00")
        parser.add_argument("--until", help="not included; now unless given")
        parser.add_argument("--noticed", help="when the breach was found: the 72 hours count from then; now")
        parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="where the pack is put")
        parser.add_argument(
            "--recipient", action="append", metavar="age1...", help="who may open it; else BACKUP_RECIPIENTS"
        )

    def handle(self, *args: Any, **given: Any) -> None:
        if not any(given[name] for name in ("person", "record", "province")):
            raise CommandError("Say what the breach is about: --person, --record or --province.")
        until = _moment(given["until"]) if given["until"] else timezone.now()
        asked = Asked(
            since=_moment(given["since"]),
            until=until,
            person=_person(given["person"]),
            code=given["record"] or "",
            province=_province(given["province"], timezone.localdate(until)),
        )
        try:
            recipients = recipients_of(given["recipient"] or settings.BACKUP_RECIPIENTS)
        except BackupError as error:
            raise CommandError(str(error)) from error
        breach = gather(asked)
        noticed = _moment(given["noticed"]) if given["noticed"] else timezone.now()
        path = make_pack(breach, noticed_at=noticed, to=given["to"], recipients=recipients)
        told = {"records": len(breach.records), "deeds": len(breach.deeds), "name": path.name}
        AuditEvent.objects.create(kind=AuditEvent.Kind.BREACH_TOLD, detail=told)
        self.stdout.write(
            f"{path}: {told['records']} records, {len(breach.data_subjects)} victims, {told['deeds']} reads and acts."
        )


def _moment(text: str) -> dt.datetime:
    """A day, from its midnight, or a moment, in the time of the portal unless it says otherwise."""
    try:
        moment = parse_datetime(text) if len(text) > len("2026-11-20") else None
        day = parse_date(text)
    except ValueError:
        moment = day = None
    if moment is None and day is not None:
        moment = dt.datetime.combine(day, dt.time())
    if moment is None:
        raise CommandError(f"“{text[:30]}” is no day or time. Write 2026-11-20 or 2026-11-20T08:00.")
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def _person(email: str | None) -> User | None:
    if not email:
        return None
    found: User | None = User.objects.filter(email=email.strip().lower()).first()
    if found is None:
        raise CommandError("No account has this e-mail.")
    return found


def _province(code: str | None, day: dt.date) -> Area | None:
    if not code:
        return None
    try:
        return area_on(code, day, Level.PROVINCE)
    except AreaUnknown as error:
        raise CommandError(str(error)) from error
