"""The demonstration: every published fact is found again, in the figures and in the printed report."""

from __future__ import annotations

import json
import re
import stat
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from reporting.building import build_snapshot
from reporting.figures import coverage_of, silent_units
from reporting.rollup import check_facts
from territory.agencies import load_agency_kinds
from territory.figure import Coverage, Figure, Status
from territory.models import Agency, Area
from territory.period import Period, parse_period
from territory.selectors import area_on
from tests.reporting.records import ask, load_catalogue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_areas")]

#: The reports the facts were published in, by the first letters of their keys.
KON_TUM, BAC_KAN = ("62", "2020-H1", "six_month"), ("06", "2013-01-01..2019-10-08", "thematic")
REPORTS = {"KT": KON_TUM, "BK": BAC_KAN}

#: Facts that are figures, and the indicator each is a figure of.
FIGURES = {
    "KT-01": "cases_under_investigation",
    "KT-02": "accused_under_investigation",
    "KT-03": "cases_detected",
    "KT-04": "media_items",
    "KT-05": "persons_stopped",
    "BK-01": "training_classes",
    "BK-02": "training_people",
    "BK-03": "movement_villages",
    "BK-04": "movement_people",
    "BK-05": "communication_attendances",
    "BK-06": "lessons_integrated",
    "BK-07": "lesson_attendances",
    "BK-08": "extracurricular_sessions",
    "BK-09": "extracurricular_attendances",
    "BK-10": "victims_received",
}

#: What a report says of each fact, figures included.
WORDS = {
    "KT-01": ["01 vụ - 0 bị can", "“Mua bán người” (Điều 150 Bộ luật Hình sự)"],
    "KT-02": ["0 bị can"],
    "KT-03": ["trong kỳ chưa phát hiện vụ việc", "1 Vụ việc mua bán người mới phát hiện vụ chưa phát hiện"],
    "KT-04": ["hàng trăm tin, bài"],
    "KT-05": ["hàng trăm lượt người"],
    "KT-06": ["Ratanakiri (Campuchia)", "Attapeu (Lào)", "ba nước Việt Nam - Lào - Campuchia"],
    "KT-07": ["Công an tỉnh là cơ quan thường trực của Ban Chỉ đạo"],
    "KT-08": [
        "Công an tỉnh Kon Tum: Đánh giá thực trạng",
        "phối hợp với Sở Lao động - Thương binh và Xã hội",
    ],
    "KT-09": ["phụ nữ dân tộc thiểu số vùng biên", "báo cáo viên, cộng tác viên, tuyên truyền viên"],
    "KT-10": ["Tập huấn pháp luật, nghiệp vụ và tọa đàm cho cán bộ các đồn biên phòng"],
    "KT-11": ["địa hình hiểm trở", "quan hệ họ hàng", "Trình độ nghiệp vụ", "tiếng Lào và tiếng Khmer"],
    "KT-12": [
        "Viện kiểm sát và Tòa án",
        "cơ quan báo chí và Hội Liên hiệp Phụ nữ",
        "mô hình hỗ trợ nạn nhân",
    ],
    "BK-01": ["118 lớp"],
    "BK-02": ["trên 6.770 người"],
    "BK-03": ["1.992 thôn, bản, tổ, phố"],
    "BK-04": ["68.123 người"],
    "BK-05": ["61.345 lượt người"],
    "BK-06": ["8.035 tiết"],
    "BK-07": ["99.614 lượt học sinh, sinh viên"],
    "BK-08": ["4.223 buổi"],
    "BK-09": ["103.430 lượt học sinh, sinh viên"],
    "BK-10": ["04 nạn nhân"],
    "BK-11": [
        "thực hiện Chương trình hành động phòng, chống mua bán người",
        "nạn nhân bị mua bán giai đoạn 2016 - 2020",
    ],
    "BK-12": ["Cơ sở Bảo trợ xã hội tổng hợp"],
    "BK-13": ["Tổng đài quốc gia 111"],
    "BK-14": [
        "sửa đổi, bổ sung quy định về hỗ trợ nạn nhân",
        "duy trì Tổng đài 111",
        "tổ chức quốc tế tài trợ",
    ],
    "BK-15": ["Ngân sách hạn hẹp", "Đa số nạn nhân thuộc hộ nghèo"],
}

