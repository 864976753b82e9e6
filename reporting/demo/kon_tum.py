"""Kon Tum, first half of 2020 (facts KT-01 to KT-12)."""

import datetime as dt

from accounts.models import User
from incidents.models import Case, CaseOffence, Stage, StageKind
from programs.models import ActivityKind, Audience, Difficulty, Direction, Measure
from reporting.demo.cast import DAY, agency
from reporting.demo.rows import add_activity, add_obligation, add_statements, add_submission
from reporting.models import FormKind, Section
from territory.figure import Figure
from territory.models import Agency, Area, Level
from territory.period import due_date, parse_period

PERIOD = parse_period("2020-H1")
DAYS = (PERIOD.start, PERIOD.end)

#: The district that kept silent, and the one that reported something other than nil. Both are invented.
SILENT, WITH_FIGURES = "618", "608"


def load(people: dict[str, User]) -> None:
    province = Area.objects.find("62", DAY, Level.PROVINCE)
    _activities(province, people["can-bo.kontum@demo.example"])
    _case(province)
    _submissions(province, people)
    _statements(province)


def _activities(province: Area, filed_by: User) -> None:
    police, border = agency("62-provincial_police"), agency("62-border_guard")
    women, labour = agency("62-womens_union"), agency("62-labour")

    def add(fact: str, kind: ActivityKind, title: str, of: Agency, **more: object) -> None:
        add_activity(
            fact,
            filed_by=filed_by,
            kind=kind,
            title=title,
            agency=of,
            area=province,
            days=DAYS,
            **more,  # type: ignore[arg-type]
        )

    add(
        "KT-04",
        ActivityKind.MEDIA,
        "Đăng, phát tin, bài về phòng, chống tội phạm, trong đó có tội phạm mua bán người",
        border,
        quantities={Measure.NEWS_ITEMS: Figure.in_words("hàng trăm")},
        audience=[Audience.PUBLIC],
        other_partners="cơ quan thông tin đại chúng địa phương",
    )
    add(
        "KT-05",
        ActivityKind.PATROL,
        "Tuần tra, kiểm soát biên giới, ngăn chặn xuất nhập cảnh trái phép và vi phạm quy chế biên giới",
        border,
        quantities={Measure.PERSONS_STOPPED: Figure.in_words("hàng trăm")},
    )
    add(
        "KT-06",
        ActivityKind.COOPERATION,
        "Hợp tác bảo đảm an ninh biên giới; thực hiện hiệp định hợp tác ba nước Việt Nam - Lào - Campuchia",
        police,
        other_partners="lực lượng tương ứng của Ratanakiri (Campuchia) và Attapeu (Lào)",
    )
    add(
        "KT-08",
        ActivityKind.ASSESSMENT,
        "Đánh giá thực trạng công tác tiếp nhận, xác minh, bảo vệ và hỗ trợ nạn nhân trở về",
        police,
        partners=[labour],
    )
    add(
        "KT-09a",
        ActivityKind.COMMUNICATION,
        "Nâng cao nhận thức cho phụ nữ dân tộc thiểu số vùng biên theo Chiến lược truyền thông thay đổi vì cộng đồng",
        women,
        partners=[border],
        audience=[Audience.WOMEN, Audience.ETHNIC_MINORITY, Audience.BORDER],
    )
    add(
        "KT-09b",
        ActivityKind.SEMINAR,
        "Tọa đàm dành cho báo cáo viên, cộng tác viên, tuyên truyền viên về phòng, chống mua bán người",
        women,
        audience=[Audience.COMMUNICATORS],
    )
    add(
        "KT-10",
        ActivityKind.TRAINING,
        "Tập huấn pháp luật, nghiệp vụ và tọa đàm cho cán bộ các đồn biên phòng và một số huyện biên giới",
        border,
        audience=[Audience.OFFICERS],
    )


