"""The tips and cases of which the permission matrix speaks, by the names its rows use."""

from __future__ import annotations

import uuid

from accounts.models import User
from incidents.models import Case
from incidents.services.campaign import open_campaign
from incidents.services.case import add_item, add_place, seal_case
from incidents.services.person import add_person, want_person
from incidents.services.tip import open_case
from territory.models import Agency, Area
from tests.cast import Cast
from tests.incidents.records import DAY, article, case, make_investigators, tip


def make_incidents(cast: Cast) -> dict[str, int]:
    """Tips, cases, persons and campaigns of four agencies, and a sealed case. Keys by name."""
    who, of, here = make_investigators(cast), cast.agencies, cast.map
    for someone in vars(who).values():  # whoever has no password is sent to choose one
        someone.password = "argon2$never$checked"
        someone.save(update_fields=["password"])
    made: dict[str, int] = {}
    for whose, actor, agency, area in (
        ("own", who.own, of.lao_cai_police, here.bat_xat),
        ("hers", who.bat_xat, of.bat_xat_police, here.y_ty),
        ("sister", who.sister, of.si_ma_cai_police, here.si_ma_cai),
        ("far", who.far, of.kon_tum_police, here.kon_tum),
    ):
        made |= _records(whose, actor, agency, area)
    told = tip(who.second, of.lao_cai_police, here.lao_cai)
    secret = open_case(tip=told, actor=who.second, on=DAY, document_number="1/QĐ", offences=[article()])
    made |= {"tip_sealed": told.pk, **_parts("sealed", secret, who.second)}
    seal_case(case=secret, actor=who.second, readers=[])
    return made


def _records(whose: str, actor: User, agency: Agency, area: Area) -> dict[str, int]:
    campaign = open_campaign(
        actor=actor, agency=agency, area=area, submission_key=uuid.uuid4(), name="Cao điểm", starts_on=DAY
    )
    return {
        f"tip_{whose}": tip(actor, agency, area).pk,
        f"campaign_{whose}": campaign.pk,
        **_parts(whose, case(actor, agency, area), actor),
    }


def _parts(whose: str, one: Case, actor: User) -> dict[str, int]:
    person = add_person(
        case=one, actor=actor, standing="suspect", since=DAY, in_new_group=True, group_role="recruiter"
    )
    wanted = want_person(person=person, actor=actor, level="ordinary", since=DAY, document_number="1/LTN")
    assert person.group is not None
    return {
        f"case_{whose}": one.pk,
        f"person_{whose}": person.pk,
        f"wanted_{whose}": wanted.pk,
        f"group_{whose}": person.group.pk,
        f"place_{whose}": add_place(case=one, actor=actor, kind="origin", country="VN").pk,
        f"item_{whose}": add_item(case=one, actor=actor, kind="phone").pk,
    }
