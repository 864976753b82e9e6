"""A person takes all that the portal holds about them, and nothing about anybody else."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from accounts.services import record_event, save_form_draft
from config.own_data.gathering import PARTS
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.signing_in import sign_in_by_force

pytestmark = pytest.mark.django_db

#: Work of the unit that names who did it; the acts themselves stand in the trail.
OF_THE_UNIT = frozenset({"programs", "incidents", "victims", "reporting", "pghistory"})
#: What an administrator did for others.
FOR_OTHERS = frozenset({"accounts.ApiKey", "accounts.Webhook", "accounts.Contact"})


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def _taken(browser: Client) -> dict[str, str]:
    answer = browser.post(reverse("own_data"))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_the_file_holds_own_roles_drafts_and_acts_and_no_secret(cast: Cast, signed_in: SignedIn) -> None:
    officer, other = cast.people.filing_officer, cast.people.stranger
    officer.set_password("Mua-Xuan-Y-Ty-2026")
    officer.save()
    save_form_draft(user=officer, form="activity:new", fields=[("title", ["Nháp của tôi"])])
    record_event(actor=other, kind=AuditEvent.Kind.EXPORTED, about="not.mine")

    files = _taken(signed_in(officer))

    assert set(files) == {f"{name}.{end}" for name in PARTS for end in ("json", "csv")} | {"contents.json"}
    (account,) = json.loads(files["account.json"])
    assert account["email"] == officer.email
    assert "password" not in account
    assert len(json.loads(files["roles.json"])) == officer.memberships.count()
    assert "Nháp của tôi" in files["drafts.json"]
    assert "Nháp của tôi" in files["drafts.csv"]
    told = "".join(files.values())
    assert officer.password not in told
    assert other.email not in told
    assert "not.mine" not in told
    assert AuditEvent.objects.get(kind="own_data_taken").user == officer


def test_the_file_is_given_three_times_an_hour_and_only_after_confirming(
    cast: Cast, signed_in: SignedIn
) -> None:
    browser = signed_in(cast.people.filing_officer)
    answers = [browser.post(reverse("own_data")).status_code for _again in range(4)]
    cast.people.stranger.set_password("Mua-Xuan-Y-Ty-2026")
    cast.people.stranger.save()
    late = Client()
    sign_in_by_force(late, cast.people.stranger, seconds_ago=3600)

    assert answers == [200, 200, 200, 429]
    assert late.post(reverse("own_data")).status_code == 302
    assert AuditEvent.objects.filter(kind="own_data_taken", user=cast.people.stranger).count() == 0


def test_every_table_that_is_about_a_person_is_part_of_the_file() -> None:
    about = {
        model._meta.label
        for model in apps.get_models()
        if not hasattr(model, "pgh_tracked_model")
        for field in model._meta.concrete_fields
        if field.related_model is User and model._meta.app_label not in OF_THE_UNIT
    }

    assert about - {part.model for part in PARTS.values()} - FOR_OTHERS == set()
