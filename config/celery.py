"""The Celery application: jobs that take long, and the ones that come round by the clock."""

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import beat_init, task_failure, task_postrun, task_prerun, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def make_broker_folders() -> None:
    """Make the folders of the file broker; it does not make them itself."""
    for option in ("data_folder_in", "control_folder"):
        folder = app.conf.broker_transport_options.get(option)
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True, mode=0o700)


def _look_at_role(**kwargs: Any) -> None:
    from config.starting import refuse_unfit_worker  # needs Django's settings

    refuse_unfit_worker()


def _watch_tasks() -> None:
    from config import error_reports, telemetry  # need Django's settings

    task_failure.connect(error_reports.tell_of_failed_task, weak=False)
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        task_prerun.connect(telemetry.begin_task, weak=False)
        task_postrun.connect(telemetry.end_task, weak=False)


make_broker_folders()
_watch_tasks()
worker_init.connect(_look_at_role, weak=False)
beat_init.connect(_look_at_role, weak=False)
