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
from programs.models.document import Document, DocumentKind
from programs.models.statement import Difficulty, Direction, PeriodStatement, Recommendation

__all__ = [
    "Activity",
    "ActivityCost",
    "ActivityKind",
    "ActivityQuantity",
    "Attachment",
    "Audience",
    "Difficulty",
    "Direction",
    "Document",
    "DocumentKind",
    "Funding",
    "Measure",
    "PeriodStatement",
    "Recommendation",
]
