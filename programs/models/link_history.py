"""The history of many-to-many fields: each row put into or taken out of their tables leaves an event.

A table behind a many-to-many field has no model of its own, so a proxy of it is tracked. A new many-to-many field
of a tracked model gets one line here; a test fails for a field that has none.
"""

from typing import Any

import pghistory
from django.db import models

from programs.models.activity import Activity
from programs.models.comment import Comment
from programs.models.document import Document
from programs.models.pilot import Pilot
from programs.models.programme import Project
from programs.models.task import Assignment, ProgressNote, Task


def _tracked(name: str, link: Any) -> type[models.Model]:
    """A proxy of the table behind a many-to-many field; its events are those of ``<name>Event``."""
    meta = type("Meta", (), {"proxy": True, "app_label": "programs"})
    proxy = type(name, (link.through,), {"__module__": __name__, "Meta": meta})
    tracked: type[models.Model] = pghistory.track(
        pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None
    )(proxy)
    return tracked


ActivityPartner = _tracked("ActivityPartner", Activity.partner_agencies)
ActivityPlace = _tracked("ActivityPlace", Activity.places)
ActivityTask = _tracked("ActivityTask", Assignment.activities)
DocumentCoIssuer = _tracked("DocumentCoIssuer", Document.co_issuers)
TaskPartner = _tracked("TaskPartner", Task.partners)
NoteActivity = _tracked("NoteActivity", ProgressNote.activities)
NoteDocument = _tracked("NoteDocument", ProgressNote.documents)
PilotArea = _tracked("PilotArea", Pilot.areas)
PilotPartner = _tracked("PilotPartner", Pilot.partners)
ProjectLead = _tracked("ProjectLead", Project.leads)
CommentMention = _tracked("CommentMention", Comment.mentions)

TRACKED_LINKS: tuple[type[models.Model], ...] = (
    ActivityPartner,
    ActivityPlace,
    ActivityTask,
    DocumentCoIssuer,
    TaskPartner,
    NoteActivity,
    NoteDocument,
    PilotArea,
    PilotPartner,
    ProjectLead,
    CommentMention,
)
