"""Reading several short lists in one statement."""

import copy
import datetime as dt
import json
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.query import get_related_populators

from accounts.scoping import ScopedQuerySet
from territory.replica import REPLICA, connection_to_read

#: What a queryset asks that can find nothing.
_NOTHING = "SELECT WHERE FALSE"
_AS_JSON = "(SELECT json_agg(row_to_json(q)) FROM (%s) q)"


T = TypeVar("T")


class Statement(NamedTuple):
    """A list that no queryset asks for, of what a replica may tell (`territory.replica`): areas, agencies, figures.

    Its rows come as JSON has them, numbers with a point as Decimal.
    """

    text: str
    values: Sequence[Any]


def read_together(*lists: "Listed") -> list[list[Any]]:
    """The rows of each list, in its order, as its own query would give them: one statement for all of them.

    A queryset is of records, with those that ``select_related`` names and what is annotated, or a ``values_list``,
    whose rows are tuples; what ``prefetch_related`` names is left to the caller. Raises UnscopedQuery for a protected
    model that nobody scoped.
    """
    readings = [_reading(each) for each in lists]
    if all(each.text == _NOTHING for each in readings):
        return [[] for _ in readings]
    own = [each for each in readings if not isinstance(each, Shared)]
    shared = [each for each in readings if isinstance(each, Shared)]
    columns = ", ".join(_AS_JSON % each.text for each in own)
    beside = "".join(f", {_AS_JSON % each.text}::text" for each in shared)
    values = [value for each in (*own, *shared) for value in each.values]
    with _connection(lists).cursor() as cursor:
        cursor.execute(f"SELECT json_build_array({columns})::text{beside}", values)
        told, *texts = cursor.fetchone()
    answered = json.loads(told, parse_float=Decimal)
    found = {id(each): _rows(each, rows) for each, rows in zip(own, answered, strict=True)}
    found |= {id(each): each.rows(text) for each, text in zip(shared, texts, strict=True)}
    return [found[id(each)] for each in readings]


def _rows(reading: "_Written | Asked", rows: list[dict[str, Any]] | None) -> list[Any]:
    return [reading.row(list(row.values())) for row in rows or ()]


def _reading(asked: "Listed") -> "_Written | Asked | Shared":
    if isinstance(asked, Statement):
        return _Written(asked)
    return asked if isinstance(asked, Asked | Shared) else Asked(asked)


def _connection(lists: "Iterable[Listed]") -> Any:
    """Where all of the lists are to be read: from a replica when the router sends every one of them there."""
    led_to = {each.db for each in lists if not isinstance(each, Statement)}
    return connection_to_read() if led_to <= {REPLICA} else connection


def prefetch_together(
    record: models.Model,
    relations: "Mapping[str, models.QuerySet[Any]] | Relations",
    *lists: "Listed",
) -> list[list[Any]]:
    """Read relations of a record as ``prefetch_related`` does, and other lists beside them: one statement for all.

    A relation's queryset says order and related records, and need not name the record. Gives the rows of the lists.
    """
    asked = {name: _of_record(record, name, rows) for name, rows in relations.items()}
    kept = relations.of(record) if isinstance(relations, Relations) else asked.values()
    found = read_together(*kept, *lists)
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
    """Those of the rows that the relation leads to. The condition is made when somebody asks for it."""
    found: Any = rows.all()
    found._defer_next_filter = True
    of_record: models.QuerySet[Any] = found.filter(**{_way_back(type(record), name): record.pk})
    return of_record


def _of_key(rows: models.QuerySet[Any], back: str, key: Any) -> models.QuerySet[Any]:
    return rows.filter(**{back: key})


def _way_back(model: type[models.Model], name: str) -> str:
    """What the records of a relation call the one it belongs to."""
    relation: Any = model._meta.get_field(name)
    return str(relation.field.name if relation.one_to_many else relation.related_query_name())


class _Written:
    """A list by a statement of its own."""

    def __init__(self, statement: Statement) -> None:
        self.text, self.values = statement

    def row(self, columns: list[Any]) -> Any:
        return tuple(columns)


class Asked:
    """A list by a queryset: its statement, and what its rows become. ``db`` is where it is to be read."""

    def __init__(self, queryset: models.QuerySet[Any]) -> None:
        if isinstance(queryset, ScopedQuerySet):
            queryset.refuse_unscoped()
        self.db = queryset.db
        compiler = queryset.query.get_compiler(self.db)
        try:
            self.text, self.values = compiler.as_sql(with_col_aliases=True)
        except EmptyResultSet:
            self.text, self.values = _NOTHING, ()
            return
        readers = [_reader(each.output_field) for each, _sql, _alias in compiler.select]
        self._readers = [(number, read) for number, read in enumerate(readers) if read is not None]
        is_of_records = compiler.query.default_cols  # a values_list has chosen some columns
        self._record = _Record(compiler) if is_of_records else None

    def row(self, columns: list[Any]) -> Any:
        values = [*columns]
        for number, read in self._readers:
            if values[number] is not None:
                values[number] = read(values[number])
        return tuple(values) if self._record is None else self._record.of(values)

    def with_values(self, values: Sequence[Any]) -> "Asked":
        """The same list for other values of its conditions."""
        changed = copy.copy(self)
        changed.values = tuple(values)
        return changed


#: What fields do that take texts, numbers and truths as JSON has them.
_AS_IT_IS = frozenset(
    each.to_python
    for each in (models.Field, models.CharField, models.TextField, models.IntegerField, models.BooleanField)
)


