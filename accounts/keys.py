"""Keys of the API: made for a consumer, shown once, checked at every request, revoked."""

import datetime as dt
import hashlib
import hmac
import ipaddress
import re
import secrets
from collections.abc import Collection, Sequence
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiKey, AuditEvent, KeyScope, Membership, User
from accounts.models.api_key import LONGEST_DAYS, OF_MEMBERSHIP
from accounts.scoping import scope_of
from accounts.services import record_event
from territory.models import Area

MANAGE = "key.manage"
#: What every key begins with, so that scanners of leaked secrets know it.
BRAND = "pcmbn"
MOST_NETWORKS = 20
PER_MINUTE = (1, 1200)
#: Notes of the last use are not finer than this.
_USE_NOTED_EVERY = dt.timedelta(minutes=1)
_TOKEN = re.compile(rf"{BRAND}_([a-z0-9]{{8}})_[A-Za-z0-9_-]{{43}}")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def may_manage_keys(user: User) -> bool:
    return scope_of(user).may(MANAGE)


def keys_seen_by(user: User) -> Any:
    """The keys a person may see: an administrator those of the own areas, everybody those of the own memberships."""
    condition = Q(membership__user=user)
    for grant in scope_of(user).having(MANAGE):
        path = grant.area.path
        condition |= Q(area__path__startswith=path) | Q(membership__area__path__startswith=path)
        condition |= Q(area=None, membership=None, made_by=user)
    return ApiKey.objects.filter(condition).select_related("area", "membership__user", "membership__agency")


def make_key(
    *,
    actor: User,
    consumer: str,
    scopes: Collection[str],
    expires_on: dt.date,
    contact: str = "",
    area: Area | None = None,
    membership: Membership | None = None,
    networks: Sequence[str] = (),
    per_minute: int = 120,
) -> ApiKey:
    """A key without a secret yet; ``show_secret`` makes that. Raises PermissionDenied, and ValidationError by field."""
    scope = scope_of(actor)
    if not scope.may(MANAGE) or (area is not None and not scope.may_in(MANAGE, area)):
        raise PermissionDenied("the actor keeps no keys of this area")
    if membership is not None and not scope.may_in(MANAGE, membership.area):
        raise PermissionDenied("the actor keeps no keys of this membership")
    _check(scopes, expires_on, membership, per_minute)
    with transaction.atomic(), pghistory.context(user=actor.pk):
        made: ApiKey = ApiKey.objects.create(
            consumer=consumer,
            contact=contact,
            prefix="".join(secrets.choice(_LETTERS) for _letter in range(8)),
            scopes=[value for value in KeyScope.values if value in scopes],
            area=area,
            membership=membership,
            networks=read_networks(networks),
            per_minute=per_minute,
            expires_on=expires_on,
            made_by=actor,
        )
        record_event(actor=actor, kind=AuditEvent.Kind.KEY_MADE, about=_about(made))
    return made


def _check(
    scopes: Collection[str], expires_on: dt.date, membership: Membership | None, per_minute: int
) -> None:
    today = timezone.localdate()
    errors: dict[str, Any] = {}
    if not scopes or not set(scopes) <= set(KeyScope.values):
        errors["scopes"] = _("Choose what the key opens.")
    if bool(OF_MEMBERSHIP & set(scopes)) != (membership is not None):
        errors["membership"] = _("A key for records needs the membership it acts by; others have none.")
    if not today <= expires_on <= today + dt.timedelta(days=LONGEST_DAYS):
        errors["expires_on"] = _("A key is good for a year at most. Choose a day from today on.")
    if not PER_MINUTE[0] <= per_minute <= PER_MINUTE[1]:
        errors["per_minute"] = _("Give a number from 1 to 1200.")
    if errors:
        raise ValidationError(errors)


def read_networks(typed: Sequence[str]) -> list[str]:
    """Networks as typed ("203.0.113.0/24", or one address). Raises ValidationError (networks)."""
    found: list[str] = []
    for each in typed:
        try:
            found.append(str(ipaddress.ip_network(each.strip(), strict=False)))
        except ValueError as error:
            message = _("%(typed)s is no network. Write one as 203.0.113.0/24.") % {"typed": each[:50]}
            raise ValidationError({"networks": message}) from error
    if len(found) > MOST_NETWORKS:
        raise ValidationError({"networks": _("Name at most 20 networks.")})
    return found


