"""What every endpoint does about keys: it opens to the scopes it names, tells what is left, and counts the request."""

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.keys import KeyAuthentication
from accounts.api.sessions import SignedInSession
from accounts.keys import note_use
from accounts.models import ApiKey, KeyScope, User


class AnyForm(DefaultContentNegotiation):
    """An endpoint has one form, or lets a parameter choose; what the program says it accepts changes nothing."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class Endpoint(APIView):
    """A view that a session or a key may ask. ``read_scope`` and ``write_scope`` are what a key needs for it."""

    authentication_classes = [KeyAuthentication, SignedInSession]
    content_negotiation_class = AnyForm
    read_scope: ClassVar[KeyScope] = KeyScope.RECORDS_READ
    write_scope: ClassVar[KeyScope] = KeyScope.RECORDS_WRITE

    @property
    def reader(self) -> User:
        """Who asks. Raises PermissionDenied for somebody who is not signed in."""
        if not isinstance(self.request.user, User):
            raise PermissionDenied
        return self.request.user

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        needed = self.read_scope if request.method in SAFE_METHODS else self.write_scope
        if isinstance(request.auth, ApiKey) and needed.value not in request.auth.scopes:
            raise exceptions.PermissionDenied(
                _("This key does not open “%(scope)s”.") % {"scope": needed.label}
            )

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        answer: Response = super().finalize_response(request, response, *args, **kwargs)
        throttle = getattr(request, "key_throttle", None)
        if throttle is not None and hasattr(throttle, "history") and isinstance(request.auth, ApiKey):
            for name, value in throttle.headers().items():
                answer[name] = value
            _api, _version, noun, *_rest = request.path_info.strip("/").split("/")
            note_use(request.auth, endpoint=noun, is_refused=answer.status_code in (403, 429))
        return answer
