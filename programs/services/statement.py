"""Filing, changing and carrying over what a unit states for a period."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.changing import ChangedMeanwhile
from accounts.models import User
from accounts.scoping import scope_of
from programs.models import (
    STATEMENTS,
    Assignment,
    Difficulty,
    Direction,
    PeriodStatement,
    Recommendation,
    Task,
)
from programs.services.recommendation import tell_addressee
from territory.models import Agency, Area, paths_above
from territory.period import Period
from territory.text import control_characters, normalise

_INVISIBLE = _("The text holds an invisible control character.")
_TEXTS = ("text", "note", "addressee")
#: What is typed about each kind, besides agency, area, period and text.
OWN_COLUMNS: dict[str, tuple[str, ...]] = {
    "difficulty": ("state", "overcome_on", "note"),
    "recommendation": ("addressee", "addressed_to"),
    "direction": ("task",),
}


def file_statement(
    *,
    actor: User,
    kind: str,
    submission_key: UUID,
    agency: Agency,
    area: Area,
    period: Period,
    text: str,
    is_demo: bool = False,
    **more: Any,
) -> PeriodStatement:
    """File a difficulty, a recommendation or a direction of a period; ``more`` are the columns of its kind.

    The same ``submission_key`` again gives the statement that exists. A recommendation is sent by being filed: the
    people of the agency it is addressed to get a notice. Raises PermissionDenied when ``actor`` does not write for
    this agency in this area; ValidationError, by field.
    """
    _require_writer(actor, agency, area)
    existing = filed_with(actor=actor, kind=kind, submission_key=submission_key)
    if existing is not None:
        return existing
    model = STATEMENTS[kind]
    statement: Any = model(
        agency=agency,
        area=area,
        period_start=period.start,
        period_end=period.end,
        submission_key=submission_key,
        filed_by=actor,
        is_demo=is_demo,
    )
    _put(statement, {"text": text, **more})
    _judge(actor, statement)
    try:
        with transaction.atomic(), pghistory.context(user=actor.pk):
            statement.order = _next_order(statement)
            statement.save()
            if isinstance(statement, Recommendation):
                tell_addressee(statement)
    except IntegrityError:
        # The other of two clicks was faster.
        existing = filed_with(actor=actor, kind=kind, submission_key=submission_key)
        if existing is None:
            raise
        return existing
    filed: PeriodStatement = statement
    return filed


def filed_with(*, actor: User, kind: str, submission_key: UUID) -> PeriodStatement | None:
    """The statement that this submission made. Raises PermissionDenied when it is somebody else's."""
    rows = STATEMENTS[kind].objects.unscoped("a submission belongs to whoever sent it, which is checked")
    statement: PeriodStatement | None = rows.filter(submission_key=submission_key).first()
    if statement is not None and statement.filed_by_id != actor.pk:
        raise PermissionDenied
    return statement


@transaction.atomic
def change_statement(
    *,
    actor: User,
    statement: PeriodStatement,
    version: int,
    agency: Agency,
    area: Area,
    period: Period,
    text: str,
    **more: Any,
) -> PeriodStatement:
    """Put what was typed in the place of what a statement holds. Where nothing differs nothing is written.

    Raises ChangedMeanwhile when it is not at ``version`` any more; PermissionDenied; ValidationError, by
    field, also for a recommendation that its addressee has received: its text is what was answered.
    """
    model = type(statement)
    held: Any = (
        model.objects.unscoped("the row is locked, then judged")
        .select_for_update(of=("self",))
        .select_related("agency", "area")
        .get(pk=statement.pk)
    )
    _require_writer(actor, held.agency, held.area)
    _require_writer(actor, agency, area)
    before = _content(held)
    asked_before = getattr(held, "addressed_to_id", None)
    held.agency, held.area = agency, area
    held.period_start, held.period_end = period.start, period.end
    _put(held, {"text": text, **more})
    if _content(held) == before:
        return statement
    if held.version != version:
        raise ChangedMeanwhile.since(held)
    if isinstance(held, Recommendation) and held.state != Recommendation.State.SENT:
        raise ValidationError(
            _("The recommendation was received already, so its text stays. Withdraw it and file another."),
            code="received",
        )
    _judge(actor, held)
    held.version += 1
    with pghistory.context(user=actor.pk):
        held.save()
        if isinstance(held, Recommendation) and held.addressed_to_id != asked_before:
            tell_addressee(held)
    changed: PeriodStatement = held
    return changed


@dataclass
class CarriedOver:
    """What was taken over into a period, and how many statements were left where they are."""

    made: list[PeriodStatement] = field(default_factory=list)
    left: int = 0


@transaction.atomic
def carry_over(*, actor: User, agency: Agency, area: Area, source: Period, to: Period) -> CarriedOver:
    """Repeat the statements of an earlier period in a later one, in their order.

    Difficulties that were overcome and recommendations that were answered or withdrawn stay where they are, and so
    does what was carried over before: a second click adds nothing. Raises PermissionDenied, ValidationError.
    """
    _require_writer(actor, agency, area)
    if to.start <= source.start:
        raise ValidationError(_("Statements are carried over into a later period."))
    if to.start > timezone.localdate():
        raise ValidationError({"period": _("The period has not begun yet.")})
    # Two clicks come one after the other, so the second finds what the first made.
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    carried = CarriedOver()
    with pghistory.context(user=actor.pk):
        for kind, model in STATEMENTS.items():
            rows = model.objects.unscoped("the actor writes for this unit").filter(
                agency=agency, area=area, period_start=source.start, period_end=source.end
            )
            known = set(_texts_of(model, agency, area, to))
            for row in rows.filter(carried_to__isnull=True):
                if not _goes_on(row) or row.text in known:
                    carried.left += 1
                    continue
                carried.made.append(_repeat(actor, kind, row, to))
    return carried


