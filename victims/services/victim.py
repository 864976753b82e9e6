"""Registering a victim, changing the file, deciding on the status."""

import datetime as dt
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.changing import ChangedMeanwhile
from accounts.models import User
from incidents.models import Case, PersonInCase
from territory.models import Agency, Area
from victims.models import CODE_LETTERS, Victim, VictimNarrative, VictimPerson, VictimRoute, VictimStatus
from victims.services.rights import clean_words, locked, require, require_past, require_unit
from victims.value_lists import Circle, Country

_TRIES = 5

#: What is typed about a victim and may be changed; agency and area change by a transfer alone.
COLUMNS = (
    *("circle", "related_to", "arrival", "arrived_on", "sex", "age", "minority", "nationality", "education"),
    *("occupation", "acts", "means", "purposes", "recruiter_relation", "channel", "controls"),
    *("children_with_them", "case"),
)


@dataclass(frozen=True)
class Decision:
    """A decision on the status: by whom, under which number, on which day."""

    status: str
    decided_on: dt.date
    number: str = ""
    body: str = ""


@dataclass(frozen=True)
class Stop:
    """A place on the route of a person."""

    kind: str
    country: str
    area: Area | None = None
    reached_on: dt.date | None = None


def new_code() -> str:
    """A code without meaning, in letters that are not taken for one another."""
    return "NN-" + "".join(secrets.choice(CODE_LETTERS) for _ in range(6))


def register_victim(
    *,
    actor: User,
    agency: Agency,
    area: Area,
    decision: Decision,
    submission_key: uuid.UUID,
    is_demo: bool = False,
    **fields: Any,
) -> Victim:
    """Take a person into the care of an agency. The same ``submission_key`` again gives the victim that exists.

    Raises PermissionDenied when the actor keeps no files for this agency in this area; ValidationError by field.
    """
    require_unit(actor, agency, area)
    existing = registered_with(actor=actor, submission_key=submission_key)
    if existing is not None:
        return existing
    _check(fields, agency)
    new = Victim(
        agency=agency,
        area=area,
        submission_key=submission_key,
        registered_by=actor,
        is_demo=is_demo,
        **fields,
    )
    try:
        with transaction.atomic(), pghistory.context(user=actor.pk):
            victim = _with_new_code(new)
            decide_status(actor=actor, victim=victim, decision=decision)
    except IntegrityError:
        # The other of two clicks was faster.
        existing = registered_with(actor=actor, submission_key=submission_key)
        if existing is None:
            raise
        return existing
    return victim


def registered_with(*, actor: User, submission_key: uuid.UUID) -> Victim | None:
    """The victim that this submission registered. Raises PermissionDenied when it is somebody else's."""
    found = Victim.objects.unscoped("a submission belongs to whoever sent it, checked below")
    victim: Victim | None = found.filter(submission_key=submission_key).first()
    if victim is not None and victim.registered_by_id != actor.pk:
        raise PermissionDenied
    return victim


@transaction.atomic
def change_victim(*, actor: User, victim: Victim, version: int, **fields: Any) -> Victim:
    """Put what was typed in the place of what the file holds. Where nothing differs nothing is written.

    Raises ChangedMeanwhile when somebody changed it after ``version``; PermissionDenied; ValidationError by field.
    """
    current = locked(victim)
    require(actor, current)
    _check(fields, current.agency, itself=current)
    changed = {name: value for name, value in fields.items() if _differs(current, name, value)}
    if not changed:
        return current
    if version != current.version:
        raise ChangedMeanwhile.since(current)
    for name, value in changed.items():
        setattr(current, name, value)
    current.version += 1
    with pghistory.context(user=actor.pk):
        current.save(update_fields=[*changed, "version"])
    return current


@transaction.atomic
def decide_status(*, actor: User, victim: Victim, decision: Decision) -> VictimStatus:
    """Write down a decision; the victim's status is that of the latest one. Raises ValidationError by field."""
    current = locked(victim)
    require(actor, current)
    require_past(decided_on=decision.decided_on)
    words = clean_words(current, number=decision.number, body=decision.body)
    with pghistory.context(user=actor.pk):
        made = VictimStatus.objects.create(
            victim=current, status=decision.status, decided_on=decision.decided_on, **words
        )
        latest = current.statuses.last()
        if latest is not None and latest.status != current.status:
            current.status = latest.status
            current.save(update_fields=["status"])
    victim.status = current.status
    return made


