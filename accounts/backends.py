"""Who is signed in, read together with what the person may do."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import OuterRef

from accounts.models import Membership, User
from accounts.models.notification import unread_number
from accounts.scoping import Scope


class PortalBackend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> User | None:
        """The person of a session with the scope and the number of unread notices, which every page asks for.

        One statement for all of it.
        """
        current = Membership.objects.current().select_related("user")
        held = list(current.annotate(unread=unread_number(OuterRef("user"))).filter(user=user_id))
        if not held:
            person: User | None = super().get_user(user_id)
            return person
        user = held[0].user
        user._scope = Scope(user, held)  # type: ignore[attr-defined]
        user.unread_notices = held[0].unread  # type: ignore[attr-defined]
        return user if self.user_can_authenticate(user) else None
