"""Measure the six-month reports of all 63 provinces in one batch, made by one worker of two processes.

    python -m benchmarks.batch            print the numbers
    python -m benchmarks.batch --write    write them into benchmarks/results.json as well, on a quiet machine
    python -m benchmarks.batch --hosts    by one host of one process on one processor, and by two that share the queue
    python -m benchmarks.batch --provinces 8    of the first eight only

Every province has its agencies, a six-month obligation of each district, a submission to nine of ten, and ROWS
activities, made by seeded dice in a database of their own and kept for the next run.
"""

import datetime as dt
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ["PCMBN_DATABASE_NAME"] = "portal_bench_batch"

os.environ["BROKER_DIR"] = tempfile.mkdtemp(prefix="broker-")
os.environ["FILES_DIR"] = tempfile.mkdtemp(prefix="files-")

from benchmarks.run import PROJECT, RESULTS, prepare  # noqa: I001

from django.db import connection
from django.utils import timezone

from accounts.models import Membership, Role, User
from programs.models import Activity, ActivityKind, ActivityQuantity, Measure
from reporting.demo.cast import DAY, SINCE, load_agencies
from reporting.models import (
    FormKind,
    Indicator,
    Obligation,
    Report,
    ReportedFigure,
    ReportJob,
    ReportKind,
    Submission,
    SubmissionState,
)
from reporting.rollup import recompute_marked
from reporting.services.jobs import request_report
from territory.figure import Figure
from territory.models import Agency, Area, Level
from territory.period import due_date, parse_period

ROWS = 60
#: Seconds after which a measuring is ended; what was done until then is told.
PATIENCE = 600
PERIOD = parse_period("2020-H1")
WHY = "the benchmark measures everybody's"
KINDS = (
    (ActivityKind.COMMUNICATION, Measure.ATTENDANCES),
    (ActivityKind.TRAINING, Measure.PEOPLE),
    (ActivityKind.EXTRACURRICULAR, Measure.ATTENDANCES),
    (ActivityKind.MEDIA, Measure.NEWS_ITEMS),
    (ActivityKind.PATROL, Measure.PATROLS),
)


def fill(provinces: list[Area]) -> None:
    """Make what is missing of the data of each province."""
    filed = Activity.objects.unscoped(WHY).filter(narrative="batch").values_list("province", flat=True)
    known = set(filed.distinct())
    for province in provinces:
        if province.pk not in known:
            load_agencies(province.code)
            _fill(province)
    while recompute_marked().marks:
        pass
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _fill(province: Area) -> None:
    dice = random.Random(province.code)  # noqa: S311 - nothing secret is thrown
    units = list(Agency.objects.filter(area__path__startswith=province.path).select_related("area", "kind"))
    actor = coordinator_of(province)
    activities = []
    for _ in range(ROWS):
        unit = dice.choice(units)
        day = PERIOD.start + dt.timedelta(days=dice.randrange(PERIOD.days))
        activities.append(
            Activity(
                state=Activity.State.APPROVED,
                kind=dice.choice(KINDS)[0],
                title="Hoạt động đo tốc độ",
                narrative="batch",
                agency=unit,
                area=unit.area,
                started_on=day,
                ended_on=day,
                filed_by=actor,
                is_demo=True,
            )
        )
    measures = dict(KINDS)
    ActivityQuantity.objects.bulk_create(
        ActivityQuantity(
            activity=activity,
            measure=measures[ActivityKind(activity.kind)],
            **ActivityQuantity.columns(Figure.exact(dice.randrange(10, 900))),
        )
        for activity in Activity.objects.bulk_create(activities)
    )
    _submit([unit for unit in units if unit.kind.code == "district_police"], actor, dice)


def _submit(units: list[Agency], actor: User, dice: random.Random) -> None:
    owed = Obligation.objects.bulk_create(
        [
            Obligation(
                form_id=FormKind.SIX_MONTH.value,
                agency=unit,
                area=unit.area,
                period_code=PERIOD.code,
                period_start=PERIOD.start,
                period_end=PERIOD.end,
                period_rule=PERIOD.rule.value,
                due_on=due_date(PERIOD, 5),
                is_demo=True,
            )
            for unit in units
        ],
        ignore_conflicts=True,
    )
    now = timezone.now()
    stored = Obligation.objects.unscoped(WHY).filter(
        agency__in=[each.agency_id for each in owed], submission=None, period_code=PERIOD.code
    )
    said = Submission.objects.bulk_create(
        Submission(
            obligation=obligation,
            state=SubmissionState.ACCEPTED,
            is_nil=dice.random() < 0.3,
            nil_confirmed_by=actor,
            nil_confirmed_at=now,
            submitted_by=actor,
            submitted_at=now,
            first_submitted_at=now,
        )
        for obligation in stored
        if dice.random() < 0.9
    )
    indicators = Indicator.objects.valid_on(PERIOD.end).filter(
        code__in=["cases_detected", "suspects_detected", "tips_received", "victims_received"]
    )
    ReportedFigure.objects.bulk_create(
        ReportedFigure(
            submission=each,
            indicator=indicator,
            **ReportedFigure.columns(Figure.exact(dice.randrange(0, 9))),
        )
        for each in said
        if not each.is_nil
        for indicator in indicators
    )


