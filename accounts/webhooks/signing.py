"""Signatures of messages by the Standard Webhooks scheme: HMAC-SHA256 over id, time and body.

The library of that name verifies and signs in as many lines, and brings an HTTP client and four more packages; the
tests hold these signatures against it.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

_BRAND = "whsec_"
_BYTES = 32


def new_secret() -> str:
    """A secret as consumers' libraries take it: "whsec_" and base64."""
    return _BRAND + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def signed_headers(*, message: str, at: int, body: bytes, signers: Iterable[str]) -> dict[str, str]:
    """The headers of a message; signed once for each secret, so that a consumer may change over in peace."""
    content = f"{message}.{at}.".encode() + body
    return {
        "webhook-id": message,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{_signature(secret, content)}" for secret in signers),
    }


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(_BRAND))
    return base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
