"""Files of activities: which are taken, and how they are kept."""

from programs.attachments.checking import ACCEPTED, MAX_FILES, CheckedFile, check_file
from programs.attachments.storing import StoredFiles, stored_files

__all__ = ["ACCEPTED", "MAX_FILES", "CheckedFile", "StoredFiles", "check_file", "stored_files"]
