"""Opening cases, the stages they pass, where they play, what was seized, and who may read a sealed one."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from accounts.scoping import VERBS
from incidents.deadlines import due_by, rule_on
from incidents.models import (
    ENDS_INVESTIGATION,
    REPEATABLE,
    Campaign,
    Case,
    CaseExtension,
    CaseOffence,
    CasePlace,
    CaseReader,
    DeadlineStep,
    Offence,
    SeizedItem,
    Stage,
    StageKind,
)
from incidents.services.changing import locked, next_code, refuse_future, refuse_unless_writer
from territory.models import Agency, Area

PREFIX = "VA"

#: What must have been reached before a stage, on the same day or earlier. One of each set is enough.
COMES_AFTER: dict[StageKind, frozenset[StageKind]] = {
    StageKind.INVESTIGATION_CONCLUDED: frozenset({StageKind.PROSECUTED}),
    StageKind.INDICTED: frozenset({StageKind.INVESTIGATION_CONCLUDED}),
    StageKind.TRIED: frozenset({StageKind.INDICTED}),
    StageKind.APPEAL: frozenset({StageKind.TRIED}),
    StageKind.SUSPENDED: frozenset({StageKind.PROSECUTED}),
    StageKind.DROPPED: frozenset({StageKind.PROSECUTED}),
}


@dataclass(frozen=True)
class NewCase:
    """What a case begins with."""

    agency: Agency
    area: Area
    detected_on: dt.date
    offences: Sequence[Offence] = ()
    prosecuted_on: dt.date | None = None
    document_number: str = ""
    summary: str = ""
    force: str = ""
    discovery: str = ""
    campaign: Campaign | None = None
    acts_since: dt.date | None = None
    investigator: User | None = None
    is_demo: bool = False
    submission_key: uuid.UUID = field(default_factory=uuid.uuid4)


def make_case(*, actor: User, new: NewCase) -> Case:
    """Open a case with its code, its offences, and the stages reached so far.

    The same ``submission_key`` again gives the case that exists. Raises PermissionDenied; ValidationError by field.
    """
    refuse_unless_writer(actor, "case.write", new.agency, new.area)
    existing = opened_with(actor=actor, submission_key=new.submission_key)
    if existing is not None:
        return existing
    _judge_new(new)
    opened_on = new.prosecuted_on or new.detected_on
    try:
        with transaction.atomic(), pghistory.context(user=actor.pk):
            case: Case = Case.objects.create(
                code=next_code(PREFIX, new.area, opened_on.year),
                agency=new.agency,
                area=new.area,
                summary=new.summary,
                force=new.force,
                discovery=new.discovery,
                campaign=new.campaign,
                acts_since=new.acts_since,
                investigator=new.investigator,
                submission_key=new.submission_key,
                opened_by=actor,
                is_demo=new.is_demo,
                due_on=_investigation_due(new.prosecuted_on),
            )
            _name_offences(case, new.offences, new.acts_since or new.detected_on)
            Stage.objects.create(
                case=case, kind=StageKind.DETECTED, reached_on=new.detected_on, agency=new.agency
            )
            if new.prosecuted_on is not None:
                Stage.objects.create(
                    case=case,
                    kind=StageKind.PROSECUTED,
                    reached_on=new.prosecuted_on,
                    agency=new.agency,
                    document_number=new.document_number,
                )
    except IntegrityError:
        # The other of two clicks was faster.
        existing = opened_with(actor=actor, submission_key=new.submission_key)
        if existing is None:
            raise
        return existing
    return case


def opened_with(*, actor: User, submission_key: uuid.UUID) -> Case | None:
    """The case that this submission made, if it was made already. Raises PermissionDenied when it is another's."""
    found: Case | None = Case.objects.visible_to(actor).filter(submission_key=submission_key).first()
    if found is not None and found.opened_by_id != actor.pk:
        raise PermissionDenied("the key belongs to somebody else's case")
    return found


