"""The cast of the tests: a small map, the agencies on it, and the people who play in every story.

Each function finds what is there or makes it, by the keys that `load_areas` and `load_demo` use, so the cast can
play on an empty map, on the whole one, and beside the demonstration. Everything is made in the transaction of the
test that asks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Membership, Role, User
from territory.agencies import load_agency_kinds
from territory.models import Agency, AgencyDuty, AgencyKind, Area, AreaKind, Duty, Level

SINCE = dt.date(2004, 1, 1)
OLD_MAP_ENDS = dt.date(2025, 6, 30)
NATION_SINCE = dt.date(1945, 9, 2)

#: A day on which all of the small map and all of its agencies exist.
DAY = dt.date(2020, 6, 14)

#: Code: the name, with its kind, and what it lies in. Codes and names are those of the General Statistics Office.
MAP = {
    "VN": ("Việt Nam", ""),
    "62": ("Tỉnh Kon Tum", "VN"),
    "608": ("Thành phố Kon Tum", "62"),
    "23281": ("Phường Quang Trung", "608"),
    "23311": ("Xã Đăk Cấm", "608"),
    "615": ("Huyện Đăk Hà", "62"),
    "23500": ("Thị trấn Đăk Hà", "615"),
    "23503": ("Xã Đăk Pxi", "615"),
    "618": ("Huyện Ia H'Drai", "62"),
    "23537": ("Xã Ia Dom", "618"),
    "10": ("Tỉnh Lào Cai", "VN"),
    "082": ("Huyện Bát Xát", "10"),
    "02695": ("Xã Trịnh Tường", "082"),
    "02701": ("Xã Y Tý", "082"),
    "084": ("Huyện Si Ma Cai", "10"),
}

_LEVELS = {2: Level.PROVINCE, 3: Level.DISTRICT, 5: Level.COMMUNE}
_KINDS = {
    "Tỉnh ": AreaKind.PROVINCE,
    "Thành phố ": AreaKind.CITY,
    "Thị xã ": AreaKind.TOWN,
    "Huyện ": AreaKind.DISTRICT,
    "Thị trấn ": AreaKind.TOWNSHIP,
    "Phường ": AreaKind.WARD,
    "Xã ": AreaKind.COMMUNE,
}
_DUTIES = {
    "provincial_police": Duty.STANDING,
    "border_guard": Duty.BORDER,
    "labour": Duty.VICTIM_SUPPORT,
}


def area(code: str, name: str = "", within: str = "") -> Area:
    """The area with this code on the map before July 2025. Name and whole are needed for codes not in `MAP`.

    The level follows from the length of the code, the kind from the first words of the name.
    """
    level = Level.NATION if code == "VN" else _LEVELS[len(code)]
    since = NATION_SINCE if code == "VN" else SINCE
    found: Area | None = Area.objects.filter(level=level, code=code, valid_from=since).first()
    if found is not None:
        return found
    known_name, known_whole = MAP.get(code, ("", ""))
    name, whole = name or known_name, within or known_whole
    prefix = next((prefix for prefix in _KINDS if name.startswith(prefix)), "")
    made: Area = Area.objects.create(
        code=code,
        level=level,
        kind=_KINDS[prefix] if prefix else AreaKind.NATION,
        name=name,
        short_name=name.removeprefix(prefix),
        parent=area(whole) if whole else None,
        valid_from=since,
        valid_to=None if level is Level.NATION else OLD_MAP_ENDS,
    )
    made.refresh_from_db()  # path and ancestors are set by the database
    return made


def agency(kind: str, area_code: str, name: str = "") -> Agency:
    """The agency of this kind in an area, as "62-provincial_police", with the duty its kind usually has."""
    place = area(area_code)
    found: Agency | None = Agency.objects.filter(code=f"{area_code}-{kind}", valid_from=SINCE).first()
    if found is not None:
        return found
    if not AgencyKind.objects.filter(code=kind).exists():
        load_agency_kinds()
    of = AgencyKind.objects.get(code=kind)
    made: Agency = Agency.objects.create(
        code=f"{area_code}-{kind}",
        kind=of,
        area=place,
        name=name or f"{of.name} {place.short_name}",
        valid_from=SINCE,
        valid_to=OLD_MAP_ENDS,
    )
    if kind in _DUTIES:
        AgencyDuty.objects.create(agency=made, duty=_DUTIES[kind], valid_from=SINCE)
    return made


def person(email: str, *roles: tuple[Role, Agency], full_name: str = "", since: dt.date = SINCE) -> User:
    """A person who holds the roles, each for the area of its agency. No password: tests sign in by force."""
    found = User.objects.filter(email=email).first()
    user = found or User.objects.create_user(email, full_name=full_name or email.partition("@")[0])
    for role, of in roles:
        member(user, role, of, since=since)
    return user


def member(
    user: User,
    role: Role,
    of: Agency,
    *,
    within: Area | None = None,
    since: dt.date = SINCE,
    until: dt.date | None = None,
) -> Membership:
    """A role of a person in an agency, for its area unless told otherwise."""
    made, _ = Membership.objects.get_or_create(
        user=user,
        agency=of,
        role=role,
        area=within or of.area,
        valid_from=since,
        defaults={"valid_to": until},
    )
    membership: Membership = made
    return membership


def areas(codes: Iterable[str]) -> dict[str, Area]:
    """Areas by code."""
    return {code: area(code) for code in codes}


@dataclass(frozen=True)
class SmallMap:
    """The nation, two provinces, and some of their districts and communes."""

    nation: Area
    kon_tum: Area
    kon_tum_city: Area
    dak_ha: Area
    ia_hdrai: Area
    quang_trung: Area
    dak_cam: Area
    dak_pxi: Area
    lao_cai: Area
    bat_xat: Area
    si_ma_cai: Area
    trinh_tuong: Area
    y_ty: Area


def make_map() -> SmallMap:
    made = areas(MAP)
    return SmallMap(
        nation=made["VN"],
        kon_tum=made["62"],
        kon_tum_city=made["608"],
        dak_ha=made["615"],
        ia_hdrai=made["618"],
        quang_trung=made["23281"],
        dak_cam=made["23311"],
        dak_pxi=made["23503"],
        lao_cai=made["10"],
        bat_xat=made["082"],
        si_ma_cai=made["084"],
        trinh_tuong=made["02695"],
        y_ty=made["02701"],
    )


@dataclass(frozen=True)
class Agencies:
    """Who reports. The provincial police is the standing agency of its province."""

    kon_tum_police: Agency
    kon_tum_border_guard: Agency
    kon_tum_labour: Agency
    kon_tum_women: Agency
    kon_tum_city_police: Agency
    dak_ha_police: Agency
    ia_hdrai_police: Agency
    lao_cai_police: Agency
    lao_cai_border_guard: Agency
    lao_cai_labour: Agency
    lao_cai_women: Agency
    lao_cai_committee: Agency
    bat_xat_police: Agency
    si_ma_cai_police: Agency


def make_agencies() -> Agencies:
    return Agencies(
        kon_tum_police=agency("provincial_police", "62", "Công an tỉnh Kon Tum"),
        kon_tum_border_guard=agency("border_guard", "62", "Bộ Chỉ huy Bộ đội Biên phòng tỉnh Kon Tum"),
        kon_tum_labour=agency("labour", "62", "Sở Lao động - Thương binh và Xã hội tỉnh Kon Tum"),
        kon_tum_women=agency("womens_union", "62", "Hội Liên hiệp Phụ nữ tỉnh Kon Tum"),
        kon_tum_city_police=agency("district_police", "608", "Công an thành phố Kon Tum"),
        dak_ha_police=agency("district_police", "615", "Công an huyện Đăk Hà"),
        ia_hdrai_police=agency("district_police", "618", "Công an huyện Ia H'Drai"),
        lao_cai_police=agency("provincial_police", "10", "Công an tỉnh Lào Cai"),
        lao_cai_border_guard=agency("border_guard", "10", "Bộ Chỉ huy Bộ đội Biên phòng tỉnh Lào Cai"),
        lao_cai_labour=agency("labour", "10", "Sở Lao động - Thương binh và Xã hội tỉnh Lào Cai"),
        lao_cai_women=agency("womens_union", "10", "Hội Liên hiệp Phụ nữ tỉnh Lào Cai"),
        lao_cai_committee=agency("steering_committee", "10", "Ban Chỉ đạo 138 tỉnh Lào Cai"),
        bat_xat_police=agency("district_police", "082", "Công an huyện Bát Xát"),
        si_ma_cai_police=agency("district_police", "084", "Công an huyện Si Ma Cai"),
    )


@dataclass(frozen=True)
class People:
    """The fixed cast. The standing officer is of the provincial police of Kon Tum, which drafts its reports."""

    filing_officer: User
    head_of_unit: User
    case_worker: User
    investigator: User
    coordinator: User
    steering_member: User
    administrator: User
    stranger: User
    standing_officer: User


def make_people(of: Agencies) -> People:
    return People(
        filing_officer=person("vang.thi.may@example.vn", (Role.FILING_OFFICER, of.bat_xat_police)),
        head_of_unit=person("ly.a.pao@example.vn", (Role.HEAD_OF_UNIT, of.bat_xat_police)),
        case_worker=person("hoang.thi.lan@example.vn", (Role.CASE_WORKER, of.lao_cai_labour)),
        investigator=person("tran.van.dung@example.vn", (Role.INVESTIGATOR, of.lao_cai_police)),
        coordinator=person("nguyen.thi.hoa@example.vn", (Role.COORDINATOR, of.lao_cai_police)),
        steering_member=person("pham.van.binh@example.vn", (Role.STEERING_MEMBER, of.lao_cai_committee)),
        administrator=person("le.van.tam@example.vn", (Role.ADMINISTRATOR, of.lao_cai_police)),
        stranger=person("a.brol@example.vn", (Role.FILING_OFFICER, of.dak_ha_police)),
        standing_officer=person("y.hnhien@example.vn", (Role.FILING_OFFICER, of.kon_tum_police)),
    )


@dataclass(frozen=True)
class Cast:
    """Where the stories play, and who is in them."""

    map: SmallMap
    agencies: Agencies
    people: People


def make_cast() -> Cast:
    agencies = make_agencies()
    return Cast(make_map(), agencies, make_people(agencies))
