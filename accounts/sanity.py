"""Checks of `sanity_check`: the logs are what was sealed, and sealed files open."""

from collections.abc import Iterator

from django.apps import apps

from accounts.files.sealed import fault_of
from accounts.findings import Finding, Level
from accounts.kept_heads import heads_not_found
from accounts.models.sealed_file import SealedFile
from accounts.sealing import find_breaches, heads


def logs_are_sealed() -> Iterator[Finding]:
    for breach in find_breaches():
        where = breach.log if breach.row is None else f"{breach.log}:{breach.row}"
        yield Finding(Level.ERROR, breach.what, where)
    for log, head in heads().items():
        yield Finding(Level.INFO, f"last seal {head}", log)


def logs_reach_what_was_kept() -> Iterator[Finding]:
    """A log that was cut off at its end, or whose chain was made anew, lacks seals that are kept elsewhere."""
    for kept in heads_not_found():
        what = f"seal {kept.number}, kept outside the database on {kept.at}, is gone or another"
        yield Finding(Level.ERROR, what, kept.log)


def sealed_files_open() -> Iterator[Finding]:
    """Each file of a protected record is there, and is the one that was sealed."""
    for model in apps.get_models():
        if issubclass(model, SealedFile):
            for row in model._default_manager.iterator(chunk_size=100):
                if fault := fault_of(row):
                    yield Finding(Level.ERROR, fault, f"{model._meta.label_lower}:{row.pk}")


CHECKS = [logs_are_sealed, logs_reach_what_was_kept, sealed_files_open]
