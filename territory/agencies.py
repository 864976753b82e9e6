"""Kinds of agency, which duty went from which kind to which, and the handing over itself.

The kinds are a first stock: ``load_agency_kinds`` adds the missing ones and never touches what an
administrator has edited. The programme begins in 2004, so 2004-01-01 stands for "as long as matters".
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from django.db import transaction
from django.db.models import Q

from territory.models import Agency, AgencyDuty, AgencyKind, AgencySuccession, Area, Duty
from territory.selectors import carry_forward
from territory.text import normalise

SINCE = dt.date(2004, 1, 1)
#: Labour and information departments ended with February 2025, district police on the same day.
REORGANISED_ON = dt.date(2025, 3, 1)
_A_DAY = dt.timedelta(days=1)
_LAST_DAY_BEFORE = dt.date(2025, 2, 28)
_LAST_DAY_OF_DISTRICTS = dt.date(2025, 6, 30)


@dataclass(frozen=True, slots=True)
class KindOfAgency:
    """One kind to be loaded; ``valid_to`` is its last day."""

    code: str
    name: str
    name_en: str
    valid_to: dt.date | None = None


#: In the order in which lists show them.
KINDS = (
    KindOfAgency("steering_committee", "Ban Chỉ đạo 138", "Steering Committee 138"),
    KindOfAgency("public_security", "Bộ Công an", "Ministry of Public Security"),
    KindOfAgency("defence", "Bộ Quốc phòng", "Ministry of National Defence"),
    KindOfAgency(
        "labour_ministry",
        "Bộ Lao động - Thương binh và Xã hội",
        "Ministry of Labour, Invalids and Social Affairs",
        _LAST_DAY_BEFORE,
    ),
    KindOfAgency("home_affairs_ministry", "Bộ Nội vụ", "Ministry of Home Affairs"),
    KindOfAgency("health_ministry", "Bộ Y tế", "Ministry of Health"),
    KindOfAgency("foreign_affairs", "Bộ Ngoại giao", "Ministry of Foreign Affairs"),
    KindOfAgency("provincial_committee", "Ủy ban nhân dân tỉnh", "Provincial People's Committee"),
    KindOfAgency("provincial_police", "Công an tỉnh", "Provincial police"),
    KindOfAgency("border_guard", "Bộ Chỉ huy Bộ đội Biên phòng tỉnh", "Provincial Border Guard Command"),
    KindOfAgency(
        "labour",
        "Sở Lao động - Thương binh và Xã hội",
        "Department of Labour, Invalids and Social Affairs",
        _LAST_DAY_BEFORE,
    ),
    KindOfAgency("health", "Sở Y tế", "Department of Health"),
    KindOfAgency("home_affairs", "Sở Nội vụ", "Department of Home Affairs"),
    KindOfAgency("education", "Sở Giáo dục và Đào tạo", "Department of Education and Training"),
    KindOfAgency(
        "information",
        "Sở Thông tin và Truyền thông",
        "Department of Information and Communications",
        _LAST_DAY_BEFORE,
    ),
    KindOfAgency("culture", "Sở Văn hóa, Thể thao và Du lịch", "Department of Culture, Sports and Tourism"),
    KindOfAgency("justice", "Sở Tư pháp", "Department of Justice"),
    KindOfAgency("womens_union", "Hội Liên hiệp Phụ nữ tỉnh", "Provincial Women's Union"),
    KindOfAgency("procuracy", "Viện kiểm sát nhân dân tỉnh", "Provincial People's Procuracy"),
    KindOfAgency("court", "Tòa án nhân dân tỉnh", "Provincial People's Court"),
    KindOfAgency(
        "district_committee", "Ủy ban nhân dân huyện", "District People's Committee", _LAST_DAY_OF_DISTRICTS
    ),
    KindOfAgency("district_police", "Công an huyện", "District police", _LAST_DAY_BEFORE),
    KindOfAgency("commune_committee", "Ủy ban nhân dân xã", "Commune People's Committee"),
    KindOfAgency("commune_police", "Công an xã", "Commune police"),
)


@dataclass(frozen=True, slots=True)
class Handover:
    """From ``on`` on, agencies of the one kind answer for what those of the other kind did before."""

    predecessor: str
    successor: str
    duty: Duty
    on: dt.date


#: The reform of March 2025. Victim support went to health, which also runs hotline 111 since (NĐ 162/2025).
KIND_HANDOVERS = (
    Handover("labour", "health", Duty.VICTIM_SUPPORT, REORGANISED_ON),
    Handover("labour", "home_affairs", Duty.LABOUR, REORGANISED_ON),
    Handover("labour_ministry", "health_ministry", Duty.VICTIM_SUPPORT, REORGANISED_ON),
    Handover("labour_ministry", "home_affairs_ministry", Duty.LABOUR, REORGANISED_ON),
    Handover("information", "culture", Duty.COMMUNICATION, REORGANISED_ON),
)


def load_agency_kinds() -> int:
    """Add the kinds that are missing; return how many were."""
    known = set(AgencyKind.objects.values_list("code", flat=True))
    missing = [
        AgencyKind(
            code=kind.code,
            name=kind.name,
            name_en=kind.name_en,
            order=10 * place,
            valid_from=SINCE,
            valid_to=kind.valid_to,
        )
        for place, kind in enumerate(KINDS, start=1)
        if kind.code not in known
    ]
    return len(AgencyKind.objects.bulk_create(missing))


class SuccessionRefused(ValueError):
    """One agency cannot succeed the other as asked."""


class PredecessorNotStanding(SuccessionRefused):
    """The old agency did not exist on the day before."""


class KindNotValid(SuccessionRefused):
    """The kind of the new agency does not exist on its first day."""


class SuccessorNotStanding(SuccessionRefused):
    """The agency that is to take over does not exist on that day, or is the one that ends."""


class DutyNotHeld(SuccessionRefused):
    """The old agency did not hold a duty that is to be handed over."""


class NoSuccessorArea(SuccessionRefused):
    """On the first day of the new agency, no area of the same level holds the old agency's territory."""


