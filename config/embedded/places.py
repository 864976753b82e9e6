"""Where everything of an embedded server lies, and whether one is wanted."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

DATABASE = os.environ.get("PCMBN_DATABASE_NAME") or "portal"
DATA_DIR = Path(__file__).resolve().parents[2] / "var" / "pgdata"
KEEP_VARIABLE = "PCMBN_KEEP_DATABASE"


@dataclass(frozen=True)
class Places:
    """Where everything that belongs to one data directory lies."""

    data: Path

    @property
    def run(self) -> Path:
        return self.data.parent / "run"

    @property
    def log(self) -> Path:
        return self.data.parent / "log" / "postgresql.log"

    @property
    def start_lock(self) -> Path:
        return self.run / f"{self.data.name}.start"

    @property
    def server_lock(self) -> Path:
        return self.run / f"{self.data.name}.server"

    @property
    def users_lock(self) -> Path:
        return self.run / f"{self.data.name}.users"

    @property
    def alive_lock(self) -> Path:
        return self.run / f"{self.data.name}.alive"

    @property
    def keep_mark(self) -> Path:
        """Says that somebody left the server running on purpose."""
        return self.run / f"{self.data.name}.keep"


def is_wanted() -> bool:
    """Say whether this project uses its embedded database: nobody named another one in DATABASE_URL."""
    if "DATABASE_URL" in os.environ:
        return False
    try:
        lines = (DATA_DIR.parent / "dev.env").read_text(encoding="utf-8").splitlines()
    except OSError:
        return True
    return not any(re.match(r"\s*(export\s+)?DATABASE_URL\s*=", line) for line in lines)
