"""Who changed what of an activity, and when: read from the event tables that triggers fill."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from programs.models import Activity, ActivityKind, Audience, Funding, Measure
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
_COLUMNS = (
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
    *("integrated_with", "audience", "other_partners", "narrative"),
)


def last_change(activity: Activity) -> tuple[User | None, dt.datetime]:
    """Who changed the activity last (as far as known) and when."""
    event = _events("ActivityEvent").filter(pgh_obj=activity.pk).select_related("pgh_context").last()
    if event is None:
        return None, activity.updated_at
    people = _people([event])
    return people.get(_person_id(event)), event.pgh_created_at


def activity_history(activity: Activity) -> list[HistoryEntry]:
    """The changes of an activity with its figures, costs and files, newest first."""
    events: list[Any] = []
    for model in ("ActivityEvent", "ActivityQuantityEvent", "ActivityCostEvent", "AttachmentEvent"):
        rows = _events(model)
        if model == "ActivityEvent":
            rows = rows.filter(pgh_obj=activity.pk).select_related("pgh_context", "agency", "area")
        else:
            rows = rows.filter(activity=activity.pk).select_related("pgh_context")
        events.extend(rows)
    events.sort(key=lambda event: (event.pgh_created_at, _ORDER[type(event).__name__], event.pgh_id))
    people = _people(events)
    entries: list[HistoryEntry] = []
    earlier: dict[tuple[str, int], Any] = {}
    for _same_write, group in groupby(events, key=lambda event: (event.pgh_context_id, event.pgh_created_at)):
        together = list(group)
        entry = HistoryEntry(together[0].pgh_created_at, people.get(_person_id(together[0])), not entries)
        for event in together:
            key = (type(event).__name__, event.pgh_obj_id)
            entry.changes.extend(_changes(earlier.get(key), event))
            earlier[key] = event
        if entry.is_first:
            entry.changes.clear()
        if entry.is_first or entry.changes:
            entries.append(entry)
    return entries[::-1]


_ORDER = {"ActivityEvent": 0, "ActivityQuantityEvent": 1, "ActivityCostEvent": 2, "AttachmentEvent": 3}


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


def _changes(before: Any, after: Any) -> Iterator[ChangedField]:
    kind = type(after).__name__
    is_gone = after.pgh_label == "delete"
    if kind == "ActivityEvent":
        yield from _activity_changes(before, after)
    elif kind == "ActivityQuantityEvent":
        yield from _quantity_changes(before, None if is_gone else after, after)
    elif kind == "ActivityCostEvent":
        label = _("Cost: %(source)s") % {"source": Funding(after.source).label}
        yield ChangedField(label, _money(before), "" if is_gone else _money(after))
    elif is_gone:
        yield ChangedField(_("File removed"), after.name, "")
    else:
        yield ChangedField(_("File added"), "", after.name)


def _activity_changes(before: Any, after: Any) -> Iterator[ChangedField]:
    if before is None:
        return
    for column in _COLUMNS:
        old, new = getattr(before, column), getattr(after, column)
        if old == new:
            continue
        label = str(Activity._meta.get_field(column.removesuffix("_id")).verbose_name)  # type: ignore[union-attr]
        if column == "narrative":
            yield ChangedField(label, _shortened(old), _shortened(new))
        else:
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


def _shown(event: Any, column: str) -> str:
    value = getattr(event, column)
    if column == "kind":
        return str(ActivityKind(value).label)
    if column == "state":
        return str(Activity.State(value).label)
    if column in ("agency_id", "area_id"):
        return str(getattr(event, column.removesuffix("_id")))
    if column == "audience":
        return ", ".join(str(Audience(each).label) for each in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return str(value)


def _shortened(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:200]}…"


def _money(event: Any) -> str:
    return "" if event is None else f"{print_number(event.amount)} đ"


def _number(value: int | None) -> str:
    return "" if value is None else print_number(value)
