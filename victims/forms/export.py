"""The forms with which an export of case data is asked for and answered."""

import uuid
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import scope_of
from territory.models import Area
from territory.text import TextField
from victims.models import CaseExport
from victims.services.export import ASK, FIRST_YEAR, LEVELS


class AskExportForm(forms.Form):
    """Which records, in which shape, for whom and what for."""

    required_css_class = "required"

    request_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    standard = forms.ChoiceField(
        label=_("Shape"), choices=CaseExport.Standard.choices, widget=forms.RadioSelect
    )
    area: Any = forms.ModelChoiceField(
        label=_("Area"), queryset=Area.objects.none(), empty_label=_("Choose …")
    )
    first_year = forms.IntegerField(label=_("From the year"), min_value=FIRST_YEAR, max_value=2100)
    last_year = forms.IntegerField(
        label=_("To the year"),
        min_value=FIRST_YEAR,
        max_value=2100,
        help_text=_("The year in which people came into care. Only years that are over."),
    )
    purpose = TextField(
        label=_("Purpose"),
        max_length=300,
        help_text=_("What the data is needed for. Without names of victims."),
    )
    recipient = TextField(
        label=_("Recipient"), max_length=200, help_text=_("Who gets the file and answers for it.")
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [grant.area for grant in scope_of(actor).having(ASK)]
        today = timezone.localdate()
        reached = Q(pk__in=[area.pk for area in held])
        for area in held:
            reached |= Q(path__startswith=area.path, pk__in=Area.objects.valid_on(today).values("pk"))
        areas = Area.objects.filter(reached, level__in=LEVELS)
        self.fields["area"].queryset = areas.order_by("path", "-valid_from")  # type: ignore[attr-defined]
        last = timezone.localdate().year - 1
        self.fields["first_year"].initial = self.fields["last_year"].initial = last


class AnswerExportForm(forms.Form):
    """The answer of the second person."""

    answer = forms.ChoiceField(choices=[("approve", ""), ("refuse", "")], widget=forms.HiddenInput)
    reason = TextField(
        label=_("Why it is refused"), max_length=300, required=False, help_text=_("Needed only to refuse.")
    )