def _case(province: Area) -> None:
    """KT-01, KT-02: one case under investigation, nobody accused. Its date is not in the source; it is older
    than the period, in which no new case was found."""
    case, is_new = Case.objects.unscoped("loads demonstration data").get_or_create(
        code="62-2019-001",
        defaults={
            "agency": agency("62-provincial_police"),
            "area": province,
            "summary": "Ngày khởi tố chỉ để trình diễn; nguồn không nêu ngày.",
            "is_demo": True,
        },
    )
    if is_new:
        CaseOffence.objects.create(case=case, article="150", name="Mua bán người")
        Stage.objects.create(
            case=case, kind=StageKind.PROSECUTED, reached_on=dt.date(2019, 11, 20), agency=case.agency
        )


def _submissions(province: Area, people: dict[str, User]) -> None:
    """KT-03: nothing new found. Eight districts confirm nil, one reports a zero, one says nothing."""
    due_on = due_date(PERIOD, 5)
    officer, head = people["can-bo.kontum@demo.example"], people["lanh-dao.kontum@demo.example"]
    nothing_new = {"cases_detected": Figure.exact(0), "suspects_detected": Figure.exact(0)}
    own = add_obligation(
        form=FormKind.SIX_MONTH,
        agency=agency("62-provincial_police"),
        area=province,
        period=PERIOD,
        due_on=due_on,
    )
    add_submission(
        own,
        by=head,
        on=due_on,
        figures=nothing_new,
        narratives={
            Section.SITUATION: [
                "Sáu tháng đầu năm 2020, tình hình mua bán người trên địa bàn ít phức tạp. Nguy cơ vẫn hiện hữu do"
                " thủ đoạn, quy mô và địa bàn hoạt động của loại tội phạm này ngày càng mở rộng."
            ],
            Section.DIRECTION: [
                "Công an tỉnh là cơ quan thường trực của Ban Chỉ đạo, thường xuyên thông báo phương thức, thủ đoạn của"
                " tội phạm để các đơn vị và Nhân dân cảnh giác; các sở, ngành và huyện, thành phố đã xây dựng kế hoạch"
                " thực hiện năm 2020."
            ],
        },
    )
    districts = Area.objects.valid_on(DAY).within(province).level(Level.DISTRICT)
    for district in districts:
        owed = add_obligation(
            form=FormKind.SIX_MONTH,
            agency=agency(f"{district.code}-district_police"),
            area=district,
            period=PERIOD,
            due_on=due_on,
        )
        if district.code == WITH_FIGURES:
            add_submission(owed, by=officer, on=due_on, figures=nothing_new)
        elif district.code != SILENT:
            add_submission(owed, by=officer, on=due_on, is_nil=True)


def _statements(province: Area) -> None:
    police = agency("62-provincial_police")
    add_statements(
        Difficulty,
        [
            "Tuyến biên giới dài, địa hình hiểm trở, đi lại khó khăn, ảnh hưởng đến công tác tuần tra, kiểm soát.",
            "Người dân hai bên biên giới có quan hệ họ hàng, thường xuyên qua lại thăm thân và trao đổi hàng hóa, gây"
            " khó cho công tác quản lý.",
            "Trình độ nghiệp vụ của một số cán bộ còn hạn chế; rất ít cán bộ thông thạo tiếng Lào và tiếng Khmer.",
        ],
        agency=police,
        area=province,
        period=PERIOD,
    )
    add_statements(
        Direction,
        [
            "Công an tỉnh cùng Bộ đội Biên phòng, Viện kiểm sát và Tòa án các cấp nắm chắc tuyến, địa bàn trọng điểm;"
            " xử lý kịp thời tố giác, tin báo; điều tra, truy tố, xét xử nghiêm minh, giải cứu và bảo vệ nạn nhân.",
            "Các cơ quan báo chí và Hội Liên hiệp Phụ nữ tỉnh duy trì chuyên trang, chuyên mục, tăng thời lượng và đẩy"
            " mạnh truyền thông tại cộng đồng.",
            "Đánh giá các mô hình hỗ trợ nạn nhân, lựa chọn mô hình hiệu quả để nhân rộng.",
        ],
        agency=police,
        area=province,
        period=PERIOD,
    )
