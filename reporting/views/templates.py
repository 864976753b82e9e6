"""Report templates: the list, one version, the editor of the next one, and the report it would make."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.changing import ChangedMeanwhile
from accounts.models import User
from accounts.scoping import scope_of
from reporting.building.blocks import KINDS
from reporting.models import ReportKind, ReportTemplate, TemplateDraft
from reporting.services.templates import (
    MANAGE,
    abandon_template_draft,
    keep_template_draft,
    note_preview,
    places_of,
    publish_template,
    start_template_draft,
)
from reporting.templating import changing, showing
from reporting.templating.checking import Layout, problems_of
from reporting.templating.places import Places
from reporting.templating.previewing import PreviewForm, preview
from territory.models import Level


@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    """The templates in use, by kind of report, and the drafts people work on."""
    _keeper(request)
    newest = (
        ReportTemplate.objects.order_by("code", "level", "-version")
        .distinct("code", "level")
        .select_related("changed_by")
        .defer("layout")
    )
    drafts = {
        (draft.code, draft.level): draft
        for draft in TemplateDraft.objects.select_related("begun_by").defer("layout")
    }
    found = {(row.code, row.level): row for row in newest}
    rows = [
        {
            "kind": kind.label,
            "level": Level(level).label if level else _("every other level"),
            "row": found.get((kind, level)),
            "draft": drafts.get((kind, level)),
        }
        for kind in ReportKind
        for level in ("", *Level.values)
        if (kind, level) in found or (kind, level) in drafts
    ]
    context = {"rows": rows, "crumbs": [*_crumbs()[:1], {"label": _("Report templates")}]}
    return render(request, "reporting/template_list.html", context)


@require_safe
def template_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One version in words: what it holds, how it differs from the one before, and the other versions."""
    _keeper(request)
    template = get_object_or_404(ReportTemplate.objects.select_related("changed_by"), pk=pk)
    versions = list(
        ReportTemplate.objects.filter(code=template.code, level=template.level)
        .select_related("changed_by")
        .order_by("-version")
    )
    before = next((row for row in versions if row.version < template.version), None)
    places = places_of(template.code)
    layout = template.layout
    own = ReportTemplate.objects.filter(code=template.code).values_list("level", flat=True).distinct()
    context = {
        "template": template,
        "kind": _kind(template.code),
        "frame": showing.frame_in_words(layout, places),
        "sections": [
            {"name": row.name, "is_hidden": row.is_hidden, "blocks": showing.part_in_words(part, places)}
            for row, part in zip(showing.sections_on_page(layout, ()), layout["parts"], strict=True)
        ],
        "before": before,
        "differences": showing.differences(before.layout, layout, places) if before else [],
        "versions": versions,
        "is_newest": versions[0].pk == template.pk,
        "draft": TemplateDraft.objects.filter(code=template.code, level=template.level).first(),
        "other_levels": [(code, name) for code, name in Level.choices if code not in set(own)],
        "crumbs": [*_crumbs(), {"label": template.name}],
    }
    return render(request, "reporting/template_detail.html", context)


