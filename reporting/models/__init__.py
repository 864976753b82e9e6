"""From obligation to report: what is owed, what was said, what is added up, what is printed."""

from reporting.models.fact import Fact, FactMark, MeasureRow
from reporting.models.form import CutOffRule, Form, FormFiler, FormIndicator, FormKind, FormSection
from reporting.models.indicator import Indicator, Section
from reporting.models.kept import FigureVersion, KeptSheet, KeptTally, WordMark
from reporting.models.look import Question, SavedView
from reporting.models.obligation import Obligation, ObligationState
from reporting.models.release import AnswerStamp, ReleasedFigure, StatisticsRelease
from reporting.models.report import (
    ApprovalStep,
    MapBasis,
    NumberBook,
    Report,
    ReportBatch,
    ReportDraft,
    ReportJob,
    ReportKind,
    ReportSchedule,
    ReportTemplate,
)
from reporting.models.submission import (
    FindingExplanation,
    ReportedFigure,
    SectionNarrative,
    Submission,
    SubmissionFile,
    SubmissionPresence,
    SubmissionReturn,
    SubmissionState,
    SubmissionVersion,
    ValidationRule,
)
from reporting.models.template import TemplateDraft
from reporting.models.upload import PastUpload, PastUploadRow

__all__ = [
    "AnswerStamp",
    "ApprovalStep",
    "CutOffRule",
    "Fact",
    "FactMark",
    "FigureVersion",
    "FindingExplanation",
    "Form",
    "FormFiler",
    "FormIndicator",
    "FormKind",
    "FormSection",
    "Indicator",
    "KeptSheet",
    "KeptTally",
    "MapBasis",
    "MeasureRow",
    "NumberBook",
    "Obligation",
    "ObligationState",
    "PastUpload",
    "PastUploadRow",
    "Question",
    "ReleasedFigure",
    "Report",
    "ReportBatch",
    "ReportDraft",
    "ReportJob",
    "ReportKind",
    "ReportSchedule",
    "ReportTemplate",
    "ReportedFigure",
    "SavedView",
    "Section",
    "SectionNarrative",
    "StatisticsRelease",
    "Submission",
    "SubmissionFile",
    "SubmissionPresence",
    "SubmissionReturn",
    "SubmissionState",
    "SubmissionVersion",
    "TemplateDraft",
    "ValidationRule",
    "WordMark",
]
