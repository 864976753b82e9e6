"""The form that asks for a report."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.models import Document, Pilot
from reporting.models import MapBasis, ReportKind, ReportTemplate
from reporting.selectors import reportable_areas
from territory.models import Area
from territory.period import CutOff, Period, PeriodError, PeriodKind, parse_period

PERIOD_ERRORS = {
    "malformed": _(
        "This is not a period. Type 2020-H1, 2020 for a year, 2016..2020 for a phase, or two dates such as "
        "2021-05-01..2022-06-30."
    ),
    "unknown_date": _("One of the dates does not exist. Check day and month."),
    "ends_before_start": _("The period ends before it starts. Put the earlier date first."),
    "year_out_of_range": _("The year must lie between 2000 and 2100."),
    "too_long": _("A period is at most 30 years long."),
}


def _plain_kinds() -> list[tuple[str, Any]]:
    """The kinds that need nothing besides an area and a period, and have a template."""
    about_something = (ReportKind.PILOT, ReportKind.PROGRESS)
    return [(code, name) for code, name in _kinds() if code not in about_something]


def _kinds() -> list[tuple[str, Any]]:
    """The kinds of report that have a template; all, as long as no template was loaded: a job then says so."""
    known = set(ReportTemplate.objects.values_list("code", flat=True))
    return [(code, name) for code, name in ReportKind.choices if code in known or not known]


class ReportForm(forms.Form):
    """Which report, for which area and period, by which cut-off rule."""

    kind = forms.ChoiceField(label=_("Kind of report"), choices=_plain_kinds)
    area = forms.ModelChoiceField(
        label=_("Area"),
        queryset=Area.objects.none(),
        empty_label=_("Choose …"),
        help_text=_("Areas whose reports you draft."),
    )
    period = forms.CharField(
        label=_("Period"),
        max_length=60,
        help_text=_(
            "For example 2020-H1 (first half of 2020), 2020 (a year), 2016..2020 (a phase), or two dates: "
            "2013-01-01..2019-10-08."
        ),
    )
    rule = forms.ChoiceField(
        label=_("Cut-off"),
        choices=[
            (CutOff.ND09.value, _("Decree 09/2019: first half from 15 December to 14 June")),
            (CutOff.CALENDAR.value, _("Calendar: first half from 1 January to 30 June")),
        ],
        help_text=_("Does not matter for two dates."),
    )
    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("request_key", uuid.uuid4())
        super().__init__(*args, **kwargs)
        areas = reportable_areas(user)
        field = self.fields["area"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = areas
        field.error_messages["invalid_choice"] = _(
            "You do not make reports of this area. Choose one of the list."
        )
        if areas.count() == 1:
            field.initial = areas.get().pk

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "period" in cleaned and "rule" in cleaned:
            try:
                cleaned["period"] = period = parse_period(cleaned["period"].strip(), CutOff(cleaned["rule"]))
            except PeriodError as error:
                self.add_error("period", ValidationError(PERIOD_ERRORS[error.reason], code=error.reason))
                return cleaned
            self._check_fit(cleaned.get("kind", ""), cleaned.get("area"), period)
        return cleaned

    def _check_fit(self, kind: str, area: Area | None, period: Period) -> None:
        if kind == ReportKind.ANNUAL and period.kind is not PeriodKind.YEAR:
            self.add_error("period", _("An annual report needs a year, such as 2020."))
        if kind == ReportKind.PHASE and period.kind is not PeriodKind.PHASE:
            self.add_error("period", _("A phase report needs a phase, such as 2016..2020."))
        if kind == ReportKind.SIX_MONTH and period.kind is not PeriodKind.HALF_YEAR:
            self.add_error("period", _("A six-month report needs a half-year, such as 2020-H1 or 2020-H2."))
        if area is not None and not area.held_on(period.end):
            self.add_error(
                "period", _("The area did not exist at the end of this period. Choose an earlier period.")
            )


class DraftForm(ReportForm):
    """Which report to work on: besides, the map, and what a pilot assessment or a progress report is about."""

    kind = forms.ChoiceField(label=_("Kind of report"), choices=_kinds)
    map_basis = forms.ChoiceField(label=_("Map"), choices=MapBasis.choices)
    pilot = forms.ModelChoiceField(
        label=_("Pilot"),
        queryset=Pilot.objects.none(),
        empty_label=_("Choose …"),
        required=False,
        help_text=_("For a pilot assessment."),
    )
    document = forms.ModelChoiceField(
        label=_("Document"),
        queryset=Document.objects.none(),
        empty_label=_("Choose …"),
        required=False,
        help_text=_("For a progress report: the document whose tasks are told of."),
    )
    request_key = None  # type: ignore[assignment]

    field_order = ("kind", "area", "period", "rule", "map_basis", "pilot", "document")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        pilot, document = self.fields["pilot"], self.fields["document"]
        assert isinstance(pilot, forms.ModelChoiceField)
        assert isinstance(document, forms.ModelChoiceField)
        pilot.queryset = Pilot.objects.visible_to(user)
        document.queryset = Document.objects.visible_to(user).filter(tasks__isnull=False).distinct()
