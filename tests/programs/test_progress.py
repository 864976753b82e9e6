"""One unit's task: who sees it, and how progress is told with what shows it."""

import datetime as dt
import re
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from programs.models import Assignment, Document, ProgressNote
from programs.services.task import CutTask, cut_tasks, note_progress
from tests.cast import Cast, make_cast
from tests.programs.conftest import SignedIn
from tests.programs.task_cast import (
    PAST,
    activity_of,
    districts,
    document_of,
    give_two,
    note_form,
    of_unit,
)

LIST = "/tasks/"
QUERIES_OF_TASK = 14


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


def test_the_page_of_a_task_tells_all_about_it(play: Cast, plan: Document, signed_in: SignedIn) -> None:
    of = play.agencies
    task = CutTask(
        "3",
        "Truyền thông ở biên giới",
        lead=of.lao_cai_police,
        partners=[of.lao_cai_women],
        due_on=PAST,
        measure_indicator="talks_held",
        measure_comparison="at_least",
        measure_value=1250,
    )
    cut_tasks(actor=play.people.coordinator, document=plan, tasks=[task], units=districts(play))
    page = unescape(signed_in(play.people.steering_member).get(own_address(play, "3")).content.decode())
    for words in ("Truyền thông ở biên giới", of.lao_cai_women.name, "30/06/2022", "talks_held", "1,250"):
        assert words in page
    assert "Tell your progress" not in page


def own_address(play: Cast, number: str = "1") -> str:
    return f"/tasks/{of_unit(play.agencies.bat_xat_police, number).pk}/"


def test_a_task_of_another_unit_is_not_found(play: Cast, given: Document, signed_in: SignedIn) -> None:
    people = play.people
    neighbour = f"/tasks/{of_unit(play.agencies.si_ma_cai_police).pk}/"
    assert signed_in(people.filing_officer).get(neighbour).status_code == 404
    assert signed_in(people.filing_officer).post(neighbour, note_form()).status_code == 404
    for person in (people.stranger, people.case_worker, people.investigator, people.administrator):
        assert signed_in(person).get(own_address(play)).status_code == 404
        assert signed_in(person).post(own_address(play), note_form()).status_code == 404
    assert not ProgressNote.objects.exists()


def test_who_coordinates_reads_and_tells_no_progress(
    play: Cast, given: Document, signed_in: SignedIn
) -> None:
    for person in (play.people.coordinator, play.people.steering_member):
        client = signed_in(person)
        page = client.get(own_address(play))
        assert page.status_code == 200
        assert 'id="progress"' not in page.content.decode()
        assert client.post(own_address(play), note_form()).status_code == 404
    assert not ProgressNote.objects.exists()


def test_progress_is_told_with_evidence(play: Cast, given: Document, signed_in: SignedIn) -> None:
    officer, of = play.people.filing_officer, play.agencies.bat_xat_police
    shown = activity_of(officer, of)
    paper = document_of(play, "15/BC-CAH", issuer=of, area=of.area, subject="Kết quả rà soát")
    client = signed_in(officer)
    assert "Nói chuyện ở bản" in client.get(own_address(play)).content.decode()
    sent = note_form(state="in_progress", activities=[str(shown.pk)], documents="15/bc-cah")
    response = client.post(own_address(play), sent)

    assert response["Location"] == own_address(play)
    note = ProgressNote.objects.get()
    assert (note.by, note.state, note.text) == (officer, "in_progress", "Đã làm một nửa.")
    assert of_unit(of).state == "in_progress"
    page = client.get(own_address(play)).content.decode()
    assert f'<a href="/activities/{shown.pk}/"' in page
    assert str(paper) in page
    steering = signed_in(play.people.steering_member).get(own_address(play)).content.decode()
    assert "Nói chuyện ở bản" not in steering
    assert "record" in steering
    assert "you may not open" in steering


