"""Destroying what identifies a person when its time is over, and removing what should never have been entered.

Both run as the owner of the tables: the portal itself can neither delete nor change history.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pghistory
import pgtrigger
from django.apps import apps
from django.db import models, transaction
from django.db.models import Max, Q
from django.db.models.deletion import Collector
from django.utils import timezone

from accounts.files.sealed import let_go
from accounts.files.storing import forget_when_certain
from accounts.models import AuditEvent
from accounts.models.sealed_file import SealedFile
from accounts.row_scope import system_scope
from incidents.models import Case, CaseFile, SeizedItem, StageKind, Tip, TipAct, TipDeed, TipFile, TipState
from victims.models import (
    DataRequest,
    IdentityChange,
    IdentityOpening,
    RetentionRule,
    SupportGoal,
    Transfer,
    Victim,
    VictimAttachment,
    VictimIdentity,
    VictimNarrative,
)
from victims.notices import forget_notices
from victims.value_lists import Status

#: Short texts about a person, by model; their history loses them too. Statistics need none of them.
WORDS: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    (SupportGoal, ("text",)),
    (Transfer, ("reason", "urgent_reason", "answer_reason")),
    (IdentityOpening, ("reason",)),
    (DataRequest, ("answer",)),
)
_ERASED = "…"


@dataclass(frozen=True)
class Expired:
    """A victim, a tip or a case of which a kind of data is past its time."""

    record: Any
    kind: RetentionRule.Kind


def find_expired(today: dt.date) -> Iterator[Expired]:
    """What the rules in force say is past its time on a day."""
    for rule in RetentionRule.objects.filter(is_active=True):
        kind = RetentionRule.Kind(rule.kind)
        for record in _PAST.get(kind, _of_victims)(kind, _months_before(today, rule.months)):
            yield Expired(record, kind)


def count_past(kind: RetentionRule.Kind, months: int, today: dt.date) -> int:
    """How many victims, tips or cases of all provinces a rule of so many months would make lose a kind of data."""
    with system_scope("a number of records in the country names nobody"):
        return int(_PAST.get(kind, _of_victims)(kind, _months_before(today, months)).count())


def erase_expired(*, today: dt.date) -> list[Expired]:
    """Destroy what is past its time; rows that statistics count stay. Each victim is a transaction of its own."""
    with system_scope("retention acts on every agency's rows"):
        expired = list(find_expired(today))
    for each in expired:
        with transaction.atomic(), system_scope("retention acts on every agency's rows"):
            _ERASERS[each.kind](each.record)
            AuditEvent.objects.create(
                kind=AuditEvent.Kind.DATA_ERASED,
                about=f"{each.record._meta.label_lower}:{each.record.pk}",
                detail={"kind": each.kind.value},
            )
    return expired


@transaction.atomic
def remove_everywhere(*, record: models.Model, decision: str) -> int:
    """Remove a record with all that hangs on it, history rows included. Returns how many rows went.

    For what should never have been entered, such as a state secret. ``decision`` is the number of the decision that
    orders it. What was read and who did what stays, by number alone; backups are told of by the command.
    """
    if not decision:
        raise ValueError("give the number of the decision")
    with system_scope("a wrongly entered record is removed everywhere"):
        about = f"{record._meta.label_lower}:{record.pk}"
        collector = Collector(using="default", origin=record)
        with pghistory.context(decision=decision[:60]):
            _let_go(record)
        collector.collect([record])
        rows = {model: [row.pk for row in found] for model, found in collector.data.items()}
        for query in collector.fast_deletes:
            if isinstance(query, models.QuerySet):
                rows.setdefault(query.model, []).extend(query.values_list("pk", flat=True))
        for model, pks in rows.items():
            if issubclass(model, SealedFile):
                stored = model._base_manager.filter(pk__in=pks).values_list("stored", flat=True)
                forget_when_certain(list(stored))
        victims = rows.get(Victim, [])
        for victim in Victim.objects.unscoped("removed in the next lines").filter(pk__in=victims):
            forget_notices(victim)
        with pgtrigger.ignore():
            collector.delete()
            removed = sum(len(pks) for pks in rows.values())
            for model, pks in rows.items():
                history = _history_of(model)
                if history is not None:
                    removed += history._base_manager.filter(pgh_obj_id__in=pks).delete()[0]
            # A request about own data stays in the register, without the person.
            asked = apps.get_model("victims.DataRequestEvent")._base_manager
            asked.filter(victim_id__in=victims).update(victim_id=None)
        AuditEvent.objects.create(
            kind=AuditEvent.Kind.CLASSIFIED_REMOVED,
            about=about,
            detail={"decision": decision[:60], "rows": removed},
        )
    return removed


def _let_go(record: models.Model) -> None:
    """Loosen what names a case and stays: victims lose the link, a tip goes back to being verified."""
    if not isinstance(record, Case):
        return
    Victim.objects.unscoped("the case is removed").filter(case=record).update(case=None)
    for tip in Tip.objects.unscoped("the case is removed").filter(case=record):
        tip.acts.filter(deed=TipDeed.OPEN_CASE).delete()
        tip.case, tip.decided_on, tip.state = None, None, TipState.VERIFYING
        tip.version += 1
        tip.save()


def _of_victims(kind: RetentionRule.Kind, limit: dt.date) -> models.QuerySet[Victim]:
    """Victims whose support ended, or who were found to be none, before a day, and who still have such data."""
    ended = Victim.objects.unscoped("retention acts on every agency's rows").annotate(
        decided_on=Max("statuses__decided_on")
    )
    over = Q(support__state="closed", support__closed_on__lt=limit) | Q(
        status=Status.NOT_A_VICTIM, decided_on__lt=limit, support__isnull=True
    )
    has = {
        RetentionRule.Kind.IDENTITY: Q(pk__in=VictimIdentity.objects.values("pk"))
        | Q(pk__in=VictimAttachment.objects.values("victim_id")),
        RetentionRule.Kind.NARRATIVE: Q(pk__in=VictimNarrative.objects.values("victim_id")),
        RetentionRule.Kind.WORDS: Q(pk__in=SupportGoal.objects.exclude(text=_ERASED).values("victim_id"))
        | Q(pk__in=Transfer.objects.unscoped("retention").exclude(reason=_ERASED).values("victim_id"))
        | Q(pk__in=IdentityOpening.objects.exclude(reason=_ERASED).values("victim_id")),
    }
    found: models.QuerySet[Victim] = ended.filter(over & has[kind]).distinct().order_by("pk")
    return found


def _of_tips(kind: RetentionRule.Kind, limit: dt.date) -> models.QuerySet[Tip]:
    """Tips that were decided, and not only suspended, before a day, and still tell what was told."""
    tips = Tip.objects.unscoped("retention acts on every agency's rows").filter(decided_on__lt=limit)
    has_words = ~Q(text=_ERASED) | Q(pk__in=TipFile.objects.values("tip"))
    found: models.QuerySet[Tip] = tips.exclude(state=TipState.SUSPENDED).filter(has_words).order_by("pk")
    return found


def _of_cases(kind: RetentionRule.Kind, limit: dt.date) -> models.QuerySet[Case]:
    """Cases that were tried or dropped, the last time before a day, and still tell more than figures need."""
    ends = (StageKind.TRIED, StageKind.APPEAL, StageKind.DROPPED)
    cases = Case.objects.unscoped("retention acts on every agency's rows").annotate(
        ended_on=Max("stages__reached_on", filter=Q(stages__kind__in=ends)),
        last_on=Max("stages__reached_on"),
    )
    has_words = (
        ~Q(summary__in=["", _ERASED])
        | Q(pk__in=SeizedItem.objects.exclude(description__in=["", _ERASED]).values("case"))
        | Q(pk__in=CaseFile.objects.values("case"))
    )
    found: models.QuerySet[Case] = cases.filter(has_words, ended_on__lt=limit, last_on__lt=limit).order_by(
        "pk"
    )
    return found


_PAST: dict[RetentionRule.Kind, Any] = {
    RetentionRule.Kind.TIP_TEXT: _of_tips,
    RetentionRule.Kind.CASE_TEXT: _of_cases,
}


def _erase_identity(victim: Victim) -> None:
    victim.papers.all().delete()
    VictimIdentity.objects.filter(victim=victim).delete()
    for attachment in victim.attachments.all():
        let_go(attachment)
    IdentityChange.objects.create(victim=victim, person=None, what=IdentityChange.What.DESTROYED)
    victim.erased_at = timezone.now()
    victim.save(update_fields=["erased_at"])


def _erase_narratives(victim: Victim) -> None:
    victim.narratives.all().delete()


def _erase_words(victim: Victim) -> None:
    """Overwrite short texts, and the same columns of their history, which nobody else may change."""
    with pgtrigger.ignore():
        for model, columns in WORDS:
            _overwrite(model, Q(victim_id=victim.pk), *columns)


def _overwrite(model: type[models.Model], rows: Q, *columns: str) -> None:
    """Overwrite columns of rows, and of their history: both name what they hang on by the same columns."""
    blank = dict.fromkeys(columns, _ERASED)
    for table in filter(None, (model, _history_of(model))):
        table._base_manager.filter(rows).update(**blank)


def _erase_tip(tip: Tip) -> None:
    for file in tip.files.all():
        let_go(file)
    with pgtrigger.ignore():
        _overwrite(Tip, Q(id=tip.pk), "text")
        _overwrite(TipAct, Q(tip_id=tip.pk) & ~Q(note=""), "note")


def _erase_case(case: Case) -> None:
    for file in case.files.all():
        let_go(file)
    with pgtrigger.ignore():
        _overwrite(Case, Q(id=case.pk) & ~Q(summary=""), "summary")
        _overwrite(SeizedItem, Q(case_id=case.pk) & ~Q(description=""), "description")


_ERASERS: dict[RetentionRule.Kind, Any] = {
    RetentionRule.Kind.TIP_TEXT: _erase_tip,
    RetentionRule.Kind.CASE_TEXT: _erase_case,
    RetentionRule.Kind.IDENTITY: _erase_identity,
    RetentionRule.Kind.NARRATIVE: _erase_narratives,
    RetentionRule.Kind.WORDS: _erase_words,
}


def _history_of(model: type[models.Model]) -> Any:
    """The event table of a tracked model, or None."""
    try:
        return apps.get_model(model._meta.app_label, f"{model.__name__}Event")
    except LookupError:
        return None


def _months_before(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, min(day.day, 28))
