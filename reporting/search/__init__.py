"""The search over all records a person may see: what was typed, where it is looked for, what is found."""

from reporting.search.finding import KINDS, MOST, Found, Hit, find, read
from reporting.search.typed import SearchForm, Typed, open_query, seal_query

__all__ = ["KINDS", "MOST", "Found", "Hit", "SearchForm", "Typed", "find", "open_query", "read", "seal_query"]
