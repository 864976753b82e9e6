"""What the units of the invented province did: activities, cases, documents, difficulties and directions."""

import datetime as dt
from typing import Any

from incidents.models import Case, CaseOffence, PersonInCase, PersonStanding, Stage, StageKind, Standing
from programs.models import (
    Activity,
    ActivityQuantity,
    Difficulty,
    Direction,
    DocumentKind,
    PeriodStatement,
    Recommendation,
)
from reporting.demo.cast import agency
from reporting.demo.programmes import add_document
from reporting.demo.rows import Standing as ActivityStanding
from reporting.demo.rows import key_of
from reporting.demo.synthetic.figures import InventedCase, activities_of, cases_of
from reporting.demo.synthetic.units import (
    ANNUALS,
    HALVES,
    INVENTED,
    MARK,
    PROVINCE,
    STANDING,
    YEARS,
    Unit,
    province,
)

_LOADS = "loads demonstration data"


def load_activities(units: list[Unit]) -> None:
    """The approved activities that are not there yet, with their quantities."""
    invented = {key_of(f"DB-{each.key}"): (unit, each) for unit in units for each in activities_of(unit)}
    known = Activity.objects.unscoped(_LOADS).filter(submission_key__in=invented)
    missing = invented.keys() - set(known.values_list("submission_key", flat=True))
    made = Activity.objects.bulk_create(
        Activity(
            submission_key=key,
            kind=each.kind,
            title=f"{each.title} {MARK}",
            agency=unit.agency,
            area=unit.area,
            started_on=each.days[0],
            ended_on=each.days[1],
            audience=[value.value for value in each.audience],
            narrative=INVENTED,
            filed_by=unit.officer,
            is_demo=True,
            **ActivityStanding(Activity.State.APPROVED, unit.head).columns(unit.officer, each.days[1]),
        )
        for key, (unit, each) in invented.items()
        if key in missing
    )
    ActivityQuantity.objects.bulk_create(
        ActivityQuantity(
            activity=activity,
            measure=measure,
            **ActivityQuantity.columns(figure),
            **(each.parts if measure == list(each.quantities)[-1] else {}),
        )
        for activity in made
        for each in [invented[activity.submission_key][1]]
        for measure, figure in each.quantities.items()
    )


def load_cases(units: list[Unit]) -> None:
    """The cases that are not there yet, with offence, stages and persons, none of whom has a name."""
    invented = {
        f"MH-{unit.area.code}-{unit.agency.symbol}-{each.key}": (unit, each)
        for unit in units
        for each in cases_of(unit)
    }
    known = Case.objects.unscoped(_LOADS).filter(code__in=invented).values_list("code", flat=True)
    missing = invented.keys() - set(known)
    cases = Case.objects.bulk_create(
        Case(
            code=code,
            agency=unit.agency,
            area=unit.area,
            summary=INVENTED,
            submission_key=key_of(f"DB-{code}"),
            is_demo=True,
        )
        for code, (unit, _each) in invented.items()
        if code in missing
    )
    CaseOffence.objects.bulk_create(_offence(case, invented[case.code][1]) for case in cases)
    Stage.objects.bulk_create(
        Stage(
            case=case,
            kind=kind,
            reached_on=day,
            agency=case.agency,
            persons=None if kind is StageKind.DETECTED else each.persons,
            victims=each.victims,
        )
        for case in cases
        for each in [invented[case.code][1]]
        for kind, day in each.stages.items()
    )
    persons = PersonInCase.objects.bulk_create(
        PersonInCase(case=case, label=f"Đ{number}", nationality="VN")
        for case in cases
        for number in range(1, invented[case.code][1].persons + 1)
    )
    PersonStanding.objects.bulk_create(
        PersonStanding(person=person, standing=standing, since=day)
        for person in persons
        for standing, day in _standings(invented[person.case.code][1])
    )


def _offence(case: Case, invented: InventedCase) -> CaseOffence:
    if invented.victims > 1:
        return CaseOffence(case=case, article="151", name="Mua bán người dưới 16 tuổi")
    return CaseOffence(case=case, article="150", name="Mua bán người")


def _standings(case: InventedCase) -> list[tuple[Standing, dt.date]]:
    after = {
        StageKind.DETECTED: Standing.SUSPECT,
        StageKind.PROSECUTED: Standing.ACCUSED,
        StageKind.INDICTED: Standing.DEFENDANT,
    }
    return [(after[kind], day) for kind, day in case.stages.items() if kind in after]


def load_documents() -> None:
    """A plan for the phase, and a plan and a report for each year. None has a number: no real one is copied."""
    committee = agency(f"{PROVINCE}-provincial_committee")
    subject = "phòng, chống mua bán người"
    phase = "thực hiện Chương trình phòng, chống mua bán người giai đoạn 2016 - 2020"
    board = agency(f"{PROVINCE}-steering_committee")
    add_document(
        issuer=board, kind=DocumentKind.PLAN, year=2016, subject=f"{phase} {MARK}", note=INVENTED,
        issued_on=dt.date(2016, 2, 1),
    )  # fmt: skip
    for year in YEARS:
        add_document(
            issuer=committee,
            kind=DocumentKind.PLAN,
            year=year,
            subject=f"{subject} năm {year} {MARK}",
            note=INVENTED,
            issued_on=dt.date(year, 2, 1 + year % 20),
        )
        add_document(
            issuer=committee,
            kind=DocumentKind.OFFICIAL_LETTER,
            year=year,
            subject=f"hưởng ứng Ngày toàn dân phòng, chống mua bán người 30/7 năm {year} {MARK}",
            note=INVENTED,
            issued_on=dt.date(year, 7, 1 + year % 20),
        )


_DIFFICULTIES = (
    "Địa bàn rộng, nhiều bản ở xa trung tâm; việc tuyên truyền trực tiếp chưa đến được hết các hộ.",
    "Tội phạm lợi dụng mạng xã hội để dụ dỗ, gây khó cho việc phát hiện sớm.",
    "Kinh phí cho công tác phòng ngừa ở cấp huyện còn hạn chế.",
)
_DIRECTIONS = (
    "Rà soát địa bàn trọng điểm, lập danh sách bản cần tuyên truyền trước.",
    "Phối hợp Bộ đội Biên phòng tuần tra các lối mở trong dịp giáp Tết.",
)
_RECOMMENDATIONS = ("Đề nghị bổ sung kinh phí hỗ trợ nạn nhân trở về tại cơ sở.",)
_ASKED = "Ban Chỉ đạo 138/CP"


def load_statements() -> None:
    """What the standing agency states for each half-year and year."""
    _state(Difficulty, _DIFFICULTIES)
    _state(Direction, _DIRECTIONS)
    _state(Recommendation, _RECOMMENDATIONS, addressee=_ASKED)


def _state(model: type[PeriodStatement], texts: tuple[str, ...], **more: str) -> None:
    police, area = agency(STANDING), province()
    stated = model.objects.unscoped(_LOADS).filter(agency=police, area=area)
    known = set(stated.values_list("period_start", "period_end", "order"))
    rows: list[Any] = [
        model(
            agency=police,
            area=area,
            period_start=period.start,
            period_end=period.end,
            order=order,
            text=f"{text} {MARK}",
            is_demo=True,
            **more,
        )
        for period in (*HALVES, *ANNUALS)
        for order, text in enumerate(texts, start=1)
        if (period.start, period.end, order) not in known
    ]
    model.objects.bulk_create(rows)
