"""Registers of two trainings of Kon Tum, and a file of a plan of Bắc Kạn. All of it is invented, and says so.

The sources name these trainings without a figure, so no figure of theirs is contradicted and none is added: a
register feeds no indicator.
"""

from decimal import Decimal
from typing import NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from weasyprint import HTML

from accounts.models import User
from programs.attachments import check_file, stored_files
from programs.models import Activity, Document, DocumentKind, TrainingPlaces, TrainingRegister
from reporting.demo.cast import DAY, agency
from reporting.demo.rows import key_of
from reporting.rendering.pdf import make_fetcher
from territory.models import Area, Level

INVENTED = "Thông tin minh họa, không lấy từ báo cáo."
FILE_NAME = "Kế hoạch 2016-2020 (tài liệu minh họa).pdf"

_PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Tài liệu minh họa</title>
<style>@page {{ size: A4; margin: 25mm }} body {{ font: 14pt "Liberation Serif", serif }}</style></head>
<body><h1>Tài liệu minh họa</h1><p>Tệp này do cổng thông tin tạo ra để trình diễn chức năng tệp đính kèm.
Đây không phải văn bản thật.</p><p>Văn bản trong sổ: {subject}.</p></body></html>"""


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
    _file(people["can-bo.backan@demo.example"])


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


def _file(by: User) -> None:
    """A small PDF, written here, on the plan for 2016-2020."""
    province = Area.objects.find("06", DAY, Level.PROVINCE)
    plan = (
        Document.objects.unscoped("loads demonstration data")
        .filter(kind=DocumentKind.PLAN, area=province, year=2016)
        .earliest("pk")
    )
    if plan.attachments.exists():
        return
    page = HTML(string=_PAGE.format(subject=plan.subject), url_fetcher=make_fetcher())
    checked = check_file(SimpleUploadedFile(FILE_NAME, page.write_pdf()))
    with stored_files() as files, transaction.atomic():
        files.attach(document=plan, actor=by, checked=[checked])
