"""The forms in which difficulties, recommendations and directions are filed, and a recommendation is answered."""

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.forms.fields import RecordField
from programs.forms.unit import UnitForm
from programs.models import Difficulty, Document, PeriodStatement, Recommendation, Task
from programs.selectors.document import documents_named, newest_documents, reference
from programs.selectors.period import typed_period
from programs.services.recommendation import ANSWERS
from programs.services.statement import OWN_COLUMNS, addressees_of, tasks_to_link
from territory.days import DayField
from territory.models import Agency, Area
from territory.period import Period, PeriodError, parse_period
from territory.text import NarrativeField, TextField

LONGEST = 5000
#: How many of the newest tasks and documents are offered.
OFFERED = 60
_TOO_LONG = _("The text has %(show_value)d characters; at most %(limit_value)d fit. Shorten it.")
_EXAMPLE_DAY = _("For example 05/03/2020.")
PERIOD_ERRORS = {
    "malformed": _(
        "This is not a period. Type 2020-H1, 2020-H2, 2020 or two dates such as 2021-05-01..2022-06-30."
    ),
    "unknown_date": _("One of the dates does not exist. Check day and month."),
    "ends_before_start": _("The period ends before it starts. Put the earlier date first."),
    "year_out_of_range": _("The year must lie between 2000 and 2100."),
    "too_long": _("A period is at most 30 years long."),
}


