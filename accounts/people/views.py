"""Pages on which administrators keep people and their roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.confirming import confirmation_needed
from accounts.models import AuditEvent, Membership, Role, RoleRequest, User
from accounts.people import services
from accounts.people.forms import DecisionForm, EndForm, InvitationForm, RoleForm
from accounts.people.rights import (
    is_wholly_within,
    may_decide,
    may_give,
    may_manage_people,
    people_seen_by,
    requests_seen_by,
    takes_two,
)
from accounts.queries import query_without
from territory.collation import ViFold, ViSortKey, ViWords, all_words, words_of

Done = TypeVar("Done")

PAGE = 50
#: How many events of the trail the page of a person shows.
EVENTS_SHOWN = 20


def _keeper(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    if not may_manage_people(request.user):
        raise PermissionDenied
    return request.user


def _person(actor: User, pk: int) -> User:
    found: User | None = people_seen_by(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with a role in the administrator's areas, by name; what waits for agreement comes first."""
    actor = _keeper(request)
    held = Prefetch("memberships", Membership.objects.current(), to_attr="held")
    rows = people_seen_by(actor).order_by(ViSortKey("full_name"), "pk").prefetch_related(held)
    asked = (request.GET.get(name, "") for name in ("q", "role", "state"))
    typed, role, state = (each[:80].replace("\0", "") for each in asked)
    if typed.strip():
        rows = _named(rows, typed)
    today = timezone.localdate()
    if role in Role.values:
        rows = rows.filter(
            pk__in=Membership.objects.valid_on(today).filter(role=role).order_by().values("user")
        )
    if state == "closed":
        rows = rows.filter(is_active=False)
    elif state == "without":
        rows = rows.exclude(pk__in=Membership.objects.valid_on(today).order_by().values("user"))
    waiting = requests_seen_by(actor).filter(state=RoleRequest.State.ASKED)[:PAGE]
    context = {
        "page_obj": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "query_string": query_without(request, "page"),
        "typed": typed,
        "role": role,
        "state": state,
        "roles": Role.choices,
        "waiting": [{"request": each, "may_decide": may_decide(actor, each)} for each in waiting],
        "crumbs": [*_crumbs()[:1], {"label": _("People and roles")}],
    }
    return render(request, "accounts/people.html", context)


def _named(rows: Any, typed: str) -> Any:
    """The people whose name holds words that begin with what was typed, marks or not, or whose address holds it."""
    condition = Q(email__contains=typed.strip().lower())
    words = words_of(typed)
    if words:
        rows = rows.alias(words=ViWords(ViFold("full_name")))
        condition |= Q(words=all_words(words, begun=True))
    return rows.filter(condition)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmation_needed
def person_new(request: HttpRequest) -> HttpResponse:
    """Open an account for a person, with the first role."""
    actor = _keeper(request)
    form = InvitationForm(request.POST if request.method == "POST" else None, actor=actor)

    def invite() -> User:
        given = form.cleaned_data
        return services.invite_person(
            actor=actor, email=given["email"], full_name=given["full_name"], wanted=form.wanted()
        )

    made = _done(form, invite)
    if made is not None:
        messages.success(request, _("The account is open. Its owner gets a link to set a password."))
        return redirect("person_detail", pk=made.pk)
    context = {"form": form, "crumbs": [*_crumbs(), {"label": _("New person")}]}
    return render(request, "accounts/person_new.html", context, status=422 if form.errors else 200)


