"""The forms of feedback: giving it, and answering it."""

from django import forms
from django.core.validators import MinLengthValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import Feedback
from territory.text import NarrativeField

LONGEST = 2000


class FeedbackForm(forms.Form):
    """A remark about a page. ``page`` is the name of the page's view, which the link to this form carries."""

    page = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("What is it about?"), choices=Feedback.Kind.choices, widget=forms.RadioSelect
    )
    text = NarrativeField(
        label=_("What should we know?"),
        max_length=LONGEST,
        rows=6,
        validators=[MinLengthValidator(10, _("Write a little more, so that we understand it."))],
        help_text=_("Write no names, telephone numbers or anything else that says who a person is."),
    )
    may_contact = forms.BooleanField(
        label=_("You may contact me"),
        required=False,
        help_text=_(
            "Your account is kept with it, and you are told of the answer. Otherwise nobody learns who"
            " wrote it."
        ),
    )


class FeedbackAnswerForm(forms.Form):
    answer = NarrativeField(label=_("Answer"), max_length=LONGEST, rows=5)
