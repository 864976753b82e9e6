"""Searching without diacritics and the Vietnamese order of names: the same in the database and in Python."""

from __future__ import annotations

import datetime as dt
import random
import unicodedata

import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from territory.collation import fold, parts_of
from territory.models import Area, Level

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
PROVINCES = [
    *["An Giang", "Bắc Ninh", "Cà Mau", "Cao Bằng", "Cần Thơ", "Đà Nẵng", "Đắk Lắk", "Điện Biên", "Đồng Nai"],
    *["Đồng Tháp", "Gia Lai", "Hà Nội", "Hà Tĩnh", "Hải Phòng", "Hồ Chí Minh", "Huế", "Hưng Yên"],
    *["Khánh Hòa", "Lai Châu", "Lạng Sơn", "Lào Cai", "Lâm Đồng", "Nghệ An", "Ninh Bình", "Phú Thọ"],
    *["Quảng Ngãi", "Quảng Ninh", "Quảng Trị", "Sơn La", "Tây Ninh", "Thái Nguyên", "Thanh Hóa"],
    *["Tuyên Quang", "Vĩnh Long"],
]


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


#: Characters that this Python knows: the database may know a later Unicode. Text columns hold no NUL.
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\x00"))
VIETNAMESE = st.text(st.sampled_from([*LETTERS, *LETTERS.upper(), *"fjwzFJWZ -'", *TONES[1:]]))
TYPED = st.one_of(ANY_TEXT, VIETNAMESE).flatmap(
    lambda text: st.sampled_from([text, composed(text), decomposed(text)])
)


def in_database(function: str, texts: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {function}(t) FROM unnest(%s::text[]) WITH ORDINALITY AS u(t, n) ORDER BY n",
            [texts],
        )
        return [text for (text,) in cursor.fetchall()]


def sorted_by_database(names: list[str]) -> list[str]:
    keys = dict(zip(names, in_database("vi_sort_key", names), strict=True))
    return sorted(names, key=lambda name: keys[name].encode())


@pytest.mark.django_db
@given(st.lists(TYPED, min_size=1, max_size=20))
@example(["Mua bán người", "ĐẮK LẮK", decomposed("Đường Nguyễn Huệ"), "ÿ Ñ ß İ"])
def test_the_database_and_python_fold_alike(texts: list[str]) -> None:
    assert in_database("vi_fold", texts) == [fold(text) for text in texts]


@pytest.mark.django_db
@given(st.lists(TYPED, min_size=1, max_size=20))
@example(["Mua bán người", "ab", "", "aaaa"])
def test_the_database_and_python_take_the_same_parts(texts: list[str]) -> None:
    folded = [fold(text) for text in texts]

    found = [sorted(parts or ()) for parts in in_database("vi_parts", folded)]

    assert found == [parts_of([text]) for text in folded]


def test_folding_takes_every_vietnamese_mark_away() -> None:
    assert fold("MUA BÁN NGƯỜI Ở ĐẮK LẮK") == "mua ban nguoi o dak lak"
    assert fold(decomposed("Thừa Thiên Huế, Quỹ, Cẩm Mỹ")) == "thua thien hue, quy, cam my"


@pytest.mark.django_db
def test_letters_come_in_the_vietnamese_order() -> None:
    shuffled = random.Random(1).sample(LETTERS, len(LETTERS))  # noqa: S311

    assert sorted_by_database(shuffled) == list(LETTERS)


@pytest.mark.django_db
@pytest.mark.parametrize("syllable", ["ma", "bê", "tơ", "lư", "my"])
def test_tones_come_in_the_order_level_falling_asking_tumbling_rising_heavy(syllable: str) -> None:
    expected = [composed(syllable + tone) for tone in TONES]

    assert sorted_by_database(expected[::-1]) == expected


@pytest.mark.django_db
def test_letters_weigh_more_than_tones_and_capitals_nothing() -> None:
    assert sorted_by_database(["mạ", "mai", "ma", "mà", "măng"]) == ["ma", "mà", "mạ", "mai", "măng"]
    assert in_database("vi_sort_key", ["HÀ TĨNH"]) == in_database("vi_sort_key", ["hà tĩnh"])
    assert in_database("vi_sort_key", [decomposed("Huế")]) == in_database("vi_sort_key", ["Huế"])


@pytest.mark.django_db
@pytest.mark.usefixtures("all_areas")
def test_the_provinces_of_today_are_listed_in_alphabetical_order() -> None:
    today = Area.objects.valid_on(dt.date(2026, 1, 1)).level(Level.PROVINCE)

    assert list(today.values_list("short_name", flat=True)) == PROVINCES


@pytest.mark.django_db
@pytest.mark.usefixtures("all_areas")
@pytest.mark.parametrize("words", ["bat xat", "BÁT XÁT", decomposed("Bát Xát"), " bát xat "])
def test_a_name_is_found_with_diacritics_or_without(words: str) -> None:
    found = Area.objects.valid_on(dt.date(2020, 1, 1)).level(Level.DISTRICT).search(words)

    assert [area.name for area in found] == ["Huyện Bát Xát"]
