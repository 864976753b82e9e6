"""The files of a breach pack, and the sealed archive that holds them."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from pyrage import x25519

from config.backup.sealing import seal
from config.breach.gathering import Breach, Record
from reporting.rendering.page import render_page
from territory.csv_lines import csv_lines

#: Within which the authority is told, counted from when the breach was found. Law 91/2025/QH15.
NOTICE_HOURS = 72
_STYLE = (
    "@page { size: A4; margin: 20mm 15mm 20mm 25mm } body { font-family: 'Liberation Serif', serif; font-size: 12pt;"
    " line-height: 1.4 } h1 { font-size: 14pt; text-align: center } h2 { font-size: 12pt } table { width: 100%;"
    " border-collapse: collapse; font-size: 9pt } th, td { border: 0.5pt solid; padding: 2pt; text-align: left }"
)


def make_pack(
    breach: Breach, *, noticed_at: dt.datetime, to: Path, recipients: Sequence[x25519.Recipient]
) -> Path:
    """Write the sealed archive into a directory and return its path. Nothing is ever on disk unsealed."""
    with override("vi"):
        files: dict[str, str | bytes] = {
            "records.csv": _table(
                [_("Kind"), _("Code"), _("Agency"), _("Area"), _("Victims"), _("Contact"), _("Telephone")],
                (_told_record(breach, each) for each in breach.records),
            ),
            "timeline.csv": _table(
                [_("When"), _("Who"), _("E-mail"), _("What"), pgettext("audit", "About"), _("From address")],
                (
                    (_at(deed.at), deed.who, deed.email, deed.what, deed.about, deed.address)
                    for deed in breach.deeds
                ),
            ),
            "data-subjects.csv": _table(
                [_("Victim"), _("Agency that keeps the file and may reach the person")],
                ((code, _keeper_of(breach, code)) for code in breach.data_subjects),
            ),
            "notice-A05.pdf": _notice(breach, noticed_at),
        }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    archive.seek(0)
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = to / f"breach-{timezone.now():%Y%m%dT%H%M%SZ}.zip.age"
    seal(archive, path, recipients)
    return path


def _told_record(breach: Breach, record: Record) -> tuple[str, ...]:
    contact = breach.contacts.get(record.province_id or 0)
    reached = (contact.office, contact.phone) if contact else ("", "")
    return (record.kind, record.code, record.agency, record.area, " ".join(record.victims), *reached)


def _keeper_of(breach: Breach, code: str) -> str:
    """Whose file it is, where the file was seen itself; else the agency of the case."""
    about = [record for record in breach.records if code in record.victims]
    return min(about, key=lambda record: record.code != code).agency


def _notice(breach: Breach, noticed_at: dt.datetime) -> bytes:
    agencies = sorted({record.agency for record in breach.records})
    context: dict[str, Any] = {
        "breach": breach,
        "noticed_at": timezone.localtime(noticed_at),
        "due_at": timezone.localtime(noticed_at + dt.timedelta(hours=NOTICE_HOURS)),
        "since": timezone.localtime(breach.asked.since),
        "until": timezone.localtime(breach.asked.until),
        "agencies": agencies,
        "office": settings.CONTACT_OFFICE,
        "phone": settings.CONTACT_PHONE,
        "addresses": sorted({deed.address for deed in breach.deeds if deed.address}),
    }
    return render_page(render_to_string("breach/notice.html", context), _STYLE).content


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "".join(csv_lines([heads, *rows]))


def _at(moment: dt.datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")
