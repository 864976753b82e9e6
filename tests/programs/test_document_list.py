"""The register of documents as a list: who sees what, how it is searched, ordered, counted and exported."""

import datetime as dt
import io
import unicodedata
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import AuditEvent
from accounts.scoping import UnscopedQuery
from programs.models import Document, DocumentKind, Relation
from programs.services.document import (
    RestsOn,
    relate,
)
from programs.services.task import CutTask, cut_tasks
from tests.programs.cast import Cast
from tests.programs.conftest import SignedIn
from tests.programs.register import (
    EXPORT,
    KEEP,
    LIST,
    NEW,
    Letter,
    Register,
    make_letter,
    make_register,
    numbers,
    seen,
)


@pytest.fixture
def register(cast: Cast) -> Register:
    return make_register(cast)


@pytest.fixture
def letter(register: Register) -> Letter:
    return make_letter(register)


def test_each_sees_what_comes_from_above_and_own_documents(
    register: Register, letter: Letter, signed_in: SignedIn
) -> None:
    above = {"13-KL/TW", "193/QĐ-TTg", "28/KH-BCĐ", "35/KH-BCĐ", "172/KH-BCĐ", "19/KH-BCĐ", "2978/BQP-BĐBP"}
    assert set(seen(signed_in(register.bat_xat_officer))) == above | {"101/KH-CAT", "12/KH-CAH"}
    assert set(seen(signed_in(register.si_ma_cai_officer))) == above | {"101/KH-CAT", "9/KH-CAH"}
    for user in (register.coordinator, register.steering):
        assert set(seen(signed_in(user))) == above | {"101/KH-CAT", "12/KH-CAH", "9/KH-CAH"}
    assert set(seen(signed_in(register.cast.officer))) == above


def test_si_ma_cais_own_document_is_nothing_to_bat_xat(
    register: Register, letter: Letter, signed_in: SignedIn
) -> None:
    for user in (register.bat_xat_officer, register.cast.officer, register.cast.coordinator):
        client = signed_in(user)
        for page in ("", "edit/"):
            assert client.get(f"/documents/{letter.sister.pk}/{page}").status_code == 404
            assert client.get(f"/documents/{10**9}/{page}").status_code == 404
            assert client.get(f"/documents/{10**30}/{page}").status_code == 404
        address = f"/documents/{letter.sister.pk}/edit/"
        assert client.post(address, register.typed()).status_code == 404
    assert signed_in(register.cast.officer).get(f"/documents/{letter.province.pk}/").status_code == 404
    assert signed_in(register.coordinator).get(f"/documents/{letter.sister.pk}/").status_code == 200


def test_only_who_keeps_the_register_changes_it(
    register: Register, letter: Letter, signed_in: SignedIn
) -> None:
    officer = signed_in(register.bat_xat_officer)
    assert officer.get(f"/documents/{letter.district.pk}/edit/").status_code == 200
    assert officer.get(f"/documents/{letter.province.pk}/edit/").status_code == 404
    assert officer.get(f"/documents/{letter.letter.pk}/edit/").status_code == 404
    assert "/edit/" not in officer.get(f"/documents/{letter.letter.pk}/").content.decode()
    coordinator = signed_in(register.coordinator)
    for document in (letter.letter, letter.province, letter.sister):
        assert coordinator.get(f"/documents/{document.pk}/edit/").status_code == 200
    steering = signed_in(register.steering)
    assert steering.get(f"/documents/{letter.sister.pk}/").status_code == 200
    assert steering.get(f"/documents/{letter.sister.pk}/edit/").status_code == 404
    assert steering.get(NEW).status_code == 403
    assert steering.post(NEW, register.typed()).status_code == 403


def test_a_role_without_documents_is_refused_the_register(register: Register, signed_in: SignedIn) -> None:
    client = signed_in(register.administrator)
    for address in (LIST, EXPORT, NEW):
        assert client.get(address).status_code == 403
    assert client.post(KEEP, {"subject": "x"}).status_code == 403
    assert Client().get(LIST).status_code == 302


