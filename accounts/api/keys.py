"""Who asks with a key: a consumer of statistics or reports, or a person's membership acting from a program."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.keys import find_key
from accounts.models import ApiKey, User
from accounts.origin import address_of
from accounts.scoping import Scope
from territory.models import Area

SCHEME = "Api-Key"


class Consumer(AnonymousUser):
    """Whoever holds a key that acts by no membership. Belongs to nobody's scope but that of the key's area."""

    def __init__(self, key: ApiKey) -> None:
        super().__init__()
        self.api_key = key

    @property
    def is_authenticated(self) -> bool:  # type: ignore[override]
        return True

    @property
    def is_anonymous(self) -> bool:  # type: ignore[override]
        return False

    @property
    def key_area(self) -> Area | None:
        """The area whose figures the consumer reads as they are."""
        return self.api_key.area


class KeyAuthentication(BaseAuthentication):
    """``Authorization: Api-Key pcmbn_...``. A key that is not good here and now is 401, and no more is told."""

    def authenticate(self, request: Request) -> tuple[Any, ApiKey] | None:
        scheme, _sep, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        key = find_key(token.strip(), address_of(request._request))
        if key is None:
            raise exceptions.AuthenticationFailed(
                _("The key is not known, has ended, or may not be used from this network.")
            )
        return (_person_of(key) or Consumer(key)), key

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


def _person_of(key: ApiKey) -> User | None:
    """The person whose membership the key acts by, with the scope of that membership alone."""
    if key.membership is None:
        return None
    person: User = key.membership.user
    person._scope = Scope(person, [key.membership])  # type: ignore[attr-defined]
    return person


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """A key in the header of a request."""

    target_class = "accounts.api.keys.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "Api-Key pcmbn_... Keys are made by an administrator under /api-keys/.",
        }
