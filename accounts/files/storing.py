"""Files lie under names made by the server; those of a write that failed are taken away again."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.files.checking import CheckedFile
from accounts.files.scanning import Scanned, is_scanning


class UnscannedFile(RuntimeError):
    """A file was about to be stored that no scanner saw, though one is set up."""


class WrittenFiles:
    """The files put into storage by one write."""

    def __init__(self) -> None:
        self._names: list[str] = []

    def write(self, name: str, content: bytes) -> str:
        """Store bytes and return the name they lie under."""
        self._names.append(name)
        return default_storage.save(name, ContentFile(content))

    def take_away(self) -> None:
        for name in self._names:
            default_storage.delete(name)


W = TypeVar("W", bound=WrittenFiles)


@contextmanager
def written(files: W) -> Iterator[W]:
    """Files written within are removed when the block fails. Open it around the transaction."""
    try:
        yield files
    except BaseException:
        files.take_away()
        raise


def refuse_unscanned(files: Iterable[CheckedFile]) -> None:
    """Raises UnscannedFile when a scanner is set up and one of the files did not come past it."""
    if is_scanning() and any(file.scanned != Scanned.CLEAN for file in files):
        raise UnscannedFile


def forget_when_certain(names: Iterable[Any]) -> None:
    """Remove files from storage once the running transaction is committed; empty names are none."""
    for name in filter(None, map(str, names)):
        transaction.on_commit(lambda name=name: default_storage.delete(name))  # type: ignore[misc]
