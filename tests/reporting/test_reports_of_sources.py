"""The three reports of the sources that are no periodic ones: a phase, a pilot, the tasks of a letter.

Every published fact is told by one of the reports. Those of Kon Tum and Bắc Kạn are asked for in `test_demo`.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import docx
import pypdf
import pytest
from django.core.management import CommandError, call_command

from programs.models import Pilot
from reporting.building import build_snapshot
from reporting.rendering.snapshot import Snapshot
from territory.figure import Status
from territory.period import parse_period
from territory.selectors import area_on
from tests.reporting import test_demo
from tests.reporting.records import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_areas")]

PHASE = ("445", "2016..2020", "phase")
PILOT = ("10", "2021-05-01..2022-06-30", "pilot")
PROGRESS = ("VN", "2022", "progress")

#: What the reports say of each fact.
WORDS = {
    "TH-01": ["Công văn số 3281/BCĐ ngày 25 tháng 9 năm 2020 của Ban Chỉ đạo 138/CP"],
    "TH-02": ["Công văn số 6653/UBND-NC của Ủy ban nhân dân tỉnh Hà Tĩnh"],
    "TH-03": ["1. TÌNH HÌNH", "8. NHIỆM VỤ THỜI GIAN TỚI"],
    "TH-04": ["chưa phát hiện vụ việc mua bán người"],
    "TH-05": ["chưa phát hiện đối tượng phạm tội mua bán người"],
    "TH-06": ["chưa tiếp nhận nạn nhân bị mua bán trở về"],
    "TH-07": ["huyện Thạch Hà có 22 xã, thị trấn"],
    "TH-08": [
        "Đổi mới truyền thông",
        "Tập huấn cho lực lượng",
        "trẻ em gái",
        "Lắp camera giám sát trên tất cả",
    ],
    "TH-09": ["- Công an tỉnh;", "- Công an huyện;", "- Lưu: VT, UBND."],
    "TH-10": ["Công an huyện Thạch Hà: Tuyên truyền cho học sinh", "các trường học"],
    "TH-11": ["camera an ninh tại điểm quan trọng và trục đường chính"],
    "LC-01": ["Thành phố Lào Cai"],
    "LC-02": ["Huyện Bát Xát"],
    "LC-03": ["Huyện Mường Khương"],
    "LC-04": ["Huyện Bảo Thắng"],
    "LC-05": ["Huyện Si Ma Cai"],
    "LC-06": ["từ ngày 01/5/2021 đến ngày 30/6/2022"],
    "LC-07": ["Cơ quan chủ trì: Công an tỉnh Lào Cai"],
    "LC-08": ["Sở Lao động - Thương binh và Xã hội", "Hội Liên hiệp Phụ nữ", "Bộ Chỉ huy Bộ đội Biên phòng"]
    + ["Viện kiểm sát nhân dân", "Tòa án nhân dân", "Ủy ban nhân dân huyện Bát Xát"],
    "LC-09": [
        "08 nhiệm vụ được giao cho 05 đơn vị",
        "chiến dịch truyền thông",
        "Tập huấn cho cán bộ liên ngành",
    ],
    "BQP-01": ["Công văn số 2978/BQP-BĐBP của Bộ Quốc phòng"],
    "BQP-02": ["09 nhiệm vụ được giao cho 03 đơn vị", "1. Thực hiện Kết luận", "9. Đẩy mạnh hợp tác quốc tế"],
    "BQP-03": ["Kết luận số 13-KL/TW ngày 16 tháng 8 năm 2021 của Bộ Chính trị"],
    "BQP-04": ["Quyết định số 1058/QĐ-BQP ngày 14 tháng 4 năm 2021"],
    "BQP-05": ["Công văn số 3682/BQP-BĐBP ngày 22 tháng 9 năm 2021"],
    "BQP-06": ["Công văn số 4790/BQP-BĐBP ngày 01 tháng 12 năm 2021"],
    "BQP-07": ["số 2548/QCPH-LĐTBXH-CA-QP-NG ngày 18 tháng 7 năm 2022"],
    "BQP-08": ["gửi số liệu theo mẫu kèm Công văn 3682/BQP-BĐBP"],
    "BQP-09": ["Báo cáo tình hình mua bán người (TIP) năm 2022 của Bộ Ngoại giao Hoa Kỳ"],
}
REPORTS = {"TH": PHASE, "LC": PILOT, "BQP": PROGRESS}

EIGHT = [
    "1. TÌNH HÌNH",
    "2. CÔNG TÁC CHỈ ĐẠO",
    "3. CÔNG TÁC TUYÊN TRUYỀN",
    "4. CÔNG TÁC ĐIỀU TRA, TRUY TỐ, XÉT XỬ",
    "5. CÔNG TÁC TIẾP NHẬN, HỖ TRỢ NẠN NHÂN",
    "6. CÔNG TÁC XÂY DỰNG PHÁP LUẬT, HỢP TÁC QUỐC TẾ",
    "7. NHẬN XÉT, ĐÁNH GIÁ",
    "8. NHIỆM VỤ THỜI GIAN TỚI",
]


def made(report: tuple[str, str, str], folder: Path) -> tuple[str, str]:
    """The text of the PDF and of the Word file that the command writes, each on one line."""
    area, period, kind = report
    out, word = folder / "report.pdf", folder / "report.docx"
    more: dict[str, object] = {}
    if kind == "pilot":
        more["pilot"] = Pilot.objects.unscoped("test").get(is_demo=True).pk
    if kind == "progress":
        more["document"] = "2978/BQP-BĐBP"
    call_command("make_report", area=area, period=period, kind=kind, out=out, docx=word, **more)
    pages = pypdf.PdfReader(io.BytesIO(out.read_bytes())).pages
    body = docx.Document(str(word)).element.body
    paragraphs = [
        "".join(text.text or "" for text in paragraph.iter() if str(text.tag).endswith("}t"))
        for paragraph in body.iter()
        if str(paragraph.tag).endswith("}p")
    ]
    return _line(" ".join(page.extract_text() for page in pages)), _line(" ".join(paragraphs))


def _line(text: str) -> str:
    return re.sub(r"- (?=CP)", "", " ".join(text.split()))


def test_every_published_fact_is_told_by_one_of_the_reports() -> None:
    assert set(test_demo.WORDS) | set(WORDS) == set(test_demo.facts())


@pytest.mark.parametrize("report", [PHASE, PILOT, PROGRESS], ids=["Thạch Hà", "Lào Cai", "Bộ Quốc phòng"])
def test_the_report_prints_every_fact_in_both_files(
    report: tuple[str, str, str],
    demo: None,
    tmp_path: Path,
) -> None:
    printed, written = made(report, tmp_path)

    expected = [words for key in WORDS if REPORTS[key.split("-")[0]] == report for words in WORDS[key]]
    squeezed = "".join(printed.split())
    assert [words for words in expected if "".join(words.split()) not in squeezed] == []
    squeezed = "".join(written.split())
    assert [words for words in expected if "".join(words.split()) not in squeezed] == []


def test_the_phase_report_has_its_eight_sections_in_order(demo: None, tmp_path: Path) -> None:
    printed, _ = made(PHASE, tmp_path)

    places = [printed.index(title) for title in EIGHT]

    assert places == sorted(places)
    assert "Chưa có số liệu riêng của từng năm: 2016, 2017, 2018, 2019, 2020." in printed


@pytest.mark.parametrize("code", ["cases_detected", "suspects_detected", "victims_received"])
def test_three_nils_of_the_phase_are_confirmed(code: str, demo: None) -> None:
    period = parse_period("2016..2020")

    found = ask(code, area_on("445", period.end), period)

    assert (found.status, found.source) == (Status.CONFIRMED_NIL, "submissions")


def snapshot_of(report: tuple[str, str, str]) -> Snapshot:
    area, code, kind = report
    period = parse_period(code)
    return build_snapshot(kind=kind, area=area_on(area, period.end), period=period)


def test_both_request_documents_are_cited_as_the_basis(demo: None) -> None:
    snapshot = snapshot_of(PHASE)

    lists = [block for block in snapshot["sections"][1]["blocks"] if block["type"] == "documents"]
    cited = json.dumps(lists, ensure_ascii=False)
    assert "3281/BCĐ" in cited
    assert "6653/UBND-NC" in cited


def test_a_report_about_nothing_is_refused(demo: None, tmp_path: Path) -> None:
    area, period, kind = PILOT
    with pytest.raises(CommandError, match="--pilot"):
        call_command("make_report", area=area, period=period, kind=kind, out=tmp_path / "report.pdf")
