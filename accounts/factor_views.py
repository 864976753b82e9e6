"""Pages on which administrators see who has a second factor, and take one away together."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.confirming import confirmation_needed
from accounts.factors.needed import FACTORS, needs_factor
from accounts.factors.resets import (
    RESET,
    ask_for_reset,
    decide_reset,
    people_kept_by,
    resets_waiting_for,
)
from accounts.forms import FactorResetForm
from accounts.models import FactorReset, User
from accounts.scoping import read_scopes, scope_of
from accounts.sessions import end_sessions

PAGE = 25


def _administrator(request: HttpRequest) -> User:
    """Who asks. Raises PermissionDenied for whoever takes no factors away."""
    assert isinstance(request.user, User)
    if not scope_of(request.user).may(RESET):
        raise PermissionDenied
    return request.user


def _get_person(request: HttpRequest, pk: int) -> User:
    """A person whom the administrator keeps. Raises Http404 otherwise."""
    found: User | None = people_kept_by(_administrator(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
def factor_list(request: HttpRequest) -> HttpResponse:
    """Who works in the own areas, whether they have a second factor, and which resets wait."""
    reader = _administrator(request)
    has = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS))
    waits = Exists(FactorReset.objects.filter(person=OuterRef("pk"), state=FactorReset.State.ASKED))
    people = people_kept_by(reader).annotate(has_factor=has, reset_waits=waits).order_by("full_name", "pk")
    page = Paginator(people, PAGE).get_page(request.GET.get("page"))
    read_scopes(page.object_list)
    context = {
        "page_obj": page,
        "rows": [{"person": person, "needs": needs_factor(person)} for person in page],
        "waiting": [
            {"reset": reset, "is_own": reset.asked_by_id == reader.pk} for reset in resets_waiting_for(reader)
        ],
        "crumbs": [*_crumbs()[:1], {"label": _("Second factors")}],
    }
    return render(request, "accounts/factors.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmation_needed
def factor_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reset of a person's second factors."""
    person = _get_person(request, pk)
    actor = _administrator(request)
    form = FactorResetForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            ask_for_reset(actor=actor, person=person, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The reset waits for a second administrator."))
            return redirect("factor_list")
    context = {"person": person, "form": form, "crumbs": [*_crumbs(), {"label": person.full_name}]}
    return render(request, "accounts/factor_reset.html", context, status=422 if form.errors else 200)


@require_POST
@confirmation_needed
def person_sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    """End every session of a person, as when a computer or a phone was stolen."""
    person = _get_person(request, pk)
    end_sessions(user=person, actor=_administrator(request), sessions=UserSession.objects.filter(user=person))
    messages.success(request, _("The person is signed out everywhere."))
    return redirect("factor_list")


@require_POST
@confirmation_needed
def factor_reset_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to a reset that another administrator asked for, or not."""
    actor = _administrator(request)
    reset = resets_waiting_for(actor).filter(pk=pk).first()
    if reset is None:
        raise Http404
    agrees = request.POST.get("decision") == "agree"
    try:
        decide_reset(actor=actor, reset=reset, agrees=agrees)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        done = _("The second factors are taken away.") if agrees else _("The reset is not agreed.")
        messages.success(request, done)
    return redirect("factor_list")


def _crumbs() -> list[dict[str, Any]]:
    return [
        {"label": _("My work"), "url": reverse("home")},
        {"label": _("Second factors"), "url": reverse("factor_list")},
    ]