@require_POST
def template_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the next version, from this one; or go on with the draft that is there."""
    actor = _keeper(request)
    template = get_object_or_404(ReportTemplate, pk=pk)
    try:
        draft, is_new = start_template_draft(
            actor=actor, template=template, level=request.POST.get("level") or None
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("template_detail", pk=pk)
    if not is_new:
        messages.info(request, _("This draft was already begun. Go on with it, or give it up."))
    return redirect("template_draft", key=draft.key)


@require_http_methods(["GET", "HEAD", "POST"])
def template_draft(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The editor: the sections, and of the chosen one every block; or the head and end of the document.

    What is typed is kept while it is typed, too: a script sends it and asks for JSON.
    """
    actor, draft = _keeper(request), _get_draft(key)
    places = places_of(draft.code)
    if request.method != "POST":
        return _editor(request, draft, places, draft.layout, _section(request, draft.layout))
    at = _section(request, draft.layout)
    name = " ".join(request.POST.get("name", "").split()) if at is None else None
    is_typing = request.headers.get("Accept") == "application/json"
    typed = _as_sent(request, draft.layout, at, places, moves=not is_typing)
    try:
        layout = typed if is_typing else _acted(request, typed, at)
        kept = keep_template_draft(
            actor=actor, draft=draft, version=_version(request), layout=layout, name=name
        )
    except ChangedMeanwhile as changed:
        if is_typing:
            sentence = _("%(who)s changed this on %(when)s. What you type stays in this browser.")
            return JsonResponse({"message": changed.as_error(sentence).messages[0]}, status=409)
        if changed.version == 0:
            messages.error(request, _("This draft was put to use or given up meanwhile."))
            return redirect("template_list")
        sentence = _(
            "%(who)s changed this on %(when)s, after you had opened it. Yours is not saved yet: compare the two, and"
            " save again to put yours in the place of theirs."
        )
        draft.version = changed.version
        return _editor(
            request, draft, places, typed, at, name=name, error=changed.as_error(sentence), status=409
        )
    except ValidationError as error:
        if is_typing:
            return JsonResponse({"message": error.messages[0]}, status=422)
        return _editor(request, draft, places, typed, at, name=name, error=error, status=422)
    if is_typing:
        return JsonResponse({"version": kept.version})
    messages.success(request, _("Saved."))
    return redirect(_address(draft, _after(request, layout, at)))


