"""Targets of programmes: met, not met, or not measurable and why; and who may look at which area."""

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.translation import override
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.models import AuditEvent
from programs.models import Comparison, Programme, Target
from reporting.models import Indicator
from reporting.targets import Judgement, Verdict, judge, judge_all
from territory.models import Agency, Area
from territory.period import parse_period
from tests.cast import Cast
from tests.conftest import SignedIn
from tests.reporting import records

YEAR = parse_period("2022")


@pytest.fixture(autouse=True)
def english() -> Any:
    with override("en"):
        yield


@pytest.fixture
def programme(cast: Cast) -> Programme:
    records.load_catalogue()
    call_command("load_programmes", verbosity=0, stdout=records._Silent())
    return Programme.objects.get(code="2021-2025")


def target(programme: Programme, **changed: Any) -> Target:
    fields = {
        "text": "Giải quyết trên 90% tin báo",
        "indicator": "tips_resolved",
        "out_of": "tips_received",
        "comparison": Comparison.MORE_THAN,
        "value": Decimal(90),
        **changed,
    }
    return Target.objects.create(programme=programme, order=50, **fields)


def said(of: Agency, area: Area, **figures: Any) -> None:
    records.submission(records.obligation(of, area, YEAR), says=figures)


def judged(cast: Cast, aim: Target, **figures: Any) -> Judgement:
    """What is found in Bát Xát in 2022 when its police reported these figures."""
    if figures:
        said(cast.agencies.bat_xat_police, cast.map.bat_xat, **figures)
    return judge(aim, cast.map.bat_xat, 2022)


@pytest.mark.parametrize(
    ("comparison", "resolved", "verdict"),
    [
        (Comparison.MORE_THAN, 19, Verdict.MET),
        (Comparison.MORE_THAN, 18, Verdict.NOT_MET),
        (Comparison.AT_LEAST, 18, Verdict.MET),
        (Comparison.AT_MOST, 18, Verdict.MET),
        (Comparison.AT_MOST, 19, Verdict.NOT_MET),
        (Comparison.EXACTLY, 18, Verdict.MET),
        (Comparison.EXACTLY, 17, Verdict.NOT_MET),
    ],
)
def test_a_share_is_held_against_the_target(
    cast: Cast, programme: Programme, comparison: Comparison, resolved: int, verdict: Verdict
) -> None:
    found = judged(cast, target(programme, comparison=comparison), tips_received=20, tips_resolved=resolved)

    assert found.verdict is verdict
    assert found.actual == records.figure(str(resolved * 5))
    assert f"Tips resolved: {resolved} tips; Tips received: 20 tips." in found.why


def test_an_amount_is_held_against_the_target(cast: Cast, programme: Programme) -> None:
    aim = target(programme, out_of="", unit="tin", value=Decimal(15), comparison=Comparison.AT_LEAST)

    assert judged(cast, aim, tips_resolved=15).verdict is Verdict.MET


def test_a_qualified_figure_decides_where_all_it_can_mean_does(cast: Cast, programme: Programme) -> None:
    found = judged(cast, target(programme), tips_received=20, tips_resolved="trên 19")

    assert found.verdict is Verdict.MET
    assert found.actual == records.figure("hơn 95")


def not_measurable(found: Judgement, why: str) -> bool:
    return found.verdict is Verdict.NOT_MEASURABLE and why in found.why


def test_without_an_indicator(cast: Cast, programme: Programme) -> None:
    assert not_measurable(judged(cast, target(programme, indicator="", out_of="")), "No indicator")


def test_an_indicator_the_catalogue_does_not_know(cast: Cast, programme: Programme) -> None:
    found = judged(cast, target(programme, indicator="nobody-counts"), tips_received=20)

    assert not_measurable(found, "nobody-counts")


def test_a_target_without_a_number(cast: Cast, programme: Programme) -> None:
    assert not_measurable(judged(cast, target(programme, value=None)), "names no number")


def test_nothing_reported_is_not_zero(cast: Cast, programme: Programme) -> None:
    assert not_measurable(judged(cast, target(programme)), "No figure was reported for “Tips resolved”")


def test_a_report_that_is_not_due_yet(cast: Cast, programme: Programme) -> None:
    records.obligation(
        cast.agencies.bat_xat_police, cast.map.bat_xat, YEAR, due_on=dt.date.today() + dt.timedelta(days=9)
    )

    assert not_measurable(judged(cast, target(programme)), "not due yet")


def test_nothing_to_take_a_share_of(cast: Cast, programme: Programme) -> None:
    found = judged(cast, target(programme), tips_received=0, tips_resolved=0)

    assert not_measurable(found, "Nothing to take a share of")


def test_a_part_larger_than_its_whole(cast: Cast, programme: Programme) -> None:
    found = judged(cast, target(programme), tips_received=10, tips_resolved=12)

    assert not_measurable(found, "larger than the whole")


