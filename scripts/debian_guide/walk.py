"""The guide, step by step: install, look, work, back up, restore, upgrade. Ends where something is not as told."""

from __future__ import annotations

import ctypes
import re
import subprocess
import time
from pathlib import Path

from scripts.debian_guide.guide import typed_lines, without_placeholders
from scripts.debian_guide.office import OFFICER, PASSWORD, Office, make_officer

HOST = "portal.tinh.gov.vn"
RELEASE = Path("/root/portal.tar.gz")
PATH = "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
#: What the office keeps elsewhere. What it opens is thrown away with the layer.
OFFICE_KEY = Path("/root/restore.key")
LOGS = Path("/run/stand-in")
IN_PLACE = (
    "cd /srv/portal",
    "set -a; . /etc/portal/portal.env; . /etc/portal/owner.env; set +a",
)


class NotAsTold(Exception):
    """Something of the guide did not go as it says."""


def follow(project: Path) -> int:
    page = (project / "docs/operations.md").read_text(encoding="utf-8")
    lines = typed_lines(page, "Installing on Debian 12")
    fetched = next(number for number, line in enumerate(lines, 1) if line.endswith("scripts/setup"))
    try:
        _prepare(project)
        typed("packages, account and Python", lines[:fetched])
        new_key = f".venv/bin/python manage.py backup --new-key {OFFICE_KEY}"
        key = typed("a key of the office", ["cd /srv/portal", new_key])
        given = {
            "--email ... --name ...": "--email admin@example.vn --name 'Người thử'",
            "age1...": re.findall(r"^age1\S+", key, re.MULTILINE)[0],
        }
        _leave_network()
        installed = typed(
            "secrets to services", without_placeholders(["cd /srv/portal", *lines[fetched:]], given)
        )
        _work(re.findall(r"https://\S+/accounts/password/\S+", installed)[0])
        typed("a restore into an empty place", [*IN_PLACE, *_RESTORED])
        typed("upgrading", typed_lines(page, "Upgrading"))
        Office(HOST).sign_in(OFFICER, PASSWORD)
        _look_at_logs()
    except (NotAsTold, LookupError, OSError) as error:
        print(f"not as told: {error}", flush=True)
        for log in sorted(LOGS.glob("*.log")):
            print(f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}", flush=True)
        return 1
    print("all went as the guide says", flush=True)
    return 0


def _prepare(project: Path) -> None:
    """What is there before the guide begins: the release as a file, Debian's own settings, and `systemctl`."""
    remains = "/srv/portal /etc/portal /var/lib/portal /var/backups/portal /etc/nginx/conf.d/portal.conf"
    subprocess.run(["rm", "-rf", *remains.split()], check=True)
    archive = ["git", "-c", "safe.directory=*", "archive", "--format=tar.gz", f"--output={RELEASE}", "HEAD"]
    subprocess.run(archive, cwd=project, check=True)
    stand_in = Path("/usr/local/sbin/systemctl")
    text = f'#!/bin/sh\ncd "{project}" && exec /usr/bin/python3 -m scripts.debian_guide.systemctl "$@"\n'
    stand_in.write_text(text, encoding="utf-8")
    stand_in.chmod(0o755)
    names = f"127.0.0.1 localhost {HOST}\n" + Path("/etc/hosts").read_text(encoding="utf-8")
    Path("/etc/hosts").write_text(names, encoding="utf-8")


def _leave_network() -> None:
    """From here on this process has a network of its own, where the ports of the guide are free.

    Debian's packages start their services when they are installed; here that is done now.
    """
    if ctypes.CDLL(None, use_errno=True).unshare(0x40000000) != 0:  # CLONE_NEWNET
        raise OSError(ctypes.get_errno(), "no network of its own")
    services = [f"systemctl start {name}" for name in ("postgresql", "redis-server", "nginx")]
    typed("services of Debian", ["ip link set lo up", "rm -f /etc/nginx/conf.d/*.conf", *services])


def typed(what: str, lines: list[str]) -> str:
    """Type lines into one shell, which ends at the first failure. Returns what it printed. Raises NotAsTold."""
    begun = time.monotonic()
    environment = {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8", "USER": "root", "TERM": "dumb"}
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-x"],
        input="\n".join(lines) + "\n",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        cwd="/root",
        check=False,
    )
    if done.returncode != 0:
        raise NotAsTold(f"{what} ended with {done.returncode}:\n{done.stdout[-4000:]}")
    print(f"{time.monotonic() - begun:6.1f} s  {what}: {len(lines)} lines", flush=True)
    return done.stdout


def _work(link: str) -> None:
    """The administrator comes in by the link; an officer signs in, files, and has a report made."""
    begun = time.monotonic()
    Office(HOST).set_first_password(link)
    typed("an officer", [*IN_PLACE, make_officer()])
    office = Office(HOST)
    office.sign_in(OFFICER, PASSWORD)
    office.file_activity()
    size = office.make_report()
    print(f"{time.monotonic() - begun:6.1f} s  signed in, filed, report of {size} bytes", flush=True)


#: The newest backup, into another database and another directory, by the owner's rights.
_RESTORED = [
    "systemctl start portal-backup.service",
    "runuser -u postgres -- createdb --owner=portal_owner --template=template0 restored",
    "install -d -o portal -g portal -m 0700 /var/lib/portal/restored",
    "export DATABASE_URL=${DATABASE_URL%/portal}/restored DATABASE_OWNER_URL=${DATABASE_OWNER_URL%/portal}/restored",
    "export FILES_DIR=/var/lib/portal/restored",
    "install -o portal -m 0400 /root/restore.key /var/lib/portal/restore.key",
    "runuser -u portal -- .venv/bin/python manage.py restore /var/backups/portal --key /var/lib/portal/restore.key",
    "runuser -u portal -- .venv/bin/python manage.py sanity_check",
    "runuser -u portal -- .venv/bin/python manage.py verify_reports",
    "runuser -u portal -- .venv/bin/python manage.py rebuild_facts --check",
    "rm /var/lib/portal/restore.key",
]


def _look_at_logs() -> None:
    """No service ended by itself: a call or a path that its unit forbids would be seen here. Raises NotAsTold."""
    for log in sorted(LOGS.glob("*.log")):
        text = log.read_text(encoding="utf-8", errors="replace")
        ended = [line for line in text.splitlines() if re.search(r"\.service ended with (?!0$|-15$)", line)]
        if ended:
            raise NotAsTold(f"{log.name}: {ended}")
