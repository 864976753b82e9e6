"""Working on a report before it is issued: starting a draft, writing over its blocks, taking that back."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent, User
from accounts.scoping import scope_of
from programs.models import Document, Pilot
from reporting.building import template_for
from reporting.building.blocks import KINDS
from reporting.building.context import Building
from reporting.building.editing import UnknownFigure, building_of, drafted_text, figures_in, from_tokens
from reporting.building.snapshot import has_demo_data
from reporting.models import MapBasis, ReportDraft, ReportKind
from territory.models import Area
from territory.period import Period

#: How long the text of one block may be.
LONGEST_TEXT = 20_000


def start_draft(
    *,
    actor: User,
    kind: str,
    area: Area,
    period: Period,
    map_basis: str = MapBasis.THEN,
    pilot: Pilot | None = None,
    document: Document | None = None,
) -> ReportDraft:
    """Begin a report that people will work on, on the newest template for it.

    Raises PermissionDenied when the actor does not make reports of the area, ValidationError when a pilot assessment
    names no pilot or a progress report no document, NoTemplate.
    """
    if not scope_of(actor).may_in("report.make", area):
        raise PermissionDenied("the actor does not make reports of this area")
    if kind == ReportKind.PILOT and pilot is None:
        raise ValidationError({"pilot": _("Choose the pilot that is assessed.")})
    if kind == ReportKind.PROGRESS and document is None:
        raise ValidationError({"document": _("Choose the document whose tasks are told of.")})
    with transaction.atomic():
        draft: ReportDraft = ReportDraft.objects.create(
            kind=kind,
            area=area,
            period_code=period.code,
            period_rule=period.rule.value,
            map_basis=map_basis,
            template=template_for(kind, area),
            pilot=pilot if kind == ReportKind.PILOT else None,
            document=document if kind == ReportKind.PROGRESS else None,
            made_by=actor,
            is_demo=has_demo_data(area),
        )
        _note(draft, actor, "started", "")
    return draft


def rewrite_block(
    *, actor: User, draft: ReportDraft, version: int, key: str, text: str, after: str = ""
) -> ReportDraft:
    """Put a person's text in the place of what was drafted for a block, and text of its own after it.

    ``text`` is as the editor shows it, figures as ⟦name⟧; empty for a block that is no text. Text that reads as it was
    drafted stays drafted. Raises PermissionDenied,
    ChangedMeanwhile, ValidationError (too long, a figure nobody knows, no such block, not being drafted any more).
    """
    block = _block(draft, key)
    building = building_of(draft)
    changed: dict[str, Any] = {}
    if KINDS[block["kind"]].is_text and text.split() != drafted_text(building, block).split():
        changed["paragraphs"] = _stored(building, text)
    if after.strip():
        changed["after"] = _stored(building, after)
    if changed:
        with override("vi"):
            changed["seen"] = figures_in(
                building, [*changed.get("paragraphs", ()), *changed.get("after", ())]
            )
    return _change(draft, actor, version, key, "rewritten", changed)


def reset_block(*, actor: User, draft: ReportDraft, version: int, key: str) -> ReportDraft:
    """Take back everything a person did to a block: it reads again as drafted from the figures.

    Raises PermissionDenied, ChangedMeanwhile, ValidationError.
    """
    _block(draft, key)
    return _change(draft, actor, version, key, "reset", None)


def hide_block(*, actor: User, draft: ReportDraft, version: int, key: str, hidden: bool) -> ReportDraft:
    """Leave a block out of the report, or take it in again.

    Raises PermissionDenied, ChangedMeanwhile, ValidationError for a block that every report has.
    """
    if KINDS[_block(draft, key)["kind"]].is_fixed:
        raise ValidationError(_("How many units reported is told in every report."), code="fixed")
    changed = {**draft.content.get(key, {}), "hidden": hidden}
    return _change(draft, actor, version, key, "hidden" if hidden else "shown", changed)


def accept_figures(*, actor: User, draft: ReportDraft, version: int, key: str) -> ReportDraft:
    """Say that the text of a block still fits its figures as they are now.

    Raises PermissionDenied, ChangedMeanwhile, ValidationError.
    """
    _block(draft, key)
    changed = dict(draft.content.get(key, {}))
    building = building_of(draft)
    with override("vi"):
        changed["seen"] = figures_in(building, [f"{{{code}}}" for code in changed.get("seen", {})])
    return _change(draft, actor, version, key, "figures accepted", changed)


def abandon_draft(*, actor: User, draft: ReportDraft, version: int) -> ReportDraft:
    """Give a draft up; it is kept, and nobody works on it any more.

    Raises PermissionDenied, ChangedMeanwhile, ValidationError.
    """
    with transaction.atomic():
        held = _held(draft, actor, version)
        held.state = ReportDraft.State.ABANDONED
        held.version += 1
        held.save(update_fields=["state", "version", "changed_at"])
        _note(held, actor, "abandoned", "")
    return held


def _stored(building: Building, text: str) -> list[str]:
    if len(text) > LONGEST_TEXT:
        raise ValidationError(
            _("A block holds at most %(limit)s characters."), code="too_long", params={"limit": LONGEST_TEXT}
        )
    try:
        stored = from_tokens(building, text.replace("\0", ""))
    except UnknownFigure as unknown:
        raise ValidationError(
            _("No figure is called “%(name)s”. Take the name from the list of figures."),
            code="unknown_figure",
            params={"name": unknown.token},
        ) from unknown
    return [line.strip() for line in stored.splitlines() if line.strip()]


def _block(draft: ReportDraft, key: str) -> dict[str, Any]:
    """The block of the draft's template with this key. Raises ValidationError."""
    for part in draft.template.layout["parts"]:
        for place, block in enumerate(part["blocks"], start=1):
            if key == (block.get("key") or f"{part['number']}-{place}"):
                found: dict[str, Any] = block
                return found
    raise ValidationError(_("The template of this report has no such block."), code="no_block")


def _change(
    draft: ReportDraft, actor: User, version: int, key: str, what: str, changed: dict[str, Any] | None
) -> ReportDraft:
    with transaction.atomic():
        held = _held(draft, actor, version)
        held.content = {name: value for name, value in held.content.items() if name != key}
        if changed:
            held.content[key] = changed
        held.version += 1
        held.save(update_fields=["content", "version", "changed_at"])
        _note(held, actor, what, key)
    return held


def _held(draft: ReportDraft, actor: User, version: int) -> ReportDraft:
    """The draft, locked, when the actor may change it and it is as the actor saw it."""
    if not scope_of(actor).may_in("report.make", draft.area):
        raise PermissionDenied("the actor does not make reports of this area")
    held: ReportDraft = (
        ReportDraft.objects.unscoped("checked above").select_for_update(of=("self",)).get(pk=draft.pk)
    )
    if held.state != ReportDraft.State.DRAFTING:
        raise ValidationError(
            _("This report is not being drafted any more: %(state)s."),
            code="not_drafting",
            params={"state": held.get_state_display()},
        )
    if held.version != version:
        raise ChangedMeanwhile.since(held)
    return held


def _note(draft: ReportDraft, actor: User, what: str, block: str) -> None:
    AuditEvent.objects.create(
        kind=AuditEvent.Kind.REPORT_DRAFTED,
        user=actor,
        about=f"reporting.reportdraft:{draft.pk}",
        detail={"what": what, "block": block, "version": draft.version},
    )
