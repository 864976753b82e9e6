"""The snapshot of a report: every figure with its status and provenance, every text, the frame of the document."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from programs.models import Activity, Document, Pilot
from reporting.building.blocks import KINDS
from reporting.building.blocks.text import written
from reporting.building.context import Building
from reporting.figures import MapBasis
from reporting.models import Obligation, ReportDraft, ReportTemplate
from reporting.rendering.snapshot import Snapshot, check_snapshot
from territory.models import Agency, Area
from territory.period import Period, print_period_vi

NOTHING_SAID = "Không có nội dung được báo cáo trong kỳ."


class NoTemplate(LookupError):
    """There is no template for this kind of report; `load_catalogue` writes the first ones."""


@dataclass(frozen=True)
class Made:
    """One block of a layout with what was made of it. ``drafted`` is that without anybody's rewriting."""

    key: str
    kind: str
    layout: dict[str, Any]
    drafted: list[dict[str, Any]]
    blocks: list[dict[str, Any]]


def template_for(kind: str, area: Area) -> ReportTemplate:
    """The newest template of a kind for the level of an area, else that for any level. Raises NoTemplate."""
    fitting = ReportTemplate.objects.filter(code=kind, level__in=[area.level, ""])
    found: ReportTemplate | None = fitting.order_by("-level", "-version").first()
    if found is None:
        raise NoTemplate(f"There is no report template “{kind}”. Run: python manage.py load_catalogue")
    return found


def build_snapshot(
    *,
    kind: str,
    area: Area,
    period: Period,
    map_basis: str = MapBasis.THEN,
    pilot: Pilot | None = None,
    document: Document | None = None,
    draft: ReportDraft | None = None,
    template: ReportTemplate | None = None,
    progress: Callable[[int], None] = lambda percent: None,
) -> Snapshot:
    """Gather a report from what is in the database now.

    With a ``draft`` its template, map, pilot, document and rewritten texts are used. ``template`` is for looking at
    one that is not the newest. ``progress`` is told percents from 0 to 100. Raises NoTemplate.
    """
    if draft is not None:
        template, map_basis, pilot, document = draft.template, draft.map_basis, draft.pilot, draft.document
    template = template or template_for(kind, area)
    building = Building(area, period, MapBasis(map_basis), pilot, document)
    layout = template.layout
    content = draft.content if draft else {}
    parts = [part for part in layout["parts"] if not part.get("hidden")]
    sections = []
    for done, part in enumerate(parts, start=1):
        blocks = [each for made in make_part(building, part, content) for each in made.blocks]
        sections.append({"number": part["number"], "title": part["title"], "blocks": _said(blocks)})
        progress(100 * done // len(parts))
    return check_snapshot(
        {
            "schema": 1,
            "template": {"code": template.code, "version": template.version},
            "generated_at": timezone.now().isoformat(timespec="seconds"),
            "area": {"code": area.code, "level": area.level, "name": area.name},
            "period": {
                "code": period.code,
                "start": period.start.isoformat(),
                "end": period.end.isoformat(),
                "rule": period.rule.value,
                "printed": print_period_vi(period),
            },
            "map": str(map_basis),
            "document": _document(building, layout),
            "sections": [_without_sources(section) for section in sections],
            "figures": building.figures,
        }
    )


def make_part(building: Building, part: dict[str, Any], content: dict[str, Any]) -> Iterator[Made]:
    """The blocks of a part of the layout, drafted and, where a person wrote over them, rewritten."""
    for place, block in enumerate(part["blocks"]):
        kind = KINDS[block["kind"]]
        if block.get("hidden"):
            continue
        key = block.get("key") or f"{part['number']}-{place + 1}"
        drafted = kind.make(building, block)
        changed = content.get(key, {})
        blocks = drafted
        if changed.get("hidden") and not kind.is_fixed:
            blocks = []
        elif kind.is_text and "paragraphs" in changed:
            blocks = written(building, changed["paragraphs"])
        yield Made(
            key, block["kind"], block, drafted, [*blocks, *written(building, changed.get("after", ()))]
        )


def _without_sources(section: dict[str, Any]) -> dict[str, Any]:
    for block in section["blocks"]:
        for paragraph in block.get("paragraphs", ()):
            paragraph.pop("source", None)
    return section


def _said(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Say where nothing was reported, instead of leaving a part or a heading bare."""
    nothing = {"type": "paragraphs", "paragraphs": [{"text": NOTHING_SAID, "figures": []}]}
    filled: list[dict[str, Any]] = []
    for i, block in enumerate(blocks):
        filled.append(block)
        follows = blocks[i + 1]["type"] if i + 1 < len(blocks) else "heading"
        if block["type"] == "heading" and follows == "heading":
            filled.append(nothing)
    return filled or [nothing]


def _document(building: Building, layout: dict[str, Any]) -> dict[str, Any]:
    area, day = building.area, building.period.end
    parent_kind, parent = layout.get("parent_kind"), None
    if parent_kind:
        held = Agency.objects.valid_on(day).filter(area=area, kind__code=parent_kind)
        agency = held.order_by("-id").first()
        parent = agency.name.upper() if agency else area.name.upper()
    return {
        "parent_body": parent,
        "body": building.fill(layout["issuer"]),
        "number": None,
        "symbol": building.fill(layout["symbol"]),
        "place": building.fill(layout.get("place", "{place}")),
        "date": None,
        "title": layout["title"],
        "subject": building.fill(layout["subject"]),
        "opening": [building.fill(text) for text in layout["opening"]],
        "closing": [building.fill(text) for text in layout["closing"]],
        "signer": {name: building.fill(text) for name, text in layout["signer"].items()},
        "recipients": [building.fill(text) for text in layout["recipients"]],
        "archive": layout["archive"],
        "is_demo": has_demo_data(area),
        "state": "draft",
    }


def has_demo_data(area: Area) -> bool:
    """Whether anything in the area is demonstration data, which every page and file made of it then says."""
    if settings.IS_DEMO:
        return True
    reason = "asks only whether any row is demonstration data"
    within = {"area__path__startswith": area.path, "is_demo": True}
    return (
        Activity.objects.unscoped(reason).filter(**within).exists()
        or Obligation.objects.unscoped(reason).filter(**within).exists()
    )