def change_case(*, case: Case, actor: User, version: int, offences: Sequence[Offence], **fields: Any) -> Case:
    """Correct what was typed about a case: its offences, how it was found, who investigates it.

    ``fields``: summary, force, discovery, campaign, acts_since, investigator. Raises PermissionDenied,
    ChangedMeanwhile, ValidationError by field.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = locked(case, actor=actor, verb="case.write", version=version)
        for name in ("summary", "force", "discovery", "campaign", "acts_since", "investigator"):
            if name in fields:
                setattr(held, name, fields[name])
        first = held.stages.order_by("reached_on").first()
        day = held.acts_since or (first.reached_on if first else timezone.localdate())
        _name_offences(held, offences, day)
        _save(held)
    return held


def reach_stage(
    *,
    case: Case,
    actor: User,
    kind: StageKind,
    reached_on: dt.date,
    agency: Agency,
    document_number: str = "",
    persons: int | None = None,
    victims: int | None = None,
    version: int | None = None,
) -> Stage:
    """Write down that a case reached a stage, with the counts of that stage alone.

    Being prosecuted starts the limit of the investigation; what ends the investigation ends the limit. Raises
    PermissionDenied, ChangedMeanwhile, ValidationError by field when the stage cannot come then.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = locked(case, actor=actor, verb="case.write", version=version)
        refuse_future("reached_on", reached_on)
        _judge_order(held, kind, reached_on)
        stage = Stage(
            case=held,
            kind=kind,
            reached_on=reached_on,
            agency=agency,
            document_number=document_number,
            persons=persons,
            victims=victims,
        )
        stage.full_clean(exclude=["case"])
        stage.save()
        if kind == StageKind.PROSECUTED:
            held.due_on = _investigation_due(reached_on)
        elif kind in ENDS_INVESTIGATION:
            held.due_on = None
        _save(held)
    return stage


def extend_investigation(
    *,
    case: Case,
    actor: User,
    decided_on: dt.date,
    document_number: str,
    due_on: dt.date,
    version: int | None = None,
) -> CaseExtension:
    """Give an investigation more time, as a decision says. Raises as `reach_stage`."""
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = locked(case, actor=actor, verb="case.write", version=version)
        refuse_future("decided_on", decided_on)
        kinds = set(held.stages.values_list("kind", flat=True))
        if StageKind.PROSECUTED not in kinds or kinds & {
            StageKind.INVESTIGATION_CONCLUDED,
            StageKind.DROPPED,
        }:
            raise ValidationError(_("The case is not under investigation, so there is no limit to extend."))
        if held.due_on is not None and due_on <= held.due_on:
            present = {"day": f"{held.due_on:%d/%m/%Y}"}
            raise ValidationError(
                {"due_on": _("The new limit must lie after the present one (%(day)s).") % present}
            )
        made = CaseExtension.objects.create(
            case=held, decided_on=decided_on, document_number=document_number, due_on=due_on
        )
        held.due_on = due_on
        _save(held)
    return made


def is_investigated(kinds: Collection[str]) -> bool:
    """Whether a case that has reached these stages is under investigation; a suspended one can be resumed."""
    return StageKind.PROSECUTED in kinds and not {
        StageKind.INVESTIGATION_CONCLUDED,
        StageKind.DROPPED,
    } & set(kinds)


def add_place(*, case: Case, actor: User, kind: str, country: str, area: Area | None = None) -> CasePlace:
    """Add a place of the route. The same place again is the one that is there. Raises PermissionDenied."""
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = locked(case, actor=actor, verb="case.write", version=None)
        if area is not None and country != "VN":
            raise ValidationError({"area": _("An area is given for Viet Nam only.")})
        made, is_new = CasePlace.objects.get_or_create(case=held, kind=kind, country=country, area=area)
        if is_new:
            _save(held)
    return made


def add_item(*, case: Case, actor: User, **fields: Any) -> SeizedItem:
    """Write down something that was seized. Raises PermissionDenied, ValidationError by field."""
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = locked(case, actor=actor, verb="case.write", version=None)
        refuse_future("seized_on", fields.get("seized_on"))
        item = SeizedItem(case=held, **fields)
        item.full_clean(exclude=["case"])
        item.save()
        _save(held)
    return item


