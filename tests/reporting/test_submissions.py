"""What a unit and its coordinator do with a submission, step by step, and what they are refused."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent, Membership, Notice, Notification, Role
from incidents.models import StageKind
from reporting.models import (
    Form,
    FormIndicator,
    FormKind,
    FormSection,
    Obligation,
    ReportedFigure,
    Section,
    Submission,
    SubmissionState,
    SubmissionVersion,
)
from reporting.services.submissions import (
    Locked,
    NilContradicted,
    NotReady,
    TransitionNotAllowed,
    Typed,
    accept_submission,
    accept_submissions,
    confirm_nil,
    decide_figure,
    open_submission,
    refresh_from_records,
    reopen_submission,
    return_submission,
    save_submission,
    submit_submission,
    undo_nil,
    withdraw_submission,
)
from reporting.services.submissions.versions import sha256_of
from territory.figure import Figure, parse_figure
from tests.cast import Cast, person
from tests.reporting.records import MARCH, add_stage, case, form_of, load_catalogue

pytestmark = pytest.mark.django_db

ASKED = ("cases_detected", "training_classes", "tips_received", "tips_resolved", "victims_received")


@pytest.fixture(autouse=True)
def asked_form(db: None) -> Form:
    """The six-month form with a few indicators, one of them told apart, and two sections."""
    load_catalogue()
    form = form_of(FormKind.SIX_MONTH)
    form.indicators.all().delete()
    form.sections.all().delete()
    for order, code in enumerate(ASKED):
        FormIndicator.objects.create(
            form=form,
            indicator=code,
            order=order,
            breakdowns=["group"] if code == "victims_received" else [],
        )
    for order, section in enumerate((Section.SITUATION, Section.JUSTICE, Section.VICTIMS)):
        FormSection.objects.create(form=form, section=section, order=order)
    return form


def says(submission: Submission, actor: object, **figures: str) -> Submission:
    typed = Typed(figures={key: parse_figure(text) for key, text in figures.items()})
    return save_submission(submission=submission, actor=actor, version=submission.version, typed=typed)  # type: ignore[arg-type]


def sent(submission: Submission, cast: Cast) -> Submission:
    return submit_submission(
        submission=submission, actor=cast.people.head_of_unit, version=submission.version
    )


def accepted(submission: Submission, cast: Cast) -> Submission:
    done = sent(submission, cast)
    return accept_submission(submission=done, actor=cast.people.coordinator, version=done.version)


def figure_of(submission: Submission, code: str) -> ReportedFigure:
    return submission.figures.get(indicator__code=code, part="")


def found_case(cast: Cast) -> None:
    add_stage(case(cast.agencies.bat_xat_police, cast.map.bat_xat), StageKind.DETECTED, MARCH)


# --- opening and saving


def test_a_submission_opens_with_what_the_records_of_the_unit_say(owed: Obligation, cast: Cast) -> None:
    found_case(cast)
    add_stage(case(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai), StageKind.DETECTED, MARCH)

    opened = open_submission(obligation=owed, actor=cast.people.filing_officer)

    row = figure_of(opened, "cases_detected")
    assert (row.figure, row.source) == (Figure.exact(1), "records")
    assert row.from_records["count"] == 1
    assert opened.figures.count() == 1


def test_opening_twice_gives_the_one_there_is(owed: Obligation, draft: Submission, cast: Cast) -> None:
    assert open_submission(obligation=owed, actor=cast.people.head_of_unit) == draft


def test_only_the_unit_opens_its_submission(owed: Obligation, cast: Cast) -> None:
    for actor in (cast.people.coordinator, cast.people.stranger, cast.people.case_worker):
        with pytest.raises(PermissionDenied):
            open_submission(obligation=owed, actor=actor)


def test_the_coordinator_opens_a_past_one_on_behalf(owed: Obligation, cast: Cast) -> None:
    owed.is_historical = True
    owed.save()

    assert open_submission(obligation=owed, actor=cast.people.coordinator).state == SubmissionState.DRAFT


def test_a_word_of_the_unit_stands_beside_what_the_records_say(owed: Obligation, cast: Cast) -> None:
    found_case(cast)
    opened = open_submission(obligation=owed, actor=cast.people.filing_officer)

    saved = says(opened, cast.people.filing_officer, cases_detected="trên 3", tips_received="hàng trăm")

    row = figure_of(saved, "cases_detected")
    assert (row.figure, row.source) == (Figure.over(3, "trên"), "reported")
    assert row.from_records["low"] == 1
    assert figure_of(saved, "tips_received").figure == Figure.in_words("hàng trăm")


def test_taking_the_word_back_lets_the_records_speak_again(owed: Obligation, cast: Cast) -> None:
    found_case(cast)
    officer = cast.people.filing_officer
    saved = says(open_submission(obligation=owed, actor=officer), officer, cases_detected="3")

    saved = save_submission(
        submission=saved, actor=officer, version=saved.version, typed=Typed(figures={"cases_detected": None})
    )

    row = figure_of(saved, "cases_detected")
    assert (row.figure, row.source) == (Figure.exact(1), "records")


def test_refreshing_keeps_the_units_words_and_takes_over_the_rest(draft: Submission, cast: Cast) -> None:
    officer = cast.people.filing_officer
    saved = says(draft, officer, tips_received="5")
    found_case(cast)

    fresh = refresh_from_records(submission=saved, actor=officer, version=saved.version)

    assert figure_of(fresh, "cases_detected").source == "records"
    assert figure_of(fresh, "tips_received").figure == Figure.exact(5)


def test_a_figure_the_form_does_not_ask_for_is_refused(draft: Submission, cast: Cast) -> None:
    with pytest.raises(ValidationError):
        says(draft, cast.people.filing_officer, patrols="3")


def test_the_slower_of_two_editors_is_told(draft: Submission, cast: Cast) -> None:
    says(draft, cast.people.filing_officer, tips_received="5")

    with pytest.raises(ChangedMeanwhile) as told:
        says(draft, cast.people.head_of_unit, tips_received="6")

    assert told.value.who == cast.people.filing_officer
    assert figure_of(draft, "tips_received").figure == Figure.exact(5)


# --- nil


def test_nil_is_confirmed_by_a_named_person_and_taken_back(draft: Submission, cast: Cast) -> None:
    officer = cast.people.filing_officer
    nil = confirm_nil(submission=draft, actor=officer, version=draft.version)
    assert (nil.is_nil, nil.nil_confirmed_by) == (True, officer)

    undone = undo_nil(submission=nil, actor=officer, version=nil.version)

    assert (undone.is_nil, undone.nil_confirmed_by, undone.nil_confirmed_at) == (False, None, None)


def test_nil_is_refused_beside_a_figure_about_people(draft: Submission, cast: Cast) -> None:
    officer = cast.people.filing_officer
    saved = says(draft, officer, tips_received="2", training_classes="4")

    with pytest.raises(NilContradicted, match=r"Tips received|tiếp nhận"):
        confirm_nil(submission=saved, actor=officer, version=saved.version)


def test_nil_is_refused_beside_a_record_that_came_later(draft: Submission, cast: Cast) -> None:
    found_case(cast)

    with pytest.raises(NilContradicted):
        confirm_nil(submission=draft, actor=cast.people.filing_officer, version=draft.version)


def test_nil_is_refused_where_the_form_knows_none(draft: Submission, asked_form: Form, cast: Cast) -> None:
    Form.objects.filter(pk=asked_form.pk).update(may_be_nil=False)

    with pytest.raises(TransitionNotAllowed):
        confirm_nil(submission=draft, actor=cast.people.filing_officer, version=draft.version)


def test_a_figure_about_people_is_refused_while_nil_stands(draft: Submission, cast: Cast) -> None:
    officer = cast.people.filing_officer
    nil = confirm_nil(submission=draft, actor=officer, version=draft.version)

    with pytest.raises(NilContradicted):
        says(nil, officer, tips_received="1")
    assert says(nil, officer, training_classes="2").is_nil


# --- sending, and what becomes of it


def test_the_officer_prepares_and_the_head_submits(draft: Submission, cast: Cast) -> None:
    with pytest.raises(TransitionNotAllowed, match="head"):
        submit_submission(submission=draft, actor=cast.people.filing_officer, version=draft.version)

    done = sent(draft, cast)

    assert (done.state, done.sent, done.submitted_by) == ("submitted", 1, cast.people.head_of_unit)
    assert Notification.objects.get(kind=Notice.SUBMISSION_SENT).user == cast.people.coordinator
    assert AuditEvent.objects.get(kind=AuditEvent.Kind.SUBMISSION_SENT).user == cast.people.head_of_unit


def test_the_officer_submits_where_the_unit_has_no_head(draft: Submission, cast: Cast) -> None:
    Membership.objects.filter(user=cast.people.head_of_unit).update(
        valid_to=dt.date.today() - dt.timedelta(days=1)
    )

    done = submit_submission(submission=draft, actor=cast.people.filing_officer, version=draft.version)

    assert done.state == SubmissionState.SUBMITTED


def test_an_error_blocks_and_a_warning_asks_for_a_word(draft: Submission, cast: Cast) -> None:
    officer = cast.people.filing_officer
    saved = save_submission(
        submission=draft,
        actor=officer,
        version=draft.version,
        typed=Typed(
            figures={
                "victims_received": Figure.exact(2),
                "victims_received/women": Figure.exact(3),
                "cases_detected": Figure.exact(1),
            }
        ),
    )
    with pytest.raises(NotReady) as refused:
        sent(saved, cast)
    assert [finding.rule for finding in refused.value.findings] == ["parts-over-total"]

    saved = save_submission(
        submission=saved,
        actor=officer,
        version=saved.version,
        typed=Typed(figures={"victims_received/women": Figure.exact(2), "cases_detected": None}),
    )
    with pytest.raises(NotReady):
        sent(saved, cast)
    saved = save_submission(
        submission=saved,
        actor=officer,
        version=saved.version,
        typed=Typed(
            explanations={("victims-without-case", "victims_received"): "Nạn nhân trở về từ năm trước."}
        ),
    )

    assert sent(saved, cast).state == SubmissionState.SUBMITTED


def test_a_withdrawn_submission_is_a_draft_and_its_version_stays(draft: Submission, cast: Cast) -> None:
    done = sent(draft, cast)

    back = withdraw_submission(submission=done, actor=cast.people.head_of_unit, version=done.version)

    assert (back.state, back.versions.count()) == (SubmissionState.DRAFT, 1)


def test_the_coordinator_returns_with_a_reason_and_the_unit_sends_again(
    draft: Submission, cast: Cast
) -> None:
    done = sent(draft, cast)
    returned = return_submission(
        submission=done,
        actor=cast.people.coordinator,
        version=done.version,
        reasons={"justice": "Thiếu số tin báo.", "situation": ""},
    )
    assert (returned.state, returned.returns.get().section) == (SubmissionState.RETURNED, "justice")
    told = Notification.objects.filter(kind=Notice.SUBMISSION_RETURNED)
    assert {each.user for each in told} == {cast.people.filing_officer, cast.people.head_of_unit}

    again = sent(says(returned, cast.people.filing_officer, tips_received="1"), cast)

    assert (again.sent, again.versions.count()) == (2, 2)
    assert again.first_submitted_at == done.first_submitted_at


def test_a_return_needs_a_reason(draft: Submission, cast: Cast) -> None:
    done = sent(draft, cast)

    with pytest.raises(ValidationError):
        return_submission(
            submission=done, actor=cast.people.coordinator, version=done.version, reasons={"": " "}
        )


def test_only_who_coordinates_the_area_accepts(draft: Submission, cast: Cast) -> None:
    done = sent(draft, cast)

    for actor in (cast.people.head_of_unit, cast.people.stranger):
        with pytest.raises(PermissionDenied):
            accept_submission(submission=done, actor=actor, version=done.version)


def test_an_accepted_submission_is_locked_and_says_since_when(draft: Submission, cast: Cast) -> None:
    done = accepted(draft, cast)
    officer = cast.people.filing_officer

    with pytest.raises(Locked, match=r"\d\d/\d\d/\d{4}"):
        says(done, officer, tips_received="1")
    for write in (refresh_from_records, confirm_nil, undo_nil, withdraw_submission):
        with pytest.raises(Locked):
            write(submission=done, actor=cast.people.head_of_unit, version=done.version)


def test_what_waits_for_acceptance_is_withdrawn_before_it_is_changed(draft: Submission, cast: Cast) -> None:
    done = sent(draft, cast)

    with pytest.raises(TransitionNotAllowed, match=r"Withdraw|Rút"):
        says(done, cast.people.filing_officer, tips_received="1")


def test_an_accepted_submission_is_opened_again_with_a_reason(draft: Submission, cast: Cast) -> None:
    done = accepted(draft, cast)

    opened = reopen_submission(
        submission=done,
        actor=cast.people.coordinator,
        version=done.version,
        reasons={"": "Số liệu thay đổi."},
    )

    assert (opened.state, opened.accepted_by) == (SubmissionState.RETURNED, None)


def test_nobody_accepts_his_own_while_there_is_another_reviewer(owed: Obligation, cast: Cast) -> None:
    both = person(
        "ca.hai@example.vn",
        (Role.HEAD_OF_UNIT, cast.agencies.bat_xat_police),
        (Role.COORDINATOR, cast.agencies.lao_cai_police),
    )
    draft = open_submission(obligation=owed, actor=both)
    done = submit_submission(submission=draft, actor=both, version=draft.version)

    with pytest.raises(TransitionNotAllowed):
        accept_submission(submission=done, actor=both, version=done.version)
    assert accept_submission(submission=done, actor=cast.people.coordinator, version=done.version).accepted_at


def test_several_are_accepted_each_on_its_own(draft: Submission, owed: Obligation, cast: Cast) -> None:
    done = sent(draft, cast)

    outcome = accept_submissions(actor=cast.people.coordinator, chosen=[(owed.pk, done.version), (10**9, 1)])

    assert (len(outcome.accepted), len(outcome.refused)) == (1, 1)


def test_a_version_says_what_was_sent_and_cannot_be_changed(draft: Submission, cast: Cast) -> None:
    done = sent(says(draft, cast.people.filing_officer, tips_received="7"), cast)

    kept = SubmissionVersion.objects.get(submission=done)
    assert [each["key"] for each in kept.content["figures"]] == ["tips_received"]
    assert kept.sha256 == sha256_of(kept.content)
    kept.content = {}
    with pytest.raises(DatabaseError), transaction.atomic():
        kept.save()


# --- where records and report differ


def test_a_decision_is_kept_with_person_and_reason_and_falls_with_the_figure(
    owed: Obligation, cast: Cast
) -> None:
    found_case(cast)
    officer = cast.people.filing_officer
    saved = says(open_submission(obligation=owed, actor=officer), officer, cases_detected="2")
    row = figure_of(saved, "cases_detected")

    decided = decide_figure(
        submission=saved,
        actor=officer,
        version=saved.version,
        figure=row.pk,
        stands="reported",
        why="Một vụ do Biên phòng phát hiện.",
    )
    row.refresh_from_db()
    assert (row.stands, row.decided_by) == ("reported", officer)

    says(decided, officer, cases_detected="3")
    row.refresh_from_db()
    assert (row.stands, row.decided_by) == ("", None)


def test_nothing_is_decided_where_nothing_differs(owed: Obligation, cast: Cast) -> None:
    found_case(cast)
    opened = open_submission(obligation=owed, actor=cast.people.filing_officer)

    with pytest.raises(TransitionNotAllowed):
        decide_figure(
            submission=opened,
            actor=cast.people.filing_officer,
            version=opened.version,
            figure=figure_of(opened, "cases_detected").pk,
            stands="records",
            why="Hồ sơ.",
        )
