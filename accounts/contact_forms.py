"""The form on which an administrator writes the contact of an area."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from territory.text import TextField

_PHONE = re.compile(r"[\d\s.+()/-]{3,40}")


class ContactForm(forms.Form):
    """An office and how to reach it."""

    office = TextField(
        label=_("Office"),
        max_length=160,
        help_text=_("The responsible office, such as “Phòng Cảnh sát hình sự”. Name no person."),
    )
    phone = forms.RegexField(_PHONE, label=_("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    address = TextField(label=_("Address"), max_length=200, required=False)
    hours = TextField(label=_("Office hours"), max_length=120, required=False)
