"""What the register of documents can be narrowed down by, and the list made of it."""

from typing import Any

import django_filters
from django.db.models import BigIntegerField, DateField, F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.filters import ANY, UNKNOWN, DayFilter, ListFilter, PeriodForm, SearchFilter
from programs.models import Document, DocumentKind, Urgency
from programs.selectors.area import grouped_choices
from programs.selectors.document import (
    DOCUMENT_KIND_RANK,
    READING_VERBS,
    DocumentTotals,
    document_totals,
    issuers_of_documents,
    register_areas,
)
from programs.tables import Columns, Listing
from territory.choosing import LongSelect
from territory.collation import ViSortKey


class _IssuedForm(PeriodForm):
    first_day, last_day = "issued_from", "issued_to"


class DocumentFilter(ListFilter):
    """Filters over documents the reader may see."""

    q = SearchFilter()
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=DocumentKind.choices, empty_label=ANY, error_messages=UNKNOWN
    )
    issuer = django_filters.ChoiceFilter(
        label=_("Issuer"), empty_label=ANY, error_messages=UNKNOWN, widget=LongSelect
    )
    area = django_filters.ChoiceFilter(
        label=_("Area"), method="within", empty_label=ANY, error_messages=UNKNOWN, widget=LongSelect
    )
    issued_from = DayFilter(label=_("Issued from"), field_name="issued_on", lookup_expr="gte")
    issued_to = DayFilter(label=_("Issued until"), field_name="issued_on", lookup_expr="lte")
    urgency = django_filters.ChoiceFilter(
        label=_("Urgency"), choices=Urgency.choices, empty_label=ANY, error_messages=UNKNOWN
    )

    class Meta:
        model = Document
        fields: list[str] = []
        form = _IssuedForm

    def __init__(self, data: Any, *, reader: User) -> None:
        super().__init__(data, queryset=Document.objects.visible_to(reader))
        self.filters["issuer"].extra["choices"] = [
            (str(agency.pk), agency.name) for agency in issuers_of_documents(reader)
        ]
        areas = register_areas(reader, READING_VERBS)
        self._paths = {str(area.pk): area.path for area in areas}
        self.filters["area"].extra["choices"] = grouped_choices(areas, today=timezone.localdate())

    def within(self, queryset: Any, name: str, chosen: str) -> Any:
        return queryset.filter(area__path__startswith=self._paths[chosen])


_FIRST_OF_YEAR = Func(F("year"), Value(1), Value(1), function="make_date", output_field=DateField())
_FIGURES = Func(F("number"), Value("^[0-9]+"), function="substring", output_field=TextField())
#: Where the date is unknown the year says where a document belongs; numbers are ordered as numbers.
COLUMNS: Columns = {
    "number": (_("Number"), [Cast(_FIGURES, BigIntegerField()), "number", "id"]),
    "date": (_("Date"), [Coalesce(F("issued_on"), _FIRST_OF_YEAR), "id"]),
    "kind": (_("Kind"), [DOCUMENT_KIND_RANK, "id"]),
    "subject": (_("Subject"), [ViSortKey(F("subject")), "id"]),
    "issuer": (_("Issuer"), ["issuer__sort_key", "id"]),
    "area": (_("Area"), ["area__sort_key", "id"]),
}


class DocumentListing(Listing):
    """The register of documents."""

    columns = COLUMNS

    def __init__(self, parameters: QueryDict, *, reader: User) -> None:
        super().__init__(parameters)
        self.filter = DocumentFilter(parameters, reader=reader)

    @cached_property
    def totals(self) -> DocumentTotals:
        return document_totals(self.filter.found) if self.filter.is_usable else DocumentTotals()

    @property
    def found(self) -> "QuerySet[Document]":
        found: QuerySet[Document] = self.filter.found.select_related("issuer", "area__district").defer(
            "note", "search_text", "area__search_text", "issuer__search_text"
        )
        return found
