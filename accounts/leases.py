"""Long work that only one worker does at a time: it holds a lease, and loses it when it is killed or hangs.

The lease is columns of the row that asks for the work; whoever holds it renews them while the work goes on.
"""

import logging
import threading
from collections.abc import Callable
from typing import Self

from django.db import InterfaceError, OperationalError, close_old_connections, connection

logger = logging.getLogger("portal.jobs")


#: Failures of the database that may be over in a moment, such as a restart or a full disk. Work that meets one is not
#: ended: its lease runs out, and it is begun again, as often as any work is.
PASSING = (OperationalError, InterfaceError)


class LeaseLost(RuntimeError):
    """The work is given to another worker, now or soon; this one must stop and change nothing."""


class Keeper:
    """Renews a lease from a thread of its own while the work goes on.

    The thread has a connection of its own, so its word gets through out of a transaction that nobody else sees.
    ``about`` names the work in the log; ``renew`` raises LeaseLost when the lease is another worker's.
    """

    def __init__(self, about: str, *, every: float, renew: Callable[[], None]) -> None:
        self.about = about
        self._every = every
        self._renew = renew
        self._lost = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"lease of {about}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stopped.set()
        self._thread.join()

    def refuse_if_lost(self) -> None:
        """Raises LeaseLost when the work is another worker's by now."""
        if self._lost.is_set():
            raise LeaseLost(self.about)

    def _keep(self) -> None:
        try:
            while not self._stopped.wait(self._every):
                close_old_connections()
                self._renew()
        except LeaseLost:
            self._lost.set()
        except Exception as error:
            logger.warning("lease of %s not renewed: %s", self.about, type(error).__name__)
        finally:
            connection.close()
