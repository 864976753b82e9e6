"""Past figures of many units from one workbook: the template, the check, the faulty rows, storing the good ones."""

import re
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import AuditEvent, User
from accounts.services import record_event
from programs.selectors.activity import person
from programs.views.upload import (
    ADDRESSES,
    SHOWN_UPLOADS,
    UploadForm,
    shown_notes,
    shown_upload,
    to_be_corrected,
    told_status,
)
from programs.workbook.reading import texts_of
from programs.workbook.uploads import discard_upload, store_upload, upload_workbook
from reporting.forms import PERIOD_ERRORS
from reporting.models import Form, Obligation, PastUpload, PastUploadRow
from reporting.past_workbook.layout import PAST_SHEET
from reporting.past_workbook.storing import PAST_FIGURES
from reporting.past_workbook.units import Units
from reporting.past_workbook.writing import Wanted, rest_of, template
from reporting.services.submissions.past import refuse_unfinished, units_of_past
from territory.collation import fold
from territory.excel import XLSX
from territory.figure import print_number_vi
from territory.models import Agency
from territory.period import Period, PeriodError, stored_period

#: A template is made while its reader waits; a workbook may hold more rows when it comes back.
MOST_TEMPLATE_ROWS = 5_000
_MOST_PERIODS = 20
_SHOWN_REPORTS = 100
_WHY = "the reports of the person's own upload"


class UnitsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # Django's has no parameters
    """Units by name, each with its area, since names repeat."""

    def label_from_instance(self, obj: Agency) -> str:
        return f"{obj.name} ({obj.area.name})"


