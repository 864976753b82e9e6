"""What the columns of tracked records are called in a history, and which of them it keeps silent about."""

from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from territory.figure_columns import FigureColumns

#: Columns that follow from others, or are the portal's own: a change of them tells a reader nothing.
SILENT = frozenset(
    {
        *(
            "id",
            "version",
            "search_text",
            "sort_key",
            "submission_key",
            "is_demo",
            "key",
            "file",
            "thumbnail",
        ),
        *("language", "lease", "lease_until", "sent_at"),
        *("sha256", "province", "district", "created_at", "updated_at", "added_at", "at", "edited_at"),
        *("filed_by", "entered_by", "added_by", "by", "copied_from"),
    }
)

#: Names of columns whose model gives none, by model and column; a model of "" stands for all.
_NAMES: dict[tuple[str, str], Any] = {
    ("Task", "measure_comparison"): _("how it is measured"),
    ("Task", "measure_value"): _("value to be reached"),
    ("PreventionModel", "figure"): _("members"),
}
#: The columns of a figure are told together.
FIGURE = frozenset(field.name for field in FigureColumns._meta.get_fields())
FIGURE_NAME = _("figure")


def told_columns(model: type[models.Model], tracked: type[models.Model]) -> list[str]:
    """The columns of a tracked model that its history tells, in the order of the model; figures as "figure"."""
    stored = {field.name for field in tracked._meta.concrete_fields}
    is_figure = issubclass(model, FigureColumns)
    told: list[str] = ["figure"] if is_figure else []
    for field in model._meta.concrete_fields:
        is_told = field.name in stored and field.name not in SILENT
        if is_told and not (is_figure and field.name in FIGURE):
            told.append(field.name)
    return told


def label_of(model: type[models.Model], column: str) -> Any:
    """What a column is called, to be translated when shown; None where nobody gave it a name.

    A name that Django made of the column's own is none: it cannot be translated.
    """
    named = _NAMES.get((model.__name__, column))
    if named is None and column == "figure" and issubclass(model, FigureColumns):
        return FIGURE_NAME
    if named is not None:
        return named
    name = model._meta.get_field(column).verbose_name  # type: ignore[union-attr]
    return name if isinstance(name, Promise) else None


def shown_label(model: type[models.Model], column: str) -> str:
    label = label_of(model, column)
    return str(label) if label is not None else column.replace("_", " ")
