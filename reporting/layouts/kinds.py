"""The layouts by kind of report."""

from reporting.layouts import sections as shared
from reporting.layouts.pieces import Layout, captioned, heading, part, simple, statements, table, text
from reporting.models import Section

_WORK = "công tác phòng, chống mua bán người"


def _framed(frame: Layout, subject: str, opening: str, closing: str, *parts: Layout) -> Layout:
    kept = {name: value for name, value in frame.items() if name != "acting"}
    acting = frame["acting"]
    return {
        **kept,
        "subject": subject,
        "opening": [opening.replace("{acting}", acting)],
        "closing": [closing.replace("{acting}", acting)],
        "parts": list(parts),
    }


def _results(*more: Layout) -> list[Layout]:
    return [
        heading("1", "Công tác chỉ đạo, điều hành"),
        *shared.STEERING,
        heading("2", "Công tác tuyên truyền, phòng ngừa"),
        *shared.COMMUNICATION,
        shared.COMMUNICATION_TABLE,
        heading("3", "Công tác phát hiện, điều tra, truy tố, xét xử"),
        *shared.JUSTICE,
        shared.JUSTICE_TABLE,
        heading("4", "Công tác tiếp nhận, xác minh, bảo vệ và hỗ trợ nạn nhân"),
        *shared.VICTIMS,
        heading("5", "Hợp tác quốc tế"),
        *shared.COOPERATION,
        *more,
    ]


def six_month(frame: Layout) -> Layout:
    return _framed(
        frame,
        f"Kết quả {_WORK} {{period}} trên địa bàn {{area}}",
        "Thực hiện Chương trình phòng, chống mua bán người và chế độ báo cáo định kỳ, {acting}"
        " báo cáo kết quả {period} trên địa bàn {area} (số liệu {days}) như sau:",
        f"Trên đây là kết quả {_WORK} {{period}} trên địa bàn {{area}}.",
        part("I", "TÌNH HÌNH", *shared.SITUATION),
        part(
            "II",
            "KẾT QUẢ THỰC HIỆN",
            *_results(
                heading("6", "So sánh với cùng kỳ năm trước"),
                table(
                    "So sánh với cùng kỳ năm trước",
                    Section.SITUATION,
                    Section.COMMUNICATION,
                    Section.JUSTICE,
                    Section.VICTIMS,
                    compare=True,
                ),
                shared.CASES_COMPARED,
                shared.PIPELINE,
            ),
        ),
        part("III", "KHÓ KHĂN, VƯỚNG MẮC", *shared.DIFFICULTIES),
        part("IV", "PHƯƠNG HƯỚNG, NHIỆM VỤ THỜI GIAN TỚI", *shared.DIRECTIONS, *shared.ANNEXES),
    )


def annual(frame: Layout) -> Layout:
    return _framed(
        frame,
        f"Kết quả {_WORK} {{period}} trên địa bàn {{area}}",
        "Thực hiện {basis}, {acting} báo cáo kết quả {period} trên địa bàn {area} (số liệu {days}) như sau:",
        f"Trên đây là kết quả {_WORK} {{period}} trên địa bàn {{area}}.",
        part("I", "TÌNH HÌNH", *shared.SITUATION, shared.CASES_TREND),
        part(
            "II",
            "KẾT QUẢ THỰC HIỆN",
            *_results(
                heading("6", "So sánh với năm trước và các năm"),
                table("So sánh với năm trước", *shared.ALL, compare=True),
                shared.CASES_COMPARED,
                shared.PIPELINE,
                table(
                    "Số liệu qua các năm", Section.SITUATION, Section.JUSTICE, Section.VICTIMS, kind="years"
                ),
                shared.VICTIMS_TREND,
                heading("7", "Kết quả thực hiện chỉ tiêu của Chương trình"),
                captioned("targets", "Kết quả thực hiện chỉ tiêu"),
            ),
        ),
        part("III", "KHÓ KHĂN, VƯỚNG MẮC", *shared.DIFFICULTIES),
        part("IV", "PHƯƠNG HƯỚNG, NHIỆM VỤ NĂM TỚI", *shared.DIRECTIONS, *shared.ANNEXES),
    )


def phase(frame: Layout) -> Layout:
    """The eight sections of a phase report, in the order of the reports in use."""
    return _framed(
        frame,
        f"Tổng kết {_WORK} {{period}} trên địa bàn {{area}}",
        "Thực hiện {basis}, {acting} báo cáo kết quả {period} trên địa bàn {area} (số liệu {days}) như sau:",
        f"Trên đây là báo cáo tổng kết {_WORK} {{period}} trên địa bàn {{area}}.",
        part("1", "TÌNH HÌNH", simple("territory"), *shared.SITUATION, shared.CASES_TREND),
        part("2", "CÔNG TÁC CHỈ ĐẠO", simple("basis"), *shared.STEERING),
        part("3", "CÔNG TÁC TUYÊN TRUYỀN", *shared.COMMUNICATION, shared.COMMUNICATION_TABLE),
        part(
            "4",
            "CÔNG TÁC ĐIỀU TRA, TRUY TỐ, XÉT XỬ",
            *shared.JUSTICE,
            table(
                "Kết quả đấu tranh với tội phạm mua bán người qua các năm",
                Section.SITUATION,
                Section.JUSTICE,
                kind="years",
            ),
            shared.PIPELINE,
        ),
        part(
            "5",
            "CÔNG TÁC TIẾP NHẬN, HỖ TRỢ NẠN NHÂN",
            *shared.VICTIMS,
            table("Kết quả tiếp nhận, hỗ trợ nạn nhân qua các năm", Section.VICTIMS, kind="years"),
            shared.VICTIMS_TREND,
        ),
        part("6", "CÔNG TÁC XÂY DỰNG PHÁP LUẬT, HỢP TÁC QUỐC TẾ", *shared.COOPERATION),
        part(
            "7",
            "NHẬN XÉT, ĐÁNH GIÁ",
            shared.REMARKS,
            *shared.DIFFICULTIES,
            captioned("targets", "Kết quả thực hiện chỉ tiêu của Chương trình"),
        ),
        part("8", "NHIỆM VỤ THỜI GIAN TỚI", *shared.DIRECTIONS, *shared.ANNEXES),
    )


