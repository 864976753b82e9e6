"""Models of prevention and support a person may see and keep, their family, and how many there are."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, Value, When
from django.http import Http404, HttpRequest

from accounts.models import User
from accounts.scoping import scope_of
from programs.models import ModelKind, PreventionModel
from programs.selectors.activity import person
from programs.selectors.area import areas_within
from programs.services.task import Unit
from territory.models import Agency, Area, Level

READING_VERBS = ("model.read", "model.read_all")
WRITING_VERBS = ("model.write", "model.write_all")

State = PreventionModel.State
#: The shape of the badge for each state.
SHAPES: dict[str, str] = {
    State.RUNNING: "running",
    State.PAUSED: "due",
    State.STOPPED: "nil",
    State.REPLICATED: "done",
}

#: Kinds in the order in which they are declared.
MODEL_KIND_RANK = Case(
    *(When(kind=kind, then=Value(rank)) for rank, kind in enumerate(ModelKind.values)),
    output_field=IntegerField(),
)


def may_read_models(user: User) -> bool:
    return any(scope_of(user).may(verb) for verb in READING_VERBS)


def may_keep_models(user: User) -> bool:
    """Whether the person enters models of some unit, somewhere."""
    return any(scope_of(user).may(verb) for verb in WRITING_VERBS)


def keeps(user: User, agency_id: int, area: Area) -> bool:
    """Whether the person enters and changes models of this agency in this area: own unit, or coordinated area."""
    scope = scope_of(user)
    own = any(grant.reaches(agency_id, area) for grant in scope.having("model.write"))
    return own or scope.may_in("model.write_all", area)


def get_model(request: HttpRequest, pk: int, *, needs: str = "read") -> PreventionModel:
    """The model, found and allowed, with its unit and the one it was made from. ``needs`` is "read" or "write".

    Raises Http404 when there is none, when the person may not see it, and when the person may see but not change
    it: an answer never tells which.
    """
    user = person(request)
    found = PreventionModel.objects.visible_to(user).select_related("agency", "area__district", "filed_by")
    if needs == "write":
        found = found.filter(scope_of(user).rows(own="model.write", every="model.write_all"))
    model: PreventionModel | None = found.filter(pk=pk).first()
    if model is None:
        raise Http404
    return model


@dataclass(frozen=True)
class Family:
    """The model that one was made from and those made from it, as far as the reader may see them.

    ``hidden`` counts the copies in units the reader does not see.
    """

    origin: PreventionModel | None
    copies: list[PreventionModel]
    hidden: int

    @property
    def is_empty(self) -> bool:
        return self.origin is None and not self.copies and not self.hidden


def copies_of(model: PreventionModel) -> Any:
    """The models made from this one, in whichever unit."""
    everyone = PreventionModel.objects.unscoped("copies in units the reader may not see are only counted")
    return everyone.filter(copied_from=model.pk)


def family_of(model: PreventionModel, reader: User) -> Family:
    """What a model was made from and what was made from it. Two queries."""
    known = set(copies_of(model).values_list("pk", flat=True))
    relatives = known | ({model.copied_from_id} if model.copied_from_id else set())
    seen = list(
        PreventionModel.objects.visible_to(reader).filter(pk__in=relatives).select_related("agency", "area")
    )
    origin = next((each for each in seen if each.pk == model.copied_from_id), None)
    copies = [each for each in seen if each.pk in known]
    return Family(origin, copies, len(known) - len(copies))


def agencies_of_models(user: User) -> Iterable[Agency]:
    """The agencies whose models the person may see."""
    seen = PreventionModel.objects.visible_to(user).order_by().values("agency")
    return Agency.objects.filter(pk__in=seen).only("name", "valid_from", "valid_to", "sort_key")


def areas_of_models(user: User) -> list[Area]:
    """The areas that the person may ask for: own ones and all below."""
    scope = scope_of(user)
    grants = {grant.area.pk: grant.area for verb in READING_VERBS for grant in scope.having(verb)}
    return areas_within(grants.values())


def units_to_replicate(user: User, since: dt.date) -> list[Unit]:
    """The units for which the person may make a model anew, of those that existed on ``since`` or after.

    Own agencies in each of their areas; for who coordinates an area, the agencies of it and of its parts.
    """
    scope = scope_of(user)
    units: dict[tuple[int, int], Unit] = {}
    held = Q(valid_to__isnull=True) | Q(valid_to__gte=since)
    for grant in scope.having("model.write"):
        agency = grant.membership.agency
        for area in areas_within([grant.area]):
            if area.valid_to is None or area.valid_to >= since:
                units[agency.pk, area.pk] = Unit(agency, area)
    for grant in scope.having("model.write_all"):
        reach = Q(area=grant.area) | Q(area__parent=grant.area)
        if grant.area.level != Level.NATION:
            reach = Q(area__path__startswith=grant.area.path)
        agencies = Agency.objects.filter(reach).filter(held).select_related("area")
        for agency in sorted(agencies, key=lambda each: (each.area.path.count("/"), each.sort_key)):
            units.setdefault((agency.pk, agency.area_id), Unit(agency, agency.area))
    return list(units.values())


@dataclass(frozen=True)
class ModelTotals:
    """How many models, how many of each kind, and how many are kept up now."""

    count: int = 0
    running: int = 0
    kinds: tuple[tuple[str, int], ...] = ()


def model_totals(models: Any) -> ModelTotals:
    """Counts of a queryset of models, in one query."""
    is_running = Q(state__in=[State.RUNNING, State.REPLICATED])
    rows = models.order_by().values("kind").annotate(n=Count("pk"), running=Count("pk", filter=is_running))
    counted = {row["kind"]: row for row in rows}
    kinds = tuple((str(kind.label), counted[kind]["n"]) for kind in ModelKind if kind in counted)
    return ModelTotals(
        sum(row["n"] for row in counted.values()), sum(row["running"] for row in counted.values()), kinds
    )


def newest_assessments(model: PreventionModel) -> Any:
    """The assessments of a model with who made them, the newest first."""
    return model.assessments.select_related("by").order_by(F("assessed_on").desc(), "-pk")
