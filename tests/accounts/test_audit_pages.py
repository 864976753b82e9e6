"""Administrators read the trail of their own people, narrow it down, and take it as a file."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEvent, Role, User
from accounts.services import record_event
from tests.cast import Cast, person
from tests.conftest import SignedIn


def _did(user: User | None, kind: AuditEvent.Kind, about: str = "", **detail: object) -> AuditEvent:
    if user is None:
        return AuditEvent.objects.create(kind=kind)
    return record_event(actor=user, kind=kind, about=about, detail=detail)


def _rows(page: str) -> int:
    return page.count('<th scope="row"')


@pytest.fixture
def happened(cast: Cast) -> Cast:
    """A refusal and an export in Lào Cai, a sign-in in Kon Tum, a failure on no account."""
    _did(cast.people.filing_officer, AuditEvent.Kind.REFUSED, "victims.victim:12")
    _did(cast.people.coordinator, AuditEvent.Kind.EXPORTED, "programs.activity", rows=40)
    _did(cast.people.stranger, AuditEvent.Kind.SIGNED_IN)
    _did(None, AuditEvent.Kind.SIGN_IN_FAILED)
    return cast


def test_an_administrator_sees_what_people_of_the_own_province_did(
    happened: Cast, signed_in: SignedIn
) -> None:
    page = signed_in(happened.people.administrator).get(reverse("audit_list")).content.decode()

    assert _rows(page) == 2
    assert "victims.victim:12" in page
    assert "rows: 40" in page
    assert happened.people.stranger.full_name not in page


def test_who_keeps_the_nation_sees_failures_on_no_account_too(happened: Cast, signed_in: SignedIn) -> None:
    keeper = person("quan.tri.quoc.gia@example.vn")
    keeper.memberships.create(
        agency=happened.agencies.lao_cai_police,
        role=Role.ADMINISTRATOR,
        area=happened.map.nation,
        valid_from=dt.date(2004, 1, 1),
    )

    assert _rows(signed_in(keeper).get(reverse("audit_list")).content.decode()) == 4


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"kind": "refused"}, 1),
        ({"about": "programs."}, 1),
        ({"about": "nothing"}, 0),
        ({"since": "today"}, 2),
        ({"until": "yesterday"}, 0),
        ({"person": "officer"}, 1),
        ({"before": "1"}, 0),
        ({"before": "x'--"}, 2),
    ],
)
def test_the_list_is_narrowed_down(
    asked: dict[str, str], count: int, happened: Cast, signed_in: SignedIn
) -> None:
    today = timezone.localdate()
    words = {
        "today": today.isoformat(),
        "yesterday": (today - dt.timedelta(days=1)).isoformat(),
        "officer": str(happened.people.filing_officer.pk),
    }
    sent = {name: words.get(value, value) for name, value in asked.items()}

    answer = signed_in(happened.people.administrator).get(reverse("audit_list"), sent)

    assert answer.status_code == 200
    assert _rows(answer.content.decode()) == count


@pytest.mark.parametrize("sent", [{"kind": "no_such"}, {"since": "32/13/2020"}, {"person": "stranger"}])
def test_what_cannot_be_asked_for_is_told_and_shows_nothing(
    sent: dict[str, str], happened: Cast, signed_in: SignedIn
) -> None:
    if "person" in sent:
        sent = {"person": str(happened.people.stranger.pk)}
    reader = signed_in(happened.people.administrator)

    answer = reader.get(reverse("audit_list"), sent)

    assert answer.status_code == 422
    assert _rows(answer.content.decode()) == 0
    assert reader.get(reverse("audit_export"), sent).status_code == 422


def test_the_file_holds_the_same_events_and_its_taking_is_one(happened: Cast, signed_in: SignedIn) -> None:
    officer = happened.people.filing_officer
    officer.full_name = "=HYPERLINK(1)"
    officer.save()
    reader = signed_in(happened.people.administrator)

    answer = reader.get(reverse("audit_export"), {"kind": "refused"})

    text = b"".join(answer).decode("utf-8-sig")
    heading, *rows = csv.reader(io.StringIO(text))
    assert heading[0] == "When"
    assert [row[1:] for row in rows] == [
        ["refused", "'=HYPERLINK(1)", officer.email, "victims.victim:12", "", ""]
    ]
    taken = AuditEvent.objects.filter(user=happened.people.administrator, kind=AuditEvent.Kind.EXPORTED).get()
    assert (taken.about, taken.detail) == ("accounts.auditevent", {"kind": "refused", "person": None})


def test_older_events_are_on_the_next_page_and_cost_the_same(
    happened: Cast, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        _did(happened.people.filing_officer, AuditEvent.Kind.SIGNED_IN, f"n{number}")
    reader = signed_in(happened.people.administrator)

    with django_assert_num_queries(4):
        page = reader.get(reverse("audit_list")).content.decode()

    assert _rows(page) == 50
    older = page.split('href="?before=')[1].split('"')[0]
    assert _rows(reader.get(reverse("audit_list"), {"before": older}).content.decode()) == 12
