"""Who changed what of a record, and when: read from the event tables that triggers fill."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from programs.models import (
    Activity,
    ActivityKind,
    Audience,
    Document,
    DocumentKind,
    Funding,
    Measure,
    Relation,
    Urgency,
)
from programs.selectors.quantity import PARTS, Quantity, print_number


@dataclass(frozen=True)
class ChangedField:
    """One thing that changed, readable. ``before`` and ``after`` are empty where there was or is nothing."""

    label: str
    before: str = ""
    after: str = ""


@dataclass
class HistoryEntry:
    """All that one person changed in one go."""

    when: dt.datetime
    who: User | None
    is_first: bool
    changes: list[ChangedField] = field(default_factory=list)


_PART_LABELS = {
    "women": gettext_lazy("of them women"),
    "children": gettext_lazy("of them children"),
    "ethnic_minority": gettext_lazy("of them ethnic minority"),
}
_ACTIVITY_COLUMNS = (
    *(
        "state",
        "kind",
        "title",
        "agency_id",
        "area_id",
        "started_on",
        "ended_on",
        "is_cumulative",
        "is_integrated",
    ),
    *("integrated_with", "audience", "other_partners", "narrative", "return_reason"),
)


_DOCUMENT_COLUMNS = (
    *("kind", "number", "issued_on", "year", "issuer_id", "area_id", "subject", "signer", "signer_position"),
    *("urgency", "recipients", "note", "valid_from", "valid_to"),
)
#: What changed between two events of one row; the first has none before it.
Differ = Callable[[Any, Any], Iterator[ChangedField]]


def last_change(record: Activity | Document) -> tuple[User | None, dt.datetime]:
    """Who changed the record last (as far as known) and when."""
    name = f"{type(record).__name__}Event"
    event = _events(name).filter(pgh_obj=record.pk).select_related("pgh_context").last()
    if event is None:
        return None, getattr(record, "updated_at", None) or timezone.now()
    people = _people([event])
    return people.get(_person_id(event)), event.pgh_created_at


def activity_history(activity: Activity) -> list[HistoryEntry]:
    """The changes of an activity with its figures, costs and files, newest first."""
    return _entries(
        [
            (
                _events("ActivityEvent").filter(pgh_obj=activity.pk).select_related("agency", "area"),
                _activity_changes,
            ),
            (_events("ActivityQuantityEvent").filter(activity=activity.pk), _quantity_event_changes),
            (_events("ActivityCostEvent").filter(activity=activity.pk), _cost_changes),
            (_events("AttachmentEvent").filter(activity=activity.pk), _file_changes),
        ]
    )


def document_history(document: Document, reader: User) -> list[HistoryEntry]:
    """The changes of a document and of what it rests on, newest first.

    Relations to documents the reader may not see are left out.
    """
    relations = list(
        _events("DocumentRelationEvent").filter(document=document.pk).select_related("pgh_context")
    )
    named = Document.objects.visible_to(reader).in_bulk({event.rests_on_id for event in relations})

    def relation_changes(before: Any, after: Any) -> Iterator[ChangedField]:
        other = named.get(after.rests_on_id)
        if other is not None:
            is_gone = _is_gone(after)
            label = str(Relation(after.kind).label)
            yield ChangedField(label, str(other) if is_gone else "", "" if is_gone else str(other))

    events = _events("DocumentEvent").filter(pgh_obj=document.pk).select_related("issuer", "area")
    return _entries([(events, _document_changes), (relations, relation_changes)])


def _entries(sources: Iterable[tuple[Any, Differ]]) -> list[HistoryEntry]:
    """The events of several tables, gathered by who wrote them at one moment, newest first."""
    events: list[Any] = []
    differs: dict[str, tuple[int, Differ]] = {}
    for order, (rows, differ) in enumerate(sources):
        found = rows if isinstance(rows, list) else list(rows.select_related("pgh_context"))
        events.extend(found)
        differs.update((type(event).__name__, (order, differ)) for event in found[:1])
    events.sort(key=lambda event: (event.pgh_created_at, differs[type(event).__name__][0], event.pgh_id))
    people = _people(events)
    entries: list[HistoryEntry] = []
    earlier: dict[tuple[str, int], Any] = {}
    for _same_write, group in groupby(events, key=lambda event: (event.pgh_context_id, event.pgh_created_at)):
        together = list(group)
        entry = HistoryEntry(together[0].pgh_created_at, people.get(_person_id(together[0])), not entries)
        for event in together:
            name = type(event).__name__
            key = (name, event.pgh_obj_id)
            entry.changes.extend(differs[name][1](earlier.get(key), event))
            earlier[key] = event
        if entry.is_first:
            entry.changes.clear()
        if entry.is_first or entry.changes:
            entries.append(entry)
    return entries[::-1]


def _events(model: str) -> Any:
    return apps.get_model("programs", model).objects.order_by("pgh_id")


def _person_id(event: Any) -> int | None:
    context = event.pgh_context
    person = context.metadata.get("user") if context else None
    return person if isinstance(person, int) else None


def _people(events: Iterable[Any]) -> dict[int | None, User]:
    people: dict[int | None, User] = {}
    people.update(User.objects.in_bulk({pk for event in events if (pk := _person_id(event)) is not None}))
    return people


def _cost_changes(before: Any, after: Any) -> Iterator[ChangedField]:
    label = _("Cost: %(source)s") % {"source": Funding(after.source).label}
    yield ChangedField(label, _money(before), "" if _is_gone(after) else _money(after))


def _file_changes(before: Any, after: Any) -> Iterator[ChangedField]:
    if _is_gone(after):
        yield ChangedField(_("File removed"), after.name, "")
    else:
        yield ChangedField(_("File added"), "", after.name)


def _quantity_event_changes(before: Any, after: Any) -> Iterator[ChangedField]:
    yield from _quantity_changes(before, None if _is_gone(after) else after, after)


def _activity_changes(before: Any, after: Any) -> Iterator[ChangedField]:
    yield from _column_changes(Activity, _ACTIVITY_COLUMNS, before, after)


def _document_changes(before: Any, after: Any) -> Iterator[ChangedField]:
    yield from _column_changes(Document, _DOCUMENT_COLUMNS, before, after)


def _column_changes(
    model: type[Activity | Document], columns: Iterable[str], before: Any, after: Any
) -> Iterator[ChangedField]:
    if before is None:
        return
    for column in columns:
        if getattr(before, column) == getattr(after, column):
            continue
        label = str(model._meta.get_field(column.removesuffix("_id")).verbose_name)  # type: ignore[union-attr]
        yield ChangedField(label, _shown(before, column), _shown(after, column))


def _quantity_changes(before: Any, now: Any, after: Any) -> Iterator[ChangedField]:
    old = Quantity.of(before) if before else None
    new = Quantity.of(now) if now else None
    label = str(Measure(after.measure).label)
    if before and before.measure != after.measure:
        label = str(Measure(before.measure).label)
    if (str(old) if old else "") != (str(new) if new else ""):
        yield ChangedField(label, str(old) if old else "", str(new) if new else "")
    for part in PARTS:
        was, is_now = getattr(old, part, None), getattr(new, part, None)
        if was != is_now:
            part_label = _("%(measure)s, %(part)s") % {"measure": label, "part": _PART_LABELS[part]}
            yield ChangedField(part_label, _number(was), _number(is_now))


#: Columns that hold a code, by the events they are in, and what the codes stand for.
_CODES: dict[tuple[str, str], Any] = {
    ("ActivityEvent", "kind"): ActivityKind,
    ("ActivityEvent", "state"): Activity.State,
    ("DocumentEvent", "kind"): DocumentKind,
    ("DocumentEvent", "urgency"): Urgency,
}


def _shown(event: Any, column: str) -> str:
    value = getattr(event, column)
    codes = _CODES.get((type(event).__name__, column))
    if value is None:
        return ""
    if codes is not None:
        return str(codes(value).label)
    if column.endswith("_id"):
        return str(getattr(event, column.removesuffix("_id")))
    if column == "audience":
        return ", ".join(str(Audience(each).label) for each in value)
    if isinstance(value, list):
        return _shortened("; ".join(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return _shortened(str(value)) if column in ("narrative", "note") else str(value)


def _is_gone(event: Any) -> bool:
    return bool(event.pgh_label == "delete")


def _shortened(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:200]}…"


def _money(event: Any) -> str:
    return "" if event is None else f"{print_number(event.amount)} đ"


def _number(value: int | None) -> str:
    return "" if value is None else print_number(value)
