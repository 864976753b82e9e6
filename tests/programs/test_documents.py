"""The register of documents: who may enter and change what, and what is refused beside the field."""

import datetime as dt
import unicodedata
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.changing import ChangedMeanwhile
from accounts.models import FormDraft
from programs.models import Document, Relation
from programs.selectors.document import tidy_number
from programs.services.document import (
    RestsOn,
    change_document,
)
from territory.models import Agency
from tests.programs.cast import Cast
from tests.programs.conftest import SignedIn
from tests.programs.register import (
    KEEP,
    NEW,
    Letter,
    Register,
    everything,
    make_letter,
    make_register,
    related,
    seen,
)
from tests.programs.test_filing import errors_beside


@pytest.fixture
def register(cast: Cast) -> Register:
    return make_register(cast)


@pytest.fixture
def letter(register: Register) -> Letter:
    return make_letter(register)


def test_a_document_is_entered_with_all_its_fields(
    register: Register, letter: Letter, signed_in: SignedIn
) -> None:
    typed = register.typed(**related(0, "implements", "2978/bqp-bđbp"), valid_from="2021-06-01")
    response = signed_in(register.bat_xat_officer).post(NEW, typed)

    document = everything().get(number="15/KH-CAH")
    assert response["Location"] == f"/documents/{document.pk}/"
    assert (document.issued_on, document.year) == (dt.date(2021, 5, 20), 2021)
    assert document.recipients == ["UBND huyện", "Lưu: VT."]
    assert (document.urgency, document.entered_by) == ("urgent", register.bat_xat_officer)
    assert [(each.kind, each.rests_on) for each in document.upward.all()] == [("implements", letter.letter)]


def test_the_ministrys_letter_is_entered_by_the_coordinator_of_a_province(
    register: Register, signed_in: SignedIn
) -> None:
    typed = register.typed(
        kind="official_letter",
        number="Số: 2978 / BQP–BĐBP",
        issuer=str(register.ministry.pk),
        area=str(register.cast.nation.pk),
        co_issuers=[str(register.cast.lao_cai_police.pk)],
    )
    assert signed_in(register.coordinator).post(NEW, typed).status_code == 302
    document = everything().get()
    assert document.number == "2978/BQP-BĐBP"
    assert [agency.name for agency in document.co_issuers.all()] == ["Công an tỉnh Lào Cai"]
    assert seen(signed_in(register.bat_xat_officer)) == ["2978/BQP-BĐBP"]


def test_only_own_registers_are_offered(register: Register, signed_in: SignedIn) -> None:
    page = signed_in(register.bat_xat_officer).get(NEW).content.decode()
    assert f'type="hidden" name="issuer" value="{register.cast.bat_xat_police.pk}"' in page
    assert "Xã Trịnh Tường" in page
    for absent in ("Huyện Si Ma Cai", "Công an tỉnh Kon Tum", ">Việt Nam ("):
        assert absent not in page
    page = signed_in(register.coordinator).get(NEW).content.decode()
    for offered in ("Bộ Quốc phòng", "Công an huyện Si Ma Cai", ">Việt Nam ("):
        assert offered in page
    assert "Kon Tum" not in page