def test_a_query_nobody_scoped_is_refused(register: Register) -> None:
    register.entered()
    with pytest.raises(UnscopedQuery):
        list(Document.objects.all())


@pytest.fixture
def three(register: Register) -> None:
    register.from_above(
        "2978/BQP-BĐBP", "Triển khai nhiệm vụ", issued_on=dt.date(2021, 8, 2), urgency="urgent"
    )
    register.entered(number="12/KH-CAH", subject="Ấn phẩm tuyên truyền")
    register.entered(
        number="9/BC-CAT",
        kind=DocumentKind.REPORT,
        issuer=register.cast.lao_cai_police,
        area=register.cast.lao_cai,
        issued_on=None,
        year=2019,
        subject="Báo cáo năm",
    )


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"q": "trien khai"}, ["2978/BQP-BĐBP"]),
        ({"q": "bqp-bdbp"}, ["2978/BQP-BĐBP"]),
        ({"q": "truyền ấn"}, ["12/KH-CAH"]),
        ({"q": unicodedata.normalize("NFD", "Báo cáo")}, ["9/BC-CAT"]),
        ({"q": "%"}, []),
        ({"kind": "report"}, ["9/BC-CAT"]),
        ({"urgency": "urgent"}, ["2978/BQP-BĐBP"]),
        ({"issued_from": "01/08/2021"}, ["2978/BQP-BĐBP"]),
        ({"issued_to": "2021-06-01"}, ["12/KH-CAH"]),
        ({}, ["2978/BQP-BĐBP", "12/KH-CAH", "9/BC-CAT"]),
        ({"sort": "date"}, ["9/BC-CAT", "12/KH-CAH", "2978/BQP-BĐBP"]),
        ({"sort": "number"}, ["9/BC-CAT", "12/KH-CAH", "2978/BQP-BĐBP"]),
        ({"sort": "subject"}, ["12/KH-CAH", "9/BC-CAT", "2978/BQP-BĐBP"]),
        ({"sort": "issuer"}, ["2978/BQP-BĐBP", "12/KH-CAH", "9/BC-CAT"]),
        ({"sort": "kind"}, ["12/KH-CAH", "2978/BQP-BĐBP", "9/BC-CAT"]),
        ({"sort": "nonsense;--"}, ["2978/BQP-BĐBP", "12/KH-CAH", "9/BC-CAT"]),
    ],
)
def test_the_register_is_searched_narrowed_and_ordered(
    register: Register, signed_in: SignedIn, parameters: dict[str, str], expected: list[str]
) -> None:
    assert seen(signed_in(register.coordinator), **parameters) == expected


@pytest.mark.usefixtures("three")
def test_an_area_holds_all_below_it_and_an_issuer_its_own(register: Register, signed_in: SignedIn) -> None:
    client, cast = signed_in(register.coordinator), register.cast
    assert len(seen(client, area=cast.nation.pk)) == 3
    assert len(seen(client, area=cast.lao_cai.pk)) == 2
    assert seen(client, area=cast.bat_xat.pk) == ["12/KH-CAH"]
    assert seen(client, issuer=register.ministry.pk) == ["2978/BQP-BĐBP"]
    page = client.get(LIST).content.decode()
    assert "Total of 3 documents" in page
    assert "Plan: 1" in page
    assert "Official letter: 1" in page


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"issued_from": "31/02/2020"}, "Type the date as day/month/year"),
        ({"issued_from": "2020-05-01", "issued_to": "2020-01-01"}, "lies before the first"),
        ({"kind": "x"}, "“x” is not one of those"),
        ({"area": "999999"}, "“999999” is not one of those"),
        ({"issuer": "0"}, "is not one of those"),
        ({"urgency": "x"}, "is not one of those"),
        ({"q": "a" * 201}, "at most 200 characters"),
        ({"q": "a\x00"}, "U+0000"),
    ],
)
def test_a_filter_that_cannot_be_used_says_so_and_shows_nothing(
    register: Register, signed_in: SignedIn, parameters: dict[str, str], message: str
) -> None:
    client = signed_in(register.coordinator)
    page = client.get(LIST, parameters).content.decode()
    assert page.count(message) >= 2  # beside the filter, and above the empty list
    assert numbers(page) == []
    assert client.get(EXPORT, parameters).status_code == 302


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("parameters", [{}, {"q": "tuyen"}, {"sort": "subject"}, {"kind": "report"}])
def test_the_file_holds_what_the_list_shows(
    register: Register, signed_in: SignedIn, parameters: dict[str, str]
) -> None:
    client = signed_in(register.coordinator)
    response = client.get(EXPORT, parameters)
    assert response["Content-Disposition"].startswith('attachment; filename="documents-')
    rows = load_workbook(io.BytesIO(b"".join(response))).worksheets[0].iter_rows(min_row=2, values_only=True)
    assert [row[0] for row in rows] == seen(client, **parameters)
    event = AuditEvent.objects.filter(about="programs.document:list").get()
    assert (event.kind, event.user) == (AuditEvent.Kind.EXPORTED, register.coordinator)


