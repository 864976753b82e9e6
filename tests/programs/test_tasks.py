"""Units' tasks: who sees which, the list, its file, and the matrix."""

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AuditEvent
from programs.models import Document
from programs.selectors.task import own_open_assignments
from programs.services.task import CutTask, Unit, cut_tasks
from tests.cast import Cast, agency, area, make_cast
from tests.programs.conftest import SignedIn
from tests.programs.task_cast import (
    FUTURE,
    PAST,
    districts,
    document_of,
    everything,
    give_two,
)

LIST, EXPORT = "/tasks/", "/tasks/export.xlsx"
QUERIES_OF_LIST = 7
QUERIES_OF_MATRIX = 7


@pytest.fixture
def play(db: None) -> Cast:
    """Officers of Bát Xát, the coordinator of Lào Cai, a stranger of Kon Tum."""
    return make_cast()


@pytest.fixture
def plan(play: Cast) -> Document:
    return document_of(play, "150/KH-BCĐ138")


@pytest.fixture
def given(play: Cast, plan: Document) -> Document:
    """Two tasks at two districts: the first is late, the second is not due."""
    return give_two(play, plan)


def units_seen(page: str) -> set[str]:
    """Names of units in the rows or columns of a page."""
    names = {"Công an huyện Bát Xát", "Công an huyện Si Ma Cai"}
    table = page[page.find("<table") : page.find("</table>")]
    return {name for name in names if name in table}


def seen(client: Client, **parameters: Any) -> list[str]:
    response = client.get(LIST, parameters)
    assert response.status_code == 200
    return re.findall(r'<th scope="row"><a href="/tasks/\d+/" lang="vi">(.*?)</a>', response.content.decode())


# --- the list ---


def test_an_officer_sees_own_tasks_and_nothing_of_the_neighbour(
    play: Cast, given: Document, signed_in: SignedIn
) -> None:
    for person in (play.people.filing_officer, play.people.head_of_unit):
        page = signed_in(person).get(LIST).content.decode()
        assert units_seen(page) == {"Công an huyện Bát Xát"}
        assert "Si Ma Cai" not in page.replace("Huyện Si Ma Cai", "")


def test_coordinator_and_steering_see_all_units_and_a_stranger_none(
    play: Cast, given: Document, signed_in: SignedIn
) -> None:
    both = {"Công an huyện Bát Xát", "Công an huyện Si Ma Cai"}
    for person in (play.people.coordinator, play.people.steering_member):
        assert units_seen(signed_in(person).get(LIST).content.decode()) == both
    assert seen(signed_in(play.people.stranger)) == []
    for person in (play.people.case_worker, play.people.investigator, play.people.administrator):
        assert signed_in(person).get(LIST).status_code == 403
        assert signed_in(person).get(EXPORT).status_code == 403


def test_late_shows_to_the_unit_and_to_the_coordinator_and_comes_first(
    play: Cast, given: Document, signed_in: SignedIn
) -> None:
    for person in (play.people.filing_officer, play.people.coordinator):
        client = signed_in(person)
        page = client.get(LIST).content.decode()
        assert "Late: not started" in page
        assert seen(client)[0] == "1. Rà soát tình hình"
        assert set(seen(client, state="late")) == {"1. Rà soát tình hình"}


def test_what_is_done_is_not_late_and_comes_last(play: Cast, given: Document, signed_in: SignedIn) -> None:
    everything().filter(task__number="1").update(state="done", done_on=PAST)
    client = signed_in(play.people.filing_officer)
    assert seen(client) == ["2a. Truyền thông", "1. Rà soát tình hình"]
    assert seen(client, state="late") == []


@pytest.mark.parametrize(
    ("parameters", "count"),
    [
        ({}, 4),
        ({"q": "ra soat"}, 2),
        ({"q": "TRUYEN thong"}, 2),
        ({"q": "150/kh bcd138"}, 4),
        ({"q": "thi diem"}, 4),
        ({"q": "%"}, 0),
        ({"state": "late"}, 2),
        ({"state": "not_started"}, 4),
        ({"state": "done"}, 0),
        ({"due_to": "31/12/2022"}, 2),
        ({"due_from": "2023-01-01"}, 2),
        ({"page": "x", "per_page": "-1"}, 4),
    ],
)
def test_the_list_is_searched_and_narrowed(
    play: Cast, given: Document, signed_in: SignedIn, parameters: dict[str, str], count: int
) -> None:
    assert len(seen(signed_in(play.people.coordinator), **parameters)) == count


