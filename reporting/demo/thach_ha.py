"""Thạch Hà district, 2016 to 2020 (facts TH-01 to TH-11). The tasks' states are invented."""

import datetime as dt

from accounts.models import User
from programs.models import ActivityKind, Assignment, Audience, Direction, Document, DocumentKind, Relation
from reporting.demo.cast import DAY, agency, load_committees
from reporting.demo.programmes import Standing, add_document, add_tasks, load_issuers, relate, stand
from reporting.demo.rows import add_activity, add_obligation, add_statements, add_submission
from reporting.models import FormKind, Section
from territory.figure import Figure
from territory.models import Area, Level
from territory.period import due_date, parse_period

PERIOD = parse_period("2016..2020")

TASKS = (
    "Đổi mới truyền thông cho sát thực tế để người dân luôn cảnh giác với tội phạm mua bán người.",
    "Tập huấn cho lực lượng làm công tác phòng, chống mua bán người, nhất là công an chính quy về giữ chức"
    " danh công an xã.",
    "Thực hiện chính sách xã hội, mở mô hình sản xuất, tạo việc làm cho phụ nữ và trẻ em gái có hoàn cảnh khó khăn.",
    "Lắp camera giám sát trên tất cả các tuyến đường của huyện.",
)


def load(people: dict[str, User]) -> None:
    district = Area.objects.find("445", DAY, Level.DISTRICT)
    load_committees([district])
    officer = people["thach-ha@demo.example"]
    _tasks(_report(), district, officer)
    _activities(district, officer)
    _submission(district, officer)


def _submission(district: Area, officer: User) -> None:
    """TH-04 to TH-06: no case, no offender, no returned victim, confirmed. Who confirmed it and when is invented."""
    owed = add_obligation(
        form=FormKind.PHASE,
        agency=agency("445-district_police"),
        area=district,
        period=PERIOD,
        due_on=due_date(PERIOD, 15),
    )
    none = Figure.exact(0)
    add_submission(
        owed,
        by=officer,
        on=due_date(PERIOD, 5),
        is_nil=True,
        figures={"cases_detected": none, "suspects_detected": none, "victims_received": none},
        narratives={
            Section.SITUATION: [
                "Trong 5 năm qua, tình hình an ninh, trật tự trên địa bàn huyện được giữ vững; tuy vậy nguy cơ phụ nữ,"
                " trẻ em bị lừa bán vẫn còn, người dân cần tiếp tục cảnh giác."
            ],
            Section.DIRECTION: [
                "Ủy ban nhân dân huyện chỉ đạo các phòng, ban, ngành và các xã, thị trấn lồng ghép phòng, chống mua bán"
                " người với phong trào toàn dân bảo vệ an ninh Tổ quốc; bố trí camera an ninh tại điểm quan trọng và"
                " trục đường chính."
            ],
            Section.COMMUNICATION: [
                "Công an huyện phối hợp với các trường học tuyên truyền cho học sinh về thủ đoạn của tội phạm mua bán"
                " người."
            ],
        },
    )
    add_statements(Direction, TASKS, agency=agency("445-district_police"), area=district, period=PERIOD)


def _report() -> Document:
    """The district's report on the phase and the two requests it answers; its own number is not in the source."""
    requests = [
        add_document(
            issuer=load_issuers()["steering_committee"],
            number="3281/BCĐ",
            year=2020,
            kind=DocumentKind.OFFICIAL_LETTER,
            subject="đề nghị báo cáo tổng kết Chương trình phòng, chống mua bán người giai đoạn 2016 - 2020",
            issued_on=dt.date(2020, 9, 25),
        ),
        add_document(
            issuer=agency("42-provincial_committee"),
            number="6653/UBND-NC",
            year=None,
            kind=DocumentKind.OFFICIAL_LETTER,
            subject="yêu cầu báo cáo tổng kết Chương trình phòng, chống mua bán người",
            note="Nguồn không nêu ngày ban hành.",
        ),
    ]
    report = add_document(
        issuer=agency("445-district_committee"),
        kind=DocumentKind.REPORT,
        year=2020,
        subject="kết quả năm năm phòng, chống mua bán người trên địa bàn huyện Thạch Hà, 2016 - 2020",
        recipients=["Công an tỉnh", "Công an huyện", "Lưu: VT, UBND"],
    )
    for request in requests:
        relate(report, request, Relation.ANSWERS)
    return report


def _tasks(report: Document, district: Area, officer: User) -> None:
    police, committee = agency("445-district_police"), agency("445-district_committee")
    states = Assignment.State
    given = (
        (police, states.IN_PROGRESS),
        (police, states.DONE),
        (committee, states.NOT_STARTED),
        (committee, states.IN_PROGRESS),
    )
    for task, (unit, state) in zip(add_tasks(report, TASKS, lead=committee), given, strict=True):
        teller = officer if unit == police else None
        stand("TH-08", task, [Standing(unit, district, state, dt.date(2021, 6, 1), teller)])


def _activities(district: Area, officer: User) -> None:
    add_activity(
        "TH-10",
        filed_by=officer,
        kind=ActivityKind.COMMUNICATION,
        title="Tuyên truyền cho học sinh về thủ đoạn của tội phạm mua bán người",
        agency=agency("445-district_police"),
        area=district,
        days=(PERIOD.start, PERIOD.end),
        is_cumulative=True,
        audience=[Audience.PUPILS],
        other_partners="các trường học trên địa bàn huyện",
        narrative="Công an huyện cùng nhà trường nói chuyện với học sinh; nguồn không nêu số buổi, số lượt.",
    )
    add_activity(
        "TH-11",
        filed_by=officer,
        kind=ActivityKind.OTHER,
        title="Lắp camera an ninh ở điểm quan trọng và trục đường chính",
        agency=agency("445-district_committee"),
        area=district,
        days=(PERIOD.start, PERIOD.end),
        is_cumulative=True,
        other_partners="Ủy ban nhân dân các xã, thị trấn",
        narrative="Huyện và xã cùng bố trí camera để phòng ngừa, phát hiện tội phạm; nguồn không nêu số lượng.",
    )
