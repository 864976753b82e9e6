"""Drafts of reports: the list, starting one, and the editor with the text, the figures and the preview."""

import uuid
from dataclasses import replace
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.changing import ChangedMeanwhile
from accounts.models import User
from accounts.scoping import scope_of
from accounts.services import DraftTooLarge
from reporting.building import NoTemplate
from reporting.building.editing import FORMS, building_of, editable_part, token
from reporting.forms import DraftForm
from reporting.models import Report, ReportDraft
from reporting.selectors import get_draft
from reporting.services.drafting import (
    abandon_draft,
    accept_figures,
    hide_block,
    reset_block,
    rewrite_block,
    start_draft,
)
from reporting.services.keeping import forget_typed, keep_typed, typed_into
from territory.period import CutOff


@require_safe
def draft_list(request: HttpRequest) -> HttpResponse:
    """The drafts the person may read, newest first."""
    scope = scope_of(request.user)
    if not scope.may("report.read"):
        raise PermissionDenied
    drafts = ReportDraft.objects.visible_to(request.user).select_related("area", "made_by").defer("content")
    page = Paginator(drafts, 25).get_page(request.GET.get("page"))
    context = {"page_obj": page, "may_make": scope.may("report.make"), "query_string": ""}
    return render(request, "reporting/draft_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def draft_new(request: HttpRequest) -> HttpResponse:
    """Begin a draft."""
    actor = _person(request)
    if not scope_of(actor).may("report.make"):
        raise PermissionDenied
    initial = {"kind": "six_month", "rule": CutOff.ND09.value, "map_basis": "then"}
    form = DraftForm(request.POST if request.method == "POST" else None, user=actor, initial=initial)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            draft = start_draft(
                actor=actor,
                **{
                    name: chosen[name]
                    for name in ("kind", "area", "period", "map_basis", "pilot", "document")
                },
            )
        except ValidationError as error:
            form.add_error(None, error)
        except NoTemplate:
            form.add_error("kind", _("There is no template for this kind of report yet."))
        else:
            return redirect("draft_edit", key=draft.key)
    return render(request, "reporting/draft_new.html", {"form": form}, status=422 if form.errors else 200)


@csp_replace({"frame-src": [SELF]})  # type: ignore[arg-type]  # its type knows no arguments of an address
@require_safe
def draft_edit(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The editor: sections left, the chosen section's blocks in the middle, the same section as printed right."""
    return _editor(request, get_draft(request, key))


@require_POST
def draft_keep(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Keep what is typed into a block so far, for its writer alone; nothing of it is in the report yet."""
    actor, draft = _person(request), get_draft(request, key, needs="write")
    if draft.state != ReportDraft.State.DRAFTING:
        return JsonResponse({"message": _("This report is not being drafted any more.")}, status=409)
    block = request.POST.get("block", "")[:40]
    try:
        saved_at = keep_typed(actor=actor, draft=draft, block=block, typed=_typed(request))
    except DraftTooLarge:
        message = _("This is too much text to keep a draft of. Save it, or shorten it.")
        return JsonResponse({"message": message}, status=422)
    return JsonResponse({"saved_at": saved_at.isoformat() if saved_at else ""})


def _typed(request: HttpRequest) -> dict[str, str | None]:
    return {name: request.POST.get(name) for name in ("text", "after")}


@csp_replace({"frame-src": [SELF]})  # type: ignore[arg-type]
@require_POST
def draft_block(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Change one block: save its text, take it back, hide or show it, accept its figures, put a figure into it."""
    actor, draft = _person(request), get_draft(request, key, needs="write")
    sent = request.POST
    version, block = sent.get("version", ""), sent.get("block", "")[:40]
    if not version.isascii() or not version.isdigit() or len(version) > 9:
        raise Http404
    common: dict[str, Any] = {"actor": actor, "draft": draft, "version": int(version), "key": block}
    typed = {"block": block, "text": sent.get("text", ""), "after": sent.get("after", "")}
    try:
        match sent.get("action"):
            case "save":
                rewrite_block(**common, text=typed["text"], after=typed["after"])
                messages.success(request, _("The text is saved."))
            case "reset":
                reset_block(**common)
                messages.success(request, _("The block reads again as drafted from the figures."))
            case "hide" | "show" as way:
                hide_block(**common, hidden=way == "hide")
            case "accept":
                accept_figures(**common)
                messages.success(request, _("The new values are accepted."))
            case "discard":
                messages.info(request, _("What you had typed is discarded."))
            case "insert":
                return _insert(request, actor, draft, block)
            case _:
                raise Http404
    except ChangedMeanwhile as changed:
        sentence = _(
            "%(who)s changed this on %(when)s, after you had opened it. Yours is not saved yet: compare the two, and"
            " save again to put yours in the place of theirs."
        )
        draft.refresh_from_db()
        return _editor(
            request, draft, typed={**typed, "error": changed.as_error(sentence).messages[0]}, status=409
        )
    except ValidationError as error:
        return _editor(request, draft, typed={**typed, "error": error.messages[0]}, status=422)
    if sent.get("action") in ("save", "reset", "discard"):
        forget_typed(actor=actor, draft=draft, block=block)
    return _to_block(request, draft, block)


def _to_block(request: HttpRequest, draft: ReportDraft, block: str) -> HttpResponse:
    address = reverse("draft_edit", args=[draft.key])
    return redirect(f"{address}?section={_section(request, draft)}#b-{block}")


def _insert(request: HttpRequest, actor: User, draft: ReportDraft, block: str) -> HttpResponse:
    """Put a linked figure at the end of what is typed, and keep that; for browsers without script."""
    typed = _typed(request)
    try:
        with override("vi"):
            put = token(building_of(draft), request.POST.get("figure", ""), request.POST.get("as", ""))
    except LookupError:
        messages.error(request, _("There is no figure of this name. Choose one of the list."))
    else:
        typed["text"] = f"{(typed['text'] or '').rstrip()} {put}"
    keep_typed(actor=actor, draft=draft, block=block, typed=typed)
    return _to_block(request, draft, block)


@require_POST
def draft_abandon(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Give a draft up."""
    draft = get_draft(request, key, needs="write")
    try:
        abandon_draft(actor=_person(request), draft=draft, version=draft.version)
    except (ValidationError, ChangedMeanwhile):
        messages.error(request, _("This draft could not be given up: somebody worked on it meanwhile."))
        return redirect("draft_edit", key=key)
    messages.success(request, _("The draft is given up."))
    return redirect("draft_list")


def _editor(
    request: HttpRequest, draft: ReportDraft, *, typed: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    parts = [part for part in draft.template.layout["parts"] if not part.get("hidden")]
    number = _section(request, draft)
    part = parts[number]
    with override("vi"):
        building = building_of(draft)
        blocks = editable_part(building, part, draft.content)
        figures = [
            {"name": each.name, "printed": building.printed(building.answers[each.code])}
            for each in building.indicators
        ]
    is_open = draft.state == ReportDraft.State.DRAFTING
    may_write = is_open and scope_of(request.user).may_in("report.make", draft.area)
    if may_write:
        kept = typed_into(draft, _person(request))
        blocks = [replace(block, kept=kept.get(block.key)) for block in blocks]
    context = {
        "made": _made(request, draft),
        "forms": FORMS,
        "draft": draft,
        "parts": parts,
        "part": part,
        "number": number,
        "blocks": blocks,
        "figures": figures,
        "may_write": may_write,
        "typed": typed,
    }
    return render(request, "reporting/draft_edit.html", context, status=status)


def _made(request: HttpRequest, draft: ReportDraft) -> Report | None:
    """The newest report that was made of the draft."""
    reports = Report.objects.visible_to(request.user).filter(draft=draft).defer("snapshot")
    made: Report | None = reports.order_by("-pk").first()
    return made


def _section(request: HttpRequest, draft: ReportDraft) -> int:
    """The place of the section that is asked for; the first where it does not exist."""
    asked = request.GET.get("section") or request.POST.get("section") or "0"
    count = sum(not part.get("hidden") for part in draft.template.layout["parts"])
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 and int(asked) < count else 0


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
