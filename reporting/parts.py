"""The parts of breakdowns that a form may ask for."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

_GROUP: Mapping[str, Any] = {
    "women": _("women"),
    "children": _("children"),
    "ethnic_minority": _("ethnic minority"),
}
#: Each breakdown by its name, with its parts as the roll-up names them.
_PARTS: Mapping[str, Mapping[str, Any]] = {
    "group": _GROUP,
    "minority": {"ethnic_minority": _GROUP["ethnic_minority"]},
    "integration": {"integrated": _("integrated into another programme")},
}


def parts_of(breakdowns: Iterable[str]) -> dict[str, Any]:
    """The parts of these breakdowns with their names, in order; a breakdown that is not known has none."""
    found: dict[str, Any] = {}
    for breakdown in breakdowns:
        found |= _PARTS.get(breakdown, {})
    return found
