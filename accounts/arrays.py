"""Rows that belong to a record, read with it as an array."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import JSONObject
from django.db.models.sql import Query


class JSONRows(models.Expression):
    """Rows that belong to each record of a query, as an array of JSON; Django makes their SQL once in a process.

        Activity.objects.annotate(told_costs=JSONRows(Activity, costs, amount=F("amount")))

    ``rows`` are those of a record of ``model``, by OuterRef; ``columns`` say what is told of each. Raises ValueError in
    a query of another model.
    """

    output_field = ArrayField(models.JSONField())

    def __init__(self, model: type[models.Model], rows: models.QuerySet[Any], **columns: Any) -> None:
        super().__init__()
        self._model = model
        self._array = ArraySubquery(rows.values(row=JSONObject(**columns)))
        self._made: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        table = self._model._meta.db_table
        if compiler.query.get_initial_alias() != table:
            raise ValueError(f"these rows belong to records of {table}")
        if connection.alias not in self._made:
            query = Query(self._model)
            query.add_annotation(self._array, "made")
            text, values = query.get_compiler(connection=connection).compile(query.annotations["made"])
            self._made[connection.alias] = text, tuple(values)
        return self._made[connection.alias]
