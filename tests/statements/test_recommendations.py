"""Recommendations: to whom they go, how they move, and who answers."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import Notice, Notification
from programs.models import Document, DocumentKind, Recommendation
from programs.services.recommendation import (
    ANSWERS,
    TRANSITIONS,
    TransitionNotAllowed,
    answer_recommendation,
    take_step,
)
from programs.services.statement import change_statement
from reporting.building.blocks import text as blocks
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.statements.stating import PERIOD, provincial_officer, recommended

DAY = dt.date(2020, 7, 1)


def answered(actor: Any, recommendation: Any, **changed: Any) -> Recommendation:
    fields = {"outcome": "accept", "text": "Đồng ý bổ sung kinh phí.", "answered_on": DAY, **changed}
    return answer_recommendation(actor=actor, recommendation=recommendation, **fields)


def paper(cast: Cast) -> Document:
    made: Document = Document.objects.unscoped("test").create(
        kind=DocumentKind.OFFICIAL_LETTER,
        number="55/CV-BCA",
        year=2020,
        issuer=cast.agencies.lao_cai_police,
        area=cast.map.lao_cai,
        subject="trả lời kiến nghị",
    )
    return made


def test_the_addressed_unit_is_told_and_sees_it(cast: Cast, signed_in: SignedIn) -> None:
    officer = provincial_officer(cast)
    one = recommended(cast)

    notice = Notification.objects.get(user=officer)
    assert notice.kind == Notice.RECOMMENDED
    assert "Tăng kinh phí" not in notice.sentence
    reader = signed_in(officer)
    assert reader.get(notice.url).status_code == 200
    assert "Tăng kinh phí" in reader.get(reverse("statement_list")).content.decode()
    assert one.addressee == "Công an tỉnh Lào Cai"


def test_another_unit_sees_nothing_of_it(cast: Cast, signed_in: SignedIn) -> None:
    one = recommended(cast)

    for user in (cast.people.stranger, cast.people.case_worker):
        reader = signed_in(user)
        for name in ("statement_detail", "statement_edit"):
            assert reader.get(reverse(name, args=["recommendation", one.pk])).status_code == 404
        assert reader.get(reverse("recommendation_answer", args=[one.pk])).status_code == 404
        assert reader.post(reverse("recommendation_step", args=[one.pk, "receive"])).status_code == 404


@pytest.mark.parametrize("body", ["bat_xat_police", "kon_tum_police", "si_ma_cai_police"])
def test_only_bodies_of_the_area_or_above_are_addressed(cast: Cast, body: str) -> None:
    with pytest.raises(ValidationError) as refused:
        recommended(cast, addressed_to=getattr(cast.agencies, body))

    assert list(refused.value.message_dict) == ["addressed_to"]


def test_a_recommendation_to_nobody_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        recommended(cast, addressed_to=None, addressee=" ")

    assert list(refused.value.message_dict) == ["addressee"]


def test_the_addressee_receives_considers_and_answers(cast: Cast, signed_in: SignedIn) -> None:
    officer, one = provincial_officer(cast), recommended(cast)
    reader = signed_in(officer)
    for step, state in (("receive", "received"), ("consider", "considered")):
        assert reader.post(reverse("recommendation_step", args=[one.pk, step])).status_code == 302
        one.refresh_from_db()
        assert one.state == state
    answer = reader.post(
        reverse("recommendation_answer", args=[one.pk]),
        {"outcome": "accept", "text": "Đồng ý.", "answered_on": "01/07/2020", "document": ""},
    )

    assert answer.status_code == 302
    one.refresh_from_db()
    assert (one.state, one.answer, one.answering_agency, one.answer_entered_by) == (
        "accepted",
        "Đồng ý.",
        cast.agencies.lao_cai_police,
        officer,
    )
    told = Notification.objects.filter(kind=Notice.RECOMMENDATION_MOVED)
    assert {notice.user for notice in told} == {cast.people.filing_officer, cast.people.head_of_unit}
    page = signed_in(cast.people.filing_officer).get(told[0].url).content.decode()
    assert "Đồng ý." in page
    assert "Công an tỉnh Lào Cai" in page


def test_who_filed_it_does_not_answer_it(cast: Cast) -> None:
    one = recommended(cast)
    for step in ("receive", "consider"):
        with pytest.raises(PermissionDenied):
            take_step(actor=cast.people.filing_officer, recommendation=one, step=step)
    with pytest.raises(PermissionDenied):
        answered(cast.people.filing_officer, one)


def test_the_coordinator_does_not_answer_for_a_unit_that_works_in_the_portal(cast: Cast) -> None:
    provincial_officer(cast)
    with pytest.raises(PermissionDenied):
        answered(cast.people.coordinator, recommended(cast), document=paper(cast))


def test_the_coordinator_records_an_answer_on_paper_and_names_it(cast: Cast, signed_in: SignedIn) -> None:
    one = recommended(cast, addressed_to=None, addressee="Bộ Công an")
    reader = signed_in(cast.people.coordinator)
    address = reverse("recommendation_answer", args=[one.pk])
    sent = {"outcome": "answer_in_part", "text": "Bộ ghi nhận.", "answered_on": "01/07/2020", "document": ""}

    assert "Record an answer that came on paper" in reader.get(address).content.decode()
    refused = reader.post(address, sent)
    assert refused.status_code == 422
    assert "Name the document with which the answer came." in refused.content.decode()
    assert "Bộ ghi nhận." in refused.content.decode()
    letter = paper(cast)
    assert reader.post(address, {**sent, "document": "55/CV-BCA"}).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.answer_document, one.answering_agency) == ("partly", letter, None)
    with pytest.raises(ValidationError):
        answered(cast.people.coordinator, one, document=None)


def test_a_far_coordinator_records_nothing(cast: Cast) -> None:
    one = recommended(cast, addressed_to=None, addressee="Bộ Công an")
    with pytest.raises(PermissionDenied):
        answered(cast.people.stranger, one, document=paper(cast))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "a\x07"}, "text"),
        ({"answered_on": dt.date(2099, 1, 1)}, "answered_on"),
        ({"answered_on": dt.date(2019, 1, 1)}, "answered_on"),
        ({"outcome": "withdraw"}, "outcome"),
    ],
)
def test_an_answer_that_breaks_a_rule_names_the_field(
    cast: Cast, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        answered(provincial_officer(cast), recommended(cast), **changed)

    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize("state", ["accepted", "refused", "withdrawn"])
def test_what_is_closed_stays_closed(cast: Cast, state: str) -> None:
    officer, one = provincial_officer(cast), recommended(cast)
    Recommendation.objects.unscoped("test").filter(pk=one.pk).update(
        state=state, answer="Rồi.", answered_on=DAY
    )
    for step in ("receive", "consider"):
        with pytest.raises(TransitionNotAllowed):
            take_step(actor=officer, recommendation=one, step=step)
    with pytest.raises(TransitionNotAllowed):
        answered(officer, one)
    assert TRANSITIONS[state] == {}


def test_answering_twice_alike_tells_once(cast: Cast) -> None:
    officer, one = provincial_officer(cast), recommended(cast)
    answered(officer, one)
    again = answered(officer, one)

    assert again.version == 2
    assert Notification.objects.filter(kind=Notice.RECOMMENDATION_MOVED).count() == 2  # officer and head


def test_a_partial_answer_is_followed_by_the_whole(cast: Cast) -> None:
    officer, one = provincial_officer(cast), recommended(cast)
    answered(officer, one, outcome="answer_in_part", text="Đang xem xét.")

    assert answered(officer, one, outcome="refuse", text="Không có nguồn.").state == "refused"
    assert set(ANSWERS) <= set(TRANSITIONS["partly"])


def test_the_unit_withdraws_until_it_is_answered(cast: Cast, signed_in: SignedIn) -> None:
    one = recommended(cast)
    writer = signed_in(cast.people.filing_officer)

    assert writer.post(reverse("recommendation_step", args=[one.pk, "withdraw"])).status_code == 302
    one.refresh_from_db()
    assert one.state == "withdrawn"
    assert writer.post(reverse("recommendation_step", args=[one.pk, "accept"])).status_code == 404
    assert writer.get(reverse("recommendation_step", args=[one.pk, "withdraw"])).status_code == 405


def test_a_received_recommendation_keeps_its_text(cast: Cast, signed_in: SignedIn) -> None:
    one = recommended(cast)
    take_step(actor=provincial_officer(cast), recommendation=one, step="receive")
    one.refresh_from_db()
    with pytest.raises(ValidationError):
        change_statement(
            actor=cast.people.filing_officer,
            statement=one,
            version=one.version,
            agency=one.agency,
            area=one.area,
            period=PERIOD,
            text="Chữ khác",
        )
    edit = signed_in(cast.people.filing_officer).get(
        reverse("statement_edit", args=["recommendation", one.pk])
    )
    assert edit.status_code == 302


def test_a_new_addressee_is_told(cast: Cast) -> None:
    officer = provincial_officer(cast)
    one = recommended(cast, addressed_to=None, addressee="Bộ Công an")
    assert not Notification.objects.filter(user=officer).exists()

    change_statement(
        actor=cast.people.filing_officer,
        statement=one,
        version=1,
        agency=one.agency,
        area=one.area,
        period=PERIOD,
        text=one.text,
        addressed_to=cast.agencies.lao_cai_police,
        addressee="",
    )
    assert Notification.objects.filter(user=officer, kind=Notice.RECOMMENDED).count() == 1


def test_a_report_groups_them_by_body_and_leaves_out_what_was_withdrawn(cast: Cast) -> None:
    for body, text in (("Bộ Công an", "Một"), ("Bộ Y tế", "Hai"), ("Bộ Công an", "Ba"), ("Bộ Y tế", "Bốn")):
        last = recommended(cast, addressed_to=None, addressee=body, text=text)
    take_step(actor=cast.people.filing_officer, recommendation=last, step="withdraw")
    building: Any = SimpleNamespace(area=cast.map.bat_xat, period=PERIOD)

    told = str(blocks.statements(building, {"of": "recommendation"}))
    assert "Bốn" not in told
    places = [told.index(word) for word in ("với Bộ Công an:", "Một", "Ba", "với Bộ Y tế:", "Hai")]
    assert places == sorted(places)
