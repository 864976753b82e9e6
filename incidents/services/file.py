"""Files of tips and cases: added and removed by who writes the record."""

from collections.abc import Sequence
from typing import Any

import pghistory
from django.db import transaction

from accounts.files.checking import CheckedFile, refuse_too_many_files
from accounts.files.sealed import let_go, new_among, sealed_files
from accounts.models import User
from incidents.models import Case, CaseFile, Tip, TipFile
from incidents.services.changing import locked


def add_case_files(*, case: Case, actor: User, files: Sequence[CheckedFile]) -> list[CaseFile]:
    """Keep files with a case; one that is there already is kept once.

    Raises PermissionDenied, ValidationError, UnscannedFile.
    """
    kept: list[CaseFile] = _add(
        case, "case.write", lambda held: CaseFile(case=held, added_by=actor), actor, files
    )
    return kept


def add_tip_files(*, tip: Tip, actor: User, files: Sequence[CheckedFile]) -> list[TipFile]:
    """Keep files with a tip. Raises as `add_case_files`."""
    kept: list[TipFile] = _add(tip, "tip.write", lambda held: TipFile(tip=held, added_by=actor), actor, files)
    return kept


def remove_case_file(*, file: CaseFile, actor: User) -> None:
    """Take a file off a case; that it was there stays in the history. Raises PermissionDenied."""
    _remove(file.case, "case.write", file, actor)


def remove_tip_file(*, file: TipFile, actor: User) -> None:
    """Take a file off a tip. Raises PermissionDenied."""
    _remove(file.tip, "tip.write", file, actor)


def _add(record: Any, verb: str, new_row: Any, actor: User, files: Sequence[CheckedFile]) -> Any:
    with sealed_files() as store, transaction.atomic(), pghistory.context(user=actor.pk):
        held = locked(record, actor=actor, verb=verb, version=None)
        there = list(held.files.all())
        fresh = new_among(files, there)
        refuse_too_many_files(kept=len(there), added=len(fresh))
        kept = [store.keep(new_row(held), file) for file in fresh]
        if kept:
            held.version += 1
            held.save()
    return kept


def _remove(record: Any, verb: str, file: CaseFile | TipFile, actor: User) -> None:
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = locked(record, actor=actor, verb=verb, version=None)
        let_go(file)
        held.version += 1
        held.save()
