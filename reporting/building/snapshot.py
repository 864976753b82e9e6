"""The snapshot of a report: every figure with its status and provenance, every text, the frame of the document."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import timezone

from programs.models import Activity
from reporting.building.blocks import KINDS
from reporting.building.context import Building
from reporting.models import Obligation, ReportTemplate
from reporting.rendering.snapshot import Snapshot, check_snapshot
from territory.models import Agency, Area
from territory.period import Period, print_period_vi

NOTHING_SAID = "Không có nội dung được báo cáo trong kỳ."


class NoTemplate(LookupError):
    """There is no template for this kind of report; `load_catalogue` writes the first ones."""


def build_snapshot(
    *, kind: str, area: Area, period: Period, progress: Callable[[int], None] = lambda percent: None
) -> Snapshot:
    """Gather a report from what is in the database now.

    ``progress`` is told percents from 0 to 100. Raises NoTemplate.
    """
    template = ReportTemplate.objects.filter(code=kind).order_by("-version").first()
    if template is None:
        raise NoTemplate(f"There is no report template “{kind}”. Run: python manage.py load_catalogue")
    building = Building(area, period)
    layout = template.layout
    sections = []
    for done, part in enumerate(layout["parts"], start=1):
        blocks = [made for block in part["blocks"] for made in KINDS[block["kind"]](building, block)]
        sections.append({"number": part["number"], "title": part["title"], "blocks": _said(blocks)})
        progress(100 * done // len(layout["parts"]))
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
            "map": "then",
            "document": _document(building, layout),
            "sections": sections,
            "figures": building.figures,
        }
    )


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
    agencies = {
        agency.kind.code: agency
        for agency in Agency.objects.valid_on(day).filter(area=area).select_related("kind").order_by("-id")
    }
    parent = agencies.get(layout["parent_kind"])
    return {
        "parent_body": parent.name.upper() if parent else area.name.upper(),
        "body": layout["issuer"],
        "number": None,
        "symbol": layout["symbol"],
        "place": area.short_name,
        "date": None,
        "title": layout["title"],
        "subject": building.fill(layout["subject"]),
        "opening": [building.fill(text) for text in layout["opening"]],
        "closing": [building.fill(text) for text in layout["closing"]],
        "signer": layout["signer"],
        "recipients": layout["recipients"],
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
