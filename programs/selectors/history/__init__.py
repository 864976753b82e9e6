"""Who changed what of a record, and when: read from the event tables that triggers fill, told in words."""

from programs.selectors.history.entry import ChangedField, HistoryEntry
from programs.selectors.history.reading import Related, record_history
from programs.selectors.history.records import (
    activity_history,
    assignment_history,
    document_history,
    history_of,
    pilot_history,
    programme_history,
)

__all__ = [
    "ChangedField",
    "HistoryEntry",
    "Related",
    "activity_history",
    "assignment_history",
    "document_history",
    "history_of",
    "pilot_history",
    "programme_history",
    "record_history",
]
