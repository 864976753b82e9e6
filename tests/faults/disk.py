"""Small disks of the tests' own, which can be filled up and given their room back. Mounting one takes root."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_FILLER = "filler"


class SmallDisk:
    """A file system in memory that holds so many megabytes. ``is_mounted`` is false where none may be mounted."""

    def __init__(self, place: Path, megabytes: int) -> None:
        self.place = place
        place.mkdir(parents=True)
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(place)]
        try:
            self.is_mounted = subprocess.run(command, capture_output=True).returncode == 0
        except OSError:
            self.is_mounted = False

    def fill(self) -> None:
        """Take every block there is."""
        assert self.is_mounted
        with (self.place / _FILLER).open("ab", buffering=0) as filler:
            for size in (1024 * 1024, 4096):
                try:
                    while True:
                        filler.write(b"0" * size)
                except OSError:
                    continue

    def empty(self) -> None:
        (self.place / _FILLER).unlink(missing_ok=True)

    def remove(self) -> None:
        if self.is_mounted:
            subprocess.run(["umount", "--lazy", str(self.place)], check=True)
            self.is_mounted = os.path.ismount(self.place)
