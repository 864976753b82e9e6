"""The processes of a PostgreSQL server, found by its data directory."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def postmaster_pid(data: Path) -> int:
    return int((data / "postmaster.pid").read_text().splitlines()[0])


def repairing(data: Path) -> list[int]:
    """The server's process that reads its log again after a crash."""
    with suppress(OSError, ValueError, IndexError):
        parent = postmaster_pid(data)
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return [int(child) for child in children if b"startup" in Path(f"/proc/{child}/cmdline").read_bytes()]
    return []