def thematic(frame: Layout) -> Layout:
    return _framed(
        frame,
        f"Kết quả {_WORK} {{period}} trên địa bàn {{area}}",
        "{acting} báo cáo chuyên đề kết quả {period} trên địa bàn {area} như sau:",
        f"Trên đây là kết quả {_WORK} {{period}} trên địa bàn {{area}}.",
        part("I", "TÌNH HÌNH", *shared.SITUATION),
        part("II", "KẾT QUẢ THỰC HIỆN", *_results(shared.PIPELINE)),
        part("III", "KHÓ KHĂN, VƯỚNG MẮC", *shared.DIFFICULTIES),
        part("IV", "PHƯƠNG HƯỚNG VÀ KIẾN NGHỊ", *shared.DIRECTIONS, *shared.ANNEXES),
    )


def pilot(frame: Layout) -> Layout:
    return _framed(
        frame,
        "Đánh giá kết quả {pilot} ({days})",
        "Thực hiện {plan}, {acting} báo cáo đánh giá kết quả thí điểm như sau:",
        "Trên đây là kết quả thực hiện {pilot}.",
        part("I", "KHÁI QUÁT VỀ THÍ ĐIỂM", simple("pilot")),
        part("II", "KẾT QUẢ THỰC HIỆN NHIỆM VỤ", captioned("tasks", "Tiến độ nhiệm vụ theo địa bàn điểm")),
        part(
            "III",
            "KẾT QUẢ PHÒNG NGỪA, ĐẤU TRANH, HỖ TRỢ NẠN NHÂN",
            captioned("pilot_figures", "Số liệu ban đầu, giữa kỳ và cuối kỳ"),
            shared.SITUATION_SENTENCES,
            shared.COMMUNICATION_SENTENCES,
            shared.JUSTICE_SENTENCES,
            shared.VICTIM_SENTENCES,
        ),
        part("IV", "ĐÁNH GIÁ", simple("pilot_assessments"), *shared.DIFFICULTIES),
        part("V", "NHÂN RỘNG VÀ KIẾN NGHỊ", simple("pilot_decision"), *shared.DIRECTIONS),
    )


def progress(frame: Layout) -> Layout:
    return _framed(
        frame,
        "Tiến độ thực hiện nhiệm vụ giao tại {document}",
        "{acting} tổng hợp báo cáo của các đơn vị về việc thực hiện {document} như sau:",
        "Trên đây là tiến độ thực hiện nhiệm vụ giao tại {document}.",
        part("I", "CĂN CỨ", simple("cited_by")),
        part("II", "TỔNG HỢP TIẾN ĐỘ", captioned("tasks", "Tình trạng từng nhiệm vụ theo đơn vị")),
        part("III", "TIẾN ĐỘ TỪNG NHIỆM VỤ", simple("progress")),
        part("IV", "KHÓ KHĂN VÀ KIẾN NGHỊ", *shared.DIFFICULTIES, statements("recommendation")),
    )


def statistics(frame: Layout) -> Layout:
    return _framed(
        frame,
        f"Số liệu thống kê {_WORK} {{period}} trên địa bàn {{area}}",
        "{acting} gửi số liệu thống kê {period} trên địa bàn {area} ({days}) như sau:",
        f"Trên đây là số liệu thống kê {_WORK} {{period}} trên địa bàn {{area}}.",
        part("I", "MỨC ĐỘ ĐẦY ĐỦ CỦA SỐ LIỆU", simple("coverage"), text(_READING)),
        part("II", "TÌNH HÌNH", table("Tình hình", Section.SITUATION, kind="breakdowns")),
        part("III", "CHỈ ĐẠO, ĐIỀU HÀNH", table("Chỉ đạo, điều hành", Section.DIRECTION, kind="breakdowns")),
        part("IV", "TUYÊN TRUYỀN", table("Tuyên truyền", Section.COMMUNICATION, kind="breakdowns")),
        part("V", "ĐIỀU TRA, TRUY TỐ, XÉT XỬ", table("Xử lý tội phạm", Section.JUSTICE, kind="breakdowns")),
        part("VI", "NẠN NHÂN", table("Nạn nhân", Section.VICTIMS, kind="breakdowns")),
        part(
            "VII",
            "HỢP TÁC QUỐC TẾ",
            table("Hợp tác", Section.COOPERATION, kind="breakdowns"),
            *shared.ANNEXES,
        ),
    )


_READING = (
    "Số “0” là số đơn vị đã báo cáo; chữ “chưa phát hiện”, “không có” là đơn vị đã xác nhận không phát sinh; chữ"
    " “chưa báo cáo”, “chưa có số liệu” là chưa có thông tin."
)
