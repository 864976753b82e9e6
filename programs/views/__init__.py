"""Pages of activities."""

from programs.views.activity import activity_detail, activity_export, activity_list, activity_totals
from programs.views.approval import activity_queue, activity_step
from programs.views.attachment import attachment_download, attachment_thumbnail
from programs.views.filing import activity_copy, activity_draft, activity_edit, activity_new
from programs.views.offline import activity_offline, activity_sending, activity_worker

__all__ = [
    "activity_copy",
    "activity_detail",
    "activity_draft",
    "activity_edit",
    "activity_export",
    "activity_list",
    "activity_new",
    "activity_offline",
    "activity_queue",
    "activity_sending",
    "activity_step",
    "activity_totals",
    "activity_worker",
    "attachment_download",
    "attachment_thumbnail",
]
