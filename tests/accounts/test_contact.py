"""The page that says whom to ask, and who writes it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from pytest_django import Settings

from accounts.contacts import set_contact
from accounts.models import AuditEvent, Contact
from tests.cast import Cast
from tests.conftest import SignedIn

TYPED = {"office": "Phòng Cảnh sát hình sự", "phone": "0214 3 840 000", "email": "phong@example.vn"}


def test_an_administrator_writes_the_contact_and_everybody_in_the_area_reads_it(
    cast: Cast, signed_in: SignedIn
) -> None:
    address = f"/contact/{cast.map.lao_cai.pk}/edit/"

    assert signed_in(cast.people.administrator).post(address, TYPED)["Location"] == "/contact/"

    kept = Contact.objects.get()
    assert (kept.office, kept.changed_by) == (TYPED["office"], cast.people.administrator)
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.CONTACT_CHANGED).count() == 1
    page = signed_in(cast.people.filing_officer).get("/contact/").content.decode()
    assert TYPED["office"] in page and "0214 3 840 000" in page and "/edit/" not in page
    assert TYPED["office"] not in signed_in(cast.people.stranger).get("/contact/").content.decode()
    assert TYPED["office"] not in Client().get("/contact/").content.decode()


def test_the_page_names_the_standing_agency_and_takes_a_constant_number_of_statements(
    cast: Cast, signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    reader = signed_in(cast.people.filing_officer)

    with django_assert_num_queries(5):
        page = reader.get("/contact/").content.decode()

    assert cast.agencies.lao_cai_police.name in page


def test_who_runs_the_portal_is_named_to_everybody(settings: Settings, db: None) -> None:
    assert "111" in Client().get("/contact/").content.decode()
    settings.CONTACT_EMAIL = "cong@example.vn"

    assert "cong@example.vn" in Client().get("/contact/").content.decode()


@pytest.mark.parametrize(
    "wrong", [{"office": ""}, {"phone": "gọi sau"}, {"email": "khong"}, {"office": "x" * 161}]
)
def test_what_nobody_can_reach_is_refused(wrong: dict[str, str], cast: Cast, signed_in: SignedIn) -> None:
    address = f"/contact/{cast.map.lao_cai.pk}/edit/"

    assert signed_in(cast.people.administrator).post(address, {**TYPED, **wrong}).status_code == 422
    assert not Contact.objects.exists()


def test_nobody_writes_the_contact_of_another_area(cast: Cast) -> None:
    for actor, area in (
        (cast.people.administrator, cast.map.kon_tum),
        (cast.people.coordinator, cast.map.lao_cai),
    ):
        with pytest.raises(PermissionDenied):
            set_contact(area=area, actor=actor, **TYPED)
