"""The clock of the portal jumps over a cut-off and back: what is late is judged by the time it was accepted at."""

from __future__ import annotations

import datetime as dt
import http.client
import time
import uuid
from email.utils import parsedate_to_datetime
from random import Random

import pytest
from django.utils import timezone

from benchmarks.forms import form_of
from benchmarks.portal import Browser
from programs.models import Activity
from reporting.models import FormKind, Obligation, Report, ReportJob
from tests.cast import Cast
from tests.faults.clients import FILING, activity_fields
from tests.faults.clock import LIBRARY, READ_AGAIN, Clock
from tests.faults.conftest import Deployment
from tests.faults.portal import KillablePortal
from tests.faults.proof import is_settled
from tests.faults.staff import NEWCOMER, PASSWORD, engage, run_checks
from tests.reporting.records import until

WHY = "the test looks at everything"


def _owes(cast: Cast, month: int, due_on: dt.date) -> Obligation:
    """A report of its own that the police owe."""
    start = dt.date(2020, month, 1)
    end = start + dt.timedelta(days=20 + month)
    made: Obligation = Obligation.objects.create(
        form_id=FormKind.AD_HOC.value,
        agency=cast.agencies.kon_tum_police,
        area=cast.map.kon_tum,
        period_code=f"{start}..{end}",
        period_start=start,
        period_end=end,
        period_rule="ND09/2019",
        due_on=due_on,
    )
    return made


class Office:
    """An officer at the browser, and the clock of the portal's machine."""

    def __init__(self, portal: KillablePortal, clock: Clock, cast: Cast) -> None:
        self.portal, self.clock, self.cast = portal, clock, cast
        self.browser = Browser(portal.port)
        self.filed: list[uuid.UUID] = []

    def at(self, moment: dt.datetime) -> None:
        """Set the clock and wait until every process of the web goes by it.

        One of them may answer each time that is asked, so all are given the time to read it again as well.
        """
        self.clock.stand_at(moment)
        is_read = time.monotonic() + 2 * READ_AGAIN
        until(lambda: time.monotonic() > is_read and abs(self._told() - moment) < dt.timedelta(minutes=2))

    def submit(self, owed: Obligation) -> None:
        page = f"/obligations/{owed.pk}/submission/"
        for step, field in (("open", "csrfmiddlewaretoken"), ("submit", "text:situation")):
            typed = dict(form_of(self.browser.get(page).text, field=field)) | {"step": step}
            answer = self.browser.post(page, [(name, value or "0") for name, value in typed.items()])
            assert answer.status == 302, answer.text

    def file(self) -> None:
        key = uuid.uuid4()
        token = dict(form_of(self.browser.get(FILING).text, field="submission_key"))["csrfmiddlewaretoken"]
        fields = activity_fields(self.cast, key, 12) | {"csrfmiddlewaretoken": token}
        for _ in range(2):  # sent twice, as by an impatient hand
            assert self.browser.post(FILING, list(fields.items())).status == 302
        self.filed.append(key)

    def ask_for_report(self) -> ReportJob:
        form = dict(form_of(self.browser.get("/reports/new/").text, field="request_key"))
        form |= {"kind": "six_month", "area": str(self.cast.map.kon_tum.pk)}
        form |= {"period": "2020-H1", "rule": "ND09/2019"}
        assert self.browser.post("/reports/new/", list(form.items())).status == 302
        made: ReportJob = ReportJob.objects.unscoped(WHY).get(request_key=form["request_key"])
        return made

    def try_again(self, job: ReportJob) -> None:
        page, again = f"/reports/jobs/{job.key}/", f"/reports/jobs/{job.key}/again/"
        fields = form_of(self.browser.get(page).text, action=again)
        assert self.browser.post(again, fields).status == 302

    def _told(self) -> dt.datetime:
        """What time a process of the web says it is."""
        line = http.client.HTTPConnection("127.0.0.1", self.portal.port, timeout=20)
        line.request("GET", "/healthz")
        told = line.getresponse().headers["Date"]
        line.close()
        return parsedate_to_datetime(told)


@pytest.mark.skipif(LIBRARY is None, reason="no libfaketime on this machine: apt-get install faketime")
def test_a_clock_that_jumps_over_the_cut_off_and_back_doubles_and_loses_nothing(
    portal: KillablePortal,
) -> None:
    evening = timezone.localtime().replace(hour=23, minute=50, second=0, microsecond=0)
    due, clock = evening.date(), Clock(portal.place / "clock")
    cast = engage(portal, Random(1)).cast  # noqa: S311
    first, second, third = (_owes(cast, month, due) for month in (1, 2, 3))
    clock.stand_at(evening)
    portal.surroundings = clock.surroundings
    portal.start_all()
    office = Office(portal, clock, cast)
    office.browser.sign_in(NEWCOMER, PASSWORD)
    office.submit(first)
    job = office.ask_for_report()  # its lease runs out by the jump while it may be in the making
    office.file()

    office.at(evening + dt.timedelta(minutes=20))
    office.submit(second)
    office.file()
    office.at(evening + dt.timedelta(hours=7))  # past what beat does each morning
    office.file()
    office.at(evening + dt.timedelta(minutes=2))
    office.submit(third)
    office.file()

    until(is_settled, seconds=180)  # beat goes on though its clock stands seven hours before its last runs
    job.refresh_from_db()
    if job.state == ReportJob.State.FAILED:  # it was at work when the clock jumped past its time limit
        assert job.failure == "too_long"
        office.try_again(job)
        until(is_settled, seconds=180)
    judged = Obligation.objects.unscoped(WHY).with_state(today=due).in_bulk([first.pk, second.pk, third.pk])
    assert [judged[each.pk].is_late for each in (first, second, third)] == [False, True, False]
    for owed in (first, second, third):
        page = office.browser.get(f"/obligations/{owed.pk}/").text
        assert ('data-state="late"' in page) is judged[owed.pk].is_late
    assert Activity.objects.unscoped(WHY).filter(submission_key__in=office.filed).count() == 4
    assert Report.objects.unscoped(WHY).filter(job=job).count() == 1
    assert run_checks() == []


@pytest.mark.skipif(LIBRARY is None, reason="no libfaketime on this machine: apt-get install faketime")
def test_a_clock_of_the_database_that_jumps_and_goes_back_doubles_and_loses_nothing(
    deployment: Deployment,
) -> None:
    staff, portal = deployment.staff, deployment.portal
    clock, now = Clock(portal.data.parent / "clock"), dt.datetime.now(dt.UTC)
    portal.server.stop()
    try:
        with clock.of_databases():
            portal.restart("postgres")
        with staff.at_work():
            for ahead in (dt.timedelta(minutes=20), dt.timedelta(hours=7), dt.timedelta(days=-1)):
                clock.stand_at(now + ahead)
                until(
                    lambda then=now + ahead: abs(_told_by_database(portal) - then) < dt.timedelta(minutes=5)
                )
                staff.do("file")
            with clock.of_databases():  # and what it wrote in the future is read again in the past
                portal.kill("postgres")
                portal.restart("postgres")
            staff.do("file")
    finally:
        portal.server.stop()
        portal.restart("postgres")
    staff.prove("the clock of the database jumped")


def _told_by_database(portal: KillablePortal) -> dt.datetime:
    """What time the server says it is."""
    line = portal.server.connect()
    try:
        with line.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            told: dt.datetime = cursor.fetchone()[0]
            return told
    finally:
        line.close()
