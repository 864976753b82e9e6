"""The rows in the form of a document that say what it rests on."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.models import Document, Relation
from programs.selectors.document import documents_named, keys_below
from programs.services.document import RestsOn
from territory.text import TextField

PREFIX = "relations"
#: How many documents are listed to choose from when what was typed fits several.
CANDIDATES = 10
_MOST_ROWS = 40
_TOO_LONG = _("Type at most %(limit_value)d characters: the number, or a few words of the subject.")


class RelationForm(forms.Form):
    """One row: how the document stands to another, and which one. An empty row says nothing.

    The other is typed: its number, or words of its subject. Where several fit, ``candidates`` are listed and
    ``chosen`` says which; it holds only as long as it fits what is typed.
    """

    kind = forms.ChoiceField(
        label=_("This document"), required=False, choices=[("", _("Choose …")), *Relation.choices]
    )
    other = TextField(
        label=_("Other document"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "newest-documents", "autocomplete": "off"}),
        error_messages={"max_length": _TOO_LONG},
    )
    chosen = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)

    relation: RestsOn | None = None

    def __init__(self, *args: Any, actor: User, document: Document | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.document = document
        self.candidates: list[Document] = []
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)

    @property
    def is_removed(self) -> bool:
        return bool(self.is_bound and self["DELETE"].value())

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        typed, kind = given.get("other"), given.get("kind")
        if given.get("DELETE") or "other" in self.errors:
            return given
        if kind and not typed:
            self.add_error("other", _("Type the number of the other document, or remove the row."))
        if typed and not kind and "kind" not in self.errors:
            self.add_error("kind", _("Choose how the two stand to each other."))
        found = self._found(typed) if typed else None
        if found is not None and kind:
            self.relation = RestsOn(found, Relation(kind))
        return given

    def _found(self, typed: str) -> Document | None:
        named = documents_named(self.actor, typed)
        chosen = self.cleaned_data.get("chosen")
        found: Document | None = named.filter(pk=chosen).first() if chosen else None
        if found is None:
            fitting = list(named[: CANDIDATES + 1])
            if not fitting:
                message = _(
                    "No document that you may see has “%(typed)s” in its number or subject. Type its number,"
                    " such as 2978/BQP-BĐBP, or a few words of its subject; enter it first if it is new."
                )
                self._refuse(message, "unknown", typed=typed)
                return None
            if len(fitting) > CANDIDATES:
                message = _("More than %(count)d documents fit “%(typed)s”. Type its number, or more words.")
                self._refuse(message, "too_many", typed=typed, count=CANDIDATES)
                return None
            if len(fitting) > 1:
                self.candidates = fitting
                message = _("%(count)d documents fit “%(typed)s”. Choose which one is meant.")
                self._refuse(message, "several", typed=typed, count=len(fitting))
                return None
            found = fitting[0]
        if self.document is not None and found.pk == self.document.pk:
            self._refuse(_("This is the document itself. Name another one."), "itself")
            return None
        return found

    def refuse_circle(self) -> None:
        self.relation = None
        self._refuse(_("These two documents would rest on each other. Check which one came first."), "circle")

    def _refuse(self, message: Any, code: str, **params: object) -> None:
        self.add_error("other", ValidationError(message, code=code, params=params))

    def _post_clean(self) -> None:
        # A removed row is not judged.
        if self.cleaned_data.get("DELETE"):
            self.relation = None
            self.errors.clear()


class BaseRelationFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """The rows; none may lead back to the document itself."""

    forms: list[RelationForm]

    def initial_form_count(self) -> int:
        """None: rows that were stored and rows just typed are judged alike, and a draft looks as it was left."""
        return 0

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "empty_permitted": False}

    def clean(self) -> None:
        for row in self.forms:
            if row.relation is not None and row.relation.document.pk in self._below:
                row.refuse_circle()

    @cached_property
    def _below(self) -> set[int]:
        document = self.form_kwargs["document"]
        return keys_below(document) if document is not None else set()

    @property
    def given(self) -> list[RestsOn]:
        """The relations of the rows that could be read, each once."""
        return list(
            {
                (row.relation.document.pk, row.relation.kind): row.relation
                for row in self.forms
                if row.relation
            }.values()
        )


RelationFormSet = forms.formset_factory(
    RelationForm,
    formset=BaseRelationFormSet,
    can_delete=True,
    extra=0,
    max_num=_MOST_ROWS,
    absolute_max=_MOST_ROWS + 10,
    validate_max=True,
)


def rows_of(typed: MultiValueDict[str, str]) -> list[dict[str, Any]]:
    """The rows as they were typed, without those that were removed."""
    try:
        total = min(int(typed.get(f"{PREFIX}-TOTAL_FORMS") or 0), RelationFormSet.absolute_max)
    except ValueError:
        total = 0
    return [
        {name: typed.get(f"{PREFIX}-{number}-{name}") or "" for name in RelationForm.base_fields}
        for number in range(total)
        if not typed.get(f"{PREFIX}-{number}-DELETE")
    ]
