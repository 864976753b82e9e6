"""The catalogue of indicators: by section, one of them with its rule in words, and how administrators change it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.changing import ChangedMeanwhile
from accounts.models import User
from accounts.scoping import scope_of
from reporting.breakdowns import BREAKDOWNS
from reporting.indicator_form import IndicatorForm
from reporting.models import Indicator, Section
from reporting.rules import in_words
from reporting.services.indicators import MANAGE, add_indicator, change_indicator


@require_safe
def indicator_list(request: HttpRequest) -> HttpResponse:
    """The indicators that hold today, by section; with ``all``, those that ended too."""
    today = timezone.localdate()
    shows_all = request.GET.get("all") == "1"
    rows = Indicator.objects.order_by("section", "order", "code", "valid_from")
    found = list(rows if shows_all else rows.valid_on(today))
    sections = [
        {"label": section.label, "rows": [row for row in found if row.section == section]}
        for section in Section
    ]
    context = {
        "sections": [section for section in sections if section["rows"]],
        "count": len(found),
        "today": today,
        "shows_all": shows_all,
        "may_manage": scope_of(request.user).may(MANAGE),
        "crumbs": [*_crumbs()[:1], {"label": _("Indicators")}],
    }
    return render(request, "reporting/indicator_list.html", context)


@require_safe
def indicator_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One indicator: how it is made, what it may be told apart by, its other wordings, its history."""
    indicator = get_object_or_404(Indicator, pk=pk)
    sides = [side for side in indicator.rule.get("ratio", {}).values() if isinstance(side, str)]
    related = Indicator.objects.filter(code__in=[indicator.code, *sides]).order_by("valid_from")
    names = {row.code: row.name for row in related}
    context = {
        "indicator": indicator,
        "rule": in_words(indicator.rule, names),
        "breakdowns": [
            {"label": BREAKDOWNS[code].label, "parts": list(BREAKDOWNS[code].parts().values())}
            for code in indicator.breakdowns
            if code in BREAKDOWNS
        ],
        "wordings": [row for row in related if row.code == indicator.code and row.pk != indicator.pk],
        "may_manage": scope_of(request.user).may(MANAGE),
        "crumbs": [*_crumbs(), {"label": indicator.name}],
    }
    return render(request, "reporting/indicator_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_new(request: HttpRequest) -> HttpResponse:
    """Put an indicator into the catalogue."""
    actor = _keeper(request)
    form = IndicatorForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = add_indicator(
                actor=actor,
                code=form.cleaned_data["code"],
                valid_from=form.cleaned_data["valid_from"],
                **form.indicator_fields,
            )
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("The indicator is in the catalogue."))
            return redirect("indicator_detail", pk=made.pk)
    return _form_page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def indicator_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an indicator from a day on, or correct it."""
    actor = _keeper(request)
    indicator = get_object_or_404(Indicator, pk=pk)
    form = IndicatorForm(request.POST if request.method == "POST" else None, indicator=indicator)
    if form.is_valid():
        try:
            made = change_indicator(
                actor=actor,
                indicator=indicator,
                version=form.cleaned_data["version"] or 0,
                since=form.cleaned_data["since"],
                **form.indicator_fields,
            )
        except ChangedMeanwhile as changed:
            form.add_error(
                None,
                changed.as_error(
                    _("%(who)s changed this indicator at %(when)s. Open it anew and change it again.")
                ),
            )
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("The indicator was changed."))
            return redirect("indicator_detail", pk=made.pk)
    return _form_page(request, form, indicator)


def _keeper(request: HttpRequest) -> User:
    """Who changes the catalogue. Raises PermissionDenied for everybody else."""
    if not isinstance(request.user, User) or not scope_of(request.user).may(MANAGE):
        raise PermissionDenied
    return request.user


def _add_errors(form: IndicatorForm, error: ValidationError) -> None:
    """Put the errors of a service at their fields, or above the form where it has no such field."""
    found: dict[str, Any] = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    for name, errors in found.items():
        form.add_error(name if name in form.fields else None, errors)


def _form_page(request: HttpRequest, form: IndicatorForm, indicator: Indicator | None = None) -> HttpResponse:
    last = {"label": indicator.name if indicator else _("New indicator")}
    context = {"form": form, "indicator": indicator, "crumbs": [*_crumbs(), last]}
    return render(request, "reporting/indicator_form.html", context, status=422 if form.errors else 200)


def _crumbs() -> list[dict[str, Any]]:
    return [
        {"label": _("My work"), "url": reverse("home")},
        {"label": _("Indicators"), "url": reverse("indicator_list")},
    ]
