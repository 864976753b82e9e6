"""How a record is changed: under a lock, by a person who may, and not over somebody else's change."""

import datetime as dt
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.changing import ChangedMeanwhile
from accounts.models import User
from accounts.scoping import scope_of
from territory.models import Agency, Area

M = TypeVar("M", bound=models.Model)

EARLIEST_DAY = dt.date(2000, 1, 1)


def refuse_unless_writer(actor: User, verb: str, agency: Agency, area: Area) -> None:
    """Raises PermissionDenied when no membership of the actor gives the verb for this agency in this area."""
    if not any(grant.reaches(agency.pk, area) for grant in scope_of(actor).having(verb)):
        raise PermissionDenied(f"the actor has not {verb} there")


def locked(record: M, *, actor: User, verb: str, version: int | None) -> M:
    """The record as it is now, locked until the transaction ends.

    Raises PermissionDenied, and ChangedMeanwhile when ``version`` is given and is not the present one. A record the
    actor may not see (any more) is refused as well.
    """
    queryset: Any = type(record)._default_manager
    found: Any = (
        queryset.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .select_related("agency", "area__province")
        .filter(pk=record.pk)
        .first()
    )
    if found is None:
        raise PermissionDenied("the record is not the actor's to see")
    refuse_unless_writer(actor, verb, found.agency, found.area)
    if version is not None and found.version != version:
        raise ChangedMeanwhile.since(found)
    kept: M = found
    return kept


def next_code(prefix: str, area: Area, year: int) -> str:
    """The next code of a kind, such as “TB-62-2026-0001”: by province and year, without any other meaning.

    The counter's row stays locked until the transaction ends, so no number is given twice.
    Raises ValidationError when the area lies in no province.
    """
    if area.province is None:
        raise ValidationError({"area": _("Choose a province, or an area in one.")})
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO incidents_codecounter AS c (prefix, province_code, year, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (prefix, province_code, year) DO UPDATE SET last = c.last + 1 RETURNING last",
            [prefix, area.province.code, year],
        )
        number = cursor.fetchone()[0]
    return f"{prefix}-{area.province.code}-{year}-{number:04d}"


def refuse_future(field: str, day: dt.date | None) -> None:
    """Raises ValidationError for a day in the future, or so long ago that it is a slip of the hand."""
    if day is not None and day > timezone.localdate():
        raise ValidationError({field: _("The day lies in the future.")})
    if day is not None and day < EARLIEST_DAY:
        raise ValidationError({field: _("The year is too long ago. Type it anew.")})
