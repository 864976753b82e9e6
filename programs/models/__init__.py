"""What was asked and what was done about it."""

from programs.models.activity import (
    Activity,
    ActivityCost,
    ActivityKind,
    ActivityOccurrence,
    ActivityQuantity,
    Audience,
    Funding,
    Measure,
)
from programs.models.attachment import Attachment
from programs.models.comment import CHANGEABLE_FOR, COMMENT_LIMIT, COMMENTED, Comment
from programs.models.directory_upload import DirectoryUpload, DirectoryUploadRow
from programs.models.document import (
    NUMBER_FORM,
    Document,
    DocumentKind,
    DocumentRelation,
    Relation,
    Urgency,
)
from programs.models.link_history import TRACKED_LINKS
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
from programs.models.training import REGISTER_KINDS, TrainingPlaces, TrainingRegister
from programs.models.upload import ActivityUpload, UploadRow, WorkbookRow, WorkbookUpload

__all__ = [
    "CHANGEABLE_FOR",
    "COMMENTED",
    "COMMENT_LIMIT",
    "NUMBER_FORM",
    "REGISTER_KINDS",
    "STATEMENTS",
    "TRACKED_LINKS",
    "Activity",
    "ActivityCost",
    "ActivityKind",
    "ActivityOccurrence",
    "ActivityQuantity",
    "ActivityUpload",
    "Assignment",
    "Attachment",
    "Audience",
    "Comment",
    "Comparison",
    "Difficulty",
    "Direction",
    "DirectoryUpload",
    "DirectoryUploadRow",
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
    "TrainingPlaces",
    "TrainingRegister",
    "UploadRow",
    "Urgency",
    "WorkbookRow",
    "WorkbookUpload",
]
