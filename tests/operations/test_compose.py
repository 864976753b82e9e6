"""`docker-compose.yml` holds together with what else says how the portal is served: settings, image, secrets, roles."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote
from wsgiref.simple_server import make_server

import pytest
import yaml
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from pytest_django import Settings

from config.backup.making import backups_in, make_backup
from config.backup.places import Place
from config.backup.sealing import new_key, recipients_of

PROJECT = Path(__file__).resolve().parents[2]
TEXT = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
IMAGE = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
LASTING = {name: service for name, service in SERVICES.items() if service.get("restart") == "unless-stopped"}


def command_of(name: str) -> str:
    return str(SERVICES[name].get("command", ""))


def test_each_variable_is_written_by_make_env_or_has_another_value(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    script = shutil.copy(PROJECT / "scripts" / "make-env", tmp_path / "scripts")
    subprocess.run(["bash", script, "compose", "portal.tinh.gov.vn"], check=True, capture_output=True)

    lines = (tmp_path / ".env").read_text(encoding="utf-8").splitlines()
    written = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    asked = set(re.findall(r"\$\{([A-Z_]+):\?", TEXT))
    assert asked
    assert {name for name in asked if not written.get(name)} == set()
    named = set(re.findall(r"\$\{([A-Z_]+)", TEXT))
    assert named == asked | set(re.findall(r"\$\{([A-Z_]+):-", TEXT)), (
        "one has neither a value nor a complaint"
    )
    assert written.keys() - {"HTTPS_ONLY", "TRUSTED_PROXIES"} <= named, "one is written and used nowhere"


@pytest.mark.parametrize("name", OURS)
def test_our_services_run_without_rights_and_write_only_where_they_may(name: str) -> None:
    service = OURS[name]
    assert service["user"] == re.findall(r"useradd .*--uid (\d+)", IMAGE)[0]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "ports" not in service
    writable = [entry.split(":")[0] for entry in service["tmpfs"]]
    writable += [entry.split(":")[1] for entry in service["volumes"] if not entry.endswith(":ro")]
    written_to = re.findall(r"--(?:schedule|to) (\S+)", command_of(name))
    written_to += [path for name, path in service["environment"].items() if name in ("TMPDIR", "METRICS_DIR")]
    assert all(any(Path(path).is_relative_to(place) for place in writable) for path in written_to)
    for volume in service["volumes"]:  # a new volume takes its owner from the image
        place = volume.split(":")[1].removeprefix("/srv/portal/")
        assert re.search(rf"mkdir -p .*{place}.* && chown -R portal", IMAGE), place


def test_what_is_named_is_there() -> None:
    for name, service in SERVICES.items():
        for other, condition in (service.get("depends_on") or {}).items():
            assert other in SERVICES, name
            wants_health = condition["condition"] == "service_healthy"
            assert not wants_health or "healthcheck" in SERVICES[other], (
                f"{name} waits for the health of {other}"
            )
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or source == "./deploy/tls" or (PROJECT / source).exists(), (
                volume
            )
        assert set(service["networks"]) <= COMPOSE["networks"].keys()


def test_every_service_that_lasts_has_a_limit_and_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in LASTING.items() if "mem_limit" not in service] == []
    assert {service["logging"]["options"]["max-size"] for service in LASTING.values()} == {"50m"}
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert [name for name, service in SERVICES.items() if "outside" in service["networks"]] == ["proxy"]


def test_only_what_works_as_the_owner_knows_the_owners_password() -> None:
    assert {name for name, service in OURS.items() if "DATABASE_OWNER_URL" in service["environment"]} == {
        "prepare",
        "backup",
        "drill",
        "restore",
    }


def test_the_key_of_the_drill_is_in_no_image_and_the_drill_alone_has_it() -> None:
    assert [name for name, service in SERVICES.items() if "secrets" in service] == ["drill"]
    (place,) = {secret["file"].removeprefix("./") for secret in COMPOSE["secrets"].values()}
    for ignored in (".gitignore", ".dockerignore"):
        lines = (PROJECT / ignored).read_text(encoding="utf-8").splitlines()
        assert str(Path(place).parent) in {line.strip("/") for line in lines}, ignored
    assert command_of("drill").endswith(f"--key /run/secrets/{Path(place).name}")


@pytest.mark.parametrize("name", ["backup", "drill", "restore"])
def test_what_keeps_and_restores_starts_the_database_and_does_not_migrate_it(name: str) -> None:
    assert SERVICES[name]["depends_on"].keys() == {"database"}
    assert SERVICES[name]["restart"] == "no"
    assert SERVICES[name]["profiles"], "it starts with the portal"
    mounted = {entry.split(":")[0]: entry for entry in SERVICES[name]["volumes"]}
    assert mounted["backups"].endswith(":ro") is (name != "backup")
    assert ("files" in mounted) is (name != "drill"), "a drill has nothing to do with the portal's own files"


@pytest.mark.django_db
def test_a_backup_comes_back_and_is_tried_by_the_commands_of_the_services(tmp_path: Path) -> None:
    """Each command as its service runs it, save that its places lie in a directory and the database on this machine."""
    key = tmp_path / "drill.key"
    public = new_key(key)
    shutil.copy(key, tmp_path / "restore.key")
    here = {
        "/var/backups/portal": tmp_path / "backups",
        "/run/secrets": tmp_path,
        "/srv/portal/var": tmp_path / "var",
    }
    (tmp_path / "var" / "drill").mkdir(parents=True)

    def run(name: str) -> str:
        url = f"postgres://{place.user}:{quote(place.password)}@/{place.name}?host={place.host}&port={place.port}"
        told = {"DATABASE_URL": url, "DATABASE_OWNER_URL": url, "BACKUP_RECIPIENTS": public}
        told |= {"FILES_DIR": str(tmp_path / "var" / "files"), "SECRET_KEY": settings.SECRET_KEY}
        told |= {
            "FIELD_KEYS": settings.FIELD_KEYS,
            "PATH": str(Path(sys.executable).parent),
        }  # no pg_dump but our own
        told |= {key: value for key, value in SERVICES[name]["environment"].items() if key == "TMPDIR"}
        command = command_of(name).replace("python ", f"{sys.executable} ", 1)
        for there, local in here.items():
            command = command.replace(there, str(local))
            told = {key: value.replace(there, str(local)) for key, value in told.items()}
        done = subprocess.run(
            command.split(), cwd=PROJECT, env=os.environ | told, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    of_tests = Place.of_owner()
    make_backup(to=tmp_path / "backups", recipients=recipients_of([public]))
    place = of_tests.called(f"{of_tests.name}_compose")
    place.drop()
    place.create()
    try:
        assert ", 0 differences." in run("restore")
        (tmp_path / "var" / "files" / "added.txt").write_text("since")
        told = run("backup")
        assert str(backups_in(tmp_path / "backups")[0]) in told
        assert "1 files compared, 0 differences." in run("drill")
    finally:
        place.drop()
    assert list((tmp_path / "var" / "drill").iterdir()) == []


@pytest.mark.parametrize("where", ["compose", "systemd"])
def test_each_queue_has_a_worker(where: str, settings: Settings) -> None:
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    units = (path.read_text(encoding="utf-8") for path in (PROJECT / "deploy" / "systemd").iterdir())
    commands = map(command_of, SERVICES) if where == "compose" else units
    served = {queue for command in commands for queue in re.findall(r"--queues (\S+)", command)}
    assert served == routed | {settings.CELERY_TASK_DEFAULT_QUEUE}


def test_the_web_answers_the_question_for_its_health_where_its_image_listens(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    listens = re.findall(r'"--bind", "0\.0\.0\.0:(\d+)"', IMAGE)[0]
    kind, program, _flag, code = SERVICES["web"]["healthcheck"]["test"]
    assert (kind, program) == ("CMD", "python")
    assert SERVICES["proxy"]["environment"]["PORTAL_UPSTREAM"] == f"web:{listens}"
    settings.ALLOWED_HOSTS = ["portal.tinh.gov.vn"]
    monkeypatch.setenv("ALLOWED_HOSTS", "portal.tinh.gov.vn")
    with make_server("127.0.0.1", 0, get_wsgi_application()) as served:
        threading.Thread(target=served.handle_request).start()
        here = code.replace(f"127.0.0.1:{listens}", f"127.0.0.1:{served.server_port}")
        asked = subprocess.run([sys.executable, "-c", here], capture_output=True, text=True, timeout=60)
    assert asked.returncode == 0, asked.stderr


def test_the_image_serves_the_web_as_the_unit_does() -> None:
    unit = (PROJECT / "deploy" / "systemd" / "portal-web.service").read_text(encoding="utf-8")
    of_unit = re.findall(r"^ExecStart=.*?gunicorn (.*)$", unit, re.MULTILINE)[0].split()
    of_image = re.findall(r'"([^"]+)"', IMAGE[IMAGE.index("CMD [") :])[1:]

    for words in (of_image, of_unit):
        del words[words.index("--bind") + 1]
    assert of_image == of_unit


def test_old_secret_keys_and_counts_reach_the_processes_and_the_owners_password_does_not() -> None:
    assert all("SECRET_KEY_FALLBACKS" in service["environment"] for service in OURS.values())
    assert {entry["path"] for service in OURS.values() for entry in service["env_file"]} == {
        "deploy/portal.env"
    }
    (counted,) = {SERVICES[name]["environment"]["METRICS_DIR"] for name in ("web", "metrics")}
    for name in ("web", "metrics"):
        assert f"metrics:{counted}" in SERVICES[name]["volumes"], name
