"""The figures of a submission as a workbook, and past periods."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent, User
from accounts.services import record_event
from programs.selectors.activity import person
from programs.services.refusals import TransitionNotAllowed
from programs.workbook.checking import taken_file
from reporting.forms import PERIOD_ERRORS
from reporting.models import Form
from reporting.services.submissions import save_submission
from reporting.services.submissions.past import open_past_period, units_of_past
from reporting.submission_rights import get_obligation, submission_of
from reporting.submission_workbook import read_figures, written_figures
from reporting.views.submissions import meanwhile, submission_page
from territory.excel import XLSX
from territory.models import Agency
from territory.period import PeriodError, stored_period


@require_safe
def submission_figures(request: HttpRequest, pk: int) -> FileResponse:
    """All figures that the form asks for, with what is there, as a workbook to fill in."""
    obligation = get_obligation(request, pk)
    submission = submission_of(obligation)
    if submission is None:
        raise Http404
    submission.obligation = obligation
    about = f"reporting.submission:{submission.pk}"
    record_event(actor=person(request), kind=AuditEvent.Kind.EXPORTED, about=about)
    name = f"{obligation.form_id}-{obligation.period_code}-{obligation.agency.code}.xlsx"
    return FileResponse(written_figures(submission), as_attachment=True, filename=name, content_type=XLSX)


@require_POST
def submission_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the figures of the workbook; nothing is stored unless every row stands."""
    obligation = get_obligation(request, pk, needs="write")
    submission, file = submission_of(obligation), request.FILES.get("workbook")
    if submission is None:
        raise Http404
    submission.obligation = obligation
    try:
        if file is None:
            raise ValidationError(_("Choose the workbook you have filled in."))
        form = read_figures(submission, taken_file(file).content)
        given = form.read()
        if given is None:
            return submission_page(request, obligation, form=form, status=422)
        version = request.POST.get("version", "")
        save_submission(
            submission=submission,
            actor=person(request),
            version=int(version) if version.isascii() and version.isdigit() else 0,
            typed=given,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return submission_page(request, obligation, status=422)
    except TransitionNotAllowed as refused:
        messages.error(request, str(refused.message))
        return submission_page(request, obligation, status=409)
    except ChangedMeanwhile as changed:
        messages.error(request, meanwhile(changed))
        return submission_page(request, obligation, status=409)
    messages.success(request, _("The figures of the workbook are saved. They are not submitted yet."))
    return redirect("submission_edit", pk=obligation.pk)


class PastPeriodForm(forms.Form):
    """Which form, unit and past period."""

    form = forms.ModelChoiceField(
        label=gettext_lazy("Form"),
        queryset=Form.objects.none(),
        to_field_name="code",
        empty_label=gettext_lazy("Choose …"),
    )
    agency = forms.ModelChoiceField(
        label=gettext_lazy("Unit"), queryset=Agency.objects.none(), empty_label=gettext_lazy("Choose …")
    )
    period = forms.CharField(
        label=gettext_lazy("Period"),
        max_length=40,
        help_text=gettext_lazy("A past one: 2016, 2016-H1, 2016..2020 or 2013-01-01..2019-10-08."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form"].queryset = Form.objects.order_by("code")  # type: ignore[attr-defined]
        self.fields["agency"].queryset = units_of_past(user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        form = cleaned.get("form")
        if form is not None and "period" in cleaned:
            try:
                cleaned["period"] = stored_period(cleaned["period"].strip(), form.cut_off)
            except PeriodError as error:
                self.add_error("period", ValidationError(PERIOD_ERRORS[error.reason], code=error.reason))
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def past_periods(request: HttpRequest) -> HttpResponse:
    """Choose a past period of a unit and enter its figures on the usual page."""
    actor = person(request)
    if not units_of_past(actor).exists():
        raise PermissionDenied
    form = PastPeriodForm(request.POST if request.method == "POST" else None, user=actor)
    if form.is_valid():
        given = form.cleaned_data
        try:
            obligation = open_past_period(
                actor=actor, form=given["form"], agency=given["agency"], period=given["period"]
            )
        except ValidationError as error:
            form.add_error("period", error)
        else:
            return redirect("submission_edit", pk=obligation.pk)
    crumbs = [{"label": _("My work"), "url": reverse("home")}, {"label": _("Past periods")}]
    status = 422 if form.errors else 200
    return render(request, "reporting/past_periods.html", {"form": form, "crumbs": crumbs}, status=status)
