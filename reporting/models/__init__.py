"""From obligation to report: what is owed, what was said, what is added up, what is printed."""

from reporting.models.fact import Fact, FactMark, MeasureRow
from reporting.models.indicator import Indicator, Section
from reporting.models.obligation import (
    Form,
    Obligation,
    ReportedFigure,
    SectionNarrative,
    Submission,
    SubmissionState,
)
from reporting.models.report import Report, ReportJob, ReportKind, ReportTemplate

__all__ = [
    "Fact",
    "FactMark",
    "Form",
    "Indicator",
    "MeasureRow",
    "Obligation",
    "Report",
    "ReportJob",
    "ReportKind",
    "ReportTemplate",
    "ReportedFigure",
    "Section",
    "SectionNarrative",
    "Submission",
    "SubmissionState",
]
