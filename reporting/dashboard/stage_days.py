"""How many days lie between a tip and its case, and between the stages of a case: numbers only, of every agency."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.together import Statement
from reporting.figures import Ground
from reporting.figures.known import in_order
from territory.period import Period

_DAYS = """
SELECT c.code, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY c.days)
FROM reporting_stage_step c
WHERE ({held}) AND c.province_id IS NOT NULL AND c.day BETWEEN %(start)s AND %(end)s
      AND (%(agencies)s::bigint[] IS NULL OR c.agency_id = ANY (%(agencies)s))
GROUP BY 1
"""


@dataclass(frozen=True)
class StageDays:
    """How many took the step that ends with an indicator's stage, and the median of the days it took them."""

    count: int
    median: float


def days_asked(ground: Ground, period: Period, agencies: list[int] | None) -> Statement:
    """The steps that were taken in a period, by the view that tells no case; `stage_days` tells what they say.

    As in all figures, what lies in no province counts nowhere.
    """
    held, values = ground.held("c")
    asked: dict[str, Any] = {"agencies": agencies, "start": period.start, "end": period.end}
    return Statement(*in_order(_DAYS.format(held=held), asked | values))


def stage_days(rows: Iterable[Any]) -> dict[str, StageDays]:
    """By the indicator of the stage that a step ends with."""
    return {code: StageDays(count, float(median)) for code, count, median in rows}
