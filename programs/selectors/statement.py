"""Statements a person may see and write, how many there are, and which periods and units have some."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, Q, QuerySet, Value
from django.http import Http404, HttpRequest

from accounts.models import User
from accounts.scoping import scope_of
from accounts.together import read_together
from programs.models import STATEMENTS, Difficulty, Recommendation
from programs.selectors.activity import person
from programs.selectors.area import areas_within
from programs.selectors.period import period_name
from territory.models import Agency, Area
from territory.period import Period

READING_VERBS = ("statement.read", "statement.read_all")

#: The shape of the badge for each state; a direction has none.
SHAPES: dict[str, str] = {
    Difficulty.State.OPEN: "due",
    Difficulty.State.IN_HAND: "running",
    Difficulty.State.OVERCOME: "done",
    Recommendation.State.SENT: "filed",
    Recommendation.State.RECEIVED: "filed",
    Recommendation.State.CONSIDERED: "running",
    Recommendation.State.ACCEPTED: "done",
    Recommendation.State.REFUSED: "failed",
    Recommendation.State.PARTLY: "returned",
    Recommendation.State.WITHDRAWN: "nil",
}
#: Recommendations that still wait for a whole answer.
WAITING = (Recommendation.State.SENT, Recommendation.State.RECEIVED, Recommendation.State.CONSIDERED)

#: Kinds by the rank in which a report has them.
KIND_RANKS = {kind: rank for rank, kind in enumerate(STATEMENTS)}


def may_read_statements(user: User) -> bool:
    return any(scope_of(user).may(verb) for verb in READING_VERBS)


def may_file_statements(user: User) -> bool:
    return scope_of(user).may("statement.write")


def get_statement(request: HttpRequest, kind: str, pk: int, *, needs: str = "read") -> Any:
    """The statement, found and allowed, with its unit. ``needs`` is "read" or "write".

    Raises Http404 when there is none, when the person may not see it, and when the person may see but not change
    it: an answer never tells which.
    """
    user = person(request)
    related = ["agency", "area__district", "filed_by"]
    if kind == "recommendation":
        related += ["addressed_to", "answering_agency", "answer_entered_by", "answer_document"]
    if kind == "direction":
        related.append("task__document")
    found = STATEMENTS[kind].objects.visible_to(user).select_related(*related)
    if needs == "write":
        found = found.filter(scope_of(user).rows(own="statement.write"))
    statement = found.filter(pk=pk).first()
    if statement is None:
        raise Http404
    return statement


def recommendations_to_answer(user: User) -> "QuerySet[Recommendation]":
    """Recommendations that wait for an answer of the person's own agency, the oldest first."""
    asked = [grant.membership.agency_id for grant in scope_of(user).having("statement.answer")]
    waiting = Recommendation.objects.visible_to(user).filter(addressed_to__in=asked, state__in=WAITING)
    found: QuerySet[Recommendation] = waiting.select_related("agency", "area").order_by("created_at", "id")
    return found


# --- what lists can be narrowed down to ---


def agencies_of_statements(user: User) -> Iterable[Agency]:
    """The agencies whose statements the person may see."""
    seen = _of_all_kinds(user, "agency")
    return Agency.objects.filter(pk__in=seen).only("name", "valid_from", "valid_to", "sort_key")


def areas_of_statements(user: User) -> list[Area]:
    """The areas that the person may ask for: own ones and all below."""
    scope = scope_of(user)
    grants = {grant.area.pk: grant.area for verb in READING_VERBS for grant in scope.having(verb)}
    return areas_within(grants.values())


def periods_of_statements(user: User) -> list[tuple[str, str]]:
    """The periods for which the person may see statements, the newest first: their days as a value, and a name."""
    days = [
        model.objects.visible_to(user).order_by().values_list("period_start", "period_end")
        for model in STATEMENTS.values()
    ]
    found = sorted(set(days[0].union(*days[1:])), key=lambda period: (period[1], period[0]), reverse=True)
    return [(f"{start}..{end}", period_name(start, end)) for start, end in found]


def _of_all_kinds(user: User, column: str) -> Any:
    """The values of a column over all kinds, as a condition for ``__in``."""
    condition = [model.objects.visible_to(user).order_by().values(column) for model in STATEMENTS.values()]
    return condition[0].union(*condition[1:])


# --- the whole list ---


@dataclass(frozen=True)
class StatementTotals:
    """How many statements, and how many of each kind."""

    count: int = 0
    kinds: tuple[tuple[str, int], ...] = ()