class SuccessorExists(SuccessionRefused):
    """The area already has an agency of the new kind on that day, under another name."""


@transaction.atomic
def succeed_agency(
    *, predecessor: Agency, successor_kind: AgencyKind, name: str, on: dt.date, duties: Collection[Duty]
) -> Agency:
    """End ``predecessor`` the day before ``on``, hand the duties to its successor, and return the successor.

    The successor is the agency of that kind and name that the area already has, else a new one. A predecessor
    whose duties go to several agencies is succeeded once for each. Without ``duties`` the successor follows
    as a whole, as after a mere change of name, and takes over all duties held. Duties that nobody takes over
    end.
    If the area itself ended, the successor belongs to the area that follows it by default.

    Raises a SuccessionRefused: PredecessorNotStanding, KindNotValid, DutyNotHeld, NoSuccessorArea or
    SuccessorExists.
    """
    old, held = _standing_before(predecessor, on)
    if not successor_kind.held_on(on):
        raise KindNotValid(f"Agencies of the kind {successor_kind.name} do not exist on {on}.")
    _refuse_duties_not_held(old, held, duties, on)

    _end_with_duties(old, on - _A_DAY)
    successor = _successor(old, area=_area_of(old, on), kind=successor_kind, name=name, on=on)
    _hand_over(old, successor, held=held, duties=duties, on=on)
    predecessor.valid_to = old.valid_to
    return successor


@transaction.atomic
def merge_agency(
    *, predecessor: Agency, successor: Agency, on: dt.date, duties: Collection[Duty] = ()
) -> None:
    """End ``predecessor`` the day before ``on``, and hand its duties, or those named, to an agency that stands.

    Raises a SuccessionRefused: PredecessorNotStanding, SuccessorNotStanding or DutyNotHeld.
    """
    old, held = _standing_before(predecessor, on)
    if successor.pk == old.pk or not successor.held_on(on):
        raise SuccessorNotStanding(f"{successor.name} does not exist on {on}.")
    _refuse_duties_not_held(old, held, duties, on)
    _end_with_duties(old, on - _A_DAY)
    _hand_over(old, successor, held=held, duties=duties, on=on)
    predecessor.valid_to = old.valid_to


@transaction.atomic
def end_agency(*, agency: Agency, last_day: dt.date) -> None:
    """Let an agency end, with its duties, and nobody after it. Raises PredecessorNotStanding."""
    old, _held = _standing_before(agency, last_day + _A_DAY)
    _end_with_duties(old, last_day)
    agency.valid_to = old.valid_to


