"""The fields with which files are added to a record and taken off it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.files.choosing import FilesField
from programs.attachments import CheckedFile, refuse_too_many_files
from programs.models import Attachment

ADDED, REMOVED = "attachments", "removed_attachments"


def added_files_field(label: Any) -> FilesField:
    return FilesField(
        label=label,
        required=False,
        help_text=_("PDF, PNG, JPEG, xlsx or docx; at most 10 files of 5 MB each."),
    )


def removed_files_field() -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=_("Remove files"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )


class AttachingForm(forms.Form):
    """A form with ``added_files_field`` under the name ADDED, and perhaps ``removed_files_field`` under REMOVED."""

    @property
    def has_lost_files(self) -> bool:
        """Whether files came with a submission that is shown again: a browser does not keep them."""
        return bool(self.files)

    @property
    def checked_files(self) -> list[CheckedFile]:
        files: list[CheckedFile] = self.cleaned_data[ADDED] or []
        return files

    def offer_removal(self, attachments: Iterable[Attachment]) -> None:
        """Offer the files that are there to be taken off."""
        field = self.fields[REMOVED]
        field.choices = [(each.pk, each.name) for each in attachments]  # type: ignore[attr-defined]

    def judge_file_count(self) -> None:
        """Add an error where there would be too many files. To be called when the fields are cleaned."""
        kept = 0
        if REMOVED in self.fields:
            removed = self.cleaned_data.get(REMOVED) or []
            kept = len(self.fields[REMOVED].choices) - len(removed)  # type: ignore[attr-defined]
        try:
            refuse_too_many_files(kept=kept, added=len(self.cleaned_data.get(ADDED) or []))
        except ValidationError as error:
            self.add_error(ADDED, error)
