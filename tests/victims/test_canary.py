"""A name put into every personal field is afterwards in no log, dump, temporary file, backup, mail, message or file.

What is plain in the database on purpose has a canary of its own, and a reason; it may be nowhere but there.
"""

from __future__ import annotations

import logging
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.outbox import ask_to_look, spread_events
from config.backup.making import make_backup
from config.backup.places import Place, program
from config.backup.sealing import new_key, recipients_of
from config.celery import app
from incidents.models import Case, Tip
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.faults.redis import RedisServer, has_redis
from tests.file_rows import PDF
from tests.incidents.records import case, make_investigators, tip
from tests.key_rows import make_keys, make_webhooks
from tests.traces import Traces
from tests.victims.files import NAME
from tests.victims.test_plaintext import CANARIES, everything_people_do, whole_database

FILE_NAME, FILE_TEXT = "Giấy của Mùa Thị Hoa Ban Thử.pdf", "Sùng A Không Ai Thử"
OFFICER, TOLD = "Đặng Thị Sao Khuê Thử", "bà Lò Thị Suối Trong Thử"

#: What lies open in the database on purpose, by canary: the tables it may be in, and why.
PLAIN_IN_THE_DATABASE = {
    OFFICER: {
        "accounts_user",
        "accounts_userevent",
    },  # colleagues see who did what; histories name them by number
    TOLD: {"incidents_tip", "incidents_tipevent"},  # who works on a tip searches it; forms ask for no names
}
SEALED = Traces([*CANARIES, "Mùa Thị Hoa Ban Thử", FILE_TEXT])
PLAIN = {canary: Traces([canary]) for canary in PLAIN_IN_THE_DATABASE}


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this process puts temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def redis(tmp_path: Path, broker_dir: Path) -> Iterator[Path | None]:
    """The files of a Redis that carries the messages, as in a deployment. It notes there all it was ever told."""
    if not has_redis():
        yield None
        return
    server = RedisServer(tmp_path / "redis")
    of_suite = app.conf.broker_url, app.conf.broker_transport_options
    server.start()
    try:
        app.conf.broker_url, app.conf.broker_transport_options = server.url, {}
        app._after_fork()  # lets go of the connections there are
        yield server.place
    finally:
        app.conf.broker_url, app.conf.broker_transport_options = of_suite
        app._after_fork()
        server.kill()


def _server_log() -> bytes:
    if not settings.DATABASE_IS_EMBEDDED:
        return b""  # the server's administrator alone reads it
    data_dir = Path(settings.DATABASES["default"]["EMBEDDED_DATA_DIR"])
    return (data_dir.parent / "log" / "postgresql.log").read_bytes()


def _dump() -> bytes:
    place = Place.of_owner()
    command = [
        program("pg_dump"),
        "--format=plain",
        *place.options,
        "--no-password",
        f"--dbname={place.name}",
    ]
    return subprocess.run(command, env=place.environment, capture_output=True, check=True).stdout


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Each file under a folder, and its path as a place of its own."""
    for path in folder.rglob("*"):
        yield f"name {path}", str(path.relative_to(folder)).encode()
        if path.is_file():
            yield f"content {path}", path.read_bytes()


def _send_file(browser: Client, address: str) -> None:
    content = PDF.replace(b"<<>>", f"<</Title ({FILE_TEXT})>>".encode())
    sent = {"files_added": SimpleUploadedFile(FILE_NAME, content), "has_no_secret": "on", "no_secrets": "on"}
    assert browser.post(address, sent).status_code == 302, address


def _people_work(
    cast: Cast, worker: User, head: User, far_worker: User, signed_in: SignedIn
) -> dict[str, bytes]:
    """All that is done with a victim, a tip and a case. Returns the files that were taken out."""
    receiver = signed_in(far_worker)
    victim = everything_people_do(worker, signed_in(worker), signed_in(head), receiver, far_worker)
    _send_file(receiver, reverse("victim_attachment_add", args=[victim.code]))
    who = make_investigators(cast)
    told: Tip = tip(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat, text=f"{TOLD} kể.")
    one: Case = case(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)
    investigator = signed_in(who.own)
    _send_file(investigator, reverse("tip_file_add", args=[told.pk]))
    _send_file(investigator, reverse("case_file_add", args=[one.pk]))
    investigator.post(reverse("search"), {"words": NAME}, follow=True)
    investigator.post(reverse("account_login"), {"login": f"{NAME}@example.vn", "password": NAME})
    ask_to_look()
    spread_events()
    taken = {name: investigator.get(reverse(name)) for name in ("tip_export", "case_export")}
    taken["victims"] = receiver.get(reverse("victim_list"))
    return {name: b"".join(r.streaming_content) if r.streaming else r.content for name, r in taken.items()}


@pytest.mark.django_db(transaction=True)
def test_a_canary_is_found_nowhere(
    cast: Cast,
    worker: User,
    head: User,
    far_worker: User,
    signed_in: SignedIn,
    caplog: pytest.LogCaptureFixture,
    temporary: Path,
    files_dir: Path,
    broker_dir: Path,
    redis: Path | None,
    tmp_path: Path,
    settings: Settings,
) -> None:
    caplog.set_level(logging.DEBUG)
    logged_before = len(_server_log())
    User.objects.filter(pk=far_worker.pk).update(full_name=OFFICER)

    make_webhooks(make_keys(cast))  # so that workers are asked to tell of what happens

    taken = _people_work(cast, worker, head, far_worker, signed_in)
    backup = make_backup(
        to=tmp_path / "backup", recipients=recipients_of([new_key(tmp_path / "restore.key")])
    )

    tables = {f"table {name}": text.encode() for name, text in whole_database()}
    places = {
        "log": caplog.text.encode(),
        "log of the database": _server_log()[logged_before:],
        "mail": "\n".join(
            f"{m.subject} {m.body} {m.to} {getattr(m, 'alternatives', '')}" for m in mail.outbox
        ).encode(),
        **dict(_files(temporary)),
        **dict(_files(files_dir)),
        **dict(_files(redis or broker_dir)),
        **dict(_files(backup)),
    }
    everywhere = {**places, **tables, **{f"export {name}": content for name, content in taken.items()}}
    everywhere["dump"] = _dump()
    assert {
        place: found for place, content in everywhere.items() if (found := SEALED.found_in(content))
    } == {}
    for canary, known in PLAIN.items():
        assert {place for place, content in places.items() if known.found_in(content)} == set(), canary
        held = {name.removeprefix("table ") for name, content in tables.items() if known.found_in(content)}
        assert held <= PLAIN_IN_THE_DATABASE[canary], canary
    assert PLAIN[OFFICER].found_in(everywhere["dump"]), "the dump was read"
    assert len(mail.outbox) > 0
    carried = b"".join(content for _name, content in _files(redis or broker_dir))
    assert b"accounts.tasks" in carried, "the broker was read"
    assert len(list(files_dir.rglob("*"))) > 3
    assert {path.name for path in backup.iterdir()} >= {"database.age", "files.age", "backup.json"}
