"""The queue of what waits for a head, and the steps between draft and approved."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.changing import ChangedMeanwhile
from accounts.models import User
from programs.forms.approval import ReturnForm
from programs.models import Activity
from programs.selectors.activity import get_activity, person
from programs.selectors.queue import may_approve_somewhere, waiting_activities, waiting_rows
from programs.services import (
    TransitionNotAllowed,
    approve_activities,
    approve_activity,
    return_activity,
    submit_activity,
    withdraw_activity,
)
from programs.views.activity import activity_crumbs, detail_page

ROWS_A_PAGE = 50
_TICKED = re.compile(r"([1-9][0-9]{0,17}):([1-9][0-9]{0,8})", re.ASCII)

#: The steps that need nothing but the version that was seen.
_STEPS: Mapping[str, Callable[..., Activity]] = {
    "submit": submit_activity,
    "approve": approve_activity,
    "withdraw": withdraw_activity,
}


@require_http_methods(["GET", "HEAD", "POST"])
def activity_queue(request: HttpRequest) -> HttpResponse:
    """What waits for the reader's approval; several are approved at once, each on its own."""
    head = person(request)
    if not may_approve_somewhere(head):
        raise PermissionDenied
    if request.method == "POST":
        _approve_ticked(request, head)
        return redirect("activity_queue")
    page = Paginator(waiting_activities(head), ROWS_A_PAGE).get_page(request.GET.get("page", 1))
    context = {
        "page": page,
        "rows": waiting_rows(head, list(page)),
        "crumbs": [*activity_crumbs(), {"label": _("Waiting for my approval")}],
    }
    return render(request, "programs/activity_queue.html", context)


def _approve_ticked(request: HttpRequest, head: User) -> None:
    ticked = (_TICKED.fullmatch(value) for value in request.POST.getlist("activity"))
    chosen = [(int(match[1]), int(match[2])) for match in ticked if match]
    if not chosen:
        messages.warning(request, _("Nothing was approved: tick the activities to approve."))
        return
    try:
        outcome = approve_activities(actor=head, chosen=chosen)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return
    count = len(outcome.approved)
    if count:
        text = ngettext("%(count)d activity is approved.", "%(count)d activities are approved.", count)
        messages.success(request, text % {"count": count})
    for title, reason in outcome.refused:
        text = _("“%(title)s” was not approved. %(reason)s")
        messages.error(request, text % {"title": title, "reason": reason})


@require_POST
def activity_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit, approve, return or withdraw one activity."""
    activity, actor = get_activity(request, pk), person(request)
    step = request.POST.get("step", "")
    if step == "return":
        return _return(request, activity, actor)
    take = _STEPS.get(step)
    if take is None:
        raise Http404
    try:
        taken = take(activity=activity, actor=actor, version=_version(request))
    except TransitionNotAllowed as refused:
        messages.error(request, str(refused.message))
    except ChangedMeanwhile as changed:
        messages.error(request, _meanwhile(changed))
    else:
        messages.success(request, _outcome(step, taken))
    return redirect("activity_detail", pk=activity.pk)


def _return(request: HttpRequest, activity: Activity, actor: User) -> HttpResponse:
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return detail_page(request, activity, return_form=form, status=422)
    given = form.cleaned_data
    try:
        return_activity(activity=activity, actor=actor, version=given["version"], reason=given["reason"])
    except TransitionNotAllowed as refused:
        form.add_error(None, ValidationError(refused.message, code="not_now"))
        return detail_page(request, activity, return_form=form, status=409)
    except ChangedMeanwhile as changed:
        form.add_error(None, ValidationError(_meanwhile(changed), code="changed_meanwhile"))
        form.data = {**form.data.dict(), "version": str(changed.version)}  # type: ignore[attr-defined]
        return detail_page(request, activity, return_form=form, status=409)
    messages.success(request, _("The activity is returned to its unit with your reason."))
    return redirect("activity_detail", pk=activity.pk)


def _outcome(step: str, activity: Activity) -> str:
    if step == "withdraw":
        return _("The submission is withdrawn. The activity is a draft of your unit again.")
    if step == "approve":
        return _("The activity is approved and counts from now on.")
    if activity.state == Activity.State.APPROVED:
        return _("The activity is approved at once, because your unit has no head in the portal.")
    return _("The activity is submitted. It counts once the head of your unit has approved it.")


def _meanwhile(changed: ChangedMeanwhile) -> str:
    message = _("%(who)s changed this activity after you had opened it. Look at it again, then decide.")
    return message % changed.told


def _version(request: HttpRequest) -> int:
    typed: Any = request.POST.get("version", "")
    return int(typed) if re.fullmatch(r"[0-9]{1,9}", typed, re.ASCII) else 0