FRAME = {
    KON_TUM: [
        "ỦY BAN NHÂN DÂN TỈNH KON TUM",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "6 tháng đầu năm 2020",
        "từ ngày 15/12/2019 đến ngày 14/6/2020",
        "I. TÌNH HÌNH",
        "II. KẾT QUẢ THỰC HIỆN",
        "III. KHÓ KHĂN, VƯỚNG MẮC",
        "IV. PHƯƠNG HƯỚNG, NHIỆM VỤ THỜI GIAN TỚI",
        "Tổng hợp từ 9/10 đơn vị đã báo cáo, trong đó 08 đơn vị xác nhận",
        "Chưa báo cáo: Huyện Ia H'Drai.",
    ],
    BAC_KAN: [
        "ỦY BAN NHÂN DÂN TỈNH BẮC KẠN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "I. TÌNH HÌNH",
        "II. KẾT QUẢ THỰC HIỆN",
        "III. KHÓ KHĂN, VƯỚNG MẮC",
        "IV. PHƯƠNG HƯỚNG VÀ KIẾN NGHỊ",
    ],
}
RECIPIENTS = [
    "Nơi nhận:",
    "Ban Chỉ đạo 138/CP",
    "Ban Chỉ đạo 138 các huyện, thành phố",
    "Lưu: VT, PC02",
    "TM. BAN CHỈ ĐẠO",
]


@cache
def facts() -> dict[str, dict[str, Any]]:
    """The published facts of all sources, by key."""
    lines = Path(__file__).with_name("seed_facts.jsonl").read_text(encoding="utf-8").splitlines()
    return {fact["id"]: fact for fact in map(json.loads, lines)}


def as_published(fact: dict[str, Any]) -> Figure:
    if fact["value"] is None:
        return Figure.in_words(fact["qualifier"])
    return (
        Figure.over(fact["value"], fact["qualifier"]) if "qualifier" in fact else Figure.exact(fact["value"])
    )


def report_of(fact: str) -> tuple[Area, Period]:
    code, period, _ = REPORTS[fact[:2]]
    return area_on(code, parse_period(period).end), parse_period(period)


def rows_of_every_table() -> dict[str, int]:
    """How many rows each table has, those of the history included."""
    counted = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {table}")
            counted[table] = cursor.fetchone()[0]
    return counted


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))


def printed(report: tuple[str, str, str], folder: Path) -> str:
    """The text of the PDF that the command writes."""
    area, period, kind = report
    out = folder / "report.pdf"
    call_command("make_report", area=area, period=period, kind=kind, out=out)
    return one_line(" ".join(page.extract_text() for page in pypdf.PdfReader(out).pages))


def test_every_published_fact_is_looked_for() -> None:
    own = {key for key in facts() if key[:2] in REPORTS}
    assert len(own) == 27
    assert set(WORDS) == own
    assert {fact for fact in own if "value" in facts()[fact]} == set(FIGURES)


def test_loading_it_again_doubles_nothing(demo: None) -> None:
    before = rows_of_every_table()
    assert before["programs_activity"] > 10
    assert before["reporting_fact"] > 10

    call_command("load_demo")

    assert rows_of_every_table() == before


def test_without_areas_it_says_what_to_load_first(demo: None) -> None:
    Area.objects.filter(code="62").update(code="62x")

    with pytest.raises(CommandError, match="load_areas"):
        call_command("load_demo")


def test_the_credentials_let_each_role_sign_in(all_areas: object, tmp_path: Path) -> None:
    load_agency_kinds()
    path = tmp_path / "new folder" / "accounts.json"

    call_command("load_demo", credentials_to=path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    accounts = json.loads(path.read_text(encoding="utf-8"))
    assert {account["role"] for account in accounts} == set(Role.values)
    for account in accounts:
        user = User.objects.get(email=account["email"])
        assert user.check_password(account["password"])
        held = user.memberships.current().get()
        assert (held.role, held.agency.name, held.area.code) == (
            account["role"],
            account["agency"],
            account["area_code"],
        )
    browser = Client()
    first = accounts[0]
    answer = browser.post(reverse("account_login"), {"login": first["email"], "password": first["password"]})
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("home"))
    assert browser.session["_auth_user_id"] == str(User.objects.get(email=first["email"]).pk)

    call_command("load_demo")
    assert User.objects.get(email=first["email"]).check_password(first["password"])


def test_every_published_figure_is_answered_as_it_was_printed(demo: None) -> None:
    found, published = {}, {}
    for key, code in FIGURES.items():
        area, period = report_of(key)
        told = ask(code, area, period)
        unit = told.indicator.unit
        found[key] = (told.figure, unit)
        # "vụ mới phát hiện" is the unit "vụ" of an indicator that counts what was newly found.
        published[key] = (as_published(facts()[key]), facts()[key]["unit"].removesuffix(" mới phát hiện"))

    assert found == published


