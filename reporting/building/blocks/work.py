"""Blocks of work: activities, documents issued, places of support, tasks of a document, and a pilot from end to end."""

from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import override

from programs.models import Activity, Assignment, Audience, Document, Measure, ProgressNote, Task
from programs.models.pilot import Occasion, Pilot
from reporting.building.blocks.making import Block, bullets, columns, paragraphs, plain, row, table
from reporting.building.citing import cite_document
from reporting.building.context import Building
from territory.figure import print_count_vi, print_figure_vi
from territory.period import print_date_vi
from victims.models import Facility

STATES = {
    Assignment.State.NOT_STARTED: "chưa thực hiện",
    Assignment.State.IN_PROGRESS: "đang thực hiện",
    Assignment.State.DONE: "hoàn thành",
    Assignment.State.NOT_APPLICABLE: "không áp dụng",
}
OCCASIONS = {Occasion.BASELINE: "Ban đầu", Occasion.MIDTERM: "Giữa kỳ", Occasion.FINAL: "Cuối kỳ"}
DECISIONS = {
    Pilot.Decision.OPEN: "Chưa có quyết định nhân rộng hay dừng thí điểm.",
    Pilot.Decision.REPLICATE: "Thống nhất nhân rộng thí điểm.",
    Pilot.Decision.STOP: "Dừng thí điểm.",
}
_REASON = "a report tells how the tasks of its subject stand"


def activities(building: Building, block: Block) -> list[Block]:
    """The activities of some kinds, a point each, with their quantities as reported."""
    found = (
        Activity.objects.unscoped("a report holds every unit's approved activities of its area")
        .filter(
            state=Activity.State.APPROVED,
            kind__in=block["kinds"],
            area__path__startswith=building.area.path,
            ended_on__range=(building.period.start, building.period.end),
        )
        .exclude(is_cumulative=True, started_on__lt=building.period.start)
        .select_related("agency")
        .prefetch_related("quantities", "partner_agencies")
        .order_by("agency__kind__order", "ended_on", "id")
    )
    return bullets([_activity(activity) for activity in found])


def _activity(activity: Activity) -> str:
    text = f"{activity.agency.name}: {activity.title.rstrip('.;')}"
    partners = [agency.name for agency in activity.partner_agencies.all()]
    partners += [activity.other_partners] if activity.other_partners else []
    if partners:
        text += f"; phối hợp với {', '.join(partners)}"
    quantities = [
        print_figure_vi(quantity.figure, unit=_unit(activity, quantity.measure))
        for quantity in activity.quantities.all()
    ]
    return f"{text} ({', '.join(quantities)})" if quantities else text


def _unit(activity: Activity, measure: str) -> str:
    """The unit of a quantity. Attendances of pupils alone are called by their name."""
    if measure == Measure.ATTENDANCES and activity.audience == [Audience.PUPILS]:
        return "lượt học sinh, sinh viên"
    with override("vi"):
        return str(Measure(measure).label)


def documents(building: Building, block: Block) -> list[Block]:
    """The documents issued in the area during the period, or, where the date is not known, in force in it."""
    issued = Q(issued_on__range=(building.period.start, building.period.end))
    in_force = Q(issued_on=None, valid_from__lte=building.period.end, valid_to__gte=building.period.start)
    every = Document.objects.unscoped("a report names every document issued in its area")
    found = every.filter(issued | in_force, area=building.area).select_related("issuer")
    cited = [{"printed": cite_document(document)} for document in found.order_by("issued_on", "id")]
    return [{"type": "documents", "lead": "Văn bản đã ban hành:", "documents": cited}] if cited else []


def facilities(building: Building, block: Block) -> list[Block]:
    """The places that receive victims."""
    found = Facility.objects.filter(
        area__path__startswith=building.area.path, valid_from__lte=building.period.end
    ).exclude(valid_to__lt=building.period.start)
    names = [facility.name for facility in found.order_by("name")]
    if not names:
        return []
    return paragraphs([plain(f"Cơ sở tiếp nhận, hỗ trợ nạn nhân: {', '.join(names)}.")])


def cited_by(building: Building, block: Block) -> list[Block]:
    """What the document of the report rests on."""
    if building.document is None:
        return []
    rests = building.document.upward.select_related("rests_on__issuer").order_by("rests_on__issued_on", "pk")
    cited = [{"printed": cite_document(each.rests_on)} for each in rests]
    return [{"type": "documents", "lead": "Văn bản liên quan được dẫn:", "documents": cited}] if cited else []


def _plan(building: Building) -> Document | None:
    return building.pilot.document if building.pilot else building.document


def _tasks(building: Building) -> list[Task]:
    plan = _plan(building)
    return list(plan.tasks.order_by("order")) if plan else []


def _assignments(building: Building) -> dict[int, list[Assignment]]:
    found: dict[int, list[Assignment]] = {}
    every = Assignment.objects.unscoped(_REASON).filter(
        task__document=_plan(building), area__path__startswith=building.area.path
    )
    rows = every.select_related("agency", "area").order_by("area__province__sort_key", "area__sort_key", "pk")
    shown: Any = [
        Prefetch("activities", Activity.objects.unscoped(_REASON)),
        Prefetch("documents", Document.objects.unscoped(_REASON).select_related("issuer")),
    ]
    notes = ProgressNote.objects.prefetch_related(*shown)
    for each in rows.prefetch_related(Prefetch("notes", notes)):
        found.setdefault(each.task_id, []).append(each)
    return found


