"""The history of each record reads as a person would tell it, and tells nobody what they may not see."""

import datetime as dt
from collections.abc import Iterator
from html import unescape
from typing import Any

import pghistory
import pytest
from django.apps import apps
from django.db import models

from accounts.models import User
from programs.models import (
    TRACKED_LINKS,
    Activity,
    Assignment,
    Document,
    DocumentKind,
    Occasion,
    Pilot,
    PilotFigure,
    Programme,
    Target,
)
from programs.selectors.history import HistoryEntry, history_of, record_history
from programs.selectors.history.labels import FIGURE, SILENT, label_of, told_columns
from programs.selectors.history.words import difference
from programs.services import change_activity
from programs.services.pilot import assess, set_figures, start_pilot
from programs.services.task import CutTask, Unit, cut_tasks, note_progress
from territory.figure import parse_figure
from tests.programs.cast import Cast, approved, filed, quantity
from tests.programs.conftest import SignedIn

DAY = dt.date(2021, 5, 10)
#: Statements of the page of an activity, its history and its comments included.
QUERIES = 8


def tracked_models() -> Iterator[tuple[type[models.Model], type[models.Model]]]:
    """Each tracked model of the programme with the model of its events, those behind links left out."""
    for event in apps.get_app_config("programs").get_models():
        model = getattr(event, "pgh_tracked_model", None)
        if model is not None and model not in TRACKED_LINKS:
            yield model, event


def told(entries: list[HistoryEntry]) -> list[tuple[str, str, str]]:
    """What was changed, newest first."""
    return [(change.label, change.before, change.after) for entry in entries for change in entry.changes]


def plan_of(cast: Cast, subject: str = "Kế hoạch thí điểm") -> Document:
    made: Document = Document.objects.create(
        kind=DocumentKind.PLAN,
        number="15/KH-CAT",
        issued_on=DAY,
        year=DAY.year,
        issuer=cast.kon_tum_police,
        area=cast.kon_tum,
        subject=subject,
    )
    return made


def assigned(cast: Cast, plan: Document) -> Assignment:
    unit = Unit(cast.kon_tum_police, cast.kon_tum)
    with pghistory.context(user=cast.coordinator.pk):
        cut_tasks(actor=cast.coordinator, document=plan, tasks=[CutTask("1", "Rà soát")], units=[unit])
    found: Assignment = Assignment.objects.visible_to(cast.officer).get(task__document=plan)
    return found


# --- every column, every link ---------------------------------------------------------------------------------


@pytest.mark.parametrize("model, event", tracked_models(), ids=lambda each: each.__name__)
def test_every_column_of_a_tracked_model_has_a_readable_name_or_is_kept_silent(
    model: type[models.Model], event: type[models.Model]
) -> None:
    """A new column needs a translatable verbose_name, a name in ``labels``, or a place among the silent ones."""
    stored = {field.name for field in event._meta.concrete_fields if not field.name.startswith("pgh_")}
    columns = told_columns(model, event)
    kept = set(columns) | SILENT | (FIGURE if "figure" in columns else set())

    assert stored - kept == set()
    assert [column for column in columns if label_of(model, column) is None] == []


def test_every_many_to_many_field_of_a_tracked_model_is_tracked_too() -> None:
    tracked = {proxy._meta.db_table for proxy in TRACKED_LINKS}
    behind = {
        field.remote_field.through._meta.db_table
        for model, _event in tracked_models()
        for field in model._meta.many_to_many
    }

    assert behind - tracked == set()


# --- what the pages tell --------------------------------------------------------------------------------------


def change(activity: Activity, actor: User, **changed: Any) -> None:
    current = Activity.objects.unscoped("the version to change").get(pk=activity.pk)
    names = ("kind", "title", "agency", "area", "started_on", "ended_on", "narrative")
    fields = {name: getattr(current, name) for name in names}
    change_activity(activity=current, actor=actor, version=current.version, **{**fields, **changed})


def test_partners_that_came_and_went_stand_in_the_entry_of_the_change(cast: Cast) -> None:
    activity = filed(cast, partner_agencies=[cast.kon_tum_women])
    change(
        activity,
        cast.colleague,
        title="Tên mới",
        partner_agencies=[cast.lao_cai_police],
    )

    latest, first = history_of(activity, reader=cast.officer)
    assert latest.who == cast.colleague
    assert first.is_first and first.changes == []
    by_label = {(each.label, each.before, each.after) for each in latest.changes}
    assert ("title", "Tuyên truyền phòng, chống mua bán người", "Tên mới") in by_label
    assert ("partner agencies", "Hội Phụ nữ tỉnh Kon Tum", "") in by_label
    assert ("partner agencies", "", "Công an tỉnh Lào Cai") in by_label


def test_a_long_text_shows_only_the_words_that_changed(cast: Cast, signed_in: SignedIn) -> None:
    words = " ".join(f"chữ{number}" for number in range(200))
    activity = filed(cast, narrative=words)
    change(activity, cast.officer, narrative=words.replace("chữ100 ", "lời "))

    page = unescape(signed_in(cast.officer).get(f"/activities/{activity.pk}/").content.decode())
    history = page[page.index('id="history"') :]
    assert '<span class="visually-hidden">[removed: </span>chữ100<' in history
    assert '<span class="visually-hidden">[added: </span>lời<' in history
    assert "… chữ92 " in history and "chữ91 " not in history


def test_texts_that_have_nothing_in_common_are_not_compared_for_ever() -> None:
    old = " ".join(f"a{number}" for number in range(4_000))
    new = " ".join(f"b{number}" for number in range(4_000))

    assert [(piece.kind, len(piece.text)) for piece in difference(old, new)] == [
        ("removed", len(old)),
        ("added", len(new)),
    ]


