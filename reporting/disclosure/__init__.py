"""Disclosure control: one layer between figures and readers outside the scope that the figures belong to.

``shown_to(reader, indicators, areas=..., periods=...)`` answers as ``reporting.figures.answer_many`` does, and applies
the rule where an area lies outside the reader's scope. The rule and its source: docs/disclosure.md.
"""

from reporting.disclosure.reading import Shown, current_release, sees_all_of, shown_to
from reporting.disclosure.rule import BASE, K, published, published_percent, published_total
from reporting.disclosure.tables import OPEN_INDICATORS, OPEN_SHARES, closed_years, protected_codes

__all__ = [
    "BASE",
    "OPEN_INDICATORS",
    "OPEN_SHARES",
    "K",
    "Shown",
    "closed_years",
    "current_release",
    "protected_codes",
    "published",
    "published_percent",
    "published_total",
    "sees_all_of",
    "shown_to",
]
