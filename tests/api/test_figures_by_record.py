"""Every figure that is counted from records, cell by cell, against a GROUP BY over the tables of the records.

The counts here are written anew: they use neither the view that measures records nor the facts that are summed of it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client

from accounts.models import User
from reporting.models import Indicator, Obligation
from reporting.rollup import recompute_marked
from territory.period import Period, parse_period
from tests.api.sending import API
from tests.conftest import SignedIn

pytestmark = [pytest.mark.django_db]

#: States that follow from several rows of one record: tests/reporting/test_standing.py.
STATES = {"cases_under_investigation", "accused_under_investigation", "victims_in_identification"}

#: Activities that count in a period; one that sums up a span counts where the whole span lies inside.
FILED = """
SELECT * FROM programs_activity
WHERE state = 'approved' AND (NOT is_cumulative OR started_on >= %s)
"""

#: Area, day, measure, part and value of everything that is counted.
TOLD = """
SELECT area_id, ended_on AS day, 'activity.' || kind || '.count' AS measure, '' AS part, 1::numeric AS value
FROM filed
UNION ALL
SELECT area_id, ended_on, 'activity.' || kind || '.count', 'integrated', 1
FROM filed WHERE is_integrated
UNION ALL
SELECT a.area_id, a.ended_on, 'activity.' || a.kind || '.' || q.measure, '',
       CASE WHEN q.qualifier = 'nearly' THEN q.high WHEN q.high IS NULL THEN coalesce(q.low, 0)
            ELSE (coalesce(q.low, 0) + q.high) / 2 END
FROM programs_activityquantity q JOIN filed a ON a.id = q.activity_id
UNION ALL
SELECT a.area_id, a.ended_on, 'activity.' || a.kind || '.cost', '', c.amount
FROM programs_activitycost c JOIN filed a ON a.id = c.activity_id
UNION ALL
SELECT area_id, issued_on, 'document.' || kind || '.count', '', 1 FROM programs_document
UNION ALL
SELECT area_id, since, 'model.begun.count', part, 1
FROM programs_preventionmodel, unnest(ARRAY['', 'model:' || kind]) AS part
UNION ALL
SELECT area_id, day, 'model.running.' || way, part, 1
FROM programs_preventionmodel, unnest(ARRAY['', 'model:' || kind]) AS part,
     unnest(ARRAY['in', 'out'], ARRAY[since, ended_on]) AS flow (way, day)
UNION ALL
SELECT c.area_id, s.reached_on, 'case.' || s.kind || '.' || what, '', number
FROM incidents_stage s JOIN incidents_case c ON c.id = s.case_id,
     unnest(ARRAY['count', 'persons', 'victims'], ARRAY[1, s.persons, s.victims]) AS counted (what, number)
UNION ALL
SELECT c.area_id, st.since, 'person.' || st.standing || '.count', '', 1
FROM incidents_personstanding st JOIN incidents_personincase p ON p.id = st.person_id
     JOIN incidents_case c ON c.id = p.case_id
UNION ALL
SELECT c.area_id, s.reached_on, 'verdict.' || v.sentence || '.count', '', 1
FROM incidents_verdict v JOIN incidents_stage s ON s.id = v.stage_id JOIN incidents_case c ON c.id = s.case_id
UNION ALL
SELECT c.area_id, w.until, 'wanted.caught.count', '', 1
FROM incidents_wantedperson w JOIN incidents_personincase p ON p.id = w.person_id
     JOIN incidents_case c ON c.id = p.case_id WHERE w.ended_by IN ('arrested', 'surrendered')
UNION ALL
SELECT c.area_id, day, 'wanted.running.' || way, '', 1
FROM incidents_wantedperson w JOIN incidents_personincase p ON p.id = w.person_id
     JOIN incidents_case c ON c.id = p.case_id,
     unnest(ARRAY['in', 'out'], ARRAY[w.since, w.until]) AS flow (way, day)
UNION ALL
SELECT area_id, received_on, 'tip.received.count', '', 1 FROM incidents_tip
UNION ALL
SELECT area_id, decided_on, 'tip.resolved.count', '', 1 FROM incidents_tip
WHERE state IN ('case_opened', 'not_prosecuted', 'suspended')
UNION ALL
SELECT area_id, arrived_on, 'victim.received.count', part, 1
FROM victims_victim, unnest(ARRAY['', 'arrival:' || arrival]) AS part WHERE circle = 'victim'
UNION ALL
SELECT area_id, arrived_on, 'victim.children_with_them.count', '', children_with_them
FROM victims_victim WHERE circle = 'victim'
UNION ALL
SELECT v.area_id, min(s.decided_on), 'victim.' || s.status || '.count', '', 1
FROM victims_victimstatus s JOIN victims_victim v ON v.id = s.victim_id GROUP BY v.id, s.status
UNION ALL
SELECT v.area_id, min(s.starts_on), 'victim.supported.count', '', 1
FROM victims_supportservice s JOIN victims_victim v ON v.id = s.victim_id GROUP BY v.id
UNION ALL
SELECT v.area_id, s.starts_on, measure, '', CASE WHEN measure = 'service.given.cost' THEN s.amount ELSE 1 END
FROM victims_supportservice s JOIN victims_victim v ON v.id = s.victim_id,
     unnest(ARRAY['service.' || s.kind || '.count', 'service.given.count', 'service.given.cost']) AS measure
