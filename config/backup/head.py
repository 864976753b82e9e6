"""The head of a backup: what everybody may know of it, and the seal that says it is of this portal and whole."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from config.backup.failures import BackupError
from config.backup.sealing import Part

HEAD, DATABASE, FILES, HELD = "backup.json", "database.age", "files.age", "contents.age"
_SALT = "config.backup.head"


@dataclass(frozen=True)
class Head:
    """When a backup was made, of which server and schema, and its parts."""

    made_at: dt.datetime
    server: int
    migrations: dict[str, str]
    tables: int
    files: int
    parts: list[Part]

    def _told(self) -> dict[str, Any]:
        return {**asdict(self), "made_at": self.made_at.isoformat(), "format": 1}

    def sealed(self) -> dict[str, Any]:
        """As it is written: with a seal by the portal's secret key over everything else."""
        told = self._told()
        return {**told, "seal": _seal(told, settings.SECRET_KEY)}

    @classmethod
    def read(cls, backup: Path, *, of_any_origin: bool = False) -> Head:
        """The head of a backup whose seal is by the secret key of this portal, or an earlier one.

        ``of_any_origin`` asks for no seal. Raises BackupError.
        """
        try:
            told = json.loads((backup / HEAD).read_text(encoding="utf-8"))
            seal = told.pop("seal")
            if told.pop("format") != 1:
                raise BackupError(f"{backup} was made by a newer portal: its format is not known here.")
            parts = [Part(**part) for part in told.pop("parts")]
            head = cls(made_at=dt.datetime.fromisoformat(told.pop("made_at")), parts=parts, **told)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BackupError(f"{backup} is no backup: {HEAD} is missing or cannot be read.") from error
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        if not of_any_origin and not any(
            constant_time_compare(seal, _seal(head._told(), key)) for key in keys
        ):
            raise BackupError(
                f"The seal of {backup} is not by this portal's SECRET_KEY: it is of another portal, or was changed."
                " Restore the keys first (SECRET_KEY of that portal), or use --any-origin if you know where it is from."
            )
        return head

    def faults(self, backup: Path) -> Iterator[str]:
        """Which parts are not as they were made."""
        if {part.name for part in self.parts} != {DATABASE, FILES, HELD}:
            yield f"{HEAD} does not name the parts of a backup"
        for part in self.parts:
            path = backup / Path(part.name).name
            if not path.is_file():
                yield f"{part.name} is missing"
            elif Part.of(path) != part:
                yield f"{part.name} is not as it was made"


def _seal(told: dict[str, Any], key: str) -> str:
    written = json.dumps(told, sort_keys=True)
    return salted_hmac(_SALT, written, secret=key, algorithm="sha256").hexdigest()
