"""The form in which a unit tells how far it is with its task."""

import datetime as dt
import re
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.forms.attaching import AttachingForm, added_files_field
from programs.forms.fields import RecordsField
from programs.models import Activity, Assignment, Document
from programs.selectors.task import activities_as_evidence
from territory.days import DayField
from territory.text import NarrativeField, TextField

_MOST_DOCUMENTS = 20
_TOO_LONG = _("The text has %(show_value)d characters; at most %(limit_value)d fit. Shorten it.")
#: "12/KH-UBND" or, where several documents have that number, "12/KH-UBND (2020)".
_NUMBER_AND_YEAR = re.compile(r"(?P<number>.+?)(?:\s*\((?P<year>\d{4})\))?", re.ASCII | re.DOTALL)


class ProgressForm(AttachingForm):
    """What a unit tells about its task, with what shows it."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput)
    state = forms.ChoiceField(label=_("State"), choices=Assignment.State.choices)
    reason = TextField(
        label=_("Why it does not apply"),
        max_length=300,
        required=False,
        help_text=_("Only for a task that does not apply."),
        error_messages={"max_length": _TOO_LONG},
    )
    done_on = DayField(
        label=_("Done on"), required=False, help_text=_("Only for a task that is done. Empty: today.")
    )
    text = NarrativeField(
        label=_("Progress"),
        rows=5,
        max_length=4_000,
        help_text=_("What was done, what is missing. No names of victims or suspects."),
        error_messages={
            "max_length": _TOO_LONG,
            "required": _("Say in a sentence how far the task has come."),
        },
    )
    activities: RecordsField[Activity] = RecordsField(
        label=_("Activities that show it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Approved activities of your unit, those of the time of the task first."),
    )
    documents = TextField(
        label=_("Documents that show it"),
        max_length=1_000,
        error_messages={"max_length": _TOO_LONG},
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Numbers as printed, parted by commas: 15/KH-CAH, 27/BC-CAH (2021)."),
    )

    attachments = added_files_field(_("Files that show it"))

    def __init__(self, data: Any = None, files: Any = None, *, assignment: Assignment, actor: User) -> None:
        initial = {
            "submission_key": uuid.uuid4(),
            "state": assignment.state,
            "reason": assignment.reason,
            "done_on": assignment.done_on,
        }
        super().__init__(data, files, initial=initial)
        self.actor = actor
        # A browser cuts pasted text at maxlength without a word; the form says how much is too much instead.
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)
        typed = data.getlist("activities") if data is not None else []
        chosen = [int(key) for key in typed[:200] if re.fullmatch(r"[0-9]{1,18}", key, re.ASCII)]
        activities = activities_as_evidence(assignment, actor, chosen)
        self.fields["activities"].offer(activities)  # type: ignore[attr-defined]
        self.fields["activities"].choices = [  # type: ignore[attr-defined]
            (str(activity.pk), f"{activity.ended_on:%d/%m/%Y} · {activity.title}") for activity in activities
        ]

    def clean_done_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["done_on"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(_("The day lies in the future."), code="future")
        return day

    def clean_documents(self) -> list[Document]:
        """The documents of the numbers typed. Raises ValidationError for one unknown, or known several times."""
        wanted = [
            part.strip() for part in re.split(r"[,;\n]", self.cleaned_data["documents"]) if part.strip()
        ]
        wanted = list(dict.fromkeys(wanted))
        if len(wanted) > _MOST_DOCUMENTS:
            message = _("Name at most %(limit)d documents.")
            raise ValidationError(message, code="too_many", params={"limit": _MOST_DOCUMENTS})
        known = self._documents_by_number(wanted)
        chosen: dict[int, Document] = {}
        errors = []
        for typed in wanted:
            number, year = _number_and_year(typed)
            found = [
                document for document in known.get(number.casefold(), ()) if year in (None, document.year)
            ]
            if len(found) == 1:
                chosen[found[0].pk] = found[0]
            elif found:
                message = _(
                    "Several documents have the number %(number)s: add the year, as in %(number)s (%(year)s)."
                )
                params = {"number": number, "year": found[0].year or timezone.localdate().year}
                errors.append(ValidationError(message, code="several", params=params))
            else:
                message = _("The register has no document %(number)s that you may see.")
                errors.append(ValidationError(message, code="unknown", params={"number": typed}))
        if errors:
            raise ValidationError(errors)
        return list(chosen.values())

    def _documents_by_number(self, wanted: list[str]) -> dict[str, list[Document]]:
        reach = Q(pk__in=[])
        for typed in wanted:
            reach |= Q(number__iexact=_number_and_year(typed)[0])
        known: dict[str, list[Document]] = {}
        if wanted:
            for document in Document.objects.visible_to(self.actor).filter(reach).only("number", "year"):
                known.setdefault(document.number.casefold(), []).append(document)
        return known

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        is_excused = given.get("state") == Assignment.State.NOT_APPLICABLE
        if is_excused and not given.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say why the task does not apply to your unit."))
        self.judge_file_count()
        return given


def _number_and_year(typed: str) -> tuple[str, int | None]:
    match = _NUMBER_AND_YEAR.fullmatch(typed)
    assert match is not None
    return match["number"], int(match["year"]) if match["year"] else None
