"""The report templates the portal starts with. They are data: `load_catalogue` writes them as ReportTemplate rows.

A layout has the frame of the document and its parts; a part has blocks; ``reporting.building`` knows the kinds
of blocks. In a sentence, ``{code}`` is the figure of an indicator with its unit. Which of its texts is used
follows from what is known of the indicator named by ``about``: reported, nil, or missing (then it may be absent).
"""

from typing import Any

from programs.models import ActivityKind
from reporting.models import Section

Layout = dict[str, Any]


def _heading(number: str, text: str) -> Layout:
    return {"kind": "heading", "number": number, "text": text}


def _sentence(about: str, reported: str, nil: str = "", missing: str = "") -> Layout:
    return {"about": about, "reported": reported, "nil": nil, "missing": missing}


def _sentences(*items: Layout) -> Layout:
    return {"kind": "sentences", "items": list(items)}


def _narratives(section: Section) -> Layout:
    return {"kind": "narratives", "section": section.value}


def _activities(*kinds: ActivityKind) -> Layout:
    return {"kind": "activities", "kinds": [kind.value for kind in kinds]}


def _table(caption: str, *sections: Section, compare: bool = False) -> Layout:
    return {
        "kind": "table",
        "caption": caption,
        "sections": [section.value for section in sections],
        "compare": compare,
    }


FRAME: Layout = {
    "title": "BÁO CÁO",
    "symbol": "BC-BCĐ",
    "issuer_kind": "steering_committee",
    "issuer": "BAN CHỈ ĐẠO 138",
    "parent_kind": "provincial_committee",
    "signer": {"authority": "TM. BAN CHỈ ĐẠO", "position": "TRƯỞNG BAN", "name": ""},
    "recipients": [
        "Ban Chỉ đạo 138/CP (để báo cáo)",
        "Thường trực Tỉnh ủy, HĐND, UBND tỉnh (để báo cáo)",
        "Thành viên Ban Chỉ đạo 138 tỉnh",
        "Các sở, ban, ngành, đoàn thể của tỉnh",
        "Ban Chỉ đạo 138 các huyện, thành phố",
    ],
    "archive": "VT, PC02",
}

_COMMUNICATION_SENTENCES = _sentences(
    _sentence(
        "training_classes",
        "Đã tổ chức {training_classes} tuyên truyền, tập huấn về phòng, chống tệ nạn xã hội và mua bán người"
        " cho {training_people} tham dự.",
    ),
    _sentence(
        "movement_villages",
        "Phong trào toàn dân bảo vệ an ninh Tổ quốc, có lồng ghép nội dung phòng, chống mua bán người, được phát động"
        " tại {movement_villages} với {movement_people} tham gia.",
    ),
    _sentence(
        "communication_attendances",
        "Tuyên truyền, phổ biến pháp luật về phòng, chống mua bán người tới {communication_attendances}.",
    ),
    _sentence(
        "lessons_integrated",
        "Các trường học thực hiện {lessons_integrated} dạy lồng ghép với {lesson_attendances} tham gia.",
    ),
    _sentence(
        "extracurricular_sessions",
        "Hoạt động ngoại khóa được tổ chức {extracurricular_sessions} với {extracurricular_attendances} tham gia.",
    ),
    _sentence(
        "media_items",
        "Trên các phương tiện thông tin đại chúng đã đăng, phát {media_items} về phòng, chống tội phạm,"
        " trong đó có tội phạm mua bán người.",
    ),
)

_JUSTICE_SENTENCES = _sentences(
    _sentence(
        "cases_under_investigation",
        "Đang thụ lý điều tra {cases_under_investigation} - {accused_under_investigation} về tội “Mua bán người”"
        " (Điều 150 Bộ luật Hình sự).",
        nil="Không có vụ án mua bán người nào đang thụ lý điều tra.",
    ),
    _sentence(
        "cases_prosecuted", "Trong kỳ khởi tố {cases_prosecuted}.", nil="Trong kỳ không khởi tố vụ án mới."
    ),
    _sentence("cases_tried", "Tòa án đã xét xử {cases_tried}."),
    _sentence(
        "persons_stopped",
        "Qua tuần tra, kiểm soát đã phát hiện, ngăn chặn {persons_stopped} xuất nhập cảnh trái phép,"
        " vi phạm quy chế biên giới.",
    ),
)

_VICTIM_SENTENCES = _sentences(
    _sentence(
        "victims_received",
        "Đã tiếp nhận, xác minh và hỗ trợ tái hòa nhập cộng đồng cho {victims_received} bị mua bán trở về.",
        nil="Trong kỳ chưa tiếp nhận nạn nhân bị mua bán trở về.",
        missing="Số nạn nhân được tiếp nhận, hỗ trợ: chưa có số liệu.",
    ),
)

