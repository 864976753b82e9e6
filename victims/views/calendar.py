"""The calendar of working days, kept by administrators: holidays, days off instead, Saturdays worked instead."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.scoping import scope_of
from territory.models import SpecialDay
from victims.forms.calendar import SpecialDayForm
from victims.services.calendar import set_special_day
from victims.views.told import show_errors

_READ_AND_SEND = ["GET", "HEAD", "POST"]


def _keeper(request: HttpRequest) -> User:
    if not isinstance(request.user, User) or not scope_of(request.user).may("list.write"):
        raise PermissionDenied
    return request.user


def _crumbs(*further: str) -> list[dict[str, str]]:
    way = [{"label": _("My work"), "url": reverse("home")}]
    way.append({"label": _("Working days"), "url": reverse("special_days") if further else ""})
    return [*way, *({"label": label, "url": ""} for label in further)]


@require_safe
def special_days(request: HttpRequest) -> HttpResponse:
    """The special days of a year, this one unless another is asked for."""
    _keeper(request)
    years = sorted({day.year for day in SpecialDay.objects.dates("day", "year")})
    asked = request.GET.get("year", "")
    this_year = timezone.localdate().year
    year = int(asked) if asked in map(str, years) else this_year
    context = {
        "days": SpecialDay.objects.filter(day__year=year),
        "year": year,
        "years": sorted({*years, this_year}),
        "crumbs": _crumbs(),
    }
    return render(request, "victims/special_days.html", context)


@require_http_methods(_READ_AND_SEND)
def special_day_new(request: HttpRequest) -> HttpResponse:
    """Enter a day."""
    return _form(request, _keeper(request), None)


@require_http_methods(_READ_AND_SEND)
def special_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a day."""
    keeper = _keeper(request)
    return _form(request, keeper, get_object_or_404(SpecialDay, pk=pk))


def _form(request: HttpRequest, keeper: User, special: SpecialDay | None) -> HttpResponse:
    stored = {name: getattr(special, name) for name in ("day", "kind", "name", "basis")} if special else {}
    form = SpecialDayForm(request.POST if request.method == "POST" else None, initial=stored)
    if form.is_valid():
        try:
            saved = set_special_day(actor=keeper, special=special, **form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("The calendar is saved. Terms that run already keep their last day."))
            return redirect(f"{reverse('special_days')}?year={saved.day.year}")
    title = _("Change a day") if special else _("Enter a day")
    context = {"form": form, "title": title, "back": reverse("special_days"), "crumbs": _crumbs(title)}
    return render(request, "victims/step.html", context, status=422 if form.errors else 200)
