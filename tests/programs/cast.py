"""A small map and the people on it: officers of Kon Tum and Lào Cai, a coordinator, a stranger.

The codes are not those of the real map, so that both can be there at once.
"""

import datetime as dt
import io
import uuid
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from PIL import Image

from accounts.models import Membership, Role, User
from programs.models import Activity, ActivityKind, Measure
from programs.selectors.quantity import Quantity
from programs.services import approve_activity, file_activity
from territory.figure import parse_figure
from territory.models import Agency, AgencyKind, Area, AreaKind, Level

FROM, TO = dt.date(2004, 1, 1), dt.date(2025, 6, 30)


def make_area(code: str, level: Level, kind: AreaKind, name: str, parent: Area | None) -> Area:
    short = name.split(" ", 1)[1] if parent else name
    return Area.objects.create(
        code=code,
        level=level,
        kind=kind,
        name=name,
        short_name=short,
        parent=parent,
        valid_from=FROM,
        valid_to=TO,
    )


def make_agency(name: str, area: Area, code: str) -> Agency:
    kind, _ = AgencyKind.objects.get_or_create(
        code="police", defaults={"name": "Công an", "name_en": "Police", "valid_from": FROM}
    )
    return Agency.objects.create(code=code, kind=kind, area=area, name=name, valid_from=FROM)


def make_person(
    name: str, role: Role | None = None, agency: Agency | None = None, area: Area | None = None
) -> User:
    user = User.objects.create_user(f"{uuid.uuid4().hex}@example.vn", full_name=name)
    if role is not None:
        Membership.objects.create(user=user, role=role, agency=agency, area=area, valid_from=FROM)
    return user


@dataclass
class Cast:
    """Who and what the tests speak of."""

    nation: Area
    kon_tum: Area
    dak_glei: Area
    ngoc_hoi: Area
    dak_mon: Area
    dak_long: Area
    bo_y: Area
    lao_cai: Area
    bat_xat: Area
    si_ma_cai: Area
    trinh_tuong: Area
    kon_tum_police: Agency
    kon_tum_women: Agency
    dak_glei_police: Agency
    bat_xat_police: Agency
    lao_cai_police: Agency
    officer: User
    district_officer: User
    colleague: User
    coordinator: User
    stranger: User
    steering: User


def make_cast() -> Cast:
    nation = make_area("T", Level.NATION, AreaKind.NATION, "Việt Nam", None)

    def province(code: str, name: str) -> Area:
        return make_area(code, Level.PROVINCE, AreaKind.PROVINCE, name, nation)

    def district(code: str, name: str, whole: Area) -> Area:
        return make_area(code, Level.DISTRICT, AreaKind.DISTRICT, name, whole)

    def commune(code: str, name: str, whole: Area) -> Area:
        return make_area(code, Level.COMMUNE, AreaKind.COMMUNE, name, whole)

    kon_tum, lao_cai = (
        Area.objects.get(pk=province(code, name).pk)
        for code, name in (("T62", "Tỉnh Kon Tum"), ("T10", "Tỉnh Lào Cai"))
    )
    dak_glei, ngoc_hoi = (
        district("T610", "Huyện Đăk Glei", kon_tum),
        district("T613", "Huyện Ngọc Hồi", kon_tum),
    )
    bat_xat, si_ma_cai = (
        district("T082", "Huyện Bát Xát", lao_cai),
        district("T087", "Huyện Si Ma Cai", lao_cai),
    )
    dak_mon, dak_long = commune("T23383", "Xã Đăk Môn", dak_glei), commune("T23380", "Xã Đăk Long", dak_glei)
    bo_y, trinh_tuong = commune("T23395", "Xã Pờ Y", ngoc_hoi), commune("T02701", "Xã Trịnh Tường", bat_xat)
    areas = [
        nation,
        kon_tum,
        dak_glei,
        ngoc_hoi,
        dak_mon,
        dak_long,
        bo_y,
        lao_cai,
        bat_xat,
        si_ma_cai,
        trinh_tuong,
    ]
    for area in areas:
        area.refresh_from_db()
    kon_tum_police = make_agency("Công an tỉnh Kon Tum", kon_tum, "CAT-62")
    kon_tum_women = make_agency("Hội Phụ nữ tỉnh Kon Tum", kon_tum, "HPN-62")
    dak_glei_police = make_agency("Công an huyện Đăk Glei", dak_glei, "CAH-610")
    bat_xat_police = make_agency("Công an huyện Bát Xát", bat_xat, "CAH-082")
    lao_cai_police = make_agency("Công an tỉnh Lào Cai", lao_cai, "CAT-10")
    filing = Role.FILING_OFFICER
    return Cast(
        *areas,
        kon_tum_police,
        kon_tum_women,
        dak_glei_police,
        bat_xat_police,
        lao_cai_police,
        officer=make_person("A Thanh", filing, kon_tum_police, kon_tum),
        district_officer=make_person("Y Blan", filing, dak_glei_police, dak_glei),
        colleague=make_person("A Phong", Role.HEAD_OF_UNIT, kon_tum_police, kon_tum),
        coordinator=make_person("Y Hoa", Role.COORDINATOR, kon_tum_police, kon_tum),
        stranger=make_person("Lý Mẩy", filing, bat_xat_police, bat_xat),
        steering=make_person("A Khang", Role.STEERING_MEMBER, kon_tum_police, kon_tum),
    )


