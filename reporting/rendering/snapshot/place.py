"""Walking through plain JSON, so that a complaint names the place."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import NoReturn


class SnapshotError(ValueError):
    """The snapshot cannot be printed; `path` is the place, such as ``sections[0].blocks[2].rows[1]``."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path or 'snapshot'}: {reason}")
        self.path = path
        self.reason = reason


class Place:
    """A value in the snapshot together with its path, so that a complaint can name the place."""

    def __init__(self, value: object, path: str = "") -> None:
        self.value = value
        self.path = path

    def fail(self, reason: str) -> NoReturn:
        raise SnapshotError(self.path, reason)

    def __getitem__(self, key: str) -> Place:
        path = f"{self.path}.{key}" if self.path else key
        if not isinstance(self.value, Mapping):
            self.fail(f"must be an object, not {type(self.value).__name__}")
        if key not in self.value:
            raise SnapshotError(path, "is missing")
        return Place(self.value[key], path)

    def get(self, key: str) -> Place | None:
        """The field, or None when the object does not have it."""
        return self[key] if isinstance(self.value, Mapping) and key in self.value else None

    def items(self) -> list[Place]:
        if not isinstance(self.value, list):
            self.fail(f"must be a list, not {type(self.value).__name__}")
        return [Place(item, f"{self.path}[{index}]") for index, item in enumerate(self.value)]

    def entries(self) -> list[Place]:
        """The values of an object whose keys are names of the sender's choosing."""
        if not isinstance(self.value, dict):
            self.fail(f"must be an object, not {type(self.value).__name__}")
        return [Place(item, f"{self.path}.{key}") for key, item in self.value.items()]

    def text(self) -> str:
        if not isinstance(self.value, str):
            self.fail(f"must be text, not {type(self.value).__name__}")
        return self.value

    def filled(self) -> str:
        if not self.text().strip():
            self.fail("must not be empty")
        return self.text()

    def text_or_none(self) -> str | None:
        return None if self.value is None else self.text()

    def decimal_or_none(self) -> None:
        """A finite decimal as text, or None."""
        if self.value is None:
            return
        try:
            if Decimal(self.text()).is_finite():
                return
        except InvalidOperation:
            pass
        self.fail("must be a finite decimal number as text, or null")

    def count(self, least: int = 0) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.fail(f"must be a whole number, not {type(self.value).__name__}")
        if self.value < least:
            self.fail(f"must be at least {least}")
        return self.value

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            self.fail(f"must be true or false, not {type(self.value).__name__}")
        return self.value

    def choice(self, *allowed: object) -> None:
        if self.value not in allowed:
            self.fail(f"must be one of {', '.join(map(str, allowed))}")

    def day(self) -> datetime.date:
        try:
            return datetime.date.fromisoformat(self.text())
        except ValueError:
            self.fail("must be a date such as 2020-06-15")

    def texts(self) -> None:
        for item in self.items():
            item.text()
