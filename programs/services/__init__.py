"""What a person can do with activities."""

from programs.services.activity import change_activity, file_activity, filed_with, is_same_content
from programs.services.approval import (
    Approvals,
    approve_activities,
    approve_activity,
    return_activity,
    submit_activity,
    withdraw_activity,
)
from programs.services.content import ActivityFields
from programs.services.refusals import ApprovedAlready, TransitionNotAllowed

__all__ = [
    "ActivityFields",
    "Approvals",
    "ApprovedAlready",
    "TransitionNotAllowed",
    "approve_activities",
    "approve_activity",
    "change_activity",
    "file_activity",
    "filed_with",
    "is_same_content",
    "return_activity",
    "submit_activity",
    "withdraw_activity",
]
