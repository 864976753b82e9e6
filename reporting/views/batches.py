"""Reports of many areas at once: asking for them, watching them, and the clock that starts them."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.scoping import scope_of
from reporting.batch_forms import BatchForm, ScheduleForm
from reporting.models import ReportBatch, ReportJob, ReportSchedule
from reporting.services.batches import request_batch
from reporting.services.schedules import add_schedule, stop_schedule

ROWS_A_PAGE = 50


def _drafter(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    if not scope_of(request.user).may("report.make"):
        raise PermissionDenied
    return request.user


@require_http_methods(["GET", "HEAD", "POST"])
def batch_new(request: HttpRequest) -> HttpResponse:
    """Ask for the reports of all areas of a level."""
    user = _drafter(request)
    form = BatchForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        try:
            batch = request_batch(
                actor=user,
                kind=form.cleaned_data["kind"],
                period=form.cleaned_data["period"],
                level=form.cleaned_data["level"],
                within=form.cleaned_data["area"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("report_batch", key=batch.key)
    return render(request, "reporting/batch_new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def batch_detail(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """How far the reports of a batch have come, as far as the reader may see them."""
    jobs = ReportJob.objects.visible_to(request.user).filter(batch__key=key)
    counts: dict[str, Any] = jobs.aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(state="done")),
        failed=Count("pk", filter=Q(state__in=["failed", "cancelled"])),
    )
    if not counts["total"]:
        raise Http404
    batch = ReportBatch.objects.select_related("asked_by").get(key=key)
    rows = jobs.select_related("area", "report").order_by("area__sort_key", "pk")
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "page_obj": page,
        "counts": counts,
        "percent": 100 * (counts["done"] + counts["failed"]) // counts["total"],
        "query_string": "",
    }
    return render(request, "reporting/batch_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def schedule_list(request: HttpRequest) -> HttpResponse:
    """The reports that are made by the clock for the reader's areas; add one, or stop one."""
    user = _drafter(request)
    form = ScheduleForm(user=user)
    if request.method == "POST" and "stop" in request.POST:
        stop_schedule(actor=user, schedule=_schedule(request, user))
        messages.success(request, _("The schedule is stopped. Reports already made stay."))
        return redirect("report_schedules")
    if request.method == "POST":
        form = ScheduleForm(request.POST, user=user)
        if form.is_valid():
            add_schedule(actor=user, **form.cleaned_data)
            messages.success(request, _("The reports will be made by themselves from now on."))
            return redirect("report_schedules")
    context = {"form": form, "schedules": _schedules(user)}
    return render(request, "reporting/schedule_list.html", context, status=422 if form.errors else 200)


def _schedules(user: User) -> list[ReportSchedule]:
    areas = scope_of(user).having("report.make")
    condition = Q(pk__in=[])
    for grant in areas:
        condition |= Q(area__path__startswith=grant.area.path)
    found = ReportSchedule.objects.filter(condition, is_active=True).select_related("area")
    return list(found.order_by("area__sort_key", "kind"))


def _schedule(request: HttpRequest, user: User) -> ReportSchedule:
    wanted = request.POST["stop"]
    found = next((each for each in _schedules(user) if str(each.pk) == wanted), None)
    if found is None:
        raise Http404
    return found
