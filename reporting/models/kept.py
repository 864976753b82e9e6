"""Figures that are kept, and what tells that they no longer hold (`reporting.figures.keeping`)."""

from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from territory.models import Area


class KeptSheet(models.Model):
    """A list of indicators and parts that tallies are kept of, by which they can be counted again."""

    sheet = models.CharField(max_length=64, primary_key=True, db_collation="C")
    asked: Any = models.JSONField()

    class Meta:
        verbose_name = _("sheet of kept tallies")
        verbose_name_plural = _("sheets of kept tallies")

    def __str__(self) -> str:
        return self.sheet[:8]


class KeptTally(models.Model):
    """What all answers to one list of indicators and parts are made of, on one ground in one period.

    ``ground`` is empty for the area itself, else it tells which areas it is made of; ``sheet``, that of a KeptSheet,
    tells which indicators and parts. ``tallies`` are those of `reporting.figures.tallies`: sums, numbers of units and
    days, names of nobody.
    It holds as long as ``version`` is that of the provinces the ground lies in, and no mark of theirs waits.
    """

    area = models.ForeignKey(Area, models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    ground = models.CharField(max_length=64, blank=True, default="", db_collation="C")
    period_code = models.CharField(max_length=24, db_collation="C")
    period_rule = models.CharField(max_length=12, db_collation="C")
    sheet = models.CharField(max_length=64, db_collation="C")
    version = models.BigIntegerField()
    tallies: Any = models.JSONField()
    kept_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("kept tally")
        verbose_name_plural = _("kept tallies")
        indexes = [models.Index(fields=["kept_at"], name="kepttally_kept_at")]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "sheet", "period_code", "period_rule", "ground"],
                name="reporting_kepttally_key",
            )
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.period_code} {self.sheet[:8]}"


class WordMark(models.Model):
    """A province of which something changed that units said, or owe. Written by triggers, with the change.

    ``place`` is the key of the province, of the nation for what lies in no province, and 0 for everywhere. Below zero
    it says that obligations or tasks of the province stand otherwise, which changes no figure.
    """

    EVERYWHERE = 0

    place = models.BigIntegerField()
    marked_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("mark of what was said")
        verbose_name_plural = _("marks of what was said")

    def __str__(self) -> str:
        return str(self.place)


class FigureVersion(models.Model):
    """How often the figures of a place changed: a number that grows with each change anywhere.

    ``place`` is as in `WordMark`. Only who holds the lock of the roll-up writes it.
    """

    place = models.BigIntegerField(primary_key=True)
    version = models.BigIntegerField()

    class Meta:
        verbose_name = _("version of figures")
        verbose_name_plural = _("versions of figures")

    def __str__(self) -> str:
        return f"{self.place}: {self.version}"
