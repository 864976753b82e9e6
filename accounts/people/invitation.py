"""The e-mail by which a person sets the first password. It holds a link for three days, and no secret besides."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User


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
