"""Which days are worked: administrators keep what the law and the yearly announcements say."""

import datetime as dt

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import scope_of
from territory.models import SpecialDay
from territory.text import normalise

_FIRST, _LAST = dt.date(2000, 1, 1), dt.date(2100, 12, 31)


@transaction.atomic
def set_special_day(
    *, actor: User, day: dt.date, kind: str, name: str, basis: str, special: SpecialDay | None = None
) -> SpecialDay:
    """Say what a day is. Terms that run already keep their last day.

    ``special`` is the row to change; without one the day must have none. Raises PermissionDenied, ValidationError by
    field.
    """
    if not scope_of(actor).may("list.write"):
        raise PermissionDenied
    if not _FIRST <= day <= _LAST:
        raise ValidationError({"day": _("Check the year.")})
    held = SpecialDay.objects.select_for_update().filter(day=day).first()
    if held is not None and (special is None or held.pk != special.pk):
        raise ValidationError({"day": _("This day is in the calendar already. Change it there.")})
    if kind == SpecialDay.Kind.WORKED and day.weekday() < 5:
        raise ValidationError({"kind": _("This day is worked anyway: choose “as its weekday”.")})
    changed = special or SpecialDay()
    changed.day, changed.kind = day, kind
    changed.name, changed.basis = normalise(name).strip(), normalise(basis).strip()
    with pghistory.context(user=actor.pk):
        changed.save()
    return changed
