"""The form in which an activity is filed and changed."""

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.files.choosing import FilesField
from accounts.models import User
from accounts.scoping import scope_of
from programs.attachments import MAX_FILES, CheckedFile
from programs.forms.fields import RecordField, RecordsField, WholeNumberField
from programs.forms.occurrence import OccurrencesField, as_lines, with_areas
from programs.forms.place import NamedAreas, PlacesField
from programs.forms.quantity import BaseQuantityFormSet, QuantityForm, QuantityFormSet
from programs.models import Activity, ActivityKind, Assignment, Audience, Funding
from programs.selectors.area import areas_within, grouped_choices
from programs.selectors.linking import tasks_to_link
from programs.selectors.occurrence import Occurrence
from programs.selectors.quantity import Quantity
from programs.services import ActivityFields
from programs.services.rules import broken_rules
from territory.days import DayField, read_day
from territory.models import Agency, Area
from territory.text import NarrativeField, TextField

_LARGEST_COST = 10**15 - 1
_TOO_LONG = _("The text has %(show_value)d characters; at most %(limit_value)d fit. Shorten it.")
_NARRATIVE_TOO_LONG = _(
    "The text has %(show_value)d characters; at most %(limit_value)d fit. Shorten it, or attach it as a file."
)
_PREFIX = "quantities"


def _text(label: Any, limit: int, **kwargs: Any) -> TextField:
    messages = {"max_length": _TOO_LONG, "required": _("Type a text here.")}
    return TextField(label=label, max_length=limit, error_messages=messages, **kwargs)


