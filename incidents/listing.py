"""The lists of tips and cases: what they can be narrowed down by, and their pages.

A filter stands in the address, so it holds nothing a person could type a name into: only codes, dates and choices.
Free words are sent by POST.
"""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import F, OuterRef, Q, Subquery
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents.models import (
    Case,
    Channel,
    Force,
    Offence,
    Stage,
    StageKind,
    Tip,
    TipKind,
    TipState,
)
from territory.collation import ViFold, fold
from territory.days import DayField
from territory.text import TextField

#: A limit counts as near so many days before it ends.
NEAR_DAYS = 5
#: A search by words shows at most so many.
FOUND_BY_WORDS = 100
RUNNING, NEAR, LATE = "running", "near", "late"


def _any(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", _("All")), *choices],
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )


class _FilterForm(forms.Form):
    first_day, last_day = "", ""

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get(self.first_day), self.cleaned_data.get(self.last_day)
        if first and last and last < first:
            self.add_error(self.last_day, _("The last day lies before the first."))
        return self.cleaned_data


class TipFilterForm(_FilterForm):
    first_day, last_day = "received_from", "received_to"

    code = forms.RegexField(
        r"^[A-Za-z0-9-]*$",
        label=_("Code"),
        required=False,
        max_length=30,
        error_messages={"invalid": _("A code has letters, figures and “-” only.")},
    )
    state = _any(
        _("State"),
        [
            (RUNNING, _("still to resolve")),
            (NEAR, _("limit is near")),
            (LATE, _("limit has passed")),
            *TipState.choices,
        ],
    )
    kind = _any(_("Kind"), TipKind.choices)
    channel = _any(_("How it came"), Channel.choices)
    mine = _any(_("Investigator"), [("me", _("me")), ("nobody", _("nobody yet"))])
    received_from = DayField(label=_("Received from"), required=False)
    received_to = DayField(label=_("until"), required=False)


class CaseFilterForm(_FilterForm):
    first_day, last_day = "reached_from", "reached_to"

    code = forms.RegexField(
        r"^[A-Za-z0-9-]*$",
        label=_("Code"),
        required=False,
        max_length=30,
        error_messages={"invalid": _("A code has letters, figures and “-” only.")},
    )
    stage = _any(_("Has reached"), StageKind.choices)
    reached_from = DayField(label=_("from"), required=False)
    reached_to = DayField(label=_("until"), required=False)
    offence = forms.ModelChoiceField(
        Offence.objects.all(),
        label=_("Offence"),
        required=False,
        empty_label=_("All"),
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )
    force = _any(_("Found by"), Force.choices)
    limit = _any(_("Time limit"), [(NEAR, _("limit is near")), (LATE, _("limit has passed"))])
    mine = _any(_("Investigator"), [("me", _("me")), ("nobody", _("nobody yet"))])


class WordsForm(forms.Form):
    """Words looked for in what was told. They go by POST, into no address and no log."""

    words = TextField(
        label=_("Words in the text"),
        max_length=100,
        help_text=_("Letter case and diacritics do not matter. What you type here is kept nowhere."),
    )


class Listing:
    """Rows the reader may see, narrowed down by the address, or found by words."""

    form_class: ClassVar[type[_FilterForm]]
    text_column: ClassVar[str]
    order: ClassVar[tuple[str, ...]]

    def __init__(self, parameters: QueryDict, *, reader: User, words: Any = None) -> None:
        self.reader = reader
        self.parameters = parameters
        self.today = timezone.localdate()
        self.form = self.form_class(parameters)
        self.words_form = WordsForm(words)
        self.is_usable = self.form.is_valid() and (words is None or self.words_form.is_valid())

    @property
    def is_word_search(self) -> bool:
        return self.words_form.is_bound

    @property
    def is_filtered(self) -> bool:
        return self.is_word_search or any(self.form.cleaned_data.values())

    def visible(self) -> Any:
        raise NotImplementedError

    def narrowed(self, rows: Any, chosen: dict[str, Any]) -> Any:
        raise NotImplementedError

    @cached_property
    def found(self) -> Any:
        rows = self.visible()
        if not self.is_usable:
            return rows.none()
        chosen = self.form.cleaned_data
        if chosen["code"]:
            rows = rows.filter(code__icontains=chosen["code"])
        rows = self.narrowed(rows, chosen)
        if self.is_word_search:
            rows = rows.annotate(folded=ViFold(F(self.text_column)))
            for word in fold(self.words_form.cleaned_data["words"]).split():
                rows = rows.filter(folded__contains=word)
        return rows.order_by(*self.order)

    @cached_property
    def page(self) -> Page[Any]:
        """A page of the rows; of a search by words its only one, since a page in an address has no words."""
        if self.is_word_search:
            return Paginator(self.found[:FOUND_BY_WORDS], FOUND_BY_WORDS).get_page(1)
        return Paginator(self.found, settings.PAGE_SIZE).get_page(self.parameters.get("page", 1))

    def query(self) -> str:
        """The filters in use, as they stand in an address."""
        kept = QueryDict(mutable=True)
        for name in self.form.fields:
            if self.parameters.get(name):
                kept[name] = str(self.parameters[name])
        return kept.urlencode()