BAD_INPUT: list[tuple[str, dict[str, Any], str, str, str]] = [
    # what, typed, field with the message, part of the message, what is still in the page
    ("number without symbol", {"number": "2978"}, "number", "“2978” is not a number and symbol", '"2978"'),
    ("symbol without number", {"number": "KH-UBND"}, "number", "such as 2978/BQP-BĐBP", '"KH-UBND"'),
    ("long number", {"number": "1/" + "K" * 60}, "number", "at most 60", "1/" + "K" * 60),
    ("malformed date", {"issued_on": "31/02/2020"}, "issued_on", "day/month/year", '"31/02/2020"'),
    ("in the future", {"issued_on": "2090-01-01"}, "issued_on", "future", "2090-01-01"),
    ("too early", {"issued_on": "1900-01-01"}, "issued_on", "before 1945", "1900-01-01"),
    ("year in words", {"issued_on": "", "year": "năm kia"}, "year", "four figures", '"năm kia"'),
    ("year out of range", {"issued_on": "", "year": "20201"}, "year", "from 1945 to", '"20201"'),
    ("year not of the date", {"year": "2019"}, "year", "is of 2021", '"2019"'),
    ("no kind", {"kind": ""}, "kind", "Choose the kind", "chợ phiên"),
    ("unknown kind", {"kind": "party"}, "kind", "party", "chợ phiên"),
    ("no subject", {"subject": " "}, "subject", "Type a text", "15/KH-CAH"),
    ("long subject", {"subject": "đ" * 501}, "subject", "501 characters; at most 500", "đ" * 501),
    ("control character", {"subject": "Kế\x07hoạch"}, "subject", "U+0007", "Kế\x07hoạch"),
    ("null character", {"signer": "a\x00b"}, "signer", "U+0000", "a\x00b"),
    ("long recipient", {"recipients": "UBND\n" + "x" * 201}, "recipients", "Line 2 has 201", "x" * 201),
    ("many recipients", {"recipients": "a\n" * 101}, "recipients", "101 lines", "chợ phiên"),
    ("long note", {"note": "x" * 20_001}, "note", "20001 characters", "x" * 20_001),
    (
        "ends before it starts",
        {"valid_from": "2021-02-01", "valid_to": "2021-01-01"},
        "valid_to",
        "before",
        "02-01",
    ),
    ("unknown area", {"area": "999999999"}, "area", "is not one of those", "chợ phiên"),
    ("unknown urgency", {"urgency": "now"}, "urgency", "now", "chợ phiên"),
    ("unknown other", related(0, "implements", "77/XX"), "relations-0-other", "that you may see", '"77/XX"'),
    ("relation missing", related(0, "", "77/XX"), "relations-0-kind", "how the two stand", '"77/XX"'),
    ("other missing", related(0, "amends", ""), "relations-0-other", "Type the number", "chợ phiên"),
    ("other with a control", related(0, "amends", "a\x07"), "relations-0-other", "U+0007", "a\x07"),
    ("other too long", related(0, "amends", "x" * 201), "relations-0-other", "at most 200", "x" * 201),
]


@pytest.mark.parametrize(
    ("what", "typed", "field", "message", "kept"), BAD_INPUT, ids=[row[0] for row in BAD_INPUT]
)
def test_bad_input_is_told_beside_the_field_and_stays(
    register: Register,
    signed_in: SignedIn,
    what: str,
    typed: dict[str, Any],
    field: str,
    message: str,
    kept: str,
) -> None:
    response = signed_in(register.bat_xat_officer).post(NEW, register.typed(**typed))
    page = response.content.decode()
    assert response.status_code == 200
    assert not everything().exists()
    assert message in errors_beside(page, field)
    assert kept in unescape(page)
    assert f'href="#id_{field}"' in page


def test_tampered_hidden_fields_do_not_break_the_page(register: Register, signed_in: SignedIn) -> None:
    client = signed_in(register.bat_xat_officer)
    for typed in (
        {"relations-TOTAL_FORMS": "99999999999"},
        {"relations-TOTAL_FORMS": "x"},
        {"relations-0-chosen": "x", "relations-0-other": "a", "relations-0-kind": "amends"},
        {"relations-0-chosen": "9" * 30, "relations-0-other": "a", "relations-0-kind": "amends"},
        {"version": "x"},
        {"issuer": "x"},
    ):
        assert client.post(NEW, register.typed(**typed)).status_code == 200
    assert client.post(KEEP, {"issuer": "9" * 40, "subject": "x"}).status_code == 200
    assert client.post(KEEP, {"issuer": "²", "subject": "x"}).status_code == 200


def test_decomposed_text_is_stored_composed(register: Register, signed_in: SignedIn) -> None:
    plain = {"subject": "Kế hoạch số một", "signer": "Vàng Thị Mẩy", "recipients": "Sở Lao động"}
    typed = {name: unicodedata.normalize("NFD", text) for name, text in plain.items()}
    assert signed_in(register.bat_xat_officer).post(NEW, register.typed(**typed)).status_code == 302
    document = everything().get()
    assert (document.subject, document.signer) == (plain["subject"], plain["signer"])
    assert document.recipients == [plain["recipients"]]
    by_service = register.entered(number="16/KH-CAH", subject=typed["subject"])
    assert by_service.subject == plain["subject"]
    with pytest.raises(ValidationError):
        register.entered(number="17/KH-CAH", subject="a\x07")


