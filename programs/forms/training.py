"""The form of the register of a training: what was taught, the tests, and the places of each agency."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from programs.forms.fields import WholeNumberField
from programs.models import Activity, TrainingRegister
from programs.models.training import BEST_MARK
from programs.selectors.training import Units, key_of_name
from programs.services.training import (
    MOST_DAYS,
    MOST_PEOPLE,
    MOST_PLACES,
    REPEATED_UNIT,
    Places,
    RegisterFields,
    broken_places,
    broken_tests,
)
from territory.text import TextField

PREFIX = "places"
_TOO_LONG = _("The text has %(show_value)d characters; at most %(limit_value)d fit. Shorten it.")
_MARK = re.compile(r"[0-9]{1,2}([.,][0-9])?", re.ASCII)
_TESTS = tuple(f"{name}_{when}" for when in ("before", "after") for name in ("taken", "passed", "average"))
_NUMBERS = ("offered", "attended", "attended_women", "certificates", "certificates_women")


def _people(label: Any) -> WholeNumberField:
    return WholeNumberField(label=label, required=False, most=MOST_PEOPLE)


def _text(label: Any, limit: int, **kwargs: Any) -> TextField:
    messages = {"max_length": _TOO_LONG}
    return TextField(label=label, max_length=limit, required=False, error_messages=messages, **kwargs)


class MarkField(TextField):
    """An average mark from 0 to 10 with one decimal place, "7,5" or "7.5". Cleans to a Decimal, or None."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(required=False, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return str(value).replace(".", ",") if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        if not text:
            return None
        if not _MARK.fullmatch(text) or (mark := Decimal(text.replace(",", "."))) > BEST_MARK:
            message = _("Type a mark from 0 to 10 with at most one decimal, for example 7,5.")
            raise ValidationError(message, code="invalid")
        return mark


class PlacesForm(forms.Form):
    """One row: an agency and its people. An empty row says nothing."""

    unit = TextField(
        label=_("Agency or unit"),
        required=False,
        max_length=200,
        error_messages={"max_length": _TOO_LONG},
        widget=forms.TextInput(attrs={"list": "known-units", "autocomplete": "off"}),
    )
    offered = _people(_("places offered"))
    attended = _people(_("attended"))
    attended_women = _people(_("of them women"))
    certificates = _people(_("certificates"))
    certificates_women = _people(_("of them to women"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].widget.attrs.pop("maxlength", None)

    @property
    def is_removed(self) -> bool:
        return bool(self.is_bound and self["DELETE"].value())

    @property
    def is_told(self) -> bool:
        """Whether anything was typed into the row, and it stays."""
        given = getattr(self, "cleaned_data", {})
        is_filled = bool(given.get("unit")) or any(given.get(name) is not None for name in _NUMBERS)
        return is_filled and not given.get("DELETE")

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not self.is_told:
            return given
        if not given.get("unit") and "unit" not in self.errors:
            self.add_error("unit", _("Name the agency these people came from."))
        if given.get("attended") is None and "attended" not in self.errors:
            self.add_error("attended", _("Say how many attended; 0 when nobody came."))
        if given.get("attended") is not None:
            numbers: dict[str, Any] = {name: given.get(name) for name in _NUMBERS}
            for name, errors in broken_places(Places(None, given.get("unit") or "", **numbers)).items():
                if name not in self.errors:
                    self.add_error(name, errors)
        return given

    def _post_clean(self) -> None:
        # A removed row is not judged.
        if self.cleaned_data.get("DELETE"):
            self.errors.clear()


class BasePlacesFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """The rows; each agency has one."""

    forms: list[PlacesForm]
    units: Units

    def initial_form_count(self) -> int:
        """None: rows that were stored and rows just typed are judged alike."""
        return 0

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "empty_permitted": False}

    def clean(self) -> None:
        """Find the agencies that are meant. Adds errors to rows whose name can mean several, or came before."""
        told = [row for row in self.forms if row.is_told and row.cleaned_data.get("unit")]
        known = self.units.named([row.cleaned_data["unit"] for row in told])
        by_key = {key_of_name(name): agencies for name, agencies in known.items()}
        self.reported: list[Places] = []
        seen: set[tuple[int | None, str]] = set()
        for row in told:
            typed = " ".join(row.cleaned_data["unit"].split())
            meant = by_key.get(key_of_name(typed), [])
            if len(meant) > 1:
                message = _("Several agencies are called so. Type one of: %(names)s.")
                names = "; ".join(f"{agency.name} ({agency.area.name})" for agency in meant[:5])
                row.add_error("unit", ValidationError(message, code="several", params={"names": names}))
                continue
            agency = meant[0] if meant else None
            numbers: dict[str, Any] = {name: row.cleaned_data.get(name) for name in _NUMBERS}
            if numbers["attended"] is None:
                continue
            places = Places(agency, "" if agency else typed, **numbers)
            if places.key in seen:
                row.add_error("unit", ValidationError(REPEATED_UNIT, code="repeated"))
            seen.add(places.key)
            self.reported.append(places)


