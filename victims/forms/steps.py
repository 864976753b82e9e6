"""The small forms by which a file grows: a decision, a place, a goal, a service, a stay, a consent, a transfer."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents.models import Case, PersonInCase
from programs.forms.fields import RecordField, WholeNumberField
from territory.days import DayField
from territory.models import Agency, Area, Duty, Level
from territory.text import NarrativeField, TextField
from victims.forms.victim import EXAMPLE_DAY, no_secrets, one_of, some_of
from victims.models import (
    Consent,
    DataRequest,
    Facility,
    FollowUp,
    SupportCase,
    Victim,
    VictimNarrative,
    VictimPerson,
)
from victims.services.victim import Stop
from victims.value_lists import Country, Funding, RouteKind, ServiceKind, Status

_NO_NAMES = _("Without names: write the code.")
_MOST_DONG = 100_000_000_000
STOPS = 6


class StepForm(forms.Form):
    """A form about one victim."""

    def __init__(self, data: Any = None, *, actor: User, victim: Victim) -> None:
        super().__init__(data)
        self.actor, self.victim = actor, victim
        self.prepare()

    def prepare(self) -> None:
        """Offer what depends on the victim."""

    def put(self, name: str, value: object) -> None:
        """Change a hidden field of a form that is shown again."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data[name] = str(value)
        self.data = data

    def offer(self, name: str, records: list[Any]) -> None:
        field: Any = self.fields[name]
        field.offer(records, [("", _("Choose …")), *((str(each.pk), str(each)) for each in records)])


class StatusForm(StepForm):
    status = one_of(Status, _("Status"))
    decided_on = DayField(label=_("Decided on"), help_text=EXAMPLE_DAY)
    number = TextField(label=_("Decision"), max_length=60, required=False)
    body = TextField(label=_("Deciding body"), max_length=160, required=False)


class RouteForm(StepForm):
    """The places of a route in their order; rows left empty say nothing."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def prepare(self) -> None:
        self.initial = {"version": self.victim.version}
        stored = list(self.victim.route.all()[:STOPS])
        today = timezone.localdate()
        provinces = list(
            Area.objects.filter(level=Level.PROVINCE).filter(
                Q(pk__in=[stop.area_id for stop in stored])
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=today)
                | Q(pk=self.victim.province_id)
            )
        )
        for number in range(STOPS):
            stop = stored[number] if number < len(stored) else None
            kind = one_of(RouteKind, _("Place %(number)d") % {"number": number + 1}, required=False)
            country = one_of(Country, _("Country"), required=False)
            day = DayField(label=_("Date"), required=False)
            area: RecordField[Area] = RecordField(label=_("Province"), required=False)
            if stop is not None:
                kind.initial, country.initial = stop.kind, stop.country
                day.initial, area.initial = stop.reached_on, str(stop.area_id or "")
            for name, field in (("kind", kind), ("country", country), ("area", area), ("on", day)):
                self.fields[f"{name}_{number}"] = field
            self.offer(f"area_{number}", provinces)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for n in range(STOPS):
            kind, country = given.get(f"kind_{n}"), given.get(f"country_{n}")
            area = given.get(f"area_{n}")
            if (country or area or given.get(f"on_{n}")) and not kind:
                self.add_error(
                    f"kind_{n}", _("Say whether this is the origin, on the way, or the destination.")
                )
            if kind and not country:
                self.add_error(f"country_{n}", _("Choose the country."))
            if area and country and country != Country.VN:
                self.add_error(f"area_{n}", _("Only a place in Viet Nam has an area."))
        return given

    def stops(self) -> list[Stop]:
        given = self.cleaned_data
        return [
            Stop(given[f"kind_{n}"], given[f"country_{n}"], given[f"area_{n}"], given[f"on_{n}"])
            for n in range(STOPS)
            if given[f"kind_{n}"]
        ]


class NarrativeForm(StepForm):
    """A text that only case workers read; it is sealed."""

    kind = VictimNarrative.Kind.ACCOUNT
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    text = NarrativeField(
        label=_("Text"),
        rows=12,
        help_text=_("Sealed, and shown to the case workers of your unit alone."),
    )
    no_secrets = no_secrets()

    def prepare(self) -> None:
        stored = self.victim.narratives.filter(kind=self.kind).first()
        self.initial = {
            "version": stored.version if stored else 0,
            "text": stored.opened()["text"] if stored else "",
        }


class AssessmentForm(NarrativeForm):
    kind = VictimNarrative.Kind.ASSESSMENT


class SupportForm(StepForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    needs = some_of(ServiceKind, _("Needs"))
    interpreter = TextField(
        label=_("Interpreter needed for"),
        max_length=60,
        required=False,
        help_text=_("The language. Empty: none is needed."),
    )
    opened_on = DayField(label=_("Support since"), required=False, help_text=_("Empty: today."))

    def prepare(self) -> None:
        stored = SupportCase.objects.filter(victim=self.victim).first()
        self.initial = {"version": 0}
        if stored is not None:
            self.initial = {
                "needs": stored.needs,
                "interpreter": stored.interpreter,
                "version": stored.version,
            }
            del self.fields["opened_on"]


class GoalForm(StepForm):
    text = TextField(label=_("Goal"), max_length=300, help_text=_NO_NAMES)
    due_on = DayField(label=_("Until"), required=False, help_text=EXAMPLE_DAY)


class ServiceForm(StepForm):
    kind = one_of(ServiceKind, _("Service"))
    provider = TextField(label=_("Provider"), max_length=160, help_text=_("An agency or organisation."))
    facility: RecordField[Facility] = RecordField(label=_("Facility"), required=False)
    starts_on = DayField(label=_("From"), help_text=EXAMPLE_DAY)
    ends_on = DayField(label=_("To"), required=False)
    amount = WholeNumberField(
        label=_("Amount in đồng"), most=_MOST_DONG, required=False, help_text=_("Empty: nothing was paid.")
    )
    funding = one_of(Funding, _("Paid from"), initial=Funding.LOCAL)

    def prepare(self) -> None:
        self.offer("facility", facilities_for(self.victim))


class StayForm(StepForm):
    facility: RecordField[Facility] = RecordField(label=_("Facility"))
    valid_from = DayField(label=_("First day"), help_text=EXAMPLE_DAY)
    valid_to = DayField(label=_("Last day"), required=False, help_text=_("Empty: still there."))

    def prepare(self) -> None:
        facilities = facilities_for(self.victim)
        self.offer("facility", facilities)
        if not facilities:
            self.fields["facility"].help_text = _(
                "Your province has none yet. Enter it first on the page “Facilities”."
            )


class FollowUpForm(StepForm):
    kind = one_of(FollowUp.Kind, _("What"))
    due_on = DayField(label=_("Due on"), help_text=EXAMPLE_DAY)


class ConsentForm(StepForm):
    purpose = one_of(Consent.Purpose, _("Purpose"))
    given_on = DayField(label=_("Given on"), help_text=EXAMPLE_DAY)
    how = one_of(Consent.How, _("How"))
    given_by = one_of(
        Consent.By,
        _("Given by"),
        initial=Consent.By.PERSON,
        help_text=_("For a person under 18: who stands for them."),
    )


class TransferForm(StepForm):
    to_agency: RecordField[Agency] = RecordField(
        label=_("Receiving agency"),
        help_text=_("It is shown the code, sex, age group and needs until it accepts."),
    )
    reason = TextField(label=_("Reason"), max_length=300, help_text=_NO_NAMES)
    urgent_reason = TextField(
        label=_("Why it cannot wait for a consent"),
        max_length=300,
        required=False,
        help_text=_("Only where the person has not agreed. Your head of unit gets a notice."),
    )

    def prepare(self) -> None:
        day = timezone.localdate()
        own = self.victim.agency
        day = day if own.held_on(day) else own.valid_to or day
        agencies = (
            Agency.objects.valid_on(day)
            .filter(duties__duty=Duty.VICTIM_SUPPORT)
            .exclude(pk=own.pk)
            .distinct()
        )
        self.offer("to_agency", list(agencies))


class PersonForm(StepForm):
    """A person of the victim's case, for who sees the case."""

    person: RecordField[PersonInCase] = RecordField(
        label=_("Person in the case"),
        help_text=_("Persons of the case that the file names, by their labels."),
    )
    part = one_of(VictimPerson.Part, _("Part in it"))

    def prepare(self) -> None:
        cases = Case.objects.visible_to(self.actor).filter(victims=self.victim).order_by()
        persons = PersonInCase.objects.filter(case__in=cases.values("pk")).select_related("case")
        self.offer("person", list(persons.order_by("id")))


