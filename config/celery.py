"""The Celery application: jobs that take long, and the ones that come round by the clock."""

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init

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


make_broker_folders()
worker_init.connect(_look_at_role, weak=False)
beat_init.connect(_look_at_role, weak=False)