PlacesFormSet = forms.formset_factory(
    PlacesForm,
    formset=BasePlacesFormSet,
    can_delete=True,
    extra=0,
    max_num=MOST_PLACES,
    absolute_max=MOST_PLACES + 10,
    validate_max=True,
)


class RegisterForm(forms.Form):
    """All of a register. ``typed`` are fields that are shown as they were and not judged yet."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=10**9)
    topic = _text(_("Topic"), 300, help_text=_("What was taught, in one line."))
    trainers = _text(
        _("Trainers"),
        1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Names with position or agency, parted by semicolons."),
    )
    materials = _text(
        _("Materials"),
        1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Handbooks, slides, films that were used or given out."),
    )
    days = WholeNumberField(
        label=_("Days taught"), required=False, most=MOST_DAYS, help_text=_("How many days were taught.")
    )
    taken_before = _people(_("Took the test before"))
    passed_before = _people(_("Passed before"))
    average_before = MarkField(label=_("Average mark before"))
    taken_after = _people(_("Took the test after"))
    passed_after = _people(_("Passed after"))
    average_after = MarkField(label=_("Average mark after"))

    def __init__(
        self,
        data: Any = None,
        *,
        activity: Activity,
        register: TrainingRegister | None = None,
        typed: Mapping[str, list[str]] | None = None,
        blank_rows: int = 1,
    ) -> None:
        self.activity = activity
        self.register = register
        super().__init__(data, initial=_initial_of(register))
        # A browser cuts pasted text at maxlength without a word; the form says how much is too much instead.
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)
        shown = MultiValueDict(typed) if typed is not None else None
        if shown is not None:
            for name, field in self.fields.items():
                self.initial[name] = field.widget.value_from_datadict(shown, MultiValueDict(), name)
        stored = list(register.places.all()) if register is not None else []
        rows = _typed_rows(shown) if shown is not None else [_row(Places.of(row)) for row in stored]
        formset: Any = PlacesFormSet(data, prefix=PREFIX, initial=rows)
        self.places: BasePlacesFormSet = formset
        self.places.units = Units(activity, (row.agency for row in stored if row.agency is not None))
        self.places.extra = len(rows) + blank_rows if rows else max(blank_rows, 3)

    @property
    def tests(self) -> list[list[forms.BoundField]]:
        """The fields of the test before, and of the one after."""
        return [[self[name] for name in _TESTS[:3]], [self[name] for name in _TESTS[3:]]]

    def is_valid(self) -> bool:
        # Both are judged, so that all messages show at once.
        is_valid_itself = super().is_valid()
        return self.places.is_valid() and is_valid_itself

    def clean_days(self) -> int | None:
        days: int | None = self.cleaned_data["days"]
        if days == 0:
            raise ValidationError(_("A training takes at least one day."), code="out_of_range")
        return days

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for name, errors in broken_tests({name: given.get(name) for name in _TESTS}).items():  # type: ignore[arg-type]
            if name not in self.errors:
                self.add_error(name, errors)
        return given

    def put(self, name: str, value: object) -> None:
        """Give a hidden field another value for when the form is shown again."""
        data: Any = self.data
        self.data = data.copy()
        self.data[name] = str(value)  # type: ignore[index]

    @property
    def register_fields(self) -> RegisterFields:
        names = RegisterFields.__optional_keys__
        return {name: self.cleaned_data[name] for name in names}  # type: ignore[return-value]


def _initial_of(register: TrainingRegister | None) -> dict[str, Any]:
    if register is None:
        return {"version": 0}
    names = (*RegisterFields.__optional_keys__, "version")
    return {name: getattr(register, name) for name in names}


def _row(places: Places) -> dict[str, Any]:
    return {"unit": places.agency.name if places.agency else places.other, **places.numbers}


def _typed_rows(typed: MultiValueDict[str, str]) -> list[dict[str, Any]]:
    """The rows as they were typed, without those that were removed."""
    try:
        total = min(int(typed.get(f"{PREFIX}-TOTAL_FORMS") or 0), PlacesFormSet.absolute_max)
    except ValueError:
        total = 0
    return [
        {name: typed.get(f"{PREFIX}-{number}-{name}") or "" for name in PlacesForm.base_fields}
        for number in range(total)
        if not typed.get(f"{PREFIX}-{number}-DELETE")
    ]
