"""What every change of a victim's file asks first."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.field_keys import IndexKind, fold_for
from accounts.models import User
from accounts.row_scope import system_scope
from accounts.scoping import scope_of
from territory.models import Agency, Area
from territory.text import control_characters, normalise
from victims.models import IdentityPaper, Victim, VictimIdentity

EARLIEST_DAY = dt.date(1990, 1, 1)
_SHORTEST_NUMBER = 6


def may(actor: User, victim: Victim, verb: str) -> bool:
    """Whether a membership of the actor gives the verb over this victim's file."""
    return any(grant.reaches(victim.agency_id, victim.area) for grant in scope_of(actor).having(verb))


def require(actor: User, victim: Victim, verb: str = "victim.write") -> None:
    """Raises PermissionDenied."""
    if not may(actor, victim, verb):
        raise PermissionDenied(f"the actor lacks {verb} for this victim")


def require_unit(actor: User, agency: Agency, area: Area, verb: str = "victim.write") -> None:
    """Raises PermissionDenied when the actor does not act for this agency in this area."""
    if not any(grant.reaches(agency.pk, area) for grant in scope_of(actor).having(verb)):
        raise PermissionDenied(f"the actor lacks {verb} for this unit")


def locked(victim: Victim) -> Victim:
    """The victim's row as it is now, locked until the transaction ends."""
    rows = Victim.objects.unscoped("locked; the caller asks for the right next")
    found: Victim = rows.select_for_update(of=("self",)).select_related("area").get(pk=victim.pk)
    return found


def require_past(**days: dt.date | None) -> None:
    """Raises ValidationError by field for a day in the future or before EARLIEST_DAY."""
    today = timezone.localdate()
    for field, day in days.items():
        if day and day > today:
            raise ValidationError({field: _("The date lies in the future.")})
        if day and day < EARLIEST_DAY:
            raise ValidationError({field: _("The date lies too far back.")})


def clean_words(victim: Victim, **texts: str) -> dict[str, str]:
    """Short texts that are kept in the clear, in NFC. Raises ValidationError by field.

    A text that holds the name, a paper's number or the phone of the person is refused: identities are kept apart.
    """
    cleaned = {field: normalise(text).strip() for field, text in texts.items()}
    known = _identifying(victim) if any(cleaned.values()) else {}
    for field, text in cleaned.items():
        if control_characters(text):
            raise ValidationError({field: _("The text holds an invisible control character.")})
        if any(part in fold_for(kind, text) for kind, parts in known.items() for part in parts):
            raise ValidationError(
                {
                    field: _(
                        "This text names the person. Write the code instead: names, numbers and addresses"
                        " belong into the identity alone."
                    )
                }
            )
    return cleaned


def _identifying(victim: Victim) -> dict[IndexKind, list[str]]:
    """What of the person's identity may stand in no other text, folded."""
    with system_scope("the text is held against the identity; nobody is shown it"):
        identity = VictimIdentity.objects.filter(victim=victim).first()
        papers = [row.opened()["number"] for row in IdentityPaper.objects.filter(victim=victim)]
    texts: dict[str, Any] = identity.opened() if identity else {}
    name = fold_for(IndexKind.NAME_AND_YEAR, texts.get("full_name", ""))
    phone = fold_for(IndexKind.PHONE, texts.get("phone", ""))
    numbers = [fold_for(IndexKind.PAPER, number) for number in papers]
    return {
        IndexKind.NAME_AND_YEAR: [name] if " " in name else [],
        IndexKind.PHONE: [phone] if len(phone) >= _SHORTEST_NUMBER else [],
        IndexKind.PAPER: [number for number in numbers if len(number) >= _SHORTEST_NUMBER],
    }