def _texts_of(model: type[PeriodStatement], agency: Agency, area: Area, period: Period) -> Iterable[str]:
    rows = model.objects.unscoped("the actor writes for this unit").filter(
        agency=agency, area=area, period_start=period.start, period_end=period.end
    )
    texts: Iterable[str] = rows.values_list("text", flat=True)
    return texts


def _goes_on(row: PeriodStatement) -> bool:
    if isinstance(row, Difficulty):
        return row.state != Difficulty.State.OVERCOME
    if isinstance(row, Recommendation):
        return row.state in (
            Recommendation.State.SENT,
            Recommendation.State.RECEIVED,
            Recommendation.State.CONSIDERED,
            Recommendation.State.PARTLY,
        )
    return True


def _repeat(actor: User, kind: str, row: Any, to: Period) -> PeriodStatement:
    own = {name: getattr(row, name) for name in OWN_COLUMNS[kind]}
    copy: Any = type(row)(
        agency_id=row.agency_id,
        area_id=row.area_id,
        period_start=to.start,
        period_end=to.end,
        text=row.text,
        carried_from=row,
        filed_by=actor,
        submission_key=uuid4(),
        is_demo=row.is_demo,
        **own,
    )
    copy.order = _next_order(copy)
    copy.save()
    if isinstance(copy, Recommendation):
        tell_addressee(copy)
    made: PeriodStatement = copy
    return made


def _next_order(statement: PeriodStatement) -> int:
    same = type(statement).objects.unscoped("the statements it stands among")
    last = same.filter(
        agency=statement.agency_id,
        area=statement.area_id,
        period_start=statement.period_start,
        period_end=statement.period_end,
    ).aggregate(last=Max("order"))["last"]
    return min((last or 0) + 1, 32_000)


def _content(statement: Any) -> dict[str, Any]:
    names = (*OWN_COLUMNS[statement._meta.model_name], "agency", "area", "period_start", "period_end", "text")
    columns = (statement._meta.get_field(name).attname for name in names)
    return {name: getattr(statement, name) for name in columns}


def _put(statement: Any, fields: dict[str, Any]) -> None:
    """Set the columns that were typed, texts in NFC. Raises ValidationError for control characters."""
    broken = {}
    for name, value in fields.items():
        text = normalise(value).strip() if name in _TEXTS else ""
        if control_characters(text):
            broken[name] = _INVISIBLE
        setattr(statement, name, text if name in _TEXTS else value)
    if broken:
        raise ValidationError(broken)


def _judge(actor: User, statement: PeriodStatement) -> None:
    """Raises ValidationError, by field, where the statement breaks a rule."""
    today = timezone.localdate()
    if not statement.text:
        raise ValidationError({"text": _("Type a text here.")})
    if statement.period_start > today:
        raise ValidationError({"period": _("The period has not begun yet.")})
    for name in ("area", "agency"):
        if not getattr(statement, name).held_on(statement.period_end):
            message = _("This was not a unit on the last day of the period. Choose the unit of that day.")
            raise ValidationError({name: message})
    if isinstance(statement, Difficulty):
        _judge_difficulty(statement, today)
    elif isinstance(statement, Direction):
        _judge_direction(actor, statement)
    elif isinstance(statement, Recommendation):
        _judge_recommendation(statement)


def _judge_difficulty(difficulty: Difficulty, today: dt.date) -> None:
    if difficulty.state != Difficulty.State.OVERCOME:
        difficulty.overcome_on = None
        return
    if difficulty.overcome_on is None:
        raise ValidationError({"overcome_on": _("Give the day on which it was overcome.")})
    if difficulty.overcome_on > today:
        raise ValidationError({"overcome_on": _("The date lies in the future.")})
    if difficulty.overcome_on < difficulty.period_start:
        raise ValidationError({"overcome_on": _("The date lies before the period began.")})


def _judge_direction(actor: User, direction: Direction) -> None:
    if direction.task_id is None:
        return
    had = Direction.objects.unscoped("what it was linked to before").filter(
        pk=direction.pk, task=direction.task_id
    )
    if not had.exists() and not tasks_to_link(actor).filter(pk=direction.task_id).exists():
        raise ValidationError({"task": _("This is not a task of your unit.")})


def tasks_to_link(actor: User) -> Any:
    """The tasks that the person's units have, the newest first."""
    own = Assignment.objects.visible_to(actor).filter(scope_of(actor).rows(own="task.write"))
    return Task.objects.filter(assignments__in=own).select_related("document").distinct().order_by("-pk")


def addressees_of(area: Area) -> Any:
    """The agencies that a unit of this area can address: those of the area and of the areas above it."""
    return Agency.objects.filter(area__path__in=paths_above(area.path))


def _judge_recommendation(recommendation: Recommendation) -> None:
    asked = recommendation.addressed_to
    if asked is not None:
        if asked.pk == recommendation.agency_id:
            raise ValidationError({"addressed_to": _("A unit does not address itself.")})
        if not addressees_of(recommendation.area).filter(pk=asked.pk).exists():
            raise ValidationError({"addressed_to": _("Choose a body of the same area or of an area above.")})
        recommendation.addressee = recommendation.addressee or asked.name
    if not recommendation.addressee:
        raise ValidationError({"addressee": _("Choose an agency, or type the name of the body.")})


def _require_writer(actor: User, agency: Agency, area: Area) -> None:
    if not any(grant.reaches(agency.pk, area) for grant in scope_of(actor).having("statement.write")):
        raise PermissionDenied("the actor does not write for this unit")
