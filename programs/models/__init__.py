"""What was asked and what was done about it."""

from programs.models.activity import (
    Activity,
    ActivityCost,
    ActivityKind,
    ActivityQuantity,
    Audience,
    Funding,
    Measure,
)
from programs.models.attachment import Attachment
from programs.models.document import (
    NUMBER_FORM,
    Document,
    DocumentKind,
    DocumentRelation,
    Relation,
    Urgency,
    paths_above,
)
from programs.models.pilot import Occasion, Pilot, PilotAssessment, PilotFigure
from programs.models.prevention import ModelAssessment, ModelKind, PreventionModel
from programs.models.programme import Programme, Project, Target
from programs.models.statement import (
    STATEMENTS,
    Difficulty,
    Direction,
    PeriodStatement,
    Recommendation,
)
from programs.models.task import Assignment, Comparison, ProgressNote, Task

__all__ = [
    "NUMBER_FORM",
    "STATEMENTS",
    "Activity",
    "ActivityCost",
    "ActivityKind",
    "ActivityQuantity",
    "Assignment",
    "Attachment",
    "Audience",
    "Comparison",
    "Difficulty",
    "Direction",
    "Document",
    "DocumentKind",
    "DocumentRelation",
    "Funding",
    "Measure",
    "ModelAssessment",
    "ModelKind",
    "Occasion",
    "PeriodStatement",
    "Pilot",
    "PilotAssessment",
    "PilotFigure",
    "PreventionModel",
    "Programme",
    "ProgressNote",
    "Project",
    "Recommendation",
    "Relation",
    "Target",
    "Task",
    "Urgency",
    "paths_above",
]
