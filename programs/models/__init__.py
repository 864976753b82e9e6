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
from programs.models.upload import ActivityUpload, UploadRow

__all__ = [
    "NUMBER_FORM",
    "Activity",
    "ActivityCost",
    "ActivityKind",
    "ActivityQuantity",
    "ActivityUpload",
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
    "UploadRow",
    "Urgency",
    "paths_above",
]
