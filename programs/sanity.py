"""Checks of `sanity_check`: every attachment's file is there, as it was stored."""

import hashlib
from collections.abc import Iterator

from accounts.findings import Finding, Level
from programs.models import Attachment


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


CHECKS = [attachments_are_whole]
