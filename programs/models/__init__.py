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
from programs.models.programme import Programme, Project, Target
from programs.models.statement import Difficulty, Direction, PeriodStatement, Recommendation
from programs.models.task import Assignment, Comparison, ProgressNote, Task
from programs.models.training import REGISTER_KINDS, TrainingPlaces, TrainingRegister

__all__ = [
    "NUMBER_FORM",
    "REGISTER_KINDS",
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
    "Occasion",
    "PeriodStatement",
    "Pilot",
    "PilotAssessment",
    "PilotFigure",
    "Programme",
    "ProgressNote",
    "Project",
    "Recommendation",
    "Relation",
    "Target",
    "Task",
    "TrainingPlaces",
    "TrainingRegister",
    "Urgency",
    "paths_above",
]
