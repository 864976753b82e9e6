"""What every request goes through: clean cookies, preferences, limits of a session, a second factor, no copies."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from accounts.factors.needed import factors_of, is_shown_in, needs_factor
from accounts.models import AuditEvent, User
from accounts.origin import address_of, coming_from
from accounts.rates import count_this_minute, is_too_often, rate_of, seconds_left
from accounts.sessions import still_lasts

logger = logging.getLogger("portal.security")

#: What a reader may choose of how pages look and which keys they answer to. The cookie holds the words in this order.
CHOICES = {
    "text_size": ("small", "normal", "large"),
    "contrast": ("normal", "high"),
    "colours": ("system", "light", "dark"),
    "motion": ("system", "less"),
    "keys": ("on", "off"),
}


@dataclass(frozen=True)
class Reading:
    """How the reader wants pages: kept in a cookie, since it belongs to the screen and not to the person."""

    text_size: str = "normal"
    contrast: str = "normal"
    colours: str = "system"
    motion: str = "system"
    keys: str = "on"

    @classmethod
    def from_cookie(cls, cookie: str) -> "Reading":
        words = dict(zip(CHOICES, cookie.split("."), strict=False))
        is_ours = all(word in CHOICES[name] for name, word in words.items())
        return cls(**words) if is_ours else cls()

    def changed_to(self, chosen: Mapping[str, str]) -> "Reading":
        """The same with what was chosen. Words that are no choice change nothing."""
        known = {name: chosen[name] for name, words in CHOICES.items() if chosen.get(name) in words}
        return replace(self, **known)

    def as_cookie(self) -> str:
        return ".".join(getattr(self, name) for name in CHOICES)


class CookieMiddleware:
    """Leaves out cookies no browser makes. Django reads "\\000" in one as NUL, over which the session table fails."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if value.isprintable()}
        return self.get_response(request)


class OriginMiddleware:
    """Lets what is recorded while a request is answered say from which address it came."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with coming_from(address_of(request)):
            return self.get_response(request)


class ReadingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.reading = Reading.from_cookie(request.COOKIES.get(settings.READING_COOKIE_NAME, ""))  # type: ignore[attr-defined]
        return self.get_response(request)


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Vietnamese until a person chooses English: many office machines speak English, their users do not.

    A program that asks the API says itself which language it wants.
    """

    def process_request(self, request: HttpRequest) -> None:
        if not request.path.startswith("/api/"):
            request.META.pop("HTTP_ACCEPT_LANGUAGE", None)
        super().process_request(request)


#: Keys of records as addresses write them: a number, a UUID, the code of a victim, "activity:12" of a draft. Anything
#: else in an address may have been typed by hand and is left out of the trail.
_KEY = re.compile(r"\d{1,9}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Z]{2}-[0-9A-Z]{6}|[a-z]+:\d{1,9}")


class RefusalMiddleware:
    """Notes what a signed-in person was refused: any 403, any 404 at an address that the portal has, any 429.

    The view's transaction is over by then, so the note stays although its work was undone. It names the view and the
    keys of the record, and nothing that was sent. A person who is refused without end fills no trail: each minute
    takes ``REFUSALS_NOTED`` notes of each web process, of which the last says that more may have come.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(response, "is_stale_form", False):  # not the person was refused, but the form
            return response
        match = request.resolver_match
        if response.status_code in (403, 404, 429) and match is not None and isinstance(request.user, User):
            keys = (str(value) for value in match.kwargs.values())
            about = ":".join([match.view_name or "", *filter(_KEY.fullmatch, keys)])
            _note_refusal(request.user, about[:100], is_too_often=response.status_code == 429)
        return response


def _note_refusal(user: User, about: str, *, is_too_often: bool) -> None:
    noted = count_this_minute(f"refused:{user.pk}")
    if noted > settings.REFUSALS_NOTED:
        return
    detail = {"too_often": True} if is_too_often else {}
    if noted == settings.REFUSALS_NOTED:
        detail["more"] = True
        logger.warning("person %s was refused %s times within a minute", user.pk, noted)
    AuditEvent.objects.create(kind=AuditEvent.Kind.REFUSED, user_id=user.pk, about=about, detail=detail)


class RateMiddleware(MiddlewareMixin):
    """Refuses what one person or one address asks for too often, before any work is done for it."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        rate = rate_of(request, view)
        if rate is None or not is_too_often(request, rate):
            return None
        response = render(request, "429.html", status=429)
        response["Retry-After"] = str(seconds_left())
        return response


class PersonalPagesMiddleware:
    """A signed-in person's pages are kept neither by the browser's disk nor by a proxy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class ResourcePolicyMiddleware:
    """No page of another site may hold anything from here: no picture, no file, no answer of the API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


#: What an open page asks for by itself, again and again: it does not show that somebody is there.
ASKED_BY_PAGES = frozenset(
    {
        *("report_job_status", "submission_presence", "upload_status", "past_upload_status"),
        *("people_upload_status", "agencies_upload_status", "case_export_status"),
    }
)


class SessionLimitsMiddleware(MiddlewareMixin):
    """Ends a session that lasted too long, or in which nobody clicked for too long. What was typed is kept by then."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        user, match = request.user, request.resolver_match
        if not isinstance(user, User):
            return None
        is_person = match is None or match.url_name not in ASKED_BY_PAGES
        if still_lasts(request, user, is_person=is_person):
            return None
        AuditEvent.objects.create(kind=AuditEvent.Kind.SESSION_ENDED, user=user, detail={"by": "limit"})
        auth.logout(request)
        if request.path.startswith("/api/") or not getattr(view, "login_required", True):
            return None
        query = urlencode({"ended": 1, "next": request.get_full_path()})
        return redirect(f"{reverse('account_login')}?{query}")


#: What a person without a second factor may do who needs one, besides what is open to all: set one up, or leave.
SETTING_UP = frozenset(
    {
        *("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes"),
        *("account_reauthenticate", "account_logout", "set_language", "preferences"),
    }
)
#: What a person may do who has one, in a session that has not seen it: show it, or leave.
SHOWING = frozenset(
    {
        *("mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_logout"),
        *("set_language", "preferences"),
    }
)


class SecondFactorMiddleware(MiddlewareMixin):
    """Who reaches files of cases or administers goes nowhere before a second factor is set up and shown."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        is_api = request.path.startswith("/api/")
        if not isinstance(request.user, User) or not (is_api or getattr(view, "login_required", True)):
            return None
        if is_shown_in(request) or not needs_factor(request.user):
            return None
        factors = factors_of(request.user)
        name = request.resolver_match.url_name if request.resolver_match else None
        if name in (SHOWING if factors else SETTING_UP):
            return None
        if is_api:
            told = {"type": "about:blank", "status": 403, "title": _("A second factor is needed.")}
            return JsonResponse(told, status=403, content_type="application/problem+json")
        if not factors:
            return redirect("mfa_index")
        way = "mfa_reauthenticate" if "totp" in factors else "mfa_reauthenticate_webauthn"
        return redirect(f"{reverse(way)}?next={request.path}")
