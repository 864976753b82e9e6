"""Filing and changing an activity, and keeping what is typed meanwhile."""

import re
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.changing import ChangedMeanwhile, last_change
from accounts.models import FormDraft, User
from accounts.scoping import scope_of
from accounts.services import (
    DraftTooLarge,
    discard_form_draft,
    save_form_draft,
    take_form_draft,
    typed_fields,
)
from programs.forms import ActivityForm
from programs.models import Activity
from programs.selectors.activity import get_activity, person
from programs.selectors.approval import heads_of, may_change
from programs.services import (
    ApprovedAlready,
    change_activity,
    file_activity,
    filed_with,
    is_same_content,
)

State = Activity.State
_DRAFT = re.compile(r"activity:(new|(?P<copied>copy-)?(?P<pk>[1-9][0-9]{0,17}))", re.ASCII)
_MORE_ROWS = 3
_NOT_TYPED = frozenset({"csrfmiddlewaretoken", "state", "discard", "more_rows"})


def writer_of(request: HttpRequest) -> User:
    """Who files. Raises PermissionDenied for a role that files nowhere."""
    writer = person(request)
    if not scope_of(writer).may("activity.write"):
        raise PermissionDenied
    return writer


@require_http_methods(["GET", "HEAD", "POST"])
def activity_new(request: HttpRequest) -> HttpResponse:
    """An empty form, or the one that was begun; filing it leads to the activity's page."""
    return _new(request, writer_of(request), None)


@require_http_methods(["GET", "HEAD", "POST"])
def activity_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """A new form that begins with what lasts of an activity of the own unit: no days, figures, costs or files."""
    copied = get_activity(request, pk, needs="write")
    return _new(request, person(request), copied)


def _new(request: HttpRequest, writer: User, copied: Activity | None) -> HttpResponse:
    draft_form = _draft_form(None, copied)
    if request.method != "POST":
        draft = _open_draft(writer, draft_form)
        form = ActivityForm(actor=writer, copied=copied, typed=typed_fields(draft) if draft else None)
        return _page(request, form, draft=draft)
    if "more_rows" in request.POST:
        return _page(request, _form_with_more_rows(request, writer, copied=copied))
    form = ActivityForm(request.POST, request.FILES, actor=writer, copied=copied)
    state = asked_state(request, form)
    if not form.is_valid() or state is None:
        return _page(request, _shown_again(form))
    try:
        activity = file_form(form, writer=writer, state=state)
    except FiledOtherwise as refused:
        form.add_error(None, str(refused))
        form.put("submission_key", uuid.uuid4())
        return _page(request, form)
    discard_form_draft(user=writer, form=draft_form)
    messages.success(request, outcome(activity))
    return redirect("activity_detail", pk=activity.pk)


class FiledOtherwise(Exception):
    """The form made an activity already, and that one holds something else."""

    def __init__(self) -> None:
        super().__init__(
            _("This form was filed already, and what you typed since is not in it: file it again.")
        )


def file_form(form: ActivityForm, *, writer: User, state: str) -> Activity:
    """File what a valid form of a new activity holds; sent again, it gives the activity that it made.

    Raises FiledOtherwise when that one holds something else.
    """
    key = form.cleaned_data["submission_key"]
    existing = filed_with(actor=writer, submission_key=key)
    if existing is not None and not _holds_what_was_typed(existing, form):
        raise FiledOtherwise
    return file_activity(
        actor=writer,
        submission_key=key,
        quantities=form.reported_quantities,
        costs=form.reported_costs,
        attachments=form.checked_files,
        state=state,
        copied_from=form.copied,
        **form.activity_fields,
    )


def outcome(activity: Activity) -> str:
    """What became of an activity that was just filed."""
    if activity.state == State.DRAFT:
        return _("The activity is kept as a draft of your unit. It is not submitted yet.")
    if activity.state == State.APPROVED:
        return _("The activity is approved at once, because your unit has no head in the portal.")
    return _("The activity is submitted. It counts once the head of your unit has approved it.")