class TemplateForm(forms.Form):
    """What the workbook is to hold: a form, units, past periods."""

    form = forms.ModelChoiceField(
        label=gettext_lazy("Form"),
        queryset=Form.objects.none(),
        to_field_name="code",
        empty_label=gettext_lazy("Choose …"),
    )
    units = UnitsField(
        label=gettext_lazy("Units"),
        queryset=Agency.objects.none(),
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=gettext_lazy("Several can be chosen."),
    )
    periods = forms.CharField(
        label=gettext_lazy("Periods"),
        max_length=400,
        help_text=gettext_lazy("Past ones with commas between them: 2016-H1, 2016-H2, 2017."),
    )
    with_parts = forms.BooleanField(label=gettext_lazy("Rows for the breakdowns as well"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form"].queryset = Form.objects.order_by("code")  # type: ignore[attr-defined]
        self.fields["units"].queryset = units_of_past(user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"form", "units", "periods"} <= cleaned.keys():
            try:
                periods = self._periods(cleaned["form"], cleaned["periods"])
            except ValidationError as error:
                self.add_error("periods", error)
                return cleaned
            cleaned["wanted"] = wanted = Wanted(
                cleaned["form"], list(cleaned["units"]), periods, bool(cleaned["with_parts"])
            )
            count = wanted.count()
            if count > MOST_TEMPLATE_ROWS:
                raise ValidationError(
                    _(
                        "That makes %(count)s rows; a template has at most %(limit)s. Choose fewer units or"
                        " periods, and upload several workbooks."
                    ),
                    "too_many_rows",
                    {"count": print_number_vi(count), "limit": print_number_vi(MOST_TEMPLATE_ROWS)},
                )
        return cleaned

    @staticmethod
    def _periods(form: Form, typed: str) -> list[Period]:
        codes = list(dict.fromkeys(code for code in re.split(r"[\s,;]+", typed) if code))
        if len(codes) > _MOST_PERIODS:
            raise ValidationError(
                _("These are %(count)d periods; at most %(limit)d go into one workbook."),
                "too_many_periods",
                {"count": len(codes), "limit": _MOST_PERIODS},
            )
        found = []
        for code in codes:
            try:
                period = stored_period(code, form.cut_off)
            except PeriodError as error:
                message = f"{code}: {PERIOD_ERRORS[error.reason]}"
                raise ValidationError(message, code=error.reason) from error
            refuse_unfinished(period)
            found.append(period)
        return found


class StoreForm(forms.Form):
    """Whether the reports that are complete are submitted at once."""

    submits = forms.BooleanField(required=False)


def _enters(request: HttpRequest) -> User:
    """Who uploads. Raises PermissionDenied for who enters no past periods."""
    actor = person(request)
    if not PAST_FIGURES.may(actor):
        raise PermissionDenied
    return actor


def get_past_upload(request: HttpRequest, key: uuid.UUID) -> PastUpload:
    """The person's own upload, or 404: whether somebody else has one of this key is not told."""
    found = PastUpload.objects.visible_to(person(request)).select_related("by").filter(key=key).first()
    if found is None:
        raise Http404
    upload: PastUpload = found
    return upload


@require_http_methods(["GET", "HEAD", "POST"])
def past_upload_new(request: HttpRequest) -> HttpResponse:
    """Choose a workbook, and see one's earlier ones. Sending the form twice makes one upload."""
    actor = _enters(request)
    form = UploadForm(initial={"submission_key": uuid.uuid4()})
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                upload = upload_workbook(
                    actor=actor,
                    file=form.cleaned_data["workbook"],
                    key=form.cleaned_data["submission_key"],
                    kind=PAST_FIGURES,
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return redirect("past_upload_detail", key=upload.key)
    return _page(request, actor, form=form, asked=TemplateForm(user=actor))


@require_safe
def past_upload_template(request: HttpRequest) -> HttpResponseBase:
    """The workbook for the chosen form, units and periods; the page again where the choice makes none."""
    actor = _enters(request)
    asked = TemplateForm(request.GET, user=actor)
    if not asked.is_valid():
        return _page(request, actor, form=UploadForm(initial={"submission_key": uuid.uuid4()}), asked=asked)
    wanted: Wanted = asked.cleaned_data["wanted"]
    file = template(wanted, Units(units_of_past(actor)))
    about = f"reporting.form:{wanted.form.pk}"
    detail = {"units": len(wanted.agencies), "periods": [period.code for period in wanted.periods]}
    record_event(actor=actor, kind=AuditEvent.Kind.EXPORTED, about=about, detail=detail)
    name = f"{slugify(fold(_('Past figures')))}-{wanted.form.code}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@require_safe
def past_upload_detail(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """How far an upload has come, what became of its rows, and the reports its figures went into."""
    upload = get_past_upload(request, key)
    rows = PastUploadRow.objects.filter(upload=upload).select_related("submission")
    addresses = {name: reverse(f"past_upload_{name}", args=[upload.key]) for name in ADDRESSES}
    context = {
        **shown_upload(request, upload, rows, _shown_row),
        "addresses": {**addresses, "new": reverse("past_upload_new")},
        "reports": _reports_of(upload) if upload.stored else [],
        "crumbs": [*_crumbs(), {"label": upload.name}],
    }
    return render(request, "reporting/past_upload_detail.html", context)


@require_safe
def past_upload_status(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The part of the page that HTMX asks for again and again; opens the page anew when the work is done."""
    return told_status(request, get_past_upload(request, key), page="past_upload_detail")


@require_POST
def past_upload_store(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Have the good rows stored."""
    upload = get_past_upload(request, key)
    form = StoreForm(request.POST)
    form.is_valid()
    try:
        store_upload(
            upload=upload,
            actor=person(request),
            kind=PAST_FIGURES,
            submits=bool(form.cleaned_data.get("submits")),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("past_upload_detail", key=upload.key)


@require_POST
def past_upload_discard(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Put an upload away: nothing of it is stored, its file and rows are removed."""
    upload = get_past_upload(request, key)
    try:
        discard_upload(upload=upload, actor=person(request), kind=PAST_FIGURES)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("past_upload_detail", key=upload.key)
    messages.info(request, _("The upload is discarded. Nothing of it was stored."))
    return redirect("past_upload_new")


@require_safe
def past_upload_rest(request: HttpRequest, key: uuid.UUID) -> HttpResponseBase:
    """The rows that could not be stored, as a workbook that says what is wrong with each."""
    upload = get_past_upload(request, key)
    if not upload.bad or upload.is_emptied or upload.is_at_work:
        raise Http404
    file = rest_of(upload)
    about = f"reporting.pastupload:{upload.pk}"
    record_event(
        actor=person(request), kind=AuditEvent.Kind.EXPORTED, about=about, detail={"rows": upload.bad}
    )
    return to_be_corrected(file)


def _page(request: HttpRequest, actor: User, *, form: UploadForm, asked: TemplateForm) -> HttpResponse:
    context = {
        "form": form,
        "asked": asked,
        "uploads": PastUpload.objects.visible_to(actor)[:SHOWN_UPLOADS],
        "crumbs": [*_crumbs()[:-1], {"label": _("Past figures from Excel")}],
    }
    status = 422 if form.errors or asked.errors else 200
    return render(request, "reporting/past_upload_new.html", context, status=status)


def _shown_row(row: PastUploadRow) -> dict[str, Any]:
    values = texts_of(row.values, PAST_SHEET)
    shown = " · ".join(values[key] for key in ("unit", "period", "key") if values.get(key))
    url = reverse("submission_edit", args=[row.submission.obligation_id]) if row.submission else ""
    return {
        "number": row.number,
        "values": values,
        "title": shown,
        "notes": shown_notes(row, values, _title_of),
        "url": url,
    }


def _title_of(key: str) -> str:
    column = PAST_SHEET.by_key.get(key)
    return column.title if column else key


def _reports_of(upload: PastUpload) -> Any:
    """The reports its figures went into, by unit and period; the first hundred."""
    stored = PastUploadRow.objects.filter(upload=upload).exclude(submission=None)
    found = Obligation.objects.unscoped(_WHY).filter(submission__in=stored.values("submission"))
    related = found.select_related("form", "agency", "area", "submission")
    return related.order_by("area__sort_key", "agency__sort_key", "period_start")[:_SHOWN_REPORTS]


def _crumbs() -> list[dict[str, str]]:
    return [
        {"label": _("My work"), "url": reverse("home")},
        {"label": _("Past periods"), "url": reverse("past_periods")},
        {"label": _("Past figures from Excel"), "url": reverse("past_upload_new")},
    ]
