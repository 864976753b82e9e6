"""Files of activities, documents and progress notes: which are taken, and how they are kept."""

from accounts.files.checking import (
    ACCEPTED,
    MAX_FILES,
    CheckedFile,
    check_file,
    refuse_too_many_files,
)
from accounts.files.storing import refuse_unscanned
from programs.attachments.storing import (
    StoredFiles,
    not_held_yet,
    stored_files,
    take_off,
)

__all__ = [
    "ACCEPTED",
    "MAX_FILES",
    "CheckedFile",
    "StoredFiles",
    "check_file",
    "not_held_yet",
    "refuse_too_many_files",
    "refuse_unscanned",
    "stored_files",
    "take_off",
]
