"""What a person does for themself, and the trail of it: half-filled forms, exports."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.models import AuditEvent, FormDraft, User
from territory.text import control_characters, normalise

#: Largest draft of one form, in bytes of JSON.
DRAFT_MAX_BYTES = 200_000

#: Fields that are never kept: tokens, and anything whose name speaks of a secret.
_NEVER_KEPT = frozenset({"csrfmiddlewaretoken"})
_SECRETS = ("password", "secret", "token", "otp", "passcode")


class DraftTooLarge(ValueError):
    """The typed fields are more than a draft may hold."""


def save_form_draft(*, user: User, form: str, fields: Iterable[tuple[str, Sequence[str]]]) -> datetime:
    """Keep what a person typed into a form so far, valid or not, and return when it was kept.

    Raises DraftTooLarge when it is more than DRAFT_MAX_BYTES; an older draft then stays as it is.
    """
    kept = {name: [_storable(value) for value in values] for name, values in fields if _may_keep(name)}
    if len(json.dumps(kept, ensure_ascii=False).encode()) > DRAFT_MAX_BYTES:
        raise DraftTooLarge(form)
    draft, _ = FormDraft.objects.update_or_create(
        user=user, form=form, defaults={"fields": kept, "warned_at": None}
    )
    return draft.saved_at


def take_form_draft(*, user: User, form: str) -> FormDraft | None:
    """The draft of a form, or None. It stays until it is discarded."""
    return FormDraft.objects.filter(user=user, form=form).first()


def discard_form_draft(*, user: User, form: str) -> bool:
    """Forget a draft. Returns whether there was one."""
    return bool(FormDraft.objects.filter(user=user, form=form).delete()[0])


def typed_fields(draft: FormDraft) -> Mapping[str, list[str]]:
    """The fields of a draft, name by name, with only such values as a form could have sent."""
    if not isinstance(draft.fields, dict):
        return {}
    return {
        name: [value for value in values if isinstance(value, str)]
        for name, values in draft.fields.items()
        if isinstance(values, list)
    }


def record_event(
    *, actor: User, kind: AuditEvent.Kind, about: str, detail: Mapping[str, Any] | None = None
) -> AuditEvent:
    """Add a row to the trail of what people did. ``detail`` holds nothing that was typed."""
    return AuditEvent.objects.create(user=actor, kind=kind, about=about, detail=dict(detail or {}))


def _may_keep(name: str) -> bool:
    return name not in _NEVER_KEPT and not any(secret in name.lower() for secret in _SECRETS)


def _storable(value: str) -> str:
    """The text without characters that JSON in PostgreSQL cannot hold."""
    refused = set(control_characters(value))
    return normalise("".join(c for c in value if c not in refused) if refused else value)
