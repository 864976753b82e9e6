"""What a person was shown of tips, cases and victims, for that person and for the heads of their unit."""

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from accounts.models import Membership, ReadEvent, User
from accounts.scoping import scope_of
from incidents.models import Case, Tip
from victims.models import Victim

#: The records whose reads are told, and the page of each with what its address takes.
_TOLD: tuple[tuple[Any, str, str], ...] = (
    (Victim, "victim_detail", "code"),
    (Case, "case_detail", "pk"),
    (Tip, "tip_detail", "pk"),
)


@dataclass(frozen=True)
class Read:
    """One row of the log, with the code of the record and the address of its page."""

    event: ReadEvent
    record: Any
    url: str


def reads_by(user: User, *, reader: User) -> Any:
    """What ``user`` was shown, newest first: of the records ``reader`` may see themself and of no others.

    So the log tells nobody that a sealed case or a file in another agency's care exists.
    """
    seen = Q(pk__in=[])
    for model, _name, _key in _TOLD:
        name = Concat(Value(f"{model._meta.label_lower}:"), Cast(F("pk"), CharField()))
        seen |= Q(record__in=model.objects.visible_to(reader).order_by().annotate(name=name).values("name"))
    return ReadEvent.objects.filter(seen, user=user).order_by("-id")


def told(events: list[ReadEvent], *, reader: User) -> list[Read]:
    """The rows of a page with their records. Three queries."""
    found: dict[str, tuple[Any, str]] = {}
    for model, name, key in _TOLD:
        label = f"{model._meta.label_lower}:"
        pks = {event.record.removeprefix(label) for event in events if event.record.startswith(label)}
        for record in model.objects.visible_to(reader).filter(pk__in=pks):
            found[f"{label}{record.pk}"] = (record, reverse(name, args=[getattr(record, key)]))
    return [Read(event, *found[event.record]) for event in events if event.record in found]


def led_by(head: User) -> Any:
    """The people who hold or held a role in a unit the person leads, by name."""
    led = Q(pk__in=[])
    for grant in scope_of(head).having("victim.approve"):
        led |= Q(agency=grant.membership.agency_id, area__path__startswith=grant.area.path)
    members = Membership.objects.filter(led).values("user")
    return User.objects.filter(pk__in=members).exclude(pk=head.pk).order_by("full_name", "pk")
