"""What a person would see with a role, before it is given."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Membership, User
from accounts.people.forms import RoleForm
from accounts.people.rights import may_give, may_manage_people, people_seen_by, takes_two
from reporting.reach import abilities, reach_of


@require_safe
def role_reach(request: HttpRequest) -> HttpResponse:
    """The records a person reads today and would read with a role, in numbers; and what the role may do."""
    actor = request.user
    assert isinstance(actor, User)
    if not may_manage_people(actor):
        raise PermissionDenied
    form = RoleForm(request.GET, actor=actor)
    person = _person(actor, request.GET.get("person", ""))
    context: dict[str, Any] = {
        "form": form,
        "person": person,
        "crumbs": [
            {"label": _("My work"), "url": reverse("home")},
            {"label": _("People and roles"), "url": reverse("people")},
            {"label": _("What a role would see")},
        ],
    }
    if form.is_valid():
        wanted = form.wanted()
        if not may_give(actor, wanted.agency, wanted.area):
            raise Http404
        proposed = Membership(
            role=wanted.role, agency=wanted.agency, area=wanted.area, valid_from=wanted.valid_from
        )
        context |= {
            "proposed": proposed,
            "rows": reach_of(person, proposed),
            "abilities": abilities(proposed),
            "takes_two": takes_two(wanted.role),
        }
    return render(request, "reporting/role_reach.html", context, status=200 if form.is_valid() else 422)


def _person(actor: User, given: str) -> User | None:
    """The person it is about; None for somebody without an account. Raises Http404 for one the actor may not know."""
    if not given:
        return None
    found: User | None = None
    if given.isascii() and given.isdigit() and len(given) < 10:
        found = people_seen_by(actor).filter(pk=int(given)).first()
    if found is None:
        raise Http404
    return found