def coordinator_of(province: Area) -> User:
    """One for each province: a person may have few reports in the making at a time."""
    email = f"batch.{province.code}@bench.example"
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, full_name=email)
    agency = Agency.objects.get(code=f"{province.code}-provincial_police", valid_from=SINCE)
    Membership.objects.get_or_create(
        user=user, agency=agency, role=Role.COORDINATOR, area=province, defaults={"valid_from": SINCE}
    )
    return user


def measure(provinces: list[Area], hosts: Sequence[int]) -> dict[str, Any]:
    """The reports of all provinces by worker hosts of so many processes each."""
    workers = [_host(number, processes) for number, processes in enumerate(hosts, start=1)]
    try:
        for worker, processes in zip(workers, hosts, strict=True):
            _wait_for(worker, processes)
        started, peaks = time.monotonic(), dict[int, int]()
        jobs = [
            request_report(
                actor=coordinator_of(province),
                kind=ReportKind.SIX_MONTH,
                area=province,
                period=PERIOD,
                request_key=uuid.uuid4(),
            ).pk
            for province in provinces
        ]
        mine = ReportJob.objects.unscoped(WHY).filter(pk__in=jobs)
        unfinished = mine.filter(state__in=[ReportJob.State.QUEUED, ReportJob.State.RUNNING])
        while unfinished.exists() and time.monotonic() < started + PATIENCE:
            for worker in workers:
                peaks |= _peaks(worker.pid)
            time.sleep(0.25)
        seconds = time.monotonic() - started
    finally:
        for worker in workers:
            os.killpg(worker.pid, signal.SIGKILL)  # nothing is left to do
            worker.wait()
    reports = Report.objects.unscoped(WHY).filter(job__in=jobs)
    return {
        "hosts": list(hosts),
        "load_average": round(os.getloadavg()[0], 1),
        "provinces": len(provinces),
        "done": mine.filter(state=ReportJob.State.DONE).count(),
        "pages": sum(reports.values_list("pages", flat=True)),
        "seconds": round(seconds, 1),
        "seconds_a_report": round(seconds / len(provinces), 2),
        "peak_mb_of_a_process": max(peaks.values(), default=0) // 1024,
    }


def _host(number: int, processes: int) -> subprocess.Popen[bytes]:
    """A worker as on a machine of its own: name, process group, working directory and temporary files are its own.

    With the others it shares the database, the queue and the directory of files, as machines do. A host of one process
    has one processor of its own; the database runs beside on whichever is free.
    """
    place = Path(os.environ["BROKER_DIR"]) / f"host-{number}"
    place.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "celery", "-A", "config", "--quiet", "worker"]
    command += ["--concurrency", f"{processes}", "--hostname", f"reports@host-{number}"]
    command += ["--queues", "default,reports", "--loglevel", "WARNING"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    processors = sorted(os.sched_getaffinity(0))
    mine = {processors[(number - 1) % len(processors)]} if processes == 1 else set(processors)
    return subprocess.Popen(
        command,
        cwd=place,
        env=os.environ | {"PYTHONPATH": str(PROJECT), "TMPDIR": str(place)},
        start_new_session=True,
        preexec_fn=lambda: os.sched_setaffinity(0, mine),  # noqa: PLW1509 - this process has one thread
    )


def _wait_for(worker: subprocess.Popen[bytes], processes: int) -> None:
    """Until a host has forked its processes: how long it takes to start is not what is measured."""
    while len(_peaks(worker.pid)) <= processes:
        if worker.poll() is not None:
            raise RuntimeError("a worker ended before it began; the reason is above")
        time.sleep(0.1)


def _peaks(group: int) -> dict[int, int]:
    """The most memory each process of the worker has held, in kB."""
    found = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            pid = int(status.parent.name)
            if os.getpgid(pid) == group:
                lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
                found[pid] = int(lines.get("VmHWM", "0 kB").split()[0])
        except (ProcessLookupError, FileNotFoundError):
            continue
    return found


def main() -> int:
    prepare()
    provinces = list(Area.objects.valid_on(DAY).level(Level.PROVINCE).order_by("code"))
    if "--provinces" in sys.argv[1:]:
        provinces = provinces[: int(sys.argv[sys.argv.index("--provinces") + 1])]
    fill(provinces)
    hosts = [[1], [1, 1]] if "--hosts" in sys.argv[1:] else [[2]]
    try:
        measured = [measure(provinces, each) for each in hosts]
    finally:
        for place in ("BROKER_DIR", "FILES_DIR"):
            shutil.rmtree(os.environ[place])
    if len(measured) == 1:
        told: dict[str, Any] = {"batch": measured[0]}
    else:
        alone, both = measured
        told = {"hosts": {"one": alone, "two": both, "ratio": round(alone["seconds"] / both["seconds"], 2)}}
    print(json.dumps(told, indent=1))
    if "--write" in sys.argv[1:]:
        results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
        RESULTS.write_text(
            json.dumps({**results, **told}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