def test_a_figure_that_is_not_exact_enough(cast: Cast, programme: Programme) -> None:
    found = judged(cast, target(programme), tips_received=20, tips_resolved="khoảng 18")

    assert not_measurable(found, "not exact enough")
    assert found.actual is not None


def test_a_unit_that_kept_silent(cast: Cast, programme: Programme) -> None:
    said(cast.agencies.bat_xat_police, cast.map.bat_xat, tips_received=20, tips_resolved=20)
    records.obligation(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai, YEAR)

    found = judge(target(programme), cast.map.lao_cai, 2022)

    assert not_measurable(found, "1 of 2 units have not reported")


def test_records_and_reports_that_disagree(cast: Cast, programme: Programme) -> None:
    aim = target(programme, indicator="cases_prosecuted", out_of="", unit="vụ", value=Decimal(1))
    records.case(cast.agencies.bat_xat_police, cast.map.bat_xat, prosecuted_on=dt.date(2022, 3, 5))

    assert not_measurable(judged(cast, aim, cases_prosecuted=3), "Somebody has to decide")


def test_another_unit_than_the_indicators(cast: Cast, programme: Programme) -> None:
    found = judged(cast, target(programme, out_of="", unit="người"), tips_resolved=15)

    assert not_measurable(found, "counts tips")


@pytest.mark.parametrize(
    ("year", "why"), [(2020, "does not run in 2020"), (2025, "was not a unit on 14/12/2025")]
)
def test_years_that_do_not_fit(cast: Cast, programme: Programme, year: int, why: str) -> None:
    assert not_measurable(judge(target(programme), cast.map.bat_xat, year), why)


def test_a_target_of_another_year(cast: Cast, programme: Programme) -> None:
    assert not_measurable(judged(cast, target(programme, year=2025)), "set for the year 2025")


def test_a_year_that_is_not_over(cast: Cast, programme: Programme) -> None:
    found = judge(target(programme), cast.map.bat_xat, 2022, today=dt.date(2022, 12, 14))

    assert not_measurable(found, "not over: it ends on 14/12/2022")


def test_one_agency_is_judged_by_its_own_figures(cast: Cast, programme: Programme) -> None:
    said(cast.agencies.bat_xat_police, cast.map.bat_xat, tips_received=20, tips_resolved=20)
    aim = target(programme)

    own = judge(aim, cast.map.lao_cai, 2022, agency=cast.agencies.bat_xat_police)
    other = judge(aim, cast.map.lao_cai, 2022, agency=cast.agencies.si_ma_cai_police)

    assert (own.verdict, other.verdict) == (Verdict.MET, Verdict.NOT_MEASURABLE)