class ClosureForm(StepForm):
    outcome = one_of(SupportCase.Outcome, _("Outcome"))


class ReasonForm(StepForm):
    reason = TextField(label=_("Reason"), max_length=300, help_text=_NO_NAMES)


class DataRequestForm(forms.Form):
    unit = forms.ChoiceField(label=_("Your unit"))
    kind = one_of(DataRequest.Kind, _("Request"))
    received_on = DayField(label=_("Received on"), help_text=EXAMPLE_DAY)
    code = TextField(
        label=_("Code of the victim"),
        max_length=9,
        required=False,
        help_text=_("Empty where the person is not in your care. Never a name."),
    )


class DataAnswerForm(forms.Form):
    state = forms.ChoiceField(
        label=_("Decision"),
        choices=[(state.value, state.label) for state in (DataRequest.State.DONE, DataRequest.State.REFUSED)],
    )
    answer = TextField(
        label=_("What was answered"),
        max_length=600,
        help_text=_NO_NAMES,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class CapacityForm(forms.Form):
    capacity = WholeNumberField(
        label=_("Capacity (persons)"),
        most=10_000,
        required=False,
        help_text=_("Empty: not known; nobody is turned away."),
    )


class FacilityForm(CapacityForm):
    """A new facility of own agency."""

    name = TextField(label=_("Name of the facility"), max_length=160)
    unit = forms.ChoiceField(label=_("Your unit"))
    valid_from = DayField(label=_("Open since"), help_text=EXAMPLE_DAY)

    field_order = ("name", "unit", "valid_from", "capacity")


class RetentionForm(forms.Form):
    months = WholeNumberField(label=_("Months after the end"), most=1_200)
    basis = TextField(
        label=_("Legal basis"),
        max_length=200,
        required=False,
        help_text=_("The decision or law that orders it. Needed for a rule in force."),
    )
    is_active = forms.BooleanField(
        label=_("The rule is in force"),
        required=False,
        help_text=_("What is past its time is destroyed at the next run and cannot be brought back."),
    )
    agreed = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


def facilities_for(victim: Victim) -> list[Facility]:
    """The facilities of the province in which the victim is cared for."""
    return list(Facility.objects.filter(area__province_id=victim.province_id).order_by("name"))
