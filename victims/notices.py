"""Who is told of what happens to a victim's file. Notices carry codes, days and units, never who a person is."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Notice, Notification, Role, User
from accounts.notices import notify
from accounts.scoping import read_scopes, scope_of
from territory.models import Agency, Area
from victims.models import CaseExport, DataRequest, FollowUp, IdentityOpening, SupportCase, Transfer, Victim


def tell_of_opening(opening: IdentityOpening) -> None:
    """The heads of the unit; where it has none, who coordinates the area learns only that it happened."""
    victim = opening.victim
    heads = _holding(victim.agency, victim.area, Role.HEAD_OF_UNIT)
    if heads:
        notify(
            people=heads,
            kind=Notice.IDENTITY_OPENED,
            key=f"opening:{opening.pk}",
            url=reverse("victim_log", args=[victim.code]),
            about={"code": victim.code},
        )
        return
    notify(
        people=_coordinating(victim.area),
        kind=Notice.IDENTITY_OPENED_BELOW,
        key=f"opening:{opening.pk}",
        url=reverse("notifications"),
        about={"unit": victim.agency.name},
    )


def tell_of_closure(support: SupportCase) -> None:
    victim = support.victim
    notify(
        people=_holding(victim.agency, victim.area, Role.HEAD_OF_UNIT),
        kind=Notice.CLOSURE_ASKED,
        key=f"closure:{support.pk}:{support.version}",
        url=reverse("victim_detail", args=[victim.code]),
        about={"code": victim.code},
    )


def tell_of_request(transfer: Transfer) -> None:
    """The receiving unit's case workers and heads; of an urgent one also the sender's heads."""
    url = reverse("transfer_detail", args=[transfer.key])
    to = transfer.to_agency
    notify(
        people=[
            *_holding(to, to.area, Role.CASE_WORKER),
            *_holding(to, to.area, Role.HEAD_OF_UNIT),
        ],
        kind=Notice.TRANSFER_ASKED,
        key=f"transfer:{transfer.pk}",
        url=url,
        about={"code": transfer.shown_code, "unit": transfer.from_agency.name},
    )
    if transfer.is_urgent:
        notify(
            people=_holding(transfer.from_agency, transfer.victim.area, Role.HEAD_OF_UNIT)
            or _coordinating(transfer.victim.area),
            kind=Notice.TRANSFER_URGENT,
            key=f"transfer:{transfer.pk}:urgent",
            url=url,
            about={"code": transfer.shown_code},
        )


def tell_of_answer(transfer: Transfer) -> None:
    notify(
        people=[transfer.asked_by],
        kind=Notice.TRANSFER_ANSWERED,
        key=f"transfer:{transfer.pk}:answer",
        url=reverse("transfer_detail", args=[transfer.key]),
        about={"code": transfer.shown_code, "unit": transfer.to_agency.name},
    )


def tell_of_follow_up(follow_up: FollowUp, worker: User) -> int:
    """The case worker; where they hold no such role any more, the unit's other case workers and heads."""
    victim = follow_up.victim
    workers = _holding(victim.agency, victim.area, Role.CASE_WORKER)
    is_there = worker in workers
    return notify(
        people=[worker] if is_there else [*workers, *_holding(victim.agency, victim.area, Role.HEAD_OF_UNIT)],
        kind=Notice.FOLLOW_UP_DUE,
        key=f"follow-up:{follow_up.pk}:{follow_up.due_on:%Y%m%d}",
        url=reverse("victim_detail", args=[follow_up.victim.code]),
        about={"code": follow_up.victim.code, "day": f"{follow_up.due_on:%d/%m/%Y}"},
    )


def tell_of_data_request(request: DataRequest) -> int:
    return notify(
        people=[
            *_holding(request.agency, request.area, Role.CASE_WORKER),
            *_holding(request.agency, request.area, Role.HEAD_OF_UNIT),
        ],
        kind=Notice.DATA_REQUEST_DUE,
        key=f"data-request:{request.pk}",
        url=reverse("data_request_list"),
        about={"day": f"{request.due_on:%d/%m/%Y}"},
    )


def tell_of_export_asked(export: CaseExport) -> None:
    """Everybody who may approve it: who coordinates the area, and the heads of its standing agency."""
    people = [person for person in _in_charge_of_exports(export.area) if person.pk != export.asked_by_id]
    read_scopes(people)
    notify(
        people=[person for person in people if scope_of(person).may_in("case_export.approve", export.area)],
        kind=Notice.CASE_EXPORT_ASKED,
        key=f"case-export:{export.pk}",
        url=reverse("case_export_detail", args=[export.key]),
        about={"unit": export.area.name},
    )


def tell_of_export_end(export: CaseExport) -> None:
    """Who asked: that it was refused, is ready, or could not be made."""
    kinds = {
        CaseExport.State.REFUSED: Notice.CASE_EXPORT_REFUSED,
        CaseExport.State.READY: Notice.CASE_EXPORT_READY,
        CaseExport.State.FAILED: Notice.CASE_EXPORT_FAILED,
    }
    until = export.kept_until
    notify(
        people=[export.asked_by],
        kind=kinds[CaseExport.State(export.state)],
        key=f"case-export:{export.pk}:{export.state}",
        url=reverse("case_export_detail", args=[export.key]),
        about={"unit": export.area.name, "day": f"{timezone.localtime(until):%d/%m/%Y}" if until else ""},
    )


def forget_notices(victim: Victim) -> int:
    """Take away every notice that names the victim's code. Returns how many."""
    return Notification.objects.filter(about__code=victim.code).delete()[0]


def _holding(agency: Agency, area: Area, role: Role) -> list[User]:
    held = _active(timezone.localdate()).filter(agency=agency, role=role)
    return [membership.user for membership in held if membership.area.contains(area)]


def _in_charge_of_exports(area: Area) -> list[User]:
    """Coordinators and heads of unit of the area and above; their rights are judged one by one."""
    held = _active(timezone.localdate()).filter(role__in=[Role.COORDINATOR, Role.HEAD_OF_UNIT])
    people = {membership.user_id: membership.user for membership in held if membership.area.contains(area)}
    return list(people.values())


def _coordinating(area: Area) -> Iterable[User]:
    held = _active(timezone.localdate()).filter(role=Role.COORDINATOR)
    return [membership.user for membership in held if membership.area.contains(area)]


def _active(day: dt.date) -> Any:
    return Membership.objects.valid_on(day).filter(user__is_active=True).select_related("user", "area")
