"""Lào Cai, the pilot of May 2021 to June 2022 (facts LC-01 to LC-09).

How the tasks stand, the figures and the assessments are invented, and say so where a person would read them.
"""

import datetime as dt

from accounts.models import User
from programs.models import Assignment, DocumentKind, Pilot, PilotAssessment, PilotFigure
from programs.models.pilot import Occasion
from reporting.demo.cast import DAY, agency, load_committees
from reporting.demo.programmes import Standing, add_document, add_tasks, stand
from territory.figure import parse_figure
from territory.models import Area, Level

STARTS_ON, ENDS_ON = dt.date(2021, 5, 1), dt.date(2022, 6, 30)

#: Thành phố Lào Cai, Bát Xát, Mường Khương, Bảo Thắng, Si Ma Cai.
PILOT_AREAS = ("080", "082", "083", "086", "084")

#: Who cooperates, besides the committees of all districts.
PARTNERS = ("labour", "womens_union", "border_guard", "procuracy", "court")

TASKS = (
    "Nắm lại toàn bộ tình hình mua bán người trong tỉnh, chỉ ra chỗ yếu của công tác phòng ngừa và đấu tranh; mỗi"
    " đơn vị lập kế hoạch chỉ đạo điểm của mình.",
    "Mở chiến dịch truyền thông để người dân cảnh giác với thủ đoạn lừa bán; dùng cả mạng xã hội.",
    "Tiếp nhận, xác định, giải cứu nạn nhân và giúp nạn nhân tái hòa nhập; kiểm tra hoạt động môi giới đưa người đi"
    " làm việc ở nước ngoài và lao động nước ngoài trên địa bàn.",
    "Tổ chức các đợt cao điểm trấn áp tội phạm mua bán người và tội phạm liên quan.",
    "Rút ngắn thời gian điều tra, truy tố, xét xử; chọn án trọng điểm để xét xử sớm.",
    "Đánh giá các mô hình đang có, bỏ mô hình kém, nhân rộng mô hình tốt; rà soát chính sách, pháp luật và cơ sở hỗ trợ"
    " nạn nhân.",
    "Thực hiện các thỏa thuận hợp tác quốc tế; trao đổi thông tin với cơ quan chuyên môn của Trung Quốc.",
    "Tập huấn cho cán bộ liên ngành, ưu tiên cán bộ của năm địa bàn điểm.",
)

_LETTERS = {
    "d": Assignment.State.DONE,
    "p": Assignment.State.IN_PROGRESS,
    "-": Assignment.State.NOT_STARTED,
    "n": Assignment.State.NOT_APPLICABLE,
}
#: One letter an area, in the order of PILOT_AREAS, one word a task: done, in progress, not started, not applicable.
_STATES = ("ddddd", "ddddp", "ddpd-", "ddddd", "pdd-d", "dpdp-", "ddnnd", "dddpp")

_INVENTED = "(minh họa)"

#: What is counted, its unit, and the figures before, half-way and at the end. The source has none.
_FIGURES = (
    ("Buổi tuyên truyền tại địa bàn điểm", "buổi", ("42", "118", "265")),
    ("Lượt người được tuyên truyền", "lượt người", ("2.100", "gần 7.000", "hơn 16.500")),
    ("Thôn có mô hình phòng ngừa hoạt động", "thôn", ("6", "14", "23")),
    ("Tin báo được tiếp nhận và xác minh", "tin", ("3", "7", "11")),
    ("Vụ án được khởi tố", "vụ", ("1", "2", "4")),
    ("Cán bộ liên ngành được tập huấn", "người", ("0", "85", "190")),
)
_ASSESSMENTS = (
    (
        Occasion.MIDTERM,
        dt.date(2021, 12, 15),
        "(Minh họa, không có trong nguồn.) Truyền thông đạt tiến độ; việc phối hợp tiếp nhận nạn nhân ở hai huyện biên"
        " giới còn chậm.",
    ),
    (
        Occasion.FINAL,
        dt.date(2022, 6, 25),
        "(Minh họa, không có trong nguồn.) Các mô hình ở thôn được duy trì; đề nghị nhân rộng truyền thông tại chợ"
        " phiên và tập huấn liên ngành.",
    ),
)


def load(people: dict[str, User]) -> None:
    province = Area.objects.find("10", DAY, Level.PROVINCE)
    districts = Area.objects.valid_on(DAY).within(province).level(Level.DISTRICT)
    committees = load_committees(districts)
    pilot = _pilot(province)
    if not pilot.partners.exists():
        pilot.partners.set([*(agency(f"10-{kind}") for kind in PARTNERS), *committees])
    areas = [districts.get(code=code) for code in PILOT_AREAS]
    if not pilot.areas.exists():
        pilot.areas.set(areas)
    tasks = add_tasks(
        pilot.document, TASKS, lead=agency("10-provincial_police"), starts_on=STARTS_ON, due_on=ENDS_ON
    )
    _tell_results(pilot, people["dieu-phoi.laocai@demo.example"])
    tellers = {"082": people["bat-xat@demo.example"], "084": people["si-ma-cai@demo.example"]}
    for task, states in zip(tasks, _STATES, strict=True):
        standings = [
            Standing(
                agency(f"{area.code}-district_police"),
                area,
                _LETTERS[letter],
                done_on=ENDS_ON - dt.timedelta(days=30 * task.order),
                told_by=tellers.get(area.code),
            )
            for area, letter in zip(areas, states, strict=True)
        ]
        stand("LC-09", task, standings)


def _tell_results(pilot: Pilot, teller: User) -> None:
    """The figures and assessments of the pilot, once."""
    if not pilot.figures.exists():
        PilotFigure.objects.bulk_create(
            PilotFigure(
                pilot=pilot,
                occasion=occasion,
                name=f"{name} {_INVENTED}",
                unit=unit,
                **PilotFigure.columns(parse_figure(said)),
            )
            for name, unit, told in _FIGURES
            for occasion, said in zip(Occasion, told, strict=True)
        )
    if not pilot.assessments.exists():
        for occasion, day, text in _ASSESSMENTS:
            PilotAssessment.objects.create(
                pilot=pilot, occasion=occasion, assessed_on=day, text=text, by=teller
            )


def _pilot(province: Area) -> Pilot:
    """The pilot with its plan. Number and date of the plan are not in the source."""
    known = Pilot.objects.unscoped("loads demonstration data").filter(
        is_demo=True, area=province, starts_on=STARTS_ON
    )
    existing: Pilot | None = known.select_related("document").first()
    if existing is not None:
        return existing
    plan = add_document(
        issuer=agency("10-provincial_committee"),
        kind=DocumentKind.PLAN,
        year=2021,
        subject="chỉ đạo điểm công tác phòng, chống mua bán người tại năm huyện, thành phố, 2021 - 2022",
        valid_from=STARTS_ON,
        valid_to=ENDS_ON,
    )
    made: Pilot = Pilot.objects.create(
        document=plan,
        name="Thí điểm phòng, chống mua bán người tỉnh Lào Cai",
        area=province,
        lead=agency("10-provincial_police"),
        starts_on=STARTS_ON,
        ends_on=ENDS_ON,
        is_demo=True,
    )
    return made
