"""Changing the rules by which submissions are checked."""

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from accounts.scoping import scope_of
from reporting.models import ValidationRule


def change_rule(
    *,
    actor: User,
    rule: ValidationRule,
    is_active: bool,
    percent: int | None = None,
    at_least: int | None = None,
) -> ValidationRule:
    """Switch a rule on or off; of a jump, also from how many percent and units on it is told.

    Raises PermissionDenied for who does not keep the rules.
    """
    if not scope_of(actor).may("rule.manage"):
        raise PermissionDenied
    with transaction.atomic(), pghistory.context(user=actor.pk):
        current: ValidationRule = ValidationRule.objects.select_for_update().get(pk=rule.pk)
        current.is_active = is_active
        if current.kind == ValidationRule.Kind.JUMP:
            given = {"percent": percent, "at_least": at_least}
            current.params = {**current.params, **{name: v for name, v in given.items() if v is not None}}
        current.save()
    return current
