"""Clean cookies, reading preferences, the language that was chosen, and no stored copies of personal pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils.cache import add_never_cache_headers

from accounts.models import AuditEvent, User

COOKIE = "reading"
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


class ReadingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.reading = Reading.from_cookie(request.COOKIES.get(COOKIE, ""))  # type: ignore[attr-defined]
        return self.get_response(request)


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Vietnamese until a person chooses English: many office machines speak English, their users do not.

    A program that asks the API says itself which language it wants.
    """

    def process_request(self, request: HttpRequest) -> None:
        if not request.path.startswith("/api/"):
            request.META.pop("HTTP_ACCEPT_LANGUAGE", None)
        super().process_request(request)


class RefusalMiddleware:
    """Notes what a signed-in person was refused: any 403, and a 404 where the page shows protected records.

    The view's transaction is over by then, so the note stays although its work was undone. It names the view and the
    key of the record, and nothing that was sent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(response, "is_stale_form", False):  # not the person was refused, but the form
            return response
        match = request.resolver_match
        if response.status_code not in (403, 404) or match is None or not isinstance(request.user, User):
            return response
        is_protected = getattr(match.func, "is_protected", False)
        if response.status_code == 403 or is_protected:
            about = match.view_name or ""
            key = match.kwargs.get("pk", match.kwargs.get("key")) if is_protected else None
            if isinstance(key, int | UUID):
                about = f"{about}:{key}"
            AuditEvent.objects.create(
                kind=AuditEvent.Kind.REFUSED, user_id=request.user.pk, about=about[:100]
            )
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
