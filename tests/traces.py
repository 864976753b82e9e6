"""Finding a text again wherever it was put, in whatever way it was written down."""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

#: Shorter pieces are found by chance.
_SHORTEST = 8


def _without_marks(text: str) -> str:
    letters = unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _written(text: str) -> Iterator[bytes]:
    """UTF-8 and UTF-16, composed and decomposed, without marks, percent, hexadecimal, escapes, base64 at any place."""
    composed = unicodedata.normalize("NFC", text)
    for form in {composed, unicodedata.normalize("NFD", text), composed.upper(), _without_marks(text)}:
        yield quote(form).encode()
        yield quote_plus(form).encode()
        yield form.encode("unicode_escape")
        for raw in (form.encode(), form.encode("utf-16-le"), form.encode("utf-16-be")):
            yield raw
            yield raw.hex().encode()
            for shift in range(3):  # within a longer text, whose ends share letters with it
                whole = base64.b64encode(b"\0" * shift + raw)
                yield whole[4 if shift else 0 : -4]


class Traces:
    """The forms in which some texts could stand somewhere. Large and small letters of ASCII are the same."""

    def __init__(self, texts: Iterable[str]) -> None:
        written = {form.lower() for text in texts for form in _written(text)}
        self.forms = {form for form in written if len(form) >= _SHORTEST}

    def found_in(self, content: bytes | str) -> set[bytes]:
        raw = content.encode(errors="surrogatepass") if isinstance(content, str) else content
        lowered = raw.lower()
        return {form for form in self.forms if form in lowered}
