"""Numbers of a year's book, and the codes by which the public asks whether a report is genuine."""

import secrets

from django.db import transaction
from django.db.models import F

from reporting.models import NumberBook, Report
from territory.models import Area

#: Digits and letters that nobody mistakes for another when reading from paper (no 0, 1, I, L, O, U).
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP = 3, 4


def next_number(area: Area, symbol: str, year: int) -> int:
    """The next number of the book of an area, symbol and year, given once. Runs in the caller's transaction."""
    with transaction.atomic():
        book, _ = NumberBook.objects.get_or_create(area=area, symbol=symbol, year=year)
        NumberBook.objects.filter(pk=book.pk).update(last=F("last") + 1)
        return NumberBook.objects.get(pk=book.pk).last


def new_code() -> str:
    """A code that cannot be guessed (30^12 of them), as it is printed: "K7QF-3M2X-9TAB"."""
    while True:
        code = "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
        if not Report.objects.unscoped("a code is given once").filter(code=code).exists():
            return code


def as_printed(typed: str) -> str:
    """A code as somebody typed it, brought into the printed form. What cannot be a code comes back empty."""
    letters = "".join(c for c in typed.upper() if c.isalnum())
    if len(letters) != GROUPS * GROUP or set(letters) - set(ALPHABET):
        return ""
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))
