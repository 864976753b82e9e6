"""Reading several short lists in one statement."""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.query import get_related_populators

from accounts.scoping import ScopedQuerySet
from territory.replica import REPLICA, connection_to_read

#: What a queryset asks that can find nothing.
_NOTHING = "SELECT WHERE FALSE"
_AS_JSON = "(SELECT json_agg(row_to_json(q)) FROM (%s) q)"


class Statement(NamedTuple):
    """A list that no queryset asks for, of what a replica may tell (`territory.replica`): areas, agencies, figures.

    Its rows come as JSON has them, numbers with a point as Decimal.
    """

    text: str
    values: Sequence[Any]


def read_together(*lists: models.QuerySet[Any] | Statement) -> list[list[Any]]:
    """The rows of each list, in its order, as its own query would give them: one statement for all of them.

    A queryset is of records, with those that ``select_related`` names and what is annotated, or a ``values_list``,
    whose rows are tuples; what ``prefetch_related`` names is left to the caller. Raises UnscopedQuery for a protected
    model that nobody scoped.
    """
    readings = [_Written(each) if isinstance(each, Statement) else _Asked(each) for each in lists]
    if all(each.text == _NOTHING for each in readings):
        return [[] for _ in readings]
    columns = ", ".join(_AS_JSON % each.text for each in readings)
    values = [value for each in readings for value in each.values]
    with _connection(lists).cursor() as cursor:
        cursor.execute(f"SELECT json_build_array({columns})::text", values)
        answered = json.loads(cursor.fetchone()[0], parse_float=Decimal)
    return [
        [reading.row(list(row.values())) for row in rows or ()]
        for reading, rows in zip(readings, answered, strict=True)
    ]


def _connection(lists: Iterable[models.QuerySet[Any] | Statement]) -> Any:
    """Where all of the lists are to be read: from a replica when the router sends every one of them there."""
    led_to = {each.db for each in lists if not isinstance(each, Statement)}
    return connection_to_read() if led_to <= {REPLICA} else connection


def prefetch_together(
    record: models.Model,
    relations: Mapping[str, models.QuerySet[Any]],
    *lists: models.QuerySet[Any] | Statement,
) -> list[list[Any]]:
    """Read relations of a record as ``prefetch_related`` does, and other lists beside them: one statement for all.

    A relation's queryset says order and related records, and need not name the record. Gives the rows of the lists.
    """
    asked = {name: _of_record(record, name, rows) for name, rows in relations.items()}
    found = read_together(*asked.values(), *lists)
    for (name, rows), read in zip(asked.items(), found, strict=False):
        keep_related(record, name, read, asked=rows)
    return found[len(asked) :]


def keep_related(
    record: models.Model, name: str, rows: list[Any], *, asked: models.QuerySet[Any] | None = None
) -> None:
    """Let a record have the rows of one of its relations, all of them, as if ``prefetch_related`` had read them.

    ``asked`` is what read them; a protected model needs it, scoped.
    """
    relation: Any = record._meta.get_field(name)
    if relation.one_to_many:
        for each in rows:
            setattr(each, relation.field.name, record)
    kept: Any = relation.related_model._default_manager.all() if asked is None else asked
    kept._result_cache, kept._prefetch_done = rows, True
    record.__dict__.setdefault("_prefetched_objects_cache", {})[name] = kept


def keep_each(
    records: Sequence[models.Model],
    name: str,
    rows: Iterable[Any],
    *,
    asked: models.QuerySet[Any] | None = None,
) -> None:
    """Let each of the records have those of the rows that point to it, as ``keep_related`` does for one."""
    if not records:
        return
    relation: Any = records[0]._meta.get_field(name)
    held: dict[Any, list[Any]] = {record.pk: [] for record in records}
    for row in rows:
        held[getattr(row, relation.field.attname)].append(row)
    for record in records:
        keep_related(record, name, held[record.pk], asked=None if asked is None else asked.all())


def _of_record(record: models.Model, name: str, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Those of the rows that the relation leads to."""
    relation: Any = record._meta.get_field(name)
    back = relation.field.name if relation.one_to_many else relation.related_query_name()
    return rows.filter(**{back: record.pk})


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
            self.text, self.values = _NOTHING, ()
            return
        self._fields = [each.output_field for each, _sql, _alias in self._compiler.select]
        is_of_records = self._compiler.query.default_cols  # a values_list has chosen some columns
        self._record = _Record(self._compiler) if is_of_records else None

    def row(self, columns: list[Any]) -> Any:
        values = [
            None if column is None else each.to_python(column)
            for each, column in zip(self._fields, columns, strict=True)
        ]
        return tuple(values) if self._record is None else self._record.of(values)


class _Record:
    """What a queryset of records makes of a row, as ``ModelIterable`` of Django does."""

    def __init__(self, compiler: Any) -> None:
        self._using = compiler.using
        self._model, columns = compiler.klass_info["model"], compiler.klass_info["select_fields"]
        self._own = slice(columns[0], columns[-1] + 1)
        self._names = [each.target.attname for each, _sql, _alias in compiler.select[self._own]]
        self._related = get_related_populators(  # type: ignore[call-arg]  # the stubs are of Django 6
            compiler.klass_info, compiler.select, compiler.using
        )
        self._annotated = compiler.annotation_col_map or {}

    def of(self, values: list[Any]) -> models.Model:
        record: models.Model = self._model.from_db(self._using, self._names, values[self._own])
        for each in self._related:
            each.populate(values, record)
        for name, column in self._annotated.items():
            setattr(record, name, values[column])
        return record
