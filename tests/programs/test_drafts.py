"""What is typed is kept by the server until it is filed or discarded."""

import json
from typing import Any

import pytest

from accounts.models import FormDraft
from accounts.services import DRAFT_MAX_BYTES, DraftTooLarge, save_form_draft
from programs.services import change_activity
from tests.programs.cast import Cast, filed, quantity, typed_form
from tests.programs.conftest import SignedIn
from tests.programs.test_changing import fields_of

NEW, KEEP = "/activities/new/", "/activities/drafts/activity:new/"


def half_typed(cast: Cast, **changed: Any) -> dict[str, Any]:
    return typed_form(cast, ended_on="sắp tới", title="Nửa chừng", csrfmiddlewaretoken="secret", **changed)


def test_a_draft_comes_back_as_it_was_typed(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.officer)
    answer = client.post(KEEP, half_typed(cast, narrative="x" * 100_000))
    assert answer.status_code == 200
    assert "saved_at" in json.loads(answer.content)

    page = client.get(NEW).content.decode()
    for typed in ('value="Nửa chừng"', 'value="sắp tới"', 'value="trên 6.770"', "x" * 100_000, "12.500.000"):
        assert typed in page
    assert "Discard the draft" in page
    assert "field-error" not in page
    assert "csrfmiddlewaretoken" not in FormDraft.objects.get().fields
    assert "Nửa chừng" not in signed_in(cast.colleague).get(NEW).content.decode()


def test_a_draft_is_discarded_on_demand(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.officer)
    client.post(KEEP, half_typed(cast))
    response = client.post(KEEP, {"discard": "yes"})

    assert response["Location"] == NEW
    assert not FormDraft.objects.exists()
    assert "Nửa chừng" not in client.get(NEW).content.decode()


def test_filing_ends_the_draft_and_a_late_autosave_does_not_bring_it_back(
    cast: Cast, signed_in: SignedIn
) -> None:
    client, typed = signed_in(cast.officer), typed_form(cast)
    client.post(KEEP, typed)
    assert client.post(NEW, typed).status_code == 302
    assert not FormDraft.objects.exists()
    assert client.post(KEEP, typed).status_code == 409
    assert not FormDraft.objects.exists()


def test_a_draft_of_a_change_is_kept_apart_and_warns_of_other_changes(
    cast: Cast, signed_in: SignedIn
) -> None:
    activity = filed(cast, quantity("sessions", "3"))
    client, keep = signed_in(cast.officer), f"/activities/drafts/activity:{activity.pk}/"
    address = f"/activities/{activity.pk}/edit/"
    assert client.post(keep, half_typed(cast, version="1")).status_code == 200
    assert "Nửa chừng" in client.get(address).content.decode()
    assert "Nửa chừng" not in client.get(NEW).content.decode()

    change_activity(activity=activity, actor=cast.colleague, version=1, **fields_of(activity, title="Khác"))
    assert client.post(keep, half_typed(cast, version="1")).status_code == 200
    assert 'name="version" value="1"' in client.get(address).content.decode()
    assert client.post(address, typed_form(cast, version="1")).status_code == 409
    assert client.post(address, typed_form(cast, version="2")).status_code == 302
    assert client.post(keep, half_typed(cast, version="2")).status_code == 409
    assert not FormDraft.objects.exists()


@pytest.mark.parametrize(
    "form", ["activity:0", "activity:x", "case:1", "activity:", "activity:999999999", "a" * 500]
)
def test_other_forms_have_no_drafts_here(cast: Cast, signed_in: SignedIn, form: str) -> None:
    assert signed_in(cast.officer).post(f"/activities/drafts/{form}/", {"title": "x"}).status_code == 404


def test_drafts_are_for_who_may_file(cast: Cast, signed_in: SignedIn) -> None:
    activity = filed(cast)
    keep = f"/activities/drafts/activity:{activity.pk}/"
    assert signed_in(cast.stranger).post(keep, {"title": "x"}).status_code == 404
    assert signed_in(cast.coordinator).post(keep, {"title": "x"}).status_code == 404
    assert signed_in(cast.coordinator).post(KEEP, {"title": "x"}).status_code == 403
    assert signed_in(cast.officer).get(KEEP).status_code == 405


def test_a_draft_has_a_limit_and_keeps_no_secrets(cast: Cast, signed_in: SignedIn) -> None:
    with pytest.raises(DraftTooLarge):
        save_form_draft(user=cast.officer, form="f", fields=[("text", ["x" * DRAFT_MAX_BYTES])])
    typed = [("new_password", ["p"]), ("csrfmiddlewaretoken", ["t"]), ("title", ["a\x00b"])]
    save_form_draft(user=cast.officer, form="f", fields=typed)
    assert FormDraft.objects.get(form="f").fields == {"title": ["ab"]}
    answer = signed_in(cast.officer).post(KEEP, half_typed(cast, narrative="x" * 250_000))
    assert answer.status_code == 422
