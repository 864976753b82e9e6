"""What was typed into the search: its words, the code or number it may be, and its sealed form in addresses.

People type names into a search. So it is sent by POST, and the page that answers has it in its address only sealed,
for this person: pages of results can be gone back to and reloaded, and no log, history or bookmark holds the words.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.field_keys import KeyMissing, SealBroken, seal, unseal
from accounts.models import User
from territory.collation import all_words, words_of
from territory.text import TextField, typed_key

LONGEST = 100
#: Fewer letters would find a large part of everything.
SHORTEST = 2
_CODE = re.compile(r"[0-9A-ZĐ][0-9A-ZĐ/.-]{1,39}")


@dataclass(frozen=True)
class Typed:
    """A search that was typed, as sources ask for it."""

    text: str

    @cached_property
    def words(self) -> list[str]:
        return words_of(self.text)

    @property
    def whole(self) -> object:
        """Matches texts that hold every word."""
        return all_words(self.words)

    @property
    def begun(self) -> object:
        """Matches texts that hold every word or a longer one that begins so."""
        return all_words(self.words, begun=True)

    @cached_property
    def code(self) -> str:
        """What was typed, where it could be a code or a number, in capitals; otherwise nothing."""
        code = self.text.strip().upper()
        return code if _CODE.fullmatch(code) else ""

    @property
    def key(self) -> int | None:
        """What was typed as the number of a record, as in “activity no. 12”."""
        return typed_key(self.text.strip())


class SearchForm(forms.Form):
    q = TextField(
        label=_("Search for"),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        help_text=_("Words, or a number or code. Letter case and diacritics do not matter."),
        error_messages={
            "required": _("Type what you are looking for."),
            "max_length": _("Search for at most %(limit_value)d characters."),
        },
    )

    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"].strip()
        if len("".join(words_of(text))) < SHORTEST:
            raise ValidationError(_("Type at least two letters or figures."), code="too_short")
        return text


def seal_query(text: str, *, user: User) -> str:
    """A search as it stands in an address. Only for the same person does it open again."""
    return seal(text, place=_place(user))


def open_query(sealed: str, *, user: User) -> Typed | None:
    """The search of an address; None for what was not sealed for this person, or with a key that is gone."""
    try:
        text = unseal(sealed, place=_place(user))
    except (SealBroken, KeyMissing):
        return None
    return Typed(text) if text else None


def _place(user: User) -> str:
    return f"search.query.{user.pk}"
