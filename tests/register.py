"""Documents, tasks, pilots and a programme for the permission matrix, by the names its rows use."""

import datetime as dt

from programs.models import Assignment, Document, DocumentKind, Pilot, Programme, Task
from territory.models import Agency, AgencyKind, Area
from tests.cast import SINCE, Cast

DAY = dt.date(2021, 5, 1)


def document(issuer: Agency, area: Area, subject: str) -> Document:
    made: Document = Document.objects.unscoped("made for a test").create(
        kind=DocumentKind.PLAN, issuer=issuer, area=area, subject=subject, issued_on=DAY, year=DAY.year
    )
    return made


def make_register(cast: Cast) -> dict[str, int]:
    """The keys of the records: plans of the province, of a unit and from above, tasks of two units, pilots."""
    of, here = cast.agencies, cast.map
    nation = here.lao_cai.parent
    assert nation is not None
    ministry = Agency.objects.create(
        code="VN-defence",
        kind=AgencyKind.objects.get(code="defence"),
        area=nation,
        name="Bộ Quốc phòng",
        valid_from=SINCE,
    )
    plan = document(of.lao_cai_police, here.lao_cai, "Kế hoạch của tỉnh")
    own_plan = document(of.bat_xat_police, here.bat_xat, "Kế hoạch của huyện")
    letter = document(ministry, nation, "Công văn của Bộ")
    far_plan = document(of.kon_tum_police, here.kon_tum, "Kế hoạch của tỉnh khác")
    task = Task.objects.create(document=letter, order=1, number="1", text="Tuyên truyền tại các xã biên giới")
    assignments = {
        name: Assignment.objects.unscoped("made for a test").create(
            task=task, agency=agency, area=agency.area
        )
        for name, agency in (("own_task", of.bat_xat_police), ("sister_task", of.si_ma_cai_police))
    }
    pilots = {
        name: Pilot.objects.unscoped("made for a test").create(
            document=of_plan,
            name="Thí điểm",
            area=of_plan.area,
            lead=of_plan.issuer,
            starts_on=DAY,
            ends_on=DAY,
        )
        for name, of_plan in (("pilot", plan), ("far_pilot", far_plan))
    }
    Programme.objects.get_or_create(
        code="2021-2025",
        defaults={"name": "Giai đoạn 2021-2025", "starts_on": DAY, "ends_on": dt.date(2025, 12, 14)},
    )
    records = {"task": task, "plan": plan, "own_plan": own_plan, "letter": letter, **assignments, **pilots}
    return {name: record.pk for name, record in records.items()}
