"""Models of prevention and support: who keeps them, what is made of them, and how they end."""

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent
from accounts.scoping import UnscopedQuery
from programs.models import ModelAssessment, PreventionModel
from programs.selectors.prevention import copies_of
from programs.services.prevention import (
    TRANSITIONS,
    TransitionNotAllowed,
    assess_model,
    change_model,
    pause_model,
    replicate_model,
    resume_model,
    stop_model,
)
from programs.services.task import Unit
from territory.figure import parse_figure
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.statements.stating import club

DAY = dt.date(2021, 3, 8)


def replicated(cast: Cast, model: PreventionModel, **changed: Any) -> list[PreventionModel]:
    fields = {
        "actor": cast.people.coordinator,
        "submission_key": uuid.uuid4(),
        "units": [Unit(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai)],
        "since": DAY,
        **changed,
    }
    return replicate_model(model=model, **fields)


def test_a_query_that_nobody_scoped_is_refused(cast: Cast) -> None:
    with pytest.raises(UnscopedQuery):
        list(PreventionModel.objects.all())


def test_a_unit_sees_its_own_and_who_reads_the_area_all(cast: Cast, signed_in: SignedIn) -> None:
    model = club(cast)
    address = reverse("model_detail", args=[model.pk])

    for role in ("filing_officer", "head_of_unit", "coordinator", "steering_member"):
        reader = signed_in(getattr(cast.people, role))
        assert model.name in reader.get(reverse("model_list")).content.decode()
        assert reader.get(address).status_code == 200
    for role in ("case_worker", "investigator", "stranger"):
        assert signed_in(getattr(cast.people, role)).get(address).status_code == 404
    assert signed_in(cast.people.administrator).get(reverse("model_list")).status_code == 403


