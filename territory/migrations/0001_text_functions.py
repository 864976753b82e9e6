"""Two immutable functions for Vietnamese text, and a range type over text for exclusion constraints.

PostgreSQL's Concat in Django is not immutable on every type, so the functions take one finished text.
"""

import unicodedata

from django.db import migrations

BASE = {"a": "aăâ", "e": "eê", "i": "i", "o": "oôơ", "u": "uư", "y": "y"}
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"


def _composed(letter: str, tone: str) -> str:
    return unicodedata.normalize("NFC", letter + tone)


def _tables() -> tuple[tuple[str, str], tuple[str, str], tuple[str, str]]:
    """Three translate() pairs: without any mark, letter order (33 letters), tone order (6 tones)."""
    fold_from = fold_to = order_from = order_to = tone_from = tone_to = ""
    rank = {letter: chr(ord("A") + i) for i, letter in enumerate(ALPHABET)}
    plain = {letter: base for base, letters in BASE.items() for letter in letters} | {"đ": "d"}
    for letter in ALPHABET:
        tones = TONES if letter in plain and letter != "đ" else [""]
        for i, tone in enumerate(tones):
            lower = _composed(letter, tone)
            for form in (lower, lower.upper()):
                order_from += form
                order_to += rank[letter]
                tone_from += form
                tone_to += str(i)
                if form not in "abcdefghijklmnopqrstuvwxyz":
                    fold_from += form
                    fold_to += plain.get(letter, letter)
    return (fold_from, fold_to), (order_from, order_to), (tone_from, tone_to)


FOLD, ORDER, TONE = _tables()

CREATE = f"""
CREATE FUNCTION vi_fold(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT translate(normalize(value, NFC), '{FOLD[0]}', '{FOLD[1]}') $$;
CREATE FUNCTION vi_sort_key(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT translate(normalize(value, NFC), '{ORDER[0]}', '{ORDER[1]}')
                 || chr(1) || translate(normalize(value, NFC), '{TONE[0]}', '{TONE[1]}') $$;
CREATE TYPE textrange AS RANGE (subtype = text, collation = "C");
"""

DROP = """
DROP TYPE textrange;
DROP FUNCTION vi_sort_key(text);
DROP FUNCTION vi_fold(text);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(CREATE, DROP)]
