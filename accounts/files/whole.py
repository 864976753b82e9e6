"""Storage in which a file is whole or not there, also after a full disk, a kill or a power cut."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class WholeFileStorage(FileSystemStorage):
    """Writes beside the place of a file and moves it there once all of it is on the disk.

    Where writing fails, what was written is removed and the failure is raised. A name ends in ``.part`` only while its
    file is written, or where the process was killed meanwhile.
    """

    def _save(self, name: str, content: Any) -> str:
        part = f"{name}.{secrets.token_hex(8)}.part"
        try:
            super()._save(part, content)  # type: ignore[misc]
            with self.open(part) as written:
                os.fsync(written.fileno())
            Path(self.path(part)).replace(self.path(name))
        except BaseException:
            self.delete(part)
            raise
        return name
