"""Whom to ask in an area: what its administrator wrote, beside the standing agency of the programme."""

from dataclasses import dataclass
from typing import Any

import pghistory
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import AuditEvent, Contact, User
from accounts.scoping import scope_of
from accounts.services import record_event
from territory.models import Agency, AgencyDuty, Area, Duty

WRITE = "contact.write"


@dataclass(frozen=True)
class AreaContact:
    """An area of the reader with its standing agency and its contact, as far as there are any."""

    area: Area
    agency: Agency | None
    contact: Contact | None
    may_edit: bool


def contacts_for(user: User) -> list[AreaContact]:
    """The contacts of the provinces in which a person works; of the nation for who works for it. Three queries.

    The standing agency is the one that took the duty up last, as an agency that has ended still answers for its day.
    """
    scope = scope_of(user)
    asked = {grant.area.province_id or grant.area.pk for grant in scope.grants}
    areas = list(Area.objects.filter(pk__in=asked).order_by("path"))
    held = {each.area_id: each for each in Contact.objects.filter(area__in=asked)}
    duties = AgencyDuty.objects.filter(duty=Duty.STANDING, agency__area__in=asked).select_related("agency")
    standing = {each.agency.area_id: each.agency for each in duties.order_by("valid_from")}
    return [
        AreaContact(area, standing.get(area.pk), held.get(area.pk), scope.may_in(WRITE, area))
        for area in areas
    ]


def fallback_contact() -> dict[str, str] | None:
    """Who runs the portal, as its settings say; for who is not signed in, and where an area names nobody."""
    told = {
        "office": settings.CONTACT_OFFICE,
        "phone": settings.CONTACT_PHONE,
        "email": settings.CONTACT_EMAIL,
    }
    return told if any(told.values()) else None


def set_contact(*, area: Area, actor: User, **told: Any) -> Contact:
    """Write the contact of an area. Raises PermissionDenied."""
    if not scope_of(actor).may_in(WRITE, area):
        raise PermissionDenied("the actor keeps the contact of other areas")
    with transaction.atomic(), pghistory.context(user=actor.pk):
        written, _is_new = Contact.objects.update_or_create(area=area, defaults={**told, "changed_by": actor})
        record_event(
            actor=actor, kind=AuditEvent.Kind.CONTACT_CHANGED, about=f"accounts.contact:{written.pk}"
        )
    return written
