"""The first catalogue of indicators. It is data: `load_catalogue` writes it, administrators may go on from there.

Units and order follow the blocks of the reports in use; sources are named in the portal's domain notes.
"""

from typing import Any

from reporting.models import Section

#: See ``reporting.models.Indicator.rule``.
Rule = dict[str, Any]


def _entry(
    code: str, section: Section, name: str, name_en: str, unit: str, unit_en: str, *, rule: Rule, **more: str
) -> dict[str, Any]:
    entry = {
        "code": code,
        "section": section.value,
        "name": name,
        "name_en": name_en,
        "unit": unit,
        "unit_en": unit_en,
    }
    return {**entry, "rule": rule, **more}


def _sum(*measures: str, **more: Any) -> Rule:
    return {"sum": list(measures), **more}


def _stock(stem: str, **more: Any) -> Rule:
    return {"stock": {"in": [f"{stem}.in"], "out": [f"{stem}.out"]}, **more}


PEOPLE = {"about": "people"}
STOCK = {"about": "people", "over_periods": "last"}

INDICATORS: list[dict[str, Any]] = [
    # --- situation
    _entry(
        "cases_detected",
        Section.SITUATION,
        "Vụ việc mua bán người mới phát hiện",
        "Trafficking cases newly found",
        "vụ",
        "cases",
        rule=_sum("case.detected.count", reported=True),
        **PEOPLE,
    ),
    _entry(
        "suspects_detected",
        Section.SITUATION,
        "Đối tượng mới phát hiện",
        "Offenders newly found",
        "đối tượng",
        "offenders",
        rule=_sum("person.suspect.count", reported=True),
        **PEOPLE,
    ),
    # --- steering
    _entry(
        "documents_issued",
        Section.DIRECTION,
        "Văn bản chỉ đạo đã ban hành",
        "Steering documents issued",
        "văn bản",
        "documents",
        rule=_sum(
            "document.plan.count",
            "document.official_letter.count",
            "document.directive.count",
            "document.decision.count",
            "document.conclusion.count",
            "document.coordination_rules.count",
        ),
    ),
    _entry(
        "meetings",
        Section.DIRECTION,
        "Hội nghị, cuộc họp",
        "Meetings",
        "cuộc",
        "meetings",
        rule=_sum("activity.meeting.count"),
    ),
    _entry(
        "inspections",
        Section.DIRECTION,
        "Cuộc kiểm tra, giám sát",
        "Inspections",
        "cuộc",
        "inspections",
        rule=_sum("activity.inspection.count"),
    ),
    _entry(
        "assessments",
        Section.DIRECTION,
        "Đợt đánh giá, khảo sát",
        "Assessments",
        "đợt",
        "assessments",
        rule=_sum("activity.assessment.count"),
    ),
    # --- communication
    _entry(
        "communication_activities",
        Section.COMMUNICATION,
        "Hoạt động tuyên truyền trực tiếp",
        "Direct communication activities",
        "hoạt động",
        "activities",
        rule=_sum("activity.communication.count"),
    ),
    _entry(
        "communication_attendances",
        Section.COMMUNICATION,
        "Lượt người được tuyên truyền, phổ biến pháp luật",
        "Attendances at communication",
        "lượt người",
        "attendances",
        rule=_sum("activity.communication.attendances"),
    ),
    _entry(
        "seminars",
        Section.COMMUNICATION,
        "Tọa đàm",
        "Seminars",
        "cuộc",
        "seminars",
        rule=_sum("activity.seminar.count"),
    ),
    _entry(
        "training_classes",
        Section.COMMUNICATION,
        "Lớp tuyên truyền, tập huấn",
        "Training classes",
        "lớp",
        "classes",
        rule=_sum("activity.training.classes"),
    ),
    _entry(
        "training_people",
        Section.COMMUNICATION,
        "Người tham dự tuyên truyền, tập huấn",
        "People trained",
        "người",
        "people",
        rule=_sum("activity.training.people"),
    ),
    _entry(
        "lessons_integrated",
        Section.COMMUNICATION,
        "Tiết dạy lồng ghép",
        "Lessons with the topic integrated",
        "tiết",
        "lessons",
        rule=_sum("activity.integrated_lesson.lessons"),
    ),
    _entry(
        "lesson_attendances",
        Section.COMMUNICATION,
        "Lượt học sinh, sinh viên tham gia tiết dạy lồng ghép",
        "Pupil attendances at integrated lessons",
        "lượt học sinh, sinh viên",
        "pupil attendances",
        rule=_sum("activity.integrated_lesson.attendances"),
    ),
    _entry(
        "extracurricular_sessions",
        Section.COMMUNICATION,
        "Buổi ngoại khóa",
        "Extracurricular sessions",
        "buổi",
        "sessions",
        rule=_sum("activity.extracurricular.sessions"),
    ),
    _entry(
        "extracurricular_attendances",
        Section.COMMUNICATION,
        "Lượt học sinh, sinh viên tham gia ngoại khóa",
        "Pupil attendances at extracurricular sessions",
        "lượt học sinh, sinh viên",
        "pupil attendances",
        rule=_sum("activity.extracurricular.attendances"),
    ),
    _entry(
        "media_items",
        Section.COMMUNICATION,
        "Tin, bài trên phương tiện thông tin đại chúng",
        "News items and articles",
        "tin, bài",
        "items",
        rule=_sum("activity.media.news_items"),
    ),
    _entry(
        "broadcasts",
        Section.COMMUNICATION,
        "Lần phát thanh, truyền hình",
        "Broadcasts",
        "lần",
        "broadcasts",
        rule=_sum("activity.media.broadcasts"),
    ),
    _entry(
        "leaflets",
        Section.COMMUNICATION,
        "Tờ rơi, tài liệu cấp phát",
        "Leaflets handed out",
        "tờ",
        "leaflets",
        rule=_sum("activity.media.leaflets", "activity.communication.leaflets"),
    ),
    _entry(
        "movement_villages",
        Section.COMMUNICATION,
        "Địa bàn phát động phong trào toàn dân bảo vệ an ninh Tổ quốc",
        "Villages reached by the mass movement",
        "thôn, bản, tổ, phố",
        "villages",
        rule=_sum("activity.mass_movement.villages"),
    ),
    _entry(
        "movement_people",
        Section.COMMUNICATION,
        "Người tham gia phong trào toàn dân bảo vệ an ninh Tổ quốc",
        "People in the mass movement",
        "người",
        "people",
        rule=_sum("activity.mass_movement.people"),
    ),
    # --- justice
    _entry(
        "tips_received",
        Section.JUSTICE,
        "Tố giác, tin báo, kiến nghị khởi tố tiếp nhận",
        "Tips received",
        "tin",
        "tips",
        rule={"reported": True},
        nil_text="chưa tiếp nhận",
        **PEOPLE,
    ),
    _entry(
        "tips_classified",
        Section.JUSTICE,
        "Tố giác, tin báo, kiến nghị khởi tố đã phân loại",
        "Tips classified",
        "tin",
        "tips",
        rule={"reported": True},
        nil_text="không có",
        **PEOPLE,
    ),
    _entry(
        "tips_resolved",
        Section.JUSTICE,
        "Tố giác, tin báo, kiến nghị khởi tố đã giải quyết",
        "Tips resolved",
        "tin",
        "tips",
        rule={"reported": True},
        nil_text="không có",
        **PEOPLE,
    ),
    _entry(
        "cases_prosecuted",
        Section.JUSTICE,
        "Vụ án khởi tố",
        "Cases prosecuted",
        "vụ",
        "cases",
        rule=_sum("case.prosecuted.count", reported=True),
        nil_text="không có",
        **PEOPLE,
    ),
    _entry(
        "cases_under_investigation",
        Section.JUSTICE,
        "Vụ án đang thụ lý điều tra",
        "Cases under investigation",
        "vụ",
        "cases",
        rule=_stock("case.investigating"),
        **STOCK,
    ),
    _entry(
        "accused_under_investigation",
        Section.JUSTICE,
        "Bị can trong các vụ đang điều tra",
        "Accused in cases under investigation",
        "bị can",
        "accused",
        rule=_stock("person.accused_investigated", base="case.investigating.in"),
        **STOCK,
    ),
    _entry(
        "cases_concluded",
        Section.JUSTICE,
        "Vụ án kết thúc điều tra",
        "Investigations concluded",
        "vụ",
        "cases",
        rule=_sum("case.investigation_concluded.count", reported=True),
        nil_text="không có",
        **PEOPLE,
    ),
    _entry(
        "cases_indicted",
        Section.JUSTICE,
        "Vụ án đã truy tố",
        "Cases indicted",
        "vụ",
        "cases",
        rule=_sum("case.indicted.count", reported=True),
        nil_text="không có",
        **PEOPLE,
    ),
    _entry(
        "cases_tried",
        Section.JUSTICE,
        "Vụ án đã xét xử",
        "Cases tried",
        "vụ",
        "cases",
        rule=_sum("case.tried.count", reported=True),
        nil_text="không có",
        **PEOPLE,
    ),
    _entry(
        "persons_stopped",
        Section.JUSTICE,
        "Lượt người xuất nhập cảnh trái phép, vi phạm quy chế biên giới bị phát hiện, ngăn chặn",
        "Persons stopped at the border (times)",
        "lượt người",
        "times",
        rule=_sum("activity.patrol.persons_stopped"),
    ),
    _entry(
        "patrols",
        Section.JUSTICE,
        "Lượt tuần tra, kiểm soát",
        "Patrols",
        "lượt",
        "patrols",
        rule=_sum("activity.patrol.patrols"),
    ),
    # --- victims
    _entry(
        "victims_received",
        Section.VICTIMS,
        "Nạn nhân trở về được tiếp nhận, xác minh, hỗ trợ tái hòa nhập",
        "Returned victims received, verified and supported",
        "nạn nhân",
        "victims",
        rule={"reported": True},
        nil_text="chưa tiếp nhận",
        **PEOPLE,
    ),
    _entry(
        "hotline_calls",
        Section.VICTIMS,
        "Cuộc gọi tư vấn qua đường dây nóng",
        "Hotline calls",
        "cuộc",
        "calls",
        rule=_sum("activity.hotline.calls"),
    ),
    # --- cooperation
    _entry(
        "cooperation_activities",
        Section.COOPERATION,
        "Hoạt động hợp tác quốc tế",
        "International cooperation",
        "hoạt động",
        "activities",
        rule=_sum("activity.cooperation.count"),
    ),
]
