"""Forms: adding one, changing what it is called, what it asks, of whom and until when, and retiring it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent, User
from accounts.scoping import scope_of
from reporting.forms_catalogue import asked_indicators
from reporting.models import CutOffRule, Form, FormFiler, FormIndicator, FormKind, FormSection, Section
from territory.models import AgencyKind, Level

#: The columns of a form that a person changes. The code stays: obligations and addresses know the form by it.
COLUMNS = (
    *("name", "name_en", "kind", "cut_off", "due_after_days", "opens_before_days"),
    *("may_be_nil", "is_scheduled", "valid_to"),
)
#: Words that stand where the code of a form stands in addresses.
_TAKEN = ("new",)


@dataclass(frozen=True)
class AskedSection:
    """A section of a form, in the order it is given."""

    section: Section
    is_narrative_required: bool = False
    title: str = ""


@dataclass(frozen=True)
class AskedIndicator:
    """An indicator that is asked for, by its code, with the breakdowns asked for besides the total."""

    code: str
    breakdowns: tuple[str, ...] = ()


def may_change_forms(person: User) -> bool:
    return scope_of(person).may("form.manage")


@transaction.atomic
def add_form(
    *,
    actor: User,
    code: str,
    valid_from: dt.date,
    fields: dict[str, Any],
    sections: Sequence[AskedSection],
    indicators: Sequence[AskedIndicator],
    filers: Sequence[tuple[AgencyKind, Level]],
) -> Form:
    """Make a new form. Nobody owes it before a period of it is opened.

    Indicators of sections that the form does not have are left out. Raises PermissionDenied, ValidationError by field.
    """
    if not may_change_forms(actor):
        raise PermissionDenied("the actor does not keep forms")
    # A first version of the catalogue's own is written on by `load_catalogue`; what a person made is not.
    form = Form(code=code, valid_from=valid_from, version=2)
    return _write(actor, form, "added", fields, sections, indicators, filers)


@transaction.atomic
def change_form(
    *,
    actor: User,
    form: Form,
    version: int,
    fields: dict[str, Any],
    sections: Sequence[AskedSection],
    indicators: Sequence[AskedIndicator],
    filers: Sequence[tuple[AgencyKind, Level]],
) -> Form:
    """Put what was chosen in the place of what a form holds. Obligations that were made stay as they are.

    Indicators of sections that the form does not have are left out. Raises PermissionDenied, ChangedMeanwhile when
    the form is not at ``version`` any more, ValidationError by field.
    """
    if not may_change_forms(actor):
        raise PermissionDenied("the actor does not keep forms")
    held = Form.objects.select_for_update().get(pk=form.pk)
    if held.version != version:
        raise ChangedMeanwhile.since(held)
    held.version += 1
    return _write(actor, held, "changed", fields, sections, indicators, filers)


def _write(
    actor: User,
    form: Form,
    what: str,
    fields: dict[str, Any],
    sections: Sequence[AskedSection],
    indicators: Sequence[AskedIndicator],
    filers: Sequence[tuple[AgencyKind, Level]],
) -> Form:
    for name in COLUMNS:
        setattr(form, name, fields[name])
    _judge(form, sections, filers)
    kept = _known(indicators, [asked.section for asked in sections])
    with pghistory.context(user=actor.pk):
        form.save()
        _put(form, sections, kept, filers)
    AuditEvent.objects.create(
        kind=AuditEvent.Kind.FORM_CHANGED,
        user=actor,
        about=f"reporting.form:{form.pk}",
        detail={"version": form.version, "what": what},
    )
    return form


def _judge(form: Form, sections: Sequence[AskedSection], filers: Sequence[tuple[AgencyKind, Level]]) -> None:
    errors: dict[str, Any] = {}
    if not sections:
        errors["sections"] = ValidationError(_("Choose at least one section."), code="none")
    if not filers:
        errors["filers"] = ValidationError(_("Choose at least one kind of agency that files."), code="none")
    is_periodic = form.kind in (FormKind.SIX_MONTH, FormKind.ANNUAL)
    if form.is_scheduled and (not is_periodic or form.cut_off == CutOffRule.EXPLICIT):
        message = _("Only six-month and annual reports with a cut-off rule can be opened by the clock.")
        errors["is_scheduled"] = ValidationError(message, code="not_periodic")
    if form.code in _TAKEN:
        errors["code"] = ValidationError(_("This word cannot be a code. Take another."), code="taken")
    if form.valid_to is not None and form.valid_to < form.valid_from:
        message = _("The last day of validity lies before the first.")
        errors["valid_to"] = ValidationError(message, code="before_first")
    if errors:
        raise ValidationError(errors)
    form.full_clean(exclude=["code"] if form.pk else None, validate_unique=form.pk is None)


def _known(indicators: Sequence[AskedIndicator], sections: Sequence[Section]) -> list[AskedIndicator]:
    """The indicators that the catalogue has in these sections, with breakdowns they have, in its order."""
    wanted = {asked.code: asked for asked in indicators}
    found = []
    for indicator in asked_indicators(sections):
        asked = wanted.get(indicator.code)
        if asked is not None:
            known = indicator.breakdowns
            found.append(
                AskedIndicator(asked.code, tuple(name for name in known if name in asked.breakdowns))
            )
    return found


def _put(
    form: Form,
    sections: Sequence[AskedSection],
    indicators: Sequence[AskedIndicator],
    filers: Sequence[tuple[AgencyKind, Level]],
) -> None:
    """Write what differs and nothing else, so that the history tells what changed."""
    wanted_sections: dict[Any, dict[str, Any]] = {
        asked.section.value: {
            "order": place,
            "title": asked.title,
            "is_narrative_required": asked.is_narrative_required,
        }
        for place, asked in enumerate(sections, start=1)
    }
    _differ(form, FormSection, ("section",), {(key,): value for key, value in wanted_sections.items()})
    wanted_indicators = {
        (asked.code,): {"breakdowns": list(asked.breakdowns), "order": place * 10}
        for place, asked in enumerate(indicators, start=1)
    }
    _differ(form, FormIndicator, ("indicator",), wanted_indicators)
    wanted_filers: dict[Any, dict[str, Any]] = {(kind.pk, level.value): {} for kind, level in filers}
    _differ(form, FormFiler, ("agency_kind_id", "level"), wanted_filers)


def _differ(form: Form, model: Any, key: tuple[str, ...], wanted: dict[Any, dict[str, Any]]) -> None:
    known = {tuple(getattr(row, name) for name in key): row for row in model.objects.filter(form=form)}
    for name, row in known.items():
        if name not in wanted:
            row.delete()
    for name, values in wanted.items():
        row = known.get(name)
        if row is None:
            model.objects.create(form=form, **dict(zip(key, name, strict=True)), **values)
        elif any(getattr(row, column) != value for column, value in values.items()):
            for column, value in values.items():
                setattr(row, column, value)
            row.save()
