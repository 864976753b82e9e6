"""A report that people work on: sentences drafted from figures, written over, taken back, and never written over each
other."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent, FormDraft, User
from reporting.building import build_snapshot
from reporting.building.editing import building_of, editable_part
from reporting.models import FormKind, Report, ReportDraft
from reporting.services.drafting import (
    abandon_draft,
    accept_figures,
    hide_block,
    reset_block,
    rewrite_block,
    start_draft,
)
from reporting.services.keeping import keep_typed, typed_into
from territory.models import Area
from tests.cast import Cast
from tests.reporting.records import H1, case, load_catalogue, obligation, roll_up, submission

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]


@pytest.fixture
def draft(cast: Cast) -> ReportDraft:
    """The six-month report of Lào Cai: five cases prosecuted, four in the same period of the year before."""
    load_catalogue()
    for day in [dt.date(2020, 3, 5)] * 5 + [dt.date(2019, 3, 5)] * 4:
        case(cast.agencies.lao_cai_police, cast.map.lao_cai, prosecuted_on=day)
    roll_up()
    return start_draft(actor=cast.people.coordinator, kind="six_month", area=cast.map.lao_cai, period=H1)


def key_of(draft: ReportDraft, kind: str, part: int = 1, nth: int = 0) -> str:
    """The key of a block of the draft's template."""
    blocks = [each for each in draft.template.layout["parts"][part]["blocks"] if each["kind"] == kind]
    found: str = blocks[nth]["key"]
    return found


def now_of(draft: ReportDraft) -> ReportDraft:
    found: ReportDraft = ReportDraft.objects.unscoped("the test looks at it").get(pk=draft.pk)
    return found


def text_of(draft: ReportDraft) -> str:
    """Every sentence of the report of a draft."""
    snapshot = build_snapshot(kind=draft.kind, area=draft.area, period=H1, draft=now_of(draft))
    return "\n".join(
        paragraph["text"]
        for section in snapshot["sections"]
        for block in section["blocks"]
        if block["type"] == "paragraphs"
        for paragraph in block["paragraphs"]
    )


JUSTICE = 2


def test_a_sentence_says_how_a_figure_stands_to_the_same_period(draft: ReportDraft) -> None:
    assert "Trong kỳ khởi tố 05 vụ, tăng 01 vụ (25%) so với cùng kỳ năm 2019." in text_of(draft)


def test_a_sentence_of_a_confirmed_nil_is_worded_as_nil(cast: Cast) -> None:
    load_catalogue()
    owed = obligation(cast.agencies.bat_xat_police, cast.map.bat_xat, form=FormKind.SIX_MONTH)
    submission(owed, is_nil=True)
    draft = start_draft(actor=cast.people.coordinator, kind="six_month", area=cast.map.lao_cai, period=H1)

    text = text_of(draft)

    assert "trong kỳ chưa phát hiện vụ việc mua bán người" in text
    assert "Trong kỳ không khởi tố vụ án mới." in text


def test_what_nobody_reported_is_worded_as_missing(cast: Cast) -> None:
    load_catalogue()
    draft = start_draft(actor=cast.people.coordinator, kind="six_month", area=cast.map.lao_cai, period=H1)

    assert "Số vụ việc mua bán người mới phát hiện: chưa có số liệu." in text_of(draft)


def test_a_rewritten_text_keeps_its_figures_linked(draft: ReportDraft, cast: Cast) -> None:
    key = key_of(draft, "sentences", nth=JUSTICE)
    rewrite_block(
        actor=cast.people.coordinator,
        draft=draft,
        version=1,
        key=key,
        text="Công an tỉnh đã khởi tố ⟦Vụ án khởi tố⟧, ⟦Vụ án khởi tố: so sánh⟧.\n- Một vụ liên quan {trẻ em}.",
    )
    case(cast.agencies.lao_cai_police, cast.map.lao_cai, prosecuted_on=dt.date(2020, 3, 6))
    roll_up()

    assert "Công an tỉnh đã khởi tố 06 vụ, tăng 02 vụ (50%) so với cùng kỳ năm 2019." in text_of(draft)