def test_the_newest_note_comes_first(play: Cast, given: Document, signed_in: SignedIn) -> None:
    client = signed_in(play.people.filing_officer)
    for words in ("Bắt đầu.", "Xong một nửa."):
        client.post(own_address(play), note_form(text=words))
    page = client.get(own_address(play)).content.decode()
    assert page.index("Xong một nửa.") < page.index("Bắt đầu.")


def test_a_second_click_makes_no_second_note(play: Cast, given: Document, signed_in: SignedIn) -> None:
    client, sent = signed_in(play.people.filing_officer), note_form()
    for _click in range(2):
        assert client.post(own_address(play), sent).status_code == 302
    assert ProgressNote.objects.count() == 1


def test_a_key_of_a_note_about_another_task_is_refused(
    play: Cast, given: Document, signed_in: SignedIn
) -> None:
    client, sent = signed_in(play.people.filing_officer), note_form()
    client.post(own_address(play), sent)
    assert client.post(own_address(play, "2a"), sent).status_code == 403
    assert ProgressNote.objects.count() == 1


BAD_NOTES: list[tuple[dict[str, Any], str, str]] = [
    ({"state": "not_applicable", "reason": " "}, "reason", "Say why"),
    ({"state": "not_applicable", "reason": "x" * 301}, "reason", "301 characters"),
    ({"text": ""}, "text", "Say in a sentence"),
    ({"text": "a\x07"}, "text", "U+0007"),
    ({"text": "x" * 4001}, "text", "at most 4000"),
    ({"state": "flying"}, "state", "flying"),
    ({"state": "done", "done_on": "2090-01-01"}, "done_on", "in the future"),
    ({"state": "done", "done_on": "31/02/2022"}, "done_on", "day/month/year"),
    ({"documents": "15/BC-CAH"}, "documents", "no document 15/BC-CAH"),
    ({"documents": ", ".join(f"{n}/KH" for n in range(21))}, "documents", "at most 20"),
    ({"activities": ["999999999"]}, "activities", "is not one of those"),
    ({"activities": ["x"]}, "activities", "is not one of those"),
]


@pytest.mark.parametrize(("typed", "field", "message"), BAD_NOTES, ids=[row[1] + row[2] for row in BAD_NOTES])
def test_bad_input_is_told_beside_the_field_and_what_was_typed_stays(
    play: Cast, given: Document, signed_in: SignedIn, typed: dict[str, Any], field: str, message: str
) -> None:
    response = signed_in(play.people.filing_officer).post(own_address(play), note_form(**typed))
    page = unescape(response.content.decode())
    beside = re.search(rf'id="id_{field}_error"[^>]*>(.*?)</div>', page, re.DOTALL)
    assert response.status_code == 200
    assert beside is not None
    assert message in beside[1]
    assert typed.get("text", "Đã làm một nửa.") in page
    assert not ProgressNote.objects.exists()
    assert of_unit(play.agencies.bat_xat_police).state == "not_started"


def test_a_task_that_does_not_apply_keeps_its_reason(
    play: Cast, given: Document, signed_in: SignedIn
) -> None:
    client = signed_in(play.people.filing_officer)
    client.post(own_address(play), note_form(state="not_applicable", reason="Huyện không có biên giới"))
    assert "Huyện không có biên giới" in client.get(own_address(play)).content.decode()
    assert "Late" not in client.get(LIST).content.decode()


def test_a_task_that_is_done_has_a_day(play: Cast, given: Document, signed_in: SignedIn) -> None:
    client, of = signed_in(play.people.filing_officer), play.agencies.bat_xat_police
    client.post(own_address(play), note_form(state="done"))
    assert of_unit(of).done_on == timezone.localdate()
    client.post(own_address(play), note_form(state="done", done_on="20/06/2022"))
    assert of_unit(of).done_on == dt.date(2022, 6, 20)
    assert 'value="2022-06-20"' in client.get(own_address(play)).content.decode()
    client.post(own_address(play), note_form(state="in_progress"))
    assert of_unit(of).done_on is None


