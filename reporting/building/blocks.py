"""The kinds of blocks a layout may hold, each made into blocks of the snapshot."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import override

from programs.models import (
    STATEMENTS,
    Activity,
    Audience,
    Document,
    Measure,
    Recommendation,
)
from reporting.building.context import Building
from reporting.figures import SAID, Answer, coverage_of, silent_units
from reporting.models import SectionNarrative
from territory.figure import Status, change, print_change_vi, print_count_vi, print_figure_vi
from territory.period import print_date_vi, print_period_vi
from victims.models import Facility

Block = dict[str, Any]


def heading(building: Building, block: Block) -> list[Block]:
    return [{"type": "heading", "number": block["number"], "text": block["text"]}]


def narratives(building: Building, block: Block) -> list[Block]:
    """What the units of the area itself wrote for a section."""
    texts = SectionNarrative.objects.filter(
        section=block["section"],
        submission__state__in=SAID,
        submission__obligation__area=building.area,
        submission__obligation__period_start=building.period.start,
        submission__obligation__period_end=building.period.end,
    ).values_list("text", flat=True)
    paragraphs = [line for text in texts for line in text.splitlines() if line.strip()]
    return _paragraphs([{"text": paragraph, "figures": []} for paragraph in paragraphs])


def sentences(building: Building, block: Block) -> list[Block]:
    """Sentences whose wording follows from what is known of the indicator each is about."""
    made = []
    for item in block["items"]:
        text = item[_known(building.answers[item["about"]])] if item["about"] in building.answers else ""
        if text:
            made.append(building.sentence(text))
    return _paragraphs(made)


def _known(found: Answer) -> str:
    if found.status is Status.REPORTED:
        return "reported"
    return "nil" if found.status is Status.CONFIRMED_NIL else "missing"


def coverage(building: Building, block: Block) -> list[Block]:
    """How many units reported, how many confirmed nil, and the silent ones by name."""
    found, _ = coverage_of(building.area, building.period)
    if found is None:
        return []
    silent = [
        owed.area.name if owed.area_id != building.area.pk else owed.agency.name
        for owed in silent_units(building.area, building.period)
    ]
    text = f"Tổng hợp từ {found.reported}/{found.expected} đơn vị đã báo cáo"
    if found.nil:
        text += f", trong đó {print_count_vi(found.nil)} đơn vị xác nhận không phát sinh vụ việc"
    text += "."
    if silent:
        text += f" Còn {print_count_vi(len(silent))} đơn vị chưa báo cáo."
    return [
        {
            "type": "silent_units",
            "period": print_period_vi(building.period),
            "expected": found.expected,
            "reported": found.reported,
            "nil": found.nil,
            "missing": silent,
            "text": text,
        }
    ]


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
    return _bullets([_activity(activity) for activity in found])


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
    cited = []
    for document in found.order_by("issued_on", "id"):
        with override("vi"):
            kind = document.get_kind_display()
        dated = f" ngày {print_date_vi(document.issued_on)}" if document.issued_on else ""
        number = f" số {document.number}" if document.number else ""
        cited.append({"printed": f"{kind}{number}{dated} của {document.issuer.name} về {document.subject}"})
    return [{"type": "documents", "lead": "Văn bản đã ban hành:", "documents": cited}] if cited else []


def facilities(building: Building, block: Block) -> list[Block]:
    """The places that receive victims."""
    found = Facility.objects.filter(
        area__path__startswith=building.area.path, valid_from__lte=building.period.end
    ).exclude(valid_to__lt=building.period.start)
    names = [facility.name for facility in found.order_by("name")]
    if not names:
        return []
    return _paragraphs([{"text": f"Cơ sở tiếp nhận, hỗ trợ nạn nhân: {', '.join(names)}.", "figures": []}])


def statements(building: Building, block: Block) -> list[Block]:
    """Difficulties, directions or recommendations stated by the units of the area itself for the period."""
    rows = STATEMENTS[block["of"]].objects.unscoped("a report tells what the units of its area stated")
    found = rows.filter(
        area=building.area, period_start=building.period.start, period_end=building.period.end
    )
    if block["of"] == "recommendation":
        return _recommendations(found.exclude(state=Recommendation.State.WITHDRAWN))
    return _bullets([row.text for row in found])


def _recommendations(found: Iterable[Any]) -> list[Block]:
    """What is recommended to each body, the bodies in the order in which they come first."""
    texts: dict[str, list[str]] = {}
    for row in found:
        texts.setdefault(row.addressee, []).append(row.text)
    made: list[Block] = []
    for addressee, asked in texts.items():
        lead = {"text": f"Kiến nghị với {addressee}:", "figures": []}
        made += [*_paragraphs([lead]), *_bullets(asked)]
    return made


def table(building: Building, block: Block) -> list[Block]:
    """Indicators of some sections with their figures, or beside those of the same period of the year before."""
    chosen = [indicator for indicator in building.indicators if indicator.section in block["sections"]]
    rows: list[dict[str, Any]] = []
    notes: list[str] = []
    left_out: set[str] = set()
    for indicator in chosen:
        now = building.answers[indicator.code]
        left_out |= now.left_out
        before = building.before[indicator.code] if block["compare"] else None
        if _is_silent(now) and (before is None or _is_silent(before)):
            continue
        building.cite(now)
        cells = [str(len(rows) + 1), indicator.name, indicator.unit, building.printed(now, with_unit=False)]
        if before is not None:
            building.cite(before)
            cells += [building.printed(before, with_unit=False), _compared(now, before)]
        rows.append({"cells": cells, "is_total": False})
        if now.also_reported is not None:
            reported = print_figure_vi(now.also_reported, unit=indicator.unit)
            notes.append(
                f"{indicator.name}: đơn vị báo cáo {reported}, khác số tổng hợp từ hồ sơ; cần đối chiếu."
            )
    if left_out:
        number = print_count_vi(len(left_out))
        notes.append(f"Không tính {number} mục lũy kế nhiều năm có thời gian vượt ra ngoài kỳ.")
    if not rows:
        return _paragraphs([{"text": note, "figures": []} for note in notes])
    titles = (
        ["TT", "Chỉ tiêu", "Đơn vị tính", "Kỳ này"]
        if block["compare"]
        else ["TT", "Chỉ tiêu", "Đơn vị tính", "Số liệu"]
    )
    titles += ["Cùng kỳ", "So với cùng kỳ"] if block["compare"] else []
    aligns = ["center", "left", "left", "right", "right", "left"]
    return [
        {
            "type": "comparison" if block["compare"] else "table",
            "caption": block["caption"],
            "columns": [
                {"title": title, "align": aligns[i], "is_header": i == 1} for i, title in enumerate(titles)
            ],
            "rows": rows,
            "notes": notes,
        }
    ]


def _is_silent(found: Answer) -> bool:
    return found.status in (Status.MISSING, Status.NOT_DUE)


def _compared(now: Answer, before: Answer) -> str:
    if _is_silent(before):
        return "không so sánh được"
    return print_change_vi(change(now.figure, before.figure), now.indicator.unit)


def _paragraphs(paragraphs: list[dict[str, Any]]) -> list[Block]:
    return [{"type": "paragraphs", "paragraphs": paragraphs}] if paragraphs else []


def _bullets(items: list[str]) -> list[Block]:
    return [{"type": "bullets", "items": items}] if items else []


KINDS: dict[str, Callable[[Building, Block], list[Block]]] = {
    "heading": heading,
    "narratives": narratives,
    "sentences": sentences,
    "coverage": coverage,
    "activities": activities,
    "documents": documents,
    "facilities": facilities,
    "statements": statements,
    "table": table,
}