def test_many_targets_take_as_many_queries_as_one(
    cast: Cast, programme: Programme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    one = [target(programme)]
    codes = Indicator.objects.values_list("code", flat=True)[:9]
    many = [*one, *(target(programme, indicator=code, out_of="tips_received") for code in codes)]
    many = list(Target.objects.filter(pk__in=[each.pk for each in many]).select_related("programme"))

    with django_assert_num_queries(3) as few:
        judge_all(many, cast.map.lao_cai, 2022)
    with django_assert_num_queries(len(few)):
        judge_all(many * 5, cast.map.lao_cai, 2022)


def test_programmes_are_loaded_once_and_edits_stay(programme: Programme) -> None:
    before = (Programme.objects.count(), Target.objects.count())
    Target.objects.filter(programme=programme, order=2).update(value=Decimal(95))
    call_command("load_programmes", verbosity=0, stdout=records._Silent())

    assert before == (3, 5) == (Programme.objects.count(), Target.objects.count())
    assert programme.targets.get(order=2).value == 95
    assert [str(each.legal_basis) for each in Programme.objects.all()] == [
        "Decision 33/QĐ-TTg",
        "Decision 193/QĐ-TTg",
        "Decision 2546/QĐ-TTg",
    ]
    assert Programme.objects.get(code="2016-2020").projects.count() == 5


def page(reader: Any, **asked: Any) -> str:
    return reader.get(reverse("programme_detail", args=["2021-2025"]), asked).content.decode()


def test_the_page_says_what_was_found(cast: Cast, programme: Programme, signed_in: SignedIn) -> None:
    said(cast.agencies.bat_xat_police, cast.map.bat_xat, tips_received=20, tips_resolved=19)
    reader = signed_in(cast.people.coordinator)

    text = page(reader, unit=cast.map.bat_xat.pk, year=2022)

    assert "Decision 193/QĐ-TTg" in text
    assert "95%" in text
    assert 'data-state="done">Met<' in text
    assert "No figure was reported for “Tips classified”." in text


def test_every_target_of_the_phase_is_judged_from_what_was_reported(cast: Cast, programme: Programme) -> None:
    said(
        cast.agencies.bat_xat_police,
        cast.map.bat_xat,
        **{"tips_received": 20, "tips_classified": 20, "tips_resolved": 19},
        **{"cases_prosecuted": 10, "cases_concluded": 10, "cases_indicted": 9, "cases_tried": 9},
    )
    found = judge_all(list(programme.targets.order_by("order")), cast.map.bat_xat, 2022)

    assert [each.verdict for each in found] == [
        Verdict.MET,
        Verdict.MET,
        Verdict.MET,
        Verdict.NOT_MET,
        Verdict.MET,
    ]
    assert "Cases indicted: 9 cases; Investigations concluded: 10 cases." in found[3].why
    assert "Cases tried: 9 cases; Cases indicted: 9 cases." in found[4].why


def test_an_indictment_in_the_records_counts(cast: Cast, programme: Programme) -> None:
    case = records.case(cast.agencies.bat_xat_police, cast.map.bat_xat, prosecuted_on=dt.date(2022, 3, 5))
    for kind, day in (("investigation_concluded", 5), ("indicted", 6), ("tried", 8)):
        case.stages.create(kind=kind, reached_on=dt.date(2022, day, 5), agency=cast.agencies.bat_xat_police)
    said(
        cast.agencies.bat_xat_police,
        cast.map.bat_xat,
        **{"cases_concluded": 1, "cases_indicted": 1, "cases_tried": 1},
    )
    found = judge_all(list(programme.targets.filter(order__gte=4)), cast.map.bat_xat, 2022)

    assert [each.verdict for each in found] == [Verdict.MET, Verdict.MET]


def test_targets_loaded_before_anything_counted_them_get_their_indicator(programme: Programme) -> None:
    programme.targets.filter(order__in=(1, 4)).update(indicator="", out_of="")
    programme.targets.filter(order=4).update(text="Chỉ tiêu do người dùng sửa")
    call_command("load_programmes", verbosity=0, stdout=records._Silent())

    assert programme.targets.get(order=1).indicator == "tips_classified"
    assert programme.targets.get(order=4).indicator == ""


def test_an_officer_chooses_only_the_own_unit(cast: Cast, programme: Programme, signed_in: SignedIn) -> None:
    said(cast.agencies.si_ma_cai_police, cast.map.si_ma_cai, tips_received=20, tips_resolved=19)

    text = page(signed_in(cast.people.filing_officer), unit=cast.map.si_ma_cai.pk, year=2022)

    assert "Huyện Bát Xát · Công an huyện Bát Xát" in text
    assert "Si Ma Cai" not in text
    assert 'data-state="done">Met<' not in text


def test_a_coordinator_chooses_among_own_areas(cast: Cast, programme: Programme, signed_in: SignedIn) -> None:
    text = page(signed_in(cast.people.coordinator))

    assert "Huyện Si Ma Cai" in text
    assert "Kon Tum" not in text


def test_the_page_takes_as_many_queries_with_many_targets(
    cast: Cast,
    programme: Programme,
    signed_in: SignedIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    reader = signed_in(cast.people.coordinator)
    with django_assert_num_queries(12) as few:
        page(reader)
    for _ in range(9):
        target(programme)
    with django_assert_num_queries(len(few)):
        page(reader)


def test_the_list_of_programmes_is_one_query_of_its_own(
    cast: Cast,
    programme: Programme,
    signed_in: SignedIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    reader = signed_in(cast.people.coordinator)
    with django_assert_num_queries(3):
        text = reader.get(reverse("programme_list")).content.decode()

    assert text.index("2026 - 2030") < text.index("2021 - 2025") < text.index("2016 - 2020")


def test_who_reads_no_documents_is_refused(cast: Cast, programme: Programme, signed_in: SignedIn) -> None:
    reader = signed_in(cast.people.administrator)

    assert reader.get(reverse("programme_list")).status_code == 403
    assert reader.get(reverse("programme_detail", args=["2021-2025"])).status_code == 403
    assert signed_in(cast.people.stranger).get("/programmes/1999-2000/").status_code == 404


def test_the_file_of_the_targets_says_what_the_page_says(
    cast: Cast, programme: Programme, signed_in: SignedIn
) -> None:
    said(cast.agencies.bat_xat_police, cast.map.bat_xat, tips_received=20, tips_resolved=19)
    asked = {"unit": str(cast.map.bat_xat.pk), "year": "2022"}
    answer = signed_in(cast.people.coordinator).get(reverse("programme_export", args=["2021-2025"]), asked)
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))

    assert len(rows) == programme.targets.count()
    assert ("95%", "Met") in {(row[3], row[4]) for row in rows}
    noted = AuditEvent.objects.get(kind=AuditEvent.Kind.EXPORTED)
    assert (noted.about, noted.detail["rows"]) == ("programs.target:list", len(rows))
