"""Invented tips of Kon Tum, and a case that came of one, so that the way from tip to verdict can be seen.

None of it is in a source and none of it lies in a period of which the demonstration tells figures.
"""

import datetime as dt
from typing import Any

from accounts.models import User
from incidents.models import Channel, Offence, StageKind, Standing, Tip, TipKind, TipUrgency
from incidents.services.case import add_place, change_case, reach_stage
from incidents.services.person import add_person, change_standing, give_verdict
from incidents.services.tip import assign_tip, forward_tip, open_case, refuse_tip, take_tip
from reporting.demo.cast import DAY, agency
from reporting.demo.rows import key_of
from territory.models import Agency, Area, Level

_INVENTED = "Tình tiết chỉ để trình diễn, không có thật."


def load(people: dict[str, User]) -> None:
    """Load the tips that are not there yet."""
    actor = people["dieu-tra.kontum@demo.example"]
    of = agency("62-provincial_police")
    area = Area.objects.find("62", DAY, Level.PROVINCE)
    for number, (on, fields) in enumerate(_TIPS, start=1):
        key = key_of(f"KT-TIP-{number}")
        if Tip.objects.unscoped("loads demonstration data").filter(submission_key=key).exists():
            continue
        tip = take_tip(
            actor=actor, submission_key=key, is_demo=True, agency=of, area=area, received_on=on, **fields
        )
        _THEN[number](tip, actor)


_TIPS: list[tuple[dt.date, dict[str, Any]]] = [
    (
        dt.date(2021, 3, 10),
        {
            "kind": TipKind.DENUNCIATION,
            "channel": Channel.HOTLINE_111,
            "urgency": TipUrgency.URGENT,
            "text": f"{_INVENTED} Một phụ nữ được hứa việc làm ở nước ngoài và bị giữ giấy tờ.",
        },
    ),
    (
        dt.date(2021, 5, 4),
        {
            "kind": TipKind.REPORT,
            "channel": Channel.COMMUNE,
            "text": f"{_INVENTED} Người lạ đến thôn rủ thanh niên đi làm ăn xa.",
        },
    ),
    (
        dt.date(2021, 8, 16),
        {
            "kind": TipKind.REPORT,
            "channel": Channel.ONLINE,
            "text": f"{_INVENTED} Tài khoản mạng xã hội tuyển người sang nước láng giềng.",
        },
    ),
    (
        dt.date(2025, 6, 10),
        {
            "kind": TipKind.PROSECUTION_PROPOSAL,
            "channel": Channel.BORDER_GUARD,
            "text": f"{_INVENTED} Đồn biên phòng chuyển hồ sơ về một nhóm đưa người qua biên giới.",
        },
    ),
]


def _to_verdict(tip: Tip, actor: User) -> None:
    assign_tip(tip=tip, actor=actor, to=actor, on=dt.date(2021, 3, 11))
    article = Offence.objects.get(criminal_code=2015, article="150")
    case = open_case(
        tip=tip, actor=actor, on=dt.date(2021, 3, 25), document_number="01/QĐ-TD", offences=[article]
    )
    case = change_case(case=case, actor=actor, version=case.version, offences=[article], summary=_INVENTED)
    for kind, country in (("origin", "VN"), ("destination", "CN")):
        add_place(case=case, actor=actor, kind=kind, country=country)
    accused = add_person(
        case=case,
        actor=actor,
        standing=Standing.SUSPECT,
        since=dt.date(2021, 3, 25),
        sex="male",
        birth_year=1985,
        nationality="VN",
    )
    change_standing(person=accused, actor=actor, standing=Standing.ACCUSED, since=dt.date(2021, 4, 2))
    own, court = agency("62-provincial_police"), agency("62-court")
    steps: list[tuple[StageKind, dt.date, Agency]] = [
        (StageKind.INVESTIGATION_CONCLUDED, dt.date(2021, 7, 12), own),
        (StageKind.INDICTED, dt.date(2021, 8, 5), agency("62-procuracy")),
        (StageKind.TRIED, dt.date(2021, 10, 20), court),
    ]
    for kind, on, by in steps:
        stage = reach_stage(case=case, actor=actor, kind=kind, reached_on=on, agency=by, persons=1, victims=1)
    change_standing(person=accused, actor=actor, standing=Standing.DEFENDANT, since=dt.date(2021, 9, 1))
    give_verdict(person=accused, actor=actor, stage=stage, sentence="imprisonment", months=84)


def _refuse(tip: Tip, actor: User) -> None:
    refuse_tip(
        tip=tip,
        actor=actor,
        on=dt.date(2021, 5, 21),
        ground="no_act",
        document_number="02/QĐ-TD",
        note=_INVENTED,
    )


def _forward(tip: Tip, actor: User) -> None:
    forward_tip(tip=tip, actor=actor, on=dt.date(2021, 8, 20), to="Công an tỉnh Bắc Kạn", note=_INVENTED)


def _assign(tip: Tip, actor: User) -> None:
    assign_tip(tip=tip, actor=actor, to=actor, on=dt.date(2025, 6, 11))


_THEN = {1: _to_verdict, 2: _refuse, 3: _forward, 4: _assign}
