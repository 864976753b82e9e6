"""Pilots: what is seen of them and by whom, their figures and assessments, and making their tasks anew."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from programs.models import Assignment, Document, DocumentKind, Occasion, Pilot, Task
from programs.services.pilot import assess, replicate, set_figures, start_pilot
from programs.services.task import CutTask, Unit, cut_tasks
from territory.figure import Figure, parse_figure
from tests.cast import Cast, SmallMap, make_cast
from tests.conftest import SignedIn
from tests.signing_in import sign_in_by_force

START, END = dt.date(2021, 5, 1), dt.date(2022, 6, 30)


@dataclass
class Story:
    """A pilot of the provincial police of Lào Cai in two districts, with two tasks."""

    cast: Cast
    pilot: Pilot

    @property
    def map(self) -> SmallMap:
        return self.cast.map

    def plan(self, number: str, **changed: Any) -> Document:
        fields = {"issuer": self.cast.agencies.lao_cai_police, "area": self.map.lao_cai, **changed}
        made: Document = Document.objects.create(
            kind=DocumentKind.PLAN, number=number, year=2022, subject="nhân rộng thí điểm", **fields
        )
        return made

    def replicate_into(self, document: Document, **changed: Any) -> list[Task]:
        fields = {
            "actor": self.cast.people.coordinator,
            "pilot": self.pilot,
            "document": document,
            "units": [Unit(self.cast.agencies.si_ma_cai_police, self.map.si_ma_cai)],
            "starts_on": dt.date(2022, 9, 1),
            "due_on": dt.date(2023, 6, 30),
            **changed,
        }
        return replicate(**fields)

    def typed_replication(self, **changed: Any) -> dict[str, Any]:
        return {
            "number": "90/KH-CAT",
            "areas": [str(self.map.si_ma_cai.pk)],
            "kind": str(self.cast.agencies.si_ma_cai_police.kind_id),
            "starts_on": "2022-09-01",
            "due_on": "2023-06-30",
            **changed,
        }


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def signed_in() -> SignedIn:
    def sign_in(user: Any) -> Client:
        client = Client()
        client.cookies["django_language"] = "en"
        sign_in_by_force(client, user)
        return client

    return sign_in


@pytest.fixture
def story(cast: Cast) -> Story:
    of, here, actor = cast.agencies, cast.map, cast.people.coordinator
    plan = Document.objects.create(
        kind=DocumentKind.PLAN,
        number="80/KH-CAT",
        year=2021,
        issuer=of.lao_cai_police,
        area=here.lao_cai,
        subject="chỉ đạo điểm",
    )
    pilot = start_pilot(
        actor=actor,
        document=plan,
        areas=[here.bat_xat, here.si_ma_cai],
        partners=[of.lao_cai_women],
        name="Thí điểm hai huyện",
        lead=of.lao_cai_police,
        starts_on=START,
        ends_on=END,
    )
    cut_tasks(
        actor=actor,
        document=plan,
        tasks=[
            CutTask("1", "Truyền thông ở chợ phiên", due_on=END),
            CutTask("2", "Tập huấn cán bộ", due_on=END),
        ],
        units=[Unit(of.bat_xat_police, here.bat_xat), Unit(of.si_ma_cai_police, here.si_ma_cai)],
    )
    return Story(cast, pilot)


def text_of(reader: Client, name: str, *args: Any) -> str:
    answer = reader.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_coordinator_sees_the_whole_pilot(story: Story, signed_in: SignedIn) -> None:
    Assignment.objects.unscoped("test").filter(task__number="1").update(state="done", done_on=END)
    page = text_of(signed_in(story.cast.people.coordinator), "pilot_detail", story.pilot.pk)

    for shown in (
        "01/05/2021 – 30/06/2022",
        "Huyện Bát Xát",
        "Huyện Si Ma Cai",
        "Công an tỉnh Lào Cai",
        "80/KH-CAT",
    ):
        assert shown in page
    assert "Hội Liên hiệp Phụ nữ tỉnh Lào Cai" in page
    assert page.count('data-state="done"') == 2
    assert page.count('data-state="late"') == 2


def test_an_officer_sees_the_pilot_and_not_another_districts_tasks(story: Story, signed_in: SignedIn) -> None:
    Assignment.objects.unscoped("test").filter(area=story.map.si_ma_cai).update(state="done", done_on=END)
    page = text_of(signed_in(story.cast.people.filing_officer), "pilot_detail", story.pilot.pk)

    assert "Truyền thông ở chợ phiên" in page
    assert 'data-state="done"' not in page
    assert page.count("Huyện Si Ma Cai") == 1  # named as a pilot area, without how it stands


def test_a_stranger_finds_nothing(story: Story, signed_in: SignedIn) -> None:
    reader = signed_in(story.cast.people.stranger)

    assert reader.get(reverse("pilot_detail", args=[story.pilot.pk])).status_code == 404
    assert "Thí điểm hai huyện" not in text_of(reader, "pilot_list")


@pytest.mark.parametrize("name", ["pilot_assess", "pilot_figures", "pilot_replicate"])
def test_only_who_runs_the_pilot_gets_its_forms(story: Story, signed_in: SignedIn, name: str) -> None:
    people = story.cast.people
    address = reverse(name, args=[story.pilot.pk])

    assert signed_in(people.coordinator).get(address).status_code == 200
    for other in (people.filing_officer, people.steering_member, people.stranger, people.administrator):
        assert signed_in(other).get(address).status_code == 404
        assert signed_in(other).post(address, {}).status_code == 404


def test_a_plan_from_above_gives_no_right_to_pilot_it(story: Story) -> None:
    plan = story.plan("1/KH-BCĐ", area=story.map.nation)
    with pytest.raises(PermissionDenied):
        start_pilot(
            actor=story.cast.people.coordinator,
            document=plan,
            areas=[story.map.bat_xat],
            name="Thí điểm",
            lead=story.cast.agencies.lao_cai_police,
            starts_on=START,
            ends_on=END,
        )


def test_a_plan_is_piloted_once(story: Story) -> None:
    with pytest.raises(ValidationError) as refused:
        start_pilot(
            actor=story.cast.people.coordinator,
            document=story.pilot.document,
            areas=[story.map.bat_xat],
            name="Thí điểm",
            lead=story.cast.agencies.lao_cai_police,
            starts_on=START,
            ends_on=END,
        )
    assert "document" in refused.value.error_dict


def test_a_pilot_is_made_from_a_plan_found_by_its_number(story: Story, signed_in: SignedIn) -> None:
    plan = story.plan("90/KH-CAT")
    reader = signed_in(story.cast.people.coordinator)
    chosen = reader.post(reverse("pilot_new"), {"number": "90/kh-cat"})
    assert chosen.status_code == 302
    assert reader.get(chosen["Location"]).status_code == 200
    typed = {
        "name": "Thí điểm mới",
        "areas": [str(story.map.bat_xat.pk)],
        "starts_on": "2022-09-01",
        "ends_on": "2022-08-01",
        "lead": str(story.cast.agencies.lao_cai_police.pk),
    }

    assert reader.post(chosen["Location"], typed).status_code == 422
    assert reader.post(chosen["Location"], {**typed, "ends_on": "2023-08-01"}).status_code == 302
    assert Pilot.objects.unscoped("test").get(document=plan).areas.get() == story.map.bat_xat
    assert reader.post(reverse("pilot_new"), {"number": "7/KH-CAT"}).status_code == 422
    assert reader.get(reverse("pilot_new") + "?document=x").status_code == 404


def figure_form(*rows: dict[str, str]) -> dict[str, str]:
    typed = {"figures-TOTAL_FORMS": str(len(rows)), "figures-INITIAL_FORMS": "0"}
    for place, row in enumerate(rows):
        typed |= {f"figures-{place}-{name}": value for name, value in row.items()}
    return typed


def test_figures_stand_side_by_side_as_reported(story: Story, signed_in: SignedIn) -> None:
    reader = signed_in(story.cast.people.coordinator)
    address = reverse("pilot_figures", args=[story.pilot.pk])
    sent = figure_form(
        {"name": "Người được tuyên truyền", "unit": "người", "baseline": "trên 6.770", "final": "12.000"},
        {"name": "Tin báo", "unit": "tin", "midterm": "3"},
        {},
    )

    assert reader.post(address, sent).status_code == 302
    page = text_of(reader, "pilot_detail", story.pilot.pk)
    assert "over 6,770" in page
    assert "12,000" in page
    stored = story.pilot.figures.get(name="Người được tuyên truyền", occasion=Occasion.BASELINE)
    assert stored.figure == parse_figure("trên 6.770")


def test_a_figure_can_be_renamed_changed_and_emptied(story: Story, signed_in: SignedIn) -> None:
    reader = signed_in(story.cast.people.coordinator)
    coordinator, pilot = story.cast.people.coordinator, story.pilot
    for occasion in (Occasion.BASELINE, Occasion.FINAL):
        set_figures(
            actor=coordinator, pilot=pilot, occasion=occasion, figures={("Tin báo", "tin"): Figure.exact(3)}
        )
    row = {"was": "Tin báo", "name": "Tin báo tiếp nhận", "unit": "tin", "baseline": "4", "final": ""}

    assert reader.post(reverse("pilot_figures", args=[pilot.pk]), figure_form(row)).status_code == 302
    left = [(row.name, row.occasion, row.figure) for row in pilot.figures.all()]
    assert left == [("Tin báo tiếp nhận", "baseline", Figure.exact(4))]


def test_rows_of_figures_that_say_too_little_are_refused(story: Story, signed_in: SignedIn) -> None:
    reader = signed_in(story.cast.people.coordinator)
    address = reverse("pilot_figures", args=[story.pilot.pk])
    for rows in (
        [{"baseline": "3"}],
        [{"name": "Tin báo", "unit": "tin", "baseline": "nhiều lắm"}],
        [{"name": "Tin báo", "unit": "tin"}],
        [{"name": "Tin", "unit": "tin", "final": "1"}, {"name": "Tin", "unit": "tin", "final": "2"}],
    ):
        assert reader.post(address, figure_form(*rows)).status_code == 422
    assert not story.pilot.figures.exists()


def test_an_assessment_lies_within_the_pilots_time(story: Story, signed_in: SignedIn) -> None:
    reader = signed_in(story.cast.people.coordinator)
    address = reverse("pilot_assess", args=[story.pilot.pk])
    typed = {"occasion": "midterm", "assessed_on": "2021-12-01", "text": "Làm tốt ở Bát Xát."}
    tomorrow = dt.date.today() + dt.timedelta(days=1)

    assert reader.post(address, {**typed, "assessed_on": "2021-04-30"}).status_code == 422
    assert reader.post(address, {**typed, "assessed_on": tomorrow.isoformat()}).status_code == 422
    assert reader.post(address, typed).status_code == 302
    assert reader.post(address, {**typed, "text": "Làm tốt cả hai huyện."}).status_code == 302
    assert story.pilot.assessments.get().text == "Làm tốt cả hai huyện."
    assert "Làm tốt cả hai huyện." in text_of(reader, "pilot_detail", story.pilot.pk)


def test_who_does_not_run_the_pilot_does_not_assess_it(story: Story) -> None:
    with pytest.raises(PermissionDenied):
        assess(
            actor=story.cast.people.filing_officer,
            pilot=story.pilot,
            occasion=Occasion.FINAL,
            assessed_on=END,
            text="Tốt.",
        )


def test_replication_makes_the_tasks_anew_with_links_back(story: Story, signed_in: SignedIn) -> None:
    plan = story.plan("90/KH-CAT")
    reader = signed_in(story.cast.people.coordinator)
    address = reverse("pilot_replicate", args=[story.pilot.pk])

    assert reader.post(address, story.typed_replication()).status_code == 302
    assert [(task.number, task.copied_from.document) for task in plan.tasks.all()] == [
        ("1", story.pilot.document),
        ("2", story.pilot.document),
    ]
    given = Assignment.objects.unscoped("test").filter(task__document=plan)
    assert {(each.agency, each.area, each.due_on) for each in given} == {
        (story.cast.agencies.si_ma_cai_police, story.map.si_ma_cai, dt.date(2023, 6, 30))
    }
    story.pilot.refresh_from_db()
    assert (story.pilot.decision, story.pilot.decided_on) == ("replicate", dt.date.today())
    assert "90/KH-CAT" in text_of(reader, "pilot_detail", story.pilot.pk)


def test_a_pilot_of_the_new_plan_leads_back_to_the_first(story: Story, signed_in: SignedIn) -> None:
    plan = story.plan("90/KH-CAT")
    story.replicate_into(plan)
    reader = signed_in(story.cast.people.coordinator)
    typed = {
        "name": "Thí điểm lần hai",
        "areas": [str(story.map.si_ma_cai.pk)],
        "starts_on": "2022-09-01",
        "ends_on": "2023-06-30",
        "lead": str(story.cast.agencies.lao_cai_police.pk),
    }
    reader.post(f"{reverse('pilot_new')}?document={plan.pk}", typed)
    second = Pilot.objects.unscoped("test").get(document=plan)

    assert second.replicated_from == story.pilot
    assert reverse("pilot_detail", args=[story.pilot.pk]) in text_of(reader, "pilot_detail", second.pk)
    assert reverse("pilot_detail", args=[second.pk]) in text_of(reader, "pilot_detail", story.pilot.pk)


def test_replication_refuses_a_plan_that_has_tasks(story: Story, signed_in: SignedIn) -> None:
    plan = story.plan("90/KH-CAT")
    story.replicate_into(plan)

    for taken in (plan, story.pilot.document):
        with pytest.raises(ValidationError):
            story.replicate_into(taken)
    reader = signed_in(story.cast.people.coordinator)
    address = reverse("pilot_replicate", args=[story.pilot.pk])
    assert reader.post(address, story.typed_replication()).status_code == 422
    assert plan.tasks.count() == 2


def test_replication_names_what_is_wrong(story: Story, signed_in: SignedIn) -> None:
    story.plan("90/KH-CAT")
    reader = signed_in(story.cast.people.coordinator)
    address = reverse("pilot_replicate", args=[story.pilot.pk])
    wrongs: list[dict[str, Any]] = [
        {"due_on": "2022-08-01"},
        {"areas": []},
        {"areas": [str(story.map.dak_ha.pk)]},
        {"areas": [str(story.map.lao_cai.pk)]},  # the province has no district police
        {"starts_on": "2025-09-01", "due_on": "2025-12-01"},  # districts have ended
    ]
    for wrong in wrongs:
        assert reader.post(address, story.typed_replication(**wrong)).status_code == 422
    story.plan("90/KH-CAT", issuer=story.cast.agencies.lao_cai_women)
    assert b"Give the year" in reader.post(address, story.typed_replication()).content
    assert Pilot.objects.unscoped("test").get().decision == "open"


def test_a_pilot_without_tasks_is_not_replicated(story: Story) -> None:
    story.pilot.document.tasks.all().delete()
    with pytest.raises(ValidationError):
        story.replicate_into(story.plan("90/KH-CAT"))


def test_the_pages_take_as_many_queries_with_many_tasks(
    story: Story, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    reader = signed_in(story.cast.people.coordinator)
    with django_assert_num_queries(9) as few:
        text_of(reader, "pilot_detail", story.pilot.pk)
    cut_tasks(
        actor=story.cast.people.coordinator,
        document=story.pilot.document,
        tasks=[CutTask(str(n), "Nhiệm vụ thêm", due_on=END) for n in range(3, 9)],
        units=[Unit(story.cast.agencies.bat_xat_police, story.map.bat_xat)],
    )
    with django_assert_num_queries(len(few)):
        text_of(reader, "pilot_detail", story.pilot.pk)
    with django_assert_num_queries(7):
        text_of(reader, "pilot_list")
