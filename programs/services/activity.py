"""Filing and changing activities."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NotRequired, TypedDict, Unpack
from uuid import UUID

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.scoping import scope_of
from programs.attachments import CheckedFile, stored_files, take_off
from programs.models import Activity, ActivityCost, ActivityQuantity
from programs.selectors.history import last_change
from programs.selectors.quantity import Quantity
from programs.services.rules import REPEATED_MEASURE, broken_parts, broken_rules, repeated_measures
from territory.models import Agency, Area
from territory.text import normalise

_TEXTS = ("title", "integrated_with", "other_partners", "narrative")


class ActivityFields(TypedDict):
    """What is typed about an activity, besides its figures, costs and files."""

    kind: str
    title: str
    agency: Agency
    area: Area
    started_on: dt.date
    ended_on: dt.date
    is_cumulative: NotRequired[bool]
    is_integrated: NotRequired[bool]
    integrated_with: NotRequired[str]
    audience: NotRequired[Sequence[str]]
    partner_agencies: NotRequired[Sequence[Agency]]
    other_partners: NotRequired[str]
    narrative: NotRequired[str]


class ChangedMeanwhile(Exception):
    """Somebody changed the activity after it was opened for editing: who, when, and its present version."""

    def __init__(self, who: User | None, when: dt.datetime, version: int) -> None:
        super().__init__(who, when, version)
        self.who = who
        self.when = when
        self.version = version


@dataclass(frozen=True)
class _Content:
    """Everything typed about an activity, in a form in which two can be compared."""

    columns: dict[str, Any]
    partners: frozenset[int]
    quantities: dict[str, Quantity]
    costs: dict[str, Decimal]


def file_activity(
    *,
    actor: User,
    submission_key: UUID,
    quantities: Sequence[Quantity] = (),
    costs: Mapping[str, Decimal] | None = None,
    attachments: Sequence[CheckedFile] = (),
    state: str = Activity.State.FILED,
    is_demo: bool = False,
    **fields: Unpack[ActivityFields],
) -> Activity:
    """File an activity, or keep it as a draft of the unit.

    The same ``submission_key`` again gives the record that exists, so a second click makes no second one.
    Raises PermissionDenied when no membership of ``actor`` writes for this agency in this area, or when the
    key belongs to somebody else's record; ValidationError, by field, when a rule is broken.
    """
    _refuse_unless_writer(actor, fields["agency"], fields["area"])
    existing = filed_with(actor=actor, submission_key=submission_key)
    if existing is not None:
        return existing
    content = _content(fields, quantities, costs or {})
    try:
        with stored_files() as files, transaction.atomic(), pghistory.context(user=actor.pk):
            activity: Activity = Activity.objects.create(
                **content.columns, state=state, submission_key=submission_key, filed_by=actor, is_demo=is_demo
            )
            activity.partner_agencies.set(content.partners)
            _write_figures(activity, content)
            files.attach(activity=activity, actor=actor, checked=attachments)
    except IntegrityError:
        # The other of two clicks was faster.
        existing = filed_with(actor=actor, submission_key=submission_key)
        if existing is None:
            raise
        return existing
    return activity


def filed_with(*, actor: User, submission_key: UUID) -> Activity | None:
    """The record that this submission made, if it was made already.

    Raises PermissionDenied when it is somebody else's.
    """
    found = Activity.objects.unscoped("a submission belongs to whoever sent it, which is checked below")
    activity: Activity | None = found.filter(submission_key=submission_key).first()
    if activity is not None and activity.filed_by_id != actor.pk:
        raise PermissionDenied
    return activity


def change_activity(
    *,
    activity: Activity,
    actor: User,
    version: int,
    quantities: Sequence[Quantity] = (),
    costs: Mapping[str, Decimal] | None = None,
    attachments: Sequence[CheckedFile] = (),
    removed_attachments: Iterable[int] = (),
    state: str | None = None,
    **fields: Unpack[ActivityFields],
) -> Activity:
    """Put what was typed in the place of what an activity holds.

    ``version`` is the one that was opened. Where nothing differs nothing is written, so a second click is no
    second change. A filed activity stays filed. Raises ChangedMeanwhile when somebody else changed it since;
    PermissionDenied when ``actor`` does not write for its agency and area or the new ones; ValidationError,
    by field.
    """
    content = _content(fields, quantities, costs or {})
    removed = set(removed_attachments)
    with stored_files() as files, transaction.atomic(), pghistory.context(user=actor.pk):
        stored = Activity.objects.unscoped("locked here and checked in the next lines").select_for_update()
        current: Activity = stored.get(pk=activity.pk)
        _refuse_unless_writer(actor, current.agency, current.area)
        _refuse_unless_writer(actor, fields["agency"], fields["area"])
        if current.state == Activity.State.FILED or state is None:
            state = current.state
        held = {file.sha256 for file in current.attachments.exclude(pk__in=removed)}
        new_files = [file for file in attachments if file.sha256 not in held]
        leaving = list(current.attachments.filter(pk__in=removed))
        if not new_files and not leaving and state == current.state and content == content_of(current):
            return current
        if version != current.version:
            who, when = last_change(current)
            raise ChangedMeanwhile(who, when, current.version)
        for column, value in content.columns.items():
            setattr(current, column, value)
        current.state = state
        current.version += 1
        current.save()
        current.partner_agencies.set(content.partners)
        _write_figures(current, content)
        for attachment in leaving:
            take_off(attachment)
        files.attach(activity=current, actor=actor, checked=new_files)
    return current


def is_same_content(
    activity: Activity,
    *,
    quantities: Sequence[Quantity],
    costs: Mapping[str, Decimal],
    **fields: Unpack[ActivityFields],
) -> bool:
    """Whether the activity holds exactly this."""
    return _content(fields, quantities, costs) == content_of(activity)


def content_of(activity: Activity) -> _Content:
    """What the stored activity holds."""
    columns = {
        name: getattr(activity, name)
        for name in (
            *(
                "kind",
                "title",
                "agency_id",
                "area_id",
                "started_on",
                "ended_on",
                "is_cumulative",
                "is_integrated",
            ),
            *("integrated_with", "audience", "other_partners", "narrative"),
        )
    }
    return _Content(
        columns,
        frozenset(activity.partner_agencies.values_list("pk", flat=True)),
        _by_measure(Quantity.of(row) for row in activity.quantities.all()),
        {cost.source: cost.amount for cost in activity.costs.all()},
    )


def _refuse_unless_writer(actor: User, agency: Agency, area: Area) -> None:
    if not any(grant.reaches(agency.pk, area) for grant in scope_of(actor).having("activity.write")):
        raise PermissionDenied


def _content(
    fields: ActivityFields, quantities: Sequence[Quantity], costs: Mapping[str, Decimal]
) -> _Content:
    """The content that was typed. Raises ValidationError, by field, when it breaks a rule."""
    given: dict[str, Any] = {
        "is_cumulative": False,
        "is_integrated": False,
        "integrated_with": "",
        "audience": [],
        "partner_agencies": [],
        "other_partners": "",
        "narrative": "",
        **fields,
    }
    for name in _TEXTS:
        given[name] = normalise(given[name]).strip()
    broken = broken_rules({**given, "quantities": quantities}, today=timezone.localdate())
    for quantity in quantities:
        for errors in broken_parts(quantity).values():
            broken.setdefault("quantities", []).extend(errors)
    if repeated_measures(quantities):
        broken.setdefault("quantities", []).append(ValidationError(REPEATED_MEASURE, code="repeated_measure"))
    if broken:
        raise ValidationError(broken)
    if not given["is_integrated"]:
        given["integrated_with"] = ""
    partners = frozenset(agency.pk for agency in given.pop("partner_agencies"))
    given["agency_id"], given["area_id"] = given.pop("agency").pk, given.pop("area").pk
    given["audience"] = list(given["audience"])
    return _Content(given, partners, _by_measure(quantities), {str(k): v for k, v in costs.items()})


def _by_measure(quantities: Iterable[Quantity]) -> dict[str, Quantity]:
    return {str(quantity.measure): quantity for quantity in quantities}


def _write_figures(activity: Activity, content: _Content) -> None:
    """Bring the rows of quantities and costs in line with the content, touching only what differs."""
    wanted = dict(content.quantities)
    for row in activity.quantities.all():
        quantity = wanted.pop(row.measure, None)
        if quantity is None:
            row.delete()
        elif Quantity.of(row) != quantity:
            for column, value in quantity.as_columns().items():
                setattr(row, column, value)
            row.save()
    for quantity in wanted.values():
        ActivityQuantity.objects.create(activity=activity, **quantity.as_columns())
    amounts = dict(content.costs)
    for cost in activity.costs.all():
        amount = amounts.pop(cost.source, None)
        if amount is None:
            cost.delete()
        elif cost.amount != amount:
            cost.amount = amount
            cost.save()
    for source, amount in amounts.items():
        ActivityCost.objects.create(activity=activity, source=source, amount=amount)