@transaction.atomic
def set_route(*, actor: User, victim: Victim, stops: Iterable[Stop], version: int | None = None) -> None:
    """Put these places, in order, in the place of the route.

    Raises ChangedMeanwhile when the file was changed after ``version``; ValidationError, PermissionDenied.
    """
    current = locked(victim)
    require(actor, current)
    if version is not None and version != current.version:
        raise ChangedMeanwhile.since(current)
    wanted = list(stops)
    for stop in wanted:
        require_past(reached_on=stop.reached_on)
        if stop.area is not None and stop.country != Country.VN:
            raise ValidationError({"area": _("Only a place in Viet Nam has an area.")})
    with pghistory.context(user=actor.pk):
        current.route.all().delete()
        for order, stop in enumerate(wanted, start=1):
            VictimRoute.objects.create(
                victim=current,
                order=order,
                kind=stop.kind,
                country=stop.country,
                area=stop.area,
                reached_on=stop.reached_on,
            )
        current.version += 1
        current.save(update_fields=["version"])


@transaction.atomic
def link_person(*, actor: User, victim: Victim, person: PersonInCase, part: str) -> VictimPerson:
    """Say which part a person of the victim's case had in what was done to the victim. Twice is once.

    Raises PermissionDenied; ValidationError by field when the person is in no case of this victim that the actor sees.
    """
    current = locked(victim)
    require(actor, current)
    seen = Case.objects.visible_to(actor).filter(pk=person.case_id).exists()
    if person.case_id != current.case_id or not seen:
        raise ValidationError({"person": _("This person is in no case of this victim that you see.")})
    with pghistory.context(user=actor.pk):
        return VictimPerson.objects.get_or_create(victim=current, person=person, part=part)[0]


@transaction.atomic
def unlink_person(*, actor: User, link: VictimPerson) -> None:
    """Take the link away. Raises PermissionDenied."""
    require(actor, locked(link.victim))
    with pghistory.context(user=actor.pk):
        link.delete()


@transaction.atomic
def write_narrative(
    *, actor: User, victim: Victim, kind: VictimNarrative.Kind, text: str, version: int
) -> VictimNarrative:
    """Seal a narrative in the place of the one before. ``version`` is 0 where there was none.

    Raises ChangedMeanwhile, PermissionDenied.
    """
    current = locked(victim)
    require(actor, current, "narrative.write")
    stored = current.narratives.filter(kind=kind).first()
    if stored is not None and stored.opened()["text"] == text:
        return stored
    if version != (stored.version if stored else 0):
        raise ChangedMeanwhile.since(current, version=stored.version if stored else 0)
    row = stored or VictimNarrative(victim=current, kind=kind, version=0)
    row.put({"text": text})
    row.version += 1
    row.save()
    return row


def _with_new_code(victim: Victim) -> Victim:
    for tries_left in reversed(range(_TRIES)):
        victim.code = new_code()
        try:
            with transaction.atomic():
                victim.save(force_insert=True)
        except IntegrityError as error:
            if "code" not in str(error.__cause__).lower() or not tries_left:
                raise
        else:
            victim.refresh_from_db()
            break
    return victim


def _differs(victim: Victim, name: str, value: Any) -> bool:
    """Compared by number where it is a record: the one that is stored may be out of the actor's sight."""
    if name in ("related_to", "case"):
        return bool(getattr(victim, f"{name}_id") != (value.pk if value else None))
    return bool(getattr(victim, name) != value)


def _check(fields: dict[str, Any], agency: Agency, itself: Victim | None = None) -> None:
    require_past(arrived_on=fields.get("arrived_on"))
    if "circle" in fields:
        _check_circle(fields["circle"], fields.get("related_to"), agency, itself)
    age = fields.get("age")
    if age is not None and not 0 <= age <= 120:
        raise ValidationError({"age": _("Give the age in whole years, from 0 to 120.")})


def _check_circle(circle: str, related: Victim | None, agency: Agency, itself: Victim | None) -> None:
    if circle == Circle.VICTIM and related is not None:
        raise ValidationError({"related_to": _("Leave this empty for a victim.")})
    if circle != Circle.VICTIM and (related is None or (itself and related.pk == itself.pk)):
        raise ValidationError({"related_to": _("Give the code of the victim this person belongs to.")})
    if related is not None and related.agency_id != agency.pk:
        raise ValidationError({"related_to": _("That victim is not in the care of your unit.")})