@transaction.atomic
def found_agency(
    *, kind: AgencyKind, area: Area, name: str, symbol: str, on: dt.date, duties: Collection[Duty] = ()
) -> Agency:
    """Make an agency that succeeds none. A second one of a kind in an area gets a number after its code.

    Raises a SuccessionRefused: KindNotValid, NoSuccessorArea where the area does not exist on that day, or
    SuccessorExists where the area has an agency of this kind and name from that day on.
    """
    name = normalise(name).strip()
    Area.objects.select_for_update().filter(pk=area.pk).first()  # whoever founds another one waits
    refuse_founding(kind=kind, area=area, name=name, on=on)
    code = f"{area.code}-{kind.code}"
    taken = set(_standing_from(on).filter(code__startswith=code).values_list("code", flat=True))
    codes = chain([code], (f"{code}-{number}" for number in count(2)))
    free = next(each for each in codes if each not in taken)
    made: Agency = Agency.objects.create(
        code=free, kind=kind, area=area, name=name, symbol=normalise(symbol).strip(), valid_from=on
    )
    AgencyDuty.objects.bulk_create(
        [AgencyDuty(agency=made, duty=duty, valid_from=on) for duty in sorted(set(duties))]
    )
    return made


def refuse_founding(*, kind: AgencyKind, area: Area, name: str, on: dt.date) -> None:
    """Refuse what ``found_agency`` refuses, and change nothing. Raises a SuccessionRefused."""
    if not kind.held_on(on):
        raise KindNotValid(f"Agencies of the kind {kind.name} do not exist on {on}.")
    if not area.held_on(on):
        raise NoSuccessorArea(f"{area.name} does not exist on {on}.")
    name = normalise(name).strip()
    if _standing_from(on).filter(area=area, kind=kind, name=name).exists():
        raise SuccessorExists(f"{area.name} already has {name}.")


def _standing_from(on: dt.date) -> Any:
    """Agencies that have not ended before that day."""
    return Agency.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def _standing_before(agency: Agency, on: dt.date) -> tuple[Agency, set[str]]:
    """The agency, locked, and the duties it held on the eve. Raises PredecessorNotStanding."""
    old: Agency = Agency.objects.select_for_update(of=["self"]).select_related("area").get(pk=agency.pk)
    eve = on - _A_DAY
    if not old.held_on(eve):
        raise PredecessorNotStanding(f"{old.name} did not exist on {eve}, the day before the handover.")
    return old, _duties_held(old, eve)


def _refuse_duties_not_held(old: Agency, held: set[str], duties: Collection[Duty], on: dt.date) -> None:
    if not_held := sorted(set(duties) - held):
        raise DutyNotHeld(f"{old.name} did not hold on {on - _A_DAY}: {', '.join(not_held)}.")


def _end_with_duties(old: Agency, last_day: dt.date) -> None:
    _end(old, last_day)
    for row in AgencyDuty.objects.valid_on(last_day + _A_DAY).filter(agency=old):
        _end(row, last_day)


def _hand_over(
    old: Agency, successor: Agency, *, held: set[str], duties: Collection[Duty], on: dt.date
) -> None:
    """Give the successor the duties named, or all that were held, and write down that it succeeded."""
    for duty in sorted((set(duties) or held) - _duties_held(successor, on)):
        AgencyDuty.objects.create(agency=successor, duty=duty, valid_from=on)
    handed: list[str] = sorted(set(duties)) or [""]
    for duty in handed:
        AgencySuccession.objects.get_or_create(predecessor=old, successor=successor, duty=duty)


def _duties_held(agency: Agency, day: dt.date) -> set[str]:
    return set(AgencyDuty.objects.valid_on(day).filter(agency=agency).values_list("duty", flat=True))


def _end(row: Agency | AgencyDuty, last_day: dt.date) -> None:
    if row.valid_to is None or row.valid_to > last_day:
        row.valid_to = last_day
        row.save(update_fields=["valid_to"])


def _area_of(predecessor: Agency, on: dt.date) -> Area:
    for successor in carry_forward(predecessor.area, on):
        if successor.is_default and successor.area.level == predecessor.area.level:
            return successor.area
    raise NoSuccessorArea(f"No area of the same level follows {predecessor.area.name} on {on}.")


def _successor(old: Agency, *, area: Area, kind: AgencyKind, name: str, on: dt.date) -> Agency:
    """The agency of this kind and name in the area on that day, made when there is none.

    Where only the name is new, code and symbol stay.
    """
    name = normalise(name).strip()
    standing = Agency.objects.valid_on(on).filter(area=area, kind=kind, name=name).first()
    if standing is not None:
        return standing
    is_same = (old.kind_id, old.area_id) == (kind.pk, area.pk)
    code, symbol = (old.code, old.symbol) if is_same else (f"{area.code}-{kind.code}", "")
    rival = Agency.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), code=code).first()
    if rival is not None:
        raise SuccessorExists(f"{area.name} already has {rival.name} ({code}); end that one before {on}.")
    return Agency.objects.create(code=code, kind=kind, area=area, name=name, symbol=symbol, valid_from=on)
