"""What was filled without a line is filed once, for whoever filled it; the copy of the form tells of nobody."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import FormDraft
from programs.models import Activity
from programs.services import change_activity
from tests.programs.cast import Cast, typed_form
from tests.programs.conftest import SignedIn
from tests.programs.test_changing import fields_of

NEW, COPY, SENDING = "/activities/new/", "/activities/new/offline/", "/activities/new/sending/"
KEEP = "/activities/drafts/activity:new/"


def kept(cast: Cast, **changed: Any) -> dict[str, Any]:
    """What a browser sends of a form that the officer filled without a line."""
    return typed_form(cast, typed_by=str(cast.officer.pk), **changed)


def filed_by(cast: Cast) -> list[Activity]:
    return list(Activity.objects.visible_to(cast.officer).filter(filed_by=cast.officer))


def test_a_form_that_is_sent_twice_is_filed_once(cast: Cast, signed_in: SignedIn) -> None:
    client, form = signed_in(cast.officer), kept(cast)

    answers = [client.post(SENDING, form) for _ in range(2)]

    activity = filed_by(cast)[0]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert {answer.json()["url"] for answer in answers} == {f"/activities/{activity.pk}/"}
    assert activity.state == Activity.State.SUBMITTED
    assert len(filed_by(cast)) == 1


def test_a_form_may_wait_as_a_draft_of_the_unit(cast: Cast, signed_in: SignedIn) -> None:
    signed_in(cast.officer).post(SENDING, kept(cast, state="draft"))

    assert [activity.state for activity in filed_by(cast)] == [Activity.State.DRAFT]


def test_a_form_filed_meanwhile_with_other_content_is_refused_and_told(
    cast: Cast, signed_in: SignedIn
) -> None:
    client, form = signed_in(cast.officer), kept(cast)
    client.post(NEW, form)

    answer = client.post(SENDING, {**form, "narrative": "Bổ sung khi mất mạng."})

    assert answer.status_code == 409
    assert "filed already" in answer.json()["message"]
    assert [activity.narrative for activity in filed_by(cast)] == ["Dòng một.\nDòng hai."]


def test_a_form_sent_again_after_the_activity_was_changed_does_not_change_it_back(
    cast: Cast, signed_in: SignedIn
) -> None:
    client, form = signed_in(cast.officer), kept(cast)
    client.post(SENDING, form)
    activity = filed_by(cast)[0]
    change_activity(
        activity=activity,
        actor=cast.officer,
        version=activity.version,
        **{**fields_of(activity), "title": "Tên đã sửa"},
    )

    assert client.post(SENDING, form).status_code == 409
    assert [activity.title for activity in filed_by(cast)] == ["Tên đã sửa"]


def test_a_form_that_breaks_a_rule_is_refused_with_every_fault(cast: Cast, signed_in: SignedIn) -> None:
    form = kept(cast, title="", ended_on="04/03/2020", **{"quantities-0-figure": "rất nhiều"})

    answer = signed_in(cast.officer).post(SENDING, form)

    assert answer.status_code == 422
    for told in ("Title: Type a text here.", "Last day: ", "How many: "):
        assert told in answer.json()["message"]
    assert filed_by(cast) == []


def test_a_form_without_its_key_could_be_doubled_and_is_refused(cast: Cast, signed_in: SignedIn) -> None:
    assert signed_in(cast.officer).post(SENDING, kept(cast, submission_key="")).status_code == 422
    assert filed_by(cast) == []


def test_nobody_files_what_somebody_else_filled(cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.colleague).post(SENDING, kept(cast))

    assert answer.status_code == 409
    assert "Another person" in answer.json()["message"]
    assert not Activity.objects.visible_to(cast.colleague).filter(filed_by=cast.colleague).exists()


def test_who_is_signed_in_is_told_with_a_token_to_send_with(cast: Cast, signed_in: SignedIn) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.officer)
    told = client.get(SENDING).json()

    assert told["reader"] == str(cast.officer.pk)
    assert client.post(SENDING, kept(cast)).status_code == 403
    assert client.post(SENDING, kept(cast), headers={"X-CSRFToken": told["token"]}).status_code == 200


def test_sending_ends_the_draft_of_that_form_and_of_no_other(cast: Cast, signed_in: SignedIn) -> None:
    client, form, other = signed_in(cast.officer), kept(cast), typed_form(cast, title="Bắt đầu ở máy khác")
    client.post(KEEP, form)
    client.post(SENDING, form)
    assert not FormDraft.objects.exists()

    client.post(KEEP, other)
    client.post(SENDING, kept(cast))
    assert FormDraft.objects.get().fields["title"] == ["Bắt đầu ở máy khác"]


def test_the_copy_of_the_form_names_nobody_and_holds_no_token_and_no_draft(
    cast: Cast, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast.officer)
    client.post(KEEP, typed_form(cast, title="Đang gõ dở"))
    with django_assert_num_queries(5):
        page = client.get(COPY).content.decode()

    for personal in (cast.officer.full_name, cast.officer.email, "Đang gõ dở", "csrf", 'type="file"'):
        assert personal.lower() not in page.lower()
    assert re.search(r'name="submission_key"[^>]*>', page)
    assert not re.search(r'name="submission_key" value=', page)
    assert 'name="quantities-0-figure"' in page


def test_the_worker_reaches_no_further_than_the_form(client: Client) -> None:
    answer = client.get(reverse("activity_worker"))

    assert answer["Content-Type"].startswith("text/javascript")
    assert answer.wsgi_request.path == f"{NEW}worker.js"
    assert "Service-Worker-Allowed" not in answer.headers
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
