"""Looks at figures that people keep, and questions to units."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Q, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.scoping import scope_of
from programs.services.refusals import TransitionNotAllowed
from reporting.dashboard import asked_of
from reporting.explore import read_look
from reporting.look_forms import AnswerForm, DashboardViewForm, QuestionForm, SavedViewForm
from reporting.models import Question, SavedView
from reporting.services.questions import answer_question, ask_unit, withdraw_question
from reporting.services.saved_views import change_view, remove_view, save_view
from reporting.statistics import QuestionError
from territory.models import Agency

ROWS_A_PAGE = 25


@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep the dashboard whose address is posted to."""
    actor = _person(request)
    asked = asked_of(request.GET, actor)
    form = DashboardViewForm(request.POST, user=actor)
    return _keep(request, form, SavedView.Page.DASHBOARD, asked.parameters, asked.address())


@require_POST
def explore_save(request: HttpRequest) -> HttpResponse:
    """Keep the table whose address is posted to."""
    actor = _person(request)
    try:
        look = read_look(request.GET, actor)
    except QuestionError as wrong:
        messages.error(request, " ".join(wrong.errors.values()))
        return redirect("explore")
    form = SavedViewForm(request.POST, user=actor)
    return _keep(request, form, SavedView.Page.EXPLORE, look.parameters, look.address())


def _keep(
    request: HttpRequest, form: SavedViewForm, page: SavedView.Page, parameters: dict[str, str], address: str
) -> HttpResponse:
    if not form.is_valid():
        messages.error(request, _("The view was not kept: give it a name of at most 120 letters."))
        return redirect(address)
    try:
        save_view(actor=_person(request), page=page, parameters=parameters, **form.cleaned_data)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The view is kept."))
    return redirect(address)


@require_POST
def view_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename one of the person's own views, or share it."""
    actor, view = _person(request), _own_view(request, pk)
    form = SavedViewForm(request.POST, user=actor)
    if not form.is_valid():
        messages.error(request, _("The view was not kept: give it a name of at most 120 letters."))
        return redirect(view.address)
    try:
        change_view(actor=actor, view=view, **form.cleaned_data)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The view is kept."))
    return redirect(view.address)


@require_POST
def view_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one of the person's own views."""
    view = _own_view(request, pk)
    remove_view(actor=_person(request), view=view)
    return redirect(view.page)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _own_view(request: HttpRequest, pk: int) -> SavedView:
    """One of the person's own views. Raises Http404."""
    return get_object_or_404(SavedView, pk=pk, user=_person(request))


@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """Questions the reader asked or is asked, the open ones first by the day they are due."""
    reader = _reader(request)
    rows = Question.objects.visible_to(reader).select_related("agency", "area", "asked_by")
    is_closed = Case(When(state=Question.State.OPEN, then=0), default=1, output_field=IntegerField())
    page = Paginator(rows.order_by(is_closed, "due_on", "-id"), ROWS_A_PAGE)
    context = {
        "page_obj": page.get_page(request.GET.get("page")),
        "today": timezone.localdate(),
        "may_ask": scope_of(reader).may("question.ask"),
        "crumbs": [{"label": _("My work"), "url": reverse("home")}, {"label": _("Questions to units")}],
    }
    return render(request, "reporting/question_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def question_new(request: HttpRequest) -> HttpResponse:
    """Ask a unit about the look whose address this has."""
    actor = _reader(request)
    scope = scope_of(actor)
    if not scope.may("question.ask"):
        raise PermissionDenied
    asked = asked_of(request.GET, actor)
    if not scope.may_in("question.ask", asked.area):
        raise Http404
    agencies = Agency.objects.valid_on(asked.day).filter(area__path__startswith=asked.area.path)
    form = QuestionForm(
        request.POST if request.method == "POST" else None,
        agencies=agencies.filter(Q(area=asked.area) | Q(area__parent=asked.area)).order_by("sort_key"),
        initial={"agency": request.GET.get("agency", "")},
    )
    if form.is_valid():
        try:
            made = ask_unit(actor=actor, parameters=asked.parameters, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The question was sent to the unit."))
            return redirect("question_detail", made.pk)
    context = {
        "form": form,
        "asked": asked,
        "crumbs": [*_crumbs(), {"label": _("Ask a unit")}],
    }
    return render(request, "reporting/question_new.html", context, status=422 if form.errors else 200)


@require_safe
def question_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One question with its answer, or the form to answer it."""
    return _page(request, _question(request, pk))


@require_POST
def question_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Answer a question, or withdraw it."""
    actor, question = _reader(request), _question(request, pk)
    form = AnswerForm(request.POST)
    if step == "answer" and not form.is_valid():
        return _page(request, question, form=form)
    try:
        if step == "answer":
            answer_question(question=question, actor=actor, **form.cleaned_data)
            messages.success(request, _("The answer was sent."))
        elif step == "withdraw":
            withdraw_question(question=question, actor=actor)
            messages.success(request, _("The question was withdrawn."))
        else:
            raise Http404
    except TransitionNotAllowed as refused:
        messages.error(request, str(refused))
    return redirect("question_detail", pk)


def _reader(request: HttpRequest) -> User:
    """Who asks. Raises PermissionDenied for a role that neither asks nor answers anywhere."""
    reader = _person(request)
    scope = scope_of(reader)
    if not (scope.may("question.ask") or scope.may("question.answer")):
        raise PermissionDenied
    return reader


def _question(request: HttpRequest, pk: int) -> Question:
    """The question, found and allowed. Raises Http404."""
    rows = Question.objects.visible_to(_reader(request))
    found: Question | None = (
        rows.select_related("agency", "area", "asked_by", "answered_by").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, question: Question, *, form: AnswerForm | None = None) -> HttpResponse:
    actor = _reader(request)
    grants = scope_of(actor).having("question.answer")
    is_open = question.state == Question.State.OPEN
    context: dict[str, Any] = {
        "question": question,
        "form": form or AnswerForm(),
        "may_answer": is_open and any(grant.reaches(question.agency_id, question.area) for grant in grants),
        "may_withdraw": is_open and question.asked_by_id == actor.pk,
        "is_late": is_open and question.due_on < timezone.localdate(),
        "crumbs": [*_crumbs(), {"label": question.agency.name}],
    }
    return render(
        request, "reporting/question_detail.html", context, status=422 if form and form.errors else 200
    )


def _crumbs() -> list[dict[str, str]]:
    return [
        {"label": _("My work"), "url": reverse("home")},
        {"label": _("Questions to units"), "url": reverse("question_list")},
    ]
