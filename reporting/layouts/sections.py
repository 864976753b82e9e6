"""Blocks that the reports share: the same sentences and tables in a six-month, annual, phase or thematic report."""

from programs.models import ActivityKind
from reporting.layouts.pieces import (
    Layout,
    activities,
    annex,
    chart,
    narratives,
    sentence,
    sentences,
    simple,
    statements,
    table,
)
from reporting.models import Section

ALL = (Section.SITUATION, Section.DIRECTION, Section.COMMUNICATION, Section.JUSTICE, Section.VICTIMS)

SITUATION_SENTENCES = sentences(
    sentence(
        "cases_detected",
        "Trong kỳ phát hiện {cases_detected} mua bán người mới.",
        nil="Qua tổng hợp báo cáo của các đơn vị, trong kỳ chưa phát hiện vụ việc mua bán người trên địa bàn.",
        missing="Số vụ việc mua bán người mới phát hiện: chưa có số liệu.",
        compare=True,
    ),
    sentence(
        "suspects_detected",
        "Số đối tượng mới phát hiện là {suspects_detected}.",
        nil="Trong kỳ chưa phát hiện đối tượng phạm tội mua bán người.",
        compare=True,
    ),
)

STEERING_SENTENCES = sentences(
    sentence(
        "documents_issued",
        "Các cấp, các ngành đã ban hành {documents_issued} chỉ đạo, hướng dẫn công tác phòng, chống mua bán người.",
        compare=True,
    ),
    sentence("meetings", "Tổ chức {meetings} họp, hội nghị chỉ đạo, sơ kết, tổng kết.", compare=True),
    sentence("inspections", "Tiến hành {inspections} kiểm tra, giám sát việc thực hiện.", compare=True),
)

COMMUNICATION_SENTENCES = sentences(
    sentence(
        "training_classes",
        "Đã tổ chức {training_classes} tuyên truyền, tập huấn về phòng, chống tệ nạn xã hội và mua bán người"
        " cho {training_people} tham dự.",
        compare=True,
    ),
    sentence(
        "movement_villages",
        "Phong trào toàn dân bảo vệ an ninh Tổ quốc, có lồng ghép nội dung phòng, chống mua bán người, được phát động"
        " tại {movement_villages} với {movement_people} tham gia.",
    ),
    sentence(
        "communication_attendances",
        "Tuyên truyền, phổ biến pháp luật về phòng, chống mua bán người tới {communication_attendances}.",
        compare=True,
    ),
    sentence(
        "lessons_integrated",
        "Các trường học thực hiện {lessons_integrated} dạy lồng ghép với {lesson_attendances} tham gia.",
    ),
    sentence(
        "extracurricular_sessions",
        "Hoạt động ngoại khóa được tổ chức {extracurricular_sessions} với {extracurricular_attendances} tham gia.",
    ),
    sentence(
        "media_items",
        "Trên các phương tiện thông tin đại chúng đã đăng, phát {media_items} về phòng, chống tội phạm,"
        " trong đó có tội phạm mua bán người.",
    ),
)

JUSTICE_SENTENCES = sentences(
    sentence(
        "tips_received",
        "Đã tiếp nhận {tips_received} tố giác, tin báo về tội phạm, kiến nghị khởi tố; giải quyết {tips_resolved}"
        " (tỷ lệ {tips_resolved_share}).",
        nil="Trong kỳ chưa tiếp nhận tố giác, tin báo, kiến nghị khởi tố về tội phạm mua bán người.",
    ),
    sentence(
        "cases_under_investigation",
        "Đang thụ lý điều tra {cases_under_investigation} - {accused_under_investigation} về tội “Mua bán người”"
        " (Điều 150 Bộ luật Hình sự).",
        nil="Không có vụ án mua bán người nào đang thụ lý điều tra.",
    ),
    sentence(
        "cases_prosecuted",
        "Trong kỳ khởi tố {cases_prosecuted}.",
        nil="Trong kỳ không khởi tố vụ án mới.",
        compare=True,
    ),
    sentence("cases_indicted", "Viện kiểm sát đã truy tố {cases_indicted}.", compare=True),
    sentence("cases_tried", "Tòa án đã xét xử {cases_tried} - {defendants_tried}.", compare=True),
    sentence(
        "persons_stopped",
        "Qua tuần tra, kiểm soát đã phát hiện, ngăn chặn {persons_stopped} xuất nhập cảnh trái phép,"
        " vi phạm quy chế biên giới.",
    ),
)

VICTIM_SENTENCES = sentences(
    sentence(
        "victims_received",
        "Đã tiếp nhận, xác minh và hỗ trợ tái hòa nhập cộng đồng cho {victims_received} bị mua bán trở về.",
        nil="Trong kỳ chưa tiếp nhận nạn nhân bị mua bán trở về.",
        missing="Số nạn nhân được tiếp nhận, hỗ trợ: chưa có số liệu.",
        compare=True,
    ),
    sentence("victims_confirmed", "Xác định {victims_confirmed} bị mua bán.", compare=True),
    sentence("hotline_calls", "Đường dây nóng tiếp nhận, tư vấn {hotline_calls} gọi."),
)

