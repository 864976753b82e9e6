"""How django-allauth is used here: people are made by administrators, never by signing up; sign-ins are noted."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.models import AuditEvent, User


class PortalAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        AuditEvent.objects.create(kind=AuditEvent.Kind.SIGNED_IN, user=user)

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
