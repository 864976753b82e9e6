"""How long each kind of personal data is kept: rules that administrators set and `erase_expired` carries out."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.scoping import scope_of
from victims.forms.steps import RetentionForm
from victims.models import RetentionRule
from victims.services.keeping import RemovesEarlier, set_retention
from victims.views.told import show_errors


def _keeper(request: HttpRequest) -> User:
    if not isinstance(request.user, User) or not scope_of(request.user).may("list.write"):
        raise PermissionDenied
    return request.user


def _crumbs(*further: str) -> list[dict[str, str]]:
    way = [{"label": _("My work"), "url": reverse("home")}]
    way.append({"label": _("Keeping of data"), "url": reverse("retention_rules") if further else ""})
    return [*way, *({"label": label, "url": ""} for label in further)]


@require_safe
def retention_rules(request: HttpRequest) -> HttpResponse:
    """Each kind of data with its months and whether the rule is in force."""
    _keeper(request)
    context = {"rules": RetentionRule.objects.order_by("pk"), "crumbs": _crumbs()}
    return render(request, "victims/retention.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def retention_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one rule. What makes data go earlier is told in numbers first, and saved when that was agreed to."""
    keeper = _keeper(request)
    rule = get_object_or_404(RetentionRule, pk=pk)
    stored = {"months": rule.months, "basis": rule.basis, "is_active": rule.is_active}
    number = None
    form = RetentionForm(request.POST if request.method == "POST" else None, initial=stored)
    if form.is_valid():
        try:
            set_retention(actor=keeper, rule=rule, **form.cleaned_data)
        except RemovesEarlier as told:
            number = told.number
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("Your changes are saved."))
            return redirect("retention_rules")
    title = str(rule.get_kind_display()).capitalize()
    context = {"form": form, "title": title, "number": number, "crumbs": _crumbs(title)}
    is_saved_not_yet = form.errors or number is not None
    return render(request, "victims/retention_rule.html", context, status=422 if is_saved_not_yet else 200)
