"""Settings of gunicorn that are code: a web process that ended is taken out of the metrics."""

import os
import shutil
from pathlib import Path
from typing import Any


def on_starting(server: Any) -> None:
    """Begin with an empty directory: what processes of an earlier start counted is over."""
    place = os.environ.get("METRICS_DIR")
    if place:
        shutil.rmtree(place, ignore_errors=True)
        Path(place).mkdir(parents=True, mode=0o700)


def child_exit(server: Any, worker: Any) -> None:
    if os.environ.get("METRICS_DIR"):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid, os.environ["METRICS_DIR"])  # type: ignore[no-untyped-call]
