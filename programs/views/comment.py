"""Comments on a record: their own page, writing, changing and removing one, and whom a name could mean."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from programs.forms.comment import CommentForm
from programs.models import Comment
from programs.selectors.activity import person
from programs.selectors.comment import (
    COMMENTS_A_PAGE,
    Record,
    address_of,
    comment_rows,
    comments_on,
    get_commented,
    get_own_comment,
    kind_of,
    people_suggested,
    read_comments,
    title_of,
)
from programs.services.comment import Told, Written, change_comment, remove_comment, write_comment
from programs.tables import CountedPaginator
from territory.text import typed_key

_READ_AND_SEND = ["GET", "HEAD", "POST"]
#: Longest name looked for while it is typed.
_MOST_TYPED = 60


@require_http_methods(_READ_AND_SEND)
def comment_list(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """All comments on a record, page by page; posting adds one. HTMX gets the list with its form alone."""
    record = get_commented(request, kind, pk)
    writer = person(request)
    if request.method != "POST":
        return _page(request, record, CommentForm(record=record, reader=writer))
    form = CommentForm(request.POST, record=record, reader=writer)
    if form.is_valid():
        try:
            written = write_comment(actor=writer, record=record, **form.cleaned_data)
        except ValidationError as error:
            _tell_errors(form, error)
        else:
            _say_who_was_told(request, written.told)
            if not request.htmx:  # type: ignore[attr-defined]
                return redirect(f"{address_of(record)}#comment-{written.comment.pk}")
            return _part(request, record, CommentForm(record=record, reader=writer))
    if request.htmx:  # type: ignore[attr-defined]
        return _part(request, record, form, status=422)
    return _page(request, record, form, status=422)


@require_http_methods(_READ_AND_SEND)
def comment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an own comment while that is still possible."""
    comment = get_own_comment(request, pk)
    writer, record = person(request), _record_of(request, comment)
    told = [str(user.pk) for user in comment.mentions.all()]
    initial = {"text": comment.text, "tell": told, "submission_key": comment.submission_key}
    typed = request.POST if request.method == "POST" else None
    form = CommentForm(typed, record=record, reader=writer, initial=initial)
    if typed is None and not comment.is_changeable_by(writer, timezone.now()):
        messages.info(request, _("A comment can be changed for 15 minutes. This one can still be removed."))
        return redirect(_anchor(record, comment))
    if form.is_valid():
        given = form.cleaned_data
        try:
            written: Written = change_comment(
                actor=writer, comment=comment, text=given["text"], tell=given["tell"]
            )
        except ValidationError as error:
            _tell_errors(form, error)
        else:
            _say_who_was_told(request, written.told)
            return redirect(_anchor(record, comment))
    context = {
        "form": form,
        "record": record,
        "title": title_of(record),
        "back": _anchor(record, comment),
        **_people_address(record),
        "crumbs": [*_crumbs(record), {"label": _("Change the comment")}],
    }
    return render(request, "programs/comment_edit.html", context, status=422 if form.errors else 200)


