"""Filing an activity without a line: the form a browser keeps, its worker, and sending what was filled meanwhile.

The report of a unit is filled in the same way (``reporting.views.submission_offline``).

``docs/offline.md`` tells the whole way.
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.services import discard_form_draft, take_form_draft, typed_fields
from programs.forms import ActivityForm
from programs.views.filing import FiledOtherwise, asked_state, file_form, outcome, writer_of

_DRAFT = "activity:new"


@login_not_required
@require_safe
def activity_worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Its address limits it to the form of a new activity; it holds nothing of anybody."""
    return worker(request, form=reverse("activity_new"), copy=reverse("activity_offline"), draft_key=_DRAFT)


def worker(request: HttpRequest, *, form: str, copy: str, draft_key: str) -> HttpResponse:
    """The script that answers for the page ``form`` with its ``copy`` when there is no line."""
    of = {"form": form, "copy": copy, "draft_key": draft_key}
    response = render(request, "partials/offline_worker.js", of, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def activity_offline(request: HttpRequest) -> HttpResponse:
    """The empty form as a browser keeps it: what can be chosen, but no name, no draft, no token, no files."""
    form = ActivityForm(actor=writer_of(request))
    form.initial["submission_key"] = ""  # the browser makes one for each time it is filled
    shown = {"form": form, "form_url": reverse("activity_new"), "is_kept_copy": True}
    return render(request, "programs/activity_offline.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def activity_sending(request: HttpRequest) -> HttpResponse:
    """Who is signed in, and a token to send with; posted, a form that was filled without a line.

    The same form again gives the activity that it made. Refuses, with a message to show beside the form, what was
    typed by another person than is signed in, what is filed with other content (409), and what breaks a rule (422).
    """
    writer = writer_of(request)
    if request.method != "POST":
        return JsonResponse({"reader": str(writer.pk), "token": get_token(request)})
    if is_anothers(request, writer):
        return refused(_("Another person filled this form. Sign in with that account to send it."), 409)
    form = ActivityForm(request.POST, actor=writer)
    state = asked_state(request, form)
    if not request.POST.get("submission_key"):
        form.add_error("submission_key", _("The form came without its key. Fill it again."))
    if not form.is_valid() or state is None:
        return refused(" ".join(_faults(form)), 422)
    try:
        activity = file_form(form, writer=writer, state=state)
    except FiledOtherwise as otherwise:
        return refused(str(otherwise), 409)
    _discard_draft_of(writer, str(activity.submission_key))
    address = reverse("activity_detail", args=[activity.pk])
    return JsonResponse({"url": address, "message": outcome(activity)})


def is_anothers(request: HttpRequest, writer: User) -> bool:
    """Whether another person filled the form than now sends it."""
    return request.POST.get("typed_by") != str(writer.pk)


def refused(message: str, status: int) -> HttpResponse:
    """What the browser shows beside a form that it keeps on."""
    return JsonResponse({"message": message}, status=status)


def _faults(form: ActivityForm) -> list[str]:
    """Every fault of a form as a sentence that names its field."""
    told = [str(error) for error in form.non_field_errors()]
    parts: list[Any] = [form, *form.quantities.forms]
    for part in parts:
        told += [f"{field.label}: {error}" for field in part for error in field.errors]
    told += [str(error) for row in form.quantities.forms for error in row.non_field_errors()]
    return told + [str(error) for error in form.quantities.non_form_errors()]


def _discard_draft_of(writer: User, key: str) -> None:
    """Forget the draft on the server, if it is of this very form and not of another begun since."""
    draft = take_form_draft(user=writer, form=_DRAFT)
    if draft is not None and typed_fields(draft).get("submission_key") == [key]:
        discard_form_draft(user=writer, form=_DRAFT)
