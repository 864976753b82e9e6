"""Who Bắc Kạn's recommendations of 2019 go to, and models of prevention. The sources name no model by its name.

The answer and the models are invented, and say so where a person reads them.
"""

import datetime as dt

from accounts.models import User
from programs.models import ModelAssessment, ModelKind, PreventionModel, Recommendation
from programs.services.prevention import assess_model, replicate_model, start_model
from programs.services.task import Unit
from reporting.demo.cast import agency
from reporting.demo.programmes import load_issuers
from reporting.demo.rows import key_of
from territory.figure import Figure
from territory.models import Area, Level

_DAY = dt.date(2021, 6, 1)
_INVENTED = "(Minh họa, không có trong nguồn.)"
_ANSWER = f"{_INVENTED} Bộ tiếp tục duy trì Tổng đài 111 và bổ sung tư vấn viên cho nạn nhân bị mua bán ra nước ngoài."


def load(people: dict[str, User]) -> None:
    _address(people)
    _club(people["dieu-phoi.backan@demo.example"])
    _group(people["bat-xat@demo.example"], people["dieu-phoi.laocai@demo.example"])


def _address(people: dict[str, User]) -> None:
    """BK-15: the ministry is an agency of the portal; it has answered the recommendation on hotline 111."""
    ministry = load_issuers()["labour_ministry"]
    stated = Recommendation.objects.unscoped("loads demonstration data").filter(
        is_demo=True, agency=agency("06-labour"), addressee=ministry.name
    )
    stated.filter(addressed_to__isnull=True).update(addressed_to=ministry)
    stated.filter(order=2, state=Recommendation.State.SENT).update(
        state=Recommendation.State.ACCEPTED,
        answer=_ANSWER,
        answered_on=dt.date(2019, 12, 2),
        answering_agency=ministry,
        answer_entered_by=people["dieu-phoi.backan@demo.example"],
        version=2,
    )


def _club(coordinator: User) -> PreventionModel:
    province = Area.objects.find("06", _DAY, Level.PROVINCE)
    return start_model(
        actor=coordinator,
        submission_key=key_of("BK-model"),
        kind=ModelKind.CLUB,
        name="Câu lạc bộ phụ nữ phòng, chống mua bán người",
        agency=agency("06-womens_union"),
        area=province,
        since=dt.date(2018, 3, 8),
        members=Figure.over(30, "hơn"),
        description=f"{_INVENTED} Sinh hoạt hằng quý, kể chuyện người trở về, hướng dẫn gọi Tổng đài 111.",
        is_demo=True,
    )


def _group(officer: User, coordinator: User) -> None:
    """A self-managed group of Bát Xát, assessed and made anew in Si Ma Cai."""
    districts = Area.objects.valid_on(_DAY).level(Level.DISTRICT)
    bat_xat, si_ma_cai = (districts.get(code=code) for code in ("082", "084"))
    group = start_model(
        actor=officer,
        submission_key=key_of("LC-model"),
        kind=ModelKind.GROUP,
        name="Tổ tự quản đường biên, cột mốc và phòng, chống mua bán người",
        agency=agency("082-district_police"),
        area=bat_xat,
        since=_DAY,
        members=Figure.exact(45),
        description=f"{_INVENTED} Các hộ giáp biên thay phiên tuần tra, báo tin người lạ cho công an xã.",
        is_demo=True,
    )
    assess_model(
        actor=officer,
        model=group,
        submission_key=key_of("LC-model-assessment"),
        assessed_on=dt.date(2022, 6, 30),
        text=f"{_INVENTED} Người dân hưởng ứng, báo tin kịp thời; nên nhân rộng ở các huyện giáp biên.",
        verdict=ModelAssessment.Verdict.REPLICATE,
    )
    replicate_model(
        actor=coordinator,
        model=group,
        submission_key=key_of("LC-model-copies"),
        units=[Unit(agency("084-district_police"), si_ma_cai)],
        since=dt.date(2022, 9, 1),
    )
