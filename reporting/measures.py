"""What the view ``reporting_measure`` can tell, with names a person can choose from.

A measure is "what.which.how" ("activity.training.people"). A stock has two, ".in" and ".out", and goes by the stem.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incidents.models import StageKind, Standing, TipState, Verdict
from programs.models import ActivityKind, DocumentKind, Measure
from programs.models.activity import MEASURES_OF_PERSONS
from victims.value_lists import ServiceKind, Status

#: The kind of record each measure is told by; it names the rows of the view and of the facts.
_SOURCES = {
    "person": "case",
    "verdict": "case",
    "wanted": "case",
    "service": "victim",
    "stay": "victim",
    "transfer": "victim",
    "support": "victim",
}

_OF_VICTIM = ("sex", "age_group", "arrival", "purpose", "route", "country", "nationality", "minority")
_OF_CASE = ("offence", "force", "discovery", "route", "country")


def source_of(measure: str) -> str:
    """Which records tell a measure: "activity", "case", "document", "tip", "model" or "victim"."""
    what = measure.partition(".")[0]
    return _SOURCES.get(what, what)


@dataclass(frozen=True)
class Told:
    """A measure or the stem of a stock: its name, the group it is listed in, what it may be told apart by."""

    code: str
    group: Any
    name: Any
    breakdowns: tuple[str, ...] = ()
    is_stock: bool = False

    @property
    def label(self) -> Any:
        return format_lazy("{} – {}", self.group, self.name)

    @property
    def is_about_people(self) -> bool:
        return source_of(self.code) in ("case", "tip", "victim")


def _of_activities() -> list[Told]:
    found = []
    for kind in ActivityKind:
        found.append(Told(f"activity.{kind}.count", kind.label, _("activities"), ("integration", "audience")))
        for measure in Measure:
            parts = ("group",) if measure in MEASURES_OF_PERSONS else ()
            found.append(Told(f"activity.{kind}.{measure}", kind.label, measure.label, parts))
        found.append(Told(f"activity.{kind}.cost", kind.label, _("cost in đồng"), ("source",)))
    return found


def _of_cases() -> list[Told]:
    group = _("Cases")
    found = []
    for stage in StageKind:
        found.append(Told(f"case.{stage}.count", group, stage.label, _OF_CASE))
        for what, name in (("persons", _("persons")), ("victims", _("victims"))):
            told = format_lazy("{}: {}", stage.label, name)
            found.append(Told(f"case.{stage}.{what}", group, told, _OF_CASE))
    found.append(Told("case.investigating", group, _("under investigation"), is_stock=True))
    persons = _("Persons in cases")
    parts = ("sex", "age_band", "nationality", "minority", "offence")
    found += [Told(f"person.{each}.count", persons, each.label, parts) for each in Standing]
    found.append(
        Told("person.accused_investigated", persons, _("accused in cases under investigation"), is_stock=True)
    )
    parts = ("offence", "court")
    found += [
        Told(
            f"verdict.{each}.count",
            _("Verdicts"),
            each.label,
            (*parts, "term") if each == Verdict.Sentence.IMPRISONMENT else parts,
        )
        for each in Verdict.Sentence
    ]
    wanted = _("Wanted persons")
    found += [
        Told("wanted.new.count", wanted, _("newly wanted"), ("level",)),
        Told("wanted.caught.count", wanted, _("arrested or gave themselves up"), ("level",)),
        Told("wanted.running", wanted, _("wanted at the end"), ("level",), is_stock=True),
    ]
    return found


def _of_tips() -> list[Told]:
    group = _("Tips")
    decided = (TipState.CASE_OPENED, TipState.NOT_PROSECUTED, TipState.SUSPENDED, TipState.FORWARDED)
    return [
        Told("tip.received.count", group, _("received"), ("kind", "channel", "offence")),
        Told("tip.resolved.count", group, _("resolved"), ("kind", "channel", "outcome")),
        *(Told(f"tip.{state}.count", group, state.label) for state in decided),
        Told("tip.open", group, _("being verified at the end"), is_stock=True),
    ]


def _of_victims() -> list[Told]:
    group, support = _("Victims"), _("Support of victims")
    found = [
        Told("victim.received.count", group, _("received"), _OF_VICTIM),
        *(Told(f"victim.{each}.count", group, each.label, _OF_VICTIM) for each in Status),
        Told("victim.in_identification", group, _("being identified at the end"), _OF_VICTIM, is_stock=True),
        Told("victim.children_with_them.count", group, _("persons under 18 with them")),
        Told("victim.supported.count", support, _("persons supported for the first time"), _OF_VICTIM),
        Told("service.given.count", support, _("services given"), ("service", "source")),
        Told("service.given.cost", support, _("cost of services in đồng"), ("service", "source")),
        *(Told(f"service.{each}.count", support, each.label, _OF_VICTIM) for each in ServiceKind),
        Told("stay.begun.count", support, _("stays begun in facilities")),
        Told("stay.running", support, _("staying in facilities at the end"), is_stock=True),
        Told("transfer.asked.count", support, _("transfers asked for")),
        Told("transfer.accepted.count", support, _("transfers accepted")),
        Told("support.opened.count", support, _("support begun")),
        Told("support.closed.count", support, _("support closed"), ("support_outcome",)),
    ]
    return found


def _of_documents_and_models() -> list[Told]:
    models = _("Prevention models")
    return [
        *(Told(f"document.{kind}.count", _("Documents"), kind.label) for kind in DocumentKind),
        Told("model.begun.count", models, _("newly begun"), ("model",)),
        Told(
            "model.running", models, pgettext_lazy("models", "kept up at the end"), ("model",), is_stock=True
        ),
    ]


#: Everything that can be counted or added, by code, in the order in which it is offered.
MEASURES: dict[str, Told] = {
    told.code: told
    for told in (
        *_of_documents_and_models(),
        *_of_activities(),
        *_of_tips(),
        *_of_cases(),
        *_of_victims(),
    )
}


def told_by(measure: str) -> Told | None:
    """The entry a measure of the view belongs to: itself, or the stock whose stem it has."""
    return MEASURES.get(measure) or MEASURES.get(measure.rpartition(".")[0])
