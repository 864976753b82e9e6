"""Signatures of messages by the Standard Webhooks scheme: HMAC-SHA256 over id, time and body."""

import base64
import datetime as dt
import secrets
from collections.abc import Iterable

from standardwebhooks import Webhook as Signer

_BRAND = "whsec_"
_BYTES = 32


def new_secret() -> str:
    """A secret as consumers' libraries take it: "whsec_" and base64."""
    return _BRAND + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def signed_headers(*, message: str, at: dt.datetime, body: str, signers: Iterable[str]) -> dict[str, str]:
    """The headers of a message; signed once for each secret, so that a consumer may change over in peace."""
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Signer(secret).sign(message, at, body) for secret in signers),
    }
