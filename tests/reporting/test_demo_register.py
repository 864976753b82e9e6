"""The demonstration's documents, tasks and pilot: whole, and loaded once however often it is loaded."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db.models import Model
from django.urls import reverse

from accounts.models import Membership, User
from programs.models import (
    Activity,
    Assignment,
    Document,
    DocumentRelation,
    Pilot,
    Programme,
    ProgressNote,
    Project,
    Target,
    Task,
)
from reporting.management.commands import load_demo
from territory.loading import LoadSummary
from territory.models import Agency, AgencyKind
from tests.conftest import SignedIn
from tests.reporting.records import _Silent

COUNTED: tuple[type[Model], ...] = (
    *(Activity, Agency, AgencyKind, Assignment, Document, DocumentRelation, Membership, Pilot, ProgressNote),
    *(Programme, Project, Target, Task, User),
)


def everything(model: type[Model]) -> int:
    rows = model._base_manager.all()
    return (rows.unscoped("counts") if hasattr(rows, "unscoped") else rows).count()


def signed(signed_in: SignedIn, email: str) -> tuple[User, object]:
    user = User.objects.get(email=email)
    user.password = "argon2$never$checked"
    user.save(update_fields=["password"])
    return user, signed_in(user)


@pytest.mark.usefixtures("demo")
def test_loading_twice_doubles_nothing() -> None:
    before = {model: everything(model) for model in COUNTED}
    call_command("load_demo", verbosity=0, stdout=_Silent())

    assert {model: everything(model) for model in COUNTED} == before
    assert all(before.values())


def test_loading_over_an_older_demonstration_adds_what_is_new(
    all_areas: LoadSummary, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        for module in (load_demo.lao_cai, load_demo.ministry, load_demo.thach_ha, load_demo.synthetic):
            older.setattr(module, "load", lambda people: None)
        older.setattr(load_demo.cast, "PROVINCES", ("62", "06", "10"))
        newer = ("42", "445", "11", "096")
        older.setattr(
            load_demo.cast, "PEOPLE", [who for who in load_demo.cast.PEOPLE if who.area not in newer]
        )
        call_command("load_demo", verbosity=0, stdout=_Silent())
    assert everything(Pilot) == 0
    for _ in range(2):
        call_command("load_demo", verbosity=0, stdout=_Silent())
        assert (everything(Pilot), everything(Task)) == (1, 8 + 9 + 4)


@pytest.mark.usefixtures("demo")
def test_the_coordinator_of_lao_cai_sees_the_pilot(signed_in: SignedIn) -> None:
    user, reader = signed(signed_in, "dieu-phoi.laocai@demo.example")
    pilot = Pilot.objects.visible_to(user).get()

    assert sorted(pilot.areas.values_list("code", flat=True)) == ["080", "082", "083", "084", "086"]
    assert pilot.document.tasks.count() == 8
    assert (pilot.starts_on, pilot.ends_on) == (dt.date(2021, 5, 1), dt.date(2022, 6, 30))
    assert pilot.lead.name == "Công an tỉnh Lào Cai"
    partners = list(pilot.partners.values_list("kind__code", flat=True))
    assert {"labour", "womens_union", "border_guard", "procuracy", "court", "district_committee"} == set(
        partners
    )
    assert partners.count("district_committee") == 9
    page = reader.get(reverse("pilot_detail", args=[pilot.pk])).content.decode()
    assert "01/05/2021 – 30/06/2022" in page
    assert Assignment.objects.visible_to(user).filter(task__document=pilot.document).count() == 40


@pytest.mark.usefixtures("demo")
def test_the_officer_of_bat_xat_has_eight_tasks_and_none_of_si_ma_cai(signed_in: SignedIn) -> None:
    user, reader = signed(signed_in, "bat-xat@demo.example")
    own = Assignment.objects.visible_to(user)

    assert own.count() == 8
    assert set(own.values_list("area__code", flat=True)) == {"082"}
    pilot = Pilot.objects.visible_to(user).get()
    assert reader.get(reverse("pilot_detail", args=[pilot.pk])).status_code == 200
    _kon_tum, stranger = signed(signed_in, "dak-ha@demo.example")
    assert stranger.get(reverse("pilot_detail", args=[pilot.pk])).status_code == 404


@pytest.mark.usefixtures("demo")
def test_the_letter_of_the_ministry_leads_to_what_it_cites() -> None:
    documents = Document.objects.unscoped("test")
    letter = documents.get(number="2978/BQP-BĐBP")
    cited = {
        (relation.rests_on.number, relation.rests_on.issued_on, relation.kind)
        for relation in letter.upward.select_related("rests_on")
        if relation.rests_on.number
    }

    assert cited == {
        ("13-KL/TW", dt.date(2021, 8, 16), "implements"),
        ("1058/QĐ-BQP", dt.date(2021, 4, 14), "implements"),
        ("3682/BQP-BĐBP", dt.date(2021, 9, 22), "implements"),
        ("4790/BQP-BĐBP", dt.date(2021, 12, 1), "implements"),
        ("2548/QCPH-LĐTBXH-CA-QP-NG", dt.date(2022, 7, 18), "based_on"),
    }
    assert (letter.year, letter.issued_on) == (2022, None)
    assert documents.get(number__startswith="2548").co_issuers.count() == 3
    assert letter.upward.filter(rests_on__number="", rests_on__year=2022).count() == 1
    for document in documents.filter(is_demo=True):
        document.full_clean(exclude=["search_text", "entered_by"])


@pytest.mark.usefixtures("demo")
def test_each_of_the_nine_tasks_has_a_status_per_receiving_unit(signed_in: SignedIn) -> None:
    tasks = Task.objects.filter(document__number="2978/BQP-BĐBP")
    given = Assignment.objects.unscoped("test").filter(task__in=tasks)

    assert tasks.count() == 9
    assert {(each.task.number, each.agency.code) for each in given.select_related("task", "agency")} == {
        (str(number), f"{code}-border_guard") for number in range(1, 10) for code in ("62", "10", "42")
    }
    assert len(set(given.values_list("state", flat=True))) == 4
    user, _reader = signed(signed_in, "bien-phong.kontum@demo.example")
    assert Assignment.objects.visible_to(user).count() == 9


@pytest.mark.usefixtures("demo")
def test_thach_ha_answers_two_requests_and_has_four_tasks() -> None:
    report = Document.objects.unscoped("test").get(kind="report", issuer__code="445-district_committee")
    user = User.objects.get(email="thach-ha@demo.example")

    assert set(report.upward.values_list("rests_on__number", "kind")) == {
        ("3281/BCĐ", "answers"),
        ("6653/UBND-NC", "answers"),
    }
    assert report.tasks.count() == 4
    assert Assignment.objects.visible_to(user).count() == 2
    assert Activity.objects.visible_to(user).get().title.startswith("Tuyên truyền cho học sinh")
    assert Activity.objects.unscoped("test").filter(area__code="445").count() == 2
