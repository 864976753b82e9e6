"""Filing an activity in the browser: what goes in, what is refused, and what stays typed."""

import datetime as dt
import re
import threading
import unicodedata
import uuid
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from accounts.scoping import UnscopedQuery
from programs.models import Activity
from programs.services import file_activity
from tests.programs.cast import Cast, filed, make_cast, png, quantity, typed_form
from tests.programs.conftest import SignedIn

NEW = "/activities/new/"


def everything() -> Any:
    return Activity.objects.unscoped("the test looks at the table")


def errors_beside(page: str, field: str) -> str:
    """The text of the errors that stand beside a field."""
    found = re.search(rf'id="id_{field}_error"[^>]*>(.*?)</div>', page, re.DOTALL) or re.search(
        rf'id="id_{field}_error"[^>]*>(.*?)</span>', page, re.DOTALL
    )
    return unescape(re.sub(r"<[^>]+>", " ", found[1])).strip() if found else ""


def test_an_activity_is_filed_with_all_its_fields(cast: Cast, signed_in: SignedIn) -> None:
    response = signed_in(cast.officer).post(NEW, typed_form(cast))

    activity = everything().get()
    assert response.status_code == 302
    assert response["Location"] == f"/activities/{activity.pk}/"
    assert activity.state == Activity.State.SUBMITTED
    assert activity.filed_by == cast.officer
    assert (activity.started_on, activity.ended_on) == (dt.date(2020, 3, 5), dt.date(2020, 3, 5))
    assert (activity.province, activity.district) == (cast.kon_tum, cast.dak_glei)
    assert activity.narrative == "Dòng một.\nDòng hai."
    assert [agency.name for agency in activity.partner_agencies.all()] == ["Hội Phụ nữ tỉnh Kon Tum"]
    assert [(q.measure, q.low, q.high, q.word, q.women) for q in activity.quantities.all()] == [
        ("attendances", 6770, None, "trên", 3000),
        ("sessions", 4, 4, "", None),
    ]
    assert [(c.source, c.amount) for c in activity.costs.all()] == [("local", 12_500_000)]


def test_the_page_offers_only_own_agency_and_own_areas(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.district_officer).get(NEW).content.decode()

    assert f'type="hidden" name="agency" value="{cast.dak_glei_police.pk}"' in page
    assert "Xã Đăk Long" in page
    assert "Xã Pờ Y" not in page
    assert "Xã Trịnh Tường" not in page
    assert 'label="Huyện Đăk Glei"' in page


TOO_LONG = "đ" * 100_000
BAD_INPUT: list[tuple[str, dict[str, Any], str, str, str]] = [
    # what, typed, field with the message, part of the message, what is still in the page
    ("malformed date", {"started_on": "31/02/2020"}, "started_on", "day/month/year", 'value="31/02/2020"'),
    ("a date in words", {"ended_on": "hôm qua"}, "ended_on", "for example 05/03/2020", 'value="hôm qua"'),
    ("no date", {"ended_on": ""}, "ended_on", "Give the date", "Đăk Môn"),
    ("ends before it starts", {"ended_on": "04/03/2020"}, "ended_on", "before the first day", "04/03/2020"),
    ("in the future", {"ended_on": "2090-01-01"}, "ended_on", "future", "2090-01-01"),
    ("too early", {"started_on": "1999-12-31"}, "started_on", "01/01/2000", "1999-12-31"),
    ("years at once", {"started_on": "2015-01-01"}, "is_cumulative", "half-year", "2015-01-01"),
    ("negative figure", {"quantities-0-figure": "-5"}, "quantities-0-figure", "below zero", 'value="-5"'),
    ("absurd figure", {"quantities-0-figure": "9" * 14}, "quantities-0-figure", "too large", "9" * 14),
    ("two readings", {"quantities-0-figure": "6,770"}, "quantities-0-figure", "two numbers", '"6,770"'),
    ("words for it", {"quantities-0-figure": "rất đông"}, "quantities-0-figure", "not a figure", "rất đông"),
    ("no figure", {"quantities-0-figure": ""}, "quantities-0-figure", "Type how many", "3.000"),
    ("no measure", {"quantities-0-measure": ""}, "quantities-0-measure", "Choose what", "trên 6.770"),
    ("same twice", {"quantities-1-measure": "attendances"}, "quantities-1-measure", "already", '"04"'),
    ("more women than all", {"quantities-0-women": "7000"}, "quantities-0-women", "larger than", '"7000"'),
    ("negative women", {"quantities-0-women": "-1"}, "quantities-0-women", "below zero", '"-1"'),
    ("women of sessions", {"quantities-1-women": "1"}, "quantities-1-women", "Leave this empty", '"1"'),
    ("unknown area", {"area": "999999999"}, "area", "“999999999” is not one of those", "Đăk Môn"),
    ("area that is no number", {"area": "x' OR 1=1"}, "area", "is not one of those", "Đăk Môn"),
    ("negative cost", {"cost_local": "-1.000"}, "cost_local", "below zero", '"-1.000"'),
    ("cost in words", {"cost_local": "nhiều"}, "cost_local", "whole number", '"nhiều"'),
    ("absurd cost", {"cost_local": "9" * 40}, "cost_local", "too large", "9" * 40),
    ("control character", {"title": "Hội\x07nghị"}, "title", "U+0007", "Hội\x07nghị"),
    ("null character", {"other_partners": "a\x00b"}, "other_partners", "U+0000", "a\x00b"),
    ("long title", {"title": "x" * 301}, "title", "301 characters; at most 300", "x" * 301),
    ("long narrative", {"narrative": TOO_LONG}, "narrative", "100000 characters; at most 20000", TOO_LONG),
    ("unknown kind", {"kind": "party"}, "kind", "party", "Đăk Môn"),
    ("unknown audience", {"audience": ["martians"]}, "audience", "martians", "Đăk Môn"),
]


