"""Home: what a person has to do next, and what changed since the last visit."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice, Role, Visit
from accounts.notices import notify
from accounts.visits import note_visit
from reporting.changes import changes_since
from reporting.models import Report, SubmissionState
from reporting.services import approval, jobs, making
from territory.period import parse_period as parse
from tests.cast import Cast, member
from tests.conftest import SignedIn
from tests.reporting.records import H1, activity, load_catalogue, obligation, submission

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("patient")]

NOW = dt.datetime(2020, 6, 20, 8, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    load_catalogue()


def test_a_visit_goes_on_for_half_an_hour_and_the_next_knows_when_it_ended(cast: Cast) -> None:
    officer = cast.people.filing_officer

    assert note_visit(user=officer, now=NOW).before is None
    assert note_visit(user=officer, now=NOW + HOUR / 4).before is None
    assert note_visit(user=officer, now=NOW + HOUR).before == NOW + HOUR / 4
    assert note_visit(user=officer, now=NOW + HOUR * 1.2).before == NOW + HOUR / 4
    assert Visit.objects.get().seen_at == NOW + HOUR * 1.2


def test_home_says_what_others_changed_since_the_last_visit(cast: Cast, signed_in: SignedIn) -> None:
    coordinator, yesterday = cast.people.coordinator, timezone.now() - dt.timedelta(days=1)
    Visit.objects.create(user=coordinator, seen_at=yesterday)
    held = activity(cast.agencies.bat_xat_police, cast.map.y_ty)
    sent = submission(
        obligation(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai), state=SubmissionState.SUBMITTED
    )
    activity(cast.agencies.dak_ha_police, cast.map.dak_ha)

    page = signed_in(coordinator).get(reverse("home")).content.decode()
    changed = page.split('id="changes"')[1].split("</section>")[0]

    assert reverse("activity_detail", args=[held.pk]) in changed
    assert reverse("obligation_detail", args=[sent.obligation_id]) in changed
    assert changed.count('class="work-item"') == 2
    assert "Công an huyện Đăk Hà" not in changed


def test_own_changes_are_no_news(cast: Cast) -> None:
    officer = cast.people.filing_officer
    held = activity(cast.agencies.bat_xat_police, cast.map.y_ty)
    held.filed_by = officer
    held.save()
    other = activity(cast.agencies.bat_xat_police, cast.map.y_ty)

    found = changes_since(officer, timezone.now() - HOUR, 8)

    assert [change.url for change in found] == [reverse("activity_detail", args=[other.pk])]
    assert changes_since(cast.people.administrator, timezone.now() - HOUR, 8) == []


def test_a_glance_counts_what_is_late_returned_and_unread(cast: Cast, signed_in: SignedIn) -> None:
    officer, today = cast.people.filing_officer, timezone.localdate()
    bat_xat = (cast.agencies.bat_xat_police, cast.map.bat_xat)
    obligation(*bat_xat, due_on=today - dt.timedelta(days=3))
    back = obligation(*bat_xat, parse("2019-H2"), due_on=today - dt.timedelta(days=200))
    submission(back, state=SubmissionState.RETURNED)
    obligation(*bat_xat, parse("2020-H2"), due_on=today + dt.timedelta(days=9))
    notify(people=[officer], kind=Notice.SUBMISSION_RETURNED, key="k", url=f"/obligations/{back.pk}/")

    page = signed_in(officer).get(reverse("home")).content.decode()

    for line in ("Late: 1", "Due within a month: 1", "Reports returned: 1", "Unread notices: 1"):
        assert line in page
    assert f'href="/obligations/{back.pk}/"' in page


def test_who_reviews_is_led_to_the_report_that_was_sent(cast: Cast, signed_in: SignedIn) -> None:
    member(cast.people.head_of_unit, Role.HEAD_OF_UNIT, cast.agencies.lao_cai_police)
    asked = {"kind": "six_month", "area": cast.map.lao_cai, "period": H1}
    job = jobs.request_report(actor=cast.people.coordinator, **asked)
    lease = jobs.take(str(job.key))
    assert lease is not None
    making.carry_out(lease)
    report = Report.objects.unscoped("the test looks at every report").get(job=job)
    draft = approval.adopt_report(report=report, actor=cast.people.coordinator)
    approval.send_for_review(draft=draft, actor=cast.people.coordinator, version=draft.version)

    page = signed_in(cast.people.head_of_unit).get(reverse("home")).content.decode()
    papers = page.split('id="papers"')[1].split("</section>")[0]

    assert reverse("report_detail", args=[report.key]) in papers
    assert "sent by you" not in papers
    assert "sent by you" in signed_in(cast.people.coordinator).get(reverse("home")).content.decode()
    assert 'id="papers"' not in signed_in(cast.people.filing_officer).get(reverse("home")).content.decode()


def test_the_steering_member_is_led_to_the_dashboard(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.people.steering_member).get(reverse("home")).content.decode()

    assert f'class="btn btn-primary" href="{reverse("dashboard")}"' in page


def test_more_changes_take_no_more_statements(cast: Cast, signed_in: SignedIn) -> None:
    coordinator = cast.people.coordinator
    browser = signed_in(coordinator)
    Visit.objects.create(user=coordinator, seen_at=timezone.now() - HOUR * 5)
    activity(cast.agencies.bat_xat_police, cast.map.y_ty)
    browser.get(reverse("home"))
    with CaptureQueriesContext(connection) as few:
        browser.get(reverse("home"))

    for _number in range(12):
        activity(cast.agencies.bat_xat_police, cast.map.y_ty)
    obligation(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai)
    with CaptureQueriesContext(connection) as many:
        browser.get(reverse("home"))

    assert len(many) == len(few)
