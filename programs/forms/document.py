"""The form in which a document is entered into the register and changed."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.forms.attaching import ADDED, AttachingForm, added_files_field, removed_files_field
from programs.forms.document_relation import PREFIX, BaseRelationFormSet, RelationFormSet, rows_of
from programs.forms.fields import RecordField, RecordsField
from programs.models import NUMBER_FORM, Document, DocumentKind, DocumentRelation, Relation, Urgency
from programs.selectors.area import grouped_choices
from programs.selectors.document import (
    Issuers,
    issuers_to_choose,
    kept_areas,
    newest_documents,
    reference,
    tidy_number,
)
from programs.selectors.rights import may_write_document
from programs.services.document import RestsOn
from territory.days import DayField, read_day
from territory.models import Agency, Area
from territory.text import NarrativeField, TextField

EARLIEST_YEAR = 1945
MOST_RECIPIENTS = 100
LONGEST_RECIPIENT = 200
#: How many of the newest documents are offered while a number is typed.
OFFERED = 30
_TOO_LONG = _("The text has %(show_value)d characters; at most %(limit_value)d fit. Shorten it.")
_NUMBER_HELP = _(
    "“%(typed)s” is not a number and symbol. Type them as printed on the document, the number first and without"
    " blanks, such as 2978/BQP-BĐBP, 13-KL/TW or 53/2024/QH15; leave it empty when it is not known."
)
_COLUMNS = (
    *("kind", "number", "issued_on", "year", "subject", "signer", "signer_position", "urgency", "note"),
    *("valid_from", "valid_to"),
)


def _text(label: Any, limit: int, **kwargs: Any) -> TextField:
    messages = {"max_length": _TOO_LONG, "required": _("Type a text here.")}
    return TextField(label=label, max_length=limit, error_messages=messages, **kwargs)


class NumberField(TextField):
    """Number and symbol of a document, tidied ("Số: 2978 / BQP-BĐBP") and of the form they have."""

    def clean(self, value: Any) -> Any:
        number = tidy_number(super().clean(value))
        if number and not NUMBER_FORM.match(number):
            raise ValidationError(_NUMBER_HELP, code="number_form", params={"typed": number})
        return number


class LinesField(NarrativeField):
    """Entries, one a line, as the list at the foot of a document has them. Cleans to a list of texts."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        lines = [
            line.strip().removeprefix("-").rstrip(" ;").strip() for line in super().clean(value).split("\n")
        ]
        lines = [line for line in lines if line]
        if len(lines) > MOST_RECIPIENTS:
            message = _("There are %(count)d lines; at most %(limit)d fit.")
            params = {"count": len(lines), "limit": MOST_RECIPIENTS}
            raise ValidationError(message, code="too_many", params=params)
        for number, line in enumerate(lines, start=1):
            if len(line) > LONGEST_RECIPIENT:
                message = _("Line %(number)d has %(count)d characters; at most %(limit)d fit.")
                params = {"number": number, "count": len(line), "limit": LONGEST_RECIPIENT}
                raise ValidationError(message, code="line_too_long", params=params)
        return lines