def test_evidence_is_named_only_to_who_may_open_it(cast: Cast) -> None:
    plan = plan_of(cast)
    assignment = assigned(cast, plan)
    hidden = filed(cast, state="draft", title="Còn là bản nháp")
    shown = approved(cast, title="Đã gửi")
    with pghistory.context(user=cast.officer.pk):
        note_progress(
            actor=cast.officer,
            assignment=assignment,
            state=Assignment.State.IN_PROGRESS,
            text="Đã làm",
            activities=[hidden, shown],
            documents=[plan],
        )

    own = told(history_of(assignment, reader=cast.officer))
    assert ("state", "not started", "in progress") in own
    assert ("Progress note", "", "in progress; Đã làm") in own
    evidence = {after for label, _before, after in own if label == "Progress note: activities that show it"}
    assert {name for line in evidence for name in line.split("; ")} == {"Còn là bản nháp", "Đã gửi"}
    above = str(told(history_of(assignment, reader=cast.coordinator)))
    assert "Đã gửi" in above and "Còn là bản nháp" not in above
    nobody = str(told(history_of(assignment, reader=None)))
    assert "Đã gửi" not in nobody and "15/KH-CAT" not in nobody


def test_a_pilot_tells_its_areas_figures_and_assessments(cast: Cast, signed_in: SignedIn) -> None:
    with pghistory.context(user=cast.coordinator.pk):
        pilot = start_pilot(
            actor=cast.coordinator,
            document=plan_of(cast),
            areas=[cast.dak_glei],
            name="Thí điểm",
            lead=cast.kon_tum_police,
            starts_on=DAY,
            ends_on=dt.date(2022, 5, 10),
        )
    for typed in ("120", "trên 150"):
        figures = {("số buổi", "buổi"): parse_figure(typed)}
        with pghistory.context(user=cast.coordinator.pk):
            set_figures(actor=cast.coordinator, pilot=pilot, occasion=Occasion.MIDTERM, figures=figures)
    with pghistory.context(user=cast.coordinator.pk):
        assess(actor=cast.coordinator, pilot=pilot, occasion=Occasion.FINAL, assessed_on=DAY, text="Tốt")
    with pghistory.context(user=cast.coordinator.pk):
        pilot.areas.set([cast.ngoc_hoi])

    changes = told(history_of(pilot, reader=cast.officer))
    assert ("số buổi (mid-term)", "", "120 buổi") in changes
    assert ("số buổi (mid-term)", "120 buổi", "over 150 buổi") in changes
    assert ("Assessment, final", "", "10/05/2021; Tốt") in changes
    assert ("pilot areas", "Huyện Đăk Glei", "") in changes
    assert ("pilot areas", "", "Huyện Ngọc Hồi") in changes
    page = unescape(signed_in(cast.officer).get(f"/pilots/{pilot.pk}/").content.decode())
    assert "Assessment, final" in page


def test_a_programme_tells_its_targets(cast: Cast, signed_in: SignedIn) -> None:
    programme = Programme.objects.create(
        code="2021-2025", name="Giai đoạn", starts_on=DAY, ends_on=dt.date(2025, 12, 14)
    )
    with pghistory.context(user=cast.coordinator.pk):
        target = Target.objects.create(programme=programme, order=3, text="Giải quyết tin báo", value=90)
    with pghistory.context(user=cast.coordinator.pk):
        Target.objects.filter(pk=target.pk).update(value=95)
    with pghistory.context(user=cast.coordinator.pk):
        Target.objects.filter(pk=target.pk).delete()

    changes = told(history_of(programme, reader=cast.officer))
    assert ("Target 3", "", "Giải quyết tin báo; 90; %") in changes
    assert ("Target 3: value", "90", "95") in changes
    assert ("Target 3", "Giải quyết tin báo; 95; %", "") in changes
    page = signed_in(cast.officer).get("/programmes/2021-2025/").content.decode()
    assert "Target 3: value" in page


def test_a_record_without_a_telling_of_its_own_tells_its_columns(cast: Cast) -> None:
    figure = PilotFigure(name="số lớp", unit="lớp", occasion=Occasion.BASELINE)
    figure.pilot = Pilot.objects.create(
        document=plan_of(cast),
        name="Thí điểm",
        area=cast.kon_tum,
        lead=cast.kon_tum_police,
        starts_on=DAY,
        ends_on=DAY,
    )
    figure.low, figure.high = 1, 1
    figure.save()
    figure.low, figure.high, figure.unit = 2, 2, "tiết"
    with pghistory.context(user=cast.coordinator.pk):
        figure.save()

    assert told(record_history(figure, reader=cast.officer)) == [
        ("figure", "1", "2"),
        ("unit", "lớp", "tiết"),
    ]
    assert told(record_history(figure, reader=cast.officer, columns=["unit"])) == [("unit", "lớp", "tiết")]


def test_a_history_is_paged_and_takes_as_many_queries_however_long_it_is(
    cast: Cast, signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    activity = filed(cast, quantity("attendances", "120"))
    with pghistory.context(user=cast.officer.pk):
        change(activity, cast.officer, title="Lần 0", partner_agencies=[cast.kon_tum_women])
    client, address = signed_in(cast.officer), f"/activities/{activity.pk}/"
    client.get(address)
    with django_assert_num_queries(QUERIES):
        client.get(address)
    for number in range(1, 61):
        with pghistory.context(user=cast.officer.pk, turn=number):
            change(activity, cast.officer, title=f"Lần {number}", partner_agencies=[cast.kon_tum_women])

    with django_assert_num_queries(QUERIES):
        page = client.get(address).content.decode()
    assert page.count("<ins class=") >= 50
    assert 'history=2#history"' in page