def test_the_list_is_narrowed_by_document_unit_and_area(
    play: Cast, given: Document, signed_in: SignedIn
) -> None:
    other = document_of(play, "7/KH-UBND")
    cut_tasks(
        actor=play.people.coordinator, document=other, tasks=[CutTask("1", "Khác")], units=districts(play)[:1]
    )
    client = signed_in(play.people.coordinator)
    assert seen(client, document=other.pk) == ["1. Khác"]
    assert len(seen(client, agency=play.agencies.bat_xat_police.pk)) == 3
    assert len(seen(client, area=play.map.si_ma_cai.pk)) == 2
    assert len(seen(client, area=play.map.lao_cai.pk)) == 5


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"state": "x"}, "is not one of those"),
        ({"document": "999999999"}, "is not one of those"),
        ({"area": "0"}, "is not one of those"),
        ({"due_from": "31/02/2020"}, "day/month/year"),
        ({"due_from": "2020-05-01", "due_to": "2020-01-01"}, "lies before the first"),
        ({"q": "a\x00"}, "U+0000"),
    ],
)
def test_a_filter_that_cannot_be_used_says_so_and_shows_nothing(
    play: Cast, given: Document, signed_in: SignedIn, parameters: dict[str, str], message: str
) -> None:
    client = signed_in(play.people.coordinator)
    assert client.get(LIST, parameters).content.decode().count(message) >= 2
    assert seen(client, **parameters) == []
    assert client.get(EXPORT, parameters).status_code == 302


def test_the_states_are_counted_beside_the_one_chosen(
    play: Cast, given: Document, signed_in: SignedIn
) -> None:
    everything().filter(agency=play.agencies.bat_xat_police, task__number="2a").update(state="in_progress")
    page = signed_in(play.people.coordinator).get(LIST, {"state": "in_progress"}).content.decode()
    counts = re.findall(r'class="state-count".*?<span class="count">(\d+)</span>', page, re.DOTALL)
    assert counts == ["4", "2", "3", "1"]  # all, late, not started, in progress; none is done


