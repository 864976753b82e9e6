"""Where a message may go: to a public host over TLS, looked up once and spoken to at just that address.

Whoever can name an address must not thereby reach the machines behind ours, nor the ones that clouds put beside them.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models.webhook import LONGEST_ADDRESS

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

#: Networks that carry an IPv4 address within: what they lead to is not told by the address itself.
_CARRIERS = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("2002::/16"))
_LOCAL = "localhost"


class AddressRefused(ValueError):
    """Nothing is sent to this address; ``message`` says why, for a person."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True)
class Target:
    """Where a message goes: the host that was asked for, and the address it was found at."""

    host: str
    port: int
    address: str
    path: str
    is_plain: bool

    @property
    def host_header(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        usual = 80 if self.is_plain else 443
        return name if self.port == usual else f"{name}:{self.port}"


def find_target(url: str) -> Target:
    """Look the host of an address up. Raises AddressRefused for what nothing may be sent to.

    Hosts named in ``WEBHOOK_PRIVATE_HOSTS`` may lie in a private network.
    """
    parts, host, port = _read(url)
    is_plain = parts.scheme == "http"
    found = _look_up(host, port)
    is_own = is_plain or host in settings.WEBHOOK_PRIVATE_HOSTS
    if not is_own and not all(is_public(address) for address in found):
        raise AddressRefused(_("The host lies in a private network. Only public hosts are told."))
    path = parts.path or "/"
    return Target(host, port, str(found[0]), f"{path}?{parts.query}" if parts.query else path, is_plain)


def is_public(address: Address) -> bool:
    """Whether an address is one that anybody on the Internet may reach."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in network for network in _CARRIERS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _read(url: str) -> tuple[SplitResult, str, int]:
    if len(url) > LONGEST_ADDRESS or not url.isascii() or not url.isprintable() or " " in url:
        raise AddressRefused(_("This is no address. Write one as https://example.vn/hook."))
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise AddressRefused(_("This is no address. Write one as https://example.vn/hook.")) from error
    if not host or parts.fragment or parts.username is not None or parts.password is not None:
        raise AddressRefused(
            _("Write the address with a host, and without a user, a password or a part after “#”.")
        )
    is_local = parts.scheme == "http" and host == _LOCAL and settings.WEBHOOK_PLAIN_LOCALHOST
    if parts.scheme != "https" and not is_local:
        raise AddressRefused(_("The address must begin with https://."))
    return parts, host, port or (80 if is_local else 443)


def _look_up(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefused(_("The host is not known. Check its name.")) from error
    addresses = [ipaddress.ip_address(str(place[0]).partition("%")[0]) for *_rest, place in found]
    # IPv4 first: a machine without IPv6 still finds many hosts under it.
    return sorted(addresses, key=lambda address: address.version)
