"""Fields that several forms share, and how a refusal of a service finds its way to the field it is about."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from territory.models import Agency, Area
from territory.text import NarrativeField, TextField

_UNKNOWN = {"invalid_choice": _("Choose one from the list.")}

NO_NAMES = _(
    "No names, addresses, phone or paper numbers: write “the girl”, “Đ1”, “a woman from the commune”."
)


class AreaChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An area, shown with the last day of one that has ended and with the district of a commune."""

    def label_from_instance(self, obj: Any) -> str:
        name = (
            f"{obj.name}, {obj.district.name}" if obj.district_id and obj.district_id != obj.pk else obj.name
        )
        if obj.valid_to is not None and obj.valid_to < dt.date.today():
            return str(_("%(area)s (until %(day)s)") % {"area": name, "day": f"{obj.valid_to:%d/%m/%Y}"})
        return name


def choice(label: Any, choices: Any, *, required: bool = True, **more: Any) -> forms.ChoiceField:
    """A choice out of a value list, none chosen to begin with."""
    offered = [("", _("Choose …") if required else _("not known")), *choices]
    return forms.ChoiceField(label=label, choices=offered, required=required, error_messages=_UNKNOWN, **more)


def record(label: Any, queryset: Any, *, required: bool = True, **more: Any) -> Any:
    """A choice of one record out of a queryset."""
    kind = more.pop("field", forms.ModelChoiceField)
    return kind(
        queryset,
        label=label,
        required=required,
        empty_label=_("Choose …") if required else _("none"),
        error_messages=_UNKNOWN,
        **more,
    )


def number_field(label: Any = None, *, required: bool = True, **more: Any) -> TextField:
    """The number of a decision or record, as printed."""
    return TextField(
        label=label or _("Decision, number"),
        max_length=60,
        required=required,
        help_text=_("As printed."),
        **more,
    )


def note_field(label: Any = None, *, required: bool = False) -> NarrativeField:
    """A short note without names."""
    return NarrativeField(
        label=label or _("Note"), rows=3, max_length=500, required=required, help_text=NO_NAMES
    )


def whole(label: Any, *, most: int = 100_000, least: int = 0, **more: Any) -> forms.IntegerField:
    """A whole number, empty where it is not known."""
    more.setdefault("required", False)
    return forms.IntegerField(label=label, min_value=least, max_value=most, **more)


def no_secret_field() -> forms.BooleanField:
    """Whoever tells something in words says that nothing in them is classified."""
    return forms.BooleanField(
        label=_("What I typed holds no state secret"),
        help_text=_("Classified papers and their content may not be entered into this portal."),
        error_messages={
            "required": _("Confirm this, or take out what is classified: it may not be kept here.")
        },
    )


class IncidentForm(forms.Form):
    """A form about a protected record: it carries the version it was opened with, and the promise that nothing in it
    is a state secret where something can be told in words."""

    required_css_class = "required"
    tells_in_words = True

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.tells_in_words:
            self.fields["has_no_secret"] = no_secret_field()

    @property
    def given(self) -> dict[str, Any]:
        """What was typed, without what belongs to the form alone."""
        own = ("version", "has_no_secret", "submission_key")
        return {name: value for name, value in self.cleaned_data.items() if name not in own}

    def refuse(self, error: ValidationError) -> None:
        """Show what a service refused, at the field it is about where the form has one of that name."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            for one in errors:
                self.add_error(name if name in self.fields else None, one)

    def put(self, name: str, value: Any) -> None:
        """Set a hidden field of a form that is shown again."""
        typed: Any = self.data.copy()  # type: ignore[attr-defined]
        typed[name] = str(value)
        self.data = typed


class KeyedForm(IncidentForm):
    """A form that makes a record once, however often it is sent."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["submission_key"].initial = uuid.uuid4


def unit_fields(form: forms.Form, units: list[tuple[Agency, Area]]) -> None:
    """Offer the agencies a person writes for, and the areas within these rights; one agency is chosen already."""
    agencies = Agency.objects.filter(pk__in=[agency.pk for agency, _area in units])
    form.fields["agency"].queryset = agencies  # type: ignore[attr-defined]
    reach = Area.objects.none()
    for _agency, area in units:
        reach = reach | Area.objects.within(area)
    form.fields["area"].queryset = (  # type: ignore[attr-defined]
        reach.filter(province__isnull=False).select_related("district").order_by("path")
    )
    if len(units) == 1:
        form.fields["agency"].initial = units[0][0].pk
        form.fields["area"].initial = units[0][1].pk
