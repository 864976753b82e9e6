"""What load_areas brings: the map before July 2025, the map since, and the way from one to the other."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
import shutil
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Q

from territory import dataset
from territory.dataset import DatasetMissing, UnitKey, find_package, read_dataset, split_name
from territory.loading import load_areas
from territory.models import AgencyKind, Area, AreaKind, AreaSuccession, Level
from territory.selectors import area_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_areas")]

IN_2020 = dt.date(2020, 6, 14)
LAST_DAY = dt.date(2025, 6, 30)
FIRST_DAY = dt.date(2025, 7, 1)
IN_2026 = dt.date(2026, 11, 21)


def count(level: Level, day: dt.date) -> int:
    return Area.objects.valid_on(day).level(level).count()


@pytest.mark.parametrize(
    ("day", "level", "expected"),
    [
        (LAST_DAY, Level.NATION, 1),
        (LAST_DAY, Level.PROVINCE, 63),
        (LAST_DAY, Level.DISTRICT, 696),
        (LAST_DAY, Level.COMMUNE, 10_035),
        (FIRST_DAY, Level.NATION, 1),
        (FIRST_DAY, Level.PROVINCE, 34),
        (FIRST_DAY, Level.DISTRICT, 0),
        (FIRST_DAY, Level.COMMUNE, 3_321),
    ],
)
def test_the_map_has_every_unit_on_both_sides_of_the_reform(
    day: dt.date, level: Level, expected: int
) -> None:
    assert count(level, day) == expected


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("10", IN_2020, "Tỉnh Lào Cai"),
        ("15", IN_2020, "Tỉnh Yên Bái"),
        ("15", IN_2026, "Tỉnh Lào Cai"),
        ("62", IN_2020, "Tỉnh Kon Tum"),
        ("06", IN_2020, "Tỉnh Bắc Kạn"),
        ("01", IN_2020, "Thành phố Hà Nội"),
        ("VN", dt.date(1990, 1, 1), "Việt Nam"),
    ],
)
def test_a_code_means_what_it_meant_on_the_day(code: str, day: dt.date, name: str) -> None:
    assert area_on(code, day).name == name


@pytest.mark.parametrize(
    ("old", "new"), [("62", "51"), ("06", "19"), ("10", "15"), ("15", "15"), ("42", "42")]
)
def test_a_former_province_has_one_successor(old: str, new: str) -> None:
    link = AreaSuccession.objects.get(predecessor=area_on(old, LAST_DAY))

    assert link.successor == area_on(new, FIRST_DAY)
    assert link.is_default
    assert not link.is_divided


def test_sixty_three_provinces_became_thirty_four_and_none_was_divided() -> None:
    links = AreaSuccession.objects.filter(predecessor__level=Level.PROVINCE)

    assert links.count() == 63
    assert links.values("successor").distinct().count() == 34
    assert not links.filter(Q(is_divided=True) | Q(is_default=False)).exists()


def test_every_former_commune_has_exactly_one_default_successor() -> None:
    communes = Area.objects.valid_on(LAST_DAY).level(Level.COMMUNE)
    defaults = Count("succeeded_by", filter=Q(succeeded_by__is_default=True))

    assert not communes.annotate(defaults=defaults).exclude(defaults=1).exists()


def test_a_commune_is_marked_divided_exactly_when_it_has_several_successors() -> None:
    communes = Area.objects.valid_on(LAST_DAY).level(Level.COMMUNE).annotate(n=Count("succeeded_by"))

    assert communes.filter(n__gt=1).count() == 443
    assert not communes.filter(n__gt=1, succeeded_by__is_divided=False).exists()
    assert not communes.filter(n=1, succeeded_by__is_divided=True).exists()


def test_every_commune_of_today_has_a_predecessor_in_a_province_that_became_its_own() -> None:
    today = Area.objects.valid_on(FIRST_DAY).level(Level.COMMUNE)
    links = AreaSuccession.objects.filter(successor__level=Level.COMMUNE)

    assert not today.filter(preceded_by__isnull=True).exists()
    assert not links.exclude(predecessor__province__succeeded_by__successor=F("successor__province")).exists()


def test_five_island_districts_without_communes_became_special_zones() -> None:
    islands = Area.objects.valid_on(LAST_DAY).level(Level.DISTRICT).filter(children__isnull=True)

    assert sorted(islands.values_list("code", flat=True)) == ["318", "471", "498", "536", "755"]
    kinds = [link.successor.kind for link in AreaSuccession.objects.filter(predecessor__in=islands)]
    assert kinds == [AreaKind.SPECIAL_ZONE] * 5
    assert AreaSuccession.objects.filter(predecessor__level=Level.DISTRICT).count() == 5


def test_a_namesake_far_away_is_no_piece_of_a_commune() -> None:
    ward = area_on("27691", LAST_DAY)

    assert ward.name == "Phường 4"
    assert [link.successor.name for link in ward.succeeded_by.all()] == ["Phường Long An"]


def test_thach_ha_is_a_district_of_ha_tinh_with_its_communes_of_2024() -> None:
    district = area_on("445", dt.date(2024, 12, 14))
    communes = district.children.all()

    assert district.name == "Huyện Thạch Hà"
    assert district.parent == area_on("42", LAST_DAY)
    assert len(communes) == 22
    assert {"Thị trấn Thạch Hà", "Xã Lưu Vĩnh Sơn", "Xã Hồng Lộc"} <= {commune.name for commune in communes}
    assert {commune.province for commune in communes} == {district.parent}
    assert {commune.district for commune in communes} == {district}


def test_names_are_composed_and_begin_with_the_kind() -> None:
    for area in Area.objects.exclude(level=Level.NATION):
        assert unicodedata.is_normalized("NFC", area.name + area.short_name)
        assert area.name.endswith(area.short_name)
        assert split_name(area.name, Level(area.level)) == (area.kind, area.name, area.short_name)


def test_all_but_the_nation_have_coordinates_in_the_country() -> None:
    in_the_country = Q(latitude__range=(6, 24), longitude__range=(102, 118))

    assert set(Area.objects.exclude(in_the_country).values_list("code", flat=True)) <= {"VN"}


@pytest.mark.parametrize(
    ("name", "level", "expected"),
    [
        ("Thị Xã Kỳ Anh", Level.DISTRICT, (AreaKind.TOWN, "Thị xã Kỳ Anh", "Kỳ Anh")),
        ("Thành phố Bắc Kạn", Level.DISTRICT, (AreaKind.CITY, "Thành phố Bắc Kạn", "Bắc Kạn")),
        ("Thành phố Huế", Level.PROVINCE, (AreaKind.MUNICIPALITY, "Thành phố Huế", "Huế")),
        ("Quận 1", Level.DISTRICT, (AreaKind.URBAN_DISTRICT, "Quận 1", "Quận 1")),
        ("Xã  Đại áng", Level.COMMUNE, (AreaKind.COMMUNE, "Xã Đại Áng", "Đại Áng")),
        (
            unicodedata.normalize("NFD", "Đặc khu Phú Quốc"),
            Level.COMMUNE,
            ("special_zone", "Đặc khu Phú Quốc", "Phú Quốc"),
        ),
    ],
)
def test_a_name_is_written_one_way(name: str, level: Level, expected: tuple[str, str, str]) -> None:
    assert split_name(name, level) == expected


def test_a_name_without_a_kind_is_refused() -> None:
    with pytest.raises(DatasetMissing, match="Atlantis"):
        split_name("Atlantis", Level.PROVINCE)


def test_loading_again_changes_nothing_and_says_so() -> None:
    call_command("load_areas", stdout=io.StringIO())
    before = set(Area.objects.values_list("pk", "code", "valid_from", "name"))
    links = set(AreaSuccession.objects.values_list("pk", flat=True))
    kinds = set(AgencyKind.objects.values_list("pk", flat=True))
    said = io.StringIO()

    call_command("load_areas", stdout=said)

    assert "Nothing to do: all 14150 areas and 10635 links are there." in said.getvalue()
    assert set(Area.objects.values_list("pk", "code", "valid_from", "name")) == before
    assert set(AreaSuccession.objects.values_list("pk", flat=True)) == links
    assert set(AgencyKind.objects.values_list("pk", flat=True)) == kinds


def test_a_changed_package_changes_names_and_coordinates_in_place() -> None:
    known = read_dataset()
    key = UnitKey(Level.COMMUNE, "23500", dataset.LEGACY_FROM)
    changed = [
        dataclasses.replace(unit, name="Xã Mới", short_name="Mới", latitude=Decimal("14.5"))
        if unit.key == key
        else unit
        for unit in known.units
    ]
    before = area_on("23500", IN_2020)

    summary = load_areas(dataclasses.replace(known, units=changed))

    after = area_on("23500", IN_2020)
    assert (summary.areas_created, summary.areas_updated) == (0, 1)
    assert (after.pk, after.name, after.search_text) == (before.pk, "Xã Mới", "xa moi")
    assert (after.latitude, after.path, after.valid_to) == (Decimal("14.5"), before.path, before.valid_to)


def test_a_changed_link_replaces_the_old_one() -> None:
    known = read_dataset()
    predecessor = UnitKey(Level.COMMUNE, "27691", dataset.LEGACY_FROM)
    elsewhere = UnitKey(Level.COMMUNE, "25459", dataset.TWO_LEVELS_FROM)
    links = [
        dataclasses.replace(link, successor=elsewhere) if link.predecessor == predecessor else link
        for link in known.links
    ]

    summary = load_areas(dataclasses.replace(known, links=links))

    assert (summary.links_created, summary.links_removed) == (1, 1)
    assert [link.successor.code for link in area_on("27691", LAST_DAY).succeeded_by.all()] == ["25459"]


def test_a_commune_that_the_converter_forgets_is_kept_and_named(tmp_path: Path) -> None:
    shutil.copy(find_package() / "dataset.db", tmp_path)
    converter = json.loads((find_package() / "converter_2025.json").read_text(encoding="utf-8"))
    communes = converter["DICT_PROVINCE_WARD_NO_DIVIDED"]["tinhquangngai"]
    for old_keys in communes.values():
        old_keys[:] = [key for key in old_keys if key != "tinhkontum_huyenngochoi_xapoy"]
    (tmp_path / "converter_2025.json").write_text(json.dumps(converter), encoding="utf-8")

    known = read_dataset(tmp_path)

    assert [(unit.key.level, unit.name) for unit in known.unlinked] == [(Level.COMMUNE, "Xã Pờ Y")]
    assert len(known.units) == 14_150


def test_a_missing_package_is_one_clear_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dataset, "PACKAGE", "no_such_package")
    with pytest.raises(CommandError, match="no_such_package is not installed"):
        call_command("load_areas")
    with pytest.raises(DatasetMissing, match="cannot be read"):
        read_dataset(tmp_path)
