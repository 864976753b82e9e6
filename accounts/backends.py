"""Who is signed in, read together with what the person may do."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import Membership, User
from accounts.scoping import Scope


class PortalBackend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> User | None:
        """The person of a session with the scope, which every page asks for: one statement for both."""
        held = list(Membership.objects.current().select_related("user").filter(user=user_id))
        if not held:
            person: User | None = super().get_user(user_id)
            return person
        user = held[0].user
        user._scope = Scope(user, held)  # type: ignore[attr-defined]
        return user if self.user_can_authenticate(user) else None
