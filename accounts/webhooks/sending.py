"""Sending one message: to the address that was looked up, following nothing, and not for long."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass

import urllib3
from celery.exceptions import SoftTimeLimitExceeded

from accounts.models import Delivery
from accounts.webhooks.addresses import AddressRefused, Target, find_target

Trouble = Delivery.Trouble

_TIMEOUT = urllib3.Timeout(connect=5, read=10)
#: Bytes of an answer that are read. Only its status is used; a little more lets a server end in peace.
_READ = 4096


@dataclass(frozen=True)
class Outcome:
    """What came of a try. Without ``trouble`` the message was taken."""

    status: int | None = None
    trouble: str = ""


def post(url: str, *, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Send a message. Never raises for what lies outside: that is an outcome."""
    try:
        target = find_target(url)
        status = _status_of(target, headers, body)
    except AddressRefused:
        return Outcome(trouble=Trouble.ADDRESS)
    except (urllib3.exceptions.HTTPError, OSError, SoftTimeLimitExceeded):
        return Outcome(trouble=Trouble.NO_ANSWER)
    if 200 <= status < 300:
        return Outcome(status)
    return Outcome(status, Trouble.REDIRECT if 300 <= status < 400 else Trouble.ANSWER)


def _status_of(target: Target, headers: Mapping[str, str], body: bytes) -> int:
    with _pool(target) as pool:
        answer = pool.urlopen(
            "POST",
            target.path,
            body=body,
            headers={**headers, "Host": target.host_header},
            redirect=False,
            retries=False,
            timeout=_TIMEOUT,
            preload_content=False,
            decode_content=False,
        )
        answer.read(_READ)
        answer.close()
    return int(answer.status)


def _pool(target: Target) -> urllib3.HTTPConnectionPool:
    """Connections to the address that was found; the certificate must be that of the host that was asked for."""
    if target.is_plain:
        return urllib3.HTTPConnectionPool(target.address, target.port)
    return urllib3.HTTPSConnectionPool(
        target.address,
        target.port,
        ssl_context=ssl.create_default_context(),
        server_hostname=target.host,
        assert_hostname=target.host,
    )