@pytest.mark.parametrize(
    ("what", "typed", "field", "message", "kept"), BAD_INPUT, ids=[row[0] for row in BAD_INPUT]
)
def test_bad_input_is_told_beside_the_field_and_stays(
    cast: Cast, signed_in: SignedIn, what: str, typed: dict[str, Any], field: str, message: str, kept: str
) -> None:
    response = signed_in(cast.officer).post(NEW, typed_form(cast, **typed))

    page = response.content.decode()
    assert response.status_code == 200
    assert not everything().exists()
    assert message in errors_beside(page, field)
    assert kept in unescape(page)
    assert f'href="#id_{field}"' in page


def test_areas_and_agencies_of_others_cannot_be_chosen(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.officer)
    for typed, field in (
        ({"area": str(cast.trinh_tuong.pk)}, "area"),
        ({"agency": str(cast.bat_xat_police.pk)}, "agency"),
        ({"partner_agencies": [str(cast.lao_cai_police.pk)]}, "partner_agencies"),
    ):
        page = client.post(NEW, typed_form(cast, **typed)).content.decode()
        assert "is not one of those you may choose" in errors_beside(page, field)
        assert "Tuyên truyền lưu động" in page
    assert not everything().exists()


def test_an_area_is_chosen_as_it_was_on_the_day(cast: Cast, signed_in: SignedIn) -> None:
    late = {"started_on": "2025-08-01", "ended_on": "2025-08-01"}
    page = signed_in(cast.officer).post(NEW, typed_form(cast, **late)).content.decode()

    assert "Xã Đăk Môn was not a unit on 01/08/2025" in errors_beside(page, "area")
    assert re.search(rf'value="{cast.dak_mon.pk}"\s+selected', page)


def test_an_activity_tells_something(cast: Cast, signed_in: SignedIn) -> None:
    silent = {"narrative": " ", "quantities-TOTAL_FORMS": "0"}
    page = signed_in(cast.officer).post(NEW, typed_form(cast, **silent)).content.decode()

    assert "at least one figure" in errors_beside(page, "narrative")


def test_a_removed_row_is_neither_judged_nor_kept(cast: Cast, signed_in: SignedIn) -> None:
    removed = {"quantities-1-figure": "nonsense", "quantities-1-DELETE": "on"}
    response = signed_in(cast.officer).post(NEW, typed_form(cast, **removed))

    assert response.status_code == 302
    assert everything().get().quantities.count() == 1


def test_tampered_hidden_fields_do_not_break_the_page(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.officer)
    for typed in (
        {"quantities-TOTAL_FORMS": "99999999999"},
        {"quantities-TOTAL_FORMS": "x"},
        {"quantities-TOTAL_FORMS": "-1"},
        {"submission_key": "x"},
        {"version": "x"},
    ):
        assert client.post(NEW, typed_form(cast, **typed)).status_code in (200, 302)


def test_decomposed_text_is_stored_composed(cast: Cast, signed_in: SignedIn) -> None:
    typed = unicodedata.normalize("NFD", "Hội nghị tập huấn Đăk Glei")
    assert signed_in(cast.officer).post(NEW, typed_form(cast, title=typed)).status_code == 302
    assert everything().get().title == unicodedata.normalize("NFC", typed)


