"""The two fields that say whose a record is: an agency and an area, of those a person writes for."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import scope_of
from programs.forms.fields import RecordField
from programs.selectors.area import areas_within, grouped_choices
from territory.models import Agency, Area, Level


class UnitForm(forms.Form):
    """A form about a record of a unit. ``typed`` are fields as a draft kept them: shown, and not yet judged.

    ``own_verb`` gives own agency in own area, ``every_verb`` every agency of the area.
    """

    own_verb: ClassVar[str]
    every_verb: ClassVar[str] = ""

    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=10**9)
    agency: RecordField[Agency] = RecordField(
        label=_("Agency"), error_messages={"required": _("Choose the agency.")}
    )
    area: RecordField[Area] = RecordField(label=_("Area"), error_messages={"required": _("Choose the area.")})

    def __init__(self, data: Any = None, *, actor: User, initial: Any, typed: Any = None) -> None:
        super().__init__(data, initial=dict(initial))
        self.actor = actor
        scope = scope_of(actor)
        self.own = list(scope.having(self.own_verb))
        self.every = list(scope.having(self.every_verb)) if self.every_verb else []
        # A browser cuts pasted text at maxlength without a word; the form says how much is too much instead.
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)
        shown = MultiValueDict(typed) if typed is not None else None
        if shown is not None:
            for name, field in self.fields.items():
                self.initial[name] = field.widget.value_from_datadict(shown, MultiValueDict(), name)
        self.seen: Any = data if data is not None else shown
        self._offer_units()

    def day(self) -> dt.date | None:
        """The day on which agency and area must have been units, as far as it is typed."""
        return None

    def value_of(self, name: str) -> str:
        """What stands in a field now: typed, or stored."""
        value = self.seen.get(name) if self.seen is not None else self.initial.get(name)
        return str(value or "")

    def put(self, name: str, value: object) -> None:
        """Give a hidden field another value for when the form is shown again."""
        given: Any = self.data
        self.data = given.copy()
        self.data[name] = str(value)  # type: ignore[index]

    def _offer_units(self) -> None:
        agencies = self._agencies()
        self.only_agency = agencies[0] if len(agencies) == 1 else None
        agency: Any = self.fields["agency"]
        choices = [(str(each.pk), str(each)) for each in agencies]
        if self.only_agency is not None:
            agency.widget = forms.HiddenInput()
            self.initial["agency"] = self.only_agency.pk
        agency.offer(agencies, choices if self.only_agency else [("", _("Choose …")), *choices])
        day, chosen = self.day(), self.value_of("area")
        wholes = [grant.area for grant in (*self.own, *self.every)]
        areas = [
            area
            for area in areas_within(wholes)
            if day is None or area.held_on(day) or str(area.pk) == chosen
        ]
        groups = grouped_choices(areas, today=day or timezone.localdate())
        place: Any = self.fields["area"]
        place.offer(areas, [("", _("Choose …")), *groups])
        if not self.initial.get("area") and len({area.pk for area in wholes}) == 1:
            self.initial["area"] = wholes[0].pk

    def _agencies(self) -> list[Agency]:
        """Own agencies first, then those of the areas the person coordinates, larger units before smaller."""
        own = {grant.membership.agency_id: grant.membership.agency for grant in self.own}
        if not self.every:
            return list(own.values())
        reach = Q(pk__in=[])
        for grant in self.every:
            below = Q(area__path__startswith=grant.area.path)
            if grant.area.level == Level.NATION:
                below &= Q(area__level__in=[Level.NATION, Level.PROVINCE])
            reach |= below
        others = Agency.objects.filter(reach).exclude(pk__in=own).select_related("area").order_by("sort_key")
        return [*own.values(), *sorted(others, key=lambda agency: agency.area.path.count("/"))]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        agency, area = given.get("agency"), given.get("area")
        if agency and area and not self._reaches(agency, area):
            message = _("You do not write for %(agency)s in %(area)s. Choose another area or agency.")
            params = {"agency": agency.name, "area": area.name}
            self.add_error("area", ValidationError(message, code="out_of_reach", params=params))
        return given

    def _reaches(self, agency: Agency, area: Area) -> bool:
        own = any(grant.reaches(agency.pk, area) for grant in self.own)
        return own or any(grant.area.contains(area) for grant in self.every)
