"""Events of several tables, gathered into what one person changed in one go."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.changing import event_model, person_id
from accounts.models import User
from accounts.together import Asked, Kept, read_together
from programs.models import TRACKED_LINKS
from programs.selectors.history.entry import ChangedField, HistoryEntry
from programs.selectors.history.labels import shown_label, told_columns
from programs.selectors.history.values import Names, shown

#: What changed from one event of a row to the next. ``before`` is None for the first, ``now`` for the last one of a
#: row that was taken out; ``after`` is the event itself.
Differ = Callable[[Any, Any, Any, Names], Iterator[ChangedField]]


@dataclass(frozen=True)
class Related:
    """Rows of another tracked model that belong to a record, such as the notes of a task.

    ``rows``: which events of that model, as a condition on its event table. ``name``: what one row is called in
    front of its columns ("mid-term"); else the model's own name. ``columns``: which are told; else all that have a
    name. ``summary``: the columns that stand for a whole row where it was put in or taken out; else those told.
    ``differ``: tells the change in its own words instead;
    of ``columns`` it then names the records that they point to.
    """

    model: type[models.Model]
    rows: Q
    name: Callable[[Any], str] | None = None
    columns: Sequence[str] | None = None
    summary: Sequence[str] | None = None
    differ: Differ | None = None


def record_history(
    record: models.Model,
    *,
    reader: User | None,
    columns: Sequence[str] | None = None,
    related: Sequence[Related] = (),
) -> list[HistoryEntry]:
    """The changes of a tracked record and of what belongs to it, newest first.

    Whoever calls has judged that ``reader`` may see the record; what the record points to is named only where the
    reader may see that as well, and left out otherwise. ``columns`` are told in that order; without it all columns
    that have a name (a ``verbose_name`` that can be translated) and are not the portal's own. Many-to-many fields
    are told by themselves where their table is tracked (``programs.models.link_history``), those of the related rows
    too. Choices, records, days, figures and money are shown as a person reads them.

    Two queries, however many tables are asked. The first entry says that the record was made and lists nothing.

        record_history(difficulty, reader=reader)
        record_history(pilot, reader=reader, related=[Related(PilotAssessment, Q(pilot=pilot.pk))])
    """
    own = Related(type(record), Q(pgh_obj=record.pk), columns=columns)
    names = Names(reader)
    sources: list[_Source] = [_RowSource(own, names, is_own=True)]
    sources += [_RowSource(each, names) for each in related]
    for each in (own, *related):
        sources += _links_of(each, names, is_own=each is own)
    for source, events in zip(sources, read_together(*(source.asked for source in sources)), strict=True):
        source.take(events)
    return _entries(sources, names.read(_writers(sources)))


def events_of(model: type[models.Model]) -> Any:
    return event_model(model)._default_manager.order_by("pgh_id")


def _events_of_rows(rows: Q, *, model: type[models.Model]) -> Any:
    return events_of(model).filter(rows).select_related("pgh_context")


def _events_of_links(rows: Q, *, model: type[models.Model], proxy: type[models.Model], column: str) -> Any:
    linked = events_of(model).filter(rows).order_by().values("pgh_obj")
    return events_of(proxy).filter(**{f"{column}__in": linked}).select_related("pgh_context")


_kept = Kept(lambda key, *, make, of, **table: make(Q(**{of: key}), **table))


def _asked(make: Callable[..., Any], rows: Q, **table: Any) -> "models.QuerySet[Any] | Asked":
    """What reads events of rows. Most of them are those of one record; the statements for these are kept."""
    match rows.children:
        case [(str(of), int(key))] if not rows.negated:
            return _kept(key, make=make, of=of, **table)
    asked: models.QuerySet[Any] = make(rows, **table)
    return asked


def has_column(model: type[models.Model], column: str) -> bool:
    """Whether the events of a model have a column."""
    try:
        event_model(model)._meta.get_field(column)
    except FieldDoesNotExist:
        return False
    return True


def is_gone(event: Any) -> bool:
    """Whether the row was taken out with this event."""
    return bool(event.pgh_label == "delete")


class _Source:
    """The events of one table that belong to a record, and how they are told. ``asked`` is what reads them."""

    asked: "models.QuerySet[Any] | Asked"
    events: list[Any]

    def take(self, events: list[Any]) -> None:
        """Keep the events that were read, and say which records they point to."""
        raise NotImplementedError

    def key(self, event: Any) -> Any:
        """Which row the event is about."""
        return event.pgh_obj_id

    def told(self, before: Any, after: Any) -> Iterator[ChangedField]:
        raise NotImplementedError


class _RowSource(_Source):
    """Rows of a tracked model."""

    def __init__(self, related: Related, names: Names, *, is_own: bool = False) -> None:
        self.related, self.names, self.is_own = related, names, is_own
        self.model = related.model
        columns = related.columns
        if columns is None:
            columns = [] if related.differ else told_columns(self.model, event_model(self.model))
        self.columns = [column.removesuffix("_id") for column in columns]
        self.asked = _asked(_events_of_rows, related.rows, model=self.model)

    def take(self, events: list[Any]) -> None:
        self.events = events
        fields = [
            self.model._meta.get_field(column)
            for column in {*self.columns, *(self.related.summary or ())}
            if column != "figure"
        ]
        self.names.want_all(events, fields)

    def told(self, before: Any, after: Any) -> Iterator[ChangedField]:
        now = None if is_gone(after) else after
        if self.related.differ is not None:
            yield from self.related.differ(before, now, after, self.names)
        elif before is not None and now is not None:
            yield from self._changed(before, now)
        elif not self.is_own:
            yield self._whole(now, after)

    def _changed(self, before: Any, now: Any) -> Iterator[ChangedField]:
        for column in self.columns:
            was, is_now = (shown(self.model, event, column, self.names) for event in (before, now))
            if was != is_now:
                label = shown_label(self.model, column)
                yield ChangedField(label if self.is_own else f"{self._name(now)}: {label}", was, is_now)

    def _whole(self, now: Any, after: Any) -> ChangedField:
        """A row that was put in or taken out, in one line."""
        values = [shown(self.model, after, each, self.names) for each in self.related.summary or self.columns]
        text = "; ".join(value for value in values if value)
        return ChangedField(self._name(after), "" if now else text, text if now else "")

    def _name(self, event: Any) -> str:
        if self.related.name is not None:
            return self.related.name(event)
        return capfirst(str(self.model._meta.verbose_name))


class _LinkSource(_Source):
    """Rows of the table behind a many-to-many field."""

    def __init__(
        self, proxy: type[models.Model], field: Any, related: Related, names: Names, is_own: bool
    ) -> None:
        self.names, self.field = names, field
        self.label = str(field.verbose_name)
        if not is_own:
            self.label = f"{capfirst(str(related.model._meta.verbose_name))}: {self.label}"
        self.here, self.there = field.m2m_field_name(), field.m2m_reverse_field_name()
        self.asked = _asked(
            _events_of_links, related.rows, model=related.model, proxy=proxy, column=self.here
        )

    def take(self, events: list[Any]) -> None:
        self.events = events
        for event in events:
            self.names.want(self.field.related_model, self._target(event))

    def _target(self, event: Any) -> Any:
        return getattr(event, f"{self.there}_id")

    def key(self, event: Any) -> Any:
        return getattr(event, f"{self.here}_id"), self._target(event)

    def told(self, before: Any, after: Any) -> Iterator[ChangedField]:
        name = self.names.of(self.field.related_model, self._target(after))
        if name:
            yield ChangedField(self.label, name if is_gone(after) else "", "" if is_gone(after) else name)


def _links_of(related: Related, names: Names, *, is_own: bool) -> Iterator[_Source]:
    proxies = {proxy._meta.db_table: proxy for proxy in TRACKED_LINKS}
    for field in related.model._meta.many_to_many:
        proxy = proxies.get(field.remote_field.through._meta.db_table)  # type: ignore[union-attr]
        if proxy is not None:
            yield _LinkSource(proxy, field, related, names, is_own)


def _entries(sources: Sequence[_Source], people: Mapping[int | None, User]) -> list[HistoryEntry]:
    """The events of the sources, gathered by who wrote them at one moment, newest first."""
    entries: list[HistoryEntry] = []
    earlier: dict[Any, Any] = {}
    for together in _written_together(sources):
        first = together[0][1]
        entry = HistoryEntry(first.pgh_created_at, people.get(person_id(first)), not entries)
        for order, event in together:
            key = (order, sources[order].key(event))
            if not entry.is_first:
                entry.changes.extend(sources[order].told(earlier.get(key), event))
            earlier[key] = event
        if entry.is_first or entry.changes:
            entry.changes = _merged(entry.changes)
            entries.append(entry)
    return entries[::-1]


def _written_together(sources: Sequence[_Source]) -> list[list[tuple[int, Any]]]:
    """The events by the write they were part of, the oldest write first; each with the number of its source."""
    groups: dict[Any, list[tuple[int, Any]]] = {}
    for order, source in enumerate(sources):
        for event in source.events:
            groups.setdefault((event.pgh_created_at, event.pgh_context_id), []).append((order, event))
    # Within one transaction the moment is the same; then the record's own events tell what came first.
    return sorted(
        groups.values(), key=lambda group: (group[0][1].pgh_created_at, group[0][0], group[0][1].pgh_id)
    )


def _merged(changes: Sequence[ChangedField]) -> list[ChangedField]:
    """Changes of one label that only add or only take away, in one line: "partners: added A; B"."""
    merged: dict[Any, ChangedField] = {}
    for order, change in enumerate(changes):
        is_one_sided = bool(change.before) != bool(change.after)
        key = (change.label, bool(change.after)) if is_one_sided else order
        held = merged.get(key)
        if held is None:
            merged[key] = change
        else:
            before, after = (
                "; ".join(text for text in pair if text)
                for pair in ((held.before, change.before), (held.after, change.after))
            )
            merged[key] = ChangedField(change.label, before, after)
    return list(merged.values())


def _writers(sources: Iterable[_Source]) -> set[int]:
    """The keys of who wrote the events."""
    written = (person_id(event) for source in sources for event in source.events)
    return {pk for pk in written if pk is not None}


def added_or_removed(label: str, text: str, event: Any) -> ChangedField:
    """One thing that came or went."""
    return ChangedField(label, text if is_gone(event) else "", "" if is_gone(event) else text)


def file_changes(before: Any, now: Any, after: Any, names: Names) -> Iterator[ChangedField]:
    """A file that came or went."""
    if now is None:
        yield ChangedField(_("File removed"), after.name, "")
    elif before is None:
        yield ChangedField(_("File added"), "", after.name)
