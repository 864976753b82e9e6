"""Registers of two trainings of Kon Tum. All of it is invented, and says so.

The sources name these trainings without a figure, so no figure of theirs is contradicted and none is added: a
register feeds no indicator.
"""

from decimal import Decimal
from typing import NamedTuple

from accounts.models import User
from programs.models import Activity, TrainingPlaces, TrainingRegister
from reporting.demo.cast import agency
from reporting.demo.rows import key_of

INVENTED = "Thông tin minh họa, không lấy từ báo cáo."


class _Places(NamedTuple):
    """The places of one unit; the agency by its key, or a name."""

    agency: str
    other: str
    offered: int
    attended: int
    women: int
    certificates: int
    certificates_women: int


def load(people: dict[str, User]) -> None:
    _register(
        "KT-10",
        topic="Pháp luật và nghiệp vụ phòng, chống mua bán người",
        days=2,
        tests=(38, 14, Decimal("4.8"), 40, 36, Decimal("7.6")),
        places=[
            _Places("62-border_guard", "", 20, 20, 2, 20, 2),
            _Places("62-provincial_police", "", 12, 11, 3, 11, 3),
            _Places("", "Đồn Biên phòng (tên minh họa)", 10, 9, 0, 8, 0),
        ],
    )
    _register(
        "KT-09b",
        topic="Kỹ năng tuyên truyền cho phụ nữ dân tộc thiểu số vùng biên",
        days=1,
        tests=(None, None, None, 25, 21, Decimal("7.1")),
        places=[
            _Places("62-womens_union", "", 20, 18, 18, 18, 18),
            _Places("62-border_guard", "", 8, 8, 1, 7, 1),
        ],
    )


def _register(
    fact: str,
    *,
    topic: str,
    days: int,
    tests: tuple[int | None, int | None, Decimal | None, int | None, int | None, Decimal | None],
    places: list[_Places],
) -> None:
    activity = Activity.objects.unscoped("loads demonstration data").get(submission_key=key_of(fact))
    names = [f"{name}_{when}" for when in ("before", "after") for name in ("taken", "passed", "average")]
    register, is_new = TrainingRegister.objects.get_or_create(
        activity=activity,
        defaults={
            "topic": f"{topic}. {INVENTED}",
            "trainers": f"Báo cáo viên cấp tỉnh. {INVENTED}",
            "materials": f"Sổ tay nhận biết nạn nhân. {INVENTED}",
            "days": days,
            **dict(zip(names, tests, strict=True)),
        },
    )
    if not is_new:
        return
    for row in places:
        TrainingPlaces.objects.create(
            register=register,
            agency=agency(row.agency) if row.agency else None,
            other=row.other,
            offered=row.offered,
            attended=row.attended,
            attended_women=row.women,
            certificates=row.certificates,
            certificates_women=row.certificates_women,
        )
