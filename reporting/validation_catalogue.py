"""The first rules by which submissions are checked. Administrators switch them on and off afterwards."""

from typing import Any

from reporting.models import ValidationRule

_Kind, _Severity = ValidationRule.Kind, ValidationRule.Severity

#: By code: kind, severity, parameters. See ``reporting.models.ValidationRule``.
RULES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "parts-over-total": (_Kind.PARTS_OVER_TOTAL, _Severity.ERROR, {}),
    "resolved-over-received": (
        _Kind.NOT_MORE_THAN,
        _Severity.WARNING,
        {"indicator": "tips_resolved", "limit": "tips_received"},
    ),
    "tried-without-defendants": (
        _Kind.NEEDS,
        _Severity.WARNING,
        {"indicator": "cases_tried", "with": "defendants_tried"},
    ),
    "defendants-without-trial": (
        _Kind.NEEDS,
        _Severity.ERROR,
        {"indicator": "defendants_tried", "with": "cases_tried"},
    ),
    "victims-without-case": (
        _Kind.NEEDS,
        _Severity.WARNING,
        {"indicator": "victims_received", "with": "cases_detected"},
    ),
    "jump": (_Kind.JUMP, _Severity.WARNING, {"percent": 50, "at_least": 5, "indicators": []}),
    "required-narrative": (_Kind.REQUIRED_NARRATIVE, _Severity.ERROR, {"sections": []}),
}


def load_rules() -> int:
    """Add the rules that are missing; those there are stay as administrators left them. Returns how many."""
    for code, (kind, severity, params) in RULES.items():
        ValidationRule.objects.get_or_create(
            code=code, defaults={"kind": kind, "severity": severity, "params": params}
        )
    return len(RULES)
