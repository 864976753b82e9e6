"""The e-mail by which a person sets the first password. It holds a link for three days, and no secret besides.

That it is to be sent is stored with the account. It goes out once that is committed; where the mail server does not
take it, or the process ends before, a worker sends it.
"""

import datetime as dt
import logging

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User, WaitingInvitation

logger = logging.getLogger("portal.mail")

#: What the mail server did not take in this time is given up; an administrator may send the link again.
TRIED_FOR = dt.timedelta(days=3)


def ask_to_invite(person: User) -> None:
    """Let the link go out as soon as the transaction stands."""
    WaitingInvitation.objects.update_or_create(user=person, defaults={"asked_at": timezone.now()})
    transaction.on_commit(lambda: send_invitations(WaitingInvitation.objects.filter(user=person)))


def send_invitations(waiting: QuerySet[WaitingInvitation]) -> int:
    """Send each link that waits, and return how many went out. One that cannot be sent keeps no other from it."""
    sent = 0
    for pk in list(waiting.values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                sent += _send_one(pk)
        except OSError as error:  # SMTPException is one
            logger.warning("the invitation of person %s was not sent: %s", pk, type(error).__name__)
    return sent


def _send_one(pk: int) -> bool:
    rows = WaitingInvitation.objects.select_for_update(skip_locked=True, of=("self",))
    invitation = rows.filter(pk=pk).select_related("user").first()
    if invitation is None:  # another process has it, or had it
        return False
    person, asked_at = invitation.user, invitation.asked_at
    invitation.delete()
    if person.has_usable_password() or not person.is_active:
        return False
    if asked_at < timezone.now() - TRIED_FOR:
        logger.error("the invitation of person %s was given up", person.pk)
        return False
    send_invitation(person)
    return True


def link_for(person: User) -> str:
    """Where the person sets a password; good until one is set, for ``PASSWORD_RESET_TIMEOUT`` at most."""
    named = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    return f"{settings.PUBLIC_URL}{reverse('account_reset_password_from_key', kwargs=named)}"


def send_invitation(person: User) -> None:
    days = settings.PASSWORD_RESET_TIMEOUT // 86_400
    with override(settings.LANGUAGE_CODE):
        subject = _("Your account of the portal")
        text = "\n\n".join(
            [
                _("An account of the anti-trafficking portal was opened for this address."),
                _("Set your password here within %(days)s days:") % {"days": days},
                link_for(person),
                _(
                    "If you expect no such account, tell the administrator of your province, and do not open the link."
                ),
            ]
        )
    send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [person.email])
