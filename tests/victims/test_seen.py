"""Who saw a record is answered to who reads the trail of its area, with addresses, and the record stays closed."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEvent, ReadEvent
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.victims.files import file_of
from victims.models import Victim

pytestmark = pytest.mark.django_db


@pytest.fixture
def victim(cast: Cast, signed_in: SignedIn) -> Victim:
    """A file of Lào Cai that its case worker opened from an address."""
    found = file_of(cast.people.case_worker)
    browser = signed_in(cast.people.case_worker)
    browser.get(reverse("victim_detail", args=[found.code]), REMOTE_ADDR="203.0.113.9")
    return found


def test_who_reads_the_trail_learns_who_opened_a_file_when_and_from_where(
    cast: Cast, signed_in: SignedIn, victim: Victim
) -> None:
    browser = signed_in(cast.people.administrator)

    page = browser.get(reverse("record_seen"), {"code": victim.code}).content.decode()

    assert cast.people.case_worker.full_name in page
    assert "203.0.113.9" in page
    assert reverse("victim_detail", args=[victim.code]) not in page
    assert ReadEvent.objects.filter(user=cast.people.administrator, how="history").count() == 1
    narrowed = browser.get(reverse("record_seen"), {"code": victim.code, "until": "01/01/2020"})
    assert "203.0.113.9" not in narrowed.content.decode()


def test_the_file_of_it_has_both_logs_and_taking_it_is_in_the_trail(
    cast: Cast, signed_in: SignedIn, victim: Victim
) -> None:
    browser = signed_in(cast.people.administrator)

    answer = browser.get(reverse("record_seen_export"), {"code": victim.code})

    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))  # type: ignore[call-overload]
    assert [victim.code, cast.people.case_worker.email, "page", "203.0.113.9"] in [
        [row[0], row[3], row[4], row[5]] for row in rows
    ]
    assert AuditEvent.objects.get(kind="exported").about == f"victims.victim:{victim.pk}"


def test_a_record_of_another_province_is_as_unknown_as_one_that_is_not_there(
    cast: Cast, signed_in: SignedIn, victim: Victim
) -> None:
    Victim.objects.unscoped("moved for the test").filter(pk=victim.pk).update(area=cast.map.dak_ha)
    browser = signed_in(cast.people.administrator)

    far = browser.get(reverse("record_seen"), {"code": victim.code})
    missing = browser.get(reverse("record_seen"), {"code": "NN-222222"})

    assert (far.status_code, missing.status_code) == (422, 422)
    assert far.context["form"].errors == missing.context["form"].errors
    assert browser.get(reverse("record_seen_export"), {"code": victim.code}).status_code == 404


def test_the_page_takes_the_same_statements_however_often_a_file_was_opened(
    cast: Cast, signed_in: SignedIn, victim: Victim, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser, worker = signed_in(cast.people.administrator), signed_in(cast.people.case_worker)
    with django_assert_num_queries(14):
        browser.get(reverse("record_seen"), {"code": victim.code})
    for _again in range(3):
        worker.get(reverse("victim_detail", args=[victim.code]))
    with django_assert_num_queries(14):
        browser.get(reverse("record_seen"), {"code": victim.code})
