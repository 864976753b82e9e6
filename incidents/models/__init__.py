"""Cases, the persons in them, and the stages they pass."""

from incidents.models.case import Case, CaseOffence, CaseQuerySet, Stage, StageKind
from incidents.models.person import PersonInCase, PersonStanding, Standing

__all__ = [
    "Case",
    "CaseOffence",
    "CaseQuerySet",
    "PersonInCase",
    "PersonStanding",
    "Stage",
    "StageKind",
    "Standing",
]