@require_http_methods(["GET", "HEAD", "POST"])
def activity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of an existing activity. Refuses to overwrite what somebody else changed meanwhile."""
    activity = get_activity(request, pk, needs="write")
    writer = person(request)
    draft_form = _draft_form(activity, None)
    if request.method != "POST":
        if not may_change(writer, activity, heads_of(activity.agency_id, activity.area)):
            messages.warning(
                request,
                _("The activity is approved. To correct it, ask the head of your unit to return it."),
            )
            return redirect("activity_detail", pk=activity.pk)
        draft = _open_draft(writer, draft_form)
        form = ActivityForm(actor=writer, activity=activity, typed=typed_fields(draft) if draft else None)
        return _page(request, form, draft=draft)
    if "more_rows" in request.POST:
        return _page(request, _form_with_more_rows(request, writer, activity=activity))
    form = ActivityForm(request.POST, request.FILES, actor=writer, activity=activity)
    state = asked_state(request, form)
    if not form.is_valid() or state is None:
        return _page(request, _shown_again(form))
    try:
        changed = change_activity(
            activity=activity,
            actor=writer,
            version=form.cleaned_data["version"] or 0,
            quantities=form.reported_quantities,
            costs=form.reported_costs,
            attachments=form.checked_files,
            removed_attachments=form.cleaned_data["removed_attachments"],
            state=state,
            **form.activity_fields,
        )
    except ApprovedAlready as refused:
        form.add_error(None, ValidationError(refused.message, code="approved"))
        return _page(request, form, status=409, is_conflict=True)
    except ChangedMeanwhile as other:
        form.add_error(None, _told(other))
        form.put("version", other.version)
        return _page(request, form, status=409, is_conflict=True)
    discard_form_draft(user=writer, form=draft_form)
    is_handed_on = state == State.SUBMITTED and activity.state in (State.DRAFT, State.RETURNED)
    messages.success(request, outcome(changed) if is_handed_on else _("Your changes are saved."))
    return redirect("activity_detail", pk=activity.pk)


@require_POST
def activity_draft(request: HttpRequest, form: str) -> HttpResponse:
    """Keep what is typed into a form so far, and answer when; with ``discard``, forget it."""
    begun = _begun(request, form)
    if "discard" in request.POST:
        discard_form_draft(user=begun.writer, form=form)
        messages.info(request, _("The draft is discarded."))
        return redirect(begun.address)
    if begun.is_sent(request):
        return JsonResponse({"message": _("This form was sent already. Open it again.")}, status=409)
    typed = ((name, values) for name, values in request.POST.lists() if name not in _NOT_TYPED)
    try:
        saved_at = save_form_draft(user=begun.writer, form=form, fields=typed)
    except DraftTooLarge:
        message = _("This is too much text to keep a draft of. File it, or shorten it.")
        return JsonResponse({"message": message}, status=422)
    return JsonResponse({"saved_at": saved_at.isoformat()})


@dataclass(frozen=True)
class _Begun:
    """A form somebody began to fill: a new activity, a copy of one, or an existing one."""

    writer: User
    activity: Activity | None
    copied: Activity | None = None

    @property
    def address(self) -> str:
        if self.copied is not None:
            return reverse("activity_copy", args=[self.copied.pk])
        if self.activity is None:
            return reverse("activity_new")
        return reverse("activity_edit", args=[self.activity.pk])

    def is_sent(self, request: HttpRequest) -> bool:
        """Whether this form was submitted already, so that keeping a draft of it would bring it back."""
        if self.activity is None:
            return _is_filed(self.writer, request.POST.get("submission_key", ""))
        is_older = request.POST.get("version") != str(self.activity.version)
        return is_older and last_change(self.activity)[0] == self.writer


def _begun(request: HttpRequest, form: str) -> _Begun:
    """The form of that name. Raises Http404 for any other, PermissionDenied for a person who may not file."""
    match = _DRAFT.fullmatch(form)
    if match is None:
        raise Http404
    if match["pk"] is None:
        return _Begun(writer_of(request), None)
    activity = get_activity(request, int(match["pk"]), needs="write")
    if match["copied"]:
        return _Begun(person(request), None, activity)
    return _Begun(person(request), activity)


def _draft_form(activity: Activity | None, copied: Activity | None) -> str:
    """The name under which what is typed into this form is kept."""
    if copied is not None:
        return f"activity:copy-{copied.pk}"
    return f"activity:{activity.pk}" if activity is not None else "activity:new"


def _open_draft(writer: User, form: str) -> FormDraft | None:
    """The draft of a form, unless that very form was filed since."""
    draft = take_form_draft(user=writer, form=form)
    if draft is None or not form.startswith(("activity:new", "activity:copy-")):
        return draft
    key = (typed_fields(draft).get("submission_key") or [""])[0]
    if _is_filed(writer, key):
        discard_form_draft(user=writer, form=form)
        return None
    return draft


def _is_filed(writer: User, key: str) -> bool:
    try:
        return filed_with(actor=writer, submission_key=uuid.UUID(key)) is not None
    except (ValueError, PermissionDenied):
        return False


def _holds_what_was_typed(activity: Activity, form: ActivityForm) -> bool:
    return is_same_content(
        activity, quantities=form.reported_quantities, costs=form.reported_costs, **form.activity_fields
    )


def _form_with_more_rows(
    request: HttpRequest,
    writer: User,
    *,
    activity: Activity | None = None,
    copied: Activity | None = None,
) -> ActivityForm:
    """The form as typed, with more rows for figures: how a page without script gets them."""
    typed = {name: [str(value) for value in values] for name, values in request.POST.lists()}
    return ActivityForm(actor=writer, activity=activity, copied=copied, typed=typed, blank_rows=_MORE_ROWS)


def _shown_again(form: ActivityForm) -> ActivityForm:
    """A refused form, with its hidden fields mended so that it can be sent again."""
    if form.only_agency is not None and "agency" in form.errors:
        form.put("agency", form.only_agency.pk)
    if "submission_key" in form.errors:
        form.put("submission_key", uuid.uuid4())
    if "version" in form.errors and form.activity is not None:
        form.put("version", form.activity.version)
    return form


def asked_state(request: HttpRequest, form: ActivityForm) -> str | None:
    """Whether a draft or a submission was asked for; the form says so when it is neither.

    A form sent without its buttons (by the Enter key) only keeps what was typed.
    """
    asked = request.POST.get("state", State.DRAFT)
    if asked not in (State.DRAFT, State.SUBMITTED):
        message = _("Choose “Save as draft” or “Submit for approval”.")
        form.add_error(None, ValidationError(message, code="unknown_state"))
        return None
    return asked


def _told(changed: ChangedMeanwhile) -> ValidationError:
    message = _(
        "%(who)s changed this activity on %(when)s, after you had opened it. Yours is not saved yet:"
        " compare the two, and save again to put yours in the place of theirs."
    )
    return changed.as_error(message)


def _page(
    request: HttpRequest,
    form: ActivityForm,
    *,
    draft: FormDraft | None = None,
    status: int = 200,
    is_conflict: bool = False,
) -> HttpResponse:
    activity = form.activity
    here = _("Change") if activity else _("New activity")
    crumbs: list[dict[str, Any]] = [
        {"label": _("My work"), "url": reverse("home")},
        {"label": _("Activities"), "url": reverse("activity_list")},
    ]
    if activity is not None:
        crumbs.append({"label": activity.title, "url": reverse("activity_detail", args=[activity.pk])})
    context = {
        "form": form,
        "activity": activity,
        "draft": draft,
        "draft_form": _draft_form(activity, form.copied),
        "opens_offline": activity is None and form.copied is None,
        "is_conflict": is_conflict,
        "is_handed_on": activity is not None and activity.state in (State.SUBMITTED, State.APPROVED),
        "is_returned": activity is not None and activity.state == State.RETURNED,
        "crumbs": [*crumbs, {"label": here}],
    }
    return render(request, "programs/activity_form.html", context, status=status)