def test_each_figure_is_its_agencys_own(demo: None) -> None:
    for key, code in FIGURES.items():
        if "agency" in facts()[key]:
            area, period = report_of(key)
            agency = Agency.objects.get(area=area, name__contains=facts()[key]["agency"])

            assert ask(code, area, period, agency=agency).figure == as_published(facts()[key]), key


def test_nothing_new_in_kon_tum_is_confirmed_and_one_district_is_silent(demo: None) -> None:
    area, period = report_of("KT-03")

    for code in ("cases_detected", "suspects_detected"):
        found = ask(code, area, period)
        assert found.status is Status.CONFIRMED_NIL
        assert found.cell.coverage == Coverage(expected=10, reported=9, nil=8)
    assert coverage_of(area, period) == (Coverage(10, 9, 8), True)
    assert [owed.area.name for owed in silent_units(area, period)] == ["Huyện Ia H'Drai"]
    three = {
        code: ask("cases_detected", area_on(code, period.end), period).status
        for code in ("608", "615", "618")
    }
    assert three == {"608": Status.REPORTED, "615": Status.CONFIRMED_NIL, "618": Status.MISSING}


def test_the_rollup_of_the_demonstration_is_right(demo: None) -> None:
    assert check_facts() == []


@pytest.mark.parametrize("report", [KON_TUM, BAC_KAN], ids=["Kon Tum", "Bắc Kạn"])
def test_the_report_prints_every_fact(report: tuple[str, str, str], demo: None, tmp_path: Path) -> None:
    text = printed(report, tmp_path)

    expected = [*FRAME[report], *RECIPIENTS]
    expected += [words for key in WORDS if REPORTS[key[:2]] == report for words in WORDS[key]]
    assert [words for words in expected if words not in text] == []
    assert "DỮ LIỆU TRÌNH DIỄN" in text
    parts = [text.index(words) for words in FRAME[report] if re.match(r"[IV]+\. ", words)]
    assert parts == sorted(parts)
    assert len(parts) == 4


def test_the_snapshot_names_the_records_behind_each_figure(demo: None) -> None:
    area, period = report_of("KT-01")

    snapshot = build_snapshot(kind="six_month", area=area, period=period)

    cases = snapshot["figures"]["cases_under_investigation.2020-H1"]
    assert (cases["status"], cases["printed"], cases["source"], len(cases["records"])) == (
        "reported",
        "01 vụ",
        "records",
        1,
    )
    assert cases["records"][0].startswith("incidents.case:")
    nil = snapshot["figures"]["cases_detected.2020-H1"]
    assert (nil["status"], nil["printed"], nil["coverage"]) == (
        "confirmed_nil",
        "chưa phát hiện",
        {"expected": 10, "reported": 9, "nil": 8},
    )
    every_text = json.dumps(snapshot, ensure_ascii=False)
    assert unicodedata.is_normalized("NFC", every_text)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"area": "99"}, r"No area has the code “99” on 2020-06-14\."),
        ({"area": "Kon Tum'; --"}, "No area has the code"),
        ({"area": "62", "period": "2026-H1"}, "No area has the code “62” on 2026-06-14"),
        ({"period": "2020-H3"}, "is not a period"),
        ({"period": "2020-02-30..2020-03-01"}, "There is no day 2020-02-30"),
        ({"period": "2020-06-01..2020-01-01"}, "ends before it starts"),
        ({"period": "1999-H1"}, "Type a year from 2000 to 2100"),
        ({"kind": "yearbook"}, "invalid choice: 'yearbook'"),
        ({"out": Path("/nowhere/at/all/report.pdf")}, "Cannot write /nowhere/at/all/report.pdf"),
    ],
)
def test_what_cannot_be_made_is_refused_in_one_sentence(
    asked: dict[str, Any], sentence: str, all_areas: object, tmp_path: Path
) -> None:
    load_catalogue()
    area, period, kind = KON_TUM
    options: dict[str, Any] = {"area": area, "period": period, "kind": kind, "out": tmp_path / "report.pdf"}

    with pytest.raises(CommandError, match=sentence) as refused:
        call_command("make_report", **(options | asked))

    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_without_the_catalogue_it_says_what_to_load(all_areas: object, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="load_catalogue"):
        call_command("make_report", area="62", period="2020-H1", kind="six_month", out=tmp_path / "r.pdf")
