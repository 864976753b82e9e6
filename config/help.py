"""The guides of the help pages: one for each kind of work, its text in a template for each language.

``tests/test_help.py`` holds the two languages together: the same tasks with the same pictures, in the same order.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.scoping import scope_of

LANGUAGES = ("vi", "en")


@dataclass(frozen=True)
class Guide:
    """``name`` stands in the address, ``roles`` are those who find it first, ``lead`` says what is in it."""

    name: str
    label: Any
    lead: Any
    roles: frozenset[Role]

    def template(self, language: str) -> str:
        return f"help/{language if language in LANGUAGES else 'vi'}/{self.name}.html"


_GUIDES = (
    Guide(
        "filing-officer",
        _("Filing officer"),
        _("File activities, answer what a unit owes, confirm that nothing happened."),
        frozenset({Role.FILING_OFFICER}),
    ),
    Guide(
        "leader",
        _("Leader: head of unit or steering committee"),
        _("Approve what the unit files, read the dashboard, ask a unit, sign reports."),
        frozenset({Role.HEAD_OF_UNIT, Role.STEERING_MEMBER}),
    ),
    Guide(
        "coordinator",
        _("Coordinator"),
        _("Open a period, gather what units report, make and issue the report."),
        frozenset({Role.COORDINATOR}),
    ),
    Guide(
        "case-officer",
        _("Case officer: victims, tips, cases"),
        _("Keep files, tips and cases; protect identities; hand a victim over."),
        frozenset({Role.CASE_WORKER, Role.INVESTIGATOR}),
    ),
    Guide(
        "administrator",
        _("Administrator"),
        _("Keep indicators, forms, templates, limits, keys, feedback and the contact."),
        frozenset({Role.ADMINISTRATOR}),
    ),
    Guide(
        "api",
        _("User of the API"),
        _("Get a key, ask for figures, stay within the limits."),
        frozenset(),
    ),
)


def guides() -> list[Guide]:
    return list(_GUIDES)


def guide_named(name: str) -> Guide | None:
    return next((guide for guide in _GUIDES if guide.name == name), None)


def guides_for(user: User) -> list[Guide]:
    """The guides for the roles a person has."""
    held = {grant.membership.role for grant in scope_of(user).grants}
    return [guide for guide in _GUIDES if guide.roles & held]
