"""Who may see which rows: the scope of a person, and querysets that refuse to run without one.

A protected model uses ``ScopedManager``. A query over it that nobody scoped raises ``UnscopedQuery`` when it
is run; code reads through ``visible_to(user)``, or says why it may see all with ``unscoped(reason)``.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from accounts.models import Membership, Role, User
from territory.models import Area, Level
from territory.selectors import held_within

M = TypeVar("M", bound=models.Model)
Person = User | AnonymousUser

#: What each role may do. A verb that is not listed for a role is refused.
_UNIT = frozenset(
    {
        "activity.read",
        "activity.write",
        "obligation.read",
        "submission.write",
        "document.read",
        "document.write",
        "task.read",
        "task.write",
        "statement.read",
        "statement.write",
        "statement.answer",
        "question.answer",
        "model.read",
        "model.write",
    }
)
_READS_INCIDENTS = frozenset({"tip.read", "case.read"})
_WRITES_INCIDENTS = _READS_INCIDENTS | {"tip.write", "case.write"}
#: Victims in the care of own agency. Who keeps a file opens identities; a head approves, and sees who opened what.
_VICTIMS_OF_HEAD = frozenset({"victim.read", "victim.approve"})
_VICTIMS_OF_CASE_WORKER = frozenset(
    {"victim.read", "victim.write", "identity.open", "identity.write", "narrative.read", "narrative.write"}
)
VERBS: dict[str, frozenset[str]] = {
    Role.FILING_OFFICER: _UNIT,
    Role.HEAD_OF_UNIT: _UNIT | _READS_INCIDENTS | _VICTIMS_OF_HEAD | {"activity.approve"},
    Role.CASE_WORKER: frozenset({"activity.read", "document.read", "statement.read", "model.read"})
    | _VICTIMS_OF_CASE_WORKER,
    Role.INVESTIGATOR: frozenset(
        {"activity.read", "document.read", "statement.read", "model.read", "victim.read"}
    )
    | _WRITES_INCIDENTS,
    Role.COORDINATOR: frozenset(
        {
            "activity.read_all",
            "obligation.read_all",
            "submission.review",
            "submission.write_past",
            "obligation.manage",
            "document.read_all",
            "document.write_all",
            "task.read_all",
            "task.assign",
            "statement.read_all",
            "statement.record_answer",
            "question.ask",
            "model.read_all",
            "model.write_all",
            "report.make",
            "report.read",
            "report.review",
            "report.sign",
            "case_export.ask",
            "case_export.approve",
        }
    ),
    Role.STEERING_MEMBER: frozenset(
        {
            *("report.read_issued", "document.read_all", "task.read_all", "statement.read_all"),
            *("model.read_all", "question.ask"),
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            *(
                "list.write",
                "indicator.manage",
                "rule.manage",
                "form.manage",
                "template.manage",
                "key.manage",
                "people.manage",
                "agency.manage",
            ),
            *("contact.write", "feedback.answer", "factor.reset", "audit.read"),
        }
    ),
}

#: What filing officers and heads of the standing agency may do besides: it gathers what the units of its area report,
#: and drafts the report of the area.
STANDING_VERBS: frozenset[str] = frozenset(
    {"report.make", "report.read", "obligation.read_all", "obligation.manage"}
)
STANDING_ROLES: frozenset[str] = frozenset({Role.FILING_OFFICER, Role.HEAD_OF_UNIT})
#: Its head reviews and signs that report, too, and is the second pair of eyes over exports of case data.
STANDING_HEAD_VERBS: frozenset[str] = frozenset({"report.review", "report.sign", "case_export.approve"})


class UnscopedQuery(RuntimeError):
    """A query over protected rows was about to run without a scope."""


@dataclass(frozen=True)
class Grant:
    """One current membership and the verbs it gives."""

    membership: Membership
    verbs: frozenset[str]

    @property
    def area(self) -> Area:
        return self.membership.area

    def reaches(self, agency_id: int, area: Area) -> bool:
        """Whether a record of this agency in this area lies within the membership."""
        return self.membership.agency_id == agency_id and self.area.contains(area)


class Scope:
    """All current memberships of a person, read once per request.

    ``memberships``: the current ones, where somebody read them already.
    """

    def __init__(self, user: Person, memberships: Iterable[Membership] | None = None) -> None:
        self.user = user
        self.grants: list[Grant] = []
        if isinstance(user, User) and user.is_active:
            if memberships is None:
                memberships = user.memberships.current()
            self.grants = [self._grant(membership) for membership in memberships]

    @staticmethod
    def _grant(membership: Membership) -> Grant:
        # An agency that has ended still closes the periods of its day, so the duty's dates do not matter here.
        verbs = VERBS[membership.role]
        if membership.role in STANDING_ROLES and membership.of_standing_agency:
            verbs |= STANDING_VERBS
            if membership.role == Role.HEAD_OF_UNIT:
                verbs |= STANDING_HEAD_VERBS
        return Grant(membership, verbs)

    @property
    def holdings(self) -> frozenset[tuple[int, int, frozenset[str]]]:
        """What the memberships give, comparable: agency, area and verbs of each."""
        return frozenset((g.membership.agency_id, g.membership.area_id, g.verbs) for g in self.grants)

    def having(self, verb: str) -> Iterator[Grant]:
        return (grant for grant in self.grants if verb in grant.verbs)

    def may(self, verb: str) -> bool:
        """Whether any membership gives the verb, somewhere."""
        return any(self.having(verb))

    def may_in(self, verb: str, area: Area) -> bool:
        """Whether a membership gives the verb for an area."""
        return any(grant.area.contains(area) for grant in self.having(verb))

    def areas(self, verb: str, *, on: dt.date | None = None) -> models.QuerySet[Area]:
        """The areas that a person with this verb may choose, from the nation down: of communes, only the own one.

        With ``on`` only those of that day, and the own ones.
        """
        reached = Area.objects.none()
        for grant in self.having(verb):
            within = Area.objects.within(grant.area).exclude(level=Level.COMMUNE)
            reached |= (within.valid_on(on) if on else within) | Area.objects.filter(pk=grant.area.pk)
        ordered: models.QuerySet[Area] = reached.order_by("path")
        return ordered

    def rows(self, *, own: str = "", every: str = "", agency: str = "agency", is_located: bool = False) -> Q:
        """The condition for rows of own agencies (verb ``own``) or of all agencies in the area (``every``).

        ``agency`` is the name of the column that says whose a row is; ``is_located`` that the rows name their
        district and province too, which spares a look at the map.
        """
        condition = Q(pk__in=[])
        for grant in self.having(own):
            within = _within(grant.area, is_located)
            condition |= Q(**{agency: grant.membership.agency_id}) & within
        for grant in self.having(every):
            condition |= _within(grant.area, is_located)
        return condition


def _within(area: Area, is_located: bool) -> Q:
    return held_within(area) if is_located else Q(area__path__startswith=area.path)


def scope_of(user: Person) -> Scope:
    """The person's scope, kept on the user object for the length of a request."""
    scope: Scope | None = getattr(user, "_scope", None)
    if scope is None:
        scope = Scope(user)
        user._scope = scope  # type: ignore[union-attr]
    return scope