def test_the_unit_and_the_coordinator_keep_it_and_nobody_else(cast: Cast) -> None:
    assert club(cast, actor=cast.people.coordinator).filed_by == cast.people.coordinator
    for user in (cast.people.stranger, cast.people.steering_member, cast.people.case_worker):
        with pytest.raises(PermissionDenied):
            club(cast, actor=user)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "a\x00"}, "name"),
        ({"since": dt.date(2099, 1, 1)}, "since"),
        ({"since": dt.date(1990, 1, 1)}, "since"),
        ({"since": dt.date(2025, 8, 1)}, "area"),
    ],
)
def test_a_broken_rule_is_named_by_its_field(cast: Cast, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        club(cast, **changed)

    assert field in refused.value.message_dict


def test_a_model_is_entered_in_the_page_and_changed(cast: Cast, signed_in: SignedIn) -> None:
    writer = signed_in(cast.people.filing_officer)
    sent = {
        "submission_key": str(uuid.uuid4()),
        "kind": "club",
        "name": "Câu lạc bộ Trịnh Tường",
        "agency": str(cast.agencies.bat_xat_police.pk),
        "area": str(cast.map.trinh_tuong.pk),
        "since": "08/03/2019",
        "members": "hơn 30",
        "description": "",
    }
    first = writer.post(reverse("model_new"), sent)
    second = writer.post(reverse("model_new"), sent)

    model = PreventionModel.objects.unscoped("test").get()
    assert first["Location"] == second["Location"] == reverse("model_detail", args=[model.pk])
    assert "over 30" in writer.get(first["Location"]).content.decode()
    edit = reverse("model_edit", args=[model.pk])
    assert "hơn 30" in writer.get(edit).content.decode()
    assert writer.post(edit, {**sent, "version": "1", "members": ""}).status_code == 302
    page = writer.get(first["Location"]).content.decode()
    assert '<del class="is-removed">over 30</del>' in page
    late = signed_in(cast.people.coordinator).post(edit, {**sent, "version": "1", "name": "Khác"})
    assert late.status_code == 409
    assert "Khác" in late.content.decode()


def test_members_are_kept_as_reported_and_the_same_again_is_no_change(cast: Cast) -> None:
    model = club(cast, members=parse_figure("khoảng 25"))
    fields: dict[str, Any] = {
        "agency": model.agency,
        "area": model.area,
        "kind": model.kind,
        "name": model.name,
        "since": model.since,
        "description": model.description,
    }
    actor = cast.people.head_of_unit

    same = change_model(actor=actor, model=model, version=9, members=parse_figure("khoảng 25"), **fields)
    assert same.version == 1
    with pytest.raises(ChangedMeanwhile):
        change_model(actor=actor, model=model, version=9, members=parse_figure("30"), **fields)


def test_a_draft_is_kept_and_offered(cast: Cast, signed_in: SignedIn) -> None:
    writer = signed_in(cast.people.filing_officer)
    keep = reverse("model_draft", args=["model:new"])

    assert writer.post(keep, {"name": "Đang viết"}).status_code == 200
    assert "Đang viết" in writer.get(reverse("model_new")).content.decode()
    assert writer.post(keep, {"discard": "yes"}).status_code == 302
    assert "Đang viết" not in writer.get(reverse("model_new")).content.decode()
    assert writer.post(reverse("model_draft", args=["model:x"])).status_code == 404


def test_the_list_is_searched_filtered_exported(cast: Cast, signed_in: SignedIn) -> None:
    club(cast, members=parse_figure("hàng trăm"))
    other = club(cast, name="Tổ tự quản Trịnh Tường", kind="group", area=cast.map.trinh_tuong)
    stop_model(actor=cast.people.head_of_unit, model=other, ended_on=DAY, end_reason="Không còn người.")
    reader = signed_in(cast.people.coordinator)

    def names(**asked: str) -> str:
        return reader.get(reverse("model_list"), asked).content.decode()

    assert "Câu lạc bộ phụ nữ" in names(q="cau lac bo")
    assert "Tổ tự quản Trịnh Tường</a>" not in names(q="cau lac bo")
    assert "Tổ tự quản Trịnh Tường</a>" in names(state="stopped")
    assert "Câu lạc bộ phụ nữ" not in names(kind="group")
    assert "No model fits these filters" in names(since_from="01/01/2024")
    assert "kept up now: 1" in names()
    answer = reader.get(reverse("model_export"), {"kind": "club"})
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]  # type: ignore[attr-defined]
    assert [row[7] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["hàng trăm"]
    assert AuditEvent.objects.get(kind="exported").about == "programs.preventionmodel:list"


def test_pages_take_as_many_queries_with_many_rows(
    cast: Cast, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    model = club(cast)
    reader = signed_in(cast.people.coordinator)
    assessed(cast, model)
    replicated(cast, model)
    pages = {reverse("model_list"): 6, reverse("model_detail", args=[model.pk]): 8}
    for address, number in pages.items():
        reader.get(address)
        with django_assert_num_queries(number):
            reader.get(address)
    for number in range(12):
        replicated(cast, club(cast, name=f"Mô hình {number}"))
        assessed(cast, model)
    for address, number in pages.items():
        with django_assert_num_queries(number):
            reader.get(address)


def assessed(cast: Cast, model: PreventionModel, **changed: Any) -> ModelAssessment:
    fields = {
        "actor": cast.people.head_of_unit,
        "submission_key": uuid.uuid4(),
        "assessed_on": DAY,
        "text": "Hoạt động đều, người dân hưởng ứng.",
        "verdict": "replicate",
        **changed,
    }
    return assess_model(model=model, **fields)


def test_a_model_is_assessed(cast: Cast, signed_in: SignedIn) -> None:
    model, key = club(cast), uuid.uuid4()

    assert assessed(cast, model, submission_key=key).pk == assessed(cast, model, submission_key=key).pk
    page = signed_in(cast.people.coordinator).get(reverse("model_detail", args=[model.pk])).content.decode()
    assert "người dân hưởng ứng" in page
    assert "08/03/2021" in page
    for changed, field in (
        ({"text": " "}, "text"),
        ({"assessed_on": dt.date(2010, 1, 1)}, "assessed_on"),
        ({"assessed_on": dt.date(2099, 1, 1)}, "assessed_on"),
        ({"verdict": "burn"}, "verdict"),
    ):
        with pytest.raises(ValidationError) as refused:
            assessed(cast, model, **changed)
        assert list(refused.value.message_dict) == [field]
    with pytest.raises(PermissionDenied):
        assessed(cast, model, actor=cast.people.stranger)


def test_a_model_is_made_anew_with_a_link_back(cast: Cast) -> None:
    model, key = club(cast, members=parse_figure("25")), uuid.uuid4()
    made = replicated(cast, model, submission_key=key)
    again = replicated(cast, model, submission_key=key)

    assert [copy.pk for copy in made] == [copy.pk for copy in again]
    copy = made[0]
    copy.refresh_from_db()
    assert (copy.copied_from, copy.agency, copy.since) == (model, cast.agencies.si_ma_cai_police, DAY)
    assert (copy.name, copy.description, copy.has_members) == (model.name, model.description, False)
    model.refresh_from_db()
    assert model.state == "replicated"


def test_the_family_names_only_what_the_reader_sees(cast: Cast, signed_in: SignedIn) -> None:
    model = club(cast)
    copy = replicated(cast, model)[0]

    def page(user: Any, of: PreventionModel) -> str:
        return signed_in(user).get(reverse("model_detail", args=[of.pk])).content.decode()

    assert reverse("model_detail", args=[copy.pk]) in page(cast.people.coordinator, model)
    assert reverse("model_detail", args=[model.pk]) in page(cast.people.coordinator, copy)
    own = page(cast.people.filing_officer, model)
    assert "and 1 in a unit you may not see" in own
    assert "Si Ma Cai" not in own


def test_a_model_is_not_made_anew_where_it_may_not_be(cast: Cast) -> None:
    model, of, here = club(cast), cast.agencies, cast.map
    replicated(cast, model)
    for units in ([Unit(of.si_ma_cai_police, here.si_ma_cai)], [Unit(of.bat_xat_police, here.y_ty)], []):
        with pytest.raises(ValidationError) as refused:
            replicated(cast, model, units=units)
        assert list(refused.value.message_dict) == ["units"]
    for actor, unit in (
        (cast.people.coordinator, Unit(of.kon_tum_police, here.kon_tum)),
        (cast.people.filing_officer, Unit(of.si_ma_cai_police, here.si_ma_cai)),
    ):
        with pytest.raises(PermissionDenied):
            replicated(cast, model, actor=actor, units=[unit])
    with pytest.raises(ValidationError):
        replicated(cast, model, units=[Unit(of.lao_cai_women, here.lao_cai)], since=dt.date(2018, 1, 1))


def test_replicating_in_the_page_offers_only_the_actors_units(cast: Cast, signed_in: SignedIn) -> None:
    model = club(cast)
    address = reverse("model_replicate", args=[model.pk])
    reader = signed_in(cast.people.coordinator)
    page = reader.get(address).content.decode()

    assert "Công an huyện Si Ma Cai" in page
    assert "Kon Tum" not in page
    key = f"{cast.agencies.si_ma_cai_police.pk}:{cast.map.si_ma_cai.pk}"
    sent = {"submission_key": str(uuid.uuid4()), "since": "08/03/2021", "units": [key]}
    assert reader.post(address, {**sent, "units": ["1:1"]}).status_code == 422
    assert reader.post(address, sent).status_code == 302
    assert copies_of(model).count() == 1


def test_a_model_rests_goes_on_and_stops_for_good(cast: Cast, signed_in: SignedIn) -> None:
    model, actor = club(cast), cast.people.head_of_unit
    replicated(cast, model)
    assert pause_model(actor=actor, model=model).state == "paused"
    assert resume_model(actor=actor, model=model).state == "replicated"
    with pytest.raises(ValidationError) as refused:
        stop_model(actor=actor, model=model, ended_on=DAY, end_reason=" ")
    assert list(refused.value.message_dict) == ["end_reason"]
    with pytest.raises(ValidationError):
        stop_model(actor=actor, model=model, ended_on=dt.date(2000, 1, 1), end_reason="Hết kinh phí.")

    writer = signed_in(actor)
    sent = {"ended_on": "08/03/2021", "end_reason": "Hết kinh phí."}
    assert writer.post(reverse("model_stop", args=[model.pk]), sent).status_code == 302
    model.refresh_from_db()
    assert (model.state, model.ended_on, model.end_reason) == ("stopped", DAY, "Hết kinh phí.")
    assert TRANSITIONS["stopped"] == {}
    for step in (pause_model, resume_model):
        with pytest.raises(TransitionNotAllowed):
            step(actor=actor, model=model)
    with pytest.raises(TransitionNotAllowed):
        replicated(cast, model, units=[Unit(cast.agencies.lao_cai_women, cast.map.lao_cai)])
    assert "Hết kinh phí." in writer.get(reverse("model_detail", args=[model.pk])).content.decode()
    for name in ("model_stop", "model_replicate"):
        assert writer.get(reverse(name, args=[model.pk])).status_code == 302
