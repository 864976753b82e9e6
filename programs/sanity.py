"""Checks of `sanity_check`: attachments are there as they were stored, and figures hold their parts."""

import hashlib
from collections.abc import Iterator

from django.db.models import F, Q

from accounts.findings import Finding, Level
from programs.models import ActivityQuantity, Attachment
from territory.figure import Qualifier


def attachments_are_whole() -> Iterator[Finding]:
    for attachment in Attachment.objects.iterator(chunk_size=500):
        where = f"programs.attachment:{attachment.pk}"
        try:
            with attachment.file.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            yield Finding(Level.ERROR, "the file is missing or cannot be read", where)
            continue
        if digest != attachment.sha256:
            yield Finding(Level.ERROR, "the file is not the one that was stored", where)


def parts_are_within_their_whole() -> Iterator[Finding]:
    """Rows from before the database held new ones to it."""
    above = Q(women__gt=F("low")) | Q(children__gt=F("low")) | Q(ethnic_minority__gt=F("low"))
    broken = ActivityQuantity.objects.filter(above, qualifier=Qualifier.EXACT.value)
    for activity in broken.order_by("activity").values_list("activity", flat=True).distinct():
        yield Finding(
            Level.ERROR, "a part of a figure is larger than the whole", f"programs.activity:{activity}"
        )


CHECKS = [attachments_are_whole, parts_are_within_their_whole]