@require_safe
def template_draft_preview(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The report of a chosen area and period as the draft would make it. Nothing is stored."""
    actor, draft = _keeper(request), _get_draft(key)
    form = PreviewForm(request.GET if "period" in request.GET else None, user=actor, draft=draft)
    problems = problems_of(draft.layout, places_of(draft.code))
    snapshot = None
    if form.is_valid() and not problems:
        area, period = form.cleaned_data["area"], form.cleaned_data["period"]
        note_preview(actor=actor, draft=draft, area=area.code, period=period.code)
        snapshot = preview(actor, draft, area, period)
    context = {
        "draft": draft,
        "form": form,
        "problems": problems,
        "snapshot": snapshot,
        "crumbs": [*_crumbs(), _draft_crumb(draft), {"label": _("Preview")}],
    }
    status = 422 if form.errors else 200
    return render(request, "reporting/template_preview.html", context, status=status)


@require_POST
def template_draft_publish(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Put the draft to use."""
    actor, draft = _keeper(request), _get_draft(key)
    try:
        made = publish_template(actor=actor, draft=draft, version=_version(request))
    except ChangedMeanwhile as changed:
        sentence = _("%(who)s changed this draft on %(when)s. Look at it again before you put it to use.")
        messages.error(request, changed.as_error(sentence).messages[0])
        return redirect("template_draft", key=key)
    except ValidationError as error:
        return _editor(request, draft, places_of(draft.code), draft.layout, None, error=error, status=422)
    messages.success(
        request, _("The template is in use. Reports already begun or issued keep the version they have.")
    )
    return redirect("template_detail", pk=made.pk)


@require_POST
def template_draft_abandon(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Give the draft up; the template in use stays."""
    actor, draft = _keeper(request), _get_draft(key)
    try:
        abandon_template_draft(actor=actor, draft=draft, version=_version(request))
    except ChangedMeanwhile as changed:
        sentence = _("%(who)s changed this draft on %(when)s. Look at it again before you give it up.")
        messages.error(request, changed.as_error(sentence).messages[0])
        return redirect("template_draft", key=key)
    messages.success(request, _("The draft is given up."))
    return redirect("template_list")


def _editor(
    request: HttpRequest,
    draft: TemplateDraft,
    places: Places,
    layout: Layout,
    at: int | None,
    *,
    name: str | None = None,
    error: ValidationError | None = None,
    status: int = 200,
) -> HttpResponse:
    problems = problems_of(layout, places)
    part = layout["parts"][at] if at is not None else None
    context = {
        "draft": draft,
        "kind": _kind(draft.code),
        "name": draft.name if name is None else name,
        "at": at,
        "part": part,
        "sections": showing.sections_on_page(layout, problems),
        "frame": showing.frame_on_page(layout, places) if part is None else [],
        "blocks": showing.blocks_on_page(part, places, problems) if part is not None else [],
        "problems": problems,
        "errors": error.messages if error else [],
        "kinds": [(code, kind.name) for code, kind in KINDS.items()] if part is not None else [],
        "indicators": list(places.labels.values()) if part is not None else [],
        "names": list(places.names.values()),
        "crumbs": [*_crumbs(), {"label": draft.name}],
    }
    return render(request, "reporting/template_edit.html", context, status=status)


def _as_sent(request: HttpRequest, layout: Layout, at: int | None, places: Places, *, moves: bool) -> Layout:
    """The layout with what was sent, less the row whose button to remove it was pressed."""
    what, _sep, key = request.POST.get("do", "save").partition(":")
    block, _sep, number = key.rpartition(":")
    row = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else None
    if at is None:
        without = row if what == "remove-section" else None
        return changing.with_frame(layout, request.POST, places, moves=moves, without=without)
    sentence = (block, row) if what == "remove-sentence" and row is not None else None
    return changing.with_part(layout, at, request.POST, places, moves=moves, without=sentence)


def _acted(request: HttpRequest, layout: Layout, at: int | None) -> Layout:
    """The layout with what the pressed button adds, or without the block that it removes."""
    what, _sep, key = request.POST.get("do", "save").partition(":")
    if at is None:
        return changing.added_section(layout) if what == "add-section" else layout
    match what:
        case "add-block":
            return changing.added_block(layout, at, request.POST.get("new_kind", ""))
        case "remove-block":
            return changing.removed_block(layout, at, key)
        case "add-sentence":
            return changing.added_sentence(layout, at, key)
        case _:
            return layout


def _after(request: HttpRequest, layout: Layout, at: int | None) -> tuple[int | None, str]:
    """The section and the place on its page that is shown after a save."""
    what, _sep, key = request.POST.get("do", "save").partition(":")
    if at is None:
        return (len(layout["parts"]) - 1, "") if what == "add-section" else (None, "")
    if what == "add-block":
        return at, f"b-{layout['parts'][at]['blocks'][-1]['key']}"
    return at, f"b-{key.partition(':')[0]}" if what in ("add-sentence", "remove-sentence") else ""


def _address(draft: TemplateDraft, after: tuple[int | None, str]) -> str:
    section, anchor = after
    address = reverse("template_draft", args=[draft.key])
    return f"{address}{'' if section is None else f'?section={section}'}{f'#{anchor}' if anchor else ''}"


def _section(request: HttpRequest, layout: Layout) -> int | None:
    """The place of the section that is asked for; None for the head of the document, or where there is no such.

    A section that was sent is found by its blocks: somebody may have moved it meanwhile.
    """
    sent = set(request.POST.getlist("block"))
    for at, part in enumerate(layout["parts"]):
        if any(block["key"] in sent for block in part["blocks"]):
            return at
    asked = request.POST.get("section", "") or request.GET.get("section", "")
    is_number = asked.isascii() and asked.isdigit() and len(asked) < 4
    return int(asked) if is_number and int(asked) < len(layout["parts"]) else None


def _version(request: HttpRequest) -> int:
    sent = request.POST.get("version", "")
    if not sent.isascii() or not sent.isdigit() or len(sent) > 9:
        raise Http404
    return int(sent)


def _get_draft(key: uuid.UUID) -> TemplateDraft:
    return get_object_or_404(TemplateDraft.objects.select_related("begun_by", "based_on"), key=key)


def _keeper(request: HttpRequest) -> User:
    """Who changes report templates. Raises PermissionDenied for everybody else."""
    if not isinstance(request.user, User) or not scope_of(request.user).may(MANAGE):
        raise PermissionDenied
    return request.user


def _kind(code: str) -> Any:
    return ReportKind(code).label if code in ReportKind.values else code


def _draft_crumb(draft: TemplateDraft) -> dict[str, Any]:
    return {"label": draft.name, "url": reverse("template_draft", args=[draft.key])}


def _crumbs() -> list[dict[str, Any]]:
    return [
        {"label": _("My work"), "url": reverse("home")},
        {"label": _("Report templates"), "url": reverse("template_list")},
    ]
