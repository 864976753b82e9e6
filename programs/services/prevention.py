"""Models (mô hình) of prevention and support: starting, changing, assessing, replicating, pausing and stopping them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.changing import ChangedMeanwhile
from accounts.models import User
from programs.models import ModelAssessment, PreventionModel
from programs.selectors.prevention import copies_of, keeps
from programs.services.rules import EARLIEST_DAY
from programs.services.task import Unit
from territory.figure import Figure
from territory.models import Agency, Area
from territory.text import control_characters, normalise

State = PreventionModel.State

#: What can be done with a model in each state, and the state that follows.
TRANSITIONS: dict[str, dict[str, str]] = {
    State.RUNNING: {"pause": State.PAUSED, "replicate": State.REPLICATED, "stop": State.STOPPED},
    State.REPLICATED: {"pause": State.PAUSED, "replicate": State.REPLICATED, "stop": State.STOPPED},
    State.PAUSED: {"resume": State.RUNNING, "stop": State.STOPPED},
    State.STOPPED: {},
}
#: One model is made anew for at most so many units at once.
MOST_UNITS = 200

_TEXTS = ("name", "description")
_INVISIBLE = _("The text holds an invisible control character.")


class TransitionNotAllowed(RuntimeError):
    """The model is in a state in which this cannot be done."""


def start_model(
    *,
    actor: User,
    submission_key: UUID,
    agency: Agency,
    area: Area,
    members: Figure | None = None,
    is_demo: bool = False,
    **fields: Any,
) -> PreventionModel:
    """Enter a model that a unit keeps up. The same ``submission_key`` again gives the one that exists.

    Raises PermissionDenied when ``actor`` does not keep the models of this unit; ValidationError, by field.
    """
    _require_keeper(actor, agency, area)
    existing = entered_with(actor=actor, submission_key=submission_key)
    if existing is not None:
        return existing
    model = PreventionModel(
        agency=agency, area=area, submission_key=submission_key, filed_by=actor, is_demo=is_demo
    )
    _put(model, fields, members)
    _judge(model)
    try:
        with transaction.atomic(), pghistory.context(user=actor.pk):
            model.save()
    except IntegrityError:
        # The other of two clicks was faster.
        existing = entered_with(actor=actor, submission_key=submission_key)
        if existing is None:
            raise
        return existing
    return model


def entered_with(*, actor: User, submission_key: UUID) -> PreventionModel | None:
    """The model that this submission made. Raises PermissionDenied when it is somebody else's."""
    rows = PreventionModel.objects.unscoped("a submission belongs to whoever sent it, which is checked")
    model: PreventionModel | None = rows.filter(submission_key=submission_key).first()
    if model is not None and model.filed_by_id != actor.pk:
        raise PermissionDenied
    return model


@transaction.atomic
def change_model(
    *,
    actor: User,
    model: PreventionModel,
    version: int,
    agency: Agency,
    area: Area,
    members: Figure | None = None,
    **fields: Any,
) -> PreventionModel:
    """Put what was typed in the place of what a model holds. Where nothing differs nothing is written.

    Raises ChangedMeanwhile when it is not at ``version`` any more; PermissionDenied; ValidationError, by field.
    """
    held = _lock(model)
    _require_keeper(actor, held.agency, held.area)
    _require_keeper(actor, agency, area)
    before = _content(held)
    held.agency, held.area = agency, area
    _put(held, fields, members)
    if _content(held) == before:
        return held
    if held.version != version:
        raise ChangedMeanwhile.since(held)
    _judge(held)
    held.version += 1
    with pghistory.context(user=actor.pk):
        held.save()
    return held


