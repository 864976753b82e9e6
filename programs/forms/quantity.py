"""The rows of figures in the form of an activity."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.forms.fields import FigureField, WholeNumberField
from programs.models import Measure
from programs.models.activity import MEASURES_OF_PERSONS
from programs.selectors.quantity import PARTS, Quantity
from programs.services.rules import REPEATED_MEASURE, broken_parts

_LARGEST_PART = 2_147_483_647
_MOST_ROWS = 30


def _part(label: Any) -> WholeNumberField:
    return WholeNumberField(label=label, required=False, most=_LARGEST_PART)


class QuantityForm(forms.Form):
    """One row: what was counted, how many, and of persons the parts told apart. An empty row says nothing."""

    #: Measures that may be told apart, as ``data-show-when`` of the page wants them.
    measures_of_persons = "|".join(sorted(MEASURES_OF_PERSONS))

    measure = forms.ChoiceField(
        label=_("What was counted"), required=False, choices=[("", _("Choose …")), *Measure.choices]
    )
    figure = FigureField(
        label=_("How many"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input-figure"}),
    )
    women = _part(_("of them women"))
    children = _part(_("of them children"))
    ethnic_minority = _part(_("of them ethnic minority"))

    quantity: Quantity | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.initial.get("stored")
        if isinstance(stored, Quantity):
            self.fields["figure"].stored = stored.figure  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(quantity: Quantity) -> dict[str, Any]:
        parts = {part: getattr(quantity, part) for part in PARTS}
        return {"measure": quantity.measure, "figure": quantity.figure, "stored": quantity, **parts}

    @property
    def has_broken_parts(self) -> bool:
        return any(part in self.errors for part in PARTS)

    @property
    def is_removed(self) -> bool:
        return bool(self.is_bound and self["DELETE"].value())

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("DELETE"):
            return given
        measure, figure = given.get("measure"), given.get("figure")
        parts = {part: given.get(part) for part in PARTS}
        is_told = figure is not None or any(value is not None for value in parts.values())
        if not measure and is_told and "measure" not in self.errors:
            self.add_error("measure", _("Choose what was counted."))
        if figure is None and (measure or is_told) and "figure" not in self.errors:
            self.add_error("figure", _("Type how many, for example 6.770 or trên 6.770, or remove the row."))
        if measure and figure is not None:
            self.quantity = Quantity(measure, figure, **parts)
            for part, errors in broken_parts(self.quantity).items():
                self.add_error(part, errors)
        return given

    def _post_clean(self) -> None:
        # A removed row is not judged.
        if self.cleaned_data.get("DELETE"):
            self.quantity = None
            self.errors.clear()


class BaseQuantityFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """The rows; the same thing is not counted in two of them."""

    forms: list[QuantityForm]

    def initial_form_count(self) -> int:
        """None: rows that were stored and rows just typed are judged alike, and a draft looks as it was left."""
        return 0

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "empty_permitted": False}

    def clean(self) -> None:
        seen: set[str] = set()
        for row in self.forms:
            if row.quantity is None:
                continue
            if row.quantity.measure in seen:
                row.add_error("measure", REPEATED_MEASURE)
            seen.add(row.quantity.measure)

    @property
    def reported(self) -> list[Quantity]:
        """The quantities of the rows that could be read."""
        return [row.quantity for row in self.forms if row.quantity is not None]


QuantityFormSet = forms.formset_factory(
    QuantityForm,
    formset=BaseQuantityFormSet,
    can_delete=True,
    extra=0,
    max_num=_MOST_ROWS,
    absolute_max=_MOST_ROWS + 10,
    validate_max=True,
)
