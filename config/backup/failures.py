"""What keeps a backup from being made or restored, with what to do about it."""


class BackupError(RuntimeError):
    """A sentence that says what is wrong, and what to do."""
