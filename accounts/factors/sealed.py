"""What apps and recovery codes are made from, sealed for the person it belongs to."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q

from accounts.field_keys import current_key_id, seal, unseal
from accounts.models import User

#: Where the data of an authenticator keeps what is sealed, by its type.
COLUMNS = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}


def seal_for(user_id: int, text: str) -> str:
    """Seal a seed. It opens for this person alone: moved to another's row it does not."""
    return seal(text, place=_place(user_id))


def unseal_for(user_id: int, token: str) -> str:
    """The seed. Raises KeyMissing, SealBroken."""
    return unseal(token, place=_place(user_id))


def seed_of(authenticator: Authenticator) -> str:
    """The seed of an app or of recovery codes. Raises KeyMissing, SealBroken."""
    return unseal_for(authenticator.user_id, authenticator.data[COLUMNS[authenticator.type]])


def give_app(*, user: User, seed: str) -> Authenticator:
    """Give a person an app for codes with a seed that is known, as the demonstration does."""
    sealed = {"secret": seal_for(user.pk, seed)}
    made: Authenticator
    made, _ = Authenticator.objects.update_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": sealed}
    )
    return made


def reseal_seeds(*, size: int, skip_locked: bool) -> int:
    """Seal anew up to ``size`` seeds that the current key did not seal. Returns how many."""
    current = f"{current_key_id()}:"
    stale = Q()
    for kind, column in COLUMNS.items():
        stale |= Q(type=kind) & ~Q(**{f"data__{column}__startswith": current})
    with transaction.atomic():
        found = Authenticator.objects.filter(stale).select_for_update(skip_locked=skip_locked)
        rows = list(found.order_by("pk")[:size])
        for row in rows:
            row.data[COLUMNS[row.type]] = seal_for(row.user_id, seed_of(row))
            row.save(update_fields=["data"])
    return len(rows)


def _place(user_id: int) -> str:
    return f"mfa_authenticator.data.user_{user_id}"