def test_a_file_has_no_formulas_and_no_documents_of_others(
    register: Register, letter: Letter, signed_in: SignedIn
) -> None:
    register.entered(
        register.si_ma_cai_officer,
        number="",
        issuer=register.si_ma_cai_police,
        area=register.cast.si_ma_cai,
        subject='=HYPERLINK("http://evil.example")',
    )
    cells = load_workbook(io.BytesIO(b"".join(signed_in(register.si_ma_cai_officer).get(EXPORT)))).worksheets[
        0
    ]
    assert "'=" in {
        cell.value[:2] for row in cells.iter_rows(min_row=2) for cell in row if cell.data_type == "s"
    }
    others = load_workbook(io.BytesIO(b"".join(signed_in(register.bat_xat_officer).get(EXPORT)))).worksheets[
        0
    ]
    assert not [row for row in others.iter_rows(values_only=True) if "9/KH-CAH" in row]


def test_a_file_of_too_many_rows_is_refused(register: Register, signed_in: SignedIn, settings: Any) -> None:
    register.entered()
    settings.EXPORT_MAX_ROWS = 0
    response = signed_in(register.coordinator).get(EXPORT, {"sort": "subject"})
    assert response["Location"] == "/documents/?sort=subject"


def test_htmx_gets_the_part_below_the_filters(register: Register, signed_in: SignedIn) -> None:
    part = signed_in(register.coordinator).get(LIST, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="document-results"')
    assert "No documents yet" in part


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
        assert response.status_code == 200
        b"".join(response)
    return len(captured)


def test_the_number_of_queries_does_not_grow(register: Register, signed_in: SignedIn) -> None:
    client = signed_in(register.coordinator)
    top = register.from_above("1/KH-BCĐ", "Gốc")
    middle = register.entered(number="1/KH-CAH", rests_on=[RestsOn(top, Relation.IMPLEMENTS)])
    register.entered(number="2/KH-CAH", rests_on=[RestsOn(middle, Relation.IMPLEMENTS)])
    addresses = [
        f"{LIST}?per_page=50",
        EXPORT,
        f"/documents/{middle.pk}/",
        f"/documents/{middle.pk}/edit/",
        NEW,
    ]
    few = [queries(client, address) for address in addresses]
    for number in range(30):
        above = register.from_above(f"{number + 2}/KH-BCĐ", f"Gốc {number}")
        relate(actor=register.coordinator, document=middle, rests_on=above.pk, kind=Relation.BASED_ON)
        register.entered(number=f"{number + 3}/KH-CAH", rests_on=[RestsOn(middle, Relation.IMPLEMENTS)])
    cut_tasks(actor=register.coordinator, document=middle, tasks=[CutTask(str(n), "x") for n in range(30)])
    assert [queries(client, address) for address in addresses] == few
    assert few == PINNED


#: The list, its file, a document, its form, an empty form.
PINNED = [7, 8, 12, 16, 7]
