"""How documents stand to each other: naming another one, and the chain up to the root and down."""

import datetime as dt
import re

import pytest
from django.core.exceptions import ValidationError

from programs.models import DocumentRelation, Relation
from programs.selectors.document import INVERSE_WORDS, chain, documents_named
from programs.services.document import (
    RestsOn,
    relate,
)
from programs.services.task import CutTask, cut_tasks
from tests.programs.cast import Cast
from tests.programs.conftest import SignedIn
from tests.programs.register import (
    NEW,
    Letter,
    Register,
    make_letter,
    make_register,
    related,
)
from tests.programs.test_filing import errors_beside


@pytest.fixture
def register(cast: Cast) -> Register:
    return make_register(cast)


@pytest.fixture
def letter(register: Register) -> Letter:
    return make_letter(register)


def test_of_several_documents_one_is_chosen(register: Register, signed_in: SignedIn) -> None:
    first = register.from_above("1/KH-BCĐ", "Kế hoạch năm", issued_on=dt.date(2020, 1, 9))
    second = register.from_above("1/KH-BCĐ", "Kế hoạch năm", issued_on=dt.date(2021, 1, 9))
    client, row = signed_in(register.bat_xat_officer), related(0, "implements", "1/KH-BCĐ")

    page = client.post(NEW, register.typed(**row)).content.decode()
    assert "2 documents fit “1/KH-BCĐ”" in errors_beside(page, "relations-0-other")
    listed = re.findall(r'<option value="(\d+)">1/KH-BCĐ · (\S+) · Bộ Quốc phòng', page)
    assert listed == [(str(second.pk), "09/01/2021"), (str(first.pk), "09/01/2020")]

    chosen = {**row, "relations-0-chosen": str(first.pk)}
    assert client.post(NEW, register.typed(**chosen)).status_code == 302
    assert DocumentRelation.objects.get().rests_on == first


def test_another_is_named_by_words_and_never_by_a_key_that_does_not_fit(
    register: Register, letter: Letter
) -> None:
    officer = register.bat_xat_officer
    assert list(documents_named(officer, "trien khai BQP")) == [letter.letter]
    assert list(documents_named(officer, "9/KH-CAH")) == []
    assert list(documents_named(register.coordinator, "9/KH-CAH")) == [letter.sister]
    # "28/KH-BCĐ" is also a part of other numbers; the whole number goes first.
    register.from_above("128/KH-BCĐ", "Kế hoạch khác")
    assert [each.number for each in documents_named(officer, "28/kh-bcd")] == ["28/KH-BCĐ"]


def test_a_hidden_document_is_neither_named_nor_lost(
    register: Register, letter: Letter, signed_in: SignedIn
) -> None:
    relate(
        actor=register.coordinator,
        document=letter.district,
        rests_on=letter.sister.pk,
        kind=Relation.ANSWERS,
    )
    client, address = signed_in(register.bat_xat_officer), f"/documents/{letter.district.pk}/edit/"
    page = client.get(address).content.decode()
    assert "101/KH-CAT" in page
    assert "9/KH-CAH" not in page
    assert "9/KH-CAH" not in client.get(f"/documents/{letter.district.pk}/").content.decode()
    page = client.post(
        address, register.typed(version="1", **related(0, "amends", "9/KH-CAH"))
    ).content.decode()
    assert "No document that you may see" in errors_beside(page, "relations-0-other")
    assert client.post(address, register.typed(version="1")).status_code == 302
    assert [each.rests_on for each in letter.district.upward.all()] == [letter.sister]


def test_a_circle_is_refused_beside_the_row(register: Register, letter: Letter, signed_in: SignedIn) -> None:
    client, address = signed_in(register.coordinator), f"/documents/{letter.conclusion.pk}/edit/"
    typed = register.typed(
        kind="conclusion",
        number="13-KL/TW",
        issuer=str(register.ministry.pk),
        area=str(register.cast.nation.pk),
        version="1",
    )
    page = client.post(address, {**typed, **related(0, "based_on", "12/KH-CAH")}).content.decode()
    assert "would rest on each other" in errors_beside(page, "relations-0-other")
    page = client.post(address, {**typed, **related(0, "based_on", "13-KL/TW")}).content.decode()
    assert "the document itself" in errors_beside(page, "relations-0-other")
    with pytest.raises(ValidationError):
        relate(
            actor=register.coordinator,
            document=letter.conclusion,
            rests_on=letter.district.pk,
            kind=Relation.BASED_ON,
        )


