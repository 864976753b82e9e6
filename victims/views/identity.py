"""Opening an identity, writing it, and searching for a person. What is typed here is sent by POST alone."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts.changing import ChangedMeanwhile
from accounts.confirming import confirmation_needed
from accounts.files.sealed import opened_names
from accounts.row_scope import protected_rows
from victims.forms.identity import PAPERS, IdentityForm, OpeningForm, SearchForm
from victims.models import Victim
from victims.selectors.victim import get_victim, person
from victims.services.attachment import has_attachments
from victims.services.identity import (
    Found,
    TooManyOpenings,
    TooManySearches,
    has_identity,
    open_identity,
    own_opening,
    save_identity,
    search_person,
    show_identity,
)
from victims.views.told import conflict, crumbs, show_errors

_READ_AND_SEND = ["GET", "HEAD", "POST"]


@require_http_methods(_READ_AND_SEND)
@sensitive_post_parameters()
@sensitive_variables()
@confirmation_needed
@protected_rows
def victim_identity(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a reason; then show the identity for a quarter of an hour."""
    victim = get_victim(request, code, needs="identity.open")
    reader = person(request)
    form = OpeningForm(request.POST if request.method == "POST" else None)
    status = 422
    if form.is_valid():
        try:
            open_identity(actor=reader, victim=victim, reason=form.cleaned_data["reason"])
        except TooManyOpenings:
            form.add_error(
                None,
                _("You opened very many identities within the hour. Wait a while, or ask your head of unit."),
            )
            status = 429
        except ValidationError as error:
            show_errors(form, error)
        else:
            return redirect("victim_identity", code=victim.code)
    opening = None if form.errors else own_opening(reader, victim)
    rows = victim.attachments.select_related("added_by") if opening else []
    is_kept = has_identity(victim)
    context = {
        "victim": victim,
        "form": form,
        "opening": opening,
        "shown": show_identity(actor=reader, victim=victim) if opening else None,
        "files": opened_names(rows),
        "is_kept": is_kept,
        "is_sealed": not opening and (is_kept or has_attachments(victim)),
        "crumbs": crumbs(_("Identity"), victim),
    }
    return render(request, "victims/identity.html", context, status=status if form.errors else 200)


@require_http_methods(_READ_AND_SEND)
@sensitive_post_parameters()
@sensitive_variables()
@protected_rows
def identity_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Write an identity. One that is kept already has to be open; a match elsewhere is told before anything is kept."""
    victim = get_victim(request, code, needs="identity.write")
    writer = person(request)
    if has_identity(victim) and own_opening(writer, victim) is None:
        return redirect("victim_identity", code=victim.code)
    if request.method != "POST":
        form = IdentityForm(shown=show_identity(actor=writer, victim=victim))
        return _form_page(request, victim, form)
    form = IdentityForm(request.POST)
    if not form.is_valid():
        return _form_page(request, victim, form, status=422)
    try:
        matches = [] if form.cleaned_data["confirmed"] else _matches(writer, victim, form)
    except TooManySearches:
        return _form_page(request, victim, form, status=429, is_limited=True)
    if matches:
        form.ask_to_confirm()
        return _form_page(request, victim, form, status=422, matches=matches)
    try:
        save_identity(
            actor=writer,
            victim=victim,
            version=form.cleaned_data["version"],
            papers=form.papers,
            **form.texts,
        )
    except ChangedMeanwhile as changed:
        form.add_error(None, conflict(changed))
        data: Any = request.POST.copy()
        data["version"] = str(changed.version)
        form.data = data
        return _form_page(request, victim, form, status=409)
    messages.success(request, _("The identity is kept, sealed and apart from the file."))
    return redirect("victim_detail", code=victim.code)


def _matches(writer: Any, victim: Victim, form: IdentityForm) -> list[Found]:
    found = (
        search_person(actor=writer, sought=sought, but=victim, at_entry=True) for sought in form.sought()
    )
    return [each for each in found if each]


def _form_page(
    request: HttpRequest, victim: Victim, form: IdentityForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    papers = [(form[f"paper_kind_{n}"], form[f"paper_number_{n}"]) for n in range(PAPERS)]
    shown = {
        "victim": victim,
        "form": form,
        "papers": papers,
        "crumbs": crumbs(_("Write the identity"), victim),
        **context,
    }
    return render(request, "victims/identity_form.html", shown, status=status)


@require_http_methods(_READ_AND_SEND)
@sensitive_post_parameters()
@sensitive_variables()
@confirmation_needed
@protected_rows
def victim_search(request: HttpRequest) -> HttpResponse:
    """Search exactly for a person: own codes, or which agency to ask."""
    reader = person(request, verb="identity.open")
    form = SearchForm(request.POST if request.method == "POST" else None)
    found, status = None, 200
    if form.is_valid():
        try:
            found = search_person(actor=reader, sought=form.sought())
        except TooManySearches:
            form.add_error(
                None, _("You searched very often within the hour. Wait a while, or ask your head of unit.")
            )
            status = 429
    elif form.errors:
        status = 422
    context = {"form": form, "found": found, "crumbs": crumbs(_("Search for a person"))}
    return render(request, "victims/search.html", context, status=status)