@require_http_methods(_READ_AND_SEND)
def comment_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take an own comment off the page."""
    comment = get_own_comment(request, pk)
    record = _record_of(request, comment)
    if request.method == "POST":
        remove_comment(actor=person(request), comment=comment)
        messages.success(request, _("The comment is removed."))
        return redirect(_anchor(record, comment))
    context = {
        "comment": comment,
        "back": _anchor(record, comment),
        "crumbs": [*_crumbs(record), {"label": _("Remove the comment")}],
    }
    return render(request, "programs/comment_remove.html", context)


@require_safe
def comment_people(request: HttpRequest) -> HttpResponse:
    """People whose name holds what was typed after "@" and who may see the record, at most eight."""
    kind, _dash, told = request.GET.get("about", "").partition("-")
    key = typed_key(told)
    if key is None:
        raise Http404
    record = get_commented(request, kind, key)
    typed = request.GET.get("q", "").replace("\0", "")[:_MOST_TYPED]
    found = people_suggested(record, person(request), typed)
    return JsonResponse({"people": [{"id": user.pk, "name": user.full_name} for user in found]})


def comment_section(request: HttpRequest, record: Record, form: CommentForm | None = None) -> dict[str, Any]:
    """What the list of comments of a page shows: a page of the newest, and the form."""
    reader = person(request)
    if form is not None:
        return _shown(request, record, form, _pages(record, reader).get_page(1))
    newest, count, concerned = read_comments(record, reader, number=COMMENTS_A_PAGE)
    pages = CountedPaginator(comments_on(record, reader), COMMENTS_A_PAGE, count)
    form = CommentForm(record=record, reader=reader, concerned=concerned)
    return _shown(request, record, form, Page(newest, 1, pages))


def _pages(record: Record, reader: User) -> "Paginator[Any]":
    return Paginator(comments_on(record, reader), COMMENTS_A_PAGE)


def _shown(request: HttpRequest, record: Record, form: CommentForm, page: Any) -> dict[str, Any]:
    return {
        "record": record,
        "address": _address(record),
        "comments": page,
        "rows": comment_rows(page, person(request), timezone.now()),
        "form": form,
        **_people_address(record),
    }


def _part(request: HttpRequest, record: Record, form: CommentForm, status: int = 200) -> HttpResponse:
    context = {**comment_section(request, record, form), "is_part": True}
    return render(request, "programs/_comment_list.html", context, status=status)


def _page(request: HttpRequest, record: Record, form: CommentForm, status: int = 200) -> HttpResponse:
    page = _pages(record, person(request)).get_page(request.GET.get("page"))
    context = {
        **_shown(request, record, form, page),
        "title": title_of(record),
        "is_all": True,
        "is_task": kind_of(record) == "task",
        "crumbs": [*_crumbs(record), {"label": _("Comments")}],
    }
    return render(request, "programs/comment_list.html", context, status=status)


def _record_of(request: HttpRequest, comment: Comment) -> Record:
    """What the comment is about, if the reader may still see that. Raises Http404."""
    record = comment.record
    return get_commented(request, kind_of(record), record.pk)


def _address(record: Record) -> str:
    return reverse("comment_list", args=[kind_of(record), record.pk])


def _people_address(record: Record) -> dict[str, str]:
    return {"people_address": f"{reverse('comment_people')}?about={kind_of(record)}-{record.pk}"}


def _anchor(record: Record, comment: Comment) -> str:
    return f"{address_of(record)}#comment-{comment.pk}"


def _crumbs(record: Record) -> list[dict[str, str]]:
    crumbs = [{"label": _("My work"), "url": reverse("home")}]
    address = address_of(record)
    if address == _address(record):  # a task has no page of its own besides this one
        return [*crumbs, {"label": title_of(record)}]
    return [*crumbs, {"label": title_of(record), "url": address}]


def _tell_errors(form: CommentForm, error: ValidationError) -> None:
    """Put what the service refused beside the fields it names."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def _say_who_was_told(request: HttpRequest, told: Told) -> None:
    """What became of the names in the comment that reached nobody, and whom it reached."""
    for name in told.unseeing:
        messages.warning(request, _("%(name)s cannot see this record and was not told.") % {"name": name})
    for name in told.several:
        message = _("Several people are called %(name)s. Nobody was told: choose the one under “Tell”.")
        messages.warning(request, message % {"name": name})
    for name in told.unknown:
        message = _("Nobody is called “%(name)s”, so nobody was told. Write the full name after @.")
        messages.warning(request, message % {"name": name})
    if told.people:
        names = ", ".join(user.full_name for user in told.people)
        messages.success(request, _("Your comment is there. Told: %(names)s.") % {"names": names})
    else:
        messages.success(request, _("Your comment is there."))
