"""What the tests of statements and models share: filing one, and what a browser sends."""

import datetime as dt
import uuid
from typing import Any

from accounts.models import Role, User
from programs.models import ModelKind, PreventionModel
from programs.services.prevention import start_model
from programs.services.statement import file_statement
from territory.period import parse_period
from tests.cast import Cast, person

PERIOD = parse_period("2020-H1")
NEXT = parse_period("2020-H2")


def stated(cast: Cast, kind: str = "difficulty", *, actor: User | None = None, **changed: Any) -> Any:
    """A statement of the police of Bát Xát for the first half of 2020."""
    fields: dict[str, Any] = {
        "agency": cast.agencies.bat_xat_police,
        "area": cast.map.bat_xat,
        "period": PERIOD,
        "text": "Địa hình hiểm trở, đi lại khó khăn.",
        "submission_key": uuid.uuid4(),
        **changed,
    }
    return file_statement(actor=actor or cast.people.filing_officer, kind=kind, **fields)


def recommended(cast: Cast, **changed: Any) -> Any:
    """A recommendation of the police of Bát Xát to the provincial police."""
    fields = {
        "text": "Tăng kinh phí tuyên truyền tại các xã biên giới.",
        "addressed_to": cast.agencies.lao_cai_police,
        "addressee": "",
        **changed,
    }
    return stated(cast, "recommendation", **fields)


def typed(cast: Cast, **changed: Any) -> dict[str, Any]:
    """What a browser sends for a new difficulty."""
    return {
        "submission_key": str(uuid.uuid4()),
        "agency": str(cast.agencies.bat_xat_police.pk),
        "area": str(cast.map.bat_xat.pk),
        "period": "2020-H1",
        "text": "Thiếu cán bộ biết tiếng dân tộc.",
        "state": "open",
        "overcome_on": "",
        "note": "",
        **changed,
    }


def provincial_officer(cast: Cast) -> User:
    """A filing officer of the provincial police, to whom recommendations go."""
    return person("do.van.nam@example.vn", (Role.FILING_OFFICER, cast.agencies.lao_cai_police))


def club(cast: Cast, *, actor: User | None = None, **changed: Any) -> PreventionModel:
    """A communication club that the police of Bát Xát keeps up in Y Tý."""
    fields: dict[str, Any] = {
        "kind": ModelKind.CLUB,
        "name": "Câu lạc bộ phụ nữ phòng, chống mua bán người Y Tý",
        "agency": cast.agencies.bat_xat_police,
        "area": cast.map.y_ty,
        "since": dt.date(2019, 3, 8),
        "description": "Sinh hoạt hằng tháng tại nhà văn hóa xã.",
        "submission_key": uuid.uuid4(),
        **changed,
    }
    return start_model(actor=actor or cast.people.filing_officer, **fields)
