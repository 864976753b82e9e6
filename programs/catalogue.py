"""The programmes so far. They are data: `load_programmes` writes what is missing, administrators may go on from there.

Each target names where it is from. Only leads that a source names are given; the others stay open until somebody
enters them. What no indicator counts yet has no indicator, and the page says so.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from programs.models.task import Comparison


@dataclass(frozen=True, slots=True)
class Basis:
    """The decision of the Prime Minister that a programme rests on."""

    number: str
    issued_on: dt.date
    subject: str


@dataclass(frozen=True, slots=True)
class ProjectEntry:
    """A project (đề án), with the codes of the kinds of agency that lead it."""

    number: int
    name: str
    leads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetEntry:
    """A target; with ``out_of`` the value is a percentage of that indicator."""

    text: str
    value: Decimal
    comparison: Comparison
    indicator: str = ""
    out_of: str = ""


@dataclass(frozen=True, slots=True)
class ProgrammeEntry:
    code: str
    name: str
    starts_on: dt.date
    ends_on: dt.date
    basis: Basis
    looks_ahead_to: int | None = None
    projects: tuple[ProjectEntry, ...] = ()
    targets: tuple[TargetEntry, ...] = ()


_DECISION_193 = "Quyết định 193/QĐ-TTg ngày 09/02/2021"
_PLAN_19 = "Kế hoạch 19/KH-BCĐ138/CP ngày 15/01/2024"

PROGRAMMES = (
    ProgrammeEntry(
        code="2016-2020",
        name="Chương trình phòng, chống mua bán người giai đoạn 2016 - 2020",
        starts_on=dt.date(2016, 1, 1),
        ends_on=dt.date(2020, 12, 31),
        basis=Basis(
            "2546/QĐ-TTg",
            dt.date(2015, 12, 31),
            "phê duyệt Chương trình phòng, chống mua bán người giai đoạn 2016 - 2020",
        ),
        projects=(
            ProjectEntry(1, "Truyền thông phòng, chống mua bán người"),
            ProjectEntry(2, "Đấu tranh phòng, chống tội phạm mua bán người"),
            # Lead: QĐ 623/QĐ-LĐTBXH of 4 June 2020.
            ProjectEntry(
                3, "Tiếp nhận, xác minh, bảo vệ và hỗ trợ nạn nhân bị mua bán", ("labour_ministry",)
            ),
            ProjectEntry(4, "Hoàn thiện pháp luật, nâng cao năng lực thi hành pháp luật"),
            ProjectEntry(5, "Hợp tác quốc tế về phòng, chống mua bán người"),
        ),
    ),
    ProgrammeEntry(
        code="2021-2025",
        name="Chương trình phòng, chống mua bán người giai đoạn 2021 - 2025 và định hướng đến năm 2030",
        starts_on=dt.date(2021, 1, 1),
        ends_on=dt.date(2025, 12, 31),
        looks_ahead_to=2030,
        basis=Basis(
            "193/QĐ-TTg",
            dt.date(2021, 2, 9),
            "phê duyệt Chương trình phòng, chống mua bán người giai đoạn 2021 - 2025 và định hướng đến năm 2030",
        ),
        targets=(
            TargetEntry(
                f"100% tố giác, tin báo về tội phạm, kiến nghị khởi tố được tiếp nhận, phân loại ({_DECISION_193})",
                Decimal(100),
                Comparison.EXACTLY,
                indicator="tips_classified",
                out_of="tips_received",
            ),
            TargetEntry(
                f"Giải quyết trên 90% tố giác, tin báo về tội phạm, kiến nghị khởi tố ({_DECISION_193})",
                Decimal(90),
                Comparison.MORE_THAN,
                indicator="tips_resolved",
                out_of="tips_received",
            ),
            TargetEntry(
                f"Điều tra, khám phá trên 90% số vụ án mua bán người đã khởi tố ({_PLAN_19})",
                Decimal(90),
                Comparison.MORE_THAN,
                indicator="cases_concluded",
                out_of="cases_prosecuted",
            ),
            # The plan names no whole for the next two. A procuracy resolves what investigators concluded and sent to
            # it, a court what was indicted, so these are the wholes: each stage out of the one before.
            TargetEntry(
                f"Giải quyết, truy tố 95% số vụ án mua bán người ({_PLAN_19})",
                Decimal(95),
                Comparison.AT_LEAST,
                indicator="cases_indicted",
                out_of="cases_concluded",
            ),
            TargetEntry(
                f"Giải quyết, xét xử 90% số vụ án mua bán người ({_PLAN_19})",
                Decimal(90),
                Comparison.AT_LEAST,
                indicator="cases_tried",
                out_of="cases_indicted",
            ),
        ),
    ),
    ProgrammeEntry(
        code="2026-2030",
        name="Chương trình phòng, chống mua bán người giai đoạn 2026 - 2030 và định hướng đến năm 2035",
        starts_on=dt.date(2026, 1, 1),
        ends_on=dt.date(2030, 12, 31),
        looks_ahead_to=2035,
        basis=Basis(
            "33/QĐ-TTg",
            dt.date(2026, 1, 7),
            "ban hành Chương trình phòng, chống mua bán người giai đoạn 2026 - 2030 và định hướng đến năm 2035",
        ),
    ),
)