UNION ALL
SELECT v.area_id, day, measure, '', 1
FROM victims_facilitystay s JOIN victims_victim v ON v.id = s.victim_id,
     unnest(ARRAY['stay.begun.count', 'stay.running.in', 'stay.running.out'],
            ARRAY[s.valid_from, s.valid_from, s.valid_to + 1]) AS flow (measure, day)
UNION ALL
SELECT v.area_id, day, measure, '', 1
FROM victims_transfer t JOIN victims_victim v ON v.id = t.victim_id,
     unnest(ARRAY['transfer.asked.count', CASE WHEN t.state = 'accepted' THEN 'transfer.accepted.count' END],
            ARRAY[t.asked_at::date, t.answered_at::date]) AS flow (measure, day)
UNION ALL
SELECT v.area_id, s.closed_on, 'support.closed.count', 'outcome:' || s.outcome, 1
FROM victims_supportcase s JOIN victims_victim v ON v.id = s.victim_id WHERE s.state = 'closed'
"""

Counted = dict[tuple[str, str, str, str], Decimal]


def counted(first: dt.date, last: dt.date) -> Counted:
    """Values by level and code of the area, measure and part, of all areas."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH filed AS ({FILED}) SELECT whole.level, whole.code, measure, part, sum(value) FROM ({TOLD}) AS told"
            " JOIN territory_area own ON own.id = told.area_id"
            " JOIN territory_area whole ON starts_with(own.path, whole.path)"
            " WHERE day BETWEEN %s AND %s AND value IS NOT NULL AND measure IS NOT NULL GROUP BY 1, 2, 3, 4",
            [first, first, last],
        )
        return defaultdict(Decimal, {tuple(row[:4]): row[4] for row in cursor.fetchall()})


def from_records(period: Period) -> list[Indicator]:
    """The indicators of the period that are counted from records, but for shares and states."""
    every = Indicator.objects.valid_on(period.end).exclude(code__in=STATES)
    return [each for each in every if each.rule.keys() & {"sum", "stock"}]


def expected(indicator: Indicator, at: tuple[str, str], within: Counted, until: Counted) -> Decimal:
    """What a GROUP BY says of an indicator in an area."""
    part = indicator.rule.get("part", "")
    if "stock" in indicator.rule:
        flows = indicator.rule["stock"]
        came, went = (sum(until[*at, each, part] for each in flows[way]) for way in ("in", "out"))
        return Decimal(came - went)
    total = sum((within[*at, each, part] for each in indicator.rule["sum"]), Decimal(0))
    return total / indicator.rule.get("per", 1)


def answered(client: Client, codes: list[str], **asked: str) -> list[dict[str, Any]]:
    rows = []
    for start in range(0, len(codes), 25):
        query = {"indicator": ",".join(codes[start : start + 25]), **asked}
        answer = client.get(f"{API}/statistics/", query)
        assert answer.status_code == 200, answer.content
        rows += answer.json()["data"]
    return rows


#: Who looks at which province, the periods, and how many cells at least are not zero.
LOOKS = (
    ("dieu-phoi.dienbien@demo.example", "11", ("2018", "2019-H1"), 250),
    ("dieu-phoi.backan@demo.example", "06", ("2014", "2019"), 10),
    ("dieu-phoi.kontum@demo.example", "62", ("2019-H2", "2020-H1"), 5),
)


def test_each_cell_is_a_count_over_the_records_for_a_province_and_its_districts(
    demo: None, signed_in: SignedIn
) -> None:
    # Without reports every figure that records can tell is told by them.
    Obligation.objects.unscoped("the test's").all().delete()
    while recompute_marked().marks:
        pass
    for who, province, periods, least in LOOKS:
        caches["counts"].clear()
        client = signed_in(User.objects.get(email=who))
        found = [cell for code in periods for cell in cells(client, province, parse_period(code))]

        assert [cell for cell in found if cell.is_wrong] == []
        assert sum(bool(cell.counted) for cell in found) >= least


@dataclass(frozen=True)
class Cell:
    """A figure of the API beside the count over the records."""

    indicator: str
    level: str
    area: str
    period: str
    told: Decimal
    counted: Decimal

    @property
    def is_wrong(self) -> bool:
        return abs(self.told - self.counted) > Decimal("0.001")


def told_of(row: dict[str, Any]) -> Decimal:
    """The number of a figure: its value, or the middle of the bounds of one that was reported in words ("hundreds")."""
    if row["value"] is None and row["low"] is not None:
        return (Decimal(str(row["low"])) + Decimal(str(row["high"]))) / 2
    return Decimal(str(row["value"] or 0))


def cells(client: Client, province: str, period: Period) -> list[Cell]:
    """Every indicator that is counted from records, in a province and in each of its districts."""
    within, until = counted(period.start, period.end), counted(dt.date(1900, 1, 1), period.end)
    indicators = {each.code: each for each in from_records(period)}
    rows = answered(client, list(indicators), area=province, period=period.code)
    rows += answered(client, list(indicators), area=province, level="district", period=period.code)
    assert {row["area"]["level"] for row in rows} == {"province", "district"}
    return [
        Cell(
            row["indicator"],
            row["area"]["level"],
            row["area"]["code"],
            row["period"],
            told_of(row),
            expected(
                indicators[row["indicator"]], (row["area"]["level"], row["area"]["code"]), within, until
            ),
        )
        for row in rows
    ]
