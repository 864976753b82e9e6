"""Codes of an app: each works once, and a demonstration shows those of its own people."""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.db import transaction

from accounts.factors.sealed import seed_of
from accounts.models import User

#: Addresses of the people of the demonstration end so.
DEMO_DOMAIN = "@demo.example"

#: Where an authenticator notes the number of the last code that was used.
_LAST = "last_counter"


def spend(authenticator: Authenticator, code: str) -> bool:
    """Use up a code, and all before it. False when it was used already, or is none of the codes of now."""
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        seed = seed_of(row)
        for counter in _unused(row):
            if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(seed, counter))):
                row.data[_LAST] = counter
                row.save(update_fields=["data"])
                return True
    return False


def next_code(authenticator: Authenticator) -> str:
    """A code that works now: that of the present half-minute, or the next when it is used up. Empty: none is left."""
    counters = list(_unused(authenticator))
    present = list(yield_hotp_counters_from_time())
    now = present[len(present) // 2]
    best = next((counter for counter in counters if counter >= now), None)
    return "" if best is None else format_hotp_value(hotp_value(seed_of(authenticator), best))


def demo_code(user: User) -> str:
    """What the app of a person of the demonstration would show. Empty for everybody else, and outside of it."""
    if not settings.IS_DEMO or not user.email.endswith(DEMO_DOMAIN):
        return ""
    app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return next_code(app) if app else ""


def _unused(authenticator: Authenticator) -> list[int]:
    last = authenticator.data.get(_LAST, -1)
    return [counter for counter in yield_hotp_counters_from_time() if counter > last]