def shows_secret_to(key: ApiKey, user: User) -> bool:
    """Whether the person is the one who takes the secret: the holder of the membership, else who made the key."""
    if key.membership is not None:
        return key.membership.user_id == user.pk
    return key.made_by_id == user.pk and may_manage_keys(user)


def show_secret(*, key: ApiKey, actor: User) -> str:
    """Make the secret of a key and give it back; it is never given again.

    Raises PermissionDenied for anybody else, ValidationError when it was taken, or the key has ended.
    """
    if not shows_secret_to(key, actor):
        raise PermissionDenied("the secret is another person's")
    with transaction.atomic(), pghistory.context(user=actor.pk):
        locked: ApiKey = ApiKey.objects.select_for_update().get(pk=key.pk)
        if locked.state_on(timezone.localdate()) != "unused":
            raise ValidationError(_("The secret was shown already, or the key has ended. Make a new key."))
        token = f"{BRAND}_{locked.prefix}_{secrets.token_urlsafe(32)}"
        locked.digest = _digest(token)
        locked.save(update_fields=["digest"])
        record_event(actor=actor, kind=AuditEvent.Kind.KEY_SHOWN, about=_about(locked))
    return token


def revoke_key(*, key: ApiKey, actor: User) -> ApiKey:
    """End a key at once. Its holder and the administrators of its area may. Raises PermissionDenied."""
    if not keys_seen_by(actor).filter(pk=key.pk).exists():
        raise PermissionDenied("the actor does not see the key")
    with transaction.atomic(), pghistory.context(user=actor.pk):
        locked: ApiKey = ApiKey.objects.select_for_update().get(pk=key.pk)
        if locked.revoked_at is None:
            locked.revoked_at, locked.revoked_by = timezone.now(), actor
            locked.save(update_fields=["revoked_at", "revoked_by"])
            record_event(actor=actor, kind=AuditEvent.Kind.KEY_REVOKED, about=_about(locked))
    return locked


def find_key(token: str, address: str | None) -> ApiKey | None:
    """The key of a token, where it is good today and from this address. One query.

    A key of a membership is good as long as the membership and the person's account are.
    """
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    today = timezone.localdate()
    found: ApiKey | None = (
        ApiKey.objects.usable(today)
        .select_related("area", "membership__user", "membership__area", "membership__agency")
        .filter(prefix=match[1])
        .first()
    )
    if found is None or not hmac.compare_digest(found.digest, _digest(token)):
        return None
    if found.networks and not _lies_in(address, found.networks):
        return None
    return found if is_good(found, today) else None


def is_good(key: ApiKey, today: dt.date) -> bool:
    """Whether a key works on a day: it was taken and has not ended, nor has the membership it acts by."""
    held = key.membership
    return key.state_on(today) == "current" and (
        held is None or (held.held_on(today) and held.user.is_active)
    )


def _lies_in(address: str | None, networks: Sequence[str]) -> bool:
    try:
        asked = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    return any(asked in ipaddress.ip_network(network) for network in networks)


def note_use(key: ApiKey, *, endpoint: str, is_refused: bool) -> None:
    """Count a request of today for an endpoint. One statement, and one a minute for the time of the last use."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_apiuse AS u (key_id, day, endpoint, requests, refused) VALUES (%s, %s, %s, 1, %s)"
            " ON CONFLICT (key_id, day, endpoint)"
            " DO UPDATE SET requests = u.requests + 1, refused = u.refused + EXCLUDED.refused",
            [key.pk, timezone.localdate(), endpoint, int(is_refused)],
        )
    if key.last_used_at is None or now - key.last_used_at > _USE_NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)


def _digest(token: str) -> str:
    """The token is 256 random bits, so a plain hash keeps it; there is nothing to guess."""
    return hashlib.sha256(token.encode()).hexdigest()


def _about(key: ApiKey) -> str:
    return f"accounts.apikey:{key.pk}"
