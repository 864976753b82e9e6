"""Validity: from which day to which day a fact about the administration held.

``valid_to`` is the last day, inclusive; empty means until further notice. Codes are reused after a reform
(code 15 was Yên Bái, is Lào Cai), so a code alone is no key: a code and a day are.
"""

import datetime as dt
from typing import Any, Self, TypeVar

from django.db import migrations, models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

M = TypeVar("M", bound=models.Model)


class ValidQuerySet(models.QuerySet[M]):
    """Rows that carry ``valid_from`` and ``valid_to``."""

    def valid_on(self, day: dt.date) -> Self:
        """Only rows that held on ``day``."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class Validity(models.Model):
    """The two dates and the rule that the second does not come before the first."""

    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(
        _("valid to"), null=True, blank=True, help_text=_("Last day. Empty: still valid.")
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="%(app_label)s_%(class)s_validity_in_order",
                violation_error_message=_("The last day of validity lies before the first."),
            )
        ]

    def held_on(self, day: dt.date) -> bool:
        """Whether this held on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def refuse_overlap(table: str, key: str, name: str) -> Any:
    """A migration operation: two rows with the same ``key`` may not be valid on the same day.

    ``key`` is an SQL expression of type text over the table's columns. The constraint uses a range over text,
    because ``btree_gist`` is not part of the embedded server.
    """
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist ("
        f"textrange({key}, {key}, '[]') WITH &&, daterange(valid_from, valid_to, '[]') WITH &&)",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )
