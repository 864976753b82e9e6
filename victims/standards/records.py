"""Victims as plain records for a file: words of lists alone, without codes, names, days or units."""

from dataclasses import dataclass
from typing import Any

from territory.models import Area
from victims.models import SupportCase, Victim
from victims.standards.words import age_band
from victims.value_lists import Answer, RouteKind, Status


@dataclass(frozen=True)
class PersonRecord:
    """What a file may tell of a person before it is made coarser. Nothing here names anybody."""

    status: str
    sex: str
    age_band: str
    minority: str
    nationality: str
    education: str
    acts: tuple[str, ...]
    means: tuple[str, ...]
    purposes: tuple[str, ...]
    controls: tuple[str, ...]
    relation: str
    channel: str
    province: str
    year: str
    destination: str
    case_state: str
    services: tuple[str, ...]
    agency_kind: str


def records_of(victims: Any, *, area: Area, first_year: int, last_year: int) -> dict[int, PersonRecord]:
    """The records of those of the victims who came in these years into care in the area, by the key of the victim.

    ``victims`` is a queryset that asked for consent. Whoever was found not to be a victim is no part of it. The caller
    sees every row: nobody is shown one. The keys are for the read log and go into no file.
    """
    found = (
        victims.filter(
            area__path__startswith=area.path,
            arrived_on__year__gte=first_year,
            arrived_on__year__lte=last_year,
        )
        .exclude(status=Status.NOT_A_VICTIM)
        .select_related("province", "agency__kind", "support")
        .prefetch_related("route", "services")
    )
    return {victim.pk: _record(victim) for victim in found.order_by("pk")}


def _record(victim: Victim) -> PersonRecord:
    reached = [stop.country for stop in victim.route.all() if stop.kind == RouteKind.DESTINATION]
    return PersonRecord(
        status=victim.status,
        sex=victim.sex,
        age_band=age_band(victim.age),
        minority=victim.minority if victim.minority != Answer.UNKNOWN else "",
        nationality=victim.nationality,
        education=victim.education,
        acts=tuple(victim.acts),
        means=tuple(victim.means),
        purposes=tuple(victim.purposes),
        controls=tuple(victim.controls),
        relation=victim.recruiter_relation,
        channel=victim.channel,
        province=victim.province.code if victim.province else "",
        year=str(victim.arrived_on.year),
        destination=reached[-1] if reached else "",
        case_state=_case_state(victim),
        services=tuple(service.kind for service in victim.services.all()),
        agency_kind=victim.agency.kind.code,
    )


def _case_state(victim: Victim) -> str:
    """The state of the support, where there is one; closed and handed on is told apart."""
    support: SupportCase | None = getattr(victim, "support", None)
    if support is None:
        return ""
    was_referred = support.outcome == SupportCase.Outcome.REFERRED
    return "closed_referred" if support.state == SupportCase.State.CLOSED and was_referred else support.state
