"""The forms that ask for a code. A code works once, and what it is made from is sealed while an app is set up."""

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY

from accounts.factors.codes import demo_code, spend
from accounts.factors.sealed import seal_for, unseal_for


class _CodeForm(BaseAuthenticateForm):
    """Asks for the code of an app, or one for recovery; a code of an app works once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "placeholder": ""}

    def clean_code(self) -> str:
        code: str = super().clean_code()
        used = self.authenticator
        if used.type == Authenticator.Type.TOTP and not spend(used, code):
            self._emit_authentication_failed(used)
            raise get_adapter().validation_error("incorrect_code")
        return code

    @property
    def demo_code(self) -> str:
        """What the app of a person of the demonstration would show; see there."""
        return demo_code(self.user)


class SignInCodeForm(_CodeForm, AuthenticateForm):
    """The code after the password."""


class ConfirmCodeForm(_CodeForm, ReauthenticateForm):
    """The code with which a person who is signed in confirms who they are."""


class SetUpAppForm(ActivateTOTPForm):
    """The first code of a new app. Its seed lies in the session until then, sealed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        user, session = kwargs["user"], context.request.session
        if SECRET_SESSION_KEY in session:
            session[SECRET_SESSION_KEY] = unseal_for(user.pk, session[SECRET_SESSION_KEY])
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "placeholder": ""}
        session[SECRET_SESSION_KEY] = seal_for(user.pk, self.secret)
