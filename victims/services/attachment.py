"""Papers of a victim: kept sealed, and handed out only while the identity is open to who asks."""

from collections.abc import Sequence

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.files.checking import CheckedFile, refuse_too_many_files
from accounts.files.sealed import let_go, new_among, sealed_files
from accounts.models import User
from accounts.row_scope import system_scope
from victims.models import Victim, VictimAttachment
from victims.services.identity import own_opening
from victims.services.rights import locked, require


def has_attachments(victim: Victim) -> bool:
    """Whether anything is kept, for the page that opens it."""
    with system_scope("that there is something is told, and nothing of it"):
        return victim.attachments.exists()


def attach(*, actor: User, victim: Victim, files: Sequence[CheckedFile]) -> list[VictimAttachment]:
    """Keep files with a victim's file; one that is there already is kept once.

    Needs no opening: nobody is shown what is there. Raises PermissionDenied, ValidationError, UnscannedFile.
    """
    with sealed_files() as store, transaction.atomic(), pghistory.context(user=actor.pk):
        current = locked(victim)
        require(actor, current, "identity.write")
        with system_scope("new files are held against those there; nobody is shown them"):
            there = list(current.attachments.all())
        fresh = new_among(files, there)
        refuse_too_many_files(kept=len(there), added=len(fresh))
        return [store.keep(VictimAttachment(victim=current, added_by=actor), file) for file in fresh]


@transaction.atomic
def remove_attachment(*, actor: User, attachment: VictimAttachment) -> None:
    """Take one off while the identity is open to the actor. Raises PermissionDenied."""
    victim = locked(attachment.victim)
    require(actor, victim, "identity.write")
    if own_opening(actor, victim) is None:
        raise PermissionDenied("the identity is not open to the actor")
    with pghistory.context(user=actor.pk):
        let_go(attachment)
