"""The roll-up: sums of the records by half-month, area and agency, and the marks of what must be summed again."""

from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from territory.models import Agency, Area


class Fact(models.Model):
    """What the records of one half-month add up to, for one measure, area and agency.

    ``measure`` names what the records say ("activity.training.people", "case.prosecuted.count"); indicators are
    made of measures, so a new indicator needs no new facts. ``part`` is a breakdown ("women") or empty.
    ``bucket`` is the half-month in which the records count; ``from_bucket`` is earlier only for figures gathered
    over a longer range, which count where a period holds both. ``area`` is a district, a province or the nation;
    for the nation, ``agency`` is empty. The value columns are those of ``territory.figure.Total``.

    The database does not hold areas and agencies to be there: the records that are summed are held to it, and the
    check of each of millions of sums took longer than the sums. Both indexes begin with the area.
    """

    source = models.CharField(max_length=10)
    area = models.ForeignKey(Area, models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    agency = models.ForeignKey(
        Agency, models.CASCADE, null=True, related_name="+", db_constraint=False, db_index=False
    )
    bucket = models.DateField()
    from_bucket = models.DateField()
    measure = models.CharField(max_length=60, db_collation="C")
    part = models.CharField(max_length=40, blank=True, default="", db_collation="C")
    records = models.PositiveIntegerField()
    low = models.DecimalField(max_digits=20, decimal_places=3)
    high = models.DecimalField(max_digits=20, decimal_places=3)
    nominal = models.DecimalField(max_digits=20, decimal_places=3)
    flags = models.PositiveSmallIntegerField(default=0)
    words = models.CharField(max_length=60, null=True)
    parts = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        indexes = [
            models.Index(fields=["area", "measure", "bucket"], name="fact_area_measure_bucket"),
            models.Index(
                fields=["area", "measure"],
                condition=models.Q(from_bucket__lt=models.F("bucket")),
                name="fact_gathered_over_time",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "agency", "source", "bucket", "from_bucket", "measure", "part"],
                name="reporting_fact_key",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.bucket:%Y-%m-%d}"


class FactMark(models.Model):
    """A key whose facts are out of date. Written by triggers in the transaction that changed a record."""

    source = models.CharField(max_length=10)
    province = models.ForeignKey(Area, models.CASCADE, related_name="+", db_constraint=False)
    district = models.ForeignKey(Area, models.CASCADE, null=True, related_name="+", db_constraint=False)
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="+", db_constraint=False)
    bucket = models.DateField()
    marked_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        indexes = [models.Index(fields=["source", "province", "bucket"], name="factmark_key")]

    def __str__(self) -> str:
        return f"{self.source} {self.bucket:%Y-%m-%d}"


class MeasureRow(models.Model):
    """What one record says for one measure: a row of the database view over all apps' records.

    The view is the single definition of what is counted. Facts are its sums, a drill-down is its rows, and a
    period that cuts through a half-month is answered from it directly.
    """

    source = models.CharField(max_length=10)
    record = models.CharField(max_length=60, primary_key=True)
    province = models.ForeignKey(Area, models.DO_NOTHING, related_name="+")
    district = models.ForeignKey(Area, models.DO_NOTHING, null=True, related_name="+")
    area = models.ForeignKey(Area, models.DO_NOTHING, related_name="+")
    agency = models.ForeignKey(Agency, models.DO_NOTHING, related_name="+")
    day = models.DateField()
    from_day = models.DateField()
    measure = models.CharField(max_length=60)
    part = models.CharField(max_length=40)
    low = models.DecimalField(max_digits=20, decimal_places=3)
    high = models.DecimalField(max_digits=20, decimal_places=3)
    nominal = models.DecimalField(max_digits=20, decimal_places=3)
    flags = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=60, null=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        managed = False
        db_table = "reporting_measure"
        verbose_name = _("measured record")
        verbose_name_plural = _("measured records")

    def __str__(self) -> str:
        return f"{self.record} {self.measure}"
