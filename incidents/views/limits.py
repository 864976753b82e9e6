"""The time limits of the law, kept by administrators as data."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.scoping import scope_of
from incidents.forms.limits import LimitForm
from incidents.models import DeadlineRule, DeadlineStep
from incidents.services.limits import set_limit
from incidents.views.form_page import FormPage, answer_plainly, crumbs, typed
from incidents.views.tip import FORMS


def _keeper(request: HttpRequest) -> User:
    if not isinstance(request.user, User) or not scope_of(request.user).may("list.write"):
        raise PermissionDenied
    return request.user


@require_safe
def limit_rules(request: HttpRequest) -> HttpResponse:
    """Every limit there was and is, by what it is for."""
    _keeper(request)
    context = {
        "rules": DeadlineRule.objects.order_by("step", "-valid_from"),
        "crumbs": crumbs((_("Limits of the law"),)),
    }
    return render(request, "incidents/limit_rules.html", context)


@require_http_methods(FORMS)
def limit_rule_new(request: HttpRequest) -> HttpResponse:
    """Write down a limit that holds from a day on."""
    actor = _keeper(request)
    form = LimitForm(typed(request))

    def save() -> str:
        given = {**form.given, "step": DeadlineStep(form.given["step"])}
        set_limit(actor=actor, **given)
        return reverse("limit_rules")

    page = FormPage(
        heading=_("New limit"),
        lead=_("Tips and cases whose limit runs already keep it."),
        submit=_("Save"),
        done=_("The limit is saved."),
        back=reverse("limit_rules"),
        crumbs=crumbs((_("Limits of the law"), reverse("limit_rules")), (_("New limit"),)),
    )
    return answer_plainly(request, form, page, save=save)