@transaction.atomic
def assess_model(
    *,
    actor: User,
    model: PreventionModel,
    submission_key: UUID,
    assessed_on: dt.date,
    text: str,
    verdict: str,
) -> ModelAssessment:
    """Write down what a model was found to be worth. The same ``submission_key`` again makes no second one.

    The verdict is an opinion: stopping and replicating are steps of their own. Raises PermissionDenied;
    ValidationError, by field.
    """
    held = _lock(model)
    _require_keeper(actor, held.agency, held.area)
    existing = ModelAssessment.objects.filter(submission_key=submission_key).first()
    if existing is not None:
        if existing.by_id != actor.pk or existing.model_id != held.pk:
            raise PermissionDenied("the key belongs to another assessment")
        return existing
    words = _clean(text, "text")
    if not words:
        raise ValidationError({"text": _("Say what was found.")})
    if verdict not in ModelAssessment.Verdict.values:
        raise ValidationError({"verdict": _("Choose what should become of the model.")})
    _judge_day(assessed_on, held, "assessed_on")
    with pghistory.context(user=actor.pk):
        return ModelAssessment.objects.create(
            model=held,
            assessed_on=assessed_on,
            text=words,
            verdict=verdict,
            by=actor,
            submission_key=submission_key,
        )


@transaction.atomic
def replicate_model(
    *,
    actor: User,
    model: PreventionModel,
    submission_key: UUID,
    units: Sequence[Unit],
    since: dt.date,
) -> list[PreventionModel]:
    """Make a model anew for other units, each linked back to it. The same ``submission_key`` makes no second set.

    Name, kind and description are taken over; the number of members is not. Raises PermissionDenied where the actor
    does not keep the models of one of the units; TransitionNotAllowed; ValidationError, by field.
    """
    held = _lock(model)
    _require_keeper(actor, held.agency, held.area)
    keys = {uuid5(submission_key, f"{unit.agency.pk}:{unit.area.pk}"): unit for unit in units}
    rows = PreventionModel.objects.unscoped("what this submission made before").filter(
        copied_from=held.pk, filed_by=actor, submission_key__in=list(keys)
    )
    made: list[PreventionModel] = list(rows)
    if made:
        return made
    following = _next(held, "replicate")
    _judge_units(actor, held, list(keys.values()), since)
    with pghistory.context(user=actor.pk):
        for key, unit in keys.items():
            copy = PreventionModel(
                kind=held.kind,
                name=held.name,
                description=held.description,
                agency=unit.agency,
                area=unit.area,
                since=since,
                copied_from=held,
                filed_by=actor,
                submission_key=key,
                is_demo=held.is_demo,
            )
            copy.save()
            made.append(copy)
        _move(held, following)
    return made


@transaction.atomic
def pause_model(*, actor: User, model: PreventionModel) -> PreventionModel:
    """Say that a model rests for a time. Raises PermissionDenied, TransitionNotAllowed."""
    return _step(actor, model, "pause", State.PAUSED)


@transaction.atomic
def resume_model(*, actor: User, model: PreventionModel) -> PreventionModel:
    """Say that a resting model goes on; one with copies is replicated again. Raises as pausing does."""
    held = _step(actor, model, "resume", State.RUNNING)
    if held.state == State.RUNNING and copies_of(held).exists():
        with pghistory.context(user=actor.pk):
            _move(held, State.REPLICATED)
    return held


@transaction.atomic
def stop_model(*, actor: User, model: PreventionModel, ended_on: dt.date, end_reason: str) -> PreventionModel:
    """Stop a model for good, on a day and for a reason. The same again changes nothing.

    Raises PermissionDenied, TransitionNotAllowed; ValidationError, by field.
    """
    held = _lock(model)
    _require_keeper(actor, held.agency, held.area)
    reason = _clean(end_reason, "end_reason")
    if (held.state, held.ended_on, held.end_reason) == (State.STOPPED, ended_on, reason):
        return held
    following = _next(held, "stop")
    if not reason:
        raise ValidationError({"end_reason": _("Say why the model is stopped.")})
    _judge_day(ended_on, held, "ended_on")
    held.ended_on, held.end_reason = ended_on, reason
    with pghistory.context(user=actor.pk):
        _move(held, following)
    return held


def _step(actor: User, model: PreventionModel, step: str, state: str) -> PreventionModel:
    held = _lock(model)
    _require_keeper(actor, held.agency, held.area)
    if held.state == state:
        return held
    following = _next(held, step)
    with pghistory.context(user=actor.pk):
        _move(held, following)
    return held


