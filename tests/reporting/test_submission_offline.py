"""A report that was filled in without a line is stored once, for whoever filled it, and never over another's work."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from reporting.models import Form, FormIndicator, FormKind, FormSection, Obligation, Section, Submission
from reporting.models import SubmissionState as State
from reporting.services.submissions import Typed, save_submission
from territory.figure import parse_figure
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.reporting.records import form_of, load_catalogue

pytestmark = pytest.mark.django_db

FIGURE = "figure:lesson_attendances"
#: Statements of the copy, however many figures it has.
COPY_QUERIES = 6


@pytest.fixture(autouse=True)
def asked_form(db: None) -> Form:
    """The six-month form with two indicators, one of them told apart, and one section."""
    load_catalogue()
    form = form_of(FormKind.SIX_MONTH)
    form.indicators.all().delete()
    form.sections.all().delete()
    for order, (code, breakdowns) in enumerate((("lesson_attendances", []), ("victims_received", ["group"]))):
        FormIndicator.objects.create(form=form, indicator=code, order=order, breakdowns=breakdowns)
    FormSection.objects.create(form=form, section=Section.SITUATION, order=0)
    return form


def sending(owed: Obligation) -> str:
    return f"/obligations/{owed.pk}/submission/sending/"


def kept(cast: Cast, draft: Submission, **changed: str) -> dict[str, str]:
    """What a browser sends of a report that the officer filled without a line."""
    return {
        "typed_by": str(cast.people.filing_officer.pk),
        "submission_key": str(uuid.uuid4()),
        "version": str(draft.version),
        "step": "save",
        FIGURE: "trên 1.250",
        "text:situation": "Tình hình ổn định.",
        **changed,
    }


def told(draft: Submission) -> dict[str, str]:
    return {row.indicator.code: str(row.figure) for row in draft.figures.select_related("indicator")}


def test_a_report_that_is_sent_twice_is_stored_once(
    cast: Cast, signed_in: SignedIn, owed: Obligation, draft: Submission
) -> None:
    client, form = signed_in(cast.people.filing_officer), kept(cast, draft)

    answers = [client.post(sending(owed), form) for _ in range(2)]

    draft.refresh_from_db()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["url"] == f"/obligations/{owed.pk}/submission/"
    assert told(draft).keys() == {"lesson_attendances"}
    assert (draft.version, draft.state) == (2, State.DRAFT)


def test_a_report_is_submitted_by_the_head_where_that_was_asked(
    cast: Cast, signed_in: SignedIn, owed: Obligation, draft: Submission
) -> None:
    head = cast.people.head_of_unit
    form = kept(cast, draft, typed_by=str(head.pk), step="submit")

    answer = signed_in(head).post(sending(owed), form)

    draft.refresh_from_db()
    assert answer.status_code == 200
    assert draft.state == State.SUBMITTED


def test_what_may_not_be_submitted_yet_is_stored_all_the_same(
    cast: Cast, signed_in: SignedIn, owed: Obligation, draft: Submission
) -> None:
    answer = signed_in(cast.people.filing_officer).post(sending(owed), kept(cast, draft, step="submit"))

    draft.refresh_from_db()
    assert answer.json()["message"].startswith("Saved, but not submitted: ")
    assert (draft.state, set(told(draft))) == (State.DRAFT, {"lesson_attendances"})


def test_what_another_changed_meanwhile_stays_and_is_told(
    cast: Cast, signed_in: SignedIn, owed: Obligation, draft: Submission
) -> None:
    head, form = cast.people.head_of_unit, kept(cast, draft)
    theirs = Typed({"lesson_attendances": parse_figure("900")})
    save_submission(submission=draft, actor=head, version=draft.version, typed=theirs)

    answer = signed_in(cast.people.filing_officer).post(sending(owed), form)

    assert answer.status_code == 409
    assert head.full_name in answer.json()["message"]
    assert "900" in told(draft)["lesson_attendances"]


@pytest.mark.parametrize(
    ("changed", "status", "message"),
    [
        ({"typed_by": "1"}, 409, "Another person"),
        ({"submission_key": ""}, 422, "without its key"),
        ({FIGURE: "rất nhiều lắm"}, 422, ": "),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_stored(
    changed: dict[str, str],
    status: int,
    message: str,
    cast: Cast,
    signed_in: SignedIn,
    owed: Obligation,
    draft: Submission,
) -> None:
    answer = signed_in(cast.people.filing_officer).post(sending(owed), kept(cast, draft, **changed))

    assert answer.status_code == status
    assert message in answer.json()["message"]
    assert told(draft) == {}


def test_a_key_that_came_with_other_content_stores_nothing_more(
    cast: Cast, signed_in: SignedIn, owed: Obligation, draft: Submission
) -> None:
    client, form = signed_in(cast.people.filing_officer), kept(cast, draft)
    client.post(sending(owed), form)

    assert client.post(sending(owed), {**form, FIGURE: "7"}).status_code == 422
    assert "1" in told(draft)["lesson_attendances"]


def test_the_copy_holds_what_is_stored_and_names_nobody(
    cast: Cast,
    signed_in: SignedIn,
    owed: Obligation,
    draft: Submission,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    officer = cast.people.filing_officer
    client = signed_in(officer)
    client.post(sending(owed), kept(cast, draft))
    client.post(f"/obligations/{owed.pk}/submission/draft/", {"version": "2", "text:situation": "Đang gõ dở"})
    with django_assert_num_queries(COPY_QUERIES):
        page: Any = client.get(f"/obligations/{owed.pk}/submission/offline/").content.decode()

    assert f'name="{FIGURE}" value="trên 1.250"' in page
    assert "Tình hình ổn định." in page
    assert 'name="figure:victims_received/' in page
    for personal in (officer.full_name, officer.email, "Đang gõ dở", "csrf", 'type="file"'):
        assert personal.lower() not in page.lower()


def test_a_report_that_is_submitted_has_no_copy(
    cast: Cast, signed_in: SignedIn, owed: Obligation, draft: Submission
) -> None:
    client = signed_in(cast.people.head_of_unit)
    form = kept(cast, draft, typed_by=str(cast.people.head_of_unit.pk), step="submit")
    client.post(sending(owed), form)

    assert client.get(f"/obligations/{owed.pk}/submission/offline/").status_code == 404
    again = {**form, "submission_key": str(uuid.uuid4())}
    assert client.post(sending(owed), again).status_code == 409


def test_the_worker_reaches_no_further_than_the_report(client: Client, owed: Obligation) -> None:
    answer = client.get(f"/obligations/{owed.pk}/submission/worker.js")

    assert answer["Content-Type"].startswith("text/javascript")
    assert f"/obligations/{owed.pk}/submission/offline/" in answer.content.decode()
    assert "Service-Worker-Allowed" not in answer.headers
