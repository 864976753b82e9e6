"""What a person of the demonstration reads on their phone: the real code of now."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.core.cache import cache

from accounts.factors.codes import next_code


def app_of(email: str) -> Authenticator | None:
    """The person's app for codes, if there is one."""
    return Authenticator.objects.filter(user__email=email, type=Authenticator.Type.TOTP).first()


def code_of(app: Authenticator) -> str:
    """The code the app shows. A code works once: codes used in an earlier test are long past."""
    app.data.pop("last_counter", None)
    app.save(update_fields=["data"])
    cache.clear()
    return next_code(app)
