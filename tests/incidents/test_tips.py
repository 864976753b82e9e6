"""Tips: taken once, assigned, resolved by the table of transitions; a tip becomes a case in one step."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.changing import ChangedMeanwhile
from accounts.models import ReadEvent
from incidents.models import Case, StageKind, Tip, TipState
from incidents.services.tip import (
    TransitionNotAllowed,
    assign_tip,
    change_tip,
    forward_tip,
    open_case,
    refuse_tip,
    take_tip,
)
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.incidents.records import DAY, Investigators, article, tip

pytestmark = pytest.mark.django_db


def _own(cast: Cast, who: Investigators) -> Tip:
    return tip(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)


def test_nobody_takes_a_tip_for_another_agency(cast: Cast, who: Investigators) -> None:
    for actor in (who.bat_xat, who.far, who.head, cast.people.coordinator, cast.people.filing_officer):
        with pytest.raises(PermissionDenied):
            tip(actor, cast.agencies.lao_cai_police, cast.map.lao_cai)


def test_codes_count_by_province_and_year(cast: Cast, who: Investigators) -> None:
    of, area = cast.agencies.lao_cai_police, cast.map.bat_xat
    codes = [tip(who.own, of, area, on=dt.date(year, 3, 2)).code for year in (2020, 2020, 2021)]
    codes.append(tip(who.far, cast.agencies.kon_tum_police, cast.map.kon_tum).code)

    assert codes == ["TB-10-2020-0001", "TB-10-2020-0002", "TB-10-2021-0001", "TB-62-2020-0001"]


def test_a_second_click_makes_no_second_tip(cast: Cast, who: Investigators) -> None:
    key = uuid.uuid4()
    fields = {
        "kind": "report",
        "channel": "letter",
        "received_on": DAY,
        "text": "Đơn thư",
        "agency": cast.agencies.lao_cai_police,
        "area": cast.map.lao_cai,
    }
    assert take_tip(actor=who.own, submission_key=key, **fields) == take_tip(
        actor=who.own, submission_key=key, **fields
    )


def test_a_day_in_the_future_and_a_tip_without_words_are_refused(cast: Cast, who: Investigators) -> None:
    with pytest.raises(ValidationError, match="future"):
        tip(
            who.own, cast.agencies.lao_cai_police, cast.map.lao_cai, on=dt.date.today() + dt.timedelta(days=2)
        )
    with pytest.raises(ValidationError, match="sentences"):
        tip(who.own, cast.agencies.lao_cai_police, cast.map.lao_cai, text="  ")


def test_what_is_decided_stays_decided(cast: Cast, who: Investigators) -> None:
    one = _own(cast, who)
    refuse_tip(tip=one, actor=who.own, on=DAY, ground="no_act", document_number="1/QĐ")

    with pytest.raises(TransitionNotAllowed):
        open_case(tip=one, actor=who.own, on=DAY, document_number="2/QĐ", offences=[article()])
    with pytest.raises(TransitionNotAllowed):
        assign_tip(tip=one, actor=who.own, to=who.own, on=DAY)


def test_a_tip_goes_to_an_investigator_of_the_agency_only(cast: Cast, who: Investigators) -> None:
    one = _own(cast, who)
    for other in (who.head, who.far, cast.people.filing_officer):
        with pytest.raises(ValidationError, match="investigate"):
            assign_tip(tip=one, actor=who.own, to=other, on=DAY)
    one = assign_tip(tip=one, actor=who.own, to=who.second, on=DAY)

    assert (one.state, one.assigned_to) == (TipState.VERIFYING, who.second)


def test_a_tip_becomes_a_case_in_one_step_and_stays_linked(cast: Cast, who: Investigators) -> None:
    one = _own(cast, who)
    made = open_case(
        tip=one,
        actor=who.own,
        on=dt.date(2020, 3, 15),
        document_number="12/QĐ-ĐTTH",
        offences=[article("150"), article("151")],
    )

    one.refresh_from_db(from_queryset=Tip.objects.unscoped("read again"))
    assert (one.case, one.state, one.decided_on) == (made, TipState.CASE_OPENED, dt.date(2020, 3, 15))
    assert [(stage.kind, stage.reached_on) for stage in made.stages.all()] == [
        (StageKind.DETECTED, DAY),
        (StageKind.PROSECUTED, dt.date(2020, 3, 15)),
    ]
    assert {offence.article for offence in made.offences.all()} == {"150", "151"}
    assert made.code == "VA-10-2020-0001"


def test_a_case_that_cannot_be_opened_leaves_the_tip_as_it_was(cast: Cast, who: Investigators) -> None:
    one = _own(cast, who)
    with pytest.raises(ValidationError, match="did not apply"):
        open_case(tip=one, actor=who.own, on=DAY, document_number="1/QĐ", offences=[article("119")])

    one.refresh_from_db(from_queryset=Tip.objects.unscoped("read again"))
    assert one.state == TipState.RECEIVED
    assert not Case.objects.unscoped("counts all").exists()


def test_who_changes_what_another_changed_meanwhile_is_told(cast: Cast, who: Investigators) -> None:
    one = _own(cast, who)
    assign_tip(tip=one, actor=who.second, to=who.second, on=DAY)

    with pytest.raises(ChangedMeanwhile) as told:
        change_tip(
            tip=one,
            actor=who.own,
            version=1,
            kind="report",
            channel="letter",
            received_on=DAY,
            text="Khác",
            agency=one.agency,
            area=one.area,
        )
    assert (told.value.who, told.value.version) == (who.second, 2)


# --- pages


def _typed(cast: Cast, **changed: str) -> dict[str, str]:
    return {
        "kind": "denunciation",
        "channel": "commune",
        "received_on": "02/03/2020",
        "urgency": "urgent",
        "agency": str(cast.agencies.lao_cai_police.pk),
        "area": str(cast.map.y_ty.pk),
        "text": "Hai thiếu nữ vắng mặt khỏi thôn từ phiên chợ trước.",
        "has_no_secret": "on",
        "submission_key": str(uuid.uuid4()),
        **changed,
    }


def test_an_investigator_takes_a_tip_in_and_works_it_to_a_case(
    cast: Cast, who: Investigators, signed_in: SignedIn
) -> None:
    browser = signed_in(who.own)
    taken = browser.post(reverse("tip_new"), _typed(cast), follow=True)
    assert "TB-10-2020-0001" in taken.content.decode()
    one = Tip.objects.visible_to(who.own).get()
    browser.post(
        reverse("tip_assign", args=[one.pk]),
        {"to": who.second.pk, "on": "2020-03-03", "has_no_secret": "on", "version": 1},
    )
    browser.post(
        reverse("tip_extend", args=[one.pk]),
        {"on": "2020-03-20", "document_number": "7/QĐ", "has_no_secret": "on", "version": 2},
    )
    page = browser.post(
        reverse("tip_open_case", args=[one.pk]),
        {
            "on": "2020-04-20",
            "document_number": "9/QĐ",
            "offences": [article().pk],
            "has_no_secret": "on",
            "version": 3,
        },
        follow=True,
    ).content.decode()

    assert "VA-10-2020-0001" in page
    assert "TB-10-2020-0001" in page
    assert "Nobody is suspected or accused yet" in page


def test_without_the_word_that_nothing_is_secret_nothing_is_kept_and_nothing_lost(
    cast: Cast, who: Investigators, signed_in: SignedIn
) -> None:
    page = signed_in(who.own).post(reverse("tip_new"), _typed(cast, has_no_secret=""))

    assert page.status_code == 422
    assert "Hai thiếu nữ vắng mặt" in page.content.decode()
    assert not Tip.objects.unscoped("counts all").exists()


def test_a_control_character_is_refused_at_its_field(
    cast: Cast, who: Investigators, signed_in: SignedIn
) -> None:
    page = signed_in(who.own).post(reverse("tip_new"), _typed(cast, text="Hai\x07thiếu nữ"))

    assert page.status_code == 422
    assert "U+0007" in page.content.decode()


def test_the_second_editor_gets_409_and_keeps_what_was_typed(
    cast: Cast, who: Investigators, signed_in: SignedIn
) -> None:
    one = _own(cast, who)
    first = {**_typed(cast, text="Bản của người thứ nhất."), "version": "1"}
    second = {**_typed(cast, text="Bản của người thứ hai."), "version": "1"}
    assert signed_in(who.second).post(reverse("tip_edit", args=[one.pk]), first).status_code == 302
    browser = signed_in(who.own)
    answer = browser.post(reverse("tip_edit", args=[one.pk]), second)
    page = answer.content.decode()

    assert answer.status_code == 409
    assert who.second.full_name in page
    assert "Bản của người thứ hai." in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    assert (
        browser.post(reverse("tip_edit", args=[one.pk]), {**second, "version": version[1]}).status_code == 302
    )


def test_words_are_looked_for_by_post_and_a_code_by_its_address(
    cast: Cast, who: Investigators, signed_in: SignedIn
) -> None:
    one = _own(cast, who)
    browser = signed_in(who.own)

    assert one.code in browser.post(reverse("tip_list"), {"words": "luong CAO"}).content.decode()
    assert one.code not in browser.post(reverse("tip_list"), {"words": "karaoke"}).content.decode()
    assert one.code in browser.get(reverse("tip_list"), {"code": "0001"}).content.decode()
    assert browser.get(reverse("tip_list"), {"code": "Nguyễn Thị"}).status_code == 422


def test_every_tip_that_is_shown_is_in_the_read_log(
    cast: Cast, who: Investigators, signed_in: SignedIn
) -> None:
    made = [_own(cast, who) for _ in range(3)]
    browser = signed_in(who.head)
    browser.get(reverse("tip_list"))
    browser.get(reverse("tip_detail", args=[made[0].pk]))
    export = browser.get(reverse("tip_export"))
    assert export.status_code == 200

    logged = ReadEvent.objects.filter(user=who.head)
    assert logged.filter(how="list").count() == 3
    assert logged.filter(how="export").count() == 3
    assert list(logged.filter(how="page").values_list("record", flat=True)) == [f"incidents.tip:{made[0].pk}"]


def test_forwarding_names_the_agency(cast: Cast, who: Investigators, signed_in: SignedIn) -> None:
    one = _own(cast, who)
    with pytest.raises(ValidationError, match="which agency"):
        forward_tip(tip=one, actor=who.own, on=DAY, to=" ")
    sent = {"forwarded_to": "Công an tỉnh Kon Tum", "on": "2020-03-04", "has_no_secret": "on", "version": 1}
    assert signed_in(who.own).post(reverse("tip_forward", args=[one.pk]), sent).status_code == 302
    one.refresh_from_db(from_queryset=Tip.objects.unscoped("read again"))
    assert (one.state, one.forwarded_to) == (TipState.FORWARDED, "Công an tỉnh Kon Tum")
