"""Small files of the demonstration, written here: of activities, of a plan and of a tip. All say they are invented."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image, ImageDraw
from weasyprint import HTML

from accounts.files.checking import CheckedFile, check_file
from accounts.models import User
from incidents.models import Tip
from incidents.services.file import add_tip_files
from programs.attachments import stored_files
from programs.models import Activity, Document, DocumentKind
from reporting.demo.cast import DAY
from reporting.demo.rows import key_of
from reporting.rendering.pdf import make_fetcher
from territory.models import Area, Level

_PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Tài liệu minh họa</title>
<style>@page {{ size: A4; margin: 25mm }} body {{ font: 14pt "Liberation Serif", serif }}</style></head>
<body><h1>Tài liệu minh họa</h1><p>Tệp này do cổng thông tin tạo ra để trình diễn chức năng tệp đính kèm.
Đây không phải văn bản thật.</p><p>{about}.</p></body></html>"""

_SIZE = (640, 420)
_SKY, _HILL, _FIELD, _TENT = "#cfe3ef", "#7fa58a", "#b9cf9a", "#1b4f72"


def load(people: dict[str, User]) -> None:
    """Attach the files that are not there yet."""
    officer, investigator = people["can-bo.kontum@demo.example"], people["dieu-tra.kontum@demo.example"]
    for fact, names in _OF_ACTIVITIES.items():
        activity = Activity.objects.unscoped("loads demonstration data").get(submission_key=key_of(fact))
        if not activity.attachments.exists():
            with stored_files() as files, transaction.atomic():
                checked = [_checked(name, activity.title) for name in names]
                files.attach(activity=activity, actor=officer, checked=checked)
    plan = _plan()
    if not plan.attachments.exists():
        with stored_files() as files, transaction.atomic():
            checked = [_checked(_OF_PLAN, f"Văn bản trong sổ: {plan.subject}")]
            files.attach(document=plan, actor=people["can-bo.backan@demo.example"], checked=checked)
    tip = Tip.objects.unscoped("loads demonstration data").get(submission_key=key_of("KT-TIP-4"))
    if not tip.files.exists():
        add_tip_files(tip=tip, actor=investigator, files=[_checked(_OF_TIP, "Kèm theo tin báo minh họa")])


#: Each name says that the file is invented. The facts are those of `reporting.demo.kon_tum`.
_OF_ACTIVITIES = {
    "KT-09a": ("Hình ảnh buổi tuyên truyền (minh họa).png", "Bài tuyên truyền (tài liệu minh họa).pdf"),
    "KT-10": ("Chương trình tập huấn (tài liệu minh họa).pdf",),
}
_OF_PLAN = "Kế hoạch 2016-2020 (tài liệu minh họa).pdf"
_OF_TIP = "Công văn chuyển hồ sơ (tài liệu minh họa).pdf"


def _plan() -> Document:
    """The plan of Bắc Kạn for 2016-2020."""
    province = Area.objects.find("06", DAY, Level.PROVINCE)
    plans = Document.objects.unscoped("loads demonstration data")
    found: Document = plans.filter(kind=DocumentKind.PLAN, area=province, year=2016).earliest("pk")
    return found


def _checked(name: str, about: str) -> CheckedFile:
    """A file as the portal takes it from a person: looked into, pictures made anew with a small one beside."""
    content = _picture() if name.endswith(".png") else _pdf(about)
    return check_file(SimpleUploadedFile(name, content))


def _pdf(about: str) -> bytes:
    page = HTML(string=_PAGE.format(about=about), url_fetcher=make_fetcher())
    written: bytes = page.write_pdf()
    return written


def _picture() -> bytes:
    """A drawing of a tent in front of hills; nobody is on it."""
    width, height = _SIZE
    image = Image.new("RGB", _SIZE, _SKY)
    draw = ImageDraw.Draw(image)
    draw.polygon(
        [(0, 300), (140, 130), (290, 270), (430, 110), (width, 280), (width, height), (0, height)], _HILL
    )
    draw.rectangle((0, 300, width, height), _FIELD)
    draw.polygon([(220, 320), (320, 190), (420, 320)], _TENT)
    draw.polygon([(300, 320), (320, 245), (340, 320)], _FIELD)
    held = io.BytesIO()
    image.save(held, "PNG")
    return held.getvalue()
