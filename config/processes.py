"""Which processes connect to the database as the owner of the tables. All others connect as the portal's role."""

import sys
from collections.abc import Sequence
from pathlib import Path

#: Name of the portal's role where the database is embedded; elsewhere ``DATABASE_URL`` names it.
PORTAL_ROLE = "portal_app"

#: Commands of manage.py that connect as the owner, besides all whose name begins with ``load_``.
OWNER_COMMANDS = frozenset(
    {
        *("erase_expired", "remove_classified", "breach_pack"),
        *("migrate", "createcachetable", "flush", "test", "dbshell", "grant_portal_role", "rebuild_facts"),
        *("backup", "restore", "loaddata", "dumpdata", "sqlflush", "pgtrigger", "remove_stale_contenttypes"),
    }
)

#: Programs that connect as the owner, as the tests do: they make and empty databases of their own.
OWNER_PROGRAMS = frozenset({"benchmarks"})


def is_owner_process(arguments: Sequence[str]) -> bool:
    """Whether a process with these arguments (``sys.argv``) connects as the owner of the tables."""
    program = Path(arguments[0]) if arguments else Path()
    if OWNER_PROGRAMS.intersection((program.name, program.parent.name, program.parent.parent.name)):
        return True
    if program.name not in ("manage.py", "django-admin") or len(arguments) < 2:
        return False
    return arguments[1] in OWNER_COMMANDS or arguments[1].startswith("load_")


def is_test_process() -> bool:
    """Whether this process runs tests. Those that pytest-xdist starts have no arguments that would tell."""
    return "pytest" in sys.modules
