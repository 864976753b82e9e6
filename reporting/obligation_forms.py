"""The forms with which a coordinator opens a period, gives more time and excuses."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.selectors.area import areas_within, grouped_choices
from reporting.forms import PERIOD_ERRORS
from reporting.models import CutOffRule, Form
from reporting.obligations import managed_areas
from territory.days import DayField
from territory.models import Level
from territory.period import CutOff, PeriodError, parse_period
from territory.text import TextField

_REASON = {"required": _("Say why."), "max_length": _("At most %(limit_value)d characters.")}


class PeriodOpenForm(forms.Form):
    """Which form, which period, for which area."""

    form_code = forms.ModelChoiceField(
        label=_("Form"), queryset=Form.objects.none(), to_field_name="code", empty_label=None
    )
    period = TextField(
        label=_("Period"),
        max_length=24,
        help_text=_("For example 2026-H1, 2026, 2021..2025, or two dates such as 2021-05-01..2022-06-30."),
    )
    area = forms.ChoiceField(
        label=_("Area"), help_text=_("Every unit in it that must file the form gets its report to make.")
    )
    due_on = DayField(
        label=_("Due"), required=False, help_text=_("Empty: as the form says, counted from the period's end.")
    )

    def __init__(self, data: Any = None, *, actor: User, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        areas = [area for area in areas_within(managed_areas(actor)) if area.level != Level.COMMUNE]
        self._areas = {str(area.pk): area for area in areas}
        fields: dict[str, Any] = self.fields
        fields["area"].choices = grouped_choices(areas, today=timezone.localdate())
        fields["form_code"].queryset = Form.objects.valid_on(timezone.localdate())
        fields["form_code"].label_from_instance = lambda form: form.label

    def clean_area(self) -> Any:
        return self._areas[self.cleaned_data["area"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        form, typed = cleaned.get("form_code"), cleaned.get("period")
        if form is not None and typed:
            is_free = form.cut_off == CutOffRule.EXPLICIT
            try:
                cleaned["period"] = parse_period(
                    typed.strip(), CutOff.ND09 if is_free else CutOff(form.cut_off)
                )
            except PeriodError as error:
                self.add_error("period", ValidationError(PERIOD_ERRORS[error.reason], code=error.reason))
        return cleaned


class ExtensionForm(forms.Form):
    """A later due date, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    due_on = DayField(label=_("New due date"))
    reason = TextField(label=_("Reason"), max_length=500, error_messages=_REASON)


class ExcuseForm(forms.Form):
    """Why a unit need not report."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = TextField(label=_("Reason"), max_length=500, error_messages=_REASON)