def _reader(field: Any) -> Callable[[Any], Any] | None:
    """What makes a value of the field of what JSON has; None where that is the value."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    if type(field) is models.DateField:
        return dt.date.fromisoformat
    return None if type(field).to_python in _AS_IT_IS else field.to_python


class Kept:
    """A list whose statement Django makes once in a process; every further asking only puts its values in.

        comments = Kept(lambda activity: Comment.objects.filter(activity=activity))
        read_together(comments(12))

    ``make`` gets what conditions hold columns against, as it is: numbers, texts, days, and tuples of them. What
    decides about anything else of the list comes by name and is hashable; for each such choice, and for each length of
    a tuple, a statement is kept until the day ends, so that ``make`` may ask what day it is. Raises ValueError where a
    value did not reach the statement as it was given.
    """

    def __init__(self, make: Callable[..., models.QuerySet[Any]]) -> None:
        self._make = make
        self._made: dict[Hashable, tuple[Asked, list[tuple[int, int]]]] = {}
        self._day = dt.date.min

    def __call__(self, *values: Any, **choices: Hashable) -> Asked:
        values = tuple(tuple(dict.fromkeys(each)) if isinstance(each, tuple) else each for each in values)
        shape = tuple(len(each) if isinstance(each, tuple) else type(each) for each in values)
        key = (shape, tuple(choices.items()), connection_to_read().alias)
        today = dt.date.today()
        if today != self._day:
            self._made, self._day = {}, today
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._prepared(values, choices)
        asked, places = made
        given, bound = [*_single(values)], [*asked.values]
        for place, number in places:
            bound[place] = given[number]
        return asked.with_values(bound)

    def _prepared(
        self, values: tuple[Any, ...], choices: dict[str, Hashable]
    ) -> tuple[Asked, list[tuple[int, int]]]:
        """The list as it is asked for with these values, and which of them stands at which place of its statement."""
        numbers = {_stand_in(each, number): number for number, each in enumerate(_single(values))}
        stand_ins = iter(numbers)
        shown = [
            tuple(next(stand_ins) for _ in each) if isinstance(each, tuple) else next(stand_ins)
            for each in values
        ]
        tried, asked = Asked(self._make(*shown, **choices)), Asked(self._make(*values, **choices))
        if () in values and tried.text == asked.text == _NOTHING:
            return asked, []
        places = [
            (place, numbers[value])
            for place, value in enumerate(tried.values)
            if isinstance(value, Hashable) and value in numbers
        ]
        given, bound = [*_single(values)], [*tried.values]
        for place, number in places:
            bound[place] = given[number]
        has_all = {number for _place, number in places} == set(range(len(given)))
        if not has_all or (tried.text, bound) != (asked.text, [*asked.values]):
            raise ValueError("a list is kept whose values stand in more than its conditions")
        return asked, places


def _single(values: Iterable[Any]) -> Iterator[Any]:
    for each in values:
        if isinstance(each, tuple):
            yield from each
        else:
            yield each


def _stand_in(value: Any, number: int) -> Any:
    """What stands in a statement for the value of a condition until it is known; nothing real looks like it."""
    if isinstance(value, str):
        return f"<value {number}>"
    return dt.date.max - dt.timedelta(number) if isinstance(value, dt.date) else number - 2**31


class Latest(Generic[T]):
    """What is made once for each key: for the latest keys, ``most`` of them in a process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: dict[Hashable, T] = {}
        self._lock = threading.Lock()

    def __call__(self, key: Hashable, make: Callable[[], T]) -> T:
        made = self._made.get(key)
        if made is None:
            made = make()
            with self._lock:
                while len(self._made) >= self._most:
                    del self._made[next(iter(self._made))]
                self._made[key] = made
        return made


class KeptFor:
    """Lists whose statements Django makes once for each key: for the latest keys, ``most`` of them in a process.

    A key is all that decides about what is asked for: values, the day, and what the reader may see.
    """

    def __init__(self, most: int) -> None:
        self._latest: Latest[list[Statement | Asked]] = Latest(most)

    def __call__(
        self, key: Hashable, make: Callable[[], Iterable[models.QuerySet[Any] | Statement | Asked]]
    ) -> list[Statement | Asked]:
        def made() -> list[Statement | Asked]:
            return [Asked(each) if isinstance(each, models.QuerySet) else each for each in make()]

        return self._latest((key, connection_to_read().alias), made)


class Shared:
    """A list whose records all readers share while the database tells it in the same words.

    Nobody may change them. They are of a model without relations: what one of them had fetched would stay with it.
    """

    def __init__(self, make: Callable[[], models.QuerySet[Any]]) -> None:
        self._make = make
        self._asked: dict[str, Asked] = {}
        self._told: tuple[str | None, list[Any]] = None, []

    @property
    def asked(self) -> Asked:
        alias = connection_to_read().alias
        if alias not in self._asked:
            self._asked[alias] = Asked(self._make())
        return self._asked[alias]

    @property
    def db(self) -> Any:
        return self.asked.db

    @property
    def text(self) -> Any:
        return self.asked.text

    @property
    def values(self) -> Any:
        return self.asked.values

    def rows(self, told: str | None) -> list[Any]:
        """The rows by the text they came as: the same list as before for the same text."""
        known, rows = self._told
        if told != known:
            rows = _rows(self.asked, json.loads(told, parse_float=Decimal) if told else [])
            self._told = told, rows
        return rows


class Relations(dict[str, models.QuerySet[Any]]):
    """Relations that are read alike of every record of a model; their statements are kept."""

    def __init__(self, model: type[models.Model], **rows: models.QuerySet[Any]) -> None:
        super().__init__(rows)
        self._kept = [Kept(partial(_of_key, each, _way_back(model, name))) for name, each in rows.items()]

    def of(self, record: models.Model) -> list[Asked]:
        """What reads them of a record."""
        return [kept(record.pk) for kept in self._kept]


#: What can be read together.
Listed = models.QuerySet[Any] | Statement | Asked | Shared


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
