"""What a figure may be told apart by: each breakdown with its parts, as the roll-up names them.

A part is a word ("women") or a name and a value ("sex:female"). Parts of one breakdown need not add up to the whole:
a victim may have been exploited for two purposes, and what is not known has no part.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incidents.models import Discovery, Force, Offence, StageKind, TipKind, TipState, WantedPerson
from incidents.models.lists import Country as CountryOfCase
from incidents.models.person import AgeBand as AgeOfPerson
from incidents.models.tip import Channel
from programs.models import Audience, Funding, ModelKind
from victims.models import SupportCase
from victims.value_lists import AgeBand, Arrival, Country, Purpose, ServiceKind, Sex
from victims.value_lists import Funding as ServiceFunding

Parts = dict[str, Any]


@dataclass(frozen=True)
class Breakdown:
    """One way to tell a figure apart; ``parts`` gives each part with its name, in order."""

    code: str
    label: Any
    parts: Callable[[], Parts]


def _of(code: str, label: Any, prefix: str, *lists: Any) -> Breakdown:
    """A breakdown whose parts are the choices of value lists."""
    named = {f"{prefix}:{value}": name for each in lists for value, name in _choices(each)}
    return Breakdown(code, label, lambda: dict(named))


def _choices(listed: Any) -> list[tuple[str, Any]]:
    if isinstance(listed, Mapping):
        return list(listed.items())
    if isinstance(listed, type) and issubclass(listed, models.TextChoices):
        return [(str(each.value), each.label) for each in listed]
    return [(str(each.value), each.label) for each in listed]


def _countries() -> Parts:
    """The countries that victims or cases list. Those that a list leaves out are one part, and the last."""
    found = dict((*_choices(CountryOfCase), *_choices(Country)))
    del found[CountryOfCase.OTHER]  # the view of measures calls it as victims do, Country.XX
    return found


def _offences() -> Parts:
    """The articles of the criminal codes, the newest code first; an article of two codes is named once."""
    found: Parts = {}
    for article, name in Offence.objects.order_by("-criminal_code", "article").values_list("article", "name"):
        found.setdefault(f"offence:{article}", f"Điều {article}: {name}")
    return found


TERMS = {
    "to_3": _("up to 3 years"),
    "3_to_7": _("over 3 to 7 years"),
    "7_to_15": _("over 7 to 15 years"),
    "over_15": _("over 15 years"),
}

BREAKDOWNS: dict[str, Breakdown] = {
    each.code: each
    for each in (
        Breakdown(
            "group",
            _("group of people"),
            lambda: {
                "women": _("women"),
                "children": _("children"),
                "ethnic_minority": _("ethnic minority"),
            },
        ),
        Breakdown("minority", _("ethnic minority"), lambda: {"ethnic_minority": _("ethnic minority")}),
        Breakdown(
            "integration", _("integrated"), lambda: {"integrated": _("integrated into another programme")}
        ),
        _of("audience", _("audience"), "audience", Audience),
        _of(
            "source",
            pgettext_lazy("money", "source"),
            "source",
            {**dict(_choices(ServiceFunding)), **dict(_choices(Funding))},
        ),
        Breakdown("offence", _("offence"), _offences),
        _of("force", _("force"), "force", Force),
        _of("discovery", _("how it was found"), "discovery", Discovery),
        _of("route", _("route"), "route", {"domestic": _("within the country"), "abroad": _("abroad")}),
        _of("country", _("country of destination"), "country", _countries()),
        _of("nationality", _("nationality"), "nationality", _countries()),
        _of("sex", _("sex"), "sex", Sex),
        _of("age_group", _("age group"), "age_group", AgeBand),
        _of("age_band", _("age of offenders"), "age_band", AgeOfPerson),
        _of("arrival", _("arrival"), "arrival", Arrival),
        _of("purpose", _("purpose of exploitation"), "purpose", Purpose),
        _of("service", _("service"), "service", ServiceKind),
        _of("support_outcome", _("outcome of support"), "outcome", SupportCase.Outcome),
        _of("kind", _("kind of tip"), "kind", TipKind),
        _of("channel", _("channel"), "channel", Channel),
        _of(
            "outcome",
            _("outcome"),
            "outcome",
            [TipState.CASE_OPENED, TipState.NOT_PROSECUTED, TipState.SUSPENDED],
        ),
        _of("court", _("court"), "court", [StageKind.TRIED, StageKind.APPEAL]),
        _of("term", _("length of imprisonment"), "term", TERMS),
        _of("level", _("level of the warrant"), "level", WantedPerson.Level),
        _of("model", _("kind of model"), "model", ModelKind),
    )
}

CHOICES: list[tuple[str, Any]] = [(code, each.label) for code, each in BREAKDOWNS.items()]


def label_of(code: str) -> Any:
    """What a breakdown is called; a code that is no breakdown any more stays as it is."""
    return BREAKDOWNS[code].label if code in BREAKDOWNS else code


def parts_of(codes: list[str]) -> Parts:
    """The parts of some breakdowns with their names; unknown names are passed over. One query at most."""
    found: Parts = {}
    for code in codes:
        if code in BREAKDOWNS:
            found.update(BREAKDOWNS[code].parts())
    return found