REMARKS = sentences(
    sentence(
        "cases_detected",
        "Về tình hình tội phạm: số vụ việc phát hiện trong kỳ là {cases_detected}.",
        nil="Về tình hình tội phạm: địa bàn được giữ ổn định, chưa phát hiện vụ việc mua bán người.",
        missing="Về tình hình tội phạm: chưa đủ số liệu để nhận xét.",
        compare=True,
    ),
    sentence(
        "victims_received",
        "Về nạn nhân: số nạn nhân trở về được tiếp nhận, hỗ trợ là {victims_received}.",
        nil="Về nạn nhân: chưa tiếp nhận nạn nhân bị mua bán trở về.",
        missing="Về nạn nhân: chưa đủ số liệu để nhận xét.",
        compare=True,
    ),
)

SITUATION: list[Layout] = [
    narratives(Section.SITUATION),
    SITUATION_SENTENCES,
    simple("coverage"),
]

STEERING: list[Layout] = [
    narratives(Section.DIRECTION),
    STEERING_SENTENCES,
    activities(ActivityKind.MEETING, ActivityKind.INSPECTION, ActivityKind.ASSESSMENT),
    simple("documents"),
]

COMMUNICATION: list[Layout] = [
    narratives(Section.COMMUNICATION),
    COMMUNICATION_SENTENCES,
    activities(
        ActivityKind.COMMUNICATION,
        ActivityKind.SEMINAR,
        ActivityKind.TRAINING,
        ActivityKind.MASS_MOVEMENT,
        ActivityKind.INTEGRATED_LESSON,
        ActivityKind.EXTRACURRICULAR,
        ActivityKind.MEDIA,
    ),
]

JUSTICE: list[Layout] = [
    narratives(Section.JUSTICE),
    JUSTICE_SENTENCES,
    activities(ActivityKind.PATROL),
]

VICTIMS: list[Layout] = [
    narratives(Section.VICTIMS),
    VICTIM_SENTENCES,
    activities(ActivityKind.HOTLINE),
    simple("facilities"),
]

COOPERATION: list[Layout] = [narratives(Section.COOPERATION), activities(ActivityKind.COOPERATION)]

COMMUNICATION_TABLE = table("Kết quả tuyên truyền, phòng ngừa", Section.COMMUNICATION)
JUSTICE_TABLE = table("Kết quả đấu tranh với tội phạm mua bán người", Section.SITUATION, Section.JUSTICE)
VICTIM_TABLE = table("Kết quả tiếp nhận, hỗ trợ nạn nhân", Section.VICTIMS)

PIPELINE = chart(
    "pipeline",
    "Từ tin báo đến xét xử",
    "tips_received",
    "tips_resolved",
    "cases_prosecuted",
    "cases_concluded",
    "cases_indicted",
    "cases_tried",
)
CASES_COMPARED = chart(
    "bars",
    "Số vụ phát hiện, khởi tố, truy tố, xét xử so với cùng kỳ",
    "cases_detected",
    "cases_prosecuted",
    "cases_indicted",
    "cases_tried",
)
REACH_COMPARED = chart(
    "bars",
    "Số lượt người được tuyên truyền, bị ngăn chặn tại biên giới so với cùng kỳ",
    "communication_attendances",
    "persons_stopped",
)
CASES_TREND = chart(
    "trend",
    "Số vụ phát hiện, khởi tố, xét xử qua các năm",
    "cases_detected",
    "cases_prosecuted",
    "cases_tried",
)
VICTIMS_TREND = chart(
    "trend", "Số nạn nhân được tiếp nhận, xác định qua các năm", "victims_received", "victims_confirmed"
)

ANNEXES: list[Layout] = [
    annex(
        "Kết quả phòng, chống tội phạm mua bán người theo đơn vị",
        "cases_detected",
        "suspects_detected",
        "tips_received",
        "tips_resolved",
        "cases_prosecuted",
        "accused_prosecuted",
        "cases_tried",
        "defendants_tried",
    ),
    annex(
        "Kết quả tuyên truyền, phòng ngừa theo đơn vị",
        "communication_activities",
        "communication_attendances",
        "training_classes",
        "training_people",
        "lessons_integrated",
        "extracurricular_sessions",
        "media_items",
        "leaflets",
    ),
    annex(
        "Kết quả tiếp nhận, xác minh, hỗ trợ nạn nhân theo đơn vị",
        "victims_received",
        "victims_verified",
        "victims_confirmed",
        "victims_supported",
        "services_given",
        "reintegrated",
    ),
]

DIFFICULTIES: list[Layout] = [statements("difficulty")]
DIRECTIONS: list[Layout] = [statements("direction"), statements("recommendation")]
