"""The forms that ask for many reports at once, and for reports by the clock."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from reporting.forms import PERIOD_ERRORS
from reporting.models import CutOffRule, ReportKind
from reporting.selectors import reportable_areas
from territory.models import Area, Level
from territory.period import CutOff, PeriodError, PeriodKind, parse_period

_FITS: dict[str, PeriodKind] = {
    ReportKind.SIX_MONTH: PeriodKind.HALF_YEAR,
    ReportKind.ANNUAL: PeriodKind.YEAR,
    ReportKind.PHASE: PeriodKind.PHASE,
}
_NAMED_RULES = [(rule.value, rule.label) for rule in (CutOffRule.ND09, CutOffRule.CALENDAR)]


class BatchForm(forms.Form):
    """Which report, for all areas of which level inside which area, for which period."""

    kind = forms.ChoiceField(
        label=_("Kind of report"), choices=[(kind, ReportKind(kind).label) for kind in _FITS]
    )
    area = forms.ModelChoiceField(label=_("Inside"), queryset=Area.objects.none(), empty_label=_("Choose …"))
    level = forms.ChoiceField(
        label=_("For every"), choices=[(each.value, each.label) for each in (Level.PROVINCE, Level.DISTRICT)]
    )
    period = forms.CharField(
        label=_("Period"), max_length=40, help_text=_("For example 2020-H1, 2020 or 2016..2020.")
    )
    rule = forms.ChoiceField(label=_("Cut-off"), choices=_NAMED_RULES)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["area"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = reportable_areas(user)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "period" in cleaned and "rule" in cleaned:
            try:
                period = parse_period(cleaned["period"].strip(), CutOff(cleaned["rule"]))
            except PeriodError as error:
                self.add_error("period", ValidationError(PERIOD_ERRORS[error.reason], code=error.reason))
                return cleaned
            cleaned["period"] = period
            if period.kind is not _FITS.get(cleaned.get("kind", "")):
                self.add_error("period", _("This period does not fit the kind of report."))
        return cleaned


class ScheduleForm(forms.Form):
    """Which report is made by itself, and how many days after each period."""

    kind = forms.ChoiceField(
        label=_("Kind of report"),
        choices=[(kind.value, ReportKind(kind).label) for kind in (ReportKind.SIX_MONTH, ReportKind.ANNUAL)],
    )
    area = forms.ModelChoiceField(label=_("Area"), queryset=Area.objects.none(), empty_label=_("Choose …"))
    cut_off = forms.ChoiceField(label=_("Cut-off"), choices=_NAMED_RULES)
    after_days = forms.IntegerField(label=_("Days after the period"), min_value=1, max_value=60, initial=10)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["area"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = reportable_areas(user)