def _move(model: PreventionModel, state: str) -> None:
    model.state = state
    model.version += 1
    model.save()


def _next(model: PreventionModel, step: str) -> str:
    try:
        return TRANSITIONS[model.state][step]
    except KeyError:
        raise TransitionNotAllowed(f"{step} from {model.state}") from None


def _lock(model: PreventionModel) -> PreventionModel:
    held: PreventionModel = (
        PreventionModel.objects.unscoped("the row is locked, then judged")
        .select_for_update(of=("self",))
        .select_related("agency", "area")
        .get(pk=model.pk)
    )
    return held


def _require_keeper(actor: User, agency: Agency, area: Area) -> None:
    if not keeps(actor, agency.pk, area):
        raise PermissionDenied("the actor does not keep the models of this unit")


def _content(model: PreventionModel) -> tuple[Any, ...]:
    told = (model.kind, model.name, model.agency_id, model.area_id, model.since, model.description)
    figure = (model.low, model.high, model.qualifier, model.word, model.words)
    return (*told, *figure)


def _put(model: PreventionModel, fields: dict[str, Any], members: Figure | None) -> None:
    for name in ("kind", "name", "since", "description"):
        if name in fields:
            value = fields[name]
            setattr(model, name, _clean(value, name) if name in _TEXTS else value)
    columns: Any = PreventionModel.columns(members) if members else _NO_MEMBERS
    for name, value in columns.items():
        setattr(model, name, value)


#: The columns of a figure that is not known.
_NO_MEMBERS = {"low": None, "high": None, "qualifier": "exact", "word": "", "words": ""}


def _clean(text: str, name: str) -> str:
    words = normalise(text).strip()
    if control_characters(words):
        raise ValidationError({name: _INVISIBLE})
    return words


def _judge(model: PreventionModel) -> None:
    """Raises ValidationError, by field, where the model breaks a rule."""
    broken: dict[str, Any] = {}
    if not model.name:
        broken["name"] = _("Type a text here.")
    if model.since < EARLIEST_DAY:
        broken["since"] = _("The date lies before the year 2000.")
    elif model.since > timezone.localdate():
        broken["since"] = _("The date lies in the future. Enter a model once it has begun.")
    elif model.ended_on and model.ended_on < model.since:
        broken["since"] = _("The model ended before it began.")
    else:
        for name in ("area", "agency"):
            if not getattr(model, name).held_on(model.since):
                broken[name] = _(
                    "This was not a unit on the day the model began. Choose the unit of that day."
                )
    if broken:
        raise ValidationError(broken)


def _judge_day(day: dt.date, model: PreventionModel, name: str) -> None:
    if day > timezone.localdate():
        raise ValidationError({name: _("The date lies in the future.")})
    if day < model.since:
        raise ValidationError({name: _("The date lies before the model began.")})


def _judge_units(actor: User, model: PreventionModel, units: list[Unit], since: dt.date) -> None:
    _judge_day(since, model, "since")
    if not units:
        raise ValidationError({"units": _("Choose at least one unit.")})
    if len(units) > MOST_UNITS:
        raise ValidationError({"units": _("Choose at most %(limit)d units at once.") % {"limit": MOST_UNITS}})
    for unit in units:
        _require_keeper(actor, unit.agency, unit.area)
    if any((unit.agency.pk, unit.area.pk) == (model.agency_id, model.area_id) for unit in units):
        raise ValidationError({"units": _("The unit has this model already. Choose others.")})
    gone = [
        unit.agency.name for unit in units if not (unit.agency.held_on(since) and unit.area.held_on(since))
    ]
    if gone:
        message = _("Not a unit on the first day: %(units)s.")
        raise ValidationError({"units": message % {"units": ", ".join(gone[:5])}})
    has = set(copies_of(model).values_list("agency", "area"))
    again = [unit.agency.name for unit in units if (unit.agency.pk, unit.area.pk) in has]
    if again:
        message = _("Made anew there before: %(units)s.")
        raise ValidationError({"units": message % {"units": ", ".join(again[:5])}})