def test_an_activity_of_another_unit_is_no_evidence(play: Cast, given: Document, signed_in: SignedIn) -> None:
    officer, assignment = play.people.filing_officer, of_unit(play.agencies.bat_xat_police)
    far = activity_of(play.people.stranger, play.agencies.dak_ha_police, title="Ở Đăk Hà")
    response = signed_in(officer).post(own_address(play), note_form(activities=[str(far.pk)]))
    page = unescape(response.content.decode())
    assert "is not one of those" in page
    assert "Ở Đăk Hà" not in page
    with pytest.raises(ValidationError, match="not your unit's"):
        note_progress(
            actor=officer, assignment=assignment, state=Assignment.State.DONE, text="Xong", activities=[far]
        )
    assert not ProgressNote.objects.exists()


def test_a_document_one_may_not_see_is_no_evidence(play: Cast, given: Document) -> None:
    of = play.agencies.dak_ha_police
    far = document_of(play, "9/BC-CAH", issuer=of, area=of.area)
    with pytest.raises(ValidationError, match="not in your register"):
        note_progress(
            actor=play.people.filing_officer,
            assignment=of_unit(play.agencies.bat_xat_police),
            state=Assignment.State.DONE,
            text="Xong",
            documents=[far],
        )


def test_a_number_used_in_several_years_needs_the_year(
    play: Cast, given: Document, signed_in: SignedIn
) -> None:
    of = play.agencies.bat_xat_police
    for year in (2021, 2022):
        document_of(play, "15/BC-CAH", issuer=of, area=of.area, year=year)
    client = signed_in(play.people.filing_officer)
    page = client.post(own_address(play), note_form(documents="15/BC-CAH")).content.decode()
    assert "add the year" in page
    client.post(own_address(play), note_form(documents="15/BC-CAH (2022)"))
    assert [
        paper.year
        for paper in Document.objects.visible_to(play.people.filing_officer).filter(shown_by__isnull=False)
    ] == [2022]


def test_activities_of_the_tasks_time_are_offered_first(
    play: Cast, given: Document, signed_in: SignedIn
) -> None:
    officer, of = play.people.filing_officer, play.agencies.bat_xat_police
    late = dt.date(2023, 3, 1)
    activity_of(officer, of, title="Sau hạn", started_on=late, ended_on=late)
    activity_of(officer, of, title="Trong hạn")
    activity_of(officer, of, title="Còn là nháp", state="draft")
    page = signed_in(officer).get(own_address(play)).content.decode()
    assert page.index("Trong hạn") < page.index("Sau hạn")
    assert "Còn là nháp" not in page


def test_nobody_tells_progress_of_another_unit(play: Cast, given: Document) -> None:
    for actor in (play.people.filing_officer, play.people.coordinator, play.people.stranger):
        with pytest.raises(PermissionDenied):
            note_progress(
                actor=actor,
                assignment=of_unit(play.agencies.si_ma_cai_police),
                state=Assignment.State.DONE,
                text="Xong",
            )


def test_the_queries_of_a_task_do_not_grow_with_its_notes(
    play: Cast, given: Document, signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    officer, of = play.people.filing_officer, play.agencies.bat_xat_police
    client = signed_in(officer)

    def tell() -> None:
        shown = activity_of(officer, of)
        paper = document_of(play, "", issuer=of, area=of.area)
        note_progress(
            actor=officer,
            assignment=of_unit(of),
            state=Assignment.State.IN_PROGRESS,
            text="Đang làm",
            activities=[shown],
            documents=[paper],
        )

    tell()
    client.get(own_address(play))
    address = own_address(play)
    with django_assert_num_queries(QUERIES_OF_TASK):
        client.get(address)
    for _note in range(10):
        tell()
    with django_assert_num_queries(QUERIES_OF_TASK):
        client.get(address)
