"""The kinds of blocks with their names in plain language and what may be chosen of each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from reporting.building.blocks import figures, text, work
from reporting.building.blocks.making import Block
from reporting.building.context import Building


@dataclass(frozen=True)
class BlockKind:
    """One kind of block.

    ``is_text`` says that an officer may write over it; ``is_fixed`` that nobody may leave it out of a report: how
    many units are silent is always told.
    """

    name: Any
    make: Callable[[Building, Block], list[Block]]
    is_text: bool = False
    is_fixed: bool = False


KINDS: dict[str, BlockKind] = {
    "heading": BlockKind(_("heading"), text.heading),
    "text": BlockKind(_("text of the template"), text.text, is_text=True),
    "narratives": BlockKind(_("what the units of the area wrote"), text.narratives, is_text=True),
    "sentences": BlockKind(_("sentences drafted from the figures"), text.sentences, is_text=True),
    "coverage": BlockKind(_("how many units reported, and who is silent"), text.coverage, is_fixed=True),
    "territory": BlockKind(_("number of districts and communes at the time"), text.territory, is_text=True),
    "basis": BlockKind(_("documents the report answers"), text.basis),
    "statements": BlockKind(_("difficulties, directions or recommendations"), text.statements, is_text=True),
    "activities": BlockKind(_("activities"), work.activities, is_text=True),
    "documents": BlockKind(_("documents issued"), work.documents),
    "facilities": BlockKind(_("places that receive victims"), work.facilities, is_text=True),
    "cited_by": BlockKind(_("documents cited by the document"), work.cited_by),
    "tasks": BlockKind(_("tasks and how each unit stands"), work.tasks),
    "progress": BlockKind(_("progress task by task, with evidence"), work.progress, is_text=True),
    "pilot": BlockKind(_("the pilot: plan, time, areas, agencies"), work.pilot, is_text=True),
    "pilot_figures": BlockKind(_("figures of the pilot: start, middle, end"), work.pilot_figures),
    "pilot_assessments": BlockKind(_("assessments of the pilot"), work.pilot_assessments, is_text=True),
    "pilot_decision": BlockKind(
        _("decision and replication of the pilot"), work.pilot_decision, is_text=True
    ),
    "table": BlockKind(_("table of figures"), figures.figures),
    "years": BlockKind(_("table by year"), figures.years),
    "breakdowns": BlockKind(_("table of figures with their breakdowns"), figures.breakdowns),
    "targets": BlockKind(_("targets of the programme"), figures.targets),
    "chart": BlockKind(_("chart"), figures.chart),
    "annex": BlockKind(_("annex by unit"), figures.annex),
}
