"""Statutory time limits: from which day, how long, until which day."""

import calendar
import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incidents.models import CountedFrom, DeadlineRule, DeadlineStep
from territory.working_days import first_worked_day


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day so many months on; the last day of the month where it has no such day (31/12 + 2: 28 or 29/02).

    Article 134 of the Criminal Procedure Code counts months so.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def rule_on(step: DeadlineStep, day: dt.date) -> DeadlineRule:
    """The rule for a step on the day its limit begins. Raises ValidationError when the law knew none on it."""
    rule: DeadlineRule | None = (
        DeadlineRule.objects.valid_on(day).filter(step=step).order_by("-valid_from").first()
    )
    if rule is None:
        raise ValidationError(
            _("There is no time limit “%(step)s” in force on %(day)s."),
            code="no_rule",
            params={"step": step.label, "day": f"{day:%d/%m/%Y}"},
        )
    return rule


def due_by(
    rule: DeadlineRule, *, received_on: dt.date, decided_on: dt.date, previous_due: dt.date | None = None
) -> dt.date:
    """The last day of a limit: the day it is counted from plus its days or months, or the next day that is worked.

    Article 134 of the Criminal Procedure Code moves an end on a day off to the first working day after it. Of years
    whose holidays nobody entered, only Saturdays and Sundays are known.
    """
    start = {
        CountedFrom.RECEIPT: received_on,
        CountedFrom.DECISION: decided_on,
        CountedFrom.PREVIOUS_DUE: previous_due or decided_on,
    }[CountedFrom(rule.counted_from)]
    return first_worked_day(
        start + dt.timedelta(days=rule.days) if rule.days is not None else add_months(start, rule.months or 0)
    )
