"""A backup holds everything, tells nobody anything, and is restored whole or not at all."""

from __future__ import annotations

import base64
import io
import json
import shutil
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import AuditEvent
from config.backup.contents import Contents
from config.backup.failures import BackupError
from config.backup.head import DATABASE, HEAD
from config.backup.making import backups_in, make_backup, write_keys
from config.backup.places import Place
from config.backup.restoring import checked, drill, restore_backup
from config.backup.sealing import identities_in, new_key, recipients_of, unseal
from tests.cast import make_cast

CANARY = "Hoàng Thị Chim Yến"


class Keys:
    """A key to restore with, and for whom to encrypt."""

    def __init__(self, place: Path) -> None:
        self.file = place / "restore.key"
        self.public = new_key(self.file)
        self.recipients, self.identities = recipients_of([self.public]), identities_in(self.file)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def plain(
    keys: Keys,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Path:
    """A backup of what the database of the tests has committed: at least its migrations."""
    with django_db_blocker.unblock():
        return make_backup(to=tmp_path_factory.mktemp("backups"), recipients=keys.recipients)


@pytest.fixture
def empty(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Place]:
    """An empty database beside that of the tests."""
    with django_db_blocker.unblock():
        owner = Place.of_owner()
        place = owner.called(f"{owner.name}_restored")
        place.drop()
        place.create()
        yield place
        place.drop()


def rows_of(place: Place) -> dict[str, str]:
    """Every row of every table, as text; read without the code that makes backups."""
    with place.connected() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'config_cache'"
        )
        found = {}
        for (table,) in cursor.fetchall():
            out = io.StringIO()
            cursor.copy_expert(f'COPY (SELECT * FROM "{table}" t ORDER BY t::text) TO STDOUT', out)
            found[table] = out.getvalue()
        return found