def test_an_issuer_and_an_area_are_chosen_as_they_were_on_the_day(
    register: Register, signed_in: SignedIn
) -> None:
    Agency.objects.filter(pk=register.ministry.pk).update(valid_from=dt.date(2020, 1, 1))
    early = {
        "issuer": str(register.ministry.pk),
        "area": str(register.cast.nation.pk),
        "issued_on": "2019-05-01",
    }
    client = signed_in(register.coordinator)
    page = client.post(NEW, register.typed(**early)).content.decode()
    assert "Bộ Quốc phòng did not exist under this name on 01/05/2019" in errors_beside(page, "issuer")
    page = client.post(NEW, register.typed(**{**early, "issued_on": "", "year": "2019"})).content.decode()
    assert "on 2019" in errors_beside(page, "issuer")
    late = {"issued_on": "2025-08-01"}
    page = client.post(NEW, register.typed(**late)).content.decode()
    assert "Huyện Bát Xát was not a unit on 01/08/2025" in errors_beside(page, "area")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("Số: 2978 / BQP–BĐBP", "2978/BQP-BĐBP"),
        ("13 - KL/TW", "13-KL/TW"),
        ("53/2024/QH15", "53/2024/QH15"),
        (" so 02/KH-BCĐ ", "02/KH-BCĐ"),
    ],
)
def test_a_number_is_tidied_as_printed(typed: str, number: str) -> None:
    assert tidy_number(typed) == number


def test_a_number_is_used_once_an_issuer_and_year(register: Register, signed_in: SignedIn) -> None:
    register.entered(number="15/KH-CAH", subject="Khác")
    client = signed_in(register.bat_xat_officer)
    page = client.post(NEW, register.typed()).content.decode()
    assert "already has a document of this number in this year" in errors_beside(page, "number")
    assert "chợ phiên" in page
    assert client.post(NEW, register.typed(issued_on="20/05/2020")).status_code == 302
    assert everything().count() == 2
    other = register.entered(
        number="15/KH-CAH", issuer=register.si_ma_cai_police, area=register.cast.si_ma_cai
    )
    assert other.year == 2021


def test_a_second_click_makes_one_document(register: Register, signed_in: SignedIn) -> None:
    client = signed_in(register.bat_xat_officer)
    for number in ("15/KH-CAH", ""):
        first, second = (client.post(NEW, register.typed(number=number)) for _ in range(2))
        assert first["Location"] == second["Location"]
    assert everything().count() == 2


def test_the_service_refuses_who_does_not_keep_the_register(register: Register) -> None:
    for actor, changed in (
        (register.si_ma_cai_officer, {}),
        (register.steering, {}),
        (register.cast.coordinator, {}),
        (register.bat_xat_officer, {"issuer": register.ministry, "area": register.cast.nation}),
    ):
        with pytest.raises(PermissionDenied):
            register.entered(actor, **changed)
    assert not everything().exists()


def fields_of(document: Document, **changed: Any) -> dict[str, Any]:
    return {**{name: getattr(document, name) for name in ("kind", "number", "subject")}, **changed}


def test_a_change_over_somebody_elses_is_refused(register: Register) -> None:
    document = register.entered()
    first = fields_of(document, subject="Của chị Hoa")
    change_document(actor=register.coordinator, document=document, version=1, **first)
    with pytest.raises(ChangedMeanwhile) as refused:
        change_document(
            actor=register.bat_xat_officer,
            document=document,
            version=1,
            **fields_of(document, subject="Của tôi"),
        )
    assert (refused.value.who, refused.value.version) == (register.coordinator, 2)
    change_document(actor=register.coordinator, document=document, version=1, **first)
    assert everything().get().version == 2


