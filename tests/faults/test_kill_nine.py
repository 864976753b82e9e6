"""kill -9 of web, worker or PostgreSQL while people work: nothing is lost, doubled or half done.

`PCMBN_FAULT_ROUNDS` says how many rounds (3 in the suite), `PCMBN_FAULT_SEED` which moments they take.
"""

from __future__ import annotations

import os
import threading
import time
from random import Random

from tests.faults.clients import ACTIONS
from tests.faults.portal import KillablePortal
from tests.faults.staff import engage

ROUNDS = int(os.environ.get("PCMBN_FAULT_ROUNDS", "3"))
SEED = os.environ.get("PCMBN_FAULT_SEED", "138")
TARGETS = ("web", "worker", "postgres")
#: Seconds after which the portal works again, by what was killed. Jobs have `staff.JOBS_BACK_WITHIN`. Where more wants
#: to run than there are processors, it may take so many times longer.
BACK_WITHIN = {"web": 30, "worker": 30, "postgres": 60}


def test_after_a_kill_nothing_is_lost_doubled_or_half_done(portal: KillablePortal) -> None:
    dice = Random(SEED)  # noqa: S311
    staff = engage(portal, dice)
    portal.start_all()
    for number in range(ROUNDS):
        target = TARGETS[number] if number < len(TARGETS) else dice.choice(TARGETS)
        with staff.at_work():
            moment = dice.uniform(0.2, 4)
            threading.Event().wait(moment)
            portal.kill(target)
            killed = time.monotonic()
            portal.restart(target)
            away = time.monotonic() - killed
        staff.prove(f"round {number}: {target} killed after {moment:.2f} s, ready again {away:.1f} s later")
        assert away < BACK_WITHIN[target] * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))

    assert {promise.action for promise in staff.promises if promise.is_given} == set(ACTIONS)
    assert any(promise.tries > 1 for promise in staff.promises), "nobody noticed that anything was killed"
