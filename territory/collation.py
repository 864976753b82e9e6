"""Vietnamese letters: how names are searched without diacritics and put in order.

The embedded PostgreSQL is built without ICU and without ``unaccent``, so the two rules live in two immutable
SQL functions, ``vi_fold`` and ``vi_sort_key`` (``territory/migrations/0001_text_functions.py``). They feed
generated columns, which no code path can forget. This module holds the same rules for Python, for the words
a person types into a search box. A test keeps both alike.
"""

import re
import unicodedata
from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Func, TextField

_BASE = {"a": "aăâ", "e": "eê", "i": "i", "o": "oôơ", "u": "uư", "y": "y"}
_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")


def _folding_table() -> dict[int, str]:
    table: dict[int, str] = {ord("đ"): "d", ord("Đ"): "d"}
    for plain, letters in _BASE.items():
        for letter in letters:
            for tone in _TONES:
                composed = unicodedata.normalize("NFC", letter + tone)
                table[ord(composed)] = plain
                table[ord(composed.upper())] = plain
    return table


_FOLD = _folding_table()


def fold(text: str) -> str:
    """Return ``text`` in lower case without Vietnamese diacritics: "Mua bán người" gives "mua ban nguoi".

    Other scripts pass through unchanged, as in the SQL function.
    """
    folded = unicodedata.normalize("NFC", text).translate(_FOLD)
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in folded)


class ViFold(Func):
    """``vi_fold(expression)``: the searchable form of a text."""

    function = "vi_fold"
    output_field = TextField(db_collation="C")


class ViSortKey(Func):
    """``vi_sort_key(expression)``: a text whose byte order is the Vietnamese alphabetical order."""

    function = "vi_sort_key"
    output_field = TextField(db_collation="C")


class FoldedColumns(ViFold):
    """The searchable form of several columns that are never null, joined by blanks."""

    arg_joiner = " || ' ' || "


class ViWords(Func):
    """``vi_words(expression)``: the words of a folded text, for an index over them."""

    function = "vi_words"
    output_field = SearchVectorField()


class ViParts(Func):
    """``vi_parts(expression)``: every three letters of a folded text that follow each other, for an index over them."""

    function = "vi_parts"
    output_field = ArrayField(TextField(db_collation="C"))


def parts_of(words: Iterable[str]) -> list[str]:
    """The parts that a text has in which each of these folded words stands somewhere; shorter words have none."""
    return sorted({word[start : start + 3] for word in words for start in range(len(word) - 2)})


def words_of(text: str) -> list[str]:
    """The words of a text as they are searched: folded, without what stands between them."""
    return re.findall(r"[^\W_]+", fold(text))


def all_words(words: list[str], *, begun: bool = False) -> SearchQuery:
    """Matches texts that hold every word; with ``begun`` also those that hold a longer one.

    One letter is always a word of its own: what begins with it would be a large part of all words.
    """
    ending = ":*" if begun else ""
    terms = (f"{word}{ending if len(word) > 1 else ''}" for word in words)
    return SearchQuery(" & ".join(terms), config="simple", search_type="raw")
