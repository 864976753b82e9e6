"""Thousands of sequences of changes, and after each the facts are what the records add up to.

The suite plays thirty sequences of twenty-five changes; `PCMBN_SEQUENCES=3000` plays as many as it says.
Nothing here goes through a service: whatever changes a row, by form, in bulk or in SQL, must leave its mark.
"""

from __future__ import annotations

import datetime as dt
import os
import uuid
from typing import ClassVar

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from accounts.together import read_together
from incidents.models import (
    Case,
    CaseOffence,
    CasePlace,
    PersonInCase,
    PersonStanding,
    Stage,
    StageKind,
    Standing,
    Verdict,
    WantedPerson,
)
from programs.models import (
    Activity,
    ActivityCost,
    ActivityKind,
    ActivityQuantity,
    Document,
    DocumentKind,
    Funding,
    Measure,
    ModelKind,
    PreventionModel,
)
from reporting.figures import MapBasis, answer
from reporting.figures.asked import Asked, Cell
from reporting.figures.grounds import grounds_of
from reporting.figures.known import known_first, known_of
from reporting.figures.words import hear
from reporting.models import FactMark, Indicator, Obligation, ReportedFigure, Submission
from reporting.rollup import check_facts, recompute_marked
from territory.figure import Figure
from territory.models import Area
from territory.period import Period, parse_period
from tests.cast import Cast, person
from tests.reporting.machine import WHY, Changes, days, some, which
from tests.reporting.machine_rows import PERIODS, SPOKEN, is_of, rows_in, total_of, within
from tests.reporting.records import (
    H1,
    activity,
    add_person,
    add_quantity,
    add_stage,
    case,
    document,
    figures,
    indicator,
    load_catalogue,
    obligation,
    roll_up,
    submission,
)

kinds = st.sampled_from([ActivityKind.TRAINING, ActivityKind.MEDIA, ActivityKind.SEMINAR])
measures = st.sampled_from([Measure.PEOPLE, Measure.CLASSES, Measure.NEWS_ITEMS])
stages = st.sampled_from(list(StageKind))
standings = st.sampled_from(list(Standing))
persons = st.none() | st.integers(0, 50)