class DocumentForm(AttachingForm):
    """All fields of a document for one person: only registers that person keeps can be chosen.

    ``typed`` are fields as a draft kept them: they are shown as they were, and not yet judged.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=10**9)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("Choose …")), *DocumentKind.choices],
        error_messages={"required": _("Choose the kind of document.")},
    )
    number = NumberField(
        label=_("Number and symbol"),
        max_length=60,
        required=False,
        help_text=_("As printed, for example 2978/BQP-BĐBP."),
        error_messages={"max_length": _TOO_LONG},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    issued_on = DayField(label=_("Date"), required=False, help_text=_("For example 05/03/2020."))
    year = forms.IntegerField(
        label=_("Year, when the date is not known"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("Type the year in four figures, for example 2020.")},
    )
    issuer: RecordField[Agency] = RecordField(
        label=_("Issuer"), error_messages={"required": _("Choose the issuer.")}
    )
    co_issuers: RecordsField[Agency] = RecordsField(
        label=_("Issued together with"), required=False, widget=forms.CheckboxSelectMultiple
    )
    area: RecordField[Area] = RecordField(
        label=_("Area"),
        help_text=_("What the document is for. It is seen by all units in this area and below."),
        error_messages={"required": _("Choose the area.")},
    )
    subject = _text(
        _("Subject"),
        500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The summary line (trích yếu)."),
    )
    signer = _text(_("Signer"), 120, required=False)
    signer_position = _text(_("Position of the signer"), 120, required=False)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices, initial=Urgency.ORDINARY)
    recipients = LinesField(
        label=_("Recipients"),
        required=False,
        rows=5,
        help_text=_("One a line, as under “Nơi nhận”."),
        error_messages={"max_length": _TOO_LONG},
    )
    note = NarrativeField(label=_("Note"), required=False, rows=4, error_messages={"max_length": _TOO_LONG})
    valid_from = DayField(label=_("In force from"), required=False)
    valid_to = DayField(label=_("In force to"), required=False, help_text=_("Empty: until further notice."))

    attachments = added_files_field(_("Files of the document"))
    removed_attachments = removed_files_field()

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        actor: User,
        document: Document | None = None,
        typed: Mapping[str, list[str]] | None = None,
        blank_rows: int | None = None,
    ) -> None:
        self.actor = actor
        self.document = document
        held = _visible_relations(document, actor)
        self.hidden_relations = [
            RestsOn(each.rests_on, Relation(each.kind)) for each, is_seen in held if not is_seen
        ]
        seen = [each for each, is_seen in held if is_seen]
        super().__init__(data, files, initial=_initial_of(document))
        # A browser cuts pasted text at maxlength without a word; the form says how much is too much instead.
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)
        shown = MultiValueDict(typed) if typed is not None else None
        if shown is not None:
            for name, field in self.fields.items():
                if name == ADDED:
                    continue
                self.initial[name] = field.widget.value_from_datadict(shown, MultiValueDict(), name)
        self._offer(data if data is not None else shown)
        self.offer_removal(document.attachments.all() if document is not None else ())
        rows = rows_of(shown) if shown is not None else [_row(each) for each in seen]
        if blank_rows is None:
            blank_rows = 0 if shown is not None else 1
        formset: Any = RelationFormSet(
            data, prefix=PREFIX, initial=rows, form_kwargs={"actor": actor, "document": document}
        )
        self.relations: BaseRelationFormSet = formset
        self.relations.extra = len(rows) + blank_rows if rows else max(blank_rows, 1)

    @cached_property
    def offered(self) -> list[tuple[str, str]]:
        """The newest documents, as they are typed and as they are told apart."""
        return [
            (reference(each), f"{_when(each)} · {each.issuer.name}")
            for each in newest_documents(self.actor, OFFERED)
            if self.document is None or each.pk != self.document.pk
        ]

    def is_valid(self) -> bool:
        # Both are judged, so that all messages show at once.
        is_valid_itself = super().is_valid()
        return self.relations.is_valid() and is_valid_itself

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        self._judge_days(given)
        first, last = self._days(given)
        for name, label in (("issuer", _AGENCY_UNKNOWN), ("area", _AREA_UNKNOWN)):
            chosen = given.get(name)
            if chosen and first and last and not _held_between(chosen, first, last):
                params = {"name": chosen.name, "day": _said(first, last)}
                self.add_error(name, ValidationError(label, code="not_valid", params=params))
        for agency in given.get("co_issuers") or ():
            if first and last and not _held_between(agency, first, last):
                params = {"name": agency.name, "day": _said(first, last)}
                self.add_error(
                    "co_issuers", ValidationError(_AGENCY_UNKNOWN, code="not_valid", params=params)
                )
            if agency == given.get("issuer"):
                message = _("%(name)s is the issuer already.")
                self.add_error("co_issuers", ValidationError(message, params={"name": agency.name}))
        issuer, area = given.get("issuer"), given.get("area")
        if issuer and area and not may_write_document(self.actor, issuer, area):
            message = _(
                "You do not keep the register of %(agency)s in %(area)s. Choose another area or issuer."
            )
            params = {"agency": issuer.name, "area": area.name}
            self.add_error("area", ValidationError(message, code="out_of_reach", params=params))
        self.judge_file_count()
        return given

    def _judge_days(self, given: dict[str, Any]) -> None:
        today = timezone.localdate()
        issued_on, year = given.get("issued_on"), given.get("year")
        if issued_on and issued_on > today + dt.timedelta(days=1):
            self.add_error("issued_on", ValidationError(_("The date lies in the future."), "in_future"))
        if issued_on and issued_on.year < EARLIEST_YEAR:
            message = _("The date lies before %(year)d.")
            self.add_error("issued_on", ValidationError(message, "too_early", {"year": EARLIEST_YEAR}))
        if year is not None and not EARLIEST_YEAR <= year <= today.year:
            message = _("Type a year from %(first)d to %(last)d.")
            params = {"first": EARLIEST_YEAR, "last": today.year}
            self.add_error("year", ValidationError(message, code="out_of_range", params=params))
        elif issued_on and year is not None and year != issued_on.year:
            message = _("The date above is of %(year)d. Leave the year empty when the date is known.")
            self.add_error("year", ValidationError(message, "not_of_date", {"year": issued_on.year}))
        first, last = given.get("valid_from"), given.get("valid_to")
        if first and last and last < first:
            message = _("The last day of validity lies before the first.")
            self.add_error("valid_to", ValidationError(message, code="in_order"))

    @staticmethod
    def _days(given: Mapping[str, Any]) -> tuple[dt.date | None, dt.date | None]:
        """The first and last day on which the document can have been issued."""
        issued_on, year = given.get("issued_on"), given.get("year")
        if issued_on:
            return issued_on, issued_on
        if year and EARLIEST_YEAR <= year <= dt.MAXYEAR:
            return dt.date(year, 1, 1), dt.date(year, 12, 31)
        return None, None

    def put(self, name: str, value: object) -> None:
        """Give a hidden field another value for when the form is shown again."""
        data: Any = self.data
        self.data = data.copy()
        self.data[name] = str(value)  # type: ignore[index]

    # --- what was typed, for the services ---

    @property
    def document_fields(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {name: given[name] for name in (*_COLUMNS, "recipients", "issuer", "area")}

    @property
    def rests_on(self) -> list[RestsOn]:
        """The relations of the rows, and those to documents this person does not see, which stay."""
        return [*self.relations.given, *self.hidden_relations]

    # --- what may be chosen ---

    def _offer(self, typed: Any) -> None:
        issuer, area, co_issuers = (self.fields[name] for name in ("issuer", "area", "co_issuers"))
        assert isinstance(issuer, RecordField)
        assert isinstance(area, RecordField)
        assert isinstance(co_issuers, RecordsField)
        first, last = self._shown_days(typed)
        choices = self._with_stored(issuers_to_choose(self.actor))
        self.only_issuer = choices.first[0] if len(choices.first) == 1 else None
        if self.only_issuer is not None:
            issuer.widget = forms.HiddenInput()
            self.initial["issuer"] = self.only_issuer.pk
        chosen = {str(value) for value in self._chosen(typed, "issuer")}
        offered = [each for each in choices.first if _may_show(each, first, last, chosen)]
        groups: dict[str, list[tuple[str, str]]] = {}
        for each in offered:
            groups.setdefault(each.area.name, []).append((str(each.pk), each.name))
        if self.only_issuer is not None:
            issuer.offer([self.only_issuer], [(str(self.only_issuer.pk), self.only_issuer.name)])
        else:
            issuer.offer(offered, [("", _("Choose …")), *groups.items()])
        chosen = {str(value) for value in self._chosen(typed, "co_issuers")}
        own = self.only_issuer.pk if self.only_issuer else None
        co_issuers.offer(
            each for each in choices.together if each.pk != own and _may_show(each, first, last, chosen)
        )
        chosen = {str(value) for value in self._chosen(typed, "area")}
        areas = [each for each in kept_areas(self.actor) if _may_show(each, first, last, chosen)]
        if self.document is not None and self.document.area not in areas:
            areas.insert(0, self.document.area)
        area.offer(areas, [("", _("Choose …")), *grouped_choices(areas, today=last or timezone.localdate())])
        if self.document is None and not self.initial.get("area") and self.only_issuer is not None:
            self.initial["area"] = self.only_issuer.area_id

    def _with_stored(self, choices: Issuers) -> Issuers:
        """The choices and what the document has already, which somebody of a wider area may have chosen."""
        if self.document is None:
            return choices
        stored = self.document.issuer
        first = choices.first if stored in choices.first else [stored, *choices.first]
        missing = [each for each in self.document.co_issuers.all() if each not in choices.together]
        return Issuers(first, [*missing, *choices.together])

    def _chosen(self, typed: Any, name: str) -> list[Any]:
        value = typed.getlist(name) if typed is not None else self.initial.get(name)
        return value if isinstance(value, list) else [value]

    def _shown_days(self, typed: Any) -> tuple[dt.date | None, dt.date | None]:
        if typed is None:
            return self._days(self.initial)
        year = (typed.get("year") or "").strip()
        return self._days(
            {
                "issued_on": read_day(typed.get("issued_on") or ""),
                "year": int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
            }
        )


_AGENCY_UNKNOWN = _("%(name)s did not exist under this name on %(day)s.")
_AREA_UNKNOWN = _("%(name)s was not a unit on %(day)s. Choose the unit as it was then.")


def _held_between(record: Agency | Area, first: dt.date, last: dt.date) -> bool:
    return record.valid_from <= last and (record.valid_to is None or first <= record.valid_to)


def _may_show(record: Agency | Area, first: dt.date | None, last: dt.date | None, chosen: set[str]) -> bool:
    """Whether a record is offered: those of the day, and what was chosen, which is judged with a message."""
    return str(record.pk) in chosen or first is None or last is None or _held_between(record, first, last)


def _said(first: dt.date, last: dt.date) -> str:
    return f"{first:%d/%m/%Y}" if first == last else str(first.year)


def _when(document: Document) -> str:
    return f"{document.issued_on:%d/%m/%Y}" if document.issued_on else str(document.year or "")


def _initial_of(document: Document | None) -> dict[str, Any]:
    if document is None:
        return {"co_issuers": []}
    initial: dict[str, Any] = {name: getattr(document, name) for name in (*_COLUMNS, "version", "recipients")}
    if document.issued_on:
        initial["year"] = None
    initial["issuer"], initial["area"] = document.issuer_id, document.area_id
    initial["co_issuers"] = [str(agency.pk) for agency in document.co_issuers.all()]
    return initial


def _visible_relations(document: Document | None, actor: User) -> list[tuple[DocumentRelation, bool]]:
    """What a document rests on, each with whether this person sees the other document."""
    if document is None:
        return []
    held = list(document.upward.select_related("rests_on").order_by("pk"))
    seen = set(
        Document.objects.visible_to(actor)
        .filter(pk__in=[each.rests_on_id for each in held])
        .values_list("pk", flat=True)
    )
    return [(each, each.rests_on_id in seen) for each in held]


def _row(relation: DocumentRelation) -> dict[str, Any]:
    return {
        "kind": relation.kind,
        "other": reference(relation.rests_on),
        "chosen": relation.rests_on_id,
    }
