"""Questions asked of the map: by day, downwards, and forward through the reform."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from territory.models import Area, AreaKind, AreaSuccession, Level
from territory.selectors import (
    AreaUnknown,
    area_on,
    carry_forward,
    children,
    count_descendants,
    descendants,
    successors,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_areas")]

IN_2020 = dt.date(2020, 6, 14)
LAST_DAY = dt.date(2025, 6, 30)
FIRST_DAY = dt.date(2025, 7, 1)
IN_2026 = dt.date(2026, 11, 21)


def make_area(code: str, name: str, level: Level, parent: Area, valid_from: dt.date) -> Area:
    kind = AreaKind.COMMUNE if level == Level.COMMUNE else AreaKind.PROVINCE
    area: Area = Area.objects.create(
        code=code, name=name, short_name=name, level=level, kind=kind, parent=parent, valid_from=valid_from
    )
    area.refresh_from_db()
    return area


def test_an_unknown_code_is_named_with_its_day() -> None:
    with pytest.raises(AreaUnknown, match="“62” on 2026-11-21"):
        area_on("62", IN_2026)
    with pytest.raises(AreaUnknown, match="No district has the code “62” on 2020-06-14"):
        area_on("62", IN_2020, Level.DISTRICT)


@pytest.mark.parametrize("code", ["", "6 2", "\x00", "\ud800", "6" * 5000, "62'--"])
def test_a_code_that_cannot_be_one_is_unknown(code: str) -> None:
    with pytest.raises(AreaUnknown):
        area_on(code, IN_2020)


def test_the_descendants_of_a_province_are_those_of_the_day(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    kon_tum = area_on("62", IN_2020)
    with django_assert_num_queries(1):
        found = list(descendants(kon_tum, IN_2020))

    assert sum(area.level == Level.DISTRICT for area in found) == 10
    assert sum(area.level == Level.COMMUNE for area in found) == len(found) - 10 == 102
    assert kon_tum not in found
    assert all(kon_tum.contains(area) for area in found)
    assert not descendants(kon_tum, FIRST_DAY).exists()


def test_descendants_are_found_by_a_range_of_the_path_index() -> None:
    kon_tum = area_on("62", IN_2020)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    plan = descendants(kon_tum, IN_2020).explain()

    assert "area_path" in plan
    assert f"path >= '{kon_tum.path}'" in plan


def test_parts_are_counted_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    nation, kon_tum = area_on("VN", IN_2020), area_on("62", IN_2020)
    with django_assert_num_queries(1):
        districts = {area.name: area.part_count for area in children(kon_tum, IN_2020)}  # type: ignore[attr-defined]
    with django_assert_num_queries(1):
        then = count_descendants(nation, IN_2020)
    with django_assert_num_queries(1):
        now = count_descendants(nation, IN_2026)

    assert len(districts) == 10
    assert districts["Huyện Ngọc Hồi"] == 8
    assert then == {Level.PROVINCE: 63, Level.DISTRICT: 696, Level.COMMUNE: 10_035}
    assert now == {Level.PROVINCE: 34, Level.COMMUNE: 3_321}


def test_an_area_without_parts_counts_zero() -> None:
    islands = {area.code: area.part_count for area in children(area_on("48", IN_2020), IN_2020)}  # type: ignore[attr-defined]

    assert islands["498"] == 0
    assert len(islands) == 8


def test_while_an_area_is_valid_it_is_its_own_successor(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    kon_tum = area_on("62", IN_2020)
    with django_assert_num_queries(0):
        assert successors(kon_tum, LAST_DAY) == [kon_tum]


def test_a_province_is_followed_by_the_one_it_joined(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    bac_kan = area_on("06", IN_2020)
    with django_assert_num_queries(2):
        assert [area.name for area in successors(bac_kan, FIRST_DAY)] == ["Tỉnh Thái Nguyên"]


def test_a_district_is_followed_by_the_communes_of_its_communes(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    thach_ha = area_on("445", IN_2020)
    with django_assert_num_queries(2):
        found = carry_forward(thach_ha, FIRST_DAY)

    expected = [
        "Đông Kinh",
        "Hồng Lộc",
        "Lộc Hà",
        "Mai Phụ",
        "Thạch Hà",
        "Thạch Xuân",
        "Toàn Lưu",
        "Việt Xuyên",
    ]
    assert [successor.area.short_name for successor in found] == expected
    assert [successor.is_default for successor in found].count(True) == 1
    assert all(successor.is_estimated for successor in found)


def test_an_island_district_is_followed_by_its_special_zone() -> None:
    (found,) = carry_forward(area_on("755", IN_2020), FIRST_DAY)

    assert found.area.name == "Đặc khu Côn Đảo"
    assert found.is_default
    assert not found.is_estimated


def test_figures_of_a_divided_commune_go_to_its_default_and_are_estimates() -> None:
    divided = Area.objects.filter(succeeded_by__is_divided=True, province__code="01").distinct()[0]

    found = carry_forward(divided, IN_2026)

    assert len(found) > 1
    assert [successor.is_default for successor in found].count(True) == 1
    assert all(successor.is_estimated for successor in found)
    default = next(successor.area for successor in found if successor.is_default)
    assert default == divided.succeeded_by.get(is_default=True).successor


def test_an_undivided_commune_is_carried_forward_as_it_is() -> None:
    commune = Area.objects.valid_on(LAST_DAY).get(name="Xã Pờ Y")

    assert [(s.area.name, s.is_default, s.is_estimated) for s in carry_forward(commune)] == [
        ("Xã Bờ Y", True, False)
    ]


def test_links_are_followed_over_several_reforms() -> None:
    next_reform = dt.date(2030, 1, 1)
    nation, old, present = area_on("VN", IN_2020), area_on("62", IN_2020), area_on("51", IN_2026)
    present.valid_to = next_reform - dt.timedelta(days=1)
    present.save()
    later = [
        make_area(code, name, Level.PROVINCE, nation, next_reform)
        for code, name in (("51", "A"), ("62", "B"))
    ]
    for area in later:
        AreaSuccession.objects.create(
            predecessor=present, successor=area, is_default=area.code == "62", is_divided=True
        )

    found = carry_forward(old, next_reform)

    assert [(s.area.name, s.is_default, s.is_estimated) for s in found] == [
        ("A", False, True),
        ("B", True, True),
    ]
    assert [s.area for s in carry_forward(old, IN_2026)] == [present]


def test_an_area_has_no_place_on_a_map_before_its_first_day() -> None:
    with pytest.raises(AreaUnknown, match=r"Tỉnh Lào Cai \(15\) did not exist on 2020-06-14"):
        successors(area_on("15", IN_2026), IN_2020)


def test_a_successor_that_nobody_knows_is_an_empty_list() -> None:
    commune = Area.objects.valid_on(LAST_DAY).get(name="Xã Pờ Y")
    commune.succeeded_by.all().delete()

    assert carry_forward(commune, IN_2026) == []


def test_the_same_code_is_not_valid_twice_on_one_day() -> None:
    nation = area_on("VN", IN_2020)
    with pytest.raises(IntegrityError, match="territory_area_code_once_a_day"), transaction.atomic():
        make_area("62", "Kon Tum", Level.PROVINCE, nation, LAST_DAY)

    assert make_area("62", "Kon Tum", Level.PROVINCE, nation, FIRST_DAY).path.startswith(nation.path)


def test_validity_out_of_order_is_refused() -> None:
    kon_tum = area_on("62", IN_2020)
    kon_tum.valid_to = dt.date(2003, 12, 31)
    with pytest.raises(IntegrityError), transaction.atomic():
        kon_tum.save()


def test_a_commune_has_one_default_successor_at_most() -> None:
    commune = Area.objects.valid_on(LAST_DAY).get(name="Xã Pờ Y")
    with pytest.raises(IntegrityError, match="territory_succession_one_default"), transaction.atomic():
        AreaSuccession.objects.create(
            predecessor=commune, successor=area_on("51", FIRST_DAY), is_default=True
        )
