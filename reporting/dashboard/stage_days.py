"""How many days lie between a tip and its case, and between the stages of a case: numbers only, of every agency."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.row_scope import system_scope
from incidents.models import StageKind, TipState
from reporting.dashboard.asked import Asked
from reporting.figures import grounds_of

#: Each step: the indicator of the chart it leads to, the stage it starts from and the one it ends with.
_STEPS = (
    ("cases_prosecuted", StageKind.DETECTED, StageKind.PROSECUTED),
    ("cases_concluded", StageKind.PROSECUTED, StageKind.INVESTIGATION_CONCLUDED),
    ("cases_indicted", StageKind.INVESTIGATION_CONCLUDED, StageKind.INDICTED),
    ("cases_tried", StageKind.INDICTED, StageKind.TRIED),
)

_DAYS = """
WITH reached AS (
    SELECT c.id, s.kind, min(s.reached_on) AS day
    FROM incidents_case c JOIN incidents_stage s ON s.case_id = c.id
    WHERE {held} AND (%(agency)s::bigint IS NULL OR c.agency_id = %(agency)s)
    GROUP BY 1, 2
), step AS (
    SELECT w.code, b.day - a.day AS days
    FROM unnest(%(codes)s::text[], %(from)s::text[], %(to)s::text[]) AS w (code, begun, done)
    JOIN reached b ON b.kind = w.done AND b.day BETWEEN %(start)s AND %(end)s
    JOIN reached a ON a.id = b.id AND a.kind = w.begun AND a.day <= b.day
    UNION ALL
    SELECT 'cases_detected', c.decided_on - c.received_on
    FROM incidents_tip c
    WHERE {held} AND c.state = %(opened)s AND c.decided_on BETWEEN %(start)s AND %(end)s
          AND (%(agency)s::bigint IS NULL OR c.agency_id = %(agency)s)
)
SELECT code, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY days) FROM step GROUP BY 1
"""


@dataclass(frozen=True)
class StageDays:
    """How many took the step that ends with an indicator's stage, and the median of the days it took them."""

    count: int
    median: float


def stage_days(asked: Asked) -> dict[str, StageDays]:
    """By the indicator of the stage that a step ends with. One statement beside those of the scope.

    The tips and cases behind it are shown to nobody here: a number of days names no case.
    """
    ground = grounds_of([asked.area], asked.basis)[0]
    held: list[str] = []
    values: list[int] = []
    for member in ground.members:
        held.append(f"c.{member.column} = %(area_{len(values)})s" if member.column else "TRUE")
        values.append(member.area)
    asks: dict[str, Any] = {
        **{f"area_{number}": area for number, area in enumerate(values)},
        "agency": asked.agency.pk if asked.agency else None,
        "codes": [code for code, _, _ in _STEPS],
        "from": [str(begun) for _, begun, _ in _STEPS],
        "to": [str(done) for _, _, done in _STEPS],
        "start": asked.period.start,
        "end": asked.period.end,
        "opened": str(TipState.CASE_OPENED),
    }
    with system_scope("a number of days names no case"), connection.cursor() as cursor:
        cursor.execute(_DAYS.format(held=f"({' OR '.join(held)})"), asks)
        return {code: StageDays(count, median) for code, count, median in cursor.fetchall()}
