"""Difficulties, recommendations and directions: who sees them, filing, changing, the list, and carrying over."""

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent, FormDraft
from accounts.scoping import UnscopedQuery
from programs.models import Assignment, Difficulty, Direction, Document, DocumentKind, Recommendation, Task
from programs.selectors.period import period_before, period_name, period_of, typed_period
from programs.services.statement import carry_over, change_statement
from territory.period import parse_period
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.statements.stating import NEXT, PERIOD, recommended, stated, typed

NEW = "/statements/difficulty/new/"


def texts(reader: Client, **asked: Any) -> str:
    answer = reader.get(reverse("statement_list"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_query_that_nobody_scoped_is_refused(cast: Cast) -> None:
    for model in (Difficulty, Direction, Recommendation):
        with pytest.raises(UnscopedQuery):
            list(model.objects.all())


def test_a_unit_sees_its_own_and_the_coordinator_all_of_the_area(cast: Cast, signed_in: SignedIn) -> None:
    one = stated(cast, text="Thiếu kinh phí")

    assert "Thiếu kinh phí" in texts(signed_in(cast.people.head_of_unit))
    assert "Thiếu kinh phí" in texts(signed_in(cast.people.coordinator))
    assert "Thiếu kinh phí" in texts(signed_in(cast.people.steering_member))
    for role in ("case_worker", "investigator", "stranger"):
        reader = signed_in(getattr(cast.people, role))
        assert "Thiếu kinh phí" not in texts(reader)
        assert reader.get(reverse("statement_detail", args=["difficulty", one.pk])).status_code == 404
    assert signed_in(cast.people.administrator).get(reverse("statement_list")).status_code == 403


def test_only_the_unit_itself_writes(cast: Cast, signed_in: SignedIn) -> None:
    one = stated(cast)
    with pytest.raises(PermissionDenied):
        stated(cast, actor=cast.people.coordinator)
    with pytest.raises(PermissionDenied):
        stated(cast, actor=cast.people.stranger)

    coordinator = signed_in(cast.people.coordinator)
    assert coordinator.get(reverse("statement_edit", args=["difficulty", one.pk])).status_code == 404
    assert coordinator.get(NEW).status_code == 403


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"text": "   "}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"period": parse_period("2090-H1")}, "period"),
        ({"state": "overcome"}, "overcome_on"),
        ({"state": "overcome", "overcome_on": dt.date(2019, 1, 1)}, "overcome_on"),
        ({"state": "overcome", "overcome_on": dt.date(2099, 1, 1)}, "overcome_on"),
        ({"period": parse_period("2025-H2")}, "area"),
    ],
)
def test_a_broken_rule_is_named_by_its_field(cast: Cast, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        stated(cast, **changed)

    assert list(refused.value.message_dict) == [field]


def test_a_second_click_files_nothing_more(cast: Cast) -> None:
    key = uuid.uuid4()

    assert stated(cast, submission_key=key).pk == stated(cast, submission_key=key).pk
    with pytest.raises(PermissionDenied):
        stated(cast, submission_key=key, actor=cast.people.head_of_unit)


def test_text_is_stored_composed_and_searchable(cast: Cast) -> None:
    one = stated(cast, text="Thiê\u0301u kinh phi\u0301")
    one.refresh_from_db()

    assert (one.text, one.search_text) == ("Thiếu kinh phí", "thieu kinh phi")


def test_an_old_statement_is_made_searchable_without_a_line_in_its_history(cast: Cast) -> None:
    one = stated(cast, text="Địa hình hiểm trở")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE programs_difficulty SET search_text = ''")
        cursor.execute("UPDATE programs_difficulty SET search_text = vi_fold(text) WHERE search_text = ''")
        cursor.execute("SELECT count(*) FROM programs_difficultyevent WHERE pgh_obj_id = %s", [one.pk])
        assert cursor.fetchone()[0] == 1
    one.refresh_from_db()
    assert one.search_text == "dia hinh hiem tro"


def test_filing_in_the_page(cast: Cast, signed_in: SignedIn) -> None:
    writer = signed_in(cast.people.filing_officer)
    assert 'name="text"' in writer.get(NEW).content.decode()
    answer = writer.post(NEW, typed(cast, state="overcome", overcome_on="01/06/2020", note="Đã mở lớp."))

    one = Difficulty.objects.unscoped("test").get()
    assert answer["Location"] == reverse("statement_detail", args=["difficulty", one.pk])
    assert (one.period_start, one.period_end) == (dt.date(2019, 12, 15), dt.date(2020, 6, 14))
    assert (one.state, one.overcome_on, one.filed_by) == (
        "overcome",
        dt.date(2020, 6, 1),
        cast.people.filing_officer,
    )
    page = writer.get(answer["Location"]).content.decode()
    assert "first half of 2020" in page
    assert "Đã mở lớp." in page


def test_nothing_typed_is_lost_when_it_is_refused(cast: Cast, signed_in: SignedIn) -> None:
    page = (
        signed_in(cast.people.filing_officer).post(NEW, typed(cast, period="nửa đầu 2020")).content.decode()
    )

    assert "Thiếu cán bộ biết tiếng dân tộc." in page
    assert "nửa đầu 2020" in page
    assert "This is not a period." in page
    assert not Difficulty.objects.unscoped("test").exists()


def test_a_draft_is_kept_offered_and_gone_once_filed(cast: Cast, signed_in: SignedIn) -> None:
    writer = signed_in(cast.people.filing_officer)
    keep = reverse("statement_draft", args=["statement:difficulty:new"])
    sent = typed(cast, text="Đang viết dở")

    assert writer.post(keep, sent).status_code == 200
    assert "Đang viết dở" in writer.get(NEW).content.decode()
    writer.post(NEW, sent)
    assert not FormDraft.objects.exists()
    assert writer.post(keep, sent).status_code == 409
    assert writer.post(reverse("statement_draft", args=["statement:secret:new"])).status_code == 404


def test_who_was_slower_is_told_and_loses_nothing(cast: Cast, signed_in: SignedIn) -> None:
    one = stated(cast)
    address = reverse("statement_edit", args=["difficulty", one.pk])
    head, officer = signed_in(cast.people.head_of_unit), signed_in(cast.people.filing_officer)
    assert head.post(address, typed(cast, version="1", text="Bản của lãnh đạo")).status_code == 302

    answer = officer.post(address, typed(cast, version="1", text="Bản của cán bộ"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "ly.a.pao" in page
    assert "Bản của cán bộ" in page
    one.refresh_from_db()
    assert one.text == "Bản của lãnh đạo"
    assert officer.post(address, typed(cast, version="2", text="Bản của cán bộ")).status_code == 302
    one.refresh_from_db()
    assert (one.text, one.version) == ("Bản của cán bộ", 3)


def test_saving_the_same_again_is_no_change(cast: Cast) -> None:
    one = stated(cast)
    fields = {"agency": one.agency, "area": one.area, "period": PERIOD, "text": one.text}

    assert change_statement(actor=cast.people.head_of_unit, statement=one, version=9, **fields).version == 1
    with pytest.raises(ChangedMeanwhile):
        change_statement(
            actor=cast.people.head_of_unit, statement=one, version=9, **{**fields, "text": "khác"}
        )


def test_the_page_tells_the_history(cast: Cast, signed_in: SignedIn) -> None:
    one = stated(cast, text="Chữ cũ")
    writer = signed_in(cast.people.filing_officer)
    address = reverse("statement_edit", args=["difficulty", one.pk])
    writer.post(address, typed(cast, version="1", text="Chữ mới", state="in_hand"))

    page = writer.get(reverse("statement_detail", args=["difficulty", one.pk])).content.decode()
    assert '<del class="is-removed">Chữ cũ</del>' in page
    assert '<ins class="is-added">being dealt with</ins>' in page


def test_the_list_is_searched_filtered_and_counted(cast: Cast, signed_in: SignedIn) -> None:
    stated(cast, text="Thiếu kinh phí tuyên truyền")
    stated(cast, text="Địa bàn rộng", state="overcome", overcome_on=dt.date(2020, 5, 1))
    stated(cast, "direction", text="Mở lớp tập huấn", period=NEXT)
    recommended(cast, text="Hỗ trợ xe máy")
    reader = signed_in(cast.people.filing_officer)

    assert "4 statements" in texts(reader)
    found = texts(reader, q="thieu KINH phi")
    assert "Thiếu kinh phí" in found
    assert "Địa bàn rộng" not in found
    assert "1 statement<" in texts(reader, kind="recommendation")
    assert "Địa bàn rộng" in texts(reader, state="overcome")
    assert "1 statement<" in texts(reader, state="overcome")
    assert "Mở lớp" in texts(reader, period="2020-06-15..2020-12-14")
    assert "1 statement<" in texts(reader, period="2020-06-15..2020-12-14")
    assert "Nothing fits these filters" in texts(reader, q="không có đâu")
    assert "cannot be used" in texts(reader, kind="secret")
    # a body's name is searched as well
    assert "Hỗ trợ xe máy" in texts(reader, q="cong an tinh lao cai")


@pytest.mark.parametrize("sort", ["date", "-date", "kind", "-kind", "agency", "area", "nonsense"])
def test_the_list_is_sorted_and_cut_into_pages(cast: Cast, signed_in: SignedIn, sort: str) -> None:
    for number in range(30):
        stated(cast, ("difficulty", "direction")[number % 2], text=f"Khó khăn số {number}.")
    reader = signed_in(cast.people.coordinator)

    seen = "".join(texts(reader, sort=sort, per_page=25, page=page) for page in (1, 2))
    assert all(f"Khó khăn số {number}." in seen for number in range(30))


def test_the_list_takes_as_many_queries_with_many_rows(
    cast: Cast, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for kind in ("difficulty", "direction"):
        stated(cast, kind)
    recommended(cast)
    reader = signed_in(cast.people.coordinator)
    texts(reader)
    with django_assert_num_queries(10):
        texts(reader)
    for number in range(20):
        stated(cast, ("difficulty", "direction")[number % 2], text=f"số {number}")
    with django_assert_num_queries(10):
        texts(reader)


def test_the_export_holds_the_list_as_text_and_leaves_a_trace(cast: Cast, signed_in: SignedIn) -> None:
    stated(cast, text="=HYPERLINK(1)")
    stated(cast, "direction", text="Mở lớp")
    answer = signed_in(cast.people.coordinator).get(reverse("statement_export"), {"kind": "difficulty"})

    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]  # type: ignore[attr-defined]
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 2
    assert rows[1][7] == "'=HYPERLINK(1)"
    noted = AuditEvent.objects.get(kind=AuditEvent.Kind.EXPORTED)
    assert (noted.about, noted.detail) == ("programs.statement:list", {"rows": 1, "filters": ["kind"]})


def test_a_direction_is_linked_to_a_task_of_the_unit_only(cast: Cast) -> None:
    of = cast.agencies
    letter = Document.objects.unscoped("test").create(
        kind=DocumentKind.PLAN, issuer=of.lao_cai_police, area=cast.map.lao_cai, subject="Kế hoạch"
    )
    own, other = (Task.objects.create(document=letter, order=n, number=str(n), text="Việc") for n in (1, 2))
    for task, agency in ((own, of.bat_xat_police), (other, of.si_ma_cai_police)):
        Assignment.objects.unscoped("test").create(task=task, agency=agency, area=agency.area)

    assert stated(cast, "direction", task=own).task == own
    with pytest.raises(ValidationError) as refused:
        stated(cast, "direction", task=other)
    assert "task" in refused.value.message_dict


# --- by period ---


def carried(cast: Cast) -> Any:
    return carry_over(
        actor=cast.people.filing_officer,
        agency=cast.agencies.bat_xat_police,
        area=cast.map.bat_xat,
        source=PERIOD,
        to=NEXT,
    )


def test_what_still_holds_is_carried_over_once(cast: Cast) -> None:
    stated(cast, text="Còn khó")
    stated(cast, text="Đã xong", state="overcome", overcome_on=dt.date(2020, 5, 1))
    stated(cast, "direction", text="Mở lớp")
    recommended(cast, text="Tăng kinh phí")

    first, second = carried(cast), carried(cast)
    assert [row.text for row in first.made] == ["Còn khó", "Tăng kinh phí", "Mở lớp"]
    assert (first.left, second.made) == (1, [])
    assert {row.carried_from.text for row in first.made} == {"Còn khó", "Tăng kinh phí", "Mở lớp"}
    assert all(row.period_end == NEXT.end for row in first.made)


def test_nothing_is_carried_back_or_by_a_stranger(cast: Cast) -> None:
    stated(cast)
    fields = {"agency": cast.agencies.bat_xat_police, "area": cast.map.bat_xat}
    with pytest.raises(ValidationError):
        carry_over(actor=cast.people.filing_officer, source=NEXT, to=PERIOD, **fields)
    with pytest.raises(PermissionDenied):
        carry_over(actor=cast.people.coordinator, source=PERIOD, to=NEXT, **fields)


def test_the_page_of_a_period_lists_all_three_and_carries_over(cast: Cast, signed_in: SignedIn) -> None:
    stated(cast, text="Còn khó")
    stated(cast, "direction", text="Mở lớp")
    recommended(cast, text="Tăng kinh phí")
    writer = signed_in(cast.people.filing_officer)
    unit = f"{cast.agencies.bat_xat_police.pk}:{cast.map.bat_xat.pk}"

    page = writer.get(reverse("statement_period"), {"unit": unit, "period": "2020-H1"}).content.decode()
    for text in ("Còn khó", "Mở lớp", "Tăng kinh phí", "15/12/2019"):
        assert text in page
    empty = writer.get(reverse("statement_period"), {"unit": unit, "period": "2020-H2"}).content.decode()
    assert "Còn khó" not in empty
    assert "made 3 statements" in empty
    answer = writer.post(reverse("statement_carry"), {"unit": unit, "period": "2020-H2"}, follow=True)
    assert "3 statements were carried over" in answer.content.decode()
    assert "Còn khó" in answer.content.decode()


def test_the_page_of_a_period_is_readable_by_who_sees_the_unit_only(cast: Cast, signed_in: SignedIn) -> None:
    stated(cast, text="Còn khó")
    unit = f"{cast.agencies.bat_xat_police.pk}:{cast.map.bat_xat.pk}"
    asked = {"unit": unit, "period": "2020-H1"}

    coordinator = signed_in(cast.people.coordinator).get(reverse("statement_period"), asked).content.decode()
    assert "Còn khó" in coordinator
    assert "Carry over" not in coordinator
    assert (
        "Còn khó"
        not in signed_in(cast.people.stranger).get(reverse("statement_period"), asked).content.decode()
    )
    for user in (cast.people.stranger, cast.people.filing_officer):
        other = {"unit": "1:1", "period": "2020-H2"}
        assert signed_in(user).post(reverse("statement_carry"), other).status_code == 404


def test_a_period_that_cannot_be_read_says_what_to_type(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.people.filing_officer).get(reverse("statement_period"), {"period": "<b>2020"})

    assert page.status_code == 200
    assert "This is not a period." in page.content.decode()
    assert "<b>2020" not in page.content.decode()


def test_periods_are_named_by_their_days() -> None:
    assert period_of(PERIOD.start, PERIOD.end) == PERIOD
    assert typed_period(dt.date(2020, 1, 1), dt.date(2020, 6, 30)) == "2020-01-01..2020-06-30"
    with override("vi"):
        assert period_name(PERIOD.start, PERIOD.end) == "6 tháng đầu năm 2020"
    assert [period_before(parse_period(code)) for code in ("2020-H1", "2020-H2", "2020")] == [
        parse_period("2019-H2"),
        parse_period("2020-H1"),
        parse_period("2019"),
    ]
    assert period_before(parse_period("2013-01-01..2019-10-08")) is None
