"""Tips and cases of the tests, made by the people who would make them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from accounts.models import Role, User
from incidents.lists import load_lists
from incidents.models import Case, Channel, Offence, PersonInCase, Standing, Tip, TipKind
from incidents.services.case import NewCase, make_case, seal_case
from incidents.services.person import add_person
from incidents.services.tip import take_tip
from territory.models import Agency, Area
from tests.cast import Cast, person

DAY = dt.date(2020, 3, 2)


@dataclass(frozen=True)
class Investigators:
    """Who investigates where. The first is of the cast; ``second`` is a colleague in the same agency."""

    own: User
    second: User
    head: User
    bat_xat: User
    sister: User
    far: User


def make_investigators(cast: Cast) -> Investigators:
    load_lists()
    of = cast.agencies
    return Investigators(
        own=cast.people.investigator,
        second=person("do.thi.hai@example.vn", (Role.INVESTIGATOR, of.lao_cai_police)),
        head=person("lanh.dao.dieu.tra@example.vn", (Role.HEAD_OF_UNIT, of.lao_cai_police)),
        bat_xat=person("dieu.tra.bat.xat@example.vn", (Role.INVESTIGATOR, of.bat_xat_police)),
        sister=person("dieu.tra.si.ma.cai@example.vn", (Role.INVESTIGATOR, of.si_ma_cai_police)),
        far=person("dieu.tra.kon.tum@example.vn", (Role.INVESTIGATOR, of.kon_tum_police)),
    )


def tip(by: User, of: Agency, area: Area, *, on: dt.date = DAY, **more: Any) -> Tip:
    fields = {
        "kind": TipKind.DENUNCIATION,
        "channel": Channel.HOTLINE_111,
        "text": "Một phụ nữ bị rủ đi làm việc nhẹ, lương cao ở bên kia biên giới.",
        **more,
    }
    return take_tip(actor=by, submission_key=uuid.uuid4(), agency=of, area=area, received_on=on, **fields)


def article(number: str = "150") -> Offence:
    return Offence.objects.get(article=number)


def case(by: User, of: Agency, area: Area, *, on: dt.date = DAY, **more: Any) -> Case:
    fields = {"offences": [article()], "prosecuted_on": on, "document_number": "01/QĐ-ĐTTH", **more}
    return make_case(actor=by, new=NewCase(agency=of, area=area, detected_on=on, **fields))


def suspect(to: Case, by: User) -> PersonInCase:
    return add_person(case=to, actor=by, standing=Standing.SUSPECT, since=DAY, sex="male", birth_year=1988)


def sealed(by: User, of: Agency, area: Area, *readers: User) -> Case:
    made = case(by, of, area)
    return seal_case(case=made, actor=by, readers=readers)