def test_a_figure_that_moved_since_is_told_with_both_values(draft: ReportDraft, cast: Cast) -> None:
    actor, key = cast.people.coordinator, key_of(draft, "sentences", nth=JUSTICE)
    rewrite_block(actor=actor, draft=draft, version=1, key=key, text="Khởi tố nhiều: ⟦Vụ án khởi tố⟧.")
    case(cast.agencies.lao_cai_police, cast.map.lao_cai, prosecuted_on=dt.date(2020, 3, 6))
    roll_up()

    def moved() -> list[tuple[str, str, str]]:
        held = now_of(draft)
        part = held.template.layout["parts"][1]
        found = {each.key: each for each in editable_part(building_of(held), part, held.content)}
        return [(each.name, each.before, each.now) for each in found[key].moved]

    assert moved() == [("Vụ án khởi tố", "05 vụ", "06 vụ")]
    accept_figures(actor=actor, draft=draft, version=2, key=key)
    assert moved() == []


def test_a_block_can_be_left_out_and_reset(draft: ReportDraft, cast: Cast) -> None:
    actor, key = cast.people.coordinator, key_of(draft, "sentences", nth=JUSTICE)

    hide_block(actor=actor, draft=draft, version=1, key=key, hidden=True)
    assert "Trong kỳ khởi tố" not in text_of(draft)

    reset_block(actor=actor, draft=draft, version=2, key=key)
    assert "Trong kỳ khởi tố 05 vụ" in text_of(draft)


def test_text_can_be_added_after_a_table(draft: ReportDraft, cast: Cast) -> None:
    rewrite_block(
        actor=cast.people.coordinator,
        draft=draft,
        version=1,
        key=key_of(draft, "table"),
        text="",
        after="Số liệu trên chưa gồm tháng 6.",
    )

    assert "Số liệu trên chưa gồm tháng 6." in text_of(draft)


def test_how_many_units_are_silent_cannot_be_left_out(draft: ReportDraft, cast: Cast) -> None:
    with pytest.raises(ValidationError, match="told in every report"):
        hide_block(
            actor=cast.people.coordinator,
            draft=draft,
            version=1,
            key=key_of(draft, "coverage", part=0),
            hidden=True,
        )