class Records(Changes):
    """Officers, investigators and database administrators at work, in a transaction that is undone in the end."""

    cast: ClassVar[Cast]

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.steps = 0

    @initialize()
    def begin(self) -> None:
        """Something to change from the first step on: two cases with their persons, two activities, two documents."""
        for of in (0, 2):
            opened = case(self.agency(of), self.area(2 * of), prosecuted_on=dt.date(2019, 12, 1))
            add_person(opened, Standing.ACCUSED, dt.date(2020, 1, 20))
            add_person(opened, Standing.SUSPECT, dt.date(2020, 2, 20))
            held = activity(self.agency(of), self.area(2 * of))
            add_quantity(held, Measure.PEOPLE, 40, women=10)
            document(self.agency(of), self.area(2 * of), dt.date(2020, 3, 5))
        roll_up()

    @invariant()
    def facts_are_what_the_records_add_up_to(self) -> None:
        """Checked after every other change, so that marks also pile up."""
        self.steps += 1
        if self.steps % 2 == 0:
            assert check_facts() == []

    def teardown(self) -> None:
        try:
            if not connection.needs_rollback:
                assert check_facts() == []
        finally:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    # --- activities

    @rule(
        kind=kinds,
        of=which,
        place=which,
        on=days,
        lasts=st.integers(0, 60),
        is_cumulative=st.booleans(),
        draft=st.booleans(),
    )
    def file_activity(
        self,
        kind: ActivityKind,
        of: int,
        place: int,
        on: dt.date,
        lasts: int,
        is_cumulative: bool,
        draft: bool,
    ) -> None:
        activity(
            self.agency(of),
            self.area(place),
            kind=kind,
            on=on,
            since=on - dt.timedelta(days=lasts),
            is_cumulative=is_cumulative,
            is_integrated=lasts % 2 == 0,
            state=Activity.State.DRAFT if draft else Activity.State.APPROVED,
        )

    @rule(pick=which, measure=measures, said=figures(), women=persons, children=persons)
    def say_how_much(
        self, pick: int, measure: Measure, said: Figure, women: int | None, children: int | None
    ) -> None:
        if made := some(Activity.objects, pick):
            ActivityQuantity.objects.update_or_create(
                activity=made,
                measure=measure,
                defaults={
                    **ActivityQuantity.columns(said),
                    "women": within(said, women),
                    "children": within(said, children),
                },
            )

    @rule(pick=which)
    def forget_a_quantity(self, pick: int) -> None:
        if quantity := some(ActivityQuantity.objects, pick):
            quantity.delete()

    @rule(pick=which, other=which)
    def put_a_quantity_to_another_activity(self, pick: int, other: int) -> None:
        quantity, to = some(ActivityQuantity.objects, pick), some(Activity.objects, other)
        if quantity and not ActivityQuantity.objects.filter(activity=to, measure=quantity.measure).exists():
            quantity.activity = to
            quantity.save()

    @rule(pick=which, place=which, of=which, on=days)
    def move_activity(self, pick: int, place: int, of: int, on: dt.date) -> None:
        if made := some(Activity.objects, pick):
            made.area, made.agency, made.ended_on = self.area(place), self.agency(of), on
            made.started_on = min(made.started_on, on)
            made.save()

    @rule(pick=which)
    def turn_over(self, pick: int) -> None:
        """Draft becomes approved and back, cumulative becomes plain and back."""
        if made := some(Activity.objects, pick):
            made.state = (
                Activity.State.APPROVED if made.state == Activity.State.DRAFT else Activity.State.DRAFT
            )
            made.is_cumulative = not made.is_cumulative
            made.save()

    @rule(pick=which)
    def delete_activity(self, pick: int) -> None:
        if made := some(Activity.objects, pick):
            made.delete()

    @rule(kind=kinds, place=which, shift=st.integers(-40, 40))
    def change_activities_in_bulk(self, kind: ActivityKind, place: int, shift: int) -> None:
        by = dt.timedelta(days=shift)
        Activity.objects.unscoped(WHY).filter(kind=kind).update(
            area=self.area(place), started_on=F("started_on") + by, ended_on=F("ended_on") + by
        )

    @rule(factor=st.integers(0, 3))
    def change_quantities_in_sql(self, factor: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE programs_activityquantity SET low = low * %s, high = high * %s, qualifier = 'exact',"
                " words = '', word = '', women = women * %s, children = children * %s"
                " WHERE qualifier = 'exact'",
                [factor, factor, min(factor, 1), min(factor, 1)],
            )

    # --- cases

    @rule(of=which, place=which, on=st.none() | days)
    def open_case(self, of: int, place: int, on: dt.date | None) -> None:
        case(self.agency(of), self.area(place), prosecuted_on=on)

    @rule(pick=which, kind=stages, on=days, victims=persons)
    def reach_stage(self, pick: int, kind: StageKind, on: dt.date, victims: int | None) -> None:
        if (found := some(Case.objects, pick)) and not found.stages.filter(kind=kind).exists():
            add_stage(found, kind, on, victims)

    @rule(pick=which, on=days, other=which)
    def correct_stage(self, pick: int, on: dt.date, other: int) -> None:
        if stage := some(Stage.objects, pick):
            to = some(Case.objects, other)
            stage.reached_on = on
            stage.case = stage.case if to.stages.filter(kind=stage.kind).exists() else to
            stage.save()

    @rule(pick=which)
    def strike_stage(self, pick: int) -> None:
        if stage := some(Stage.objects, pick):
            stage.delete()

    @rule(pick=which, standing=standings, since=days)
    def name_person(self, pick: int, standing: Standing, since: dt.date) -> None:
        if found := some(Case.objects, pick):
            add_person(found, standing, since)

    @rule(pick=which, standing=standings, since=days)
    def change_standing(self, pick: int, standing: Standing, since: dt.date) -> None:
        if who := some(PersonInCase.objects, pick):
            PersonStanding.objects.update_or_create(person=who, standing=standing, defaults={"since": since})

    @rule(pick=which, shift=st.integers(-60, 60))
    def shift_standings_in_sql(self, pick: int, shift: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE incidents_personstanding SET since = since + %s WHERE id %% 2 = %s", [shift, pick % 2]
            )

    @rule(pick=which, is_whole_person=st.booleans())
    def strike_person(self, pick: int, is_whole_person: bool) -> None:
        if found := some((PersonInCase if is_whole_person else PersonStanding).objects, pick):
            found.delete()

    @rule(pick=which, other=which)
    def move_person_to_another_case(self, pick: int, other: int) -> None:
        if who := some(PersonInCase.objects, pick):
            who.case = some(Case.objects, other)
            who.save()

    @rule(pick=which, article=st.sampled_from(["150", "151", "152"]))
    def change_offences(self, pick: int, article: str) -> None:
        if found := some(Case.objects, pick):
            offence, is_new = CaseOffence.objects.get_or_create(
                case=found, article=article, defaults={"name": "Mua bán người"}
            )
            if not is_new:
                offence.delete()

    @rule(pick=which, of=which, place=which)
    def hand_case_over(self, pick: int, of: int, place: int) -> None:
        if found := some(Case.objects, pick):
            Case.objects.unscoped(WHY).filter(pk=found.pk).update(
                agency=self.agency(of), area=self.area(place)
            )

    @rule(pick=which)
    def delete_case(self, pick: int) -> None:
        if found := some(Case.objects, pick):
            found.delete()

    @rule(pick=which)
    def delete_case_in_sql(self, pick: int) -> None:
        """In an order no form would choose: the case first, its parts after it."""
        if found := some(Case.objects, pick):
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
                cursor.execute("DELETE FROM incidents_case WHERE id = %s", [found.pk])
                cursor.execute(
                    "DELETE FROM incidents_personstanding WHERE person_id IN"
                    " (SELECT id FROM incidents_personincase WHERE case_id = %s)",
                    [found.pk],
                )
                for table in ("personincase", "stage", "caseoffence"):
                    cursor.execute(f"DELETE FROM incidents_{table} WHERE case_id = %s", [found.pk])

    # --- what else a case and an activity hold

    @rule(pick=which, kind=st.sampled_from(list(CasePlace.Kind)), country=st.sampled_from(["VN", "CN"]))
    def change_route_of_case(self, pick: int, kind: str, country: str) -> None:
        if found := some(Case.objects, pick):
            place, is_new = CasePlace.objects.get_or_create(case=found, kind=kind, country=country)
            if not is_new:
                place.delete()

    @rule(pick=which, since=days, lasts=st.none() | st.integers(0, 60))
    def want_person(self, pick: int, since: dt.date, lasts: int | None) -> None:
        if who := some(PersonInCase.objects, pick):
            until = None if lasts is None else since + dt.timedelta(days=lasts)
            WantedPerson.objects.unscoped(WHY).update_or_create(
                person=who,
                defaults={
                    "code": f"W-{who.pk}",
                    "level": "ordinary",
                    "since": since,
                    "until": until,
                    "ended_by": "arrested" if until else "",
                },
                create_defaults={"code": f"W-{who.pk}", "level": "dangerous", "since": since},
            )

    @rule(pick=which, which_stage=which, months=st.integers(1, 300))
    def sentence_person(self, pick: int, which_stage: int, months: int) -> None:
        who, stage = some(PersonInCase.objects, pick), some(Stage.objects, which_stage)
        if who and stage:
            Verdict.objects.update_or_create(
                person=who, stage=stage, defaults={"sentence": "imprisonment", "months": months}
            )

    @rule(pick=which, amount=st.integers(0, 10**9))
    def pay_for_activity(self, pick: int, amount: int) -> None:
        if made := some(Activity.objects, pick):
            ActivityCost.objects.update_or_create(
                activity=made, source=Funding.LOCAL, defaults={"amount": amount}
            )

    @rule(of=which, place=which, since=days)
    def start_model(self, of: int, place: int, since: dt.date) -> None:
        PreventionModel.objects.create(
            kind=ModelKind.CLUB,
            name="Câu lạc bộ",
            agency=self.agency(of),
            area=self.area(place),
            since=since,
            qualifier="exact",
            low=1,
            high=1,
            filed_by=person("who.files@example.vn"),
            submission_key=uuid.uuid4(),
        )

    @rule(pick=which, place=which, lasts=st.integers(0, 60))
    def stop_model(self, pick: int, place: int, lasts: int) -> None:
        if model := some(PreventionModel.objects, pick):
            model.ended_on, model.state = model.since + dt.timedelta(days=lasts), "stopped"
            model.end_reason, model.area = "xong", self.area(place)
            model.save()

    # --- documents and the map

    @rule(of=which, place=which, on=st.none() | days)
    def issue_document(self, of: int, place: int, on: dt.date | None) -> None:
        document(self.agency(of), self.area(place), on)

    @rule(pick=which, of=which, place=which, on=st.none() | days, kind=st.sampled_from(list(DocumentKind)))
    def correct_document(
        self, pick: int, of: int, place: int, on: dt.date | None, kind: DocumentKind
    ) -> None:
        if found := some(Document.objects, pick):
            found.issuer, found.area, found.issued_on, found.kind = (
                self.agency(of),
                self.area(place),
                on,
                kind,
            )
            found.save()

    @rule(to_si_ma_cai=st.booleans())
    def put_a_commune_to_another_district(self, to_si_ma_cai: bool) -> None:
        commune = Area.objects.get(pk=self.cast.map.y_ty.pk)
        commune.parent = self.cast.map.si_ma_cai if to_si_ma_cai else self.cast.map.bat_xat
        commune.save()

    # --- what units report

    @rule(
        of=which,
        place=which,
        period=st.sampled_from([H1, parse_period("2020-H2"), parse_period("2020")]),
        code=st.sampled_from(SPOKEN),
        said=figures(),
        stands=st.sampled_from(list(ReportedFigure.Stands)),
    )
    def report_a_figure(
        self, of: int, place: int, period: Period, code: str, said: Figure, stands: ReportedFigure.Stands
    ) -> None:
        owed = Obligation.objects.unscoped(WHY).filter(
            agency=self.agency(of), area=self.area(place), period_start=period.start, period_end=period.end
        )
        owes = owed.first() or obligation(self.agency(of), self.area(place), period)
        sent = Submission.objects.filter(obligation=owes).first() or submission(owes)
        is_decided = stands != ReportedFigure.Stands.UNDECIDED
        ReportedFigure.objects.update_or_create(
            submission=sent,
            indicator=indicator(code),
            part="",
            defaults={
                **ReportedFigure.columns(said),
                "stands": stands,
                "decided_by": person("who.reports@example.vn") if is_decided else None,
                "decided_at": timezone.now() if is_decided else None,
            },
        )

    @rule(place=which, period=st.sampled_from(PERIODS), code=st.sampled_from(SPOKEN), rolled=st.booleans())
    def ask_beside_the_reports(self, place: int, period: Period, code: str, rolled: bool) -> None:
        """The answer is what a reader adds up by hand from the records of who did not speak, and the words heard."""
        if rolled:
            roll_up()
        area, asked = self.area(place), indicator(code)
        questions = [Asked([asked], grounds_of([area], MapBasis.THEN), [period])]
        (known,) = read_together(known_first(questions, None))
        words = known_of(questions, known).words
        rows = [row for row in rows_in(area, period) if row.measure in asked.rule["sum"] and row.part == ""]
        heard = hear(
            words.get((Cell(0, 0, 0), code, ""), []), lambda unit: any(is_of(row, unit) for row in rows)
        )
        rest = [row for row in rows if not any(is_of(row, unit) for unit in heard.units)]
        by_hand = sum((total_of(row) for row in rest), heard.total)
        told = answer([asked], area=area, period=period)[code]
        assert told.figure == (by_hand.figure() if by_hand.parts else None)

    # --- the worker

    @rule(limit=st.integers(1, 8))
    def work_off_some_marks(self, limit: int) -> None:
        recompute_marked(limit)

    @rule(
        place=which,
        period=st.sampled_from(PERIODS),
        part=st.sampled_from(["", "women", "offence:150", "sex:female"]),
    )
    def ask_both_ways(self, place: int, period: Period, part: str) -> None:
        """Facts and records give the same answers."""
        roll_up()
        catalogue = list(Indicator.objects.valid_on(period.end))
        area = self.area(place)
        from_facts = answer(catalogue, area=area, period=period, part=part)
        mark = FactMark.objects.create(
            source="activity",
            province_id=area.province_id or self.cast.map.lao_cai.pk,
            agency=self.agencies[0],
            bucket=period.start,
        )
        from_records = answer(catalogue, area=area, period=period, part=part)
        mark.delete()
        for code, found in from_facts.items():
            assert (code, found.cell) == (code, from_records[code].cell)


def play(machine: type[Records], cast: Cast) -> None:
    """Sequences of changes, on a small map with a handful of agencies."""
    load_catalogue()
    at, of = cast.map, cast.agencies
    machine.cast = cast
    machine.areas = [at.y_ty, at.trinh_tuong, at.bat_xat, at.lao_cai, at.dak_pxi, at.nation]
    machine.agencies = [of.bat_xat_police, of.lao_cai_police, of.kon_tum_police]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=int(os.environ.get("PCMBN_SEQUENCES", "30")),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_facts_follow_any_sequence_of_changes(cast: Cast) -> None:
    play(Records, cast)
