"""How django-allauth keeps second factors here: sealed, drawn on the server, and not given up by who needs one."""

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _

from accounts.factors.needed import FACTORS, needs_factor
from accounts.factors.sealed import seal_for, unseal_for
from accounts.models import User
from accounts.qr import qr_svg


class PortalFactorAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return seal_for(_person().pk, text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal_for(_person().pk, encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        return qr_svg(url, _("QR code for your app"), css_class="qr")

    def get_totp_issuer(self) -> str:
        return f"PCMBN {self._get_site_name()}"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Who needs a factor keeps one: it can be replaced, or administrators take it away together."""
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
        return others.exclude(pk=authenticator.pk).exists() or not needs_factor(authenticator.user)


def _person() -> User:
    """Whose factor is read or written: who is signed in, or is about to be."""
    request = context.request
    person = request.user if request.user.is_authenticated else request._login_stage.login.user
    assert isinstance(person, User)
    return person
