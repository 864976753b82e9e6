"""What stood in a column, in the reader's words; nothing where the reader may not see what it names."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.scoping import ScopedQuerySet
from accounts.together import Kept, read_together
from programs.models import Assignment, Document, Task
from programs.selectors.quantity import print_figure, print_number
from territory.figure import Figure, Qualifier

#: What the name of a record needs besides its own columns.
_NAMED_WITH: dict[type[models.Model], tuple[str, ...]] = {Assignment: ("task", "agency")}


class Names:
    """The names of records that events point to, read with one query, as far as the reader may see them."""

    def __init__(self, reader: User | None) -> None:
        self.reader = reader
        self._wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
        self._known: dict[type[models.Model], dict[Any, Any]] = {}

    def want(self, model: type[models.Model], key: Any) -> None:
        if key is not None:
            self._wanted[model].add(key)

    def want_all(self, events: Iterable[Any], fields: Iterable[Any]) -> None:
        pointing = [field for field in fields if field.is_relation and field.related_model]
        for event in events:
            for field in pointing:
                self.want(field.related_model, getattr(event, field.attname, None))

    def of(self, model: type[models.Model], key: Any) -> str:
        """The record's name; empty where there is none, where it is gone, or where the reader may not see it."""
        found = self._known.get(model, {}).get(key)
        return "" if found is None else str(found)

    def read(self, writers: Iterable[int]) -> dict[int | None, User]:
        """Read all that are wanted, and the people who wrote: one query. Gives the people by their keys."""
        models_wanted = [*self._wanted]
        people, *named = read_together(
            _of_keys(tuple(writers), model=User), *(self._rows(model) for model in models_wanted)
        )
        for model, rows in zip(models_wanted, named, strict=True):
            self._known[model] = {row.pk: row for row in rows}
        return {user.pk: user for user in people}

    def _rows(self, model: type[models.Model]) -> Any:
        rows: Any = model._default_manager.all()
        if isinstance(rows, ScopedQuerySet):
            if self.reader is None:
                return rows.unscoped("nobody reads it, so nothing is read").none()
            rows = rows.visible_to(self.reader)
        elif model is Task:
            if self.reader is None:
                return rows.none()
            rows = rows.filter(document__in=Document.objects.visible_to(self.reader).order_by().values("pk"))
        else:
            return _of_keys(tuple(self._wanted[model]), model=model)
        if model in _NAMED_WITH:
            rows = rows.select_related(*_NAMED_WITH[model])
        return rows.filter(pk__in=self._wanted[model])


#: The records of these keys, of a model that everybody may read.
_of_keys = Kept(lambda keys, *, model: model._default_manager.filter(pk__in=keys))


def shown(model: type[models.Model], event: Any, column: str, names: Names) -> str:
    """The value of a column of an event, as a person reads it."""
    if column == "figure":
        return print_figure(figure_of(event)) if is_figure_given(event) else ""
    field: Any = model._meta.get_field(column)
    if field.is_relation:
        return names.of(field.related_model, getattr(event, field.attname))
    value = getattr(event, column)
    if value in (None, "", []):
        return ""
    if isinstance(field, ArrayField):
        return "; ".join(_plain(field.base_field, each) for each in value)
    return _plain(field, value)


def figure_of(event: Any) -> Figure:
    """The figure that an event's row held."""
    low, high = (None if value is None else Decimal(str(value)) for value in (event.low, event.high))
    return Figure(low, high, Qualifier(event.qualifier), event.words or None, event.word or None)


def is_figure_given(event: Any) -> bool:
    return event.low is not None or event.high is not None or bool(event.words)


def _plain(field: Any, value: Any) -> str:
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return print_number(value.normalize() if value % 1 else value.quantize(Decimal(1)))
    if isinstance(value, int):
        return str(value) if field.name in ("year", "looks_ahead_to") else print_number(value)
    return str(value)
