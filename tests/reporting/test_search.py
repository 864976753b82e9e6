"""The search over all records: what is found in which order, and what is never found."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from typing import Any
from urllib.parse import unquote

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import ReadEvent, Role, User
from accounts.row_scope import row_scope
from incidents.services.case import seal_case
from programs.models import Assignment, Task
from programs.services import approve_activity, file_activity
from reporting.models import Report, ReportKind
from reporting.search import MOST, Found, Typed, find, open_query, read, seal_query
from tests.cast import Cast, area, member, person
from tests.conftest import SignedIn
from tests.incidents.records import case, make_investigators, tip
from tests.register import document
from tests.statements.stating import stated
from tests.victims.files import file_of

PAGE = "/search/"


def activity(cast: Cast, title: str, *, on: dt.date = dt.date(2020, 3, 5), **more: Any) -> Any:
    filed = file_activity(
        actor=cast.people.filing_officer,
        submission_key=uuid.uuid4(),
        kind="communication",
        title=title,
        agency=cast.agencies.bat_xat_police,
        area=cast.map.y_ty,
        started_on=on,
        ended_on=on,
        narrative="Tổ chức tại chợ phiên.",
        **more,
    )
    return filed


def looked_for(user: User, text: str) -> Found:
    with row_scope(user):
        return find(user, Typed(text))


def titles(user: User, text: str, kind: str) -> list[str]:
    with row_scope(user):
        keys = find(user, Typed(text)).of(kind)
        hits, _protected = read(user, keys)
    return [hits[key].title for key in keys]


def test_words_are_found_without_diacritics_and_in_any_order(cast: Cast) -> None:
    activity(cast, "Tuyên truyền phòng, chống mua bán người tại Y Tý")

    for text in ("mua bán người", "MUA BAN NGUOI", "nguoi ban mua", "y ty tuyen"):
        assert len(titles(cast.people.filing_officer, text, "activity")) == 1, text
    assert titles(cast.people.filing_officer, "mua ban vang", "activity") == []


def test_whole_words_come_before_beginnings_and_the_newest_first(cast: Cast) -> None:
    officer = cast.people.filing_officer
    activity(cast, "Tập huấn cán bộ", on=dt.date(2020, 1, 5))
    activity(cast, "Tập huấn cán sự", on=dt.date(2020, 2, 5))
    activity(cast, "Tập huấn cánh đồng", on=dt.date(2020, 3, 5))

    assert titles(officer, "tap huan can", "activity") == [
        "Tập huấn cán sự",
        "Tập huấn cán bộ",
        "Tập huấn cánh đồng",
    ]


@pytest.mark.parametrize("number", [1, 3, 4, 9])
def test_beginnings_of_rare_words_and_of_common_ones_are_found_alike(cast: Cast, number: int) -> None:
    for day in range(1, number + 1):
        activity(cast, f"Tuần tra biên giới {day}", on=dt.date(2020, 3, day))
        activity(cast, f"Họp giao ban {day}", on=dt.date(2020, 3, day))
    told = [f"Tuần tra biên giới {day}" for day in range(number, 0, -1)]

    assert titles(cast.people.filing_officer, "tra giớ", "activity") == told
    assert titles(cast.people.filing_officer, "tra iới", "activity") == []


def test_an_exact_number_comes_first(cast: Cast) -> None:
    officer, here = cast.people.filing_officer, cast.map
    own = document(cast.agencies.bat_xat_police, here.bat_xat, "Kế hoạch theo 2978/BQP-BĐBP")
    exact = document(cast.agencies.bat_xat_police, here.bat_xat, "Công văn cũ")
    type(exact).objects.unscoped("a number for the test").filter(pk=exact.pk).update(
        number="2978/BQP-BĐBP", issued_on=dt.date(2012, 1, 1)
    )

    assert titles(officer, "2978 / BQP–BĐBP", "document") == ["Công văn cũ", own.subject]
    assert titles(officer, "bqp bdbp", "document") == [own.subject, "Công văn cũ"]


def test_every_kind_is_found_as_far_as_the_reader_may_see_it(cast: Cast) -> None:
    of, here, people = cast.agencies, cast.map, cast.people
    plan = document(of.bat_xat_police, here.bat_xat, "Kế hoạch chung một chữ zobra")
    task = Task.objects.create(document=plan, order=1, number="1", text="Nhiệm vụ zobra")
    Assignment.objects.unscoped("made for a test").create(
        task=task, agency=of.bat_xat_police, area=here.bat_xat
    )
    filed = activity(cast, "Hoạt động zobra")
    approve_activity(activity=filed, actor=people.head_of_unit, version=1)
    stated(cast, text="Khó khăn zobra")
    Report.objects.create(
        kind=ReportKind.SIX_MONTH,
        area=here.lao_cai,
        period_code="2020-H1",
        period_start=dt.date(2019, 12, 15),
        period_end=dt.date(2020, 6, 14),
        title="Báo cáo zobra",
        snapshot={},
        file=ContentFile(b"%PDF-1.7", name="report.pdf"),
        sha256="0" * 64,
        size=8,
        pages=1,
    )

    def kinds(user: User) -> set[str]:
        return set(looked_for(user, "zobra").keys)

    assert kinds(people.coordinator) == {"document", "task", "activity", "statement", "report"}
    assert kinds(people.filing_officer) == {"document", "task", "activity", "statement"}
    assert kinds(people.steering_member) == {"document", "task", "statement"}
    assert kinds(people.stranger) == set()
    assert kinds(people.administrator) == set()


def test_an_area_is_found_by_name_and_code_and_leads_to_activities_within_reach(cast: Cast) -> None:
    officer = cast.people.filing_officer

    def hits(text: str) -> list[Any]:
        keys = find(officer, Typed(text)).of("area")
        found, _protected = read(officer, keys)
        return [found[key] for key in keys]

    assert hits("y ty")[0].url == f"/activities/?area={cast.map.y_ty.pk}"
    assert (hits("dak pxi")[0].title, hits("dak pxi")[0].url) == ("Xã Đăk Pxi", "")
    assert hits("082")[0].title == "Huyện Bát Xát"


def test_colleagues_are_found_and_nobody_elses(cast: Cast) -> None:
    people = cast.people
    User.objects.filter(pk=people.head_of_unit.pk).update(full_name="Lý A Páo")
    User.objects.filter(pk=people.coordinator.pk).update(full_name="Nguyễn Thị Hoa")
    User.objects.filter(pk=people.stranger.pk).update(full_name="A Brôl")
    gone = person("gone@example.vn", full_name="Lý A Nghỉ")
    member(gone, Role.FILING_OFFICER, cast.agencies.bat_xat_police, until=dt.date(2020, 1, 1))

    assert titles(people.filing_officer, "ly a", "person") == ["Lý A Páo"]
    assert titles(people.filing_officer, "nguyen thi hoa", "person") == ["Nguyễn Thị Hoa"]
    assert titles(people.coordinator, "ly a pao", "person") == ["Lý A Páo"]
    assert titles(people.stranger, "ly a pao", "person") == []
    assert titles(people.coordinator, "a brol", "person") == []


def test_tips_and_cases_are_found_by_code_by_who_may_read_them_alone(cast: Cast) -> None:
    who = make_investigators(cast)
    with row_scope(who.own):
        told = tip(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)
        opened = case(who.own, cast.agencies.lao_cai_police, cast.map.bat_xat)

    for record, kind in ((told, "tip"), (opened, "case")):
        assert titles(who.own, record.code.lower(), kind) == [record.code]
        assert titles(who.own, record.code[:6], kind) == [record.code]
        assert titles(who.far, record.code, kind) == []
        assert titles(cast.people.coordinator, record.code, kind) == []
    assert titles(who.own, "viec nhe luong cao", "tip") == []


def test_a_sealed_case_is_not_there(cast: Cast) -> None:
    who = make_investigators(cast)
    with row_scope(who.second):
        secret = case(who.second, cast.agencies.lao_cai_police, cast.map.bat_xat)
        seal_case(case=secret, actor=who.second, readers=[])

    assert titles(who.second, secret.code, "case") == [secret.code]
    assert looked_for(who.own, secret.code).total == 0
    assert looked_for(who.head, secret.code).total == 0


def test_a_victim_is_found_by_code_and_never_by_who_it_is(cast: Cast, signed_in: SignedIn) -> None:
    worker = cast.people.case_worker
    victim = file_of(worker)

    for text in (victim.code, victim.code.lower(), victim.code[3:], victim.code[:6]):
        assert titles(worker, text, "victim") == [victim.code], text
    assert titles(cast.people.coordinator, victim.code, "victim") == []
    assert titles(cast.people.stranger, victim.code, "victim") == []


def test_a_protected_record_that_is_shown_is_in_the_read_log(cast: Cast, signed_in: SignedIn) -> None:
    worker = cast.people.case_worker
    victim = file_of(worker)
    before = ReadEvent.objects.count()

    for more in ({}, {"kind": "victim"}):
        page = signed_in(worker).get(PAGE, {"s": seal_query(victim.code, user=worker), **more})
        assert victim.code in page.content.decode()
    assert ReadEvent.objects.count() == before + 2
    last = ReadEvent.objects.order_by("-id")[0]
    assert (last.user, last.record, last.how) == (worker, f"victims.victim:{victim.pk}", "list")
    # Another tab shows none of them, so it reads none.
    signed_in(worker).get(PAGE, {"s": seal_query(victim.code, user=worker), "kind": "area"})
    assert ReadEvent.objects.count() == before + 2


def test_the_portals_own_role_finds_protected_records_too(cast: Cast, as_portal: str) -> None:
    worker = cast.people.case_worker
    victim = file_of(worker)

    assert titles(worker, victim.code, "victim") == [victim.code]


def test_what_was_typed_stands_in_no_address_and_in_no_log(cast: Cast, signed_in: SignedIn) -> None:
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        browser = signed_in(cast.people.coordinator)
        answer = browser.post(PAGE, {"q": "Vàng Thị Mảy"})
        page = browser.get(answer["Location"])
    finally:
        logging.getLogger().removeHandler(handler)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/search/?s=k")
    assert not any(word in unquote(answer["Location"]) for word in ("Vàng", "vang", "Mảy", "may"))
    assert "Vàng Thị Mảy" in page.content.decode()
    assert not any("Mảy" in line for line in said)
    assert browser.get(PAGE, {"q": "Vàng Thị Mảy"}).context["form"].initial == {}


def test_a_sealed_search_opens_for_the_same_person_only(cast: Cast, signed_in: SignedIn) -> None:
    sealed = seal_query("Vàng Thị Mảy", user=cast.people.coordinator)

    assert open_query(sealed, user=cast.people.coordinator) == Typed("Vàng Thị Mảy")
    assert open_query(sealed, user=cast.people.filing_officer) is None
    page = signed_in(cast.people.filing_officer).get(PAGE, {"s": sealed}).content.decode()
    assert "no longer good" in page
    assert "Mảy" not in page


@pytest.mark.parametrize("sent", ["", " ", "a", "//", "x" * 101, "a\x00b", "\x07"])
def test_what_cannot_be_searched_is_refused_with_a_reason(sent: str, cast: Cast, signed_in: SignedIn) -> None:
    answer = signed_in(cast.people.coordinator).post(PAGE, {"q": sent})

    assert answer.status_code == 422
    assert answer.context["form"].errors["q"]


@pytest.mark.parametrize(
    "text", ["' & | ! :* <-> ()", "1e5 2.5", "a:b\\c", "<b>đậm</b>", "người%_", "ß ñ 中文", "x" * 100]
)
def test_no_text_breaks_the_query(text: str, cast: Cast) -> None:
    assert looked_for(cast.people.coordinator, text).total >= 0


@pytest.mark.parametrize("sealed", ["x", "k1:", "k1:!!!!", "none:AAAA", "k1:" + "A" * 500])
def test_a_broken_address_is_an_empty_search(sealed: str, cast: Cast, signed_in: SignedIn) -> None:
    assert signed_in(cast.people.coordinator).get(PAGE, {"s": sealed}).status_code == 200


def test_a_search_takes_the_same_statements_for_one_hit_and_for_many(
    cast: Cast, signed_in: SignedIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    officer = cast.people.filing_officer
    browser = signed_in(officer)
    sealed = seal_query("zobra", user=officer)
    activity(cast, "Hoạt động zobra")
    document(cast.agencies.bat_xat_police, cast.map.bat_xat, "Kế hoạch zobra")
    browser.get(PAGE, {"s": sealed})
    with django_assert_num_queries(9):
        browser.get(PAGE, {"s": sealed})
    for number in range(30):
        activity(cast, f"Hoạt động zobra {number}")
        document(cast.agencies.bat_xat_police, cast.map.bat_xat, f"Kế hoạch zobra {number}")

    with django_assert_num_queries(9):
        page = browser.get(PAGE, {"s": sealed}).content.decode()
    assert page.count("Hoạt động zobra") == 5
    with django_assert_num_queries(8):
        second = browser.get(PAGE, {"s": sealed, "kind": "activity", "page": "2"}).content.decode()
    assert second.count("Hoạt động zobra") == 6


def test_more_than_can_be_paged_through_are_said_to_be_more(cast: Cast) -> None:
    for number in range(MOST + 5):
        area(f"9{number:04}", f"Xã Zobra {number}", "082")

    found = looked_for(cast.people.coordinator, "zobra")

    assert found.count("area") == "100+"
    assert len(found.of("area")) == MOST


def test_the_box_stands_in_the_head_of_every_page(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.people.coordinator).get(reverse("home")).content.decode()

    assert 'id="site-search"' in page
    assert page.index('id="site-search"') < page.index("<main")
