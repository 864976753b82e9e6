"""Pages of feedback: the form that every page links to, and the list of the administrators."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.throttling import SimpleRateThrottle

from accounts.feedback import (
    ANSWER,
    TRANSITIONS,
    feedback_kept_by,
    give_feedback,
    may_answer,
    route_named,
    step_feedback,
)
from accounts.feedback_forms import FeedbackAnswerForm, FeedbackForm
from accounts.models import Feedback, User
from accounts.scoping import scope_of

PAGE = 25


class FeedbackThrottle(SimpleRateThrottle):
    """How often one person may give feedback. The count is forgotten after the hour and leads to no remark."""

    scope = "feedback"
    rate = "6/hour"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"throttle_feedback_{request.user.pk}"


@require_http_methods(["GET", "HEAD", "POST"])
def feedback_new(request: HttpRequest) -> HttpResponse:
    """Say something about a page (``page``: the name of its view)."""
    assert isinstance(request.user, User)
    is_sent = request.method == "POST"
    page = request.GET.get("page", "")
    form = FeedbackForm(
        request.POST if is_sent else None, initial={"page": page if route_named(page) else ""}
    )
    status = 422 if is_sent else 200
    if is_sent and form.is_valid():
        if not FeedbackThrottle().allow_request(request, None):  # type: ignore[arg-type]
            form.add_error(None, _("You gave feedback several times within an hour. Wait a little."))
            status = 429
        else:
            try:
                give_feedback(giver=request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("Thank you. The administrator reads what you wrote."))
                return redirect("home")
    context = {
        "form": form,
        "route": route_named(form["page"].value() or ""),
        "crumbs": [*_crumbs(), {"label": _("Feedback")}],
    }
    return render(request, "accounts/feedback_new.html", context, status=status)


@require_safe
def feedback_list(request: HttpRequest) -> HttpResponse:
    """What people of the administrator's areas said, the newest first."""
    assert isinstance(request.user, User)
    if not scope_of(request.user).may(ANSWER):
        raise PermissionDenied
    kept = feedback_kept_by(request.user)
    state = request.GET.get("state", "")
    shown = kept.filter(state=state) if state in Feedback.State.values else kept
    held = dict(kept.order_by().values_list("state").annotate(Count("pk")))
    context = {
        "page_obj": Paginator(shown.order_by("-pk"), PAGE).get_page(request.GET.get("page")),
        "state": state if state in Feedback.State.values else "",
        "query_string": f"state={state}" if state in Feedback.State.values else "",
        "states": [(value, label, held.get(value, 0)) for value, label in Feedback.State.choices],
        "crumbs": [*_crumbs(), {"label": _("Feedback")}],
    }
    return render(request, "accounts/feedback_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def feedback_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One remark with its answer, for its author and who answers; the latter answers here, or lays it down."""
    assert isinstance(request.user, User)
    rows = Feedback.objects.select_related("area", "author", "answered_by")
    feedback = rows.filter(pk=pk).first()
    answers = feedback is not None and may_answer(feedback, request.user)
    if feedback is None or not (answers or feedback.author == request.user):
        raise Http404
    form, status = FeedbackAnswerForm(initial={"answer": feedback.answer}), 200
    if request.method == "POST":
        step = request.POST.get("step", "")
        if not answers or step not in ("answer", "done"):
            raise Http404
        form, status = FeedbackAnswerForm(request.POST), 422
        if form.is_valid() or step == "done":
            try:
                step_feedback(
                    feedback=feedback,
                    actor=request.user,
                    step=step,
                    answer=form.cleaned_data.get("answer", ""),
                )
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
            else:
                messages.success(request, _("It is kept."))
            return redirect("feedback_detail", pk)
    context = {
        "feedback": feedback,
        "form": form if answers and TRANSITIONS[feedback.state] else None,
        "crumbs": [
            *_crumbs(),
            *([{"label": _("Feedback"), "url": reverse("feedback_list")}] if answers else []),
            {"label": str(feedback)},
        ],
    }
    return render(request, "accounts/feedback_detail.html", context, status=status)


def _crumbs() -> list[dict[str, Any]]:
    return [{"label": _("My work"), "url": reverse("home")}]
