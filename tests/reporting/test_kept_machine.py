"""Sequences of changes, and after each what is told from kept figures is what is counted, also while marks wait."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from reporting.figures.checking import check_kept
from reporting.models import Indicator, Obligation, ReportedFigure, Submission, SubmissionState
from territory.models import AgencyDuty, Duty
from territory.period import parse_period
from tests.cast import Cast, person
from tests.reporting.kept import differences, standing_differences
from tests.reporting.machine import some, which
from tests.reporting.machine_rows import SPOKEN
from tests.reporting.records import H1, roll_up
from tests.reporting.test_rollup_machine import Records, play

PERIODS = [H1, parse_period("2020"), parse_period("2020-03-01..2020-03-10")]


class Looks(Records):
    """The same people, whose reports are also returned, excused and put off, before readers who look in between."""

    @invariant()
    def facts_are_what_the_records_add_up_to(self) -> None:
        """Looked at after every third change; every second time after the worker, so that marks also wait."""
        self.steps += 1
        if self.steps % 3 == 0:
            if self.steps % 2 == 0:
                roll_up()
            codes = [*SPOKEN, "training_people", "accused_prosecuted", "victims_supported_share"]
            asked = list(Indicator.objects.valid_on(H1.end).filter(code__in=codes))
            areas = [self.areas[2], self.areas[3], self.areas[5]]
            assert differences(asked, areas, PERIODS) == []
            assert standing_differences([self.cast.map.lao_cai], self.cast.people.steering_member) == []

    def teardown(self) -> None:
        roll_up()
        assert check_kept() == []
        super().teardown()

    @rule(pick=which, state=st.sampled_from(list(SubmissionState)), is_nil=st.booleans())
    def send_or_return(self, pick: int, state: SubmissionState, is_nil: bool) -> None:
        if sent := some(Submission.objects, pick):
            sent.state, sent.is_nil = state, is_nil
            sent.nil_confirmed_by = person("who.reports@example.vn") if is_nil else None
            sent.nil_confirmed_at = timezone.now() if is_nil else None
            sent.save()

    @rule(pick=which)
    def take_a_submission_back(self, pick: int) -> None:
        if sent := some(Submission.objects, pick):
            sent.delete()

    @rule(pick=which)
    def take_a_figure_back(self, pick: int) -> None:
        if said := some(ReportedFigure.objects, pick):
            said.delete()

    @rule(pick=which, days=st.integers(-400, 4000), is_excused=st.booleans())
    def put_off_or_excuse(self, pick: int, days: int, is_excused: bool) -> None:
        if owed := some(Obligation.objects, pick):
            owed.due_on = owed.period_end + dt.timedelta(days=days)
            owed.excused_at = timezone.now() if is_excused else None
            owed.excused_by = person("who.reports@example.vn") if is_excused else None
            owed.excuse_reason = "Sáp nhập" if is_excused else ""
            owed.save()

    @rule(pick=which, of=which)
    def give_or_take_the_duty_of_the_standing_agency(self, pick: int, of: int) -> None:
        if pick % 4:
            held = AgencyDuty.objects.filter(agency=self.agency(of), duty=Duty.STANDING)
            if not held.delete()[0]:
                held.create(agency=self.agency(of), duty=Duty.STANDING, valid_from=dt.date(2015, 1, 1))


@pytest.mark.django_db
def test_what_is_kept_follows_any_sequence_of_changes(cast: Cast) -> None:
    play(Looks, cast)
