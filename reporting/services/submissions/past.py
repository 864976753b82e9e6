"""Past periods: what a unit, or the coordinator on its behalf, enters afterwards."""

import datetime as dt

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.scoping import scope_of
from reporting.models import Form, Obligation
from territory.models import Agency
from territory.period import Period


def units_of_past(user: User) -> "QuerySet[Agency]":
    """The agencies for which the person may enter past periods: own ones, and those of a coordinator's area."""
    condition = Q(pk__in=[])
    scope = scope_of(user)
    for grant in scope.having("submission.write"):
        condition |= Q(pk=grant.membership.agency_id)
    for grant in scope.having("submission.write_past"):
        condition |= Q(area__path__startswith=grant.area.path)
    found: QuerySet[Agency] = (
        Agency.objects.filter(condition).select_related("area").order_by("area__sort_key", "sort_key")
    )
    return found


def open_past_period(*, actor: User, form: Form, agency: Agency, period: Period) -> Obligation:
    """The obligation of a past period of a unit; made now, marked as historical, where there is none.

    Raises PermissionDenied for who may not enter it, ValidationError when the period has not ended.
    """
    if not units_of_past(actor).filter(pk=agency.pk).exists():
        raise PermissionDenied
    refuse_unfinished(period)
    with transaction.atomic(), pghistory.context(user=actor.pk):
        made, _is_new = Obligation.objects.unscoped("the unit was judged above").get_or_create(
            form=form,
            agency=agency,
            area=agency.area,
            period_start=period.start,
            period_end=period.end,
            defaults={
                "period_code": period.code,
                "period_rule": period.rule.value,
                "due_on": period.end + dt.timedelta(days=form.due_after_days),
                "opened_by": actor,
                "is_historical": True,
            },
        )
    found: Obligation = made
    return found


def refuse_unfinished(period: Period) -> None:
    """Raise ValidationError when the period has not ended."""
    if period.end >= timezone.localdate():
        raise ValidationError(_("This period has not ended. Choose a past one."), code="not_past")