def quantity(measure: str, typed: str, **parts: int) -> Quantity:
    return Quantity(Measure(measure), parse_figure(typed), **parts)


def approved(cast: Cast, *quantities: Quantity, actor: User | None = None, **changed: Any) -> Activity:
    """An activity that counts: filed, and approved by its head where the unit has one."""
    activity = filed(cast, *quantities, actor=actor, **changed)
    if activity.state == Activity.State.SUBMITTED:
        return approve_activity(activity=activity, actor=cast.colleague, version=activity.version)
    return activity


def filed(cast: Cast, *quantities: Quantity, actor: User | None = None, **changed: Any) -> Activity:
    """An activity of the Kon Tum police, filed through the service: it waits for its head."""
    fields: dict[str, Any] = {
        "kind": ActivityKind.COMMUNICATION,
        "title": "Tuyên truyền phòng, chống mua bán người",
        "agency": cast.kon_tum_police,
        "area": cast.dak_mon,
        "started_on": dt.date(2020, 3, 5),
        "ended_on": dt.date(2020, 3, 5),
        "narrative": "Tổ chức tại nhà rông.",
        "submission_key": uuid.uuid4(),
        **changed,
    }
    return file_activity(actor=actor or cast.officer, quantities=quantities, **fields)


def typed_form(cast: Cast, **changed: Any) -> dict[str, Any]:
    """What a browser sends for a complete new activity."""
    return {
        "submission_key": str(uuid.uuid4()),
        "kind": "communication",
        "title": "Tuyên truyền lưu động tại Đăk Môn",
        "agency": str(cast.kon_tum_police.pk),
        "area": str(cast.dak_mon.pk),
        "started_on": "2020-03-05",
        "ended_on": "05/03/2020",
        "audience": ["women", "border"],
        "partner_agencies": [str(cast.kon_tum_women.pk)],
        "other_partners": "Đồn biên phòng",
        "narrative": "Dòng một.\r\nDòng hai.",
        "cost_local": "12.500.000",
        "quantities-TOTAL_FORMS": "2",
        "quantities-INITIAL_FORMS": "0",
        "quantities-0-measure": "attendances",
        "quantities-0-figure": "trên 6.770",
        "quantities-0-women": "3.000",
        "quantities-1-measure": "sessions",
        "quantities-1-figure": "04",
        "state": "submitted",
        **changed,
    }


def png(pixels: tuple[int, int] = (4, 4)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", pixels, "navy").save(file, "PNG")
    return file.getvalue()


def xlsx() -> bytes:
    file = io.BytesIO()
    book = Workbook()
    book.active.append(["Số liệu", 1])
    book.save(file)
    return file.getvalue()
