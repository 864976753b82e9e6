"""What a process remembers of figures is told while nothing of it changes, and to nobody who may not see it."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from programs.models import Measure
from reporting.dashboard.answers import Answers
from reporting.dashboard.asked import asked_of
from reporting.disclosure import shown_to
from reporting.figures import Answer, Place, answer_many
from reporting.figures.looking import State
from reporting.figures.remembering import Memory
from reporting.models import FigureVersion, Indicator, Submission, SubmissionState
from territory.figure import Figure, Status
from territory.models import Area
from tests.cast import Cast
from tests.reporting.records import H1, activity, indicator, load_catalogue, obligation, roll_up, submission

PEOPLE, TIPS = "training_people", "tips_received"

needs_database = pytest.mark.django_db


def told(*areas: Area, code: str = PEOPLE) -> tuple[Answer, ...]:
    found = answer_many([indicator(code)], areas=areas, periods=[H1], remembers=True)
    return tuple(found.values())


def figure_in(area: Area, code: str = PEOPLE) -> Figure | None:
    return told(area, code=code)[0].figure


def queries(*areas: Area) -> int:
    asked = [indicator(PEOPLE)]
    with CaptureQueriesContext(connection) as captured:
        answer_many(asked, areas=areas, periods=[H1], remembers=True)
    return len(captured)


@pytest.fixture
def filled(cast: Cast) -> Cast:
    """Two provinces with records and words, rolled up."""
    load_catalogue()
    activity(cast.agencies.bat_xat_police, cast.map.y_ty, says={Measure.PEOPLE: 40})
    activity(cast.agencies.kon_tum_police, cast.map.kon_tum, says={Measure.PEOPLE: 7})
    submission(obligation(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai), says={TIPS: 5})
    roll_up()
    return cast


@needs_database
def test_what_was_asked_once_is_told_again_after_one_look(filled: Cast) -> None:
    areas = [filled.map.lao_cai, filled.map.bat_xat, filled.map.kon_tum]

    first = told(*areas)

    assert queries(*areas) == 1
    assert told(*areas) == first
    assert first == tuple(answer_many([indicator(PEOPLE)], areas=areas, periods=[H1]).values())


@needs_database
def test_a_record_is_told_at_once_and_remembered_when_it_is_summed(filled: Cast) -> None:
    assert figure_in(filled.map.lao_cai) == Figure.exact(40)

    activity(filled.agencies.bat_xat_police, filled.map.y_ty, says={Measure.PEOPLE: 2})

    assert figure_in(filled.map.lao_cai) == figure_in(filled.map.lao_cai) == Figure.exact(42)
    assert queries(filled.map.lao_cai) > 1, "while a mark waits nothing is remembered"
    roll_up()
    assert figure_in(filled.map.lao_cai) == Figure.exact(42)
    assert queries(filled.map.lao_cai) == 1


@needs_database
def test_what_a_unit_takes_back_is_told_no_more(filled: Cast) -> None:
    assert figure_in(filled.map.lao_cai, TIPS) == Figure.exact(5)

    Submission.objects.update(state=SubmissionState.RETURNED)

    assert figure_in(filled.map.lao_cai, TIPS) is None
    roll_up()
    assert figure_in(filled.map.lao_cai, TIPS) is None


@needs_database
def test_a_change_in_one_province_leaves_what_is_remembered_of_the_other(filled: Cast) -> None:
    told(filled.map.lao_cai)
    told(filled.map.kon_tum)

    activity(filled.agencies.kon_tum_police, filled.map.kon_tum, says={Measure.PEOPLE: 1})

    assert queries(filled.map.lao_cai) == 1
    assert queries(filled.map.kon_tum) > 1


@needs_database
def test_an_indicator_that_is_worded_otherwise_is_told_by_its_new_words(filled: Cast) -> None:
    told(filled.map.lao_cai)
    changed = indicator(PEOPLE)
    changed.name = "Số lượt người được tập huấn"
    changed.save()

    assert told(filled.map.lao_cai)[0].indicator.name == "Số lượt người được tập huấn"


@needs_database
def test_a_version_that_is_given_a_second_time_is_another_one(filled: Cast) -> None:
    """As after a backup was brought back: the number is the same, the figures are not."""

    def changed_by(number: int) -> tuple[int, Figure | None]:
        activity(filled.agencies.bat_xat_police, filled.map.y_ty, says={Measure.PEOPLE: number})
        roll_up()
        version: int = FigureVersion.objects.get(place=filled.map.lao_cai.pk).version
        return version, figure_in(filled.map.lao_cai)

    with transaction.atomic():
        first, told_first = changed_by(1)
        transaction.set_rollback(True)

    with transaction.atomic():
        assert (first, Figure.exact(43)) == changed_by(3)
    assert told_first == Figure.exact(41)


@needs_database
def test_who_may_not_see_a_figure_is_not_told_what_others_were(filled: Cast) -> None:
    def tips(reader: User) -> Status:
        found = shown_to(reader, [indicator(TIPS)], areas=[filled.map.lao_cai], periods=[H1])
        return found[Place(TIPS, filled.map.lao_cai.pk, H1)].status

    coordinator, stranger = filled.people.coordinator, filled.people.stranger
    assert [tips(each) for each in (coordinator, stranger, coordinator, stranger)] == [
        Status.REPORTED,
        Status.SUPPRESSED,
        Status.REPORTED,
        Status.SUPPRESSED,
    ]


# --- dashboards


def look(cast: Cast) -> Answers:
    given = {"area": cast.map.lao_cai.code, "period": H1.code}
    return Answers(asked_of(given, cast.people.steering_member))


@needs_database
def test_a_dashboard_tells_again_what_it_told_and_a_change_at_once(filled: Cast) -> None:
    first = look(filled)
    assert first.at(PEOPLE).figure == Figure.exact(40)
    assert look(filled).at(PEOPLE) is first.at(PEOPLE)

    activity(filled.agencies.bat_xat_police, filled.map.y_ty, says={Measure.PEOPLE: 2})

    assert look(filled).at(PEOPLE).figure == Figure.exact(42)
    roll_up()
    assert look(filled).at(PEOPLE).figure == Figure.exact(42)
    assert first.at(PEOPLE).figure == Figure.exact(40), "a page that is being made tells of one moment"


@needs_database
def test_lists_beside_the_figures_are_told_again_and_a_change_at_once(filled: Cast) -> None:
    def silent() -> tuple[int, list[str]]:
        answers = look(filled)
        assert answers.chosen((PEOPLE,))
        with CaptureQueriesContext(connection) as captured:
            found = [each.agency_name for each in answers.rows.silent]
        return len(captured), found

    obligation(filled.agencies.bat_xat_police, filled.map.bat_xat)
    roll_up()
    (_, first), (queries_again, again) = silent(), silent()
    assert len(first) == 1
    assert (queries_again, again) == (1, first)

    obligation(filled.agencies.lao_cai_women, filled.map.lao_cai)

    assert len(silent()[1]) == len(silent()[1]) == 2
    roll_up()
    assert len(silent()[1]) == 2


@needs_database
def test_a_dashboard_calls_a_renamed_indicator_and_a_renamed_part_by_their_new_names(filled: Cast) -> None:
    def names() -> tuple[str, str]:
        answers = look(filled)
        part = next(each for each in answers.asked.parts if each.pk == filled.map.bat_xat.pk)
        return answers.at(PEOPLE).indicator.name, answers.within(part).area.name

    names()
    Indicator.objects.filter(code=PEOPLE).update(name="Số lượt người được tập huấn")
    filled.map.bat_xat.name = "Huyện Bát Xát mới"
    filled.map.bat_xat.save()

    assert names() == ("Số lượt người được tập huấn", "Huyện Bát Xát mới")


# --- the memory


def kept_in(memory: Memory[str], keys: str) -> str:
    state = frozenset({(1, 1, "1")})
    return "".join(key for key in keys if memory.told(key, state))


def remember(memory: Memory[str], keys: str, size: int = 1) -> None:
    for key in keys:
        memory.keep(key, frozenset({(1, 1, "1")}), key, size=size)


def test_what_was_told_longest_ago_is_forgotten_first() -> None:
    memory: Memory[str] = Memory(most=4)
    remember(memory, "abcd")
    assert kept_in(memory, "a") == "a"

    remember(memory, "e")

    assert kept_in(memory, "abcde") == "acde"


def test_what_would_take_most_of_the_memory_is_not_remembered() -> None:
    memory: Memory[str] = Memory(most=4)
    remember(memory, "ab")

    remember(memory, "c", size=2)

    assert kept_in(memory, "abc") == "ab"


@pytest.mark.parametrize("state", [None, frozenset({(1, 2, "1")}), frozenset({(1, 1, "2")})])
def test_what_no_longer_holds_is_forgotten(state: State | None) -> None:
    memory: Memory[str] = Memory(most=4)
    remember(memory, "a")

    assert memory.told("a", state) is None

    assert not memory.holds("a")