class PeriodField(TextField):
    """A period as it is typed: 2020-H1, 2020-H2, 2020, or two dates. Cleans to a Period."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Period"))
        kwargs.setdefault(
            "help_text",
            _("2020-H1 is the first half of 2020, 2020-H2 the second; or two dates: 2013-01-01..2019-10-08."),
        )
        kwargs.setdefault("error_messages", {"required": _("Type the period, for example 2020-H1.")})
        super().__init__(max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return typed_period(value.start, value.end) if isinstance(value, Period) else value

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).replace(" ", "").upper()
        if not text:
            return None
        try:
            return parse_period(text)
        except PeriodError as error:
            message = PERIOD_ERRORS.get(error.reason, PERIOD_ERRORS["malformed"])
            raise ValidationError(message, code=error.reason) from error


def _narrative(label: Any, **kwargs: Any) -> NarrativeField:
    messages = {"max_length": _TOO_LONG, "required": _("Type a text here.")}
    return NarrativeField(label=label, max_length=LONGEST, error_messages=messages, **kwargs)


class StatementForm(UnitForm):
    """What all kinds of statement have: unit, period and text."""

    own_verb = "statement.write"

    period = PeriodField()
    text = _narrative(
        _("Text"), help_text=_("One thing a statement. No names of victims or suspects."), rows=5
    )
    field_order = ("submission_key", "version", "agency", "area", "period", "text")

    def __init__(
        self,
        data: Any = None,
        *,
        actor: User,
        statement: PeriodStatement | None = None,
        typed: Any = None,
        asked: dict[str, Any] | None = None,
    ) -> None:
        self.statement = statement
        super().__init__(data, actor=actor, typed=typed, initial=_initial_of(statement) | (asked or {}))
        self._offer()

    def _offer(self) -> None:
        """Set what may be chosen in the fields of a kind."""

    def day(self) -> dt.date | None:
        value = self.seen.get("period") if self.seen is not None else self.initial.get("period")
        if isinstance(value, Period):
            return value.end
        try:
            return parse_period(str(value or "").replace(" ", "").upper()).end
        except PeriodError:
            return None

    def clean_submission_key(self) -> uuid.UUID:
        key: uuid.UUID = self.cleaned_data["submission_key"] or uuid.uuid4()
        return key

    @property
    def statement_fields(self) -> dict[str, Any]:
        """What was typed, for the services."""
        skipped = ("submission_key", "version")
        return {name: value for name, value in self.cleaned_data.items() if name not in skipped}


class DifficultyForm(StatementForm):
    state = forms.ChoiceField(
        label=_("State"), choices=Difficulty.State.choices, initial=Difficulty.State.OPEN
    )
    overcome_on = DayField(
        label=_("Overcome on"),
        required=False,
        help_text=_("Only where it is overcome, for example 05/03/2020."),
    )
    note = _narrative(_("What was done about it"), required=False, rows=3)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        is_overcome = given.get("state") == Difficulty.State.OVERCOME
        if is_overcome and not given.get("overcome_on") and "overcome_on" not in self.errors:
            self.add_error("overcome_on", _("Give the day on which it was overcome."))
        return given


class RecommendationForm(StatementForm):
    addressed_to: RecordField[Agency] = RecordField(
        label=_("Addressed to"),
        required=False,
        help_text=_("A body of your area or of one above: its people are told, and answer here."),
    )
    addressee = TextField(
        label=_("Or another body, by its name"),
        max_length=160,
        required=False,
        help_text=_("Where it is not in the list. Its answer comes on paper; your coordinator records it."),
        error_messages={"max_length": _TOO_LONG},
    )

    def _offer(self) -> None:
        areas: dict[str, Area] = {}
        for grant in self.own:
            areas.setdefault(grant.area.path, grant.area)
        paths = [addressees_of(area) for area in areas.values()]
        day, chosen = self.day(), self.value_of("addressed_to")
        found: dict[int, Agency] = {}
        own = {grant.membership.agency_id for grant in self.own}
        for agencies in paths:
            for agency in agencies.select_related("area").order_by("area__path", "sort_key", "-valid_from"):
                is_fit = agency.pk not in own and (day is None or agency.held_on(day))
                if is_fit or str(agency.pk) == chosen:
                    found.setdefault(agency.pk, agency)
        field: Any = self.fields["addressed_to"]
        choices = [(str(agency.pk), str(agency)) for agency in found.values()]
        field.offer(found.values(), [("", _("Not in this list")), *choices])

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not given.get("addressed_to") and not given.get("addressee"):
            if not {"addressed_to", "addressee"} & set(self.errors):
                self.add_error("addressee", _("Choose an agency, or type the name of the body."))
        elif given.get("addressed_to"):
            given["addressee"] = given["addressed_to"].name
        return given


class DirectionForm(StatementForm):
    task: RecordField[Task] = RecordField(
        label=_("Task that makes it concrete"),
        required=False,
        help_text=_("One of the tasks your unit was given, once there is one."),
    )

    def _offer(self) -> None:
        tasks = {task.pk: task for task in tasks_to_link(self.actor)[:OFFERED]}
        held = getattr(self.statement, "task", None)
        if held is not None:
            tasks.setdefault(held.pk, held)
        choices = [(str(task.pk), f"{task.document}: {str(task)[:90]}") for task in tasks.values()]
        field: Any = self.fields["task"]
        field.offer(tasks.values(), [("", _("None")), *choices])


FORMS: dict[str, type[StatementForm]] = {
    "difficulty": DifficultyForm,
    "recommendation": RecommendationForm,
    "direction": DirectionForm,
}


def _initial_of(statement: Any) -> dict[str, Any]:
    if statement is None:
        return {"submission_key": uuid.uuid4()}
    initial = {name: getattr(statement, name) for name in ("version", "text")}
    initial |= {"agency": statement.agency_id, "area": statement.area_id, "submission_key": uuid.uuid4()}
    initial["period"] = typed_period(statement.period_start, statement.period_end)
    for name in OWN_COLUMNS[statement._meta.model_name]:
        initial[name] = getattr(statement, statement._meta.get_field(name).attname)
    if initial.get("addressed_to"):
        initial["addressee"] = ""
    return initial


_OUTCOMES = {
    "accept": _("accepted: it will be done"),
    "refuse": _("refused, with the reason"),
    "answer_in_part": _("answered in part: more will follow"),
}


class AnswerForm(forms.Form):
    """The answer to a recommendation: by the addressed agency, or as it came on paper."""

    outcome = forms.ChoiceField(
        label=_("The answer"),
        choices=[(word, _OUTCOMES[word]) for word in ANSWERS],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the answer says.")},
    )
    text = _narrative(
        _("Text of the answer"),
        help_text=_("What is said, and why. No names of victims or suspects."),
        rows=6,
    )
    answered_on = DayField(label=_("Date of the answer"), help_text=_EXAMPLE_DAY)
    document = TextField(
        label=_("Document"),
        max_length=200,
        required=False,
        help_text=_("Number and symbol of the document in the register, such as 2978/BQP-BĐBP."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "newest-documents"}),
    )

    def __init__(
        self, data: Any = None, *, actor: User, recommendation: Recommendation, is_on_paper: bool
    ) -> None:
        super().__init__(data, initial=_initial_answer(recommendation))
        self.actor = actor
        self.is_on_paper = is_on_paper
        self.fields["document"].required = is_on_paper
        self.fields["document"].error_messages["required"] = _(
            "Name the document with which the answer came. Enter it into the register first."
        )
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)

    @property
    def offered(self) -> list[tuple[str, str]]:
        """The newest documents, as they are typed and as they are told apart."""
        return [(reference(each), each.issuer.name) for each in newest_documents(self.actor, 30)]

    def clean_document(self) -> Document | None:
        typed = self.cleaned_data["document"]
        if not typed:
            return None
        found = list(documents_named(self.actor, typed)[:2])
        if not found:
            raise ValidationError(
                _("Your register holds no such document. Enter it there first."), code="unknown"
            )
        if len(found) > 1:
            raise ValidationError(
                _("Several documents fit “%(typed)s”. Add words of the subject."),
                code="ambiguous",
                params={"typed": typed},
            )
        document: Document = found[0]
        return document


def _initial_answer(recommendation: Recommendation) -> dict[str, Any]:
    paper = recommendation.answer_document
    return {
        "text": recommendation.answer,
        "answered_on": recommendation.answered_on,
        "document": reference(paper) if paper else "",
    }
