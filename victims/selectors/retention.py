"""Until when a record keeps what tells about a person, as the rules in force say; `erase_expired` acts by the same."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from incidents.models import Case, StageKind, Tip, TipState
from victims.models import RetentionRule, SupportCase, Victim
from victims.value_lists import Status

_KINDS: dict[type[Any], tuple[RetentionRule.Kind, ...]] = {
    Victim: (RetentionRule.Kind.IDENTITY, RetentionRule.Kind.NARRATIVE, RetentionRule.Kind.WORDS),
    Tip: (RetentionRule.Kind.TIP_TEXT,),
    Case: (RetentionRule.Kind.CASE_TEXT,),
}
_ENDS = frozenset({StageKind.TRIED, StageKind.APPEAL, StageKind.DROPPED})


@dataclass(frozen=True)
class Kept:
    """A kind of data of a record, and in words until when it is kept."""

    what: str
    until: str


def keeping_of(record: Victim | Case | Tip) -> list[Kept]:
    """Until when each kind of data of a record is kept. Three queries at most."""
    rules = RetentionRule.objects.filter(kind__in=_KINDS[type(record)], is_active=True)
    months = {rule.kind: rule.months for rule in rules}
    ended = _ended_on(record) if months else None
    return [Kept(str(kind.label), _until(months.get(kind), ended)) for kind in _KINDS[type(record)]]


def _until(months: int | None, ended: dt.date | None) -> str:
    if months is None:
        return _("no rule is in force: kept permanently")
    if ended is None:
        return _("%(months)d months after the end, which has not come yet") % {"months": months}
    return f"{_months_after(ended, months):%d/%m/%Y}"


def _ended_on(record: Victim | Case | Tip) -> dt.date | None:
    """The day from which the months count; None while the record goes on."""
    if isinstance(record, Tip):
        return None if record.state == TipState.SUSPENDED else record.decided_on
    if isinstance(record, Case):
        last = record.stages.order_by("-reached_on", "-pk").first()
        return last.reached_on if last is not None and last.kind in _ENDS else None
    support = SupportCase.objects.filter(victim=record).first()
    if support is not None:
        return support.closed_on if support.state == SupportCase.State.CLOSED else None
    if record.status != Status.NOT_A_VICTIM:
        return None
    decided: dt.date | None = (
        record.statuses.order_by("-decided_on").values_list("decided_on", flat=True).first()
    )
    return decided


def _months_after(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, 28))