def read_scopes(people: Iterable[User]) -> None:
    """Read the scopes of many people with one query, so that judging each of them takes none."""
    missing = [user for user in people if getattr(user, "_scope", None) is None]
    give_scopes(missing, Membership.objects.current().filter(user__in=missing))


def give_scopes(people: Iterable[User], memberships: Iterable[Membership]) -> None:
    """Give people their scopes; ``memberships`` are all current ones of all of them."""
    held: dict[int, list[Membership]] = {}
    for membership in memberships:
        held.setdefault(membership.user_id, []).append(membership)
    for user in people:
        user._scope = Scope(user, held.get(user.pk, ()))  # type: ignore[attr-defined]


class ScopedQuerySet(models.QuerySet[M]):
    """A queryset that raises UnscopedQuery when it is run before it was scoped."""

    _is_scoped = False

    def visible_to(self, user: Person) -> Self:
        """Only the rows this person may see. Each model says which."""
        raise UnscopedQuery(f"{self.model.__name__} does not say who may see its rows")

    def unscoped(self, reason: str) -> Self:
        """All rows, for work that answers to no single person. ``reason`` is for the reader of the code."""
        if not reason:
            raise UnscopedQuery("say why the query may see every row")
        scoped: Self = self._scoped(self)
        return scoped

    @staticmethod
    def _scoped(queryset: Any) -> Any:
        scoped = queryset._chain()
        scoped._is_scoped = True
        return scoped

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone._is_scoped = self._is_scoped
        return clone

    def refuse_unscoped(self) -> None:
        if not self._is_scoped:
            raise UnscopedQuery(f"{self.model.__name__}: call visible_to(user) or unscoped(reason) first")

    def _refuse_to_widen_by(self, *others: Any) -> None:
        """A scope does not reach over to the rows of another query that has none."""
        for other in others:
            if isinstance(other, ScopedQuerySet):
                other.refuse_unscoped()

    def __or__(self, other: Any) -> Self:
        self._refuse_to_widen_by(other)
        return super().__or__(other)

    def __xor__(self, other: Any) -> Self:
        self._refuse_to_widen_by(other)
        return super().__xor__(other)

    def union(self, *other_qs: Any, all: bool = False) -> Self:
        self._refuse_to_widen_by(*other_qs)
        return super().union(*other_qs, all=all)

    def _fetch_all(self) -> None:
        self.refuse_unscoped()
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        self.refuse_unscoped()
        return super().iterator(chunk_size)

    def count(self) -> int:
        self.refuse_unscoped()
        return super().count()

    def exists(self) -> bool:
        self.refuse_unscoped()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self.refuse_unscoped()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self.refuse_unscoped()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self.refuse_unscoped()
        return super().delete()
