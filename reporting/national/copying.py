"""Rows into tables by COPY: what varies is given row by row, every other column has its default."""

import datetime as dt
import io
import json
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

#: Rows that are sent at a time; so many texts are in memory at once.
_AT_A_TIME = 50_000

#: When everything was made: the same at each loading, as all else is.
MADE_AT = dt.datetime(2026, 7, 1, 2, 0, tzinfo=dt.UTC)


class Table:
    """A model's table that rows are copied into.

    ``varying`` are the attributes each row gives, in this order. The rest has the field's default, the day of making
    where the field would take today's, or nothing where it may be empty.
    """

    def __init__(self, model: type[models.Model], *varying: str) -> None:
        self.model = model
        self.name = model._meta.db_table
        fields = {f.attname: f for f in model._meta.concrete_fields if not f.generated}
        given = [fields.pop(name) for name in varying]
        self._columns = [field.column for field in (*given, *fields.values())]
        self._json = tuple(place for place, f in enumerate(given) if isinstance(f, models.JSONField))
        self._rest = "".join(f"\t{_text(_constant(field))}" for field in fields.values()) + "\n"
        self.has_number = "id" in varying and isinstance(model._meta.pk, models.AutoField)
        self.rows = 0

    def copy(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write the rows."""
        quoted = ", ".join(f'"{column}"' for column in self._columns)
        statement = f'COPY "{self.name}" ({quoted}) FROM STDIN'
        remaining = iter(rows)
        with connection.cursor() as cursor:
            while lines := [self._line(row) for row in islice(remaining, _AT_A_TIME)]:
                cursor.copy_expert(statement, io.StringIO("".join(lines)))
                self.rows += len(lines)

    def _line(self, row: Sequence[Any]) -> str:
        if self._json:
            row = [
                json.dumps(value, ensure_ascii=False) if place in self._json and value is not None else value
                for place, value in enumerate(row)
            ]
        return "\t".join(map(_text, row)) + self._rest


def _constant(field: Any) -> Any:
    if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
        return MADE_AT
    default = field.get_default()
    if default is None and not field.null:
        raise TypeError(f"{field} has no default, so each row must give it")
    return json.dumps(default) if isinstance(field, models.JSONField) and default is not None else default


def _text(value: Any) -> str:
    """A value as COPY reads it."""
    if value is None:
        return r"\N"
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, str):
        if "\\" in value or "\t" in value or "\n" in value:
            return value.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n")
        return value
    if isinstance(value, list | tuple):
        return "{" + ",".join(map(str, value)) + "}"
    return str(value)