SITUATION: list[Layout] = [
    _narratives(Section.SITUATION),
    _sentences(
        _sentence(
            "cases_detected",
            "Trong kỳ phát hiện {cases_detected} mua bán người mới, {suspects_detected}.",
            nil="Qua tổng hợp báo cáo của các đơn vị, trong kỳ chưa phát hiện vụ việc, đối tượng phạm tội mua bán"
            " người mới trên địa bàn.",
            missing="Số vụ việc mua bán người mới phát hiện: chưa có số liệu.",
        )
    ),
    {"kind": "coverage"},
]

RESULTS: list[Layout] = [
    _heading("1", "Công tác chỉ đạo, điều hành"),
    _narratives(Section.DIRECTION),
    _activities(ActivityKind.MEETING, ActivityKind.INSPECTION, ActivityKind.ASSESSMENT),
    {"kind": "documents"},
    _heading("2", "Công tác tuyên truyền, phòng ngừa"),
    _narratives(Section.COMMUNICATION),
    _COMMUNICATION_SENTENCES,
    _activities(
        ActivityKind.COMMUNICATION,
        ActivityKind.SEMINAR,
        ActivityKind.TRAINING,
        ActivityKind.MASS_MOVEMENT,
        ActivityKind.INTEGRATED_LESSON,
        ActivityKind.EXTRACURRICULAR,
        ActivityKind.MEDIA,
    ),
    _table("Bảng 1. Kết quả tuyên truyền, phòng ngừa", Section.COMMUNICATION),
    _heading("3", "Công tác phát hiện, điều tra, truy tố, xét xử"),
    _narratives(Section.JUSTICE),
    _JUSTICE_SENTENCES,
    _activities(ActivityKind.PATROL),
    _table("Bảng 2. Kết quả đấu tranh với tội phạm mua bán người", Section.SITUATION, Section.JUSTICE),
    _heading("4", "Công tác tiếp nhận, xác minh, bảo vệ và hỗ trợ nạn nhân"),
    _narratives(Section.VICTIMS),
    _VICTIM_SENTENCES,
    _activities(ActivityKind.HOTLINE),
    {"kind": "facilities"},
    _heading("5", "Hợp tác quốc tế"),
    _narratives(Section.COOPERATION),
    _activities(ActivityKind.COOPERATION),
]

DIRECTIONS: list[Layout] = [
    {"kind": "statements", "of": "direction"},
    {"kind": "statements", "of": "recommendation"},
]

LAYOUTS: dict[str, tuple[str, Layout]] = {
    "six_month": (
        "Báo cáo 6 tháng",
        {
            **FRAME,
            "subject": "Kết quả công tác phòng, chống mua bán người {period} trên địa bàn {area}",
            "opening": [
                "Thực hiện Chương trình phòng, chống mua bán người và chế độ báo cáo định kỳ, Ban Chỉ đạo 138"
                " báo cáo kết quả {period} trên địa bàn {area} (số liệu {days}) như sau:"
            ],
            "closing": [
                "Trên đây là kết quả công tác phòng, chống mua bán người {period} trên địa bàn {area}."
            ],
            "parts": [
                {"number": "I", "title": "TÌNH HÌNH", "blocks": SITUATION},
                {
                    "number": "II",
                    "title": "KẾT QUẢ THỰC HIỆN",
                    "blocks": [
                        *RESULTS,
                        _heading("6", "So sánh với cùng kỳ năm trước"),
                        _table(
                            "Bảng 3. So sánh với cùng kỳ năm trước",
                            Section.SITUATION,
                            Section.COMMUNICATION,
                            Section.JUSTICE,
                            Section.VICTIMS,
                            compare=True,
                        ),
                    ],
                },
                {
                    "number": "III",
                    "title": "KHÓ KHĂN, VƯỚNG MẮC",
                    "blocks": [{"kind": "statements", "of": "difficulty"}],
                },
                {"number": "IV", "title": "PHƯƠNG HƯỚNG, NHIỆM VỤ THỜI GIAN TỚI", "blocks": DIRECTIONS},
            ],
        },
    ),
    "thematic": (
        "Báo cáo chuyên đề",
        {
            **FRAME,
            "subject": "Kết quả công tác phòng, chống mua bán người {period} trên địa bàn {area}",
            "opening": ["Ban Chỉ đạo 138 báo cáo chuyên đề kết quả {period} trên địa bàn {area} như sau:"],
            "closing": [
                "Trên đây là kết quả công tác phòng, chống mua bán người {period} trên địa bàn {area}."
            ],
            "parts": [
                {"number": "I", "title": "TÌNH HÌNH", "blocks": SITUATION},
                {"number": "II", "title": "KẾT QUẢ THỰC HIỆN", "blocks": RESULTS},
                {
                    "number": "III",
                    "title": "KHÓ KHĂN, VƯỚNG MẮC",
                    "blocks": [{"kind": "statements", "of": "difficulty"}],
                },
                {"number": "IV", "title": "PHƯƠNG HƯỚNG VÀ KIẾN NGHỊ", "blocks": DIRECTIONS},
            ],
        },
    ),
}
