"""What is about a person, table by table, and the archive of it.

Records that a person filed are the unit's and stand in the trail of own acts; they are not part of this.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from territory.csv_lines import csv_lines

#: Rows of one table. A trail of many years is longer; what is left out is said in the file of contents.
MOST_ROWS = 20_000


@dataclass(frozen=True)
class Part:
    """One table: the model, the column that names the person, and columns that are never given away."""

    model: str
    person: str
    secret: tuple[str, ...] = ()


#: Secrets are hashes and keys: of no use to the person, and of use to a thief.
PARTS: dict[str, Part] = {
    "account": Part("accounts.User", "pk", ("password",)),
    "roles": Part("accounts.Membership", "user"),
    "role-requests": Part("accounts.RoleRequest", "user"),
    "sessions": Part("usersessions.UserSession", "user", ("session_key", "data")),
    "second-factors": Part("mfa.Authenticator", "user", ("data",)),
    "second-factor-resets": Part("accounts.FactorReset", "person"),
    "invitation": Part("accounts.WaitingInvitation", "user"),
    "e-mail-addresses": Part("account.EmailAddress", "user"),
    "notices": Part("accounts.Notification", "user"),
    "notice-settings": Part("accounts.NoticeSettings", "user"),
    "notice-choices": Part("accounts.NoticeChoice", "user"),
    "muted": Part("accounts.MutedThing", "user"),
    "drafts": Part("accounts.FormDraft", "user"),
    "forms-sent": Part("accounts.SentRequest", "user"),
    "visits": Part("accounts.Visit", "user"),
    "feedback": Part("accounts.Feedback", "author"),
    "saved-views": Part("reporting.SavedView", "user"),
    "presence": Part("reporting.SubmissionPresence", "user"),
    "mentions": Part("programs.CommentMention", "user"),
    "own-acts": Part("accounts.AuditEvent", "user"),
    "records-seen": Part("accounts.ReadEvent", "user"),
}


def rows_of(part: Part, person: User) -> tuple[list[str], list[list[Any]]]:
    """The columns of a part and its rows about a person, the oldest first; at most ``MOST_ROWS`` of the newest."""
    model: type[Model] = apps.get_model(part.model)
    columns = [field.attname for field in model._meta.concrete_fields if field.name not in part.secret]
    rows = model._base_manager.filter(**{part.person: person.pk}).order_by("-pk").values_list(*columns)
    return columns, [list(row) for row in reversed(rows[:MOST_ROWS])]


def archive_of(person: User) -> bytes:
    """A ZIP with one JSON and one CSV file for each part, and a file that says what is in it."""
    packed = io.BytesIO()
    contents: dict[str, int] = {}
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in PARTS.items():
            columns, rows = rows_of(part, person)
            contents[name] = len(rows)
            told = [dict(zip(columns, row, strict=True)) for row in rows]
            archive.writestr(f"{name}.json", _json(told))
            archive.writestr(f"{name}.csv", "".join(csv_lines([columns, *rows])))
        head = {"made_at": timezone.localtime().isoformat(timespec="seconds"), "rows": contents}
        archive.writestr("contents.json", _json(head))
    return packed.getvalue()


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
