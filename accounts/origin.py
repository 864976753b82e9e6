"""From which address the running request comes, for the trail and the read log; nowhere outside of a request."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest

_address: ContextVar[str | None] = ContextVar("address", default=None)


def address_of(request: HttpRequest) -> str | None:
    """Where a request comes from: what the outermost proxy of ours saw, else the peer."""
    seen: list[str] = [
        each.strip() for each in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",") if each.strip()
    ]
    proxies: int = settings.TRUSTED_PROXIES
    if proxies and len(seen) >= proxies:
        return seen[-proxies]
    address: str | None = request.META.get("REMOTE_ADDR")
    return address


def current_address() -> str | None:
    """The address of the request that is being answered; None in a job or a command."""
    return _address.get()


@contextmanager
def coming_from(address: str | None) -> Iterator[None]:
    """Note what is recorded meanwhile as coming from this address."""
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)
