"""Files of a victim's file: sealed, and open only as long as the identity is, since a paper tells who it is about."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.sealed_file import HIDDEN, SealedFile
from victims.models.victim import Victim


@pghistory.track(exclude=HIDDEN)
class VictimAttachment(SealedFile):
    """A paper of a victim: a decision, a finding of a doctor, a photograph."""

    victim = models.ForeignKey(Victim, models.CASCADE, related_name="attachments", verbose_name=_("victim"))

    class Meta(SealedFile.Meta):
        verbose_name = _("attachment of a victim")
        verbose_name_plural = _("attachments of victims")
