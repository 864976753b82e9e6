"""The invented province of the demonstration: its shape, that it says so, and that it is the same at each loading."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import User
from incidents.models import Case
from programs.models import Activity, Difficulty, Direction, Document, Recommendation
from reporting.building import build_snapshot
from reporting.demo import current
from reporting.demo.synthetic.units import ANNUALS, HALVES, INVENTED, MARK, PROVINCE
from reporting.models import (
    Obligation,
    ObligationState,
    ReportedFigure,
    Submission,
    SubmissionState,
    SubmissionVersion,
)
from reporting.rollup import check_facts
from territory.models import Area, Level
from territory.period import parse_period
from territory.selectors import area_on
from tests.reporting.records import _Silent, ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_areas")]

#: What is told about the whole province, and so must add up however the demonstration is loaded.
FIGURES = ("cases_detected", "cases_prosecuted", "victims_received", "communication_attendances")


def load() -> None:
    call_command("load_demo", verbosity=0, stdout=_Silent())


def province() -> Area:
    return area_on(PROVINCE, dt.date(2020, 6, 14), Level.PROVINCE)


def of_province(model: Any) -> Any:
    rows = model.objects.unscoped("the test looks at all of the demonstration")
    return rows.filter(area__path__startswith=province().path)


def test_some_are_late_some_say_nothing_and_some_confirm_nil(demo: None) -> None:
    owed = of_province(Obligation).with_state(dt.date(2022, 3, 1))
    units = set(owed.values_list("agency__code", flat=True))
    assert len([unit for unit in units if unit.endswith("-district_police")]) == 10
    assert owed.count() == len(units) * (len(HALVES) + len(ANNUALS))

    stands = Counter(owed.values_list("stands", flat=True))
    sent = owed.filter(submission__first_submitted_at__isnull=False)
    share = {
        "missing": stands[ObligationState.MISSING] / owed.count(),
        "late": sent.filter(is_late=True).count() / owed.count(),
        "in time": sent.filter(is_late=False).count() / owed.count(),
        "nil": sent.filter(submission__is_nil=True).count() / sent.count(),
    }
    wanted = {"missing": 0.05, "late": 0.15, "in time": 0.74, "nil": 0.3}
    assert {name: share[name] for name in wanted if abs(share[name] - wanted[name]) > 0.06} == {}
    for state in (SubmissionState.RETURNED, SubmissionState.DRAFT, SubmissionState.SUBMITTED):
        assert set(owed.filter(stands=state).values_list("period_end", flat=True)) == {HALVES[-1].end}


def test_what_was_sent_is_kept_with_its_days_in_order(demo: None) -> None:
    said = Submission.objects.filter(obligation__area__path__startswith=province().path)
    for each in said.prefetch_related("versions"):
        versions = list(each.versions.all())
        assert [version.number for version in versions] == list(range(1, each.sent + 1))
        noted = (
            each.opened_at,
            each.nil_confirmed_at,
            each.first_submitted_at,
            each.submitted_at,
            each.accepted_at,
        )
        days = [day for day in noted if day is not None]
        assert days == sorted(days)
        if versions:
            assert (versions[0].submitted_at, versions[-1].submitted_at) == (
                each.first_submitted_at,
                each.submitted_at,
            )
    assert SubmissionVersion.objects.filter(submission__in=said).count() > said.count()


def test_no_nil_is_confirmed_against_a_figure_and_records_agree_with_reports(demo: None) -> None:
    of_all = ReportedFigure.objects.filter(submission__obligation__area__path__startswith=province().path)
    assert not of_all.filter(submission__is_nil=True).exists()
    period = parse_period("2019-H1")
    districts = Area.objects.valid_on(period.end).within(province()).level(Level.DISTRICT)
    told = [ask(code, district, period) for district in districts for code in FIGURES[:2]]
    assert [answer for answer in told if answer.also_reported is not None] == []
    assert sum(answer.source == "records" for answer in told) > 3
    assert check_facts() == []


def test_there_is_a_trend_to_show(demo: None) -> None:
    def told(code: str, year: int) -> float:
        figure = ask(code, province(), parse_period(str(year))).figure
        assert figure is not None and figure.low is not None
        return float(figure.low)

    assert told("cases_detected", 2016) > told("cases_detected", 2021)
    work = {year: told("communication_attendances", year) for year in (2016, 2019, 2021)}
    assert work[2019] > work[2016] > work[2021]


def test_it_says_everywhere_that_it_is_invented(demo: None) -> None:
    for model in (Obligation, Activity, Case, Document, Difficulty, Direction, Recommendation):
        rows = of_province(model)
        assert rows.exists()
        assert not rows.filter(is_demo=False).exists(), model
    assert not of_province(Activity).exclude(title__endswith=MARK).exists()
    assert not of_province(Document).exclude(subject__endswith=MARK).exists()
    assert not of_province(Difficulty).exclude(text__endswith=MARK).exists()
    assert not of_province(Case).exclude(summary=INVENTED).exists()
    snapshot = build_snapshot(kind="six_month", area=province(), period=parse_period("2020-H1"))
    assert snapshot["document"]["is_demo"] is True


def test_the_same_figures_are_loaded_over_again(demo: None) -> None:
    def told() -> list[Any]:
        answers = [ask(code, province(), period) for period in ANNUALS for code in FIGURES]
        return [(answer.cell, answer.records) for answer in answers]

    before = told()
    rows = {model: of_province(model).count() for model in (Obligation, Activity, Case, Document)}

    load()
    assert {model: of_province(model).count() for model in rows} == rows
    assert told() == before

    of_province(Activity).filter(title__startswith="Họp giao ban").delete()
    load()
    assert of_province(Activity).count() == rows[Activity]


def test_todays_coordinator_finds_late_and_coming_reports(demo: None) -> None:
    coordinator = User.objects.get(email="dieu-phoi.laocai-moi@demo.example")
    owed = Obligation.objects.visible_to(coordinator).with_state()
    today = dt.date.today()
    running = current.half_year_of(today)

    assert running.contains(today)
    stands = Counter(owed.values_list("stands", flat=True))
    assert min(stands[state] for state in ObligationState if state is not ObligationState.EXCUSED) > 0
    assert owed.filter(is_late=True, stands=ObligationState.MISSING).exists()
    assert owed.filter(due_on__range=(today, today + dt.timedelta(days=7))).exists()
    assert not owed.filter(is_demo=False).exists()
    head = User.objects.get(email="lanh-dao.xa-bat-xat@demo.example")
    assert Obligation.objects.visible_to(head).count() == 3
