"""How far a role would reach: how many records of each kind a person could read with it, and what the role may do.

Numbers alone: who asks learns of no record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from accounts.row_scope import system_scope
from accounts.scoping import Scope
from incidents.models import Case, Tip
from programs.models import Activity, Assignment, Document
from reporting.models import Obligation, Report
from victims.models import Victim

#: The kinds of record that are counted, in order.
KINDS: Sequence[tuple[str | Promise, Any]] = (
    (_("Documents"), Document),
    (_("Tasks"), Assignment),
    (_("Activities"), Activity),
    (_("Reports owed"), Obligation),
    (_("Reports"), Report),
    (_("Tips"), Tip),
    (_("Cases"), Case),
    (_("Victims"), Victim),
)

#: What roles may do that matters most, in words.
_NOTABLE: Sequence[tuple[str, str | Promise]] = (
    ("identity.open", _("open identities of victims")),
    ("case.read", _("read cases with the names of the people in them")),
    ("victim.read", _("read files of victims, by code")),
    ("people.manage", _("give roles to people")),
    ("key.manage", _("make keys of the API")),
    ("report.sign", _("sign reports")),
    ("submission.review", _("accept and return submissions")),
    ("activity.write", _("file activities and reports of the unit")),
)


@dataclass(frozen=True)
class Reach:
    """Of one kind: how many records the person reads today, and with the role."""

    name: str | Promise
    before: int
    after: int


def reach_of(person: User | None, proposed: Membership) -> list[Reach]:
    """What a person reads today and would read with one more role; somebody without an account reads nothing today."""
    held = list(Membership.objects.current().filter(user=person)) if person else []
    with system_scope("numbers tell how far a role reaches, and name no record"):
        return [
            Reach(name, _count(model, held) if held else 0, _count(model, [*held, proposed]))
            for name, model in KINDS
        ]


def abilities(proposed: Membership) -> list[str | Promise]:
    """What the role may do, of what matters most."""
    verbs = _somebody([proposed])._scope.grants[0].verbs
    return [words for verb, words in _NOTABLE if verb in verbs]


def _count(model: Any, memberships: Sequence[Membership]) -> int:
    found: int = model.objects.visible_to(_somebody(memberships)).count()
    return found


def _somebody(memberships: Sequence[Membership]) -> Any:
    """A person who is nobody, with these roles."""
    person: Any = User(is_active=True)
    person._scope = Scope(person, memberships)
    return person
