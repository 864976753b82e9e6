"""Warnings of time limits: before the end to who investigates, after it to the heads of the unit as well."""

import datetime as dt
from typing import Any

from django.urls import reverse

from accounts.models import Membership, Notice, Role, User
from accounts.notices import notify
from accounts.row_scope import system_scope
from incidents.models import Case, Tip
from territory.models import Area

#: Days before the end of a limit on which a warning is given, nearest last; after it, the days it is given again.
BEFORE = (5, 2)
AFTER = (1, 7, 14, 30)


def warn_of_limits(today: dt.date) -> int:
    """Give the warnings of a day. Once a day is enough; a second time, or a day that was missed, changes nothing:
    a warning has a key and waits for nobody. Returns how many notices were given."""
    with system_scope("the limits of every unit are watched"):
        horizon = today + dt.timedelta(days=max(BEFORE))
        tips = Tip.objects.unscoped("every unit is warned").running().filter(due_on__lte=horizon)
        cases = Case.objects.unscoped("every unit is warned").filter(due_on__lte=horizon)
        given = 0
        for tip in tips.select_related("area", "assigned_to", "case"):
            given += _warn(tip, tip.assigned_to, today, "tip", (Notice.TIP_DUE, Notice.TIP_LATE))
        for case in cases.select_related("area", "investigator"):
            given += _warn(case, case.investigator, today, "case", (Notice.CASE_DUE, Notice.CASE_LATE))
    return given


def _warn(
    record: Any, investigator: User | None, today: dt.date, name: str, kinds: tuple[Notice, Notice]
) -> int:
    left = (record.due_on - today).days
    passed = [days for days in AFTER if -left >= days]
    coming = [days for days in BEFORE if left <= days]
    if left < 0 and not passed:
        return 0
    mark = f"+{passed[-1]}" if left < 0 else f"-{coming[-1]}"
    roles = [Role.INVESTIGATOR] if investigator is None else []
    if left < 0:
        roles.append(Role.HEAD_OF_UNIT)
    people = _people_of(record.agency_id, record.area, roles, today)
    if investigator is not None:
        people.add(investigator)
    if isinstance(record, Case) and record.is_sealed:
        # Nobody else learns that there is such a case.
        people &= {reader.user for reader in record.readers.select_related("user")}
    return notify(
        people=[user for user in people if user.is_active],
        kind=kinds[left < 0],
        key=f"{name}:{record.pk}:{record.due_on:%Y%m%d}:{mark}",
        url=reverse(f"{name}_detail", args=[record.pk]),
        about={"number": record.code, "day": f"{record.due_on:%d/%m/%Y}"},
    )


def _people_of(agency: int, area: Area, roles: list[Role], today: dt.date) -> set[User]:
    if not roles:
        return set()
    held = (
        Membership.objects.valid_on(today)
        .filter(agency=agency, role__in=roles, user__is_active=True)
        .select_related("user", "area")
    )
    return {membership.user for membership in held if membership.area.contains(area)}