class ActivityForm(forms.Form):
    """All fields of an activity for one person: only own agencies and own areas can be chosen.

    ``typed`` are fields as a draft kept them: they are shown as they were, and not yet judged. ``copied`` is an
    activity whose lasting parts a new one begins with: neither days nor figures, costs nor files.
    """

    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=10**9)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("Choose …")), *ActivityKind.choices],
        error_messages={"required": _("Choose the kind of activity.")},
    )
    title = _text(
        _("Title"),
        300,
        help_text=_("What was done and on what, for example: Talk on safe migration in Đăk Môn"),
    )
    agency: RecordField[Agency] = RecordField(
        label=_("Agency"), error_messages={"required": _("Choose the agency.")}
    )
    area: RecordField[Area] = RecordField(
        label=_("Area"),
        help_text=_(
            "The smallest unit that holds all of it: a commune, a district or the whole province."
            " The figures count in this unit."
        ),
        error_messages={"required": _("Choose the area.")},
    )
    places = PlacesField(
        label=_("Places"),
        required=False,
        help_text=_(
            "Where it took place in more than one unit: the names of the communes or districts within the area,"
            " parted by commas. The figures count in the area above, not once in each place."
        ),
        error_messages={"max_length": _TOO_LONG},
    )
    started_on = DayField(label=_("First day"), help_text=_("For example 05/03/2020."))
    ended_on = DayField(
        label=_("Last day"), help_text=_("The activity counts in the reporting period of this day.")
    )
    is_cumulative = forms.BooleanField(
        label=_("The figures were gathered over this whole time"),
        required=False,
        help_text=_("Only for figures of more than half a year, such as a total since 2013."),
    )
    is_integrated = forms.BooleanField(label=_("It was part of another programme or meeting"), required=False)
    integrated_with = _text(
        _("Which one"),
        200,
        required=False,
        help_text=_("For example: campaign against drugs in border communes"),
    )
    audience = forms.MultipleChoiceField(
        label=_("Audience"), required=False, choices=Audience.choices, widget=forms.CheckboxSelectMultiple
    )
    partner_agencies: RecordsField[Agency] = RecordsField(
        label=_("Partner agencies"), required=False, widget=forms.CheckboxSelectMultiple
    )
    other_partners = _text(
        _("Other partners"),
        300,
        required=False,
        help_text=_("Who is not in the list above, parted by commas."),
    )
    assignments: RecordsField[Assignment] = RecordsField(
        label=_("Tasks it serves"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Open tasks of your unit. The activity then shows on the page of the task."),
    )
    occurrences = OccurrencesField(
        label=_("Each time it took place"),
        required=False,
        rows=4,
        help_text=_(
            "For a series, such as a lesson in twenty schools: one line each time, with venue; date; sessions;"
            " attendances; of them women; area. Leave out what is not known, or paste the columns from a sheet."
            " For example: Trường THCS Đăk Môn; 05/03/2020; 2; 85. Sessions and attendances are added up for you"
            " where you give no figure for them above."
        ),
        error_messages={"max_length": _NARRATIVE_TOO_LONG},
    )
    narrative = NarrativeField(
        label=_("Narrative"),
        required=False,
        rows=8,
        help_text=_(
            "How it went, for the report. No names of victims or suspects. At most 20.000 characters."
        ),
        error_messages={"max_length": _NARRATIVE_TOO_LONG},
    )
    attachments = FilesField(
        label=_("Attachments"),
        required=False,
        help_text=_("PDF, PNG, JPEG, xlsx or docx; at most 10 files of 5 MB each."),
    )
    removed_attachments = forms.TypedMultipleChoiceField(
        label=_("Remove files"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        actor: User,
        activity: Activity | None = None,
        copied: Activity | None = None,
        typed: Mapping[str, list[str]] | None = None,
        blank_rows: int | None = None,
    ) -> None:
        super().__init__(data, files, initial=_copied_of(copied) if copied else _initial_of(activity))
        self.activity = activity
        self.copied = copied
        self.actor = actor
        self.grants = list(scope_of(actor).having("activity.write"))
        for source in Funding:
            self.fields[_cost(source)] = WholeNumberField(
                label=source.label, required=False, most=_LARGEST_COST
            )
        # A browser cuts pasted text at maxlength without a word; the form says how much is too much instead.
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)
        shown = MultiValueDict(typed) if typed is not None else None
        if shown is not None:
            for name, field in self.fields.items():
                if name != "attachments":
                    self.initial[name] = field.widget.value_from_datadict(shown, MultiValueDict(), name)
        self._offer(data if data is not None else shown)
        self._offer_tasks()
        rows = _typed_rows(shown) if shown is not None else _stored_rows(activity, copied)
        if blank_rows is None:
            blank_rows = 0 if shown is not None else 1
        formset: Any = QuantityFormSet(data, prefix=_PREFIX, initial=rows)
        self.quantities: BaseQuantityFormSet = formset
        self.quantities.extra = len(rows) + blank_rows if rows else max(blank_rows, 2)

    @property
    def costs(self) -> list[forms.BoundField]:
        """The four amounts, one a source of money."""
        return [self[_cost(source)] for source in Funding]

    @property
    def has_lost_files(self) -> bool:
        """Whether files came with a submission that is shown again: a browser does not keep them."""
        return bool(self.files)

    def is_valid(self) -> bool:
        # Both are judged, so that all messages show at once.
        is_valid_itself = super().is_valid()
        return self.quantities.is_valid() and is_valid_itself

    def clean_submission_key(self) -> uuid.UUID:
        key: uuid.UUID = self.cleaned_data["submission_key"] or uuid.uuid4()
        return key

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        self._find_areas(given)
        judged = {name: value for name, value in given.items() if name not in self.errors}
        if self.quantities.is_valid():
            judged["quantities"] = self.quantities.reported
        for name, errors in broken_rules(judged, today=timezone.localdate()).items():
            self.add_error(name, errors)
        agency, area = given.get("agency"), given.get("area")
        if agency and area and not any(grant.reaches(agency.pk, area) for grant in self.grants):
            message = _("You do not file for %(agency)s in %(area)s. Choose another area or agency.")
            params = {"agency": agency.name, "area": area.name}
            self.add_error("area", ValidationError(message, code="out_of_reach", params=params))
        self._judge_file_count()
        return given

    def _find_areas(self, given: dict[str, Any]) -> None:
        """Put areas in the place of the names that were typed."""
        where = {"within": given.get("area"), "day": given.get("ended_on")}
        places: list[Area] = []
        for name in given.get("places") or []:
            try:
                places.append(self.named.find(name, **where))
            except ValidationError as error:
                self.add_error("places", error)
        if "places" not in self.errors:
            given["places"] = list({place.pk: place for place in places}.values())
        if "occurrences" not in self.errors:
            occurrences, errors = with_areas(given.get("occurrences") or [], self.named, **where)
            given["occurrences"] = occurrences
            if errors:
                self.add_error("occurrences", errors)

    def _judge_file_count(self) -> None:
        kept = 0
        if self.activity is not None:
            removed = self.cleaned_data.get("removed_attachments") or []
            kept = len(self.fields["removed_attachments"].choices) - len(removed)  # type: ignore[attr-defined]
        added = len(self.cleaned_data.get("attachments") or [])
        if added and kept + added > MAX_FILES:
            message = _(
                "With these there would be %(count)d files. At most %(limit)d can go with an activity."
            )
            params = {"count": kept + added, "limit": MAX_FILES}
            self.add_error("attachments", ValidationError(message, code="too_many", params=params))

    def put(self, name: str, value: object) -> None:
        """Give a hidden field another value for when the form is shown again."""
        data: Any = self.data
        self.data = data.copy()
        self.data[name] = str(value)  # type: ignore[index]

    # --- what was typed, for the services ---

    @property
    def activity_fields(self) -> ActivityFields:
        given = self.cleaned_data
        names = (*ActivityFields.__required_keys__, *ActivityFields.__optional_keys__)
        return {name: given[name] for name in names}  # type: ignore[return-value]

    @property
    def reported_quantities(self) -> list[Quantity]:
        return self.quantities.reported

    @property
    def reported_costs(self) -> dict[str, Decimal]:
        amounts = {source.value: self.cleaned_data.get(_cost(source)) for source in Funding}
        return {source: Decimal(amount) for source, amount in amounts.items() if amount is not None}

    @property
    def checked_files(self) -> list[CheckedFile]:
        files: list[CheckedFile] = self.cleaned_data["attachments"] or []
        return files

    # --- what may be chosen ---

    def _offer(self, typed: Any) -> None:
        agencies = list(
            {grant.membership.agency_id: grant.membership.agency for grant in self.grants}.values()
        )
        agency_field, area_field, partners_field = (
            self.fields[name] for name in ("agency", "area", "partner_agencies")
        )
        assert isinstance(agency_field, RecordField)
        assert isinstance(area_field, RecordField)
        assert isinstance(partners_field, RecordsField)
        choices = [(str(agency.pk), agency.name) for agency in agencies]
        self.only_agency = agencies[0] if len(agencies) == 1 else None
        if self.only_agency is not None:
            agency_field.widget = forms.HiddenInput()
            self.initial["agency"] = self.only_agency.pk
        agency_field.offer(agencies, choices if self.only_agency else [("", _("Choose …")), *choices])

        day = read_day((typed.get("ended_on") or "") if typed is not None else "")
        if typed is None and self.activity is not None:
            day = self.activity.ended_on
        chosen = str((typed.get("area") if typed is not None else self.initial.get("area")) or "")
        within = areas_within(grant.area for grant in self.grants)
        self.named = NamedAreas(within)
        areas = [area for area in within if day is None or area.held_on(day) or str(area.pk) == chosen]
        groups = grouped_choices(areas, today=day or timezone.localdate())
        area_field.offer(areas, [("", _("Choose …")), *groups])
        if not self.initial.get("area") and len({grant.area.pk for grant in self.grants}) == 1:
            self.initial["area"] = self.grants[0].area.pk
        if typed is None:
            self._name_areas()
        partners_field.offer(self._partners(day, typed))
        files = self.activity.attachments.all() if self.activity is not None else []
        self.fields["removed_attachments"].choices = [  # type: ignore[attr-defined]
            (file.pk, file.name) for file in files
        ]

    def _name_areas(self) -> None:
        """Show stored places and occurrences as they would be typed."""
        shown = self.activity or self.copied
        if shown is not None:
            self.initial["places"] = ", ".join(self.named.name_of(place) for place in shown.places.all())
        if self.activity is not None:
            rows = self.activity.occurrences.select_related("area")
            self.initial["occurrences"] = as_lines(map(Occurrence.of, rows), self.named)

    def _offer_tasks(self) -> None:
        tasks = tasks_to_link(self.actor, self.activity)
        field = self.fields["assignments"]
        assert isinstance(field, RecordsField)
        field.offer(tasks)
        field.choices = [(str(task.pk), _task_label(task)) for task in tasks]
        if self.activity is not None and "assignments" not in self.initial:
            self.initial["assignments"] = [str(task.pk) for task in tasks if task.is_linked]

    def _partners(self, day: dt.date | None, typed: Any) -> list[Agency]:
        """Agencies of the same province on that day, those of larger units first."""
        reach = Q(pk__in=[])
        for grant in self.grants:
            reach |= (
                Q(area__province=grant.area.province_id) if grant.area.province_id else Q(area=grant.area)
            )
        chosen = set(
            typed.getlist("partner_agencies") if typed is not None else self.initial["partner_agencies"]
        )
        agencies = Agency.objects.filter(reach).select_related("area").order_by("area__path", "sort_key")
        own = self.only_agency.pk if self.only_agency else None
        return [
            agency
            for agency in sorted(agencies, key=lambda agency: agency.area.path.count("/"))
            if (agency.pk != own and (day is None or agency.held_on(day))) or str(agency.pk) in chosen
        ]


def _cost(source: Funding) -> str:
    return f"cost_{source.value}"


def _initial_of(activity: Activity | None) -> dict[str, Any]:
    if activity is None:
        return {"submission_key": uuid.uuid4(), "partner_agencies": []}
    initial: dict[str, Any] = {
        name: getattr(activity, name)
        for name in (
            *("version", "kind", "title", "started_on", "ended_on", "is_cumulative", "is_integrated"),
            *("integrated_with", "audience", "other_partners", "narrative"),
        )
    }
    initial["submission_key"] = uuid.uuid4()
    initial["agency"], initial["area"] = activity.agency_id, activity.area_id
    initial["partner_agencies"] = [str(agency.pk) for agency in activity.partner_agencies.all()]
    initial |= {_cost(Funding(cost.source)): int(cost.amount) for cost in activity.costs.all()}
    return initial


def _copied_of(activity: Activity) -> dict[str, Any]:
    """What a copy begins with."""
    left_out = {"version", "started_on", "ended_on", "is_cumulative", "narrative"}
    return {
        name: value
        for name, value in _initial_of(activity).items()
        if name not in left_out and not name.startswith("cost_")
    }


def _task_label(task: Assignment) -> str:
    due = f" · {task.due_on:%d/%m/%Y}" if task.due_on else ""
    return f"{task.task.document}, {task.task.number}: {Truncator(task.task.text).chars(90)}{due}"


def _stored_rows(activity: Activity | None, copied: Activity | None) -> list[dict[str, Any]]:
    if copied is not None:
        return [{"measure": row.measure} for row in copied.quantities.all()]
    if activity is None:
        return []
    return [QuantityForm.initial_of(Quantity.of(row)) for row in activity.quantities.all()]


def _typed_rows(typed: MultiValueDict[str, str]) -> list[dict[str, Any]]:
    """The rows of figures as they were typed, without those that were removed."""
    try:
        total = min(int(typed.get(f"{_PREFIX}-TOTAL_FORMS") or 0), QuantityFormSet.absolute_max)
    except ValueError:
        total = 0
    rows = []
    for number in range(total):
        row = {name: typed.get(f"{_PREFIX}-{number}-{name}") or "" for name in QuantityForm.base_fields}
        if not typed.get(f"{_PREFIX}-{number}-DELETE"):
            rows.append(row)
    return rows
