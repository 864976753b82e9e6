"""Devices a person signed in on before: guesses from elsewhere do not count against them, and a new one is told."""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.models import User

_SALT = "accounts.devices"
#: For how long a device is remembered after the last sign-in on it.
KEPT_DAYS = 180
#: People remembered of one device, the latest. A duty desk has more, and then some are told of a new device again.
PEOPLE = 30

#: What browsers and systems call themselves, and how people call them. The first that is found counts.
_BROWSERS = {
    "coc_coc": "Cốc Cốc",
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class Device:
    """A browser, by a random number, and who signed in with it. It proves nothing and opens nothing."""

    key: str
    people: tuple[int, ...] = ()

    def knows(self, user: User) -> bool:
        return user.pk in self.people


def device_of(request: HttpRequest) -> Device:
    """The device by its signed cookie; a new one where there is none, or one that is not ours."""
    cookie = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    try:
        key, people = signing.loads(cookie, salt=_SALT, max_age=KEPT_DAYS * 24 * 3600)
    except (signing.BadSignature, ValueError, TypeError):
        return Device(secrets.token_urlsafe(16))
    return Device(key, tuple(people))


def remember(device: Device, user: User, response: HttpResponse) -> None:
    """Note on the device that this person signed in with it."""
    people = [*(pk for pk in device.people if pk != user.pk), user.pk][-PEOPLE:]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps([device.key, people], salt=_SALT),
        max_age=KEPT_DAYS * 24 * 3600,
        secure=settings.HTTPS_ONLY,
        httponly=True,
        samesite="Lax",
    )


def browser_name(user_agent: str) -> str:
    """Browser and system as people call them, "Chrome · Windows"; what is not known is left as it calls itself."""
    browser = next((name for word, name in _BROWSERS.items() if word in user_agent), "")
    system = next((name for word, name in _SYSTEMS.items() if word in user_agent), "")
    return " · ".join(filter(None, (browser, system))) or user_agent or "–"