def statement_totals(rows: dict[str, Any]) -> StatementTotals:
    """Counts of the rows of each kind, in one query."""
    counted: dict[str, int] = {}
    if rows:
        counts = [
            found.order_by().values(word=Value(kind, output_field=CharField())).annotate(number=Count("pk"))
            for kind, found in rows.items()
        ]
        every = counts[0].union(*counts[1:], all=True)
        counted = {row["word"]: row["number"] for row in every}
    kinds = tuple(
        (str(model._meta.verbose_name_plural), counted[kind])
        for kind, model in STATEMENTS.items()
        if kind in counted
    )
    return StatementTotals(sum(counted.values()), kinds)


@dataclass(frozen=True)
class StatementRow:
    """A statement of any kind as lists show it."""

    kind: str
    statement: Any

    @property
    def kind_label(self) -> str:
        return str(STATEMENTS[self.kind]._meta.verbose_name)

    @property
    def shape(self) -> str:
        return SHAPES.get(getattr(self.statement, "state", ""), "")

    @property
    def state_label(self) -> str:
        return str(self.statement.get_state_display()) if self.kind != "direction" else ""

    @property
    def period(self) -> str:
        return period_name(self.statement.period_start, self.statement.period_end)


def rows_in_order(keys: Iterable[tuple[str, int]], user: User) -> list[StatementRow]:
    """The statements with these kinds and keys, in the same order. One query a kind."""
    wanted = list(keys)
    found: dict[tuple[str, int], Any] = {}
    for kind, model in STATEMENTS.items():
        of_kind = [pk for word, pk in wanted if word == kind]
        if of_kind:
            related = ["agency", "area__district", "filed_by"]
            related += ["answer_document"] if kind == "recommendation" else []
            rows = model.objects.visible_to(user).select_related(*related).defer("search_text")
            found |= {(kind, pk): row for pk, row in rows.in_bulk(of_kind).items()}
    return [StatementRow(kind, found[kind, pk]) for kind, pk in wanted if (kind, pk) in found]


# --- all of a period ---


@dataclass(frozen=True)
class StatedUnit:
    """An agency in an area, as the page of a period is asked for."""

    agency: Agency
    area: Area

    @property
    def key(self) -> str:
        return f"{self.agency.pk}:{self.area.pk}"

    def __str__(self) -> str:
        agency, area = str(self.agency), self.area
        return agency if area.short_name in agency else f"{agency} · {area.name}"


def stated_units(user: User) -> list[StatedUnit]:
    """The units whose periods the person may look at: own ones, and those that stated something there."""
    scope = scope_of(user)
    pairs = {
        (grant.membership.agency_id, grant.area.pk)
        for verb in ("statement.write", "statement.read")
        for grant in scope.having(verb)
    }
    own = scope.rows(own="statement.read", every="statement.read_all")
    stated = [
        model.objects.visible_to(user).filter(own).order_by().values_list("agency", "area")
        for model in STATEMENTS.values()
    ]
    pairs |= set(stated[0].union(*stated[1:]))
    agencies = Agency.objects.in_bulk({agency for agency, _area in pairs})
    areas = Area.objects.in_bulk({area for _agency, area in pairs})
    units = [StatedUnit(agencies[agency], areas[area]) for agency, area in pairs]
    return sorted(
        units, key=lambda unit: (unit.area.path.count("/"), unit.area.sort_key, unit.agency.sort_key)
    )


def statements_of(user: User, unit: StatedUnit, period: Period) -> dict[str, list[StatementRow]]:
    """All that a unit states for a period, by kind. One query."""
    return statement_rows(read_together(*asked_of_statements(user, unit, period).values()))


def asked_of_statements(user: User, unit: StatedUnit, period: Period) -> dict[str, "QuerySet[Any]"]:
    """What reads all that a unit states for a period, by kind."""
    return {
        kind: model.objects.visible_to(user)
        .filter(agency=unit.agency, area=unit.area, period_start=period.start, period_end=period.end)
        .select_related("agency", "area__district")
        for kind, model in STATEMENTS.items()
    }


def statement_rows(read: Sequence[Sequence[Any]]) -> dict[str, list[StatementRow]]:
    """The rows of what ``asked_of_statements`` read, by kind."""
    return {
        kind: [StatementRow(kind, row) for row in rows] for kind, rows in zip(STATEMENTS, read, strict=True)
    }


def newest_period(user: User, unit: StatedUnit) -> tuple[dt.date, dt.date] | None:
    """The last period for which a unit stated something, as far as the person may see."""
    mine = Q(agency=unit.agency, area=unit.area)
    days = [
        model.objects.visible_to(user).filter(mine).order_by().values_list("period_start", "period_end")
        for model in STATEMENTS.values()
    ]
    found = sorted(days[0].union(*days[1:]), key=lambda period: (period[1], period[0]))
    return found[-1] if found else None