def test_files_go_with_the_activity_and_bad_ones_are_named(
    cast: Cast, signed_in: SignedIn, settings: Any
) -> None:
    client = signed_in(cast.officer)
    false = SimpleUploadedFile("kế hoạch.pdf", png())
    large = SimpleUploadedFile("ảnh.png", b"x" * (settings.ATTACHMENT_MAX_BYTES + 1))
    page = client.post(NEW, typed_form(cast, attachments=[false, large])).content.decode()

    beside = errors_beside(page, "attachments")
    assert (
        "“kế hoạch.pdf” is of another type than its name says: the name says PDF, the content is PNG"
        in beside
    )
    assert "“ảnh.png” is too large: 5 MB" in beside
    assert "Choose your files again" in page
    assert "Tuyên truyền lưu động" in page
    assert not everything().exists()

    good = SimpleUploadedFile("ảnh.png", png())
    assert client.post(NEW, typed_form(cast, attachments=[good])).status_code == 302
    assert [file.name for file in everything().get().attachments.all()] == ["ảnh.png"]


def test_a_second_click_makes_one_record(cast: Cast, signed_in: SignedIn) -> None:
    client, typed = signed_in(cast.officer), typed_form(cast)
    first, second = client.post(NEW, typed), client.post(NEW, typed)

    assert first["Location"] == second["Location"]
    assert everything().count() == 1


def test_other_words_under_the_same_key_are_not_lost(cast: Cast, signed_in: SignedIn) -> None:
    client, typed = signed_in(cast.officer), typed_form(cast)
    client.post(NEW, typed)
    page = client.post(NEW, {**typed, "title": "Buổi khác"}).content.decode()

    assert "was filed already" in page
    assert "Buổi khác" in page
    fresh = re.search(r'name="submission_key" value="([^"]+)"', page)
    assert fresh
    assert fresh[1] != typed["submission_key"]
    assert client.post(NEW, {**typed, "title": "Buổi khác", "submission_key": fresh[1]}).status_code == 302
    assert everything().count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_make_one_record() -> None:
    cast = make_cast()
    key, together, found = uuid.uuid4(), threading.Barrier(2), []

    def click() -> None:
        try:
            together.wait(timeout=10)
            found.append(filed(cast, quantity("sessions", "4"), submission_key=key).pk)
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    assert len(found) == 2
    assert len(set(found)) == 1
    assert everything().count() == 1
    assert everything().get().quantities.count() == 1


def test_rows_for_more_figures_without_script(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.officer).post(NEW, typed_form(cast, more_rows="yes")).content.decode()

    assert 'name="quantities-4-figure"' in page
    assert 'value="trên 6.770"' in page
    assert not everything().exists()


def test_the_service_refuses_who_does_not_write_there(cast: Cast) -> None:
    for changed in (
        {"actor": cast.stranger},
        {"actor": cast.coordinator},
        {"actor": cast.district_officer},
        {"area": cast.trinh_tuong},
        {"agency": cast.bat_xat_police},
    ):
        with pytest.raises(PermissionDenied):
            filed(cast, quantity("sessions", "4"), **changed)
    assert not everything().exists()


def test_the_service_judges_what_the_form_judges(cast: Cast) -> None:
    for quantities, changed in (
        ([quantity("sessions", "4")], {"ended_on": dt.date(2020, 1, 1)}),
        ([quantity("sessions", "4"), quantity("sessions", "5")], {}),
        ([quantity("people", "4", women=5)], {}),
        ([], {"narrative": ""}),
        ([], {"title": "a\x07"}),
    ):
        with pytest.raises(ValidationError):
            filed(cast, *quantities, **changed)


def test_another_persons_key_gives_nothing_away(cast: Cast) -> None:
    key = filed(cast).submission_key
    with pytest.raises(PermissionDenied):
        filed(cast, actor=cast.colleague, submission_key=key)


def test_a_record_of_years_needs_to_say_so(cast: Cast) -> None:
    days = {"started_on": dt.date(2013, 1, 1), "ended_on": dt.date(2019, 10, 8)}
    assert filed(cast, quantity("people", "31.000"), is_cumulative=True, **days).is_cumulative


def test_who_may_not_file_gets_no_form(cast: Cast, signed_in: SignedIn) -> None:
    for user in (cast.coordinator, cast.steering):
        client = signed_in(user)
        assert client.get(NEW).status_code == 403
        assert client.post(NEW, typed_form(cast)).status_code == 403
    assert Client().get(NEW).status_code == 302


def test_a_query_nobody_scoped_is_refused(cast: Cast) -> None:
    filed(cast)
    with pytest.raises(UnscopedQuery):
        list(Activity.objects.all())
    with pytest.raises(UnscopedQuery):
        Activity.objects.filter(pk=1).count()


def test_file_activity_keeps_a_draft_of_the_unit(cast: Cast, signed_in: SignedIn) -> None:
    assert signed_in(cast.officer).post(NEW, typed_form(cast, state="draft")).status_code == 302
    assert everything().get().state == Activity.State.DRAFT
    assert file_activity.__kwdefaults__["state"] == Activity.State.SUBMITTED
