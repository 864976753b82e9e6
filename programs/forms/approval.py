"""The form in which a head returns an activity to its unit."""

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.services.approval import LONGEST_REASON
from territory.text import NarrativeField


class ReturnForm(forms.Form):
    """Why an activity goes back, bound to the version the head has read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**9)
    reason = NarrativeField(
        label=_("Why it goes back"),
        rows=3,
        max_length=LONGEST_REASON,
        help_text=_("What is to be corrected. The unit reads it above the form. No names of victims."),
        error_messages={
            "required": _("Say what is to be corrected: the unit reads it above the form."),
            "max_length": _(
                "The text has %(show_value)d characters; at most %(limit_value)d fit. Shorten it."
            ),
        },
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["reason"].widget.attrs.pop("maxlength", None)
