"""Indicators: adding one, changing its rule or wording from a day on, ending it. For administrators."""

import datetime as dt
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent, User
from accounts.scoping import scope_of
from accounts.services import record_event
from reporting.breakdowns import BREAKDOWNS
from reporting.measures import MEASURES
from reporting.models import Indicator
from reporting.rules import RATIO, STOCK, SUM, way_of

#: The verb of who may change the catalogue.
MANAGE = "indicator.manage"
_FIELDS = frozenset(
    {
        *("name", "name_en", "unit", "unit_en", "section", "order", "about", "over_periods", "rule"),
        *("breakdowns", "nil_text", "valid_to"),
    }
)


def add_indicator(*, actor: User, code: str, valid_from: dt.date, **fields: Any) -> Indicator:
    """Put a new indicator into the catalogue.

    Raises PermissionDenied unless ``actor`` keeps the catalogue; ValidationError, by field.
    """
    _require_keeper(actor)
    if Indicator.objects.filter(code=code).exists():
        raise ValidationError(
            {"code": _("There is an indicator with this code. Change that one, or take another.")}
        )
    # A first version of the catalogue's own is written again by `load_catalogue`; what a person wrote is not.
    indicator = Indicator(code=code, valid_from=valid_from, version=2)
    _put(indicator, fields)
    _store(actor, indicator, "added")
    return indicator


@transaction.atomic
def change_indicator(
    *, actor: User, indicator: Indicator, version: int, since: dt.date | None = None, **fields: Any
) -> Indicator:
    """Put what was typed in the place of what the indicator holds.

    With ``since`` the old wording and rule end the day before, and a new row begins: figures of earlier periods are
    still made by the old rule. Without it, or on the row's own first day, the row itself is corrected. Raises
    ChangedMeanwhile when it is not at ``version`` any more; PermissionDenied; ValidationError, by field.
    """
    _require_keeper(actor)
    held = Indicator.objects.select_for_update().get(pk=indicator.pk)
    if held.version != version:
        raise ChangedMeanwhile.since(held)
    if since is None or since == held.valid_from:
        _put(held, fields)
        held.version += 1
        _store(actor, held, "corrected")
        return held
    if since < held.valid_from or (held.valid_to is not None and since > held.valid_to):
        raise ValidationError({"since": _("The day lies outside the time in which this wording holds.")})
    begun = Indicator(code=held.code, valid_from=since, over_areas=held.over_areas, version=held.version + 1)
    _put(begun, fields)
    held.valid_to = since - dt.timedelta(days=1)
    held.version += 1
    _store(actor, held, "ended")
    _store(actor, begun, "begun")
    return begun


def _require_keeper(actor: User) -> None:
    if not scope_of(actor).may(MANAGE):
        raise PermissionDenied


def _put(indicator: Indicator, fields: dict[str, Any]) -> None:
    unknown = set(fields) - _FIELDS
    if unknown:
        raise TypeError(f"an indicator has no {', '.join(sorted(unknown))}")
    for name, value in fields.items():
        setattr(indicator, name, value)
    _judge_rule(indicator)


def _judge_rule(indicator: Indicator) -> None:
    """Refuse a rule that could not be answered. Raises ValidationError, by field."""
    rule = indicator.rule
    way = way_of(rule)
    unknown = [name for name in indicator.breakdowns if name not in BREAKDOWNS]
    if unknown:
        raise ValidationError({"breakdowns": _("Choose from the list.")})
    if way == SUM and not (rule["sum"] and all(name in MEASURES for name in rule["sum"])):
        raise ValidationError({"measures": _("Choose what is added up.")})
    if way == STOCK and rule["stock"]["in"][0].removesuffix(".in") not in MEASURES:
        raise ValidationError({"stock": _("Choose whose state is told.")})
    if way == RATIO:
        sides = [rule["ratio"]["of"], rule["ratio"]["over"]]
        known = {
            row.code: row
            for row in Indicator.objects.filter(code__in=[s for s in sides if isinstance(s, str)])
        }
        for name, side in zip(("of", "over"), sides, strict=True):
            if isinstance(side, str) and (
                side not in known or known[side].is_ratio or side == indicator.code
            ):
                raise ValidationError({name: _("Choose an indicator that is no percentage itself.")})
        indicator.unit = indicator.unit_en = "%"


def _store(actor: User, indicator: Indicator, what: str) -> None:
    indicator.full_clean(exclude=["rule", "breakdowns"])
    try:
        with transaction.atomic(), pghistory.context(user=actor.pk):
            indicator.save()
            record_event(
                actor=actor,
                kind=AuditEvent.Kind.INDICATOR_CHANGED,
                about=f"reporting.indicator:{indicator.pk}",
                detail={"code": indicator.code, "what": what},
            )
    except IntegrityError as error:
        if "reporting_indicator_code_once_a_day" not in str(error):
            raise
        message = _("Another wording of this indicator holds on some of these days.")
        raise ValidationError({"valid_to": message}) from None
