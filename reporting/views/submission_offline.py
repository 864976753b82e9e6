"""Filling in a report without a line: the form a browser keeps, its worker, and sending what was filled meanwhile.

``docs/offline.md`` tells the whole way.
"""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.api.repeats import KeyUsed, digest_of, known_request
from accounts.changing import ChangedMeanwhile
from accounts.models import User
from accounts.services import discard_form_draft
from programs.selectors.activity import person
from programs.views.offline import is_anothers, refused, worker
from reporting.models import Obligation
from reporting.services.submissions import TransitionNotAllowed, save_submission, submit_submission
from reporting.services.submissions.locking import refuse_locked
from reporting.submission_form import SubmissionForm
from reporting.submission_rights import get_obligation, may_send
from reporting.views.submissions import draft_name, get_submission, meanwhile, version_of


@login_not_required
@require_safe
def submission_worker(request: HttpRequest, pk: int) -> HttpResponse:
    """The service worker of one report. Its address limits it to that report; it holds nothing of anybody."""
    form, copy = reverse("submission_edit", args=[pk]), reverse("submission_offline", args=[pk])
    return worker(request, form=form, copy=copy, draft_key=f"submission:{pk}")


@require_safe
def submission_offline(request: HttpRequest, pk: int) -> HttpResponse:
    """The form as a browser keeps it: the unit's figures and texts as they are stored, but no name and no token.

    What is stored must be in it: a figure that came back empty would be taken out of the report.
    """
    obligation = get_obligation(request, pk, needs="write")
    submission = get_submission(obligation)
    try:
        refuse_locked(submission)
    except TransitionNotAllowed as closed:
        raise Http404 from closed
    submission.obligation = obligation
    form = SubmissionForm(submission)
    for each in form.asked:
        if each.parts:
            form.open_parts(each.code)
    shown = {
        "obligation": obligation,
        "form": form,
        "form_url": reverse("submission_edit", args=[pk]),
        "draft_name": draft_name(obligation),
        "is_editable": True,
        "is_kept_copy": True,
        "may_send": may_send(person(request), obligation),
    }
    return render(request, "reporting/submission_offline.html", shown)


@require_POST
def submission_sending(request: HttpRequest, pk: int) -> HttpResponse:
    """Store, and submit where that was asked, what was filled without a line. The same once more changes nothing.

    Refuses, with a message to show beside what waits, what was typed by another person than is signed in, what
    somebody changed or submitted meanwhile (409), and what breaks a rule (422).
    """
    obligation = get_obligation(request, pk, needs="write")
    actor = person(request)
    if is_anothers(request, actor):
        return refused(_("Another person filled this form. Sign in with that account to send it."), 409)
    try:
        key = uuid.UUID(request.POST.get("submission_key", ""))
    except ValueError:
        return refused(_("The form came without its key. Fill it again."), 422)
    typed = {name: [str(value) for value in values] for name, values in request.POST.lists()}
    try:
        with transaction.atomic():
            known, is_new = known_request(actor, key, digest_of([request.path, typed]))
            if is_new:
                known.status, known.answer = 200, {"message": _stored(request, obligation, actor, typed)}
                known.save(update_fields=["status", "answer"])
    except ChangedMeanwhile as changed:
        return refused(meanwhile(changed), 409)
    except TransitionNotAllowed as closed:
        return refused(str(closed.message), 409)
    except KeyUsed as used:
        return refused(str(used.detail), 422)
    except ValidationError as error:
        return refused(" ".join(error.messages), 422)
    return JsonResponse({"url": reverse("submission_edit", args=[pk]), **known.answer})


def _stored(request: HttpRequest, obligation: Obligation, actor: User, typed: dict[str, list[str]]) -> str:
    """Store what was typed, and submit it where that was asked. Returns what came of it."""
    submission = get_submission(obligation)
    form = SubmissionForm(submission, typed)
    given = form.read()
    if given is None:
        raise ValidationError([message for _place, message in form.errors])
    version = version_of(request)
    saved: Any = save_submission(submission=submission, actor=actor, version=version, typed=given)
    discard_form_draft(user=actor, form=draft_name(obligation))
    if request.POST.get("step") != "submit":
        return _("Saved. It is not submitted yet.")
    try:
        with transaction.atomic():
            submit_submission(submission=saved, actor=actor, version=saved.version)
    except TransitionNotAllowed as not_yet:
        return _("Saved, but not submitted: %(why)s") % {"why": not_yet.message}
    return _("The report is submitted. The coordinator accepts or returns it.")
