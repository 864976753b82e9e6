"""Read by every Python process whose clock is set (`tests/faults/clock.py`).

`time.sleep` asks the system to wake it at a moment of the monotonic clock, which libfaketime 0.9 gets wrong
(EINVAL); waiting for nothing for so long does the same without naming a moment.
"""

import select
import time


def _sleep(seconds: float) -> None:
    select.select([], [], [], seconds)


time.sleep = _sleep  # type: ignore[assignment]
