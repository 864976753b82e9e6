"""Report templates on their pages: what is typed is kept, mistakes are named, reports keep the version they have."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent, Role
from programs.models import ActivityKind
from programs.services import approve_activity, file_activity
from reporting.building import build_snapshot, template_for
from reporting.layouts import LAYOUTS
from reporting.models import Report, ReportTemplate, TemplateDraft
from reporting.services.templates import (
    keep_template_draft,
    places_of,
    publish_template,
    start_template_draft,
)
from reporting.templating.checking import problems_of
from reporting.templating.showing import blocks_on_page, differences, frame_on_page
from territory.period import parse_period
from tests.cast import Cast, member
from tests.conftest import SignedIn

#: SQL statements a page takes, session and reader included.
STATEMENTS = {"list": 4, "detail": 8, "draft": 4, "preview": 26}


@pytest.fixture
def catalogue(db: None) -> None:
    call_command("load_catalogue", verbosity=0)


@pytest.fixture
def template(catalogue: None) -> ReportTemplate:
    return ReportTemplate.objects.get(code="six_month", level="")


@pytest.fixture
def draft(cast: Cast, template: ReportTemplate) -> TemplateDraft:
    return start_template_draft(actor=cast.people.administrator, template=template)[0]


@pytest.fixture
def browser(cast: Cast, signed_in: SignedIn) -> Client:
    return signed_in(cast.people.administrator)


def address(name: str, draft: TemplateDraft) -> str:
    return reverse(name, args=[draft.key])


def sent_of(draft: TemplateDraft, at: int | None = None, **changed: Any) -> dict[str, Any]:
    """What a browser sends of a page that nobody typed on, save ``changed``."""
    places = places_of(draft.code)
    sent: dict[str, Any] = {"version": str(draft.version), "do": "save"}
    if at is None:
        fields = frame_on_page(draft.layout, places)
        sent["name"] = draft.name
        for n, part in enumerate(draft.layout["parts"]):
            sent |= {
                f"section.{n}.number": part["number"],
                f"section.{n}.title": part["title"],
                f"section.{n}.place": str(n + 1),
            }
    else:
        part = draft.layout["parts"][at]
        blocks = blocks_on_page(part, places, ())
        sent |= {"section": str(at), "number": part["number"], "title": part["title"]}
        sent["block"] = [block.key for block in blocks]
        fields = [field for block in blocks for field in block.fields]
        for block in blocks:
            sent[f"{block.key}.place"] = str(block.place)
            for sentence in block.sentences:
                sent |= {f"{sentence.name}.about": sentence.about, f"{sentence.name}.place": sentence.place}
                sent |= {f"{sentence.name}.compare": "on"} if sentence.compare else {}
                fields += sentence.fields
    for field in fields:
        chosen = [code for code, _label, is_chosen in field.choices if is_chosen]
        value: Any = {"choices": chosen, "choice": chosen, "tick": chosen, "indicators": field.lines}.get(
            field.way, field.text
        )
        if value or field.way not in ("tick", "choices"):
            sent[field.name] = value
    return {**sent, **changed}


# --- the templates of the portal -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind, level", LAYOUTS)
def test_the_first_templates_have_nothing_to_be_corrected(kind: str, level: str, catalogue: None) -> None:
    assert problems_of(LAYOUTS[kind, level][1], places_of(kind)) == []


@pytest.mark.parametrize("kind", ["six_month", "phase", "pilot", "progress", "statistics"])
def test_saving_a_page_that_nobody_typed_on_changes_nothing(
    kind: str, cast: Cast, catalogue: None, browser: Client
) -> None:
    template = ReportTemplate.objects.get(code=kind, level="")
    draft, _ = start_template_draft(actor=cast.people.administrator, template=template)

    for at in (None, *range(len(template.layout["parts"]))):
        draft.refresh_from_db()
        response = browser.post(address("template_draft", draft), sent_of(draft, at))
        assert response.status_code == 302
    draft.refresh_from_db()

    assert draft.layout == template.layout
    assert draft.version == len(template.layout["parts"]) + 2


# --- the editor ------------------------------------------------------------------------------------------------


def test_wording_is_typed_with_names_and_kept_with_codes(draft: TemplateDraft, browser: Client) -> None:
    page = browser.get(address("template_draft", draft) + "?section=0").content.decode()
    assert "Trong kỳ phát hiện ⟦" in page
    assert "{cases_detected}" not in page
    label = places_of("six_month").label("cases_detected")
    text = f"Tại ⟦địa bàn⟧ phát hiện ⟦{label}⟧, ⟦{label}: so sánh⟧."

    browser.post(address("template_draft", draft), sent_of(draft, 0, **{"I-2.0.reported": text}))
    draft.refresh_from_db()

    (item, *_rest) = draft.layout["parts"][0]["blocks"][1]["items"]
    assert item["reported"] == "Tại {area} phát hiện {cases_detected}, {cases_detected:change}."


def test_a_mistake_is_kept_and_named_with_section_block_and_remedy(
    draft: TemplateDraft, browser: Client
) -> None:
    wrong = {"I-2.0.reported": "Phát hiện ⟦Số vụ bịa⟧.", "I-2.1.about": "Chỉ tiêu bịa", "title": ""}

    browser.post(address("template_draft", draft), sent_of(draft, 0, **wrong))
    page = browser.get(address("template_draft", draft) + "?section=0").content.decode()

    assert "Phát hiện ⟦Số vụ bịa⟧." in page
    assert 'value="Chỉ tiêu bịa"' in page
    assert "I. section 1 · block 2 (sentences drafted from the figures)" in page
    assert "sentence 1: ⟦Số vụ bịa⟧ stands for nothing." in page
    assert "sentence 2: No indicator is called “Chỉ tiêu bịa”. Choose one from the list." in page
    assert "The section has no title. Type one, or remove the section." in page
    draft.refresh_from_db()
    response = browser.post(address("template_draft_publish", draft), {"version": str(draft.version)})
    assert response.status_code == 422
    assert "stands for nothing" in response.content.decode()
    assert ReportTemplate.objects.filter(code="six_month", level="").count() == 1


@pytest.mark.parametrize(
    "kind, changed, message",
    [
        ("coverage", {}, "A report tells how many units reported"),
        ("chart", {"codes": ["cases_detected", "victims_received"]}, "one unit a chart"),
        ("chart", {"chart": "pie"}, "“Kind of chart”: choose from the list."),
        ("chart", {"codes": []}, "“Indicators, in this order” is empty. Fill it in."),
        ("table", {"sections": [], "codes": []}, "It says of nothing what it shows."),
        ("annex", {"codes": ["cases_detected"] * 9}, "Make a second annex."),
        ("text", {"text": "Kết quả {period} {pilot} {"}, "{pilot} stands for nothing."),
        ("heading", {"text": " ".strip()}, "“Heading” is empty."),
    ],
)
def test_what_a_block_cannot_be_is_told(
    kind: str, changed: dict[str, Any], message: str, template: ReportTemplate
) -> None:
    layout = template.layout
    found = [block for part in layout["parts"] for block in part["blocks"] if block["kind"] == kind]
    for block in found:
        block.update(changed or {"hidden": True})
    if not found:
        layout["parts"][0]["blocks"].append({"kind": kind, "key": "b-1", **changed})

    told = [str(problem) for problem in problems_of(layout, places_of("six_month"))]

    assert any(message in each for each in told), told


def test_blocks_and_sections_are_moved_added_and_removed(draft: TemplateDraft, browser: Client) -> None:
    here = address("template_draft", draft)
    moved = sent_of(draft, 0, **{"I-3.place": "1"})
    browser.post(here, moved)
    draft.refresh_from_db()
    assert [block["key"] for block in draft.layout["parts"][0]["blocks"]] == ["I-3", "I-1", "I-2"]

    added = browser.post(here, sent_of(draft, 0, do="add-block", new_kind="sentences"))
    draft.refresh_from_db()
    new = draft.layout["parts"][0]["blocks"][-1]
    assert added["Location"].endswith(f"?section=0#b-{new['key']}")
    assert len(new["items"]) == 1
    browser.post(here, sent_of(draft, 0, do=f"add-sentence:{new['key']}"))
    draft.refresh_from_db()
    browser.post(here, sent_of(draft, 0, do=f"remove-sentence:{new['key']}:0"))
    draft.refresh_from_db()
    assert len(draft.layout["parts"][0]["blocks"][-1]["items"]) == 1
    browser.post(here, sent_of(draft, 0, do=f"remove-block:{new['key']}"))
    draft.refresh_from_db()
    assert len(draft.layout["parts"][0]["blocks"]) == 3

    browser.post(here, sent_of(draft, do="add-section"))
    draft.refresh_from_db()
    browser.post(here, sent_of(draft, **{"section.4.number": "V", "section.4.place": "2"}))
    draft.refresh_from_db()
    assert [part["number"] for part in draft.layout["parts"]] == ["I", "V", "II", "III", "IV"]
    browser.post(here, sent_of(draft, do="remove-section:1"))
    draft.refresh_from_db()
    assert [part["number"] for part in draft.layout["parts"]] == ["I", "II", "III", "IV"]


def test_who_saves_later_keeps_what_was_typed_and_is_told(
    cast: Cast, draft: TemplateDraft, browser: Client
) -> None:
    typed = sent_of(draft, 0, title="TÌNH HÌNH CHUNG")
    keep_template_draft(
        actor=cast.people.administrator, draft=draft, version=1, layout=draft.layout, name="Khác"
    )

    response = browser.post(address("template_draft", draft), typed)
    page = response.content.decode()

    assert response.status_code == 409
    assert 'value="TÌNH HÌNH CHUNG"' in page
    assert "changed this on" in page
    assert 'name="version" value="2"' in page


def test_what_is_typed_is_kept_while_it_is_typed_and_nothing_moves_under_the_page(
    draft: TemplateDraft, browser: Client
) -> None:
    typing = {"headers": {"accept": "application/json"}}
    typed = sent_of(draft, 0, **{"I-2.place": "1", "I-2.0.reported": "Đang gõ ⟦"})
    here = address("template_draft", draft)

    first = browser.post(here, typed, **typing)
    second = browser.post(here, {**typed, "version": first.json()["version"]}, **typing)

    assert (first.status_code, first.json(), second.json()) == (200, {"version": 2}, {"version": 3})
    assert browser.post(here, typed, **typing).status_code == 409
    draft.refresh_from_db()
    assert [block["key"] for block in draft.layout["parts"][0]["blocks"]] == ["I-1", "I-2", "I-3"]
    assert draft.layout["parts"][0]["blocks"][1]["items"][0]["reported"] == "Đang gõ ⟦"


def test_what_is_too_much_is_refused_and_stays_on_the_page(draft: TemplateDraft, browser: Client) -> None:
    response = browser.post(
        address("template_draft", draft), sent_of(draft, 0, **{"I-2.0.reported": "x" * 5001})
    )

    assert response.status_code == 422
    assert "x" * 5001 in response.content.decode()
    assert "at most 5000 characters" in response.content.decode()
    draft.refresh_from_db()
    assert draft.version == 1


# --- putting it to use -----------------------------------------------------------------------------------------


def test_a_new_version_is_followed_from_then_on_and_the_old_one_stays(
    cast: Cast, template: ReportTemplate, draft: TemplateDraft, browser: Client
) -> None:
    browser.post(address("template_draft", draft), sent_of(draft, 0, title="TÌNH HÌNH CHUNG"))
    draft.refresh_from_db()
    before = {**template.layout}

    response = browser.post(address("template_draft_publish", draft), {"version": str(draft.version)})

    made = template_for("six_month", cast.map.lao_cai)
    assert response["Location"] == reverse("template_detail", args=[made.pk])
    assert (made.version, made.changed_by) == (2, cast.people.administrator)
    template.refresh_from_db()
    assert template.layout == before
    assert not TemplateDraft.objects.exists()
    (changed,) = differences(template.layout, made.layout, places_of("six_month"))[-1:]
    assert "TÌNH HÌNH CHUNG" in changed.after
    page = browser.get(response["Location"]).content.decode()
    assert "Changed since version 1" in page
    told = AuditEvent.objects.filter(kind=AuditEvent.Kind.TEMPLATE_CHANGED)
    assert [event.detail["what"] for event in told] == ["published", "begun"]
    call_command("load_catalogue", verbosity=0)
    assert template_for("six_month", cast.map.lao_cai) == made


def test_a_draft_that_changes_nothing_is_not_put_to_use(cast: Cast, draft: TemplateDraft) -> None:
    with pytest.raises(ValidationError, match="Nothing differs"):
        publish_template(actor=cast.people.administrator, draft=draft, version=1)


def test_an_old_version_is_taken_up_again_and_a_level_gets_its_own(
    cast: Cast, template: ReportTemplate
) -> None:
    admin = cast.people.administrator
    own, is_new = start_template_draft(actor=admin, template=template, level="commune")
    again, is_new_again = start_template_draft(actor=admin, template=template, level="commune")
    assert (is_new, is_new_again, again.pk) == (True, False, own.pk)

    made = publish_template(actor=admin, draft=own, version=1)

    assert (made.level, made.version) == ("commune", 1)
    assert template_for("six_month", cast.map.y_ty) == made
    assert template_for("six_month", cast.map.lao_cai) == template


def test_two_who_put_the_same_draft_to_use_make_one_version(cast: Cast, draft: TemplateDraft) -> None:
    admin = cast.people.administrator
    keep_template_draft(actor=admin, draft=draft, version=1, layout=draft.layout, name="Tên mới")
    publish_template(actor=admin, draft=draft, version=2)

    with pytest.raises(ChangedMeanwhile):
        publish_template(actor=admin, draft=draft, version=2)

    assert ReportTemplate.objects.filter(code="six_month", level="").count() == 2


@pytest.mark.parametrize("who", ["coordinator", "filing_officer", "steering_member"])
def test_who_keeps_no_templates_cannot(who: str, cast: Cast, draft: TemplateDraft) -> None:
    actor = getattr(cast.people, who)
    with pytest.raises(PermissionDenied):
        keep_template_draft(actor=actor, draft=draft, version=1, layout=draft.layout)
    with pytest.raises(PermissionDenied):
        publish_template(actor=actor, draft=draft, version=1)
    with pytest.raises(PermissionDenied):
        start_template_draft(actor=actor, template=draft.based_on)


# --- preview ---------------------------------------------------------------------------------------------------


def test_a_preview_shows_the_report_and_stores_none(
    cast: Cast, draft: TemplateDraft, browser: Client
) -> None:
    browser.post(address("template_draft", draft), sent_of(draft, 0, title="TÌNH HÌNH CHUNG"))
    asked = {"area": cast.map.lao_cai.pk, "period": "2020-H1", "rule": "ND09/2019"}

    page = browser.get(address("template_draft_preview", draft), asked).content.decode()

    assert "I. TÌNH HÌNH CHUNG" in page
    assert "Ban Chỉ đạo 138" in page
    assert not Report.objects.unscoped("the test looks whether any is stored").exists()
    event = AuditEvent.objects.filter(kind=AuditEvent.Kind.TEMPLATE_CHANGED).first()
    assert event is not None
    assert event.detail["what"] == "previewed"
    assert (event.detail["area"], event.detail["period"]) == ("10", "2020-H1")
    with translation.override("vi"):
        stored = build_snapshot(
            kind="six_month", area=cast.map.lao_cai, period=parse_period("2020-H1"), template=draft.based_on
        )
    assert stored["sections"][0]["title"] == "TÌNH HÌNH"


def test_a_preview_tells_records_only_to_who_may_read_the_reports_of_the_area(
    cast: Cast, draft: TemplateDraft, browser: Client
) -> None:
    admin, area = cast.people.administrator, cast.map.lao_cai
    day = dt.date(2020, 3, 5)
    filed = file_activity(
        actor=cast.people.filing_officer,
        submission_key=uuid.uuid4(),
        state="submitted",
        kind=ActivityKind.COMMUNICATION,
        title="Tuyên truyền tại chợ phiên",
        narrative="Tổ chức ngày chủ nhật.",
        agency=cast.agencies.bat_xat_police,
        area=cast.map.y_ty,
        started_on=day,
        ended_on=day,
    )
    approve_activity(actor=cast.people.head_of_unit, activity=filed, version=filed.version)
    asked = {"area": area.pk, "period": "2020-H1", "rule": "ND09/2019"}
    here = address("template_draft_preview", draft)

    before = browser.get(here, asked).content.decode()
    member(admin, Role.COORDINATOR, cast.agencies.lao_cai_police)
    after = browser.get(here, asked).content.decode()

    assert "không hiện khi xem trước mẫu" in before
    assert "chợ phiên" not in before
    assert "Tuyên truyền tại chợ phiên" in after
    assert "không hiện khi xem trước mẫu" not in after


def test_a_preview_of_a_foreign_area_is_refused(cast: Cast, draft: TemplateDraft, browser: Client) -> None:
    asked = {"area": cast.map.kon_tum.pk, "period": "2020-H1", "rule": "ND09/2019"}

    response = browser.get(address("template_draft_preview", draft), asked)

    assert response.status_code == 422
    assert "Choose an area of the list." in response.content.decode()
    assert "rp-page" not in response.content.decode()


# --- pages -----------------------------------------------------------------------------------------------------


def test_the_pages_take_their_number_of_statements(
    cast: Cast, draft: TemplateDraft, browser: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pages = {
        "list": reverse("template_list"),
        "detail": reverse("template_detail", args=[draft.based_on_id]),
        "draft": address("template_draft", draft) + "?section=1",
        "preview": address("template_draft_preview", draft)
        + f"?area={cast.map.lao_cai.pk}&period=2020-H1&rule=ND09/2019",
    }
    for name, page in pages.items():
        with django_assert_num_queries(STATEMENTS[name]):
            assert browser.get(page).status_code == 200, name
