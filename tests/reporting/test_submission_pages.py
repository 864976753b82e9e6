"""The page of a submission, the queue of the coordinator, versions, the workbook, rules and past periods."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import FormDraft
from reporting.models import (
    Form,
    FormIndicator,
    FormKind,
    FormSection,
    Indicator,
    Obligation,
    Section,
    Submission,
    SubmissionPresence,
    SubmissionState,
    ValidationRule,
)
from reporting.services.submissions import Typed, save_submission
from reporting.services.submissions.opening import SEEN_FOR, forget_presences
from reporting.submission_workbook import read_figures, written_figures
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.reporting.records import figures, form_of, load_catalogue

pytestmark = pytest.mark.django_db

#: Statements of the page of a submission for its officer, however many figures it has.
QUERIES = 7


@pytest.fixture(autouse=True)
def asked_form(db: None) -> Form:
    """The six-month form with all indicators of the catalogue, those about people told apart."""
    load_catalogue()
    form = form_of(FormKind.SIX_MONTH)
    form.indicators.all().delete()
    form.sections.all().delete()
    for order, indicator in enumerate(Indicator.objects.order_by("order")):
        FormIndicator.objects.create(
            form=form,
            indicator=indicator.code,
            order=order,
            breakdowns=["group"] if indicator.about == Indicator.About.PEOPLE else [],
        )
    for order, section in enumerate(Section.values):
        FormSection.objects.create(form=form, section=section, order=order)
    return form


def page_of(owed: Obligation) -> str:
    return reverse("submission_edit", args=[owed.pk])


def read(response: Any) -> str:
    return str(response.content.decode())


def stored(submission: Submission, code: str) -> Any:
    return submission.figures.get(indicator__code=code, part="")


def test_nothing_is_begun_by_looking(owed: Obligation, cast: Cast, signed_in: SignedIn) -> None:
    shown = signed_in(cast.people.filing_officer).get(page_of(owed))

    assert "Nothing to report" in read(shown)
    assert not Submission.objects.exists()


def test_a_head_with_nothing_to_report_is_done_with_one_form(
    owed: Obligation, cast: Cast, signed_in: SignedIn
) -> None:
    head = signed_in(cast.people.head_of_unit)

    assert head.post(page_of(owed), {"step": "nil"}).status_code == 422
    assert head.post(page_of(owed), {"step": "nil", "sure": "on"}).status_code == 302

    sent = Submission.objects.get()
    assert (sent.state, sent.is_nil, sent.nil_confirmed_by) == ("submitted", True, cast.people.head_of_unit)


def test_only_who_submits_is_told_that_a_nil_is_submitted(
    owed: Obligation, cast: Cast, signed_in: SignedIn
) -> None:
    officer, head = cast.people.filing_officer, cast.people.head_of_unit

    assert "Confirm nil and submit" not in read(signed_in(officer).get(page_of(owed)))
    assert "Confirm nil and submit" in read(signed_in(head).get(page_of(owed)))


def test_who_confirmed_a_nil_is_not_shown_a_hundred_empty_fields(
    owed: Obligation, cast: Cast, signed_in: SignedIn
) -> None:
    officer = signed_in(cast.people.filing_officer)
    officer.post(page_of(owed), {"step": "nil", "sure": "on"})

    shown = read(officer.get(page_of(owed)))

    folded = shown.index('<details class="card submission-part"><summary>Figures and texts')
    assert folded < shown.index('name="figure:patrols"') < shown.index("</details>", folded)


def test_what_the_rules_found_leads_to_where_it_stands(
    draft: Submission, owed: Obligation, cast: Cast, signed_in: SignedIn
) -> None:
    FormSection.objects.filter(section=Section.SITUATION).update(is_narrative_required=True)

    shown = read(signed_in(cast.people.filing_officer).get(page_of(owed)))

    places = re.findall(r"<li><a href=\"#(found-[^\"]+)\">", shown)
    assert places == ["found-required-narrative-situation"]
    assert shown.count(f'id="{places[0]}"') == 1


def test_figures_and_texts_are_saved_as_they_are_typed(
    draft: Submission, owed: Obligation, cast: Cast, signed_in: SignedIn
) -> None:
    answer = signed_in(cast.people.filing_officer).post(
        page_of(owed),
        {
            "version": draft.version,
            "step": "save",
            "figure:communication_attendances": "trên 6.770",
            "note:communication_attendances": "Tính cả lồng ghép.",
            "figure:patrols": "01",
            "text:situation": "Không có vụ việc mới.",
        },
    )

    assert answer.status_code == 302
    row = stored(draft, "communication_attendances")
    assert (row.low, row.qualifier, row.note) == (6770, "over", "Tính cả lồng ghép.")
    assert stored(draft, "patrols").low == 1
    assert draft.narratives.get().text == "Không có vụ việc mới."


def test_what_cannot_be_read_names_the_field_and_keeps_what_was_typed(
    draft: Submission, owed: Obligation, cast: Cast, signed_in: SignedIn
) -> None:
    answer = signed_in(cast.people.filing_officer).post(
        page_of(owed),
        {"version": draft.version, "step": "save", "figure:patrols": "nhiều lắm??", "figure:seminars": "3"},
    )

    assert answer.status_code == 422
    assert "Patrols: This is not a figure. Type a number such as 6.770" in read(answer)
    assert 'value="nhiều lắm??"' in read(answer)
    assert not draft.figures.exists()


def test_the_parts_of_a_figure_are_unfolded_with_what_was_typed(
    draft: Submission, owed: Obligation, cast: Cast, signed_in: SignedIn
) -> None:
    officer = signed_in(cast.people.filing_officer)
    assert 'name="figure:victims_received/women"' not in read(officer.get(page_of(owed)))

    shown = officer.post(
        page_of(owed), {"version": draft.version, "parts": "victims_received", "figure:patrols": "12"}
    )

    assert 'name="figure:victims_received/women"' in read(shown)
    assert 'name="figure:patrols" value="12"' in read(shown)
    assert not draft.figures.exists()


def test_a_fault_in_a_part_unfolds_the_parts_again(
    draft: Submission, owed: Obligation, cast: Cast, signed_in: SignedIn
) -> None:
    typed = {"figure:victims_received": "3", "figure:victims_received/women": "mấy chị"}
    answer = signed_in(cast.people.filing_officer).post(
        page_of(owed), {"version": draft.version, "step": "save", **typed}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'name="figure:victims_received/women" value="mấy chị"' in page
    assert 'id="f-victims_received-women-e"' in page


def test_the_slower_of_two_editors_reads_who_was_faster(
    draft: Submission, owed: Obligation, cast: Cast, signed_in: SignedIn
) -> None:
    typed = {"version": draft.version, "step": "save", "figure:patrols": "2"}
    signed_in(cast.people.head_of_unit).post(page_of(owed), typed)

    answer = signed_in(cast.people.filing_officer).post(page_of(owed), {**typed, "figure:patrols": "3"})

    assert answer.status_code == 409
    assert cast.people.head_of_unit.full_name in read(answer)
    assert 'name="figure:patrols" value="3"' in read(answer)
    assert stored(draft, "patrols").low == 2


def test_a_draft_is_kept_and_found_again_and_others_see_who_is_there(
    draft: Submission, owed: Obligation, cast: Cast, signed_in: SignedIn
) -> None:
    officer = signed_in(cast.people.filing_officer)
    kept = officer.post(
        reverse("submission_draft", args=[owed.pk]),
        {"version": draft.version, "figure:patrols": "không rõ", "text:situation": "Đang viết"},
    )
    assert kept.status_code == 200
    assert SubmissionPresence.objects.get().user == cast.people.filing_officer

    assert 'value="không rõ"' in read(officer.get(page_of(owed)))
    others = read(signed_in(cast.people.head_of_unit).get(page_of(owed)))
    assert "Also at this report now:" in others
    assert "Đang viết" not in others

    officer.post(page_of(owed), {"version": draft.version, "step": "save", "text:situation": "Xong"})
    assert not FormDraft.objects.exists()


def test_two_editors_are_told_of_each_other_while_both_are_there(
    draft: Submission, owed: Obligation, cast: Cast, signed_in: SignedIn
) -> None:
    officer, head = signed_in(cast.people.filing_officer), signed_in(cast.people.head_of_unit)
    beat = reverse("submission_presence", args=[owed.pk])

    assert officer.post(beat, {"known": ""}).status_code == 204
    told = read(head.post(beat, {"known": ""}))
    assert cast.people.filing_officer.full_name in told
    assert cast.people.head_of_unit.full_name in read(officer.post(beat, {"known": ""}))
    known = {"known": str(cast.people.head_of_unit.pk)}
    assert officer.post(beat, known).status_code == 204

    SubmissionPresence.objects.filter(user=cast.people.head_of_unit).update(
        seen_at=timezone.now() - SEEN_FOR - dt.timedelta(seconds=1)
    )
    gone = officer.post(beat, known)
    assert (gone.status_code, "Also at" in read(gone)) == (200, False)
    assert list(SubmissionPresence.objects.values_list("user", flat=True)) == [cast.people.filing_officer.pk]
    SubmissionPresence.objects.update(seen_at=timezone.now() - SEEN_FOR - dt.timedelta(seconds=1))
    assert forget_presences() == 1


def test_who_does_not_write_a_report_is_not_at_it(
    draft: Submission, owed: Obligation, cast: Cast, signed_in: SignedIn
) -> None:
    beat = reverse("submission_presence", args=[owed.pk])

    assert signed_in(cast.people.coordinator).post(beat).status_code == 404
    assert signed_in(cast.people.stranger).post(beat).status_code == 404
    assert not SubmissionPresence.objects.exists()


def test_the_coordinator_accepts_several_from_the_queue(
    draft: Submission, owed: Obligation, cast: Cast, signed_in: SignedIn
) -> None:
    signed_in(cast.people.head_of_unit).post(page_of(owed), {"version": draft.version, "step": "send"})
    draft.refresh_from_db()
    coordinator = signed_in(cast.people.coordinator)
    shown = read(coordinator.get(reverse("submission_queue"), {"form": "six_month"}))
    assert f"{owed.pk}-{draft.version}" in shown

    coordinator.post(reverse("submission_queue"), {"chosen": f"{owed.pk}-{draft.version}"})

    draft.refresh_from_db()
    assert draft.state == SubmissionState.ACCEPTED
    locked = read(signed_in(cast.people.filing_officer).get(page_of(owed)))
    assert "accepted and locked on" in locked
    assert "<textarea" not in locked


def test_a_returned_report_shows_its_reason_at_the_section_and_versions_compare(
    draft: Submission, owed: Obligation, cast: Cast, signed_in: SignedIn
) -> None:
    head, coordinator = signed_in(cast.people.head_of_unit), signed_in(cast.people.coordinator)
    head.post(page_of(owed), {"version": 1, "step": "submit", "figure:patrols": "2", "text:situation": "Cũ"})
    draft.refresh_from_db()
    assert draft.state == SubmissionState.SUBMITTED
    coordinator.post(
        page_of(owed), {"version": draft.version, "step": "return", "reason:justice": "Xem lại tuần tra."}
    )
    assert "Xem lại tuần tra." in read(head.get(page_of(owed)))
    draft.refresh_from_db()
    head.post(
        page_of(owed),
        {"version": draft.version, "step": "submit", "figure:patrols": "4", "text:situation": "Mới"},
    )

    compared = read(coordinator.get(reverse("submission_versions", args=[owed.pk])))

    assert "<del>Cũ</del><ins>Mới</ins>" in compared
    assert "Version 1 and version 2" in compared


def test_a_file_that_is_not_what_it_says_is_refused(
    draft: Submission, owed: Obligation, cast: Cast, signed_in: SignedIn
) -> None:
    fake = SimpleUploadedFile("bao-cao.pdf", b"MZ not a pdf")

    answer = signed_in(cast.people.filing_officer).post(
        page_of(owed), {"version": draft.version, "step": "attach", "files": fake}
    )

    assert answer.status_code == 422
    assert not draft.files.exists()


def test_the_page_is_small_and_asks_the_database_a_fixed_number_of_times(
    draft: Submission,
    owed: Obligation,
    cast: Cast,
    signed_in: SignedIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    officer = signed_in(cast.people.filing_officer)
    officer.get(page_of(owed))
    with django_assert_num_queries(QUERIES):
        officer.get(page_of(owed))
    every = {f"figure:{code}": "7" for code in owed.form.indicators.values_list("indicator", flat=True)}
    officer.post(page_of(owed), {"version": draft.version, "step": "save", **every})
    officer.get(page_of(owed))  # tells that it is saved
    with django_assert_num_queries(QUERIES):
        shown = officer.get(page_of(owed))

    assert len(shown.content) < 150_000


def test_a_workbook_is_taken_whole_or_not_at_all(
    draft: Submission, owed: Obligation, cast: Cast, signed_in: SignedIn
) -> None:
    officer = signed_in(cast.people.filing_officer)
    book = b"".join(officer.get(reverse("submission_figures", args=[owed.pk])).streaming_content)
    upload = SimpleUploadedFile("so-lieu.xlsx", book)

    answer = officer.post(
        reverse("submission_upload", args=[owed.pk]), {"version": draft.version, "workbook": upload}
    )

    assert answer.status_code == 302
    assert not draft.figures.exists()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.dictionaries(
        st.sampled_from(["patrols", "victims_received", "victims_received/women"]), figures()
    )
)
def test_what_comes_out_as_a_workbook_goes_in_unchanged(
    said: dict[str, Any], draft: Submission, cast: Cast
) -> None:
    draft.figures.all().delete()
    draft.refresh_from_db()
    officer = cast.people.filing_officer
    saved = save_submission(
        submission=draft, actor=officer, version=draft.version, typed=Typed(figures=said, notes={})
    )
    before = list(saved.figures.order_by("pk").values())

    with written_figures(saved) as file:
        form = read_figures(saved, io.BytesIO(file.read()).getvalue())
    typed = form.read()

    assert typed is not None, form.errors
    after = save_submission(submission=saved, actor=officer, version=saved.version, typed=typed)
    assert list(after.figures.order_by("pk").values()) == before


def test_a_rule_is_switched_off_by_the_administrator(cast: Cast, signed_in: SignedIn) -> None:
    signed_in(cast.people.administrator).post(
        reverse("validation_rules"), {"code": "jump", "percent": "30", "at_least": "9"}
    )

    rule = ValidationRule.objects.get(code="jump")
    assert (rule.is_active, rule.params["percent"], rule.params["at_least"]) == (False, 30, 9)


def test_a_past_period_is_opened_and_entered_by_the_coordinator(cast: Cast, signed_in: SignedIn) -> None:
    coordinator = signed_in(cast.people.coordinator)
    given = {"form": "six_month", "agency": cast.agencies.bat_xat_police.pk, "period": "2016-H1"}

    opened = coordinator.post(reverse("past_periods"), given)

    made = Obligation.objects.unscoped("made by the page").get()
    assert (opened.status_code, made.is_historical, made.period_code) == (302, True, "2016-H1")
    assert coordinator.post(page_of(made), {"step": "open"}).status_code == 302


def test_a_period_that_has_not_ended_or_another_areas_unit_is_refused(
    cast: Cast, signed_in: SignedIn
) -> None:
    coordinator = signed_in(cast.people.coordinator)
    given = {"form": "six_month", "agency": cast.agencies.bat_xat_police.pk, "period": "2099-H1"}

    assert coordinator.post(reverse("past_periods"), given).status_code == 422
    far = {**given, "period": "2016-H1", "agency": cast.agencies.dak_ha_police.pk}
    assert coordinator.post(reverse("past_periods"), far).status_code == 422
    assert not Obligation.objects.unscoped("nothing was made").exists()
