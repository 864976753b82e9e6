"""Pages of activities."""

from programs.views.activity import activity_detail, activity_export, activity_list
from programs.views.attachment import attachment_download, attachment_thumbnail
from programs.views.filing import activity_draft, activity_edit, activity_new

__all__ = [
    "activity_detail",
    "activity_draft",
    "activity_edit",
    "activity_export",
    "activity_list",
    "activity_new",
    "attachment_download",
    "attachment_thumbnail",
]
