"""Which passwords are refused: what people here choose first, and what thieves already have. Both looked up offline.

There are no rules about kinds of characters. A password is long (the validator of the length), and not guessable.
"""

import hashlib
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_WORDS_FILE = Path(__file__).parent / "data" / "guessable_words.txt"
#: Keys that lie beside each other; a run along a row is a word, too.
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz")
_SHORTEST_RUN = 4
#: Different characters that a password has at least.
_FEWEST_CHARACTERS = 5
#: Digits of the longest number that people know by heart: of an identity paper.
_KNOWN_NUMBER = 12
#: Letters that digits and signs stand for.
_STAND_FOR = str.maketrans("013457@$!", "oieastasi")


class GuessablePasswordValidator:
    """Refuses names, places, words of the work and runs on the keyboard, with or without numbers and signs."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError."""
        if is_guessable(password):
            raise ValidationError(
                _("This password is easily guessed: it is made of well-known words, names or numbers."),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        return _("Several words that have nothing to do with each other are best. Names and places are not.")


class BreachedPasswordValidator:
    """Refuses passwords in the file of breached ones, where the installation has it."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError."""
        if settings.BREACHED_PASSWORDS_FILE and is_breached(password, Path(settings.BREACHED_PASSWORDS_FILE)):
            raise ValidationError(
                _("This password is known from a theft of passwords elsewhere. Choose another."),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return ""


def is_guessable(password: str) -> bool:
    """Whether nothing but well-known words, names, runs on the keyboard, and numbers make up the password."""
    folded = _folded(password)
    if len(set(folded)) < _FEWEST_CHARACTERS:
        return True
    if folded.isdigit() and len(folded) <= _KNOWN_NUMBER:
        return True
    letters = "".join(c for c in folded if c.isalpha())
    spelt = folded.strip("0123456789@$!").translate(_STAND_FOR)
    spelt = "".join(c for c in spelt if c.isalpha())
    return _is_made_of_words(folded) or (bool(letters) and any(map(_is_made_of_words, (letters, spelt))))


def is_breached(password: str, file: Path) -> bool:
    """Whether the SHA-1 of the password is a line of the file, which is ordered by hash: "HASH:count" a line."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with file.open("rb") as lines:
        low, high = 0, file.stat().st_size
        while low < high:
            middle = (low + high) // 2
            start, line = _line_at(lines, middle)
            found = line.partition(b":")[0].strip().upper()
            if found == wanted:
                return True
            if found and found < wanted:
                low = start + len(line)
            else:
                high = min(middle, start)
    return False


def _line_at(lines: IO[bytes], place: int) -> tuple[int, bytes]:
    """The line that holds this byte, and where it begins. Lines are shorter than 200 bytes."""
    begin = max(0, place - 200)
    lines.seek(begin)
    before = lines.read(place - begin)
    start = begin + before.rfind(b"\n") + 1 if b"\n" in before else begin
    lines.seek(start)
    return start, lines.readline()


def _folded(text: str) -> str:
    """Small letters without diacritics, and without what is neither letter, digit nor a sign that stands for one."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(c for c in plain if c.isalnum() or c in "@$!")


def _is_made_of_words(text: str) -> bool:
    """Whether the text can be cut into words of the list from its first letter to its last."""
    words = _words()
    longest = max(map(len, words))
    reached = {0}
    for end in range(1, len(text) + 1):
        if any(start in reached and text[start:end] in words for start in range(max(0, end - longest), end)):
            reached.add(end)
    return len(text) in reached


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    listed = _WORDS_FILE.read_text(encoding="utf-8").splitlines()
    words = {word for line in listed if not line.startswith("#") for word in line.split()}
    for row in _ROWS:
        for along in (row, row[::-1]):
            for length in range(_SHORTEST_RUN, len(along) + 1):
                words |= {along[at : at + length] for at in range(len(along) - length + 1)}
    return frozenset(words)
