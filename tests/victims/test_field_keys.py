"""Sealing: what opens, what does not, and a new key while people work."""

import base64
import secrets

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from pytest_django import Settings

from accounts.field_keys import (
    IndexKind,
    KeyMissing,
    SealBroken,
    blind_index,
    blind_indexes,
    current_key_id,
    read_keys,
    seal,
    unseal,
)
from accounts.models import User
from accounts.rotation import rotate
from accounts.row_scope import row_scope
from tests.victims.files import ACCOUNT, NAME, PAPER, PHONE, file_of, opened_by, with_identity
from victims.models import IdentityPaper, VictimIdentity, VictimNarrative
from victims.services.identity import Sought, search_person, show_identity
from victims.services.victim import write_narrative


def _key(key_id: str) -> str:
    return f"{key_id}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


@pytest.mark.parametrize(
    "text",
    [
        *("", "k1", "k1:", "k1:short", ":AAAA", "k 1:" + "A" * 44),
        pytest.param(f"{_key('k1')},{_key('k1')}", id="the same name twice"),
    ],
)
def test_keys_that_are_no_keys_are_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        read_keys(text)
    assert text[3:] == "" or text[3:] not in str(refused.value)


def test_a_wrong_key_says_so_and_gives_no_text(settings: Settings) -> None:
    settings.FIELD_KEYS = _key("k1")
    token = seal("bí mật", place="t.c.1")
    settings.FIELD_KEYS = _key("k1")
    with pytest.raises(SealBroken, match="another key"):
        unseal(token, place="t.c.1")
    settings.FIELD_KEYS = _key("k2")
    with pytest.raises(KeyMissing, match="k1"):
        unseal(token, place="t.c.1")


@pytest.mark.parametrize("place", ["t.c.2", "t.d.1", "u.c.1", ""])
def test_a_text_moved_elsewhere_does_not_open(place: str) -> None:
    token = seal("bí mật", place="t.c.1")
    with pytest.raises(SealBroken):
        unseal(token, place=place)


def test_a_text_with_a_byte_changed_does_not_open() -> None:
    key_id, _, encoded = seal("bí mật", place="t.c.1").partition(":")
    raw = bytearray(base64.b64decode(encoded))
    for place in (0, 13, len(raw) - 1):
        changed = bytes(byte ^ (place == at) for at, byte in enumerate(raw))
        with pytest.raises(SealBroken):
            unseal(f"{key_id}:{base64.b64encode(changed).decode()}", place="t.c.1")


def test_the_same_text_is_sealed_differently_each_time_and_opens() -> None:
    first, second = (seal("Hờ Thị Thử", place="t.c.1") for _ in range(2))
    assert first != second
    assert unseal(first, place="t.c.1") == unseal(second, place="t.c.1") == "Hờ Thị Thử"
    assert seal("", place="t.c.1") == ""


def test_an_index_knows_the_same_person_typed_otherwise_but_not_another() -> None:
    name = IndexKind.NAME_AND_YEAR
    assert blind_index(name, "Nguyễn  Thị Thử 2001") == blind_index(name, " NGUYỄN THỊ THỬ 2001")
    assert blind_index(name, "Nguyễn Thị Thử 2001") != blind_index(name, "Nguyen Thi Thu 2001")
    assert blind_index(IndexKind.PAPER, "010 987-654.321") == blind_index(IndexKind.PAPER, "010987654321")
    assert blind_index(IndexKind.PHONE, "+84 917 555 138") == blind_index(IndexKind.PHONE, "0917.555.138")
    assert blind_index(IndexKind.PHONE, "010987654321") != blind_index(IndexKind.PAPER, "010987654321")
    assert blind_index(name, "  ") == ""


def test_a_new_key_seals_everything_anew_while_the_portal_runs(worker: User, settings: Settings) -> None:
    victims = [with_identity(worker, file_of(worker), paper=f"{PAPER}{number}") for number in range(5)]
    with row_scope(worker):
        write_narrative(
            actor=worker, victim=victims[0], kind=VictimNarrative.Kind.ACCOUNT, text=ACCOUNT, version=0
        )
    old = settings.FIELD_KEYS
    settings.FIELD_KEYS = f"{_key('k2')},{old}"
    steps = rotate(batch=2)
    next(steps)  # stopped after the first batch

    assert (
        VictimIdentity.objects.filter(key_id="k2").count()
        + IdentityPaper.objects.filter(key_id="k2").count()
        + VictimNarrative.objects.filter(key_id="k2").count()
        <= 2
    )
    with row_scope(worker):
        found = search_person(actor=worker, sought=Sought(paper=f"{PAPER}4"))
    assert [victim.code for victim in found.own] == [victims[4].code], "found while half is rotated"

    call_command("rotate_field_keys", batch=2, verbosity=0)
    settings.FIELD_KEYS = settings.FIELD_KEYS.partition(",")[0]  # the old key is gone
    assert current_key_id() == "k2"
    for model in (VictimIdentity, IdentityPaper, VictimNarrative):
        assert {row.key_id for row in model.objects.all()} == {"k2"}
    opened_by(worker, victims[0])
    with row_scope(worker):
        shown = show_identity(actor=worker, victim=victims[0])
        found = search_person(actor=worker, sought=Sought(phone=PHONE))
    assert shown is not None
    assert shown.texts["full_name"] == NAME
    assert len(found.own) == 5
    assert all(index.startswith("k2:") for index in blind_indexes(IndexKind.PHONE, PHONE))


def test_a_sealed_column_carried_to_another_row_does_not_open(worker: User) -> None:
    one, other = (with_identity(worker, file_of(worker)) for _ in range(2))
    opened_by(worker, other)
    VictimIdentity.objects.filter(victim=other).update(
        full_name=VictimIdentity.objects.get(victim=one).full_name
    )
    with row_scope(worker), pytest.raises(SealBroken):
        show_identity(actor=worker, victim=other)
