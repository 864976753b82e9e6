"""Who opened a document of a province, or took a file of it, is answered where it is for the other records."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from accounts.models import ReadEvent
from programs.models import Attachment, Document
from territory.models import Agency, Area
from tests.cast import Cast
from tests.conftest import SignedIn

pytestmark = pytest.mark.django_db

NUMBER = "15/KH-CAH"


def document(issuer: Agency, area: Area, number: str = NUMBER) -> Document:
    made: Document = Document.objects.create(
        kind="plan", number=number, year=2025, issuer=issuer, area=area, subject="Kế hoạch phòng ngừa"
    )
    return made


def file_of(held: Document, cast: Cast) -> Attachment:
    made: Attachment = Attachment.objects.create(
        document=held,
        file=ContentFile(b"%PDF-1.7", name="a.pdf"),
        name="a.pdf",
        media_type="application/pdf",
        size=8,
        sha256="0" * 64,
        added_by=cast.people.filing_officer,
    )
    return made


def reads(held: Document) -> list[str]:
    found = ReadEvent.objects.filter(record=f"programs.document:{held.pk}").exclude(how="history")
    return list(found.order_by("pk").values_list("how", flat=True))


def test_each_opening_and_each_file_of_a_document_is_in_the_read_log(cast: Cast, signed_in: SignedIn) -> None:
    held = document(cast.agencies.bat_xat_police, cast.map.bat_xat)
    browser = signed_in(cast.people.filing_officer)

    assert browser.get(reverse("document_detail", args=[held.pk])).status_code == 200
    file = browser.get(reverse("attachment_download", args=[file_of(held, cast).key]))
    assert file.status_code == 200
    assert browser.get(f"/api/v1/documents/{held.pk}/").status_code == 200

    assert reads(held) == ["page", "export", "api"]
    page = signed_in(cast.people.administrator).get(reverse("record_seen"), {"code": NUMBER}).content.decode()
    assert page.count(cast.people.filing_officer.full_name) >= 3
    assert held.subject not in page


def test_a_document_of_the_nation_is_for_everybody_and_leaves_no_read(
    cast: Cast, signed_in: SignedIn
) -> None:
    held = document(cast.agencies.bat_xat_police, cast.map.nation)

    assert signed_in(cast.people.filing_officer).get(f"/documents/{held.pk}/").status_code == 200

    assert reads(held) == []


def test_who_may_not_see_a_document_leaves_no_read_and_learns_nothing(
    cast: Cast, signed_in: SignedIn
) -> None:
    held = document(cast.agencies.kon_tum_police, cast.map.kon_tum)

    assert signed_in(cast.people.filing_officer).get(f"/documents/{held.pk}/").status_code == 404
    asked = signed_in(cast.people.administrator).get(reverse("record_seen"), {"code": f"document:{held.pk}"})

    assert asked.status_code == 422
    assert reads(held) == []


def test_of_several_with_the_same_number_each_is_asked_for_from_its_own_page(
    cast: Cast, signed_in: SignedIn
) -> None:
    first = document(cast.agencies.bat_xat_police, cast.map.bat_xat)
    document(cast.agencies.lao_cai_police, cast.map.lao_cai)
    browser = signed_in(cast.people.administrator)

    assert browser.get(reverse("record_seen"), {"code": NUMBER}).status_code == 422
    own = browser.get(reverse("record_seen"), {"code": f"document:{first.pk}"})

    assert own.status_code == 200
    assert first.issuer.name in own.content.decode()
    taken = browser.get(reverse("record_seen_export"), {"code": f"document:{first.pk}"})
    assert taken["Content-Disposition"] == 'attachment; filename="seen-15kh-cah.csv"'
