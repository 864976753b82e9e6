"""`systemctl` where there is no systemd: the verbs of the guide, for our units and for the services of Debian."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from scripts.debian_guide.units import Unit, read_unit

PROJECT = Path(__file__).resolve().parents[2]
KEPT = Path("/run/stand-in")
DEADLINE = 400.0


def main(arguments: list[str]) -> int:
    KEPT.mkdir(exist_ok=True)
    words = [word for word in arguments if not word.startswith("--")]
    verb, names = words[0], words[1:]
    if verb == "daemon-reload":
        return 0
    for name in names:
        if name in DEBIANS:
            DEBIANS[name](verb)
        elif name.endswith(".target"):
            for wanted in read_unit(name).words("Wants"):
                read_unit(wanted)  # a timer has to be there; the clock of it is systemd's
                if wanted.endswith(".service"):
                    start(read_unit(wanted))
        else:
            VERBS[verb](read_unit(name))
    return 0


def start(unit: Unit) -> None:
    """Run it once and wait, where it is of that kind; else keep it running in the background."""
    if unit.one("Type") == "oneshot":
        done = subprocess.run(_command(unit), cwd=PROJECT, check=False)
        if done.returncode != 0:
            sys.exit(f"{unit.name} ended with {done.returncode}")
        return
    if os.fork() == 0:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):  # whoever started it waits for the end of what it says
            os.dup2(nothing, descriptor)
        _keep(unit)
        os._exit(0)
    _until(lambda: _pid(unit) is not None)


def restart(unit: Unit) -> None:
    (KEPT / f"{unit.name}.stopped").touch()
    _until(lambda: _pid(unit) is None)
    start(unit)


def reload(unit: Unit) -> None:
    subprocess.run(unit.command("ExecReload", MAINPID=str(_pid(unit))), check=True)


def _keep(unit: Unit) -> None:
    """What systemd does with a service: start it, start it again when it ends, end it when asked."""
    asked, noted = KEPT / f"{unit.name}.stopped", KEPT / f"{unit.name}.pid"
    asked.unlink(missing_ok=True)
    with (KEPT / f"{unit.name}.log").open("ab") as log:
        while not asked.exists():
            service = subprocess.Popen(
                _command(unit), cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
            noted.write_text(str(service.pid), encoding="ascii")
            while service.poll() is None:
                if asked.exists():
                    service.send_signal(signal.SIGTERM)
                    service.wait(float(unit.one("TimeoutStopSec", "90")))
                time.sleep(0.1)
            log.write(f"{unit.name} ended with {service.returncode}\n".encode())
            log.flush()
            if not asked.exists():
                time.sleep(float(unit.one("RestartSec", "0.1")))
    noted.unlink()


def _command(unit: Unit) -> list[str]:
    return ["unshare", "--mount", "/usr/bin/python3", "-m", "scripts.debian_guide.services", unit.name]


def _pid(unit: Unit) -> int | None:
    try:
        return int((KEPT / f"{unit.name}.pid").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE
    while not holds():
        if time.monotonic() > end:
            sys.exit("that took too long")
        time.sleep(0.1)


def _nginx(verb: str) -> None:
    runs = Path("/run/nginx.pid").exists() and Path("/run/nginx.pid").read_text().strip()
    subprocess.run(["nginx", "-s", "reload"] if runs else ["nginx"], check=True)


def _postgresql(verb: str) -> None:
    subprocess.run(["pg_ctlcluster", "15", "main", verb], check=True)


def _redis(verb: str) -> None:
    Path("/run/redis").mkdir(exist_ok=True)
    subprocess.run(["chown", "redis:redis", "/run/redis"], check=True)
    subprocess.run(
        ["runuser", "-u", "redis", "--", "redis-server", "/etc/redis/redis.conf", "--daemonize", "yes"],
        check=True,
    )


VERBS: dict[str, Callable[[Unit], None]] = {
    "start": start,
    "enable": start,
    "restart": restart,
    "reload": reload,
}
#: Services of Debian's own packages, by what their units do.
DEBIANS: dict[str, Callable[[str], None]] = {
    "nginx": _nginx,
    "postgresql": _postgresql,
    "redis-server": _redis,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