def objects_of(place: Place) -> set[tuple[str, str]]:
    """What a schema has besides rows, by name. How a server writes an expression down is its own affair."""
    with place.connected() as cursor:
        cursor.execute(
            "SELECT 'index', indexname::text FROM pg_indexes WHERE schemaname = 'public' UNION ALL"
            " SELECT 'constraint', conrelid::regclass || ' ' || conname FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace UNION ALL"
            " SELECT 'trigger', tgrelid::regclass || ' ' || tgname FROM pg_trigger WHERE NOT tgisinternal UNION ALL"
            " SELECT 'policy', tablename || ' ' || policyname FROM pg_policies UNION ALL"
            " SELECT 'function', p.oid::regprocedure::text FROM pg_proc p"
            " WHERE pronamespace = 'public'::regnamespace"
        )
        return set(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_all_comes_back_and_nothing_of_it_can_be_read_in_the_backup(
    keys: Keys, empty: Place, tmp_path: Path, files_dir: Path
) -> None:
    cast = make_cast()
    officer = cast.people.coordinator
    officer.full_name = CANARY
    officer.save()
    for name in ("a.bin", "deep/er/b.bin", "rỗng.txt"):
        (files_dir / name).parent.mkdir(parents=True, exist_ok=True)
        (files_dir / name).write_bytes(b"" if name == "rỗng.txt" else CANARY.encode() * 40_000)
    source = Place.of_owner()

    made = make_backup(to=tmp_path / "backups", recipients=keys.recipients)
    restored = restore_backup(made, identities=keys.identities, place=empty, files=tmp_path / "restored")

    assert restored.differences == []
    before, after = rows_of(source), rows_of(empty)
    assert before.keys() == after.keys()
    assert [table for table in before if before[table] != after[table]] == []
    assert CANARY in after["accounts_user"]
    assert objects_of(source) == objects_of(empty)
    files = {
        path.relative_to(files_dir): path.read_bytes() for path in files_dir.rglob("*") if path.is_file()
    }
    top = tmp_path / "restored"
    assert {path.relative_to(top): path.read_bytes() for path in top.rglob("*") if path.is_file()} == files
    assert {path.stat().st_mode & 0o077 for path in [top, *top.rglob("*")]} == {0}

    plain = CANARY.encode()
    shapes = [plain, CANARY.encode("utf-16-le"), base64.b64encode(plain)[:20], plain.hex().encode()]
    shapes.append(urllib.parse.quote(CANARY).encode())
    for path in made.iterdir():
        assert path.stat().st_mode & 0o077 == 0 or path.name == HEAD
        assert [shape for shape in shapes if shape in path.read_bytes()] == []


def test_a_backup_is_checked_without_the_key(plain: Path) -> None:
    head = checked(plain)

    assert head.tables > 100
    assert head.migrations["accounts"]


def test_a_damaged_part_is_named(plain: Path, keys: Keys, empty: Place, tmp_path: Path) -> None:
    damaged = copied(plain, tmp_path)
    content = bytearray((damaged / DATABASE).read_bytes())
    content[len(content) // 2] ^= 1
    (damaged / DATABASE).write_bytes(content)

    with pytest.raises(BackupError, match=r"database\.age is not as it was made"):
        restore_backup(damaged, identities=keys.identities, place=empty, files=tmp_path / "files")

    assert rows_of(empty) == {}


def test_a_part_made_anew_by_somebody_else_breaks_the_seal(plain: Path, tmp_path: Path) -> None:
    forged = copied(plain, tmp_path)
    told = json.loads((forged / HEAD).read_text())
    told["parts"][0]["sha256"] = "0" * 64
    (forged / HEAD).write_text(json.dumps(told))

    with pytest.raises(BackupError, match="not by this portal's SECRET_KEY"):
        checked(forged)


def test_a_backup_of_before_the_secret_key_was_changed_is_known(plain: Path, settings: Settings) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [settings.SECRET_KEY]
    assert checked(plain).tables > 100
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(BackupError, match="SECRET_KEY"):
        checked(plain)
    assert checked(plain, of_any_origin=True).tables > 100


def test_another_key_opens_nothing(plain: Path, empty: Place, tmp_path: Path) -> None:
    other = Keys(tmp_path)

    with pytest.raises(BackupError, match="this is not its key"):
        restore_backup(plain, identities=other.identities, place=empty, files=tmp_path / "files")

    assert rows_of(empty) == {}


def test_nothing_is_restored_over_something(plain: Path, keys: Keys, empty: Place, tmp_path: Path) -> None:
    with empty.connected(is_autocommit=True) as cursor:
        cursor.execute("CREATE TABLE mine (id int)")
    with pytest.raises(BackupError, match="is not empty"):
        restore_backup(plain, identities=keys.identities, place=empty, files=tmp_path / "files")
    with empty.connected(is_autocommit=True) as cursor:
        cursor.execute("DROP TABLE mine")
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "mine").write_text("mine")
    with pytest.raises(BackupError, match="holds files"):
        restore_backup(plain, identities=keys.identities, place=empty, files=tmp_path / "files")
    assert rows_of(empty) == {}


def test_a_backup_of_a_newer_portal_is_refused(
    plain: Path, keys: Keys, empty: Place, tmp_path: Path, settings: Settings
) -> None:
    newer = copied(plain, tmp_path)
    told = json.loads((newer / HEAD).read_text())
    told["migrations"]["accounts"] = "9999_from_the_future"
    (newer / HEAD).write_text(json.dumps(told))

    with pytest.raises(BackupError, match=r"made by a newer portal \(accounts\.9999_from_the_future\)"):
        restore_backup(
            newer, identities=keys.identities, place=empty, files=tmp_path / "files", of_any_origin=True
        )


def test_a_drill_compares_and_leaves_nothing_behind(
    plain: Path, keys: Keys, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock():
        restored = drill(plain, identities=keys.identities)
        owner = Place.of_owner()
        with owner.called("postgres").connected() as cursor:
            cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [f"{owner.name}_drill"])
            (left,) = cursor.fetchone()

    assert restored.differences == []
    assert restored.head.tables > 100
    assert left == 0


def test_what_differs_is_told_by_name() -> None:
    was = Contents({"a": (1, "x"), "b": (2, "y")}, {"s": 4}, {"one.pdf": "aa"})
    now = Contents({"a": (1, "x"), "b": (1, "z")}, {"s": 4}, {"two.pdf": "aa"})

    assert list(was.differences(now)) == [
        "tables: b is (1, 'z') and was (2, 'y')",
        "files: one.pdf is missing",
        "files: two.pdf was not in the backup",
    ]
    assert Contents.from_json(was.as_json()) == was


def test_only_whole_backups_have_a_name_and_the_oldest_go(
    keys: Keys, tmp_path: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    left = tmp_path / ".20200101T000000Z.part"
    left.mkdir()
    for name in ("20200102T000000Z", "20200103T000000Z"):
        (tmp_path / name).mkdir()
        (tmp_path / name / HEAD).write_text("{}")
    (tmp_path / "my notes").mkdir()

    with django_db_blocker.unblock():
        made = make_backup(to=tmp_path, recipients=keys.recipients, keep=2)

    assert not left.exists()
    assert backups_in(tmp_path) == [made, tmp_path / "20200103T000000Z"]
    assert (tmp_path / "my notes").exists()


def test_the_portals_keys_are_kept_apart(plain: Path, keys: Keys, tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(BackupError, match="somewhere else"):
        write_keys(to=plain.parent, recipients=keys.recipients)

    written = write_keys(to=tmp_path / "keys", recipients=keys.recipients)

    assert settings.SECRET_KEY.encode() not in written.read_bytes()
    assert all(settings.SECRET_KEY.encode() not in path.read_bytes() for path in plain.iterdir())
    with pytest.raises(BackupError, match="this is not its key"):
        opened(written, Keys(tmp_path))
    assert f"SECRET_KEY={settings.SECRET_KEY}\n" in opened(written, keys)


def opened(written: Path, keys: Keys) -> str:
    target = io.BytesIO()
    unseal(written, target, keys.identities)
    return target.getvalue().decode()


def test_nobody_to_open_it_is_refused_before_anything_is_made(tmp_path: Path, settings: Settings) -> None:
    settings.BACKUP_RECIPIENTS = []
    with pytest.raises(CommandError, match="Nobody could open this backup"):
        call_command("backup", to=tmp_path)
    with pytest.raises(CommandError, match="is no key to encrypt for"):
        call_command("backup", to=tmp_path, recipient=["ssh-rsa AAAA"])
    with pytest.raises(CommandError, match="Say where to"):
        call_command("backup")
    assert list(tmp_path.iterdir()) == []


def test_a_backup_among_the_files_would_hold_itself(keys: Keys, files_dir: Path) -> None:
    with pytest.raises(BackupError, match="among the files"):
        make_backup(to=files_dir / "backups", recipients=keys.recipients)


@pytest.mark.django_db
def test_who_looks_after_it_reads_when_the_last_backup_was_made(
    keys: Keys, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("backup", to=tmp_path / "b", recipient=[keys.public])
    call_command("restore", tmp_path / "b", key=keys.file, drill=True)

    noted: list[dict[str, Any]] = [
        event.detail for event in AuditEvent.objects.filter(kind=AuditEvent.Kind.BACKED_UP).order_by("pk")
    ]
    assert [(each["what"], each.get("differences")) for each in noted] == [("made", None), ("drill", 0)]
    assert "0 differences" in capsys.readouterr().out


def copied(backup: Path, to: Path) -> Path:
    return Path(shutil.copytree(backup, to / backup.name))