class TipListing(Listing):
    """Tips, what is still to be resolved first, by the end of its limit."""

    form_class = TipFilterForm
    text_column = "text"
    order = ("-received_on", "-id")

    def visible(self) -> Any:
        return (
            Tip.objects.visible_to(self.reader).select_related("area", "assigned_to", "offence").defer("text")
        )

    def narrowed(self, rows: Any, chosen: dict[str, Any]) -> Any:
        state = chosen["state"]
        if state in (RUNNING, NEAR, LATE):
            rows = rows.running()
        elif state:
            rows = rows.filter(state=state)
        if state in (NEAR, LATE):
            rows = rows.filter(limit_is(state, self.today))
        for name in ("kind", "channel"):
            if chosen[name]:
                rows = rows.filter(**{name: chosen[name]})
        if chosen["mine"]:
            rows = rows.filter(assigned_to=self.reader if chosen["mine"] == "me" else None)
        if chosen["received_from"]:
            rows = rows.filter(received_on__gte=chosen["received_from"])
        if chosen["received_to"]:
            rows = rows.filter(received_on__lte=chosen["received_to"])
        return rows


class CaseListing(Listing):
    """Cases with the stage each has reached last."""

    form_class = CaseFilterForm
    text_column = "summary"
    order = ("-id",)

    def visible(self) -> Any:
        last = Stage.objects.filter(case=OuterRef("pk")).order_by("-reached_on", "-id")
        return (
            Case.objects.visible_to(self.reader)
            .select_related("area", "investigator")
            .prefetch_related("offences")
            .annotate(
                last_stage=Subquery(last.values("kind")[:1]), last_day=Subquery(last.values("reached_on")[:1])
            )
            .defer("summary")
        )

    def narrowed(self, rows: Any, chosen: dict[str, Any]) -> Any:
        reached = Stage.objects.all()
        if chosen["stage"]:
            reached = reached.filter(kind=chosen["stage"])
        if chosen["reached_from"]:
            reached = reached.filter(reached_on__gte=chosen["reached_from"])
        if chosen["reached_to"]:
            reached = reached.filter(reached_on__lte=chosen["reached_to"])
        if chosen["stage"] or chosen["reached_from"] or chosen["reached_to"]:
            rows = rows.filter(pk__in=reached.order_by().values("case"))
        if chosen["offence"]:
            one = chosen["offence"]
            rows = rows.filter(offences__criminal_code=one.criminal_code, offences__article=one.article)
        if chosen["force"]:
            rows = rows.filter(force=chosen["force"])
        if chosen["limit"]:
            rows = rows.filter(limit_is(chosen["limit"], self.today))
        if chosen["mine"]:
            rows = rows.filter(investigator=self.reader if chosen["mine"] == "me" else None)
        return rows


def limit_is(what: str, today: dt.date) -> Q:
    """The condition for rows whose limit is near (``near``) or has passed (``late``)."""
    if what == LATE:
        return Q(due_on__lt=today)
    return Q(due_on__range=(today, today + dt.timedelta(days=NEAR_DAYS)))


def near_or_past(rows: Any, today: dt.date) -> Any:
    """Rows whose limit is near or has passed, what is most urgent first."""
    return rows.filter(due_on__lte=today + dt.timedelta(days=NEAR_DAYS)).order_by("due_on", "id")
