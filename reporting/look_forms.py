"""The forms that keep a look at the dashboard, ask a unit about it, and answer."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reporting.models import Question
from territory.days import DayField
from territory.models import Agency
from territory.text import NarrativeField, TextField


class SavedViewForm(forms.Form):
    """Under which name, and whether it is sent."""

    name = TextField(label=_("Name"), max_length=120)
    is_latest = forms.BooleanField(label=_("always the latest period"), required=False)
    is_mailed = forms.BooleanField(label=_("send it to me by e-mail every week"), required=False)


class QuestionForm(forms.Form):
    """Which unit is asked what, and until when."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput)
    agency = forms.ModelChoiceField(
        label=_("Unit"), queryset=Agency.objects.none(), to_field_name="code", empty_label=None
    )
    text = NarrativeField(label=_("Question"), rows=4, max_length=1000)
    due_on = DayField(label=_("Answer due"))

    def __init__(self, data: Any = None, *, agencies: Any, initial: Any = None) -> None:
        super().__init__(data, initial={"submission_key": uuid.uuid4(), **(initial or {})})
        fields: dict[str, Any] = self.fields
        fields["agency"].queryset = agencies


class AnswerForm(forms.Form):
    """The answer of the unit."""

    text = NarrativeField(label=_("Answer"), rows=5, max_length=Question._meta.get_field("answer").max_length)
