"""Redis restarts, is away, or is full: pages go on, and jobs start when it is back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reporting.models import ReportJob
from tests.faults.conftest import Deployment
from tests.faults.redis import RedisServer
from tests.faults.staff import JOBS_BACK_WITHIN
from tests.reporting.records import until


@pytest.mark.parametrize("end", [RedisServer.stop, RedisServer.kill], ids=["shut down", "killed"])
def test_a_restart_of_redis_loses_and_doubles_nothing(
    deployment: Deployment, end: Callable[[RedisServer], None]
) -> None:
    staff = deployment.staff
    with staff.at_work():
        staff.do("file")
        end(deployment.redis)
        deployment.redis.start()
        staff.do("file")
    staff.prove("Redis was started again")


def test_without_redis_people_file_and_sign_in_and_jobs_start_when_it_is_back(deployment: Deployment) -> None:
    staff, redis = deployment.staff, deployment.redis
    with staff.at_work():
        redis.kill()
        staff.do("file")
        report = staff.do("report")
        staff.sign_in()
        job = ReportJob.objects.unscoped("the bystander's").get(request_key=report.key)
        assert (job.state, job.sent_at) == (ReportJob.State.QUEUED, None)
        redis.start()
        until(lambda: _state_of(job) == ReportJob.State.DONE, seconds=JOBS_BACK_WITHIN)
    staff.prove("Redis was away")


def test_a_full_broker_refuses_no_form_and_loses_no_job(deployment: Deployment) -> None:
    staff, redis = deployment.staff, deployment.redis
    with staff.at_work():
        redis.fill()
        try:
            staff.do("file")
            report = staff.do("report")
            staff.sign_in()
            job = ReportJob.objects.unscoped("the bystander's").get(request_key=report.key)
            assert (job.state, job.sent_at) == (ReportJob.State.QUEUED, None)
        finally:
            redis.empty()
        until(lambda: _state_of(job) == ReportJob.State.DONE, seconds=JOBS_BACK_WITHIN)
    staff.prove("Redis was full")


def _state_of(job: ReportJob) -> str:
    job.refresh_from_db()
    return str(job.state)
