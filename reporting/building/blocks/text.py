"""Blocks of running text: what units wrote, sentences drafted from figures, what stands in the way."""

from collections.abc import Iterable
from typing import Any

from programs.models import STATEMENTS, Recommendation
from reporting.building.blocks.making import Block, bullets, paragraphs, plain
from reporting.building.context import Building
from reporting.building.wording import counted_areas, lowered
from reporting.figures import SAID, coverage_of, silent_units
from reporting.models import SectionNarrative
from territory.figure import print_count_vi
from territory.models import Area, Level
from territory.period import print_date_vi, print_period_vi


def heading(building: Building, block: Block) -> list[Block]:
    return [{"type": "heading", "number": block["number"], "text": building.fill(block["text"])}]


def text(building: Building, block: Block) -> list[Block]:
    """A text of the template, its places filled. A line that starts with a dash is a point of a list."""
    return written(building, str(block["text"]).splitlines())


def written(building: Building, lines: Iterable[str]) -> list[Block]:
    """Paragraphs as a person types them, each line one; a line that starts with a dash is a point of a list."""
    made: list[Block] = []
    for line in lines:
        found = building.sentence(line.strip())
        if not found["text"]:
            continue
        if found["text"].startswith("- "):
            item = found["text"].removeprefix("- ").strip()
            if made and made[-1]["type"] == "bullets":
                made[-1]["items"].append(item)
            else:
                made += bullets([item])
        elif made and made[-1]["type"] == "paragraphs":
            made[-1]["paragraphs"].append(found)
        else:
            made += paragraphs([found])
    return made


def narratives(building: Building, block: Block) -> list[Block]:
    """What the units of the area itself wrote for a section."""
    texts = SectionNarrative.objects.filter(
        section=block["section"],
        submission__state__in=SAID,
        submission__obligation__area=building.area,
        submission__obligation__period_start=building.period.start,
        submission__obligation__period_end=building.period.end,
    ).values_list("text", flat=True)
    return paragraphs([plain(line) for each in texts for line in each.splitlines() if line.strip()])


def sentences(building: Building, block: Block) -> list[Block]:
    """Sentences whose wording follows from what is known of the indicator each is about."""
    chosen = [building.wording.chosen(item) for item in block["items"]]
    return paragraphs([building.sentence(found) for found in chosen if found])


def coverage(building: Building, block: Block) -> list[Block]:
    """How many units reported, how many confirmed nil, and the silent ones by name."""
    found, _ = coverage_of(building.area, building.period, basis=building.basis)
    if found is None:
        return []
    silent = [
        owed.area.name if owed.area_id != building.area.pk else owed.agency.name
        for owed in silent_units(building.area, building.period, building.basis)
    ]
    silent = list(dict.fromkeys(silent))
    said = f"Tổng hợp từ {found.reported}/{found.expected} đơn vị đã báo cáo"
    if found.nil:
        said += f", trong đó {print_count_vi(found.nil)} đơn vị xác nhận không phát sinh vụ việc"
    said += "."
    if silent:
        said += f" Còn {print_count_vi(len(silent))} đơn vị chưa báo cáo."
    return [
        {
            "type": "silent_units",
            "period": print_period_vi(building.period),
            "expected": found.expected,
            "reported": found.reported,
            "nil": found.nil,
            "missing": silent,
            "text": said,
        }
    ]


def territory(building: Building, block: Block) -> list[Block]:
    """How many units the area had at the end of the period: "22 xã, thị trấn"."""
    area, day = building.area, building.period.end
    below = Area.objects.within(area, itself=False).valid_on(day)
    counts = [
        counted_areas(found)
        for level in (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)
        if (found := list(below.level(level))) and level != area.level
    ]
    if not counts:
        return []
    said = f"Đến ngày {print_date_vi(day)}, {lowered(area.name)} có {'; '.join(counts)}."
    return paragraphs([plain(said)])


def basis(building: Building, block: Block) -> list[Block]:
    """The documents the report answers or rests on, one a line."""
    cited = [{"printed": each} for each in building.wording.basis]
    return [{"type": "documents", "lead": "Căn cứ:", "documents": cited}] if cited else []


def statements(building: Building, block: Block) -> list[Block]:
    """Difficulties, directions or recommendations stated by the units of the area itself for the period."""
    rows = STATEMENTS[block["of"]].objects.unscoped("a report tells what the units of its area stated")
    found = rows.filter(
        area=building.area, period_start=building.period.start, period_end=building.period.end
    )
    if block["of"] == "recommendation":
        return _recommendations(found.exclude(state=Recommendation.State.WITHDRAWN))
    return bullets([each.text for each in found])


def _recommendations(found: Iterable[Any]) -> list[Block]:
    """What is recommended to each body, the bodies in the order in which they come first."""
    texts: dict[str, list[str]] = {}
    for each in found:
        texts.setdefault(each.addressee, []).append(each.text)
    made: list[Block] = []
    for addressee, asked in texts.items():
        made += [*paragraphs([plain(f"Kiến nghị với {addressee}:")]), *bullets(asked)]
    return made
