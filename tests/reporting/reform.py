"""A small reform of the map: Lào Cai and Kon Tum become one province, whose communes are made of the old ones."""

from __future__ import annotations

import datetime as dt

from territory.models import Area, AreaKind, AreaSuccession, Level
from tests.cast import OLD_MAP_ENDS, SmallMap

NEW_MAP = dt.date(2025, 7, 1)


def reform(of: SmallMap) -> dict[str, Area]:
    """Y Tý is divided, and Bát Xát's communes go two ways."""
    assert of.y_ty.valid_to == OLD_MAP_ENDS
    whole = _made_of("15", "Tỉnh Mới", Level.PROVINCE, of.nation, of.lao_cai, of.kon_tum)
    y_ty = _made_of("20001", "Xã Y Tý", Level.COMMUNE, whole, of.y_ty, divided=(of.y_ty,))
    bat_xat = _made_of("20002", "Xã Bát Xát", Level.COMMUNE, whole, of.trinh_tuong)
    AreaSuccession.objects.create(predecessor=of.y_ty, successor=bat_xat, is_default=False, is_divided=True)
    dak_pxi = _made_of("20003", "Xã Đăk Pxi", Level.COMMUNE, whole, of.dak_pxi)
    return {"whole": whole, "y_ty": y_ty, "bat_xat": bat_xat, "dak_pxi": dak_pxi}


def _made_of(
    code: str, name: str, level: Level, parent: Area, *took: Area, divided: tuple[Area, ...] = ()
) -> Area:
    made: Area = Area.objects.create(
        code=code,
        level=level,
        kind=AreaKind.PROVINCE if level is Level.PROVINCE else AreaKind.COMMUNE,
        name=name,
        short_name=name,
        parent=parent,
        valid_from=NEW_MAP,
    )
    made.refresh_from_db()
    for each in took:
        AreaSuccession.objects.create(
            predecessor=each, successor=made, is_default=True, is_divided=each in divided
        )
    return made