@pytest.mark.parametrize(
    ("text", "code"),
    [("Khởi tố ⟦Vụ án tưởng tượng⟧.", "unknown_figure"), ("x" * 20_001, "too_long")],
)
def test_a_text_that_cannot_stand_is_refused(draft: ReportDraft, cast: Cast, text: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        rewrite_block(
            actor=cast.people.coordinator, draft=draft, version=1, key=key_of(draft, "sentences"), text=text
        )

    assert refused.value.code == code
    assert now_of(draft).version == 1


def test_a_text_saved_as_it_was_drafted_follows_its_figures_on(draft: ReportDraft, cast: Cast) -> None:
    key = key_of(draft, "sentences", nth=JUSTICE)
    part = draft.template.layout["parts"][1]
    shown = {each.key: each.text for each in editable_part(building_of(draft), part, {})}

    rewrite_block(actor=cast.people.coordinator, draft=draft, version=1, key=key, text=shown[key])

    assert now_of(draft).content == {}


def test_two_people_do_not_write_over_each_other(draft: ReportDraft, cast: Cast) -> None:
    actor, key = cast.people.coordinator, key_of(draft, "sentences")
    rewrite_block(actor=actor, draft=draft, version=1, key=key, text="Bản của người thứ nhất.")

    with pytest.raises(ChangedMeanwhile):
        rewrite_block(actor=actor, draft=draft, version=1, key=key, text="Bản của người thứ hai.")

    assert "Bản của người thứ nhất." in text_of(draft)


def test_only_who_makes_reports_of_the_area_may_change_a_draft(draft: ReportDraft, cast: Cast) -> None:
    for stranger in (cast.people.stranger, cast.people.steering_member, cast.people.filing_officer):
        with pytest.raises(PermissionDenied):
            rewrite_block(
                actor=stranger, draft=draft, version=1, key=key_of(draft, "sentences"), text="Của người lạ."
            )


def test_nothing_changes_once_it_is_not_being_drafted(draft: ReportDraft, cast: Cast) -> None:
    abandon_draft(actor=cast.people.coordinator, draft=draft, version=1)

    with pytest.raises(ValidationError, match="not being drafted any more"):
        reset_block(actor=cast.people.coordinator, draft=draft, version=2, key=key_of(draft, "sentences"))


def test_each_change_is_audited(draft: ReportDraft, cast: Cast) -> None:
    key = key_of(draft, "sentences")
    rewrite_block(actor=cast.people.coordinator, draft=draft, version=1, key=key, text="Đã sửa.")

    events = AuditEvent.objects.filter(about=f"reporting.reportdraft:{draft.pk}").order_by("id")
    assert [(event.detail["what"], event.detail["block"]) for event in events] == [
        ("started", ""),
        ("rewritten", key),
    ]


@pytest.mark.parametrize(("kind", "field"), [("pilot", "pilot"), ("progress", "document")])
def test_a_report_about_something_says_about_what(cast: Cast, kind: str, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        start_draft(actor=cast.people.coordinator, kind=kind, area=cast.map.lao_cai, period=H1)

    assert list(refused.value.message_dict) == [field]


def test_the_editor_shows_text_figures_and_the_printed_section(
    draft: ReportDraft, cast: Cast, signed_in: SignedIn
) -> None:
    reader = signed_in(cast.people.coordinator)

    page = reader.get(reverse("draft_edit", args=[draft.key]), {"section": "1"}).content.decode()

    assert "⟦Vụ án khởi tố⟧" in page
    assert "05 vụ, tăng 01 vụ (25%) so với cùng kỳ năm 2019" in page
    assert "II. KẾT QUẢ THỰC HIỆN" in page


def test_a_text_saved_on_the_page_is_printed_and_a_stale_one_is_kept_in_the_form(
    draft: ReportDraft, cast: Cast, signed_in: SignedIn
) -> None:
    writer, key = signed_in(cast.people.coordinator), key_of(draft, "sentences", nth=JUSTICE)
    sent = {"block": key, "version": "1", "section": "1", "action": "save", "after": ""}

    saved = writer.post(reverse("draft_block", args=[draft.key]), {**sent, "text": "Bản thứ nhất."})
    stale = writer.post(reverse("draft_block", args=[draft.key]), {**sent, "text": "Bản thứ hai."})

    assert saved.status_code == 302
    assert "Bản thứ nhất." in text_of(draft)
    assert stale.status_code == 409
    assert "Bản thứ hai." in stale.content.decode()


def test_a_script_in_a_text_stays_text(draft: ReportDraft, cast: Cast, signed_in: SignedIn) -> None:
    writer, key = signed_in(cast.people.coordinator), key_of(draft, "sentences", nth=JUSTICE)
    rewrite_block(
        actor=cast.people.coordinator,
        draft=draft,
        version=1,
        key=key,
        text="<script>alert(1)</script> {area.__class__} {0}",
    )

    page = writer.get(reverse("draft_edit", args=[draft.key]), {"section": "1"}).content.decode()

    assert not re.search(r"<script>alert", page)
    assert "{area.__class__} {0}" in page


def test_a_district_has_its_own_frame(cast: Cast) -> None:
    load_catalogue()
    district: Area = cast.map.bat_xat

    snapshot = build_snapshot(kind="phase", area=district, period=H1)

    assert snapshot["document"]["body"] == f"ỦY BAN NHÂN DÂN {district.name.upper()}"
    assert snapshot["document"]["recipients"] == ["Công an tỉnh", "Công an huyện"]


# --- what is typed and not saved yet


def _sent(draft: ReportDraft, block: str, **more: str) -> dict[str, str]:
    return {"version": str(draft.version), "block": block, "section": "1", "after": "", **more}


def test_what_is_typed_is_kept_for_its_writer_until_it_is_saved(
    cast: Cast, draft: ReportDraft, signed_in: SignedIn
) -> None:
    writer = signed_in(cast.people.coordinator)
    block, other = (key_of(draft, "sentences", nth=JUSTICE), "I-2")
    page = f"{reverse('draft_edit', args=[draft.key])}?section=1"

    for name, text in ((block, "Khởi tố tăng."), (other, "Khác.")):
        kept = writer.post(reverse("draft_keep", args=[draft.key]), _sent(draft, name, text=text))
        assert (kept.status_code, bool(kept.json()["saved_at"])) == (200, True)

    assert "Khởi tố tăng." in writer.get(page).content.decode()
    assert "Khởi tố tăng." not in text_of(draft)
    writer.post(
        reverse("draft_block", args=[draft.key]), _sent(draft, block, action="save", text="Khởi tố giảm.")
    )
    assert "Khởi tố tăng." not in writer.get(page).content.decode()
    assert set(typed_into(draft, cast.people.coordinator)) == {other}
    assert typed_into(draft, cast.people.filing_officer) == {}


def test_what_was_typed_can_be_discarded(cast: Cast, draft: ReportDraft, signed_in: SignedIn) -> None:
    writer = signed_in(cast.people.coordinator)
    block = key_of(draft, "sentences", nth=JUSTICE)
    writer.post(reverse("draft_keep", args=[draft.key]), _sent(draft, block, text="Khởi tố tăng."))

    writer.post(reverse("draft_block", args=[draft.key]), _sent(draft, block, action="discard"))

    assert typed_into(draft, cast.people.coordinator) == {}
    assert not FormDraft.objects.exists()


def test_nobody_else_keeps_text_in_a_draft(cast: Cast, draft: ReportDraft) -> None:
    with pytest.raises(PermissionDenied):
        keep_typed(actor=cast.people.stranger, draft=draft, block="I-2", typed={"text": "x"})


def test_a_figure_is_put_into_a_text_from_the_list_without_script(
    cast: Cast, draft: ReportDraft, signed_in: SignedIn
) -> None:
    writer = signed_in(cast.people.coordinator)
    block = key_of(draft, "sentences", nth=JUSTICE)
    name = building_of(draft).by_code["cases_prosecuted"].name
    asked = {"action": "insert", "text": "Trong kỳ khởi tố", "figure": name, "as": "so sánh"}

    sent = writer.post(reverse("draft_block", args=[draft.key]), _sent(draft, block, **asked), follow=True)

    assert f"Trong kỳ khởi tố ⟦{name}: so sánh⟧" in sent.content.decode()
    asked["figure"] = "Vận may"
    sent = writer.post(reverse("draft_block", args=[draft.key]), _sent(draft, block, **asked), follow=True)
    assert "There is no figure of this name" in sent.content.decode()


def test_the_pdf_that_was_made_is_shown_beside_the_text(
    cast: Cast, draft: ReportDraft, signed_in: SignedIn
) -> None:
    made = Report.objects.create(
        kind=draft.kind,
        area=draft.area,
        period_code=draft.period_code,
        period_start=H1.start,
        period_end=H1.end,
        title="Báo cáo",
        snapshot={},
        draft=draft,
        draft_version=draft.version,
        pages=3,
        size=8,
        file=ContentFile(b"%PDF-1.7", name="report.pdf"),
    )
    reader = signed_in(cast.people.coordinator)

    editor = reader.get(reverse("draft_edit", args=[draft.key]))
    pdf = reader.get(reverse("report_pages", args=[made.key]))

    assert reverse("report_pages", args=[made.key]) in editor.content.decode()
    assert "frame-src 'self'" in editor["Content-Security-Policy"]
    assert pdf["Content-Disposition"].startswith("inline")
    assert "frame-ancestors 'self'" in pdf["Content-Security-Policy"]
    assert pdf["X-Frame-Options"] == "SAMEORIGIN"
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.REPORT_READ).count() == 1
    assert signed_in(cast.people.stranger).get(reverse("report_pages", args=[made.key])).status_code == 404
