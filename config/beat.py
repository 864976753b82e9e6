"""Beat's scheduler. `CELERY_BEAT_SCHEDULER` names it."""

import time
from typing import Any

from celery.beat import PersistentScheduler

#: Seconds by which clocks are corrected without anybody noticing.
_USUAL = 5.0


class SteadyScheduler(PersistentScheduler):
    """Goes on where the clock was set back. Celery's own waits until the time of its last runs has come again.

    What ran at an hour that is now ahead counts as run just now; what comes round once a day may then come twice.
    """

    _seen_at = 0.0

    def tick(self, *args: Any, **kwargs: Any) -> float:
        now = time.time()
        if now < self._seen_at - _USUAL:
            self._begin_anew()
        self._seen_at = now
        waits: float = super().tick(*args, **kwargs)
        return waits

    def _begin_anew(self) -> None:
        now = self.app.now()
        for entry in self.schedule.values():
            entry.last_run_at = min(entry.last_run_at, now)
        self._heap = None  # made anew from the entries
