"""The form with which files are added to a victim's file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.files.choosing import FilesField


class AttachForm(forms.Form):
    """Files, and the promise that none of them is classified."""

    required_css_class = "required"

    files_added = FilesField(
        label=_("Files"), help_text=_("PDF, PNG, JPEG, xlsx or docx; at most 10 files of 5 MB each.")
    )
    has_no_secret = forms.BooleanField(
        label=_("None of these files holds a state secret"),
        help_text=_("Classified papers and their content may not be entered into this portal."),
        error_messages={
            "required": _("Confirm this, or leave out what is classified: it may not be kept here.")
        },
    )
