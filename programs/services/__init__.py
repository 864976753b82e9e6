"""What a person can do with activities."""

from programs.services.activity import (
    ActivityFields,
    ChangedMeanwhile,
    change_activity,
    file_activity,
    filed_with,
    is_same_content,
)

__all__ = [
    "ActivityFields",
    "ChangedMeanwhile",
    "change_activity",
    "file_activity",
    "filed_with",
    "is_same_content",
]
