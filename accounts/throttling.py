"""How guesses of passwords are slowed, without shutting out the owner of the account or the office around.

Failures are counted for an account together with where they come from: a device that its owner signed in on before,
or else an address. So a guesser spends the tries of the own address, and the owner's device has tries of its own.
"""

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.http import HttpRequest

from accounts.devices import device_of
from accounts.models import User

#: Failures on one account from one device, or from one address.
_HERE = "5/5m/key"
#: Failures from one address on whatever accounts; a whole province may be behind it.
_ADDRESS = "300/m/ip"
#: Failures on one account from anywhere but its owner's devices: what many addresses together may try.
_ACCOUNT = "60/h/key"


def take_try(request: HttpRequest, email: str) -> RateLimitUsage | None:
    """Use up one try at an account's password; None when none is left. A sign-in that succeeds gives it back."""
    device, owner = device_of(request), User.objects.filter(email=email).first()
    if owner is not None and device.knows(owner):
        return _consume(request, {"sign_in": _HERE}, f"{device.key}:{email}")
    here = _consume(request, {"sign_in": f"{_ADDRESS},{_HERE}"}, f"{ratelimit.get_ip(request)}:{email}")
    if here is None:
        return None
    everywhere = _consume(request, {"sign_in": _ACCOUNT}, email)
    return RateLimitUsage([*here.usage, *everywhere.usage]) if everywhere else None


def _consume(request: HttpRequest, rates: dict[str, str], key: str) -> RateLimitUsage | None:
    usage: RateLimitUsage | None = ratelimit.consume(
        request, app="accounts", action="sign_in", config=rates, key=key
    )
    return usage
