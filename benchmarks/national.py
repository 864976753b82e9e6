"""Measure the portal on national data, beside floors, and write benchmarks/results.json and docs/performance.md.

    make bench ARGS="--scale 0.1"        the default; --scale 1 is the whole nation
    make bench ARGS="--only list --runs 3"   paths whose name holds a word; nothing is written

The data are those of ``load_national``, made where they are missing. PostgreSQL and gunicorn run as in production.
Portal and floor are asked in turn, so that what else the machine does falls on both; each number is the median of
its runs. What the portal answers is compared with what the floor answers, cell by cell.

Nothing is waited for without end. A path is asked no more after PATIENCE, so that a slow one has fewer runs; one that
does not answer, or not as it should, and a part that fails are told as cut, with the reason, and the rest goes on.
"""

import argparse
import json
import os
import platform
import secrets
import statistics
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection

from accounts.models import Role, User
from benchmarks import inside
from benchmarks.figures import Figures
from benchmarks.paths import Path, World
from benchmarks.portal import ANSWER_SECONDS, PROJECT, Answer, Gunicorn, portal
from benchmarks.table import write_table
from reporting.national.units import DOMAIN
from reporting.rollup import recompute_marked

RESULTS = PROJECT / "benchmarks" / "results.json"
EXPORTED = 100_000
IMPORTED = 10_000
#: Seconds after which a path is asked no more, and after which a part in a process of its own is ended.
PATIENCE = 40
PATIENCE_OF_A_PART = 900


def main() -> int:
    asked, started = _arguments(), time.monotonic()
    call_command("load_national", years=10, scale=asked.scale)
    call_command("collectstatic", "--noinput", verbosity=0)
    with portal("portal_national") as gunicorn:
        world = Figures(gunicorn.port, _passwords())
        idle = gunicorn.megabytes()
        paths = [path for path in world.paths() if asked.only in path.name]
        found = {path.name: _measured(path, world, asked.runs, gunicorn) for path in paths}
        memory = {"idle": idle, "after": gunicorn.megabytes()}
        print(f"memory of the workers in MB: {memory}", flush=True)
        if asked.only:
            return 0
        results: dict[str, Any] = {
            "machine": machine(),
            "scale": asked.scale,
            "runs": asked.runs,
            "load_average": round(os.getloadavg()[0], 1),
            "paths": found,
            "worker_megabytes": memory,
        }
        keep(results)
        _part(results, "export", lambda: export(world))
    _part(results, "report", lambda: inside.report(world.province, "2024-H1"))
    _part(results, "rollup", lambda: inside.rollup(world.province))
    _part(results, "import", imported)
    cut = [name for name, each in {**found, **results}.items() if isinstance(each, dict) and "cut" in each]
    differ = [name for name, each in found.items() if each.get("agrees") is False]
    print(
        f"{time.monotonic() - started:.0f} s. Cut: {cut or 'none'}. Answers that differ: {differ or 'none'}."
    )
    return int(bool(cut or differ))


def _measured(path: Path, world: World, runs: int, gunicorn: Gunicorn) -> dict[str, Any]:
    """What was measured of a path, or why nothing was; a portal that is still at work on it is started anew."""
    try:
        return measure(path, world, runs)
    except TimeoutError:
        reason = f"no answer in {ANSWER_SECONDS} s"
        gunicorn.restart()
    except Exception as failure:
        traceback.print_exc()
        reason = repr(failure)[:200]
    print(f"{path.name:54} cut: {reason}", flush=True)
    return {"cut": reason, "goal": path.goal, "most_statements": path.most}


def _part(results: dict[str, Any], name: str, work: Callable[[], dict[str, Any]]) -> None:
    """Measure a part and write it down; one that fails takes nothing of the others along."""
    part_started = time.monotonic()
    try:
        results[name] = work()
    except Exception as failure:
        traceback.print_exc()
        results[name] = {"cut": repr(failure)[:200]}
    print(f"{name} {results[name]}, {time.monotonic() - part_started:.0f} s", flush=True)
    keep(results)


def keep(results: dict[str, Any]) -> None:
    """Write what was measured so far: what takes hours may be stopped."""
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    known.setdefault("national", {})[f"{results['scale']:g}"] = results
    RESULTS.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    write_table(known["national"])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="", help="a word in the names of the paths; nothing is written")
    return parser.parse_args()


