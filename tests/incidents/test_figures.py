"""Tips and stages in the figures: counted out of the records, and kept current by marks."""

from __future__ import annotations

import datetime as dt

import pytest

from incidents.models import StageKind, Tip
from incidents.services.case import reach_stage
from incidents.services.tip import assign_tip, forward_tip, open_case, refuse_tip, resume_tip, suspend_tip
from reporting.rollup import check_facts
from territory.figure import Figure
from tests.cast import Cast
from tests.incidents.records import DAY, Investigators, article, case, tip
from tests.reporting.records import ask, load_catalogue, roll_up

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    load_catalogue()


def _told(cast: Cast) -> tuple[object, object]:
    roll_up()
    assert check_facts() == []
    here = cast.map.lao_cai
    return ask("tips_received", here).figure, ask("tips_resolved", here).figure


def test_tips_are_counted_as_received_and_as_resolved(cast: Cast, who: Investigators) -> None:
    of, area = cast.agencies.lao_cai_police, cast.map.bat_xat
    refused, opened, forwarded, _waiting = (tip(who.own, of, area) for _ in range(4))
    refuse_tip(tip=refused, actor=who.own, on=DAY, ground="no_act", document_number="1/QĐ")
    open_case(tip=opened, actor=who.own, on=DAY, document_number="2/QĐ", offences=[article()])
    forward_tip(tip=forwarded, actor=who.own, on=DAY, to="Công an tỉnh Kon Tum")
    tip(who.far, cast.agencies.kon_tum_police, cast.map.kon_tum)

    assert _told(cast) == (Figure.exact(4), Figure.exact(2))


def test_a_suspended_tip_is_resolved_until_it_is_resumed(cast: Cast, who: Investigators) -> None:
    one = tip(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)
    assign_tip(tip=one, actor=who.own, to=who.own, on=DAY)
    suspend_tip(tip=one, actor=who.own, on=DAY, document_number="1/QĐ", note="Chờ giám định")
    assert _told(cast) == (Figure.exact(1), Figure.exact(1))
    resume_tip(tip=one, actor=who.own, on=DAY, document_number="2/QĐ")

    assert _told(cast)[0] == Figure.exact(1)
    assert _told(cast)[1] != Figure.exact(1)


def test_a_tip_that_is_moved_or_removed_by_hand_is_counted_anew(cast: Cast, who: Investigators) -> None:
    one = tip(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)
    assert _told(cast)[0] == Figure.exact(1)
    every = Tip.objects.unscoped("what somebody does by hand")
    every.filter(pk=one.pk).update(received_on=dt.date(2021, 3, 2))
    assert _told(cast)[0] != Figure.exact(1)
    every.filter(pk=one.pk).delete()
    assert _told(cast)[0] != Figure.exact(1)


def test_persons_of_a_trial_are_its_own_count(cast: Cast, who: Investigators) -> None:
    one = case(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat, on=dt.date(2020, 1, 6))
    for kind, month in (("investigation_concluded", 2), ("indicted", 3), ("tried", 4)):
        reach_stage(
            case=one,
            actor=who.own,
            kind=StageKind(kind),
            reached_on=dt.date(2020, month, 1),
            agency=one.agency,
            persons=month,
        )
    roll_up()

    assert ask("cases_indicted", cast.map.lao_cai).figure == Figure.exact(1)
    assert ask("defendants_tried", cast.map.lao_cai).figure == Figure.exact(4)
