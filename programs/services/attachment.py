"""Files of an activity, added and taken off without touching what it says."""

from collections.abc import Iterable, Sequence

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.changing import ChangedMeanwhile
from accounts.models import User
from programs.attachments import CheckedFile, not_held_yet, refuse_too_many_files, stored_files, take_off
from programs.models import Activity
from programs.selectors.rights import may_write_activity
from programs.services.activity import note_change_by, refuse_unless_open


def change_files(
    *,
    activity: Activity,
    actor: User,
    version: int,
    added: Sequence[CheckedFile] = (),
    removed: Iterable[int] = (),
) -> Activity:
    """Add files to an activity and take some off. Where nothing differs nothing is written.

    An approved one stays approved by the head who changes it. Raises ApprovedAlready, ChangedMeanwhile,
    PermissionDenied as a change of the activity does, ValidationError for too many files.
    """
    with stored_files() as files, transaction.atomic(), pghistory.context(user=actor.pk):
        stored = Activity.objects.unscoped("locked here and checked in the next lines")
        current: Activity = (
            stored.select_for_update(of=("self",)).select_related("agency", "area").get(pk=activity.pk)
        )
        if not may_write_activity(actor, current.agency_id, current.area):
            raise PermissionDenied
        gone = set(removed)
        leaving = [file for file in current.attachments.all() if file.pk in gone]
        kept = [file for file in current.attachments.all() if file.pk not in gone]
        new = not_held_yet(added, kept)
        if not new and not leaving:
            return current
        refuse_unless_open(actor, current, current.agency, current.area)
        if version != current.version:
            raise ChangedMeanwhile.since(current)
        try:
            refuse_too_many_files(kept=len(kept), added=len(new))
        except ValidationError as error:
            raise ValidationError({"files": error}) from error
        note_change_by(actor, current)
        current.version += 1
        current.save()
        for file in leaving:
            take_off(file)
        files.attach(activity=current, actor=actor, checked=new)
    return current
