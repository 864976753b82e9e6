"""The forms of models of prevention and support."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.forms.fields import FigureField
from programs.forms.unit import UnitForm
from programs.models import ModelAssessment, ModelKind, PreventionModel
from programs.selectors.prevention import copies_of, units_to_replicate
from programs.services.task import Unit
from territory.days import DayField, read_day
from territory.figure import Figure
from territory.text import NarrativeField, TextField

LONGEST = 5000
_TOO_LONG = _("The text has %(show_value)d characters; at most %(limit_value)d fit. Shorten it.")
_EXAMPLE_DAY = _("For example 05/03/2020.")


def _narrative(label: Any, **kwargs: Any) -> NarrativeField:
    messages = {"max_length": _TOO_LONG, "required": _("Type a text here.")}
    return NarrativeField(label=label, max_length=LONGEST, error_messages=messages, **kwargs)


class ModelForm(UnitForm):
    """All that is told of a model."""

    own_verb = "model.write"
    every_verb = "model.write_all"

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("Choose …")), *ModelKind.choices],
        error_messages={"required": _("Choose the kind of model.")},
    )
    name = TextField(
        label=_("Name"),
        max_length=300,
        help_text=_("As people call it, for example: Club of women against trafficking, Y Tý"),
        error_messages={"max_length": _TOO_LONG, "required": _("Type a text here.")},
    )
    since = DayField(label=_("Since"), help_text=_EXAMPLE_DAY)
    members = FigureField(
        label=_("Members"),
        required=False,
        help_text=_("How many take part, where it is known: 25, hơn 30, khoảng 100."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input-figure"}),
    )
    description = _narrative(
        _("Description"),
        required=False,
        rows=6,
        help_text=_("What it does, for whom and how often. No names of victims or suspects."),
    )

    def __init__(
        self, data: Any = None, *, actor: User, model: PreventionModel | None = None, typed: Any = None
    ) -> None:
        self.model = model
        super().__init__(data, actor=actor, typed=typed, initial=_initial_of(model))
        if model is not None and model.has_members:
            field: Any = self.fields["members"]
            field.stored = model.figure

    def day(self) -> dt.date | None:
        value = self.seen.get("since") if self.seen is not None else self.initial.get("since")
        return value if isinstance(value, dt.date) else read_day(str(value or ""))

    def clean_submission_key(self) -> uuid.UUID:
        key: uuid.UUID = self.cleaned_data["submission_key"] or uuid.uuid4()
        return key

    @property
    def model_fields(self) -> dict[str, Any]:
        """What was typed, for the services."""
        skipped = ("submission_key", "version")
        return {name: value for name, value in self.cleaned_data.items() if name not in skipped}


def _initial_of(model: PreventionModel | None) -> dict[str, Any]:
    if model is None:
        return {"submission_key": uuid.uuid4()}
    initial: dict[str, Any] = {
        name: getattr(model, name) for name in ("version", "kind", "name", "since", "description")
    }
    members: Figure | None = model.figure if model.has_members else None
    units = {"agency": model.agency_id, "area": model.area_id}
    return {**initial, **units, "members": members, "submission_key": uuid.uuid4()}


class _Sent(forms.Form):
    """A form that is sent once, however often its button is pressed."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, initial={"submission_key": uuid.uuid4()}, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)

    def clean_submission_key(self) -> uuid.UUID:
        key: uuid.UUID = self.cleaned_data["submission_key"] or uuid.uuid4()
        return key


class ModelAssessmentForm(_Sent):
    """What a model was found to be worth."""

    assessed_on = DayField(label=_("Date"), help_text=_EXAMPLE_DAY)
    text = _narrative(
        _("Assessment"), help_text=_("What works, what does not, and why. No names of victims or suspects.")
    )
    verdict = forms.ChoiceField(
        label=_("What should become of it"),
        choices=ModelAssessment.Verdict.choices,
        widget=forms.RadioSelect,
        help_text=_("This is an opinion. Replicating and stopping are done on the page of the model."),
        error_messages={"required": _("Choose what should become of the model.")},
    )


class ModelReplicationForm(_Sent):
    """For which units a model is made anew."""

    since = DayField(label=_("First day there"), help_text=_EXAMPLE_DAY)
    units = forms.MultipleChoiceField(
        label=_("Units"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each gets the model with its name and description, linked back to this one."),
        error_messages={"required": _("Choose at least one unit.")},
    )

    def __init__(self, data: Any = None, *, actor: User, model: PreventionModel) -> None:
        super().__init__(data)
        has = set(copies_of(model).values_list("agency", "area"))
        has.add((model.agency_id, model.area_id))
        self.offered = {
            f"{unit.agency.pk}:{unit.area.pk}": unit
            for unit in units_to_replicate(actor, model.since)
            if (unit.agency.pk, unit.area.pk) not in has
        }
        field: Any = self.fields["units"]
        field.choices = [(key, _named(unit)) for key, unit in self.offered.items()]

    def clean_units(self) -> list[Unit]:
        return [self.offered[key] for key in self.cleaned_data["units"]]


def _named(unit: Unit) -> str:
    return (
        unit.agency.name if unit.agency.area_id == unit.area.pk else f"{unit.agency.name} · {unit.area.name}"
    )


class StopModelForm(forms.Form):
    """When and why a model is stopped."""

    ended_on = DayField(label=_("Last day"), help_text=_EXAMPLE_DAY)
    end_reason = _narrative(_("Why it is stopped"), rows=4)