def test_the_five_cited_documents_are_one_click_away(
    register: Register, letter: Letter, signed_in: SignedIn
) -> None:
    page = signed_in(register.bat_xat_officer).get(f"/documents/{letter.letter.pk}/").content.decode()
    beside = page[page.index("<h2>Rests on</h2>") :]
    for cited in letter.cited:
        assert f'href="/documents/{cited.pk}/"' in beside
        assert cited.number in beside
    assert "is based on" in beside
    assert "is implemented by" in beside[beside.index("<h2>Led to</h2>") :]
    assert f'href="/documents/{letter.province.pk}/"' in beside


def test_the_chain_is_walked_up_to_the_root_and_down_to_the_district(
    register: Register, letter: Letter
) -> None:
    found = chain(letter.letter, register.coordinator)
    assert {node.pk for node in found.above} == {each.pk for each in letter.cited}
    programme = next(node for node in found.above if node.pk == letter.cited[0].pk)
    assert [node.pk for node in programme.beyond] == [letter.conclusion.pk]
    assert programme.beyond[0].words == [("is implemented by", "Official letter 193/QĐ-TTg")]
    assert [node.pk for node in found.below] == [letter.province.pk]
    assert {node.pk for node in found.below[0].beyond} == {letter.district.pk, letter.sister.pk}
    assert not found.is_cut


def test_a_document_stands_beyond_everything_that_lies_between(register: Register, letter: Letter) -> None:
    found = chain(letter.province, register.coordinator)
    # The plan cites the programme itself too, but the letter lies between the two.
    assert [node.pk for node in found.above] == [letter.letter.pk]
    programme = next(node for node in found.above[0].beyond if node.pk == letter.cited[0].pk)
    assert len(programme.words) == 2
    assert {each.node.pk for each in found.rests_on} == {letter.letter.pk, letter.cited[0].pk}


def test_documents_the_reader_may_not_see_are_left_out_of_the_chain(
    register: Register, letter: Letter
) -> None:
    found = chain(letter.letter, register.bat_xat_officer)
    assert [node.pk for node in found.below[0].beyond] == [letter.district.pk]
    assert chain(letter.letter, register.cast.officer).below == []


def test_a_circle_that_got_in_is_walked_once(register: Register, letter: Letter) -> None:
    DocumentRelation.objects.create(
        document=letter.conclusion, rests_on=letter.district, kind=Relation.BASED_ON
    )
    for document in (letter.letter, letter.conclusion, letter.district):
        found = chain(document, register.coordinator)
        assert found.above
        assert found.below


def test_a_long_chain_is_cut_and_says_so(register: Register, signed_in: SignedIn) -> None:
    last = first = register.from_above("1/KH-A", "Bắt đầu")
    for number in range(2, 14):
        last = register.from_above(
            f"{number}/KH-A", f"Bước {number}", rests_on=[RestsOn(last, Relation.IMPLEMENTS)]
        )
    assert chain(first, register.coordinator).is_cut
    page = signed_in(register.coordinator).get(f"/documents/{first.pk}/").content.decode()
    assert "9/KH-A" in page
    assert "10/KH-A" not in page
    assert "there may be more beyond" in page


def test_every_relation_has_words_both_ways() -> None:
    assert set(INVERSE_WORDS) == set(Relation)


def test_the_tasks_of_a_document_are_shown(register: Register, letter: Letter, signed_in: SignedIn) -> None:
    cut = [CutTask("1", "Tuyên truyền ở thôn bản"), CutTask("2a", "Tuần tra", due_on=dt.date(2021, 12, 15))]
    cut_tasks(actor=register.coordinator, document=letter.letter, tasks=cut)
    page = signed_in(register.bat_xat_officer).get(f"/documents/{letter.letter.pk}/").content.decode()
    assert "Tuyên truyền ở thôn bản" in page
    assert "due 15/12/2021" in page
    assert f"/documents/{letter.letter.pk}/tasks/" in page
    assert "Cut into tasks" not in page
    page = signed_in(register.coordinator).get(f"/documents/{letter.letter.pk}/").content.decode()
    assert "Cut into tasks" in page
