"""The report templates the portal starts with. They are data: `load_catalogue` writes them as ReportTemplate rows."""

from collections.abc import Callable

from reporting.layouts import frames, kinds
from reporting.layouts.pieces import Layout, keyed

_NAMES: dict[str, tuple[str, Callable[[Layout], Layout]]] = {
    "six_month": ("Báo cáo 6 tháng", kinds.six_month),
    "annual": ("Báo cáo năm", kinds.annual),
    "phase": ("Báo cáo tổng kết giai đoạn", kinds.phase),
    "thematic": ("Báo cáo chuyên đề", kinds.thematic),
    "pilot": ("Báo cáo đánh giá thí điểm", kinds.pilot),
    "statistics": ("Biểu thống kê", kinds.statistics),
}
_LEVELS = {
    "": ("", frames.PROVINCE),
    "district": (", cấp huyện", frames.DISTRICT),
    "nation": (", toàn quốc", frames.NATION),
}

#: Name and layout by kind of report and level of area; the empty level stands for every other one.
LAYOUTS: dict[tuple[str, str], tuple[str, Layout]] = {
    **{
        (code, level): (f"{name}{suffix}", keyed(make(frame)))
        for code, (name, make) in _NAMES.items()
        for level, (suffix, frame) in _LEVELS.items()
    },
    ("progress", ""): ("Báo cáo tiến độ nhiệm vụ", keyed(kinds.progress(frames.ISSUER))),
}

__all__ = ["LAYOUTS", "Layout"]
