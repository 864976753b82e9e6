"""The form of an indicator: its words, and a rule built by choosing."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils.translation import gettext_lazy as _

from reporting.breakdowns import CHOICES
from reporting.models import Indicator, Section
from reporting.rules import RATIO, STOCK, SUM, WAYS, choices_of, measure_choices, part_choices, rule_of
from territory.days import DayField
from territory.text import TextField

_PLAIN = (
    *("name", "name_en", "unit", "unit_en", "section", "order", "about", "over_periods"),
    *("breakdowns", "nil_text", "valid_to"),
)
_CHOICES_OF_RULE = ("way", "measures", "stock", "part", "of", "over", "is_in_millions", "is_reported")
_NONE = ("", _("Choose …"))


class IndicatorForm(forms.Form):
    """All that is told of an indicator. ``code`` and the first day belong to a new one, ``since`` to a change."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        validators=[validate_slug],
        help_text=_("Small letters, digits and underscores, such as training_women. It never changes."),
    )
    name = TextField(label=_("Name"), max_length=200)
    name_en = TextField(label=_("Name in English"), max_length=200)
    unit = TextField(label=_("Unit"), max_length=40, required=False, help_text=_("Empty for a percentage."))
    unit_en = TextField(label=_("Unit in English"), max_length=40, required=False)
    section = forms.ChoiceField(label=_("Section"), choices=[_NONE, *Section.choices])
    order = forms.IntegerField(label=_("Order"), min_value=0, max_value=32000, initial=100)
    about = forms.ChoiceField(
        label=_("Tells of"),
        choices=Indicator.About.choices,
        help_text=_("A confirmed nil speaks for people and cases, not for work."),
    )
    over_periods = forms.ChoiceField(label=_("Over several years"), choices=Indicator.Aggregation.choices)
    way = forms.ChoiceField(label=_("It is made of"), choices=WAYS, widget=forms.RadioSelect)
    measures = forms.MultipleChoiceField(
        label=_("Added up"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 14}),
        help_text=_("Several may be chosen. They must count the same thing: people are not attendances."),
    )
    stock = forms.ChoiceField(label=_("State"), required=False)
    part = forms.ChoiceField(label=_("Only this part"), required=False, help_text=_("Empty: all of it."))
    of = forms.ChoiceField(label=_("Percentage of: the part"), required=False)
    over = forms.ChoiceField(label=_("Percentage of: the whole"), required=False)
    is_in_millions = forms.BooleanField(label=_("Told in millions (triệu đồng)"), required=False)
    is_reported = forms.BooleanField(label=_("Units may report it"), required=False)
    breakdowns = forms.MultipleChoiceField(
        label=_("Told apart by"), required=False, choices=CHOICES, widget=forms.CheckboxSelectMultiple
    )
    nil_text = TextField(
        label=_("Words for a confirmed nil"),
        max_length=120,
        required=False,
        help_text=_("Empty: “chưa phát hiện”."),
    )
    valid_from = DayField(label=_("Valid from"))
    since = DayField(
        label=_("The change holds from"),
        required=False,
        help_text=_(
            "Earlier periods keep the old wording and rule. Empty: a mistake is corrected for all periods."
        ),
    )
    valid_to = DayField(label=_("Valid to"), required=False, help_text=_("Last day. Empty: still valid."))

    def __init__(self, data: Any = None, *, indicator: Indicator | None = None) -> None:
        self.indicator = indicator
        super().__init__(data, initial=_initial(indicator))
        for name in ("valid_from", "code") if indicator else ("since",):
            del self.fields[name]
        others = Indicator.objects.exclude(rule__has_key="ratio").order_by("section", "order", "-valid_from")
        if indicator is not None:
            others = others.exclude(code=indicator.code)
        named = dict(others.values_list("code", "name"))
        fields: Any = self.fields
        fields["measures"].choices = measure_choices(stocks=False)
        fields["stock"].choices = [_NONE, *measure_choices(stocks=True)]
        fields["part"].choices = [_NONE, *part_choices()]
        fields["of"].choices = fields["over"].choices = [_NONE, *named.items()]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        needed = {SUM: ("measures",), STOCK: ("stock",), RATIO: ("of", "over")}.get(
            cleaned.get("way", ""), ()
        )
        for name in needed:
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, ValidationError(_("Choose from the list."), code="required"))
        for name in ("unit", "unit_en"):
            if cleaned.get("way") != RATIO and name not in self.errors and not cleaned.get(name):
                self.add_error(name, ValidationError(_("Say in which unit it counts."), code="required"))
        return cleaned

    @property
    def indicator_fields(self) -> dict[str, Any]:
        """What was typed and chosen, for the services."""
        cleaned = self.cleaned_data
        chosen: dict[str, Any] = {name: cleaned.get(name) for name in _CHOICES_OF_RULE}
        before = self.indicator.rule if self.indicator else None
        return {**{name: cleaned[name] for name in _PLAIN}, "rule": rule_of(**chosen, before=before)}


def _initial(indicator: Indicator | None) -> dict[str, Any]:
    if indicator is None:
        return {"way": SUM, "about": Indicator.About.WORK, "over_periods": Indicator.Aggregation.SUM}
    plain = {name: getattr(indicator, name) for name in (*_PLAIN, "version")}
    return {**plain, **choices_of(indicator.rule)}
