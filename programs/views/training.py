"""The register of a training: its page, its form, and the register as an Excel file."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent
from accounts.services import record_event
from programs.forms.training import RegisterForm
from programs.models import Activity, TrainingRegister
from programs.selectors.activity import get_activity, person
from programs.selectors.training import RegisterSummary, has_register, may_keep_register, register_of
from programs.services.training import keep_register
from programs.training_exporting import register_workbook
from territory.collation import fold
from territory.excel import XLSX

_MORE_ROWS = 3


def _training(
    request: HttpRequest, pk: int, *, needs: str = "read"
) -> tuple[Activity, TrainingRegister | None]:
    """The activity and its register. Raises Http404 also where an activity of this kind has none."""
    activity = get_activity(request, pk, needs=needs)
    register = register_of(activity)
    if register is None and not has_register(activity):
        raise Http404
    return activity, register


@require_safe
def training_register(request: HttpRequest, pk: int) -> HttpResponse:
    """Who came from where and what the tests showed; where nobody began the register, how to begin it."""
    activity, register = _training(request, pk)
    context = {
        "activity": activity,
        "summary": RegisterSummary(register, activity) if register else None,
        "may_write": has_register(activity) and may_keep_register(person(request), activity),
        "crumbs": [*_crumbs(activity), {"label": _("Training register")}],
    }
    return render(request, "programs/training_register.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def training_register_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of the register. Refuses to overwrite what somebody else changed meanwhile."""
    activity, register = _training(request, pk, needs="write")
    if not has_register(activity) or not may_keep_register(person(request), activity):
        raise Http404
    if request.method != "POST":
        return _page(request, RegisterForm(activity=activity, register=register))
    if "more_rows" in request.POST:
        typed = {name: [str(value) for value in values] for name, values in request.POST.lists()}
        return _page(
            request,
            RegisterForm(activity=activity, register=register, typed=typed, blank_rows=_MORE_ROWS),
        )
    form = RegisterForm(request.POST, activity=activity, register=register)
    if not form.is_valid():
        if "version" in form.errors:
            form.put("version", register.version if register else 0)
        return _page(request, form)
    try:
        keep_register(
            actor=person(request),
            activity=activity,
            version=form.cleaned_data["version"] or 0,
            places=form.places.reported,
            **form.register_fields,
        )
    except ChangedMeanwhile as changed:
        form.add_error(None, _told(changed))
        form.put("version", changed.version)
        return _page(request, form, status=409, is_conflict=True)
    except ValidationError as error:
        _tell(form, error)
        return _page(request, form)
    messages.success(request, _("The register is saved."))
    return redirect("training_register", pk=activity.pk)


@require_safe
def training_register_export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The register as an Excel file. Leaves a row in the trail."""
    activity, register = _training(request, pk)
    if register is None:
        raise Http404
    reader = person(request)
    address = request.build_absolute_uri(reverse("training_register", args=[activity.pk]))
    summary = RegisterSummary(register, activity)
    file = register_workbook(summary, reader=reader, address=address)
    record_event(
        actor=reader,
        kind=AuditEvent.Kind.EXPORTED,
        about=f"programs.trainingregister:{register.pk}",
        detail={"activity": activity.pk, "rows": len(summary.rows)},
    )
    name = f"{slugify(fold(_('Training register')))}-{timezone.localtime():%Y%m%d-%H%M}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _tell(form: RegisterForm, error: ValidationError) -> None:
    """Put what the service refused beside the fields it names."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def _told(changed: ChangedMeanwhile) -> ValidationError:
    message = _(
        "%(who)s changed this register on %(when)s, after you had opened it. Yours is not saved yet:"
        " compare the two, and save again to put yours in the place of theirs."
    )
    return changed.as_error(message)


def _crumbs(activity: Activity) -> list[dict[str, str]]:
    return [
        {"label": _("My work"), "url": reverse("home")},
        {"label": _("Activities"), "url": reverse("activity_list")},
        {"label": activity.title, "url": reverse("activity_detail", args=[activity.pk])},
    ]


def _page(
    request: HttpRequest, form: RegisterForm, *, status: int = 200, is_conflict: bool = False
) -> HttpResponse:
    activity = form.activity
    register_page = {
        "label": _("Training register"),
        "url": reverse("training_register", args=[activity.pk]),
    }
    context = {
        "form": form,
        "activity": activity,
        "is_conflict": is_conflict,
        "crumbs": [*_crumbs(activity), register_page, {"label": _("Change")}],
    }
    return render(request, "programs/training_register_form.html", context, status=status)
