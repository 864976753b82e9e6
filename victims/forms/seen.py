"""The form by which somebody asks who saw a record."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.people.rights import people_seen_by
from territory.days import DayField
from territory.text import TextField
from victims.selectors.seen import Span


class SeenForm(forms.Form):
    """A code, and days and a person where not all is asked for."""

    code = TextField(
        label=_("Code of the record"),
        max_length=60,
        help_text=_("Of a tip, a case or a victim; or number and symbol of a document."),
    )
    person = forms.ModelChoiceField(
        label=_("Who"), queryset=User.objects.none(), required=False, empty_label=_("Everybody")
    )
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people_seen_by(reader).order_by("full_name", "pk")  # type: ignore[attr-defined]

    def span(self) -> Span:
        """What was asked besides the code; the form is valid."""
        return Span(**{name: self.cleaned_data[name] for name in ("since", "until", "person")})
