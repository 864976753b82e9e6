"""What changed in a person's reach since some moment, the latest first: activities, reports of units, issued reports,
difficulties and recommendations."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.scoping import scope_of
from programs.models import Activity, Difficulty, Recommendation
from programs.selectors.statement import may_read_statements
from reporting.models import Obligation, Report
from reporting.obligations import may_read_obligations


@dataclass(frozen=True)
class Change:
    """One record that changed: what it is, its name, whose, and when."""

    kind: str
    name: str
    unit: str
    at: dt.datetime
    url: str


#: The kinds: the page of a record, by the name of its address.
_PAGES = {
    "activity": lambda key: reverse("activity_detail", args=[key]),
    "submission": lambda key: reverse("obligation_detail", args=[key]),
    "report": lambda key: reverse("report_detail", args=[key]),
    "difficulty": lambda key: reverse("statement_detail", args=["difficulty", key]),
    "recommendation": lambda key: reverse("statement_detail", args=["recommendation", key]),
}


def changes_since(user: User, moment: dt.datetime, limit: int) -> list[Change]:
    """What others changed or filed after a moment, the latest first. One statement; none for who sees nothing."""
    found = list(_branches(user, moment, limit))
    if not found:
        return []
    rows = found[0] if len(found) == 1 else found[0].union(*found[1:], all=True)
    words = {
        "activity": _("Activity"),
        "submission": _("Report of a unit"),
        "report": _("Report"),
        "difficulty": _("Difficulty"),
        "recommendation": _("Recommendation"),
    }
    return [
        Change(words[kind], name, unit, at, _PAGES[kind](key))
        for kind, key, name, unit, at in rows.order_by("-at")[:limit]
    ]


def _branches(user: User, moment: dt.datetime, limit: int) -> Any:
    """A query for each kind the person reads, each cut to what can be shown."""
    scope = scope_of(user)
    if scope.may("activity.read") or scope.may("activity.read_all"):
        rows = Activity.objects.visible_to(user).filter(updated_at__gt=moment).exclude(filed_by=user)
        yield _rows(rows, "activity", "pk", "title", "agency__name", "updated_at", limit)
    if may_read_obligations(user):
        owed = Obligation.objects.visible_to(user).filter(submission__submitted_at__gt=moment)
        sent = owed.exclude(submission__submitted_by=user)
        yield _rows(sent, "submission", "pk", "form__name", "agency__name", "submission__submitted_at", limit)
    if scope.may("report.read") or scope.may("report.read_issued"):
        made = Report.objects.visible_to(user).filter(made_at__gt=moment).exclude(made_by=user)
        yield _rows(made, "report", "key", "title", "area__name", "made_at", limit)
    if may_read_statements(user):
        for kind, model in (("difficulty", Difficulty), ("recommendation", Recommendation)):
            stated = model.objects.visible_to(user).filter(created_at__gt=moment).exclude(filed_by=user)
            yield _rows(stated, kind, "pk", "text", "agency__name", "created_at", limit)


def _rows(rows: Any, kind: str, key: str, name: str, unit: str, at: str, limit: int) -> Any:
    told = rows.order_by(f"-{at}").annotate(
        what=Value(kind, output_field=CharField()),
        record=Cast(key, CharField()),
        named=Cast(name, CharField()),
        whose=Cast(unit, CharField()),
        at=F(at),
    )
    return told.values_list("what", "record", "named", "whose", "at")[:limit]
