"""Persons in a case, their standing over time, their verdicts, and whether they are wanted."""

import datetime as dt
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents.models import (
    Case,
    CaseOffence,
    Group,
    PersonInCase,
    PersonStanding,
    Stage,
    StageKind,
    Standing,
    Verdict,
    WantedPerson,
)
from incidents.services.changing import locked, next_code, refuse_future

GROUP_PREFIX, WANTED_PREFIX = "NH", "TN"
#: Most persons of one case.
PERSONS_LIMIT = 500

#: The order in which a person moves through the standings.
_ORDER = list(Standing.values)


def add_person(
    *,
    case: Case,
    actor: User,
    standing: Standing,
    since: dt.date,
    document_number: str = "",
    in_new_group: bool = False,
    **fields: Any,
) -> PersonInCase:
    """Add a person under the next label, with the standing they have since a day.

    ``fields``: sex, birth_year, age_band, is_ethnic_minority, occupation, nationality, group, group_role. With
    ``in_new_group`` a group is made for them. Raises PermissionDenied, ValidationError by field.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = locked(case, actor=actor, verb="case.write", version=None)
        refuse_future("since", since)
        labels = set(held.persons.values_list("label", flat=True))
        if len(labels) >= PERSONS_LIMIT:
            raise ValidationError(_("A case has at most %(limit)s persons.") % {"limit": PERSONS_LIMIT})
        number = next(n for n in range(len(labels) + 1, 2 * PERSONS_LIMIT + 2) if f"Đ{n}" not in labels)
        person = PersonInCase(case=held, label=f"Đ{number}")
        _fill(person, held, since.year, in_new_group, fields)
        PersonStanding.objects.create(
            person=person, standing=standing, since=since, document_number=document_number
        )
        _touch(held)
    return person


def change_person(
    *, person: PersonInCase, actor: User, version: int, in_new_group: bool = False, **fields: Any
) -> PersonInCase:
    """Correct what is known about a person. ``version`` is the case's. Raises also ChangedMeanwhile."""
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = locked(person.case, actor=actor, verb="case.write", version=version)
        _fill(person, held, dt.date.today().year, in_new_group, fields)
        _touch(held)
    return person


def change_standing(
    *, person: PersonInCase, actor: User, standing: Standing, since: dt.date, document_number: str = ""
) -> PersonStanding:
    """Give a person the next standing from a day on. Standings only go forward.

    Raises PermissionDenied, ValidationError by field.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = locked(person.case, actor=actor, verb="case.write", version=None)
        refuse_future("since", since)
        last = person.standings.order_by("since", "id").last()
        if last is not None and _ORDER.index(standing) <= _ORDER.index(last.standing):
            raise ValidationError(
                {
                    "standing": _("The person already is: %(standing)s.")
                    % {"standing": last.get_standing_display()}
                }
            )
        if last is not None and since < last.since:
            raise ValidationError({"since": _("The day lies before the standing the person has now.")})
        made = PersonStanding.objects.create(
            person=person, standing=standing, since=since, document_number=document_number
        )
        _touch(held)
    return made


def give_verdict(
    *,
    person: PersonInCase,
    actor: User,
    stage: Stage,
    sentence: str,
    offence: CaseOffence | None = None,
    months: int | None = None,
    probation_months: int | None = None,
    version: int | None = None,
) -> Verdict:
    """Write down what a court decided about a person at a trial; a second one for the same trial corrects it.

    Raises PermissionDenied, ChangedMeanwhile, ValidationError by field.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = locked(person.case, actor=actor, verb="case.write", version=version)
        if stage.case_id != held.pk or stage.kind not in (StageKind.TRIED, StageKind.APPEAL):
            raise ValidationError({"stage": _("Choose a trial of this case.")})
        if offence is not None and offence.case_id != held.pk:
            raise ValidationError({"offence": _("Choose an article of this case.")})
        verdict = Verdict.objects.filter(person=person, stage=stage).first() or Verdict(
            person=person, stage=stage
        )
        verdict.sentence = sentence
        verdict.offence = offence
        verdict.months = months
        verdict.probation_months = probation_months if sentence == Verdict.Sentence.PROBATION else None
        verdict.full_clean(exclude=["person", "stage", "offence"])
        verdict.save()
        _touch(held)
    return verdict


def want_person(
    *, person: PersonInCase, actor: User, level: str, since: dt.date, document_number: str
) -> WantedPerson:
    """Write down that a person is wanted. Raises PermissionDenied, ValidationError when they are already."""
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = locked(person.case, actor=actor, verb="case.write", version=None)
        refuse_future("since", since)
        if person.wanted.unscoped("the case is the actor's to write").filter(until=None).exists():
            raise ValidationError(_("This person is wanted already."))
        made: WantedPerson = WantedPerson.objects.create(
            code=next_code(WANTED_PREFIX, held.area, since.year),
            person=person,
            level=level,
            since=since,
            document_number=document_number,
        )
        _touch(held)
    return made


def end_search(*, wanted: WantedPerson, actor: User, until: dt.date, ended_by: str) -> WantedPerson:
    """Write down that a person is no longer wanted, and why. Raises PermissionDenied, ValidationError by field."""
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = locked(wanted.person.case, actor=actor, verb="case.write", version=None)
        wanted.refresh_from_db(from_queryset=WantedPerson.objects.visible_to(actor))
        refuse_future("until", until)
        if wanted.until is not None:
            raise ValidationError(_("The search has ended already."))
        if until < wanted.since:
            raise ValidationError({"until": _("The day lies before the warrant.")})
        wanted.until, wanted.ended_by = until, ended_by
        wanted.save()
        _touch(held)
    return wanted


def _fill(person: PersonInCase, case: Case, year: int, in_new_group: bool, fields: dict[str, Any]) -> None:
    born = fields.get("birth_year")
    if born is not None and not 1900 <= born <= year:
        raise ValidationError({"birth_year": _("This is no year of birth of a person in this case.")})
    for name, value in fields.items():
        setattr(person, name, value)
    if in_new_group:
        opened = case.created_at.year
        person.group = Group.objects.create(
            code=next_code(GROUP_PREFIX, case.area, opened),
            agency=case.agency,
            area=case.area,
            is_demo=case.is_demo,
        )
    if person.group is not None and person.group.agency_id != case.agency_id:
        raise ValidationError({"group": _("This group is not your agency's.")})
    if person.group is None:
        person.group_role = ""
    person.save()


def _touch(case: Case) -> None:
    case.version += 1
    case.save(update_fields=["version"])
