"""Report templates: the next version is worked on as a draft, judged, and put to use; earlier versions stay."""

from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent, User
from accounts.scoping import scope_of
from accounts.services import record_event
from reporting.models import Indicator, ReportTemplate, TemplateDraft
from reporting.templating.changing import refuse_excess
from reporting.templating.checking import Layout, problems_of
from reporting.templating.places import Places
from territory.models import Level

#: The verb of who may change report templates.
MANAGE = "template.manage"


def places_of(kind: str) -> Places:
    """The places that texts of a kind of report may have: the newest wording of each indicator. One query."""
    newest = {indicator.code: indicator for indicator in Indicator.objects.order_by("valid_from")}
    return Places(kind, sorted(newest.values(), key=lambda one: (one.order, one.code)))


@transaction.atomic
def start_template_draft(
    *, actor: User, template: ReportTemplate, level: str | None = None
) -> tuple[TemplateDraft, bool]:
    """Begin the next version of a template, or go on with the draft that there is; and whether it was begun now.

    With ``level`` it becomes a template of that level's own. An old version may be begun from as well: so it is taken
    up again. Raises PermissionDenied, ValidationError for a level that does not exist.
    """
    _require_keeper(actor)
    wanted = template.level if level is None else level
    if wanted and wanted not in Level.values:
        raise ValidationError({"level": _("Choose from the list.")})
    with pghistory.context(user=actor.pk):
        draft, is_new = TemplateDraft.objects.get_or_create(
            code=template.code,
            level=wanted,
            defaults={
                "name": template.name,
                "layout": _with_keys(template.layout),
                "based_on": template,
                "begun_by": actor,
            },
        )
    if is_new:
        _note(actor, draft, "begun")
    return draft, is_new


@transaction.atomic
def keep_template_draft(
    *, actor: User, draft: TemplateDraft, version: int, layout: Layout, name: str | None = None
) -> TemplateDraft:
    """Put what was typed in the place of what the draft holds; mistakes in it are kept until they are put right.

    Raises PermissionDenied, ChangedMeanwhile when it is not at ``version`` any more, ValidationError when it is beyond
    what a template may hold.
    """
    held = _held(actor, draft, version)
    refuse_excess(layout)
    held.layout = layout
    if name is not None:
        held.name = name
    held.version += 1
    held.full_clean(exclude=["layout"], validate_unique=False)
    with pghistory.context(user=actor.pk):
        held.save(update_fields=["layout", "name", "version"])
    return held


@transaction.atomic
def publish_template(*, actor: User, draft: TemplateDraft, version: int) -> ReportTemplate:
    """Make the draft the newest version of its template: reports begun from now on follow it.

    Reports that are issued, and drafts already begun, keep the version they have. Raises PermissionDenied,
    ChangedMeanwhile, ValidationError with everything that is wrong, or when nothing is changed.
    """
    held = _held(actor, draft, version)
    wrong = problems_of(held.layout, places_of(held.code))
    if wrong:
        raise ValidationError([str(problem) for problem in wrong], code="wrong")
    newest = (
        ReportTemplate.objects.select_for_update()
        .filter(code=held.code, level=held.level)
        .order_by("-version")
        .first()
    )
    if newest is not None and (newest.layout, newest.name) == (held.layout, held.name):
        raise ValidationError(
            _("Nothing differs from the version in use. Change something, or give the draft up."),
            code="same",
        )
    with pghistory.context(user=actor.pk):
        made: ReportTemplate = ReportTemplate.objects.create(
            code=held.code,
            level=held.level,
            version=newest.version + 1 if newest else 1,
            name=held.name,
            layout=held.layout,
            changed_by=actor,
        )
        _note(actor, held, "published", template=made.pk, template_version=made.version)
        held.delete()
    return made


@transaction.atomic
def abandon_template_draft(*, actor: User, draft: TemplateDraft, version: int) -> None:
    """Give a draft up; the template in use stays as it is. Raises PermissionDenied, ChangedMeanwhile."""
    held = _held(actor, draft, version)
    with pghistory.context(user=actor.pk):
        _note(actor, held, "given up")
        held.delete()


def as_template(draft: TemplateDraft) -> ReportTemplate:
    """The draft as the template it would be, not stored: to look at a report made by it."""
    version = draft.based_on.version + 1
    return ReportTemplate(
        code=draft.code, level=draft.level, version=version, name=draft.name, layout=draft.layout
    )


def note_preview(*, actor: User, draft: TemplateDraft, area: str, period: str) -> None:
    """Note who looked at which figures through a draft. Raises PermissionDenied."""
    _require_keeper(actor)
    _note(actor, draft, "previewed", area=area, period=period)


def _require_keeper(actor: User) -> None:
    if not scope_of(actor).may(MANAGE):
        raise PermissionDenied("the actor does not keep report templates")


def _held(actor: User, draft: TemplateDraft, version: int) -> TemplateDraft:
    """The draft, locked, when the actor may change it and it is as the actor saw it."""
    _require_keeper(actor)
    held = TemplateDraft.objects.select_for_update().filter(pk=draft.pk).first()
    if held is None:  # put to use or given up meanwhile
        raise ChangedMeanwhile(None, timezone.now(), 0)
    if held.version != version:
        raise ChangedMeanwhile.since(held)
    return held


def _with_keys(layout: Layout) -> Layout:
    """A layout whose blocks all have keys, by which what is sent finds them."""
    parts = [
        {
            **part,
            "blocks": [
                {**block, "key": block.get("key") or f"{part['number']}-{place}"}
                for place, block in enumerate(part["blocks"], start=1)
            ],
        }
        for part in layout["parts"]
    ]
    return {**layout, "parts": parts}


def _note(actor: User, draft: TemplateDraft, what: str, **more: Any) -> None:
    record_event(
        actor=actor,
        kind=AuditEvent.Kind.TEMPLATE_CHANGED,
        about=f"reporting.templatedraft:{draft.pk}",
        detail={"what": what, "template": f"{draft.code}/{draft.level}", "version": draft.version, **more},
    )
