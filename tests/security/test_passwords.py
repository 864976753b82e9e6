"""Which passwords are refused, and that nothing else is asked of them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.passwords import is_breached
from config.checks import breached_passwords

GUESSABLE = [
    *("matkhau123456", "Congan@113113", "TranVanHung1990", "P@ssw0rd2026!", "qwertyuiop12", "123456789012"),
    *(
        "kontum-laocai-2025",
        "Phòng chống mua bán người 2026",
        "aaaabbbbcccc",
        "Anh Yêu Em 1998",
        "01/01/1990",
    ),
    *("administrator1", "CongAnTinh138!", "Nguyễn Thị Lan"),
]
GOOD = [
    *("đá mèo nước chảy 4", "con voi xanh leo cau thang", "Mot-mat-khau-dai-9", "correcthorsebatterystaple"),
    *("829147365018264937", "trăng rằm mùa cấy lúa", "😀 cơm lam nướng ống tre"),
]


def _is_taken(password: str) -> bool:
    try:
        validate_password(password)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("password", GUESSABLE)
def test_what_people_choose_first_is_refused(password: str) -> None:
    assert not _is_taken(password)


@pytest.mark.parametrize("password", GOOD)
def test_a_long_password_of_any_characters_is_taken(password: str) -> None:
    assert _is_taken(password)


def test_eleven_characters_are_too_few_and_a_hundred_are_taken() -> None:
    assert not _is_taken("xq7vd2mzkw9")
    assert _is_taken("bò nhai cỏ ở bãi sông " * 5)


@pytest.fixture
def breached(tmp_path: Path) -> Path:
    """Two thousand passwords in the form in which they are given away."""
    known = [f"lộ rồi lần thứ {number} nhé" for number in range(2000)]
    lines = sorted(hashlib.sha1(text.encode()).hexdigest().upper() for text in known)  # noqa: S324
    file = tmp_path / "pwned.txt"
    file.write_bytes(b"".join(f"{line}:{number}\r\n".encode() for number, line in enumerate(lines)))
    return file


def test_every_password_of_the_file_is_found_and_no_other(breached: Path) -> None:
    found = [is_breached(f"lộ rồi lần thứ {number} nhé", breached) for number in range(2010)]

    assert found == [True] * 2000 + [False] * 10


def test_a_breached_password_is_refused(breached: Path, settings: Settings) -> None:
    assert _is_taken("lộ rồi lần thứ 7 nhé")
    settings.BREACHED_PASSWORDS_FILE = str(breached)

    with pytest.raises(ValidationError, match="theft"):
        validate_password("lộ rồi lần thứ 7 nhé")
    assert _is_taken("trăng rằm mùa cấy lúa")


def test_a_file_of_breached_passwords_that_is_not_there_stops_the_start(settings: Settings) -> None:
    assert breached_passwords(None) == []
    settings.BREACHED_PASSWORDS_FILE = "/nowhere/pwned.txt"

    assert [fault.id for fault in breached_passwords(None)] == ["portal.E007"]


def test_a_password_may_be_pasted_and_filled_in_by_a_manager(db: None) -> None:
    page = Client().get(reverse("account_login")).content.decode()

    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page
    assert "maxlength" not in page.split('name="password"')[1].split(">")[0]
