"""What units owe: opening a period, more time, excuses, and by whom."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent, Role, User
from reporting.figures import coverage_of
from reporting.forms_catalogue import load_forms
from reporting.models import Form, FormFiler, FormIndicator, FormSection, Obligation, Section, SubmissionState
from reporting.services.forms import AskedIndicator, AskedSection, change_form
from reporting.services.obligations import (
    end_excuse,
    excuse,
    extend_due_date,
    extend_many,
    open_due_periods,
    open_period,
    remind_now,
    scheduled_periods,
)
from territory.models import AgencyKind, Level
from territory.period import parse_period
from tests.cast import Cast, make_cast, member
from tests.reporting.records import H1, is_waiting_for_a_lock, load_catalogue, obligation, submission, until

TODAY = dt.date(2020, 6, 1)


def owed() -> Any:
    return Obligation.objects.unscoped("counts what the test made")


@pytest.fixture
def form(cast: Cast) -> Form:
    load_catalogue()
    made: Form = Form.objects.get(code="six_month")
    return made


@pytest.mark.django_db
class TestOpening:
    def test_every_unit_that_must_file_owes_once(self, cast: Cast, form: Form) -> None:
        made = open_period(
            form=form, period=H1, actor=cast.people.coordinator, within=[cast.map.lao_cai], today=TODAY
        )
        again = open_period(form=form, period=H1, actor=None, within=[cast.map.lao_cai], today=TODAY)

        assert (made, again) == (6, 0)
        units = set(owed().values_list("agency__code", flat=True))
        assert units == {
            "10-provincial_police",
            "10-border_guard",
            "10-labour",
            "10-womens_union",
            "082-district_police",
            "084-district_police",
        }
        one = owed().get(agency=cast.agencies.bat_xat_police)
        assert (one.due_on, one.opened_by, one.is_historical) == (
            dt.date(2020, 6, 19),
            cast.people.coordinator,
            False,
        )
        assert AuditEvent.objects.filter(kind=AuditEvent.Kind.PERIOD_OPENED).count() == 1

    def test_a_unit_that_ended_before_the_period_did_owes_nothing(self, cast: Cast, form: Form) -> None:
        police = cast.agencies.bat_xat_police
        police.valid_to = dt.date(2020, 6, 13)
        police.save()
        open_period(form=form, period=H1, today=TODAY)
        assert not owed().filter(agency=police).exists()

    @pytest.mark.parametrize("role", ["filing_officer", "head_of_unit", "steering_member", "administrator"])
    def test_only_who_gathers_opens(self, cast: Cast, form: Form, role: str) -> None:
        with pytest.raises(PermissionDenied):
            open_period(
                form=form, period=H1, actor=getattr(cast.people, role), within=[cast.map.bat_xat], today=TODAY
            )
        assert owed().count() == 0

    def test_a_coordinator_opens_in_the_own_province_only(self, cast: Cast, form: Form) -> None:
        for within in ([cast.map.kon_tum], [cast.map.lao_cai, cast.map.kon_tum], []):
            with pytest.raises(PermissionDenied):
                open_period(form=form, period=H1, actor=cast.people.coordinator, within=within, today=TODAY)

    def test_the_standing_agency_opens_in_its_province(self, cast: Cast, form: Form) -> None:
        actor = cast.people.standing_officer
        assert open_period(form=form, period=H1, actor=actor, within=[cast.map.kon_tum], today=TODAY) == 7

    def test_two_dates_fit_every_form_and_a_year_no_six_month_report(self, cast: Cast, form: Form) -> None:
        dates = parse_period("2020-01-01..2020-05-31")
        assert open_period(form=form, period=dates, today=TODAY)
        for wrong in ("2020", "2016..2020", "2023-H1"):
            with pytest.raises(ValidationError):
                open_period(form=form, period=parse_period(wrong), today=TODAY)

    def test_a_due_date_within_the_period_is_refused(self, cast: Cast, form: Form) -> None:
        with pytest.raises(ValidationError):
            open_period(form=form, period=H1, due_on=H1.end, today=TODAY)

    def test_what_was_due_before_it_was_opened_is_history(self, cast: Cast, form: Form) -> None:
        open_period(form=form, period=parse_period("2018-H1"), today=TODAY)
        assert set(owed().values_list("is_historical", flat=True)) == {True}

    def test_changing_the_form_later_changes_no_obligation(self, cast: Cast, form: Form) -> None:
        member(cast.people.administrator, Role.ADMINISTRATOR, cast.agencies.lao_cai_police)
        open_period(form=form, period=H1, today=TODAY)
        before = list(owed().order_by("pk").values())
        change(form, cast.people.administrator, due_after_days=20, name="Tên khác")
        open_period(form=form, period=H1, today=TODAY)
        assert list(owed().order_by("pk").values()) == before


def change(form: Form, actor: User, *, version: int | None = None, **changed: Any) -> Form:
    held = Form.objects.get(pk=form.pk)
    fields = {
        name: getattr(held, name)
        for name in (
            *("name", "name_en", "kind", "cut_off", "due_after_days", "opens_before_days"),
            *("may_be_nil", "is_scheduled", "valid_to"),
        )
    }
    return change_form(
        actor=actor,
        form=form,
        version=held.version if version is None else version,
        fields={**fields, **changed},
        sections=[AskedSection(Section.VICTIMS), AskedSection(Section.SITUATION, True)],
        indicators=[AskedIndicator("cases_detected", ("nothing_it_has",)), AskedIndicator("meetings")],
        filers=[(AgencyKind.objects.get(code="district_police"), Level.DISTRICT)],
    )


@pytest.mark.django_db
class TestTheClock:
    @pytest.mark.parametrize(
        ("day", "codes"),
        [
            (dt.date(2020, 5, 14), []),
            (dt.date(2020, 5, 15), ["2020-H1"]),
            (dt.date(2020, 6, 19), ["2020-H1"]),
            (dt.date(2020, 6, 20), []),
            (dt.date(2020, 12, 1), ["2020-H2"]),
        ],
    )
    def test_a_period_is_open_from_before_its_end_until_it_is_due(
        self, form: Form, day: dt.date, codes: list[str]
    ) -> None:
        assert [period.code for period in scheduled_periods(form, day)] == codes

    def test_it_opens_scheduled_forms_only_and_once(self, cast: Cast, form: Form) -> None:
        day = dt.date(2020, 12, 1)
        assert set(open_due_periods(today=day)) == {"six_month 2020-H2", "annual 2020"}
        assert open_due_periods(today=day) == {}


@pytest.mark.django_db
class TestMoreTimeAndExcuses:
    @pytest.fixture
    def one(self, cast: Cast) -> Obligation:
        return obligation(cast.agencies.bat_xat_police, cast.map.bat_xat)

    def test_the_first_due_date_and_the_reason_are_kept(self, cast: Cast, one: Obligation) -> None:
        actor, later = cast.people.coordinator, dt.date(2020, 7, 1)
        extend_due_date(actor=actor, obligation=one, version=1, due_on=later, reason="Lũ lụt")
        extend_due_date(
            actor=actor, obligation=one, version=2, due_on=dt.date(2020, 7, 9), reason="Vẫn còn lũ"
        )
        held = owed().get(pk=one.pk)
        assert (held.due_on, held.first_due_on) == (dt.date(2020, 7, 9), dt.date(2020, 6, 19))
        assert (held.extension_reason, held.version) == ("Vẫn còn lũ", 3)
        assert AuditEvent.objects.filter(kind=AuditEvent.Kind.DUE_EXTENDED).count() == 2

    @pytest.mark.parametrize("day", [dt.date(2020, 6, 19), dt.date(2020, 6, 1), dt.date(2022, 1, 1)])
    def test_a_date_that_is_not_later_or_too_late_is_refused(
        self, cast: Cast, one: Obligation, day: dt.date
    ) -> None:
        with pytest.raises(ValidationError):
            extend_due_date(
                actor=cast.people.coordinator, obligation=one, version=1, due_on=day, reason="Vì sao"
            )

    def test_two_at_once_are_told_of_each_other(self, cast: Cast, one: Obligation) -> None:
        excuse(actor=cast.people.coordinator, obligation=one, version=1, reason="Giải thể")
        with pytest.raises(ChangedMeanwhile):
            end_excuse(actor=cast.people.coordinator, obligation=one, version=1)

    def test_many_are_extended_and_those_that_reported_left_out(self, cast: Cast, one: Obligation) -> None:
        sent = obligation(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai)
        submission(sent, state=SubmissionState.SUBMITTED)
        done = extend_many(
            actor=cast.people.coordinator,
            chosen={one.pk: 1, sent.pk: 1},
            due_on=dt.date(2020, 7, 1),
            reason="Lũ lụt",
        )
        assert done == (1, 1)
        assert owed().get(pk=sent.pk).due_on == dt.date(2020, 6, 19)

    def test_an_excused_unit_counts_in_no_coverage_until_it_owes_again(
        self, cast: Cast, one: Obligation
    ) -> None:
        obligation(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai)
        actor = cast.people.coordinator
        excuse(actor=actor, obligation=one, version=1, reason="Không có địa bàn")
        excused, _ = coverage_of(cast.map.lao_cai, H1)
        end_excuse(actor=actor, obligation=one, version=2)
        owing, _ = coverage_of(cast.map.lao_cai, H1)
        assert excused is not None and owing is not None
        assert (excused.expected, owing.expected) == (1, 2)

    def test_a_unit_that_reported_is_not_excused(self, cast: Cast, one: Obligation) -> None:
        submission(one, state=SubmissionState.ACCEPTED)
        with pytest.raises(ValidationError):
            excuse(actor=cast.people.coordinator, obligation=one, version=1, reason="Muộn")

    @pytest.mark.parametrize("role", ["filing_officer", "head_of_unit", "steering_member", "stranger"])
    def test_nobody_else_gives_time_or_excuses_or_reminds(
        self, cast: Cast, one: Obligation, role: str
    ) -> None:
        actor = getattr(cast.people, role)
        day = dt.date(2020, 7, 1)
        with pytest.raises(PermissionDenied):
            extend_due_date(actor=actor, obligation=one, version=1, due_on=day, reason="Vì sao")
        with pytest.raises(PermissionDenied):
            extend_many(actor=actor, chosen={one.pk: 1}, due_on=day, reason="Vì sao")
        with pytest.raises(PermissionDenied):
            excuse(actor=actor, obligation=one, version=1, reason="Vì sao")
        with pytest.raises(PermissionDenied):
            end_excuse(actor=actor, obligation=one, version=1)
        with pytest.raises(PermissionDenied):
            remind_now(actor=actor, obligation=one)
        assert owed().get(pk=one.pk).version == 1

    def test_a_reason_is_needed_and_has_a_length(self, cast: Cast, one: Obligation) -> None:
        for reason in ("", "   ", "x" * 501, "a\x07b"):
            with pytest.raises(ValidationError):
                excuse(actor=cast.people.coordinator, obligation=one, version=1, reason=reason)


@pytest.mark.django_db
class TestForms:
    def test_loading_again_adds_nothing_and_leaves_what_an_administrator_changed(
        self, cast: Cast, form: Form
    ) -> None:
        change(form, cast.people.administrator, due_after_days=9)
        counted = [model.objects.count() for model in (Form, FormSection, FormIndicator, FormFiler)]
        load_forms()
        assert [model.objects.count() for model in (Form, FormSection, FormIndicator, FormFiler)] == counted
        form.refresh_from_db()
        assert form.due_after_days == 9
        assert [row.section for row in form.sections.all()] == ["victims", "situation"]

    def test_a_new_indicator_reaches_the_forms_nobody_changed(self, form: Form) -> None:
        FormIndicator.objects.filter(form=form, indicator="meetings").delete()
        load_forms()
        assert FormIndicator.objects.filter(form=form, indicator="meetings").count() == 1

    def test_indicators_outside_the_sections_and_unknown_breakdowns_are_left_out(
        self, cast: Cast, form: Form
    ) -> None:
        change(form, cast.people.administrator)
        rows = list(form.indicators.values_list("indicator", "breakdowns"))
        assert rows == [("cases_detected", [])]

    def test_only_the_administrator_changes_a_form(self, cast: Cast, form: Form) -> None:
        for role in ("coordinator", "filing_officer", "standing_officer"):
            with pytest.raises(PermissionDenied):
                change(form, getattr(cast.people, role))

    def test_two_administrators_are_told_of_each_other(self, cast: Cast, form: Form) -> None:
        change(form, cast.people.administrator)
        with pytest.raises(ChangedMeanwhile):
            change(form, cast.people.administrator, version=1)

    def test_only_a_periodic_form_is_opened_by_the_clock(self, cast: Cast, form: Form) -> None:
        for wrong in ({"kind": "thematic"}, {"cut_off": "explicit"}):
            with pytest.raises(ValidationError):
                change(form, cast.people.administrator, is_scheduled=True, **wrong)


@pytest.mark.django_db(transaction=True)
def test_two_who_open_at_the_same_moment_make_each_obligation_once() -> None:
    cast = make_cast()
    load_catalogue()
    form = Form.objects.get(code="six_month")
    made: dict[str, int] = {}

    def second() -> None:
        try:
            made["second"] = open_period(form=form, period=H1, today=TODAY)
        finally:
            connection.close()

    other = threading.Thread(target=second)
    with transaction.atomic():
        made["first"] = open_period(
            form=form, period=H1, actor=cast.people.coordinator, within=[cast.map.lao_cai], today=TODAY
        )
        other.start()
        until(is_waiting_for_a_lock)
    other.join(30)

    assert made["first"] == 6
    assert made["second"] == owed().count() - 6
    assert owed().values("agency", "area").distinct().count() == owed().count()