def tasks(building: Building, block: Block) -> list[Block]:
    """The tasks of the document or of the pilot's plan, and how each receiving unit stands with them."""
    given, asked = _assignments(building), _tasks(building)
    if not asked:
        return []
    units = {(each.agency_id, each.area_id): each for rows in given.values() for each in rows}
    names = [each.area.short_name if building.pilot else each.agency.name for each in units.values()]
    rows = []
    for task in asked:
        standing = {(each.agency_id, each.area_id): each for each in given.get(task.pk, ())}
        states = [
            STATES[Assignment.State(standing[unit].state)] if unit in standing else "–" for unit in units
        ]
        rows.append(row(task.number, task.text, *states))
    heads = columns(["TT", "Nhiệm vụ", *names], ["center", "left", *["left"] * len(names)])
    caption = f"Bảng {building.next_number('Bảng')}. {building.fill(block['caption'])}"
    summary = _summary([each for found in given.values() for each in found], len(asked), len(units))
    return [*paragraphs([plain(summary)]), table(caption, heads, rows)]


def _summary(given: list[Assignment], asked: int, units: int) -> str:
    counts = {state: sum(each.state == state for each in given) for state in STATES}
    told = [f"{print_count_vi(number)} lượt {STATES[state]}" for state, number in counts.items() if number]
    text = f"{print_count_vi(asked)} nhiệm vụ được giao cho {print_count_vi(units)} đơn vị"
    return f"{text}: {', '.join(told)}." if told else f"{text}; chưa đơn vị nào báo cáo tiến độ."


def progress(building: Building, block: Block) -> list[Block]:
    """Task by task: what each unit last told, with what shows it."""
    given = _assignments(building)
    made: list[Block] = []
    for task in _tasks(building):
        made.append({"type": "heading", "number": task.number, "text": task.text.rstrip(".")})
        made += bullets([_progress(each) for each in given.get(task.pk, ())]) or paragraphs(
            [plain("Chưa giao cho đơn vị nào.")]
        )
    return made


def _progress(assignment: Assignment) -> str:
    text = f"{assignment.agency.name}: {STATES[Assignment.State(assignment.state)]}"
    if assignment.state == Assignment.State.DONE and assignment.done_on:
        text += f" ngày {print_date_vi(assignment.done_on)}"
    if assignment.state == Assignment.State.NOT_APPLICABLE:
        text += f" ({assignment.reason.rstrip('.')})"
    note: Any = next(iter(assignment.notes.all()), None)
    if note is None:
        return f"{text}. Chưa có báo cáo tiến độ."
    shown = [each.title.rstrip(".;") for each in note.activities.all()]
    shown += [cite_document(each) for each in note.documents.all()]
    evidence = f" Minh chứng: {'; '.join(shown)}" if shown else ""
    return f"{text}. {note.text.rstrip('.')}.{evidence}".rstrip(".") + "."


def pilot(building: Building, block: Block) -> list[Block]:
    """What a pilot is: its plan, time, areas, who leads and who cooperates."""
    found = building.pilot
    if found is None:
        return []
    areas = ", ".join(area.name for area in found.areas.order_by("sort_key"))
    partners = ", ".join(agency.name for agency in found.partners.order_by("kind__order", "sort_key"))
    lines = [
        f"Thí điểm thực hiện theo {cite_document(found.document)},"
        f" từ ngày {print_date_vi(found.starts_on)} đến ngày {print_date_vi(found.ends_on)}.",
        f"Địa bàn điểm: {areas}.",
        f"Cơ quan chủ trì: {found.lead.name}.",
    ]
    if partners:
        lines.append(f"Cơ quan phối hợp: {partners}.")
    return paragraphs([plain(line) for line in lines])


def pilot_figures(building: Building, block: Block) -> list[Block]:
    """The figures of a pilot before, half-way and at the end, beside each other."""
    if building.pilot is None:
        return []
    by_name: dict[tuple[str, str], dict[str, str]] = {}
    for figure in building.pilot.figures.all():
        by_name.setdefault((figure.name, figure.unit), {})[figure.occasion] = print_figure_vi(figure.figure)
    if not by_name:
        return []
    rows = [
        row(str(n), name, unit, *(found.get(occasion, "–") for occasion in OCCASIONS))
        for n, ((name, unit), found) in enumerate(by_name.items(), start=1)
    ]
    heads = columns(
        ["TT", "Nội dung", "Đơn vị tính", *OCCASIONS.values()], ["center", "left", "left", *["right"] * 3]
    )
    caption = f"Bảng {building.next_number('Bảng')}. {building.fill(block['caption'])}"
    return [table(caption, heads, rows, ["“–”: chưa có số liệu."])]


def pilot_assessments(building: Building, block: Block) -> list[Block]:
    """What the pilot was found to be worth, in the order of the assessments."""
    if building.pilot is None:
        return []
    found = [
        plain(f"{OCCASIONS[Occasion(each.occasion)]} ({print_date_vi(each.assessed_on)}): {each.text}")
        for each in building.pilot.assessments.all()
    ]
    return paragraphs(found or [plain("Chưa có đánh giá giữa kỳ, cuối kỳ được ghi nhận.")])


def pilot_decision(building: Building, block: Block) -> list[Block]:
    """Whether the pilot is to be made anew elsewhere, and where it was."""
    found = building.pilot
    if found is None:
        return []
    said = DECISIONS[Pilot.Decision(found.decision)]
    if found.decided_on:
        said = f"{said.rstrip('.')} (ngày {print_date_vi(found.decided_on)})."
    if found.decision_reason:
        said += f" Lý do: {found.decision_reason.rstrip('.')}."
    places = [
        f"{each.name}: {', '.join(area.name for area in each.areas.order_by('sort_key'))}"
        for each in Pilot.objects.unscoped(_REASON).filter(replicated_from=found)
    ]
    return [*paragraphs([plain(said)]), *bullets(places)]
