"""Lists that only the records of a ground and a period decide, kept under the same versions as tallies are.

One statement reads what is kept and holds, and makes the list where nothing is: it sees version, marks and records at
the same moment, so what it made may be kept under that version (`reporting.figures.keeping`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.together import Statement
from reporting.figures.grounds import Ground
from reporting.figures.keeping import Row, keep
from reporting.figures.known import in_order
from reporting.figures.sheets import ground_key
from reporting.models import WordMark
from territory.models import Level
from territory.period import Period

_LOOK = """
WITH seen AS MATERIALIZED (
    SELECT coalesce(
               (SELECT max(version) FROM reporting_figureversion
                WHERE %(places)s::bigint[] IS NULL OR place = ANY (%(places)s)), 0) AS version,
           NOT EXISTS (SELECT FROM reporting_factmark
                       WHERE %(places)s::bigint[] IS NULL OR province_id = ANY (%(places)s))
           AND NOT EXISTS (SELECT FROM reporting_wordmark
                           WHERE %(places)s::bigint[] IS NULL OR place = ANY (%(places)s)) AS is_still
), kept AS MATERIALIZED (
    SELECT k.tallies::json AS list FROM reporting_kepttally k JOIN seen ON seen.is_still AND k.version = seen.version
    WHERE k.area_id = %(area)s AND k.sheet = %(sheet)s AND k.period_code = %(code)s AND k.period_rule = %(rule)s
          AND k.ground = %(ground)s
)
SELECT version, is_still, EXISTS (SELECT FROM kept) AS is_kept,
       coalesce((SELECT list FROM kept), ("""
_MADE = "SELECT coalesce(json_agg(row_to_json(q)), '[]') FROM ({made}) q)) AS list FROM seen"


@dataclass(frozen=True)
class KeptList:
    """A list by the statement that makes it, by which it is known as well. Of single agencies nothing is kept."""

    ground: Ground
    period: Period
    made: Statement

    @property
    def statement(self) -> Statement:
        """What is kept of the list, else all of it; `lists` reads its rows."""
        look, values = in_order(_LOOK, self._values)
        return Statement(look + _MADE.format(made=self.made.text), [*values, *self.made.values])

    @property
    def _sheet(self) -> str:
        return hashlib.sha256(repr((self.made.text, list(self.made.values))).encode()).hexdigest()

    @property
    def _values(self) -> dict[str, Any]:
        provinces = {member.province or WordMark.EVERYWHERE for member in self.ground.members}
        is_nation = self.ground.area.level == Level.NATION
        return {
            "places": None if is_nation else sorted({WordMark.EVERYWHERE, *provinces}),
            "area": self.ground.area.pk,
            "sheet": self._sheet,
            "code": self.period.code,
            "rule": self.period.rule.value,
            "ground": ground_key(self.ground),
        }

    def row(self, version: int, written: Sequence[Any]) -> Row:
        period = self.period
        key = (self.ground.area.pk, self._sheet, period.code, period.rule.value, ground_key(self.ground))
        return Row(*key, version, json.dumps(written, default=str))


def lists(*read: tuple[KeptList, Iterable[Any]]) -> list[list[Any]]:
    """The rows of some lists, by the rows of their statements. One query keeps those that were not kept."""
    found: list[list[Any]] = []
    made: list[Row] = []
    for each, rows in read:
        ((version, is_still, is_kept, told),) = rows
        listed = told if is_kept else [list(row.values()) for row in told]
        if is_still and not is_kept:
            made.append(each.row(version, listed))
        found.append(listed)
    keep(made)
    return found
