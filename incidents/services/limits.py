"""The time limits that the law sets: a new one takes the place of the one before from a day on."""

import datetime as dt

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import scope_of
from incidents.models import DeadlineRule, DeadlineStep


@transaction.atomic
def set_limit(
    *,
    actor: User,
    step: DeadlineStep,
    valid_from: dt.date,
    counted_from: str,
    legal_basis: str,
    days: int | None = None,
    months: int | None = None,
) -> DeadlineRule:
    """Say what limit holds from a day on. The one before ends on the day before; limits that run already stay.

    Raises PermissionDenied; ValidationError by field, also when a limit of this step begins on that day or later.
    """
    if not scope_of(actor).may("list.write"):
        raise PermissionDenied
    if (days is None) == (months is None):
        raise ValidationError({"days": _("Give the limit in days or in months.")})
    before = DeadlineRule.objects.select_for_update().filter(step=step).order_by("valid_from").last()
    if before is not None and before.valid_from >= valid_from:
        told = {"day": f"{before.valid_from:%d/%m/%Y}"}
        raise ValidationError({"valid_from": _("The last limit of this kind holds since %(day)s.") % told})
    with pghistory.context(user=actor.pk):
        if before is not None and (before.valid_to is None or before.valid_to >= valid_from):
            before.valid_to = valid_from - dt.timedelta(days=1)
            before.save(update_fields=["valid_to"])
        made: DeadlineRule = DeadlineRule.objects.create(
            step=step,
            valid_from=valid_from,
            counted_from=counted_from,
            legal_basis=legal_basis,
            days=days,
            months=months,
        )
    return made