def _passwords() -> dict[str, str]:
    """A new password for this run for everybody who signs in."""
    password = secrets.token_urlsafe(16)
    people = User.objects.filter(email__endswith=f"@{DOMAIN}")
    people.update(password=make_password(password))
    return dict.fromkeys(people.values_list("email", flat=True), password)


def measure(path: Path, world: World, runs: int) -> dict[str, Any]:
    """Medians of the runs of a path, of its own floor and of the bare list, asked in turn."""
    while recompute_marked().marks:  # as the worker does within seconds of a write
        pass
    bare, until = world.bare_list(), time.monotonic() + PATIENCE
    for _ in range(path.warm_up):
        if time.monotonic() < until:
            path.ask()
    for _ in range(min(path.warm_up, 4)):
        bare()
        if path.floor:
            path.floor()
    measured: dict[str, list[float]] = {"path": [], "floor": [], "bare": []}
    last: Answer | None = None
    for _ in range(runs):
        spent: dict[str, list[float]] = {"path": [], "floor": [], "bare": []}
        for _ in range(path.times):
            last = path.ask()
            spent["path"].append(last.seconds)
            spent["bare"].append(bare().seconds)
            if path.floor:
                spent["floor"].append(path.floor().seconds)
            if time.monotonic() > until:
                break
        for name, seconds in spent.items():
            if seconds:
                measured[name].append(statistics.median(seconds))
        if time.monotonic() > until:
            break
    assert last is not None
    told = {name: statistics.median(seconds) * 1000 for name, seconds in measured.items() if seconds}
    agrees = (
        path.cells(last) == path.floor_cells(path.floor())
        if path.cells and path.floor_cells and path.floor
        else None
    )
    found = {
        "milliseconds": round(told["path"], 1),
        "statements": last.statements,
        "floor": round(told["floor"], 1) if "floor" in told else None,
        "bare_list": round(told["bare"], 1),
        "in_bare_lists": round(told["path"] / told["bare"], 2),
        "in_floors": round(told["path"] / told["floor"], 2) if "floor" in told else None,
        "goal": path.goal,
        "most_statements": path.most,
        "agrees": agrees,
        "runs": len(measured["path"]),
    }
    print(
        f"{path.name:54} {found['milliseconds']:8.1f} ms {found['statements']:4} SQL"
        f" {found['in_bare_lists']:6.2f} x bare list {found['in_floors'] or '-':>7} x floor"
        f" {'' if agrees is None else 'agrees' if agrees else 'DIFFERS'}",
        flush=True,
    )
    return found


def export(world: World) -> dict[str, Any]:
    """A workbook of at most EXPORTED rows in a process of its own; it and the same list as CSV over HTTP."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(ended_on) + 1 FROM (SELECT ended_on FROM programs_activity WHERE state = 'approved'"
            " ORDER BY ended_on DESC LIMIT %s) AS newest",
            [EXPORTED],
        )
        since = str(cursor.fetchone()[0])
    email = world.email(Role.COORDINATOR, "VN")
    command = [sys.executable, "-m", "benchmarks", "export", email, since]
    told = subprocess.run(
        command, cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True, timeout=PATIENCE_OF_A_PART
    ).stdout
    found: dict[str, Any] = json.loads(told)
    reader = world.browser(Role.COORDINATOR, "VN")
    for kind in ("xlsx", "csv"):
        answer = reader.get(f"/activities/export.{kind}?ended_from={since}")
        assert answer.status == 200, (answer.status, answer.headers["Location"])
        found |= {
            f"{kind}_first_byte": round(answer.first_byte, 2),
            f"{kind}_seconds": round(answer.seconds, 1),
        }
    return found


def imported() -> dict[str, Any]:
    """A workbook of IMPORTED rows checked and stored, in a process and a database of its own."""
    command = [sys.executable, "-m", "benchmarks.upload", str(IMPORTED)]
    told = subprocess.run(
        command, cwd=PROJECT, check=True, stdout=subprocess.PIPE, text=True, timeout=PATIENCE_OF_A_PART
    ).stdout
    found: dict[str, Any] = json.loads(told[told.index("{") :])
    return found


def machine() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = cursor.fetchone()[0]
    return {
        "cpus": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "postgresql": postgres,
        **{name: version(name) for name in ("django", "djangorestframework", "gunicorn", "weasyprint")},
    }
