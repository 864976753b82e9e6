"""Reading several short lists in one statement."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection, models

from accounts.scoping import ScopedQuerySet

_AS_JSON = "(SELECT json_agg(row_to_json(q)) FROM (%s) q)"


class Statement(NamedTuple):
    """A list that no queryset asks for. Its rows come as JSON has them, numbers with a point as Decimal."""

    text: str
    values: Sequence[Any]


def read_together(*lists: models.QuerySet[Any] | Statement) -> list[list[Any]]:
    """The rows of each list, in its order, as its own query would give them: one statement for all of them.

    A queryset is of whole records without related ones, or a ``values_list``, whose rows are tuples. Raises
    UnscopedQuery for a protected model that nobody scoped.
    """
    readings = [_Written(each) if isinstance(each, Statement) else _Asked(each) for each in lists]
    columns = ", ".join(_AS_JSON % each.text for each in readings)
    values = [value for each in readings for value in each.values]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT json_build_array({columns})::text", values)
        answered = json.loads(cursor.fetchone()[0], parse_float=Decimal)
    return [
        [reading.row(list(row.values())) for row in rows or ()]
        for reading, rows in zip(readings, answered, strict=True)
    ]


class _Written:
    """A list by a statement of its own."""

    def __init__(self, statement: Statement) -> None:
        self.text, self.values = statement

    def row(self, columns: list[Any]) -> Any:
        return tuple(columns)


class _Asked:
    """A list by a queryset: its statement, and what its rows become."""

    def __init__(self, queryset: models.QuerySet[Any]) -> None:
        if isinstance(queryset, ScopedQuerySet):
            queryset.refuse_unscoped()
        self._compiler = queryset.query.get_compiler(queryset.db)
        try:
            self.text, self.values = self._compiler.as_sql(with_col_aliases=True)
        except EmptyResultSet:
            self.text, self.values = "SELECT WHERE FALSE", ()

    def row(self, columns: list[Any]) -> Any:
        selected = [expression for expression, _, _ in self._compiler.select]
        values = [
            None if column is None else each.output_field.to_python(column)
            for each, column in zip(selected, columns, strict=True)
        ]
        if not self._compiler.query.default_cols:  # some columns were chosen
            return tuple(values)
        names = [each.target.attname for each in selected]
        return self._compiler.query.model.from_db(self._compiler.using, names, values)
