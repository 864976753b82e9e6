"""How django-allauth is used here: people are made by administrators, never by signing up; sign-ins are noted."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from accounts.confirming import confirmed_recently
from accounts.devices import device_of, remember
from accounts.factors.telling import tell
from accounts.models import AuditEvent, Notice, User
from accounts.sessions import begin_session
from accounts.throttling import take_try


class PortalAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Take a try of the account's, counted in accounts.throttling; Raises ValidationError when none is left."""
        self._login_failed_rl_usage = take_try(request, str(credentials.get("email", "")).lower())
        if self._login_failed_rl_usage is None:
            raise self.validation_error("too_many_login_attempts")

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        begin_session(request, user)
        device = device_of(request)
        factors = {record["type"] for record in get_authentication_records(request, user) if "type" in record}
        AuditEvent.objects.create(
            kind=AuditEvent.Kind.SIGNED_IN,
            user=user,
            detail={"factor": next(iter(factors), ""), "is_new_device": not device.knows(user)},
        )

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        device = device_of(request)
        if not device.knows(user):
            tell(user, Notice.NEW_DEVICE, key=device.key)
        remember(device, user, response)
        return response

    def logout(self, request: HttpRequest) -> None:
        user = request.user
        if not isinstance(user, AnonymousUser):
            AuditEvent.objects.create(kind=AuditEvent.Kind.SIGNED_OUT, user_id=user.pk)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note the failure with the account it was tried on; what was typed is not kept when there is none."""
        user = User.objects.filter(email=str(credentials.get("email", "")).lower()).first()
        AuditEvent.objects.create(kind=AuditEvent.Kind.SIGN_IN_FAILED, user=user)
        super().authentication_failed(request, **credentials)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in or confirmed a moment ago is not asked again."""
        return not confirmed_recently(self.request)
