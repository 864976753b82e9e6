"""Files of tips and cases: sealed, and read by whoever may read the record."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.sealed_file import HIDDEN, SealedFile
from incidents.models.case import Case
from incidents.models.tip import Tip


@pghistory.track(exclude=HIDDEN)
class CaseFile(SealedFile):
    """A file of a case. A sealed case takes its files with it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="files", verbose_name=_("case"))

    class Meta(SealedFile.Meta):
        verbose_name = _("file of a case")
        verbose_name_plural = _("files of cases")


@pghistory.track(exclude=HIDDEN)
class TipFile(SealedFile):
    """A file of a tip."""

    tip = models.ForeignKey(Tip, models.CASCADE, related_name="files", verbose_name=_("tip"))

    class Meta(SealedFile.Meta):
        verbose_name = _("file of a tip")
        verbose_name_plural = _("files of tips")
