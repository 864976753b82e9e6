"""The only forms in which a person's name, papers and phone are typed. They are sent by POST alone."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from territory.days import read_day
from territory.text import NarrativeField, TextField
from victims.services.identity import SHORTEST_REASON, Paper, Shown, Sought
from victims.value_lists import PaperKind

PAPERS = 3
_OFF = {"autocomplete": "off", "autocorrect": "off", "spellcheck": "false"}


class BirthField(TextField):
    """A day or a year of birth. Cleans to "2001-02-28" or "2001"."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        if re.fullmatch(r"(19|20)\d\d", text, re.ASCII):
            return str(text)
        day = read_day(text)
        if day is None or not dt.date(1900, 1, 1) <= day <= timezone.localdate():
            raise ValidationError(_("Type a day such as 28/02/2001, or a year such as 2001."))
        return day.isoformat()


class OpeningForm(forms.Form):
    reason = TextField(
        label=_("What do you need it for?"),
        min_length=SHORTEST_REASON,
        max_length=300,
        help_text=_("Your head of unit sees this reason. Do not write the name into it."),
        widget=forms.Textarea(attrs={"rows": 3, **_OFF}),
    )


class IdentityForm(forms.Form):
    """Who the person is. ``confirmed`` is asked for once a person who matches was found elsewhere."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    full_name = TextField(label=_("Full name"), max_length=120, widget=forms.TextInput(attrs=_OFF))
    birth_date = BirthField(
        label=_("Born"),
        max_length=10,
        required=False,
        help_text=_("A day such as 28/02/2001, or only the year."),
        widget=forms.TextInput(attrs=_OFF),
    )
    phone = TextField(label=_("Phone"), max_length=30, required=False, widget=forms.TextInput(attrs=_OFF))
    address = TextField(
        label=_("Address"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2, **_OFF})
    )
    contacts = NarrativeField(
        label=_("People to contact"),
        max_length=1000,
        rows=3,
        required=False,
        help_text=_("Name, relation, phone; whether it is safe to call."),
    )
    confirmed = forms.BooleanField(
        label=_("It is another person: keep this identity"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, data: Any = None, *, shown: Shown | None = None) -> None:
        initial: dict[str, Any] = {"version": 0}
        if shown is not None:
            initial = {**shown.texts, "version": shown.version}
            for number, paper in enumerate(shown.papers[:PAPERS]):
                initial |= {f"paper_kind_{number}": paper.kind, f"paper_number_{number}": paper.number}
        super().__init__(data, initial=initial)
        kinds = [("", _("Choose …")), *PaperKind.choices]
        for number in range(PAPERS):
            self.fields[f"paper_kind_{number}"] = forms.ChoiceField(
                label=_("Paper"), choices=kinds, required=False
            )
            self.fields[f"paper_number_{number}"] = TextField(
                label=_("Number"), max_length=40, required=False, widget=forms.TextInput(attrs=_OFF)
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for number in range(PAPERS):
            kind, text = given.get(f"paper_kind_{number}"), given.get(f"paper_number_{number}")
            if kind and not text:
                self.add_error(f"paper_number_{number}", _("Give the number, or choose no paper."))
            if text and not kind:
                self.add_error(f"paper_kind_{number}", _("Say what kind of paper this is."))
        return given

    @property
    def papers(self) -> list[Paper]:
        given = self.cleaned_data
        rows = ((given[f"paper_kind_{n}"], given[f"paper_number_{n}"]) for n in range(PAPERS))
        return [Paper(kind, number) for kind, number in rows if kind]

    @property
    def texts(self) -> dict[str, str]:
        return {
            name: self.cleaned_data[name]
            for name in ("full_name", "birth_date", "address", "phone", "contacts")
        }

    def sought(self) -> list[Sought]:
        """What a person who is in care already would match by."""
        given = self.texts
        first = Sought(phone=given["phone"], full_name=given["full_name"], birth_year=given["birth_date"][:4])
        return [first, *(Sought(paper=paper.number) for paper in self.papers)]

    def ask_to_confirm(self) -> None:
        """Show the box that says it is another person."""
        self.fields["confirmed"].widget = forms.CheckboxInput()


class SearchForm(forms.Form):
    """Exact search for a person. Sent by POST: nothing of it stands in an address or a log."""

    paper = TextField(
        label=_("Number of a paper"), max_length=40, required=False, widget=forms.TextInput(attrs=_OFF)
    )
    phone = TextField(label=_("Phone"), max_length=30, required=False, widget=forms.TextInput(attrs=_OFF))
    full_name = TextField(
        label=_("Full name"),
        max_length=120,
        required=False,
        help_text=_("Whole and with its diacritics, together with the year of birth."),
        widget=forms.TextInput(attrs=_OFF),
    )
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        required=False,
        min_value=1900,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", **_OFF}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        name, year = given.get("full_name"), given.get("birth_year")
        if name and not year and "birth_year" not in self.errors:
            self.add_error("birth_year", _("A name alone is many people's: give the year of birth."))
        if year and not name:
            self.add_error("full_name", _("Give the full name that goes with the year."))
        if not self.errors and not any((given.get("paper"), given.get("phone"), name)):
            self.add_error(None, _("Give a paper's number, a phone, or a name with the year of birth."))
        return given

    def sought(self) -> Sought:
        given = self.cleaned_data
        return Sought(given["paper"], given["phone"], given["full_name"], str(given["birth_year"] or ""))
