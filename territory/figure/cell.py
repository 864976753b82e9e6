"""What stands behind a place in a table: a figure, or why there is none.

A zero is shown only where somebody reported or confirmed it. A unit that kept silent is missing, never nil.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from territory.figure.value import Figure, FigureError


class Status(StrEnum):
    """What is known about a cell."""

    REPORTED = "reported"
    CONFIRMED_NIL = "confirmed_nil"
    MISSING = "missing"
    NOT_DUE = "not_due"
    SUPPRESSED = "suppressed"
    NOT_COMPARABLE = "not_comparable"


_STATUS_VI = {
    Status.REPORTED: "đã báo cáo",
    Status.MISSING: "chưa báo cáo",
    Status.NOT_DUE: "chưa đến hạn",
    Status.SUPPRESSED: "không công bố",
    Status.NOT_COMPARABLE: "không so sánh được",
}


@dataclass(frozen=True)
class Coverage:
    """How many units should have reported, how many did, and how many of those confirmed nil.

    Raises FigureError: negative; malformed unless nil <= reported <= expected.
    """

    expected: int
    reported: int
    nil: int

    def __post_init__(self) -> None:
        if min(self.expected, self.reported, self.nil) < 0:
            raise FigureError("negative", "Units cannot be fewer than none.")
        if not self.nil <= self.reported <= self.expected:
            raise FigureError(
                "malformed", "Nil reports are among those reported, and those among those expected."
            )

    def __add__(self, other: Coverage) -> Coverage:
        if not isinstance(other, Coverage):
            return NotImplemented
        return Coverage(self.expected + other.expected, self.reported + other.reported, self.nil + other.nil)

    @property
    def silent(self) -> int:
        """How many units were expected to report and did not."""
        return self.expected - self.reported

    @property
    def is_complete(self) -> bool:
        """Whether every expected unit reported."""
        return self.silent == 0


@dataclass(frozen=True)
class Cell:
    """A place in a table.

    Raises FigureError: figure_not_allowed for any figure where the status is missing, not due or suppressed,
    and for a zero that is not comparable; figure_missing for a reported cell without one; not_zero for a
    confirmed nil whose figure is not an exact 0 (it may also be left out).
    """

    status: Status
    figure: Figure | None
    coverage: Coverage | None = None

    def __post_init__(self) -> None:
        if self.status in (Status.MISSING, Status.NOT_DUE, Status.SUPPRESSED) and self.figure is not None:
            raise FigureError("figure_not_allowed", f"A cell with the status {self.status} shows no figure.")
        if self.status is Status.NOT_COMPARABLE and self.figure is not None and self.figure.is_zero:
            raise FigureError(
                "figure_not_allowed", "A zero is shown only where it was reported or confirmed."
            )
        if self.status is Status.REPORTED and self.figure is None:
            raise FigureError("figure_missing", "A reported cell needs its figure.")
        if self.status is Status.CONFIRMED_NIL and self.figure is not None and not self.figure.is_zero:
            raise FigureError("not_zero", "A confirmed nil is an exact zero.")


def print_status_vi(status: Status, nil: str = "chưa phát hiện") -> str:
    """A status in Vietnamese. `nil` is how this indicator says nothing happened ("không phát sinh")."""
    return nil if status is Status.CONFIRMED_NIL else _STATUS_VI[status]