def test_the_queries_of_the_list_do_not_grow(
    play: Cast, given: Document, signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    client = signed_in(play.people.coordinator)
    client.get(LIST)
    with django_assert_num_queries(QUERIES_OF_LIST):
        assert len(seen(client)) == 4
    tasks = [CutTask(str(number), "Thêm", due_on=FUTURE) for number in range(20)]
    cut_tasks(actor=play.people.coordinator, document=given, tasks=tasks, units=districts(play))
    with django_assert_num_queries(QUERIES_OF_LIST):
        assert len(seen(client, per_page=50)) == 44


def test_the_file_holds_what_the_list_shows(play: Cast, given: Document, signed_in: SignedIn) -> None:
    response = signed_in(play.people.coordinator).get(EXPORT, {"state": "late"})
    book = load_workbook(io.BytesIO(b"".join(response)))
    heads, *rows = book.worksheets[0].iter_rows(values_only=True)
    assert [row[2] for row in rows] == ["Rà soát tình hình"] * 2
    told = dict(zip(heads, rows[0], strict=True))
    assert (told["Number"], told["State"], told["Late"]) == ("1", "not started", "yes")
    assert told["Due"] == dt.datetime(2022, 6, 30)
    assert dict(book.worksheets[1].iter_rows(values_only=True))["Filter: State"] == "late"
    assert AuditEvent.objects.get(about="programs.assignment:list").detail == {
        "rows": 2,
        "filters": ["state"],
    }


def test_open_tasks_of_own_unit_are_given_for_the_home_page(play: Cast, given: Document) -> None:
    today = timezone.localdate()
    open_tasks = own_open_assignments(play.people.filing_officer)
    assert [(each.task.number, each.is_late(today)) for each in open_tasks] == [("1", True), ("2a", False)]
    assert not own_open_assignments(play.people.coordinator)
    assert not own_open_assignments(play.people.stranger)


# --- the matrix ---


def matrix_address(document: Document) -> str:
    return f"/documents/{document.pk}/tasks/"


def test_the_coordinator_sees_the_matrix_of_both_districts(
    play: Cast, given: Document, signed_in: SignedIn
) -> None:
    everything().filter(agency=play.agencies.bat_xat_police, task__number="1").update(
        state="done", done_on=PAST
    )
    everything().filter(agency=play.agencies.si_ma_cai_police, task__number="2a").update(
        state="not_applicable", reason="Không có biên giới"
    )
    for person in (play.people.coordinator, play.people.steering_member):
        page = signed_in(person).get(matrix_address(given)).content.decode()
        assert units_seen(page) == {"Công an huyện Bát Xát", "Công an huyện Si Ma Cai"}
        assert "1 of 2 done, 1 late" in page  # the first task, over both units
        assert "0 of 1 done, 1 not applicable" in page  # the second
        assert "1 of 3 done, 1 late, 1 not applicable" in page  # all
        assert page.count('data-state="late"') == 1
        for assignment in everything():
            assert f'href="/tasks/{assignment.pk}/"' in page


def test_an_officer_sees_only_the_own_column(play: Cast, given: Document, signed_in: SignedIn) -> None:
    page = signed_in(play.people.filing_officer).get(matrix_address(given)).content.decode()
    assert units_seen(page) == {"Công an huyện Bát Xát"}
    assert "Si Ma Cai" not in page
    assert "0 of 1 done, 1 late" in page


def test_the_matrix_is_not_found_by_who_may_not_see_it(
    play: Cast, given: Document, signed_in: SignedIn
) -> None:
    people = play.people
    for person in (people.stranger, people.case_worker, people.investigator, people.administrator):
        assert signed_in(person).get(matrix_address(given)).status_code == 404
    assert signed_in(people.coordinator).get("/documents/999999999/tasks/").status_code == 404


def test_a_ministrys_letter_shows_each_province_its_own_units(play: Cast, signed_in: SignedIn) -> None:
    letter = document_of(play, "2978/BQP-BĐBP", area=play.map.nation)
    cut_tasks(
        actor=play.people.coordinator, document=letter, tasks=[CutTask("1", "Một")], units=districts(play)
    )
    page = signed_in(play.people.stranger).get(matrix_address(letter)).content.decode()
    assert "1. Một" in page
    assert units_seen(page) == set()
    assert "given to nobody" in page


def test_a_document_without_tasks_says_what_to_do(play: Cast, plan: Document, signed_in: SignedIn) -> None:
    offered = f'href="/documents/{plan.pk}/tasks/cut/"'
    assert offered in signed_in(play.people.coordinator).get(matrix_address(plan)).content.decode()
    assert offered not in signed_in(play.people.filing_officer).get(matrix_address(plan)).content.decode()


def test_the_matrix_of_nine_tasks_and_ten_units_takes_as_many_queries_as_one(
    play: Cast, plan: Document, signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    coordinator = play.people.coordinator
    first, *rest = [CutTask(str(number), f"Nhiệm vụ {number}", due_on=PAST) for number in range(1, 10)]
    own, other = districts(play)
    cut_tasks(actor=coordinator, document=plan, tasks=[first], units=[own])
    client = signed_in(coordinator)
    client.get(matrix_address(plan))
    with django_assert_num_queries(QUERIES_OF_MATRIX):
        client.get(matrix_address(plan))
    units = [own, other]
    for number in range(8):
        place = area(f"99{number}", f"Huyện {number}", within="10")
        units.append(Unit(agency("district_police", place.code), place))
    cut_tasks(actor=coordinator, document=plan, tasks=rest, units=units)
    with django_assert_num_queries(QUERIES_OF_MATRIX):
        page = client.get(matrix_address(plan)).content.decode()
    assert page.count('data-state="late"') == 81
    assert page.count('scope="row"') == 10
    assert len(page) < 150_000