def test_the_page_says_who_changed_it_and_keeps_what_was_typed(
    register: Register, signed_in: SignedIn
) -> None:
    document = register.entered()
    client, address = signed_in(register.bat_xat_officer), f"/documents/{document.pk}/edit/"
    assert 'name="version" value="1"' in client.get(address).content.decode()
    change_document(
        actor=register.coordinator, document=document, version=1, **fields_of(document, subject="Của chị Hoa")
    )
    response = client.post(address, register.typed(version="1", subject="Của tôi"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Hoa changed this document on" in page
    assert "Của tôi" in page
    assert 'name="version" value="2"' in page
    assert client.post(address, register.typed(version="2", subject="Của tôi")).status_code == 302
    assert everything().get().subject == "Của tôi"


def test_a_document_cannot_be_moved_out_of_reach(register: Register) -> None:
    document = register.entered()
    for changed in (
        {"issuer": register.si_ma_cai_police, "area": register.cast.si_ma_cai},
        {"area": register.cast.lao_cai},
    ):
        with pytest.raises(PermissionDenied):
            change_document(actor=register.bat_xat_officer, document=document, version=1, **changed)


def test_the_history_reads_from_what_to_what(register: Register, letter: Letter, signed_in: SignedIn) -> None:
    change_document(
        actor=register.bat_xat_officer,
        document=letter.district,
        version=1,
        rests_on=[RestsOn(letter.letter, Relation.BASED_ON), RestsOn(letter.sister, Relation.ANSWERS)],
        urgency="express",
        recipients=["UBND huyện"],
        issued_on=dt.date(2021, 6, 1),
    )
    page = signed_in(register.coordinator).get(f"/documents/{letter.district.pk}/").content.decode()
    assert "Lý Mẩy" in page
    for old, new in (("20/05/2021", "01/06/2021"), ("ordinary", "express (hỏa tốc)")):
        assert f'<del class="is-removed">{old}</del> → <ins class="is-added">{new}</ins>' in page
    assert '<ins class="is-added">UBND huyện</ins>' in page
    assert 'is based on: <ins class="is-added">Official letter 2978/BQP-BĐBP</ins>' in page
    assert 'implements: <del class="is-removed">Plan 101/KH-CAT</del>' in page
    assert '<ins class="is-added">Plan 9/KH-CAH</ins>' in page
    page = signed_in(register.bat_xat_officer).get(f"/documents/{letter.district.pk}/").content.decode()
    assert "9/KH-CAH" not in page


def test_a_draft_comes_back_as_it_was_typed_and_ends_when_it_is_entered(
    register: Register, letter: Letter, signed_in: SignedIn
) -> None:
    client = signed_in(register.bat_xat_officer)
    half = register.typed(number="nửa chừng", **related(0, "implements", "29"))
    assert client.post(KEEP, half).status_code == 200
    page = client.get(NEW).content.decode()
    for typed in ('value="nửa chừng"', 'value="29"', "Discard the draft"):
        assert typed in page
    assert "field-error" not in page
    assert client.post(NEW, register.typed()).status_code == 302
    assert not FormDraft.objects.exists()
    assert client.post(KEEP, register.typed()).status_code == 409
    assert not FormDraft.objects.exists()


def test_a_draft_of_a_change_is_kept_apart_and_for_who_may_change(
    register: Register, signed_in: SignedIn
) -> None:
    document = register.entered()
    keep, address = f"/documents/drafts/document:{document.pk}/", f"/documents/{document.pk}/edit/"
    client = signed_in(register.bat_xat_officer)
    assert client.post(keep, register.typed(version="1", subject="Nửa chừng")).status_code == 200
    assert "Nửa chừng" in client.get(address).content.decode()
    assert "Nửa chừng" not in client.get(NEW).content.decode()
    assert client.post(keep, {"discard": "yes"})["Location"] == address
    assert client.post(address, register.typed(version="1")).status_code == 302
    assert client.post(keep, register.typed(version="1")).status_code == 409
    for user in (register.si_ma_cai_officer, register.steering):
        assert signed_in(user).post(keep, {"subject": "x"}).status_code == 404
    for form in ("document:0", "activity:new", "document:", "document:999999999"):
        assert client.post(f"/documents/drafts/{form}/", {"subject": "x"}).status_code == 404
    assert client.get(keep).status_code == 405


def test_rows_for_more_relations_without_script(register: Register, signed_in: SignedIn) -> None:
    typed = register.typed(more_rows="yes", **related(0, "amends", "1/KH"))
    page = signed_in(register.bat_xat_officer).post(NEW, typed).content.decode()
    assert 'name="relations-2-other"' in page
    assert 'value="1/KH"' in page
    assert not everything().exists()
