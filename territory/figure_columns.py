"""A figure as columns of a table."""

from typing import TypedDict

from django.db import models
from django.db.models import F, Q

from territory.figure import Figure, Qualifier


class FigureColumnValues(TypedDict):
    """The columns of one figure, ready for a constructor or an update."""

    low: object
    high: object
    qualifier: str
    word: str
    words: str


class FigureColumns(models.Model):
    """A reported figure: the bounds, the qualifier, and the words it came in. See ``territory.figure.Figure``."""

    low = models.DecimalField(max_digits=16, decimal_places=3, null=True)
    high = models.DecimalField(max_digits=16, decimal_places=3, null=True)
    qualifier = models.CharField(max_length=8, default=Qualifier.EXACT.value)
    word = models.CharField(max_length=10, blank=True, default="")
    words = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(high__gte=F("low")),
                name="%(app_label)s_%(class)s_range_in_order",
            ),
            models.CheckConstraint(
                condition=(Q(low__isnull=True) | Q(low__gte=0)) & (Q(high__isnull=True) | Q(high__gte=0)),
                name="%(app_label)s_%(class)s_not_negative",
            ),
        ]

    @property
    def figure(self) -> Figure:
        return Figure(self.low, self.high, Qualifier(self.qualifier), self.words or None, self.word or None)

    @staticmethod
    def columns(figure: Figure) -> FigureColumnValues:
        """The column values that store a figure without loss."""
        return {
            "low": figure.low,
            "high": figure.high,
            "qualifier": figure.qualifier.value,
            "word": figure.word or "",
            "words": figure.words or "",
        }
