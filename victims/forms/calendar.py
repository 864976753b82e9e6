"""The form of a day off, or of a day worked in the place of another."""

from django import forms
from django.utils.translation import gettext_lazy as _

from territory.days import DayField
from territory.models import SpecialDay
from territory.text import TextField


class SpecialDayForm(forms.Form):
    required_css_class = "required"

    day = DayField(label=_("Day"))
    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=SpecialDay.Kind.choices,
        help_text=_("“As its weekday” takes an entry back: the day then goes by its weekday again."),
    )
    name = TextField(label=_("Name"), max_length=120)
    basis = TextField(
        label=_("Legal basis"), max_length=200, help_text=_("The law or the announcement that says so.")
    )
