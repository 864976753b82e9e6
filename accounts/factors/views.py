"""Setting up and giving up second factors: django-allauth's pages, with what the portal asks besides."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.generic.edit import FormView

from accounts.factors.codes import spend
from accounts.models import User
from accounts.sessions import end_other_sessions


@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class SetUpApp(ActivateTOTPView):
    """Sets up an app for codes. One that is there already is replaced once the first code of the new one is right."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Not the parent's, which sends whoever has an app to the page that takes it away.
        return FormView.dispatch(self, request, *args, **kwargs)

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        app = Authenticator.objects.filter(user=self.request.user, type=Authenticator.Type.TOTP)
        app.delete()
        response: HttpResponse = super().form_valid(form)
        spend(app.get(), form.cleaned_data["code"])
        _note_shown(self.request, Authenticator.Type.TOTP)
        return response


class AddPasskey(AddWebAuthnView):
    """Adds a passkey or a security key."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _note_shown(self.request, Authenticator.Type.WEBAUTHN)
        return response


class RemovePasskey(RemoveWebAuthnView):
    """Removes a passkey, unless it is the only factor of somebody who needs one."""

    http_method_names = ["get", "head", "post"]

    def form_valid(self, form: Any) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_index")
        response: HttpResponse = super().form_valid(form)
        return response


def _note_shown(request: HttpRequest, kind: str) -> None:
    """The person has just shown the new factor in this session. Sessions that have not are ended."""
    assert isinstance(request.user, User)
    record_authentication(request, request.user, "mfa", type=kind)
    end_other_sessions(user=request.user, but=request.session.session_key)
