"""Keys of sealed fields: AES-256-GCM for what is read again, HMAC-SHA256 for what is only ever matched.

``FIELD_KEYS`` is "k2:base64,k1:base64": the first key seals, all of them open. Each is 32 bytes, from which a key to
seal with and one key for each kind of index are derived, so that none of them tells anything of another.

A sealed text is "key id:base64(nonce, ciphertext)" and belongs to its place, "table.column.row": moved to another
row, or with one byte changed, it does not open. A blind index is "key id:hex", equal for equal texts.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import unicodedata
from enum import StrEnum
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_KEY_BYTES = 32
_NONCE_BYTES = 12
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,16}")


class KeyMissing(ImproperlyConfigured):
    """A text was sealed with a key that FIELD_KEYS does not hold."""


class SealBroken(ValueError):
    """A sealed text does not open: it was moved or changed, or FIELD_KEYS has another key under its id."""


class IndexKind(StrEnum):
    """What is matched; each kind has its own keys, so a paper's number never equals a phone's."""

    PAPER = "paper"
    PHONE = "phone"
    NAME_AND_YEAR = "name_and_year"


def read_keys(text: str) -> dict[str, bytes]:
    """The keys by id, the current one first. Raises ImproperlyConfigured, which never repeats a key."""
    keys: dict[str, bytes] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        key_id, _, encoded = part.partition(":")
        if not _KEY_ID.fullmatch(key_id) or key_id in keys:
            raise ImproperlyConfigured("FIELD_KEYS: each key needs an id of its own, as in k1:base64.")
        try:
            key = base64.b64decode(encoded.translate(str.maketrans("-_", "+/")), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != _KEY_BYTES:
            raise ImproperlyConfigured(f"FIELD_KEYS: the key {key_id} is not 32 bytes in base64.")
        keys[key_id] = key
    if not keys:
        raise ImproperlyConfigured("FIELD_KEYS is missing. Losing it loses every sealed field.")
    return keys


def current_key_id() -> str:
    """The id of the key that seals now."""
    return next(iter(_keys()))


def seal(text: str, *, place: str) -> str:
    """Seal a text for its place ("table.column.row"); an empty one stays empty."""
    if not text:
        return ""
    key_id = current_key_id()
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(_derived(key_id, "seal")).encrypt(nonce, text.encode(), place.encode())
    return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def unseal(token: str, *, place: str) -> str:
    """The text that was sealed for this place. Raises KeyMissing, SealBroken."""
    if not token:
        return ""
    key_id, _, encoded = token.partition(":")
    key = _derived(key_id, "seal")
    try:
        sealed = base64.b64decode(encoded, validate=True)
        text = AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode())
    except (InvalidTag, binascii.Error, ValueError):
        raise SealBroken(
            f"What is sealed at {place} does not open with the key {key_id}: it was moved or changed,"
            " or FIELD_KEYS holds another key under this id."
        ) from None
    return text.decode()


def blind_index(kind: IndexKind, text: str, *, key_id: str = "") -> str:
    """What equals for texts that are the same once folded; empty for a text of which nothing is left."""
    folded = fold_for(kind, text)
    if not folded:
        return ""
    key_id = key_id or current_key_id()
    return (
        f"{key_id}:{hmac.new(_derived(key_id, f'index:{kind}'), folded.encode(), hashlib.sha256).hexdigest()}"
    )


def blind_indexes(kind: IndexKind, text: str) -> list[str]:
    """The index under every key: rows that are not rotated yet are found too."""
    return [index for key_id in _keys() if (index := blind_index(kind, text, key_id=key_id))]


def fold_for(kind: IndexKind, text: str) -> str:
    """NFC, one case, single spaces, diacritics kept; numbers without what people put between their parts."""
    folded = " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold()).split())
    if kind is IndexKind.PAPER:
        return re.sub(r"[\W_]", "", folded)
    if kind is IndexKind.PHONE:
        digits = re.sub(r"\D", "", folded)
        return "0" + digits[2:] if digits.startswith("84") and len(digits) > 9 else digits
    return folded


def _keys() -> dict[str, bytes]:
    return _read(settings.FIELD_KEYS)


@lru_cache(maxsize=4)
def _read(text: str) -> dict[str, bytes]:
    return read_keys(text)


def _derived(key_id: str, use: str) -> bytes:
    try:
        key = _keys()[key_id]
    except KeyError:
        raise KeyMissing(f"FIELD_KEYS holds no key with the id {key_id[:16]!r}.") from None
    return hmac.new(key, f"portal field key: {use}".encode(), hashlib.sha256).digest()