@require_safe
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: roles now, before and asked for, and what was done about the account."""
    actor = _keeper(request)
    person = _person(actor, pk)
    today = timezone.localdate()
    held = (
        Membership.objects.filter(user=person)
        .select_related("agency__area", "area")
        .order_by("-valid_from", "-pk")
    )
    asked = requests_seen_by(actor).filter(user=person)
    about = (
        AuditEvent.objects.filter(about=f"accounts.user:{person.pk}").select_related("user").order_by("-pk")
    )
    is_own = actor.pk == person.pk
    context = {
        "person": person,
        "roles": [
            {
                "membership": each,
                "is_current": each.held_on(today),
                "is_over": each.valid_to is not None and each.valid_to < today,
                "may_end": may_give(actor, each.agency, each.area)
                and (each.valid_to is None or each.valid_to >= today),
            }
            for each in held
        ],
        "requests": asked,
        "events": about[:EVENTS_SHOWN],
        "is_own": is_own,
        "may_close": not is_own and is_wholly_within(actor, person),
        "has_password": person.has_usable_password(),
        "crumbs": [*_crumbs(), {"label": person.full_name}],
    }
    return render(request, "accounts/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmation_needed
def role_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person one more role."""
    actor = _keeper(request)
    person = _person(actor, pk)
    if person.pk == actor.pk:
        raise PermissionDenied
    form = RoleForm(
        request.POST if request.method == "POST" else None, actor=actor, initial=request.GET.dict()
    )
    made = _done(form, lambda: services.give_role(actor=actor, person=person, wanted=form.wanted()))
    if made is not None:
        waits = isinstance(made, RoleRequest)
        messages.success(
            request,
            _("Asked for. The role is given when another administrator agrees.")
            if waits
            else _("The role is given."),
        )
        return redirect("person_detail", pk=person.pk)
    context = {
        "form": form,
        "person": person,
        "crumbs": [*_crumbs(), _crumb(person), {"label": _("New role")}],
    }
    return render(request, "accounts/role_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmation_needed
def role_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a role end."""
    actor = _keeper(request)
    found = Membership.objects.select_related("user", "agency__area", "area").filter(pk=pk).first()
    if found is None or not may_give(actor, found.agency, found.area):
        raise Http404
    form = EndForm(
        request.POST if request.method == "POST" else None, initial={"last_day": timezone.localdate()}
    )
    if _done(
        form, lambda: services.end_role(actor=actor, membership=found, last_day=form.cleaned_data["last_day"])
    ):
        messages.success(request, _("The role ends with that day."))
        return redirect("person_detail", pk=found.user_id)
    context = {
        "form": form,
        "membership": found,
        "crumbs": [*_crumbs(), _crumb(found.user), {"label": _("End a role")}],
    }
    return render(request, "accounts/role_end.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@confirmation_needed
def role_request(request: HttpRequest, pk: int) -> HttpResponse:
    """A role that was asked for: who, what, why; and the decision of the second administrator."""
    actor = _keeper(request)
    found: RoleRequest | None = (
        requests_seen_by(actor)
        .select_related("user", "agency__area", "area", "asked_by")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    form = DecisionForm(request.POST if request.method == "POST" else None)
    action = request.POST.get("action", "")
    if request.method == "POST" and action not in ("agree", "refuse", "withdraw"):
        raise Http404

    def decide() -> RoleRequest:
        if action == "withdraw":
            services.withdraw_role(actor=actor, request=found)
            return found
        answer = form.cleaned_data["answer"]
        return services.decide_role(actor=actor, request=found, agrees=action == "agree", answer=answer)

    if _done(form, decide):
        messages.success(request, _("It is noted, and who asked is told."))
        return redirect("role_request", pk=found.pk)
    context = {
        "form": form,
        "asked": found,
        "may_decide": may_decide(actor, found),
        "may_withdraw": found.asked_by_id == actor.pk and found.state == RoleRequest.State.ASKED,
        "takes_two": takes_two(found.role),
        "crumbs": [*_crumbs(), _crumb(found.user), {"label": _("Role asked for")}],
    }
    return render(request, "accounts/role_request.html", context, status=422 if form.errors else 200)


@require_POST
@confirmation_needed
def person_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account, open it again, or send the link for the first password anew."""
    actor = _keeper(request)
    person = _person(actor, pk)
    try:
        match request.POST.get("action"):
            case "close":
                services.close_account(actor=actor, person=person)
                messages.success(request, _("The account is closed. Its sessions and keys ended with it."))
            case "open":
                services.open_account(actor=actor, person=person)
                messages.success(
                    request,
                    _(
                        "The account is open again. Roles that take two administrators have to be asked for anew."
                    ),
                )
            case "invite":
                services.invite_again(actor=actor, person=person)
                messages.success(request, _("The link to set a password was sent again."))
            case _:
                raise Http404
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("person_detail", pk=person.pk)


def _done(form: forms.Form, do: Callable[[], Done]) -> Done | None:
    """What a valid form led to; None when it was not sent, or is not valid. What is refused stands at its field."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return do()
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                form.add_error(name if name in form.fields else None, errors)
        else:
            form.add_error(None, error)
        return None


def _crumb(person: User) -> dict[str, str]:
    return {"label": person.full_name, "url": reverse("person_detail", args=[person.pk])}


def _crumbs() -> list[dict[str, str]]:
    return [
        {"label": _("My work"), "url": reverse("home")},
        {"label": _("People and roles"), "url": reverse("people")},
    ]