def change_item(*, item: SeizedItem, actor: User, version: int, **fields: Any) -> SeizedItem:
    """Put what was typed in the place of what is known about a seized item. ``version`` is the case's.

    Raises PermissionDenied, ChangedMeanwhile, ValidationError by field.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = locked(item.case, actor=actor, verb="case.write", version=version)
        refuse_future("seized_on", fields.get("seized_on"))
        for name, value in fields.items():
            setattr(item, name, value)
        item.full_clean(exclude=["case"])
        item.save()
        _save(held)
    return item


def remove_part(*, part: CasePlace | SeizedItem, actor: User, version: int) -> Case:
    """Take a place or a seized item off its case; the history keeps it. Raises PermissionDenied, ChangedMeanwhile."""
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = locked(part.case, actor=actor, verb="case.write", version=version)
        part.delete()
        _save(held)
    return held


def seal_case(*, case: Case, actor: User, readers: Iterable[User], version: int | None = None) -> Case:
    """Seal a case, or change who reads a sealed one. The actor always stays a reader.

    Raises PermissionDenied, ChangedMeanwhile, ValidationError when a reader has no right to cases of the agency.
    """
    named = {actor, *readers}
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = locked(case, actor=actor, verb="case.write", version=version)
        if named - set(possible_readers(held)):
            raise ValidationError({"readers": _("One of these people has no right to your agency's cases.")})
        # First the readers, then the seal: the database itself lets only readers see a sealed case.
        CaseReader.objects.filter(case=held).exclude(user__in=named).delete()
        CaseReader.objects.bulk_create(
            [CaseReader(case=held, user=user) for user in named], ignore_conflicts=True
        )
        held.is_sealed = True
        _save(held)
    return held


def unseal_case(*, case: Case, actor: User, version: int | None = None) -> Case:
    """Take the seal off: the agency's investigators and heads read the case again. Raises as `seal_case`."""
    with transaction.atomic(), pghistory.context(user=actor.pk):
        held = locked(case, actor=actor, verb="case.write", version=version)
        held.is_sealed = False
        _save(held)
        CaseReader.objects.filter(case=held).delete()
    return held


def possible_readers(case: Case) -> list[User]:
    """The people of the case's agency who read cases, today."""
    roles = [role for role, verbs in VERBS.items() if "case.read" in verbs]
    held = Membership.objects.valid_on(timezone.localdate()).filter(
        agency=case.agency_id, role__in=roles, user__is_active=True
    )
    return list(User.objects.filter(pk__in=held.values("user")).order_by("full_name"))


def _save(case: Case) -> None:
    case.version += 1
    case.save()


def _investigation_due(prosecuted_on: dt.date | None) -> dt.date | None:
    if prosecuted_on is None:
        return None
    try:
        rule = rule_on(DeadlineStep.INVESTIGATION, prosecuted_on)
    except ValidationError:
        return None  # the lists know no limit for that day; it can still be set by an extension
    return due_by(rule, received_on=prosecuted_on, decided_on=prosecuted_on)


def _judge_new(new: NewCase) -> None:
    refuse_future("detected_on", new.detected_on)
    refuse_future("prosecuted_on", new.prosecuted_on)
    refuse_future("acts_since", new.acts_since)
    if not new.offences:
        raise ValidationError({"offences": _("Choose at least one offence.")})
    if new.prosecuted_on is not None and new.prosecuted_on < new.detected_on:
        raise ValidationError({"prosecuted_on": _("The case was prosecuted before it was found.")})
    if new.acts_since is not None and new.acts_since > new.detected_on:
        raise ValidationError({"acts_since": _("The acts began after the case was found.")})


def _name_offences(case: Case, offences: Sequence[Offence], act_on: dt.date) -> None:
    """The case has these offences and no others. An article must have been in force on the day of the act."""
    if not offences:
        raise ValidationError({"offences": _("Choose at least one offence.")})
    for offence in offences:
        if not offence.applies_on(act_on):
            raise ValidationError(
                {
                    "offences": _("%(offence)s did not apply to acts of %(day)s.")
                    % {"offence": str(offence), "day": f"{act_on:%d/%m/%Y}"}
                }
            )
    wanted = {(offence.criminal_code, offence.article): offence for offence in offences}
    for had in list(case.offences.all()):
        if wanted.pop((had.criminal_code, had.article), None) is None:
            if had.case.persons.filter(verdicts__offence=had).exists():
                raise ValidationError({"offences": _("%(offence)s has a verdict.") % {"offence": str(had)}})
            had.delete()
    for offence in wanted.values():
        CaseOffence.objects.create(
            case=case, article=offence.article, criminal_code=offence.criminal_code, name=offence.name
        )


def _judge_order(case: Case, kind: StageKind, day: dt.date) -> None:
    reached = list(case.stages.values_list("kind", "reached_on"))
    if kind not in REPEATABLE and kind in {had for had, _on in reached}:
        raise ValidationError({"kind": _("The case has reached this stage already.")})
    before = {had for had, on in reached if on <= day}
    needed = COMES_AFTER.get(kind)
    if needed and not needed & before:
        names = ", ".join(str(StageKind(one).label) for one in needed)
        raise ValidationError(
            {"kind": _("Before this stage, and not after its day, comes: %(stages)s.") % {"stages": names}}
        )
    later = [had for had, on in reached if on < day and kind in COMES_AFTER.get(StageKind(had), ())]
    if later and kind not in before:
        raise ValidationError({"reached_on": _("A later stage of this case has an earlier date.")})
