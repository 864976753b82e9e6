"""Records and reports of units, made in one line each, for the tests of what they add up to."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from hypothesis import strategies as st

from incidents.models import Case, CaseOffence, PersonInCase, PersonStanding, Stage, StageKind, Standing
from programs.models import Activity, ActivityKind, ActivityQuantity, Document, DocumentKind, Measure
from reporting.figures import Answer, answer
from reporting.models import (
    Form,
    FormKind,
    Indicator,
    Obligation,
    ReportedFigure,
    Submission,
    SubmissionState,
)
from reporting.rollup import recompute_marked
from territory.figure import VOCABULARY, Figure, parse_figure
from territory.models import Agency, Area
from territory.period import Period, parse_period
from tests.cast import person

H1 = parse_period("2020-H1")
MARCH = dt.date(2020, 3, 5)

_codes = count(1)


def load_catalogue() -> None:
    call_command("load_catalogue", verbosity=0, stdout=_Silent())


class _Silent:
    def write(self, text: str) -> None:
        pass

    def flush(self) -> None:
        pass


def figure(said: Figure | str | int) -> Figure:
    """A figure as typed: 12, "trên 6.770", "hàng trăm"."""
    if isinstance(said, Figure):
        return said
    return Figure.exact(said) if isinstance(said, int) else parse_figure(said)


def activity(
    of: Agency,
    area: Area,
    *,
    kind: ActivityKind = ActivityKind.TRAINING,
    on: dt.date = MARCH,
    since: dt.date | None = None,
    says: Mapping[Measure, Figure | str | int] | None = None,
    parts: Mapping[str, int] | None = None,
    **more: Any,
) -> Activity:
    """An approved activity. ``says`` are its quantities, ``parts`` the women, children ... of the last of them."""
    made: Activity = Activity.objects.create(
        state=more.pop("state", Activity.State.APPROVED),
        kind=kind,
        title="Tập huấn phòng, chống mua bán người",
        agency=of,
        area=area,
        started_on=since or on,
        ended_on=on,
        filed_by=person("who.files@example.vn"),
        **more,
    )
    for measure, said in (says or {}).items():
        is_last = measure == list(says or {})[-1]
        add_quantity(made, measure, said, **(parts or {} if is_last else {}))
    return made


def add_quantity(to: Activity, measure: Measure, said: Figure | str | int, **parts: int) -> ActivityQuantity:
    return ActivityQuantity.objects.create(
        activity=to, measure=measure, **ActivityQuantity.columns(figure(said)), **parts
    )


def case(of: Agency, area: Area, *, prosecuted_on: dt.date | None = None, article: str = "150") -> Case:
    """A case with one offence; prosecuted on a day when one is given."""
    made: Case = Case.objects.create(code=f"vu-{next(_codes)}", agency=of, area=area)
    CaseOffence.objects.create(case=made, article=article, name="Mua bán người")
    if prosecuted_on:
        add_stage(made, StageKind.PROSECUTED, prosecuted_on)
    return made


def add_stage(to: Case, kind: StageKind, on: dt.date, victims: int | None = None) -> Stage:
    return Stage.objects.create(case=to, kind=kind, reached_on=on, agency=to.agency, victims=victims)


def add_person(to: Case, standing: Standing, since: dt.date) -> PersonStanding:
    who = PersonInCase.objects.create(case=to, label=f"Đ{next(_codes)}")
    return PersonStanding.objects.create(person=who, standing=standing, since=since)


def document(
    issuer: Agency, area: Area, on: dt.date | None, kind: DocumentKind = DocumentKind.PLAN
) -> Document:
    return Document.objects.create(
        kind=kind, issuer=issuer, area=area, issued_on=on, subject="về phòng, chống mua bán người"
    )


def form_of(kind: FormKind) -> Form:
    """The form of a kind; tests that empty all tables take the first ones with them."""
    made: Form
    made, _ = Form.objects.get_or_create(
        code=kind.value,
        defaults={"kind": kind, "name": kind.label, "name_en": kind.label, "valid_from": dt.date(2000, 1, 1)},
    )
    return made


def obligation(
    of: Agency,
    area: Area,
    period: Period = H1,
    *,
    form: FormKind = FormKind.SIX_MONTH,
    due_on: dt.date | None = None,
) -> Obligation:
    made: Obligation = Obligation.objects.create(
        form=form_of(form),
        agency=of,
        area=area,
        period_code=period.code,
        period_start=period.start,
        period_end=period.end,
        period_rule=period.rule.value,
        due_on=due_on or period.end + dt.timedelta(days=5),
    )
    return made


def submission(
    to: Obligation,
    *,
    state: SubmissionState = SubmissionState.ACCEPTED,
    is_nil: bool = False,
    says: Mapping[str, Figure | str | int] | None = None,
) -> Submission:
    """What a unit said. ``says`` are figures by the code of their indicator, "code/part" for a part."""
    who, now = person("who.reports@example.vn"), timezone.now()
    made = Submission.objects.create(
        obligation=to,
        state=state,
        is_nil=is_nil,
        nil_confirmed_by=who if is_nil else None,
        nil_confirmed_at=now if is_nil else None,
        submitted_by=who,
        submitted_at=now,
    )
    for key, said in (says or {}).items():
        code, _, part = key.partition("/")
        ReportedFigure.objects.create(
            submission=made, indicator=indicator(code), part=part, **ReportedFigure.columns(figure(said))
        )
    return made


def indicator(code: str) -> Indicator:
    found: Indicator = Indicator.objects.valid_on(H1.end).get(code=code)
    return found


def ask(code: str, area: Area, period: Period = H1, **more: Any) -> Answer:
    """The answer for one indicator."""
    return answer([indicator(code)], area=area, period=period, **more)[code]


def roll_up() -> None:
    """What the worker does within seconds."""
    while recompute_marked().marks:
        pass


def _numbers() -> st.SearchStrategy[Any]:
    return st.integers(0, 10**9) | st.decimals(0, 10**9, places=3, allow_nan=False, allow_infinity=False)


def figures() -> st.SearchStrategy[Figure]:
    """A figure of any qualifier."""
    words = st.sampled_from(sorted(VOCABULARY)) | st.sampled_from(["đông đảo", "không đáng kể"])
    ranges = st.tuples(_numbers(), _numbers()).filter(lambda pair: pair[0] != pair[1])
    return st.one_of(
        _numbers().map(Figure.exact),
        st.builds(Figure.over, _numbers(), st.sampled_from([None, "hơn", "trên"])),
        _numbers().map(Figure.nearly),
        _numbers().map(Figure.about),
        ranges.map(lambda pair: Figure.between(min(pair), max(pair))),
        words.map(Figure.in_words),
    )


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait for something that another thread or process is doing. Fails when it does not happen in time."""
    end, pause = time.monotonic() + seconds, threading.Event()
    while not condition():
        assert time.monotonic() < end, "what was waited for did not happen"
        pause.wait(0.05)


def is_waiting_for_a_lock() -> bool:
    """Whether any connection to this database waits for one that another holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])
