"""Bắc Kạn, 2013 to 8 October 2019 (facts BK-01 to BK-15)."""

import datetime as dt

from accounts.models import User
from programs.models import (
    ActivityKind,
    Audience,
    Difficulty,
    Document,
    DocumentKind,
    Measure,
    Recommendation,
)
from reporting.demo import bac_kan_victims
from reporting.demo.cast import DAY, agency
from reporting.demo.rows import add_activity, add_obligation, add_statements, add_submission
from reporting.models import FormKind, Section
from territory.figure import Figure
from territory.models import Agency, Area, Level
from territory.period import due_date, parse_period
from victims.models import Facility

PERIOD = parse_period("2013-01-01..2019-10-08")
DAYS = (PERIOD.start, PERIOD.end)


def load(people: dict[str, User]) -> None:
    province = Area.objects.find("06", DAY, Level.PROVINCE)
    _activities(province, people["can-bo.backan@demo.example"])
    _submission(province, people["can-bo.backan@demo.example"])
    _plans(province)
    facility, _is_new = Facility.objects.get_or_create(
        name="Cơ sở Bảo trợ xã hội tổng hợp",
        area=province,
        defaults={
            "agency": agency("06-labour"),
            "valid_from": dt.date(2013, 1, 1),
            "capacity": 40,
            "is_demo": True,
        },
    )
    bac_kan_victims.load(
        province,
        worker=people["ho-tro.backan@demo.example"],
        head=people["lanh-dao.backan@demo.example"],
        facility=facility,
    )


def _activities(province: Area, filed_by: User) -> None:
    def add(
        fact: str, kind: ActivityKind, title: str, of: str, quantities: dict[Measure, Figure], **more: object
    ) -> None:
        add_activity(
            fact,
            filed_by=filed_by,
            kind=kind,
            title=title,
            agency=agency(of),
            area=province,
            days=DAYS,
            is_cumulative=True,
            quantities=quantities,
            **more,  # type: ignore[arg-type]
        )

    add(
        "BK-01",
        ActivityKind.TRAINING,
        "Lớp tuyên truyền, tập huấn về phòng, chống tệ nạn xã hội và mua bán người cùng các huyện, thành phố",
        "06-labour",
        {Measure.CLASSES: Figure.exact(118), Measure.PEOPLE: Figure.over(6770, "trên")},
    )
    add(
        "BK-03",
        ActivityKind.MASS_MOVEMENT,
        "Phát động phong trào toàn dân bảo vệ an ninh Tổ quốc",
        "06-provincial_police",
        {Measure.VILLAGES: Figure.exact(1992), Measure.PEOPLE: Figure.exact(68123)},
        is_integrated=True,
        integrated_with="Phong trào toàn dân bảo vệ an ninh Tổ quốc",
    )
    add(
        "BK-05",
        ActivityKind.COMMUNICATION,
        "Phổ biến pháp luật về phòng, chống mua bán người và phòng, chống ma túy",
        "06-womens_union",
        {Measure.ATTENDANCES: Figure.exact(61345)},
        audience=[Audience.PUBLIC, Audience.WOMEN],
    )
    add(
        "BK-06",
        ActivityKind.INTEGRATED_LESSON,
        "Tiết dạy lồng ghép nội dung phòng, chống tội phạm, ma túy và mua bán người",
        "06-education",
        {Measure.LESSONS: Figure.exact(8035), Measure.ATTENDANCES: Figure.exact(99614)},
        audience=[Audience.PUPILS],
        is_integrated=True,
        integrated_with="Các môn học",
    )
    add(
        "BK-08",
        ActivityKind.EXTRACURRICULAR,
        "Ngoại khóa về phòng, chống ma túy và mua bán người",
        "06-education",
        {Measure.SESSIONS: Figure.exact(4223), Measure.ATTENDANCES: Figure.exact(103430)},
        audience=[Audience.PUPILS],
    )


def _submission(province: Area, by: User) -> None:
    """BK-10, BK-13, BK-14, BK-15: what the department of labour reported for the whole time."""
    labour: Agency = agency("06-labour")
    owed = add_obligation(
        form=FormKind.THEMATIC, agency=labour, area=province, period=PERIOD, due_on=due_date(PERIOD, 7)
    )
    add_submission(
        owed,
        by=by,
        on=PERIOD.end,
        figures={"victims_received": Figure.exact(4)},
        narratives={
            Section.DIRECTION: [
                "Công tác phòng, chống mua bán người được lồng ghép với phòng, chống tội phạm, giảm nghèo, dạy nghề,"
                " giải quyết việc làm, bình đẳng giới và bảo vệ trẻ em."
            ],
            Section.VICTIMS: [
                "Tổng đài quốc gia 111 là kênh tư vấn, tiếp nhận thông tin và chuyển tuyến nạn nhân.",
            ],
        },
    )
    add_statements(
        Difficulty,
        [
            "Ngân sách hạn hẹp nên công tác hỗ trợ nạn nhân còn hạn chế.",
            "Đa số nạn nhân thuộc hộ nghèo, cuộc sống sau khi trở về gặp nhiều khó khăn.",
        ],
        agency=labour,
        area=province,
        period=PERIOD,
    )
    add_statements(
        Recommendation,
        [
            "Nghiên cứu sửa đổi, bổ sung quy định về hỗ trợ nạn nhân và đưa người đi làm việc ở nước ngoài.",
            "Tiếp tục duy trì Tổng đài 111, trong đó có tư vấn, hỗ trợ nạn nhân bị mua bán sang Trung Quốc.",
            "Tạo điều kiện để tỉnh tham gia các chương trình, dự án do tổ chức quốc tế tài trợ.",
        ],
        agency=labour,
        area=province,
        period=PERIOD,
        addressee="Bộ Lao động - Thương binh và Xã hội",
    )


def _plans(province: Area) -> None:
    """BK-11: two plans of the provincial committee for 2016-2020. Number and date are not in the source."""
    for subject in (
        "thực hiện Chương trình hành động phòng, chống mua bán người",
        "tiếp nhận, xác minh, bảo vệ và hỗ trợ nạn nhân bị mua bán giai đoạn 2016 - 2020",
    ):
        Document.objects.unscoped("loads demonstration data").get_or_create(
            kind=DocumentKind.PLAN,
            subject=subject,
            area=province,
            defaults={
                "issuer": agency("06-provincial_committee"),
                "year": 2016,
                "valid_from": dt.date(2016, 1, 1),
                "valid_to": dt.date(2020, 12, 31),
                "is_demo": True,
            },
        )
