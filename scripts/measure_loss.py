"""How much is lost with a server that is gone, and how long until it is back: measured with pgBackRest as documented.

    python3 -m scripts.measure_loss [--fill DUMP.sql] [--archive-timeout 60]

As root, with Debian's postgresql and pgbackrest. Each round writes rows one after another and notes which the server
confirmed; kills the server with -9, removes its directory, and restores it from the repository alone. A row that was
confirmed and is not there is lost; what is told is the seconds between the oldest of them and the kill.
"""

from __future__ import annotations

import argparse
import os
import pwd
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg2

ACCOUNT = "postgres"
PORT = "5599"


@dataclass(frozen=True)
class Round:
    """Rows written every so many seconds, for so long; ``saves_first`` takes a backup before it."""

    name: str
    pause: float
    seconds: float
    saves_first: bool = True
    archive_is_away: float = 0


ROUNDS = (
    Round("many writes", 0.005, 100),
    Round("few writes", 7, 100),
    Round("a loss right after a restore, no backup in between", 1, 130, saves_first=False),
    Round("and once more", 1, 130, saves_first=False),
    Round("archive away for 90 s before", 1, 150, archive_is_away=90),
)


class Server:
    def __init__(self, base: Path, archive_timeout: int) -> None:
        self.base, self.data, self.conf = base, base / "data", base / "pgbackrest.conf"
        self.programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
        self.run(
            str(self.programs / "initdb"),
            f"--pgdata={self.data}",
            "--username=postgres",
            "--auth=trust",
            "-k",
        )
        self.conf.write_text(
            f"[global]\nrepo1-path={base}/repo\nrepo1-cipher-type=aes-256-cbc\nrepo1-cipher-pass={os.urandom(24).hex()}\n"
            f"repo1-retention-full=2\nstart-fast=y\nlog-path={base}/log\nlock-path={base}/lock\nspool-path={base}/spool\n"
            f"log-level-console=warn\n[portal]\npg1-path={self.data}\npg1-socket-path={base}\npg1-port={PORT}\n"
        )
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.write(
                f"listen_addresses = ''\nunix_socket_directories = '{base}'\nport = {PORT}\narchive_mode = on\n"
                f"archive_command = 'test ! -e {base}/away && pgbackrest --config={self.conf} --stanza=portal"
                f" archive-push %p'\narchive_timeout = {archive_timeout}\n"
            )

    def run(self, *command: str) -> None:
        done = subprocess.run(
            ["runuser", "-u", ACCOUNT, "--", *command],
            cwd=self.base,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")

    def pgbackrest(self, *arguments: str) -> float:
        begun = time.monotonic()
        self.run("pgbackrest", f"--config={self.conf}", "--stanza=portal", *arguments)
        return time.monotonic() - begun

    def start(self) -> None:
        log = self.base / "server.log"
        subprocess.run(
            ["runuser", "-u", ACCOUNT, "--", str(self.programs / "pg_ctl"), "start", "--no-wait"]
            + [f"--pgdata={self.data}", f"--log={log}"],
            cwd=self.base,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        while True:
            try:
                with self.connect() as connection, connection.cursor() as cursor:
                    cursor.execute("SELECT pg_is_in_recovery()")
                    if not cursor.fetchone()[0]:
                        return
            except psycopg2.OperationalError:
                pass
            time.sleep(0.05)

    def connect(self, database: str = "postgres"):  # type: ignore[no-untyped-def]
        return psycopg2.connect(host=str(self.base), port=PORT, user="postgres", dbname=database)

    def lose(self) -> float:
        """kill -9 and an empty disk. Returns when."""
        pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, signal.SIGKILL)
        at = time.time()
        shutil.rmtree(self.data, ignore_errors=True)
        while (
            subprocess.run(["pgrep", "-f", str(self.data)], capture_output=True, check=False).returncode == 0
        ):
            time.sleep(0.1)
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        shutil.chown(self.data, ACCOUNT, ACCOUNT)
        return at


class Writer(threading.Thread):
    """Writes rows and notes when each was confirmed."""

    def __init__(self, server: Server, pause: float) -> None:
        super().__init__(daemon=True)
        self.server, self.pause = server, pause
        self.confirmed: dict[int, float] = {}

    def run(self) -> None:
        try:
            connection = self.server.connect()
            connection.autocommit = True
            with connection.cursor() as cursor:
                while True:
                    cursor.execute("INSERT INTO confirmed (words) VALUES (repeat('x', 200)) RETURNING id")
                    self.confirmed[cursor.fetchone()[0]] = time.time()
                    time.sleep(self.pause)
        except psycopg2.Error:
            return  # the server is gone


def measure(server: Server, each: Round) -> None:
    backup = server.pgbackrest("backup", "--type=full") if each.saves_first else 0.0
    away = server.base / "away"
    writer = Writer(server, each.pause)
    writer.start()
    time.sleep(each.seconds + random.uniform(0, 55) - each.archive_is_away)  # noqa: S311
    if each.archive_is_away:
        away.touch()
        time.sleep(each.archive_is_away)
    lost_at = server.lose()
    away.unlink(missing_ok=True)
    writer.join()
    begun = time.monotonic()
    restored = server.pgbackrest("restore", "--process-max=2")
    server.start()
    back = time.monotonic() - begun
    with server.connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id FROM confirmed")
        held = {row[0] for row in cursor.fetchall()}
    missing = sorted(set(writer.confirmed) - held)
    lost = lost_at - writer.confirmed[missing[0]] if missing else 0.0
    gaps = [id for id in missing if any(other in held for other in writer.confirmed if other > id)]
    print(
        f"{each.name}: {len(writer.confirmed)} rows confirmed, {len(missing)} lost ({lost:.0f} s), {len(gaps)} gaps; "
        f"full backup {backup:.1f} s, restored in {restored:.1f} s, open after {back:.1f} s",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--fill", type=Path, help="a dump in plain SQL that the server holds besides")
    parser.add_argument("--archive-timeout", type=int, default=60)
    given = parser.parse_args()
    if os.geteuid() != 0 or shutil.which("pgbackrest") is None:
        sys.exit("this takes root and pgbackrest")
    base = Path(tempfile.mkdtemp(prefix="measure-loss-"))
    try:
        account = pwd.getpwnam(ACCOUNT)
        for name in ("", "repo", "log", "lock", "spool"):
            (base / name).mkdir(exist_ok=True)
            os.chown(base / name, account.pw_uid, account.pw_gid)
        server = Server(base, given.archive_timeout)
        server.start()
        with server.connect() as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE confirmed (id bigserial PRIMARY KEY, words text)")
        if given.fill:
            subprocess.run(["createdb", "-h", str(base), "-p", PORT, "-U", "postgres", "filled"], check=True)
            command = [
                "psql",
                "-q",
                "-h",
                str(base),
                "-p",
                PORT,
                "-U",
                "postgres",
                "-f",
                str(given.fill),
                "filled",
            ]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            with server.connect("filled") as connection, connection.cursor() as cursor:
                cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
                print(f"filled with {cursor.fetchone()[0]}", flush=True)
        server.pgbackrest("stanza-create")
        for each in ROUNDS:
            measure(server, each)
        server.run(str(server.programs / "pg_ctl"), "stop", "--mode=immediate", f"--pgdata={server.data}")
    finally:
        shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    main()
